from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from tests.views.conftest import deck_of, words_of

if TYPE_CHECKING:
    import pytest
    from streamlit.testing.v1 import AppTest


def moving_of(page: AppTest) -> dict[str, Any] | None:
    for component in page.get("bidi_component"):
        data = json.loads(component.proto.json or "{}")
        if "map" in data:
            assert isinstance(data, dict)
            return data
    return None


def test_the_map_steps_through_time_in_place_of_the_map(tasking_page: AppTest) -> None:
    assert moving_of(tasking_page) is None
    tasking_page.checkbox(key="show_over_time").check().run()
    assert not tasking_page.exception
    assert not tasking_page.get("deck_gl_json_chart")
    moving = moving_of(tasking_page)
    assert moving is not None
    violence, disorder = moving["map"]["subjects"]
    assert violence["title"] == "Serious-violence harm"
    assert disorder["title"] == "Antisocial behaviour"
    # the list beside it is that of the window on the page, and so are the outlines
    assert len(moving["map"]["areas"]) == 12
    # another click is no other map: nothing is drawn anew in the browser
    tasking_page.run()
    again = moving_of(tasking_page)
    assert again is not None
    assert again["key"] == moving["key"]


def test_two_way_has_its_title_and_legend(tasking_page: AppTest) -> None:
    tasking_page.checkbox(key="show_two_way").check().run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "or for both" in said
    assert "violence only" in said
    assert "two-way-both" in deck_of(tasking_page)


def test_the_map_says_which_is_shown_and_against_what(tasking_page: AppTest) -> None:
    said = words_of(tasking_page)
    assert "(blue fill) and antisocial behaviour (orange hatch)" in said
    assert "1 Nov 2025 to 31 Oct 2026, against the year before, 1 Nov 2024 to 31 Oct 2025" in said


def test_a_school_term_is_a_window(tasking_page: AppTest) -> None:
    tasking_page.selectbox(key="preset").select("Summer term 2026").run()
    assert not tasking_page.exception
    assert tasking_page.date_input(key="dates").value == (
        dt.date(2026, 4, 13), dt.date(2026, 7, 21),
    )  # fmt: skip
    assert "13 Apr 2026 to 21 Jul 2026" in words_of(tasking_page)


def test_a_wider_detail_has_fewer_cells(tasking_page: AppTest) -> None:
    assert "2,372 cells" in words_of(tasking_page)
    tasking_page.selectbox(key="detail").select("Middle (9 ha)").run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "2,372 cells" not in said
    assert 'role="alert"' not in said


def test_a_detail_that_locations_cannot_carry_is_refused_with_the_reason(
    tasking_page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("views.answers.finest", lambda *_: 9)
    tasking_page.selectbox(key="detail").select("Fine (1.3 ha)").run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "finer than these locations are known" in said
    assert "Choose Middle (9 ha) or wider" in said
    tasking_page.selectbox(key="detail").select("Middle (9 ha)").run()
    assert "finer than these" not in words_of(tasking_page)
