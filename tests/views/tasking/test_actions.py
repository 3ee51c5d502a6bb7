"""What is done with the list: two clicks to each file, and only for who may take it away."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import pypdf
import pytest
from streamlit.testing.v1 import AppTest

from config.access import Role
from tests.views.conftest import run_tasking_page
from tests.views.people import claims, places_of
from views.windows import CHOSEN_DATES

if TYPE_CHECKING:
    from register.opening import Register


def opened(role: Role, *panels: str, **chosen: object) -> AppTest:
    page = AppTest.from_function(run_tasking_page, default_timeout=60)
    page.user = claims(role.value)
    # three months without any before them: a list in half a second
    page.session_state["places"] = 3
    page.session_state["preset"] = CHOSEN_DATES
    page.session_state["dates"] = (dt.date(2023, 11, 1), dt.date(2024, 1, 31))
    for name, value in {**dict.fromkeys(panels, True), **chosen}.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    return page


def labels(page: AppTest) -> list[str]:
    return [one.label for one in page.get("download_button")]


def printed(page: AppTest) -> str:
    _, made = page.session_state["tasking_printed"]
    return "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(made)).pages)


def test_nothing_is_written_before_it_is_asked_for(held: Register) -> None:
    assert held.dialect == "sqlite"
    page = opened(Role.TASKING_LEAD)
    assert labels(page) == ["CSV", "GeoJSON"]
    assert "tasking_printed" not in page.session_state
    assert any(one.label == "Adopt this list" for one in page.button)


def test_the_meetings_pack_is_there_when_print_is_opened(held: Register) -> None:
    assert held.dialect == "sqlite"
    page = opened(Role.TASKING_LEAD, "print_panel")
    assert "Download the PDF" in labels(page)
    text = printed(page)
    assert "OFFICIAL-SENSITIVE" in text
    assert all(str(row["name"])[:12] in text for row in places_of(page))


@pytest.mark.slow
def test_the_drawer_prints_the_sheet_of_its_own_place_alone(held: Register) -> None:
    assert held.dialect == "sqlite"
    rows = places_of(opened(Role.ANALYST))
    page = opened(Role.ANALYST, "sheet_panel", drawer_open=True, area=rows[1]["id"])
    text = printed(page)
    assert rows[1]["id"] in text
    assert rows[0]["id"] not in text
    assert labels(page).count("Download the PDF") == 1


def test_more_has_the_other_formats_and_the_partners_set(held: Register) -> None:
    assert held.dialect == "sqlite"
    page = opened(Role.ANALYST, "more_panel")
    assert labels(page) == [
        "CSV", "GeoJSON", "KML", "GPX", "GeoPackage", "Everything, with tables and manifest",
        "For partners: small counts kept back",
    ]  # fmt: skip
    # an analyst proposes; whoever leads the meeting adopts
    assert not any(one.label == "Adopt this list" for one in page.button)


def test_a_viewer_is_offered_no_file_even_with_the_panels_open(held: Register) -> None:
    assert held.dialect == "sqlite"
    page = opened(Role.VIEWER, "print_panel", "more_panel", "sheet_panel", drawer_open=True)
    assert labels(page) == []
    assert "tasking_printed" not in page.session_state
