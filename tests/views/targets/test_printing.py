"""Printing from the Targets page: a pack in hand, and restricted entries off paper unless asked."""

from __future__ import annotations

import io

import pypdf
import pytest

from config.access import Role
from register.opening import Register
from tests.views.conftest import words_of
from tests.views.lists import on_part
from tests.views.people import claims


@pytest.mark.slow
def test_a_teams_pack_is_printed_and_offered(held: Register) -> None:
    assert held.dialect == "sqlite"
    page = on_part("files", Role.TASKING_LEAD)
    page.button(key="files_write").click().run()
    page.selectbox(key="print_kind").select("team").run()
    page.selectbox(key="print_team_True").select("Pier and Old Town").run()
    page.button(key="print_now").click().run()
    assert not page.exception
    _, made = page.session_state["print_made"]
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(made)).pages)
    assert "OFFICIAL-SENSITIVE" in text
    labels = [one.label for one in page.get("download_button")]
    assert "Download the PDF" in labels
    # another choice is another print
    page.selectbox(key="print_kind").select("handout").run()
    assert "Download the PDF" not in [one.label for one in page.get("download_button")]
    page.button(key="print_now").click().run()
    assert b"<html" in page.session_state["print_made"][1]
    assert "Print" in words_of(page)


@pytest.mark.parametrize(("role", "offered"), [(Role.VIEWER, False), (Role.TASKING_LEAD, True)])
def test_restricted_tension_is_off_paper_unless_ticked(
    held: Register,
    role: Role,
    offered: bool,  # noqa: FBT001 (what is expected)
) -> None:
    assert held.dialect == "sqlite"
    page = on_part("files", Role.TASKING_LEAD)
    page.button(key="files_write").click().run()
    page.user = claims(role)
    page.run()
    boxes = [one for one in page.checkbox if one.key == "print_restricted"]
    assert bool(boxes) is offered
    assert not any(one.value for one in boxes)
