"""The Daily page, as a person meets it."""

from __future__ import annotations

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from register.opening import Register
from tests.views.conftest import words_of
from tests.views.people import opened


def run_daily_page() -> None:
    from views.daily import page as daily  # noqa: PLC0415 (AppTest runs this function alone)

    daily.page()


@pytest.mark.slow
def test_who_works_on_incidents_sees_them_and_both_blocks(held: Register) -> None:
    assert held
    page = opened(run_daily_page, "analyst")
    said = words_of(page)
    assert page.date_input(key="daily_day").value == dt.date(2026, 10, 30)
    assert "06:00 Fri 30 Oct 2026 to 06:00 Sat 31 Oct 2026" in said
    assert "not last night" not in said
    assert 'aria-label="Serious violence"' in said
    assert 'aria-label="Antisocial behaviour"' in said
    assert "Fri 21:00 to 22:00" in said
    assert "Due today and tomorrow" in said
    assert "No list of places is adopted" in said
    assert {one.label for one in page.get("download_button")} == {
        "Page to print", "Counts (CSV)", "Incidents (CSV)",
    }  # fmt: skip
    page.date_input(key="daily_day").set_value(dt.date(2026, 10, 31)).run()
    assert "compared with nothing" in words_of(page)
    assert not page.exception


def test_a_viewer_sees_counts_and_no_single_incident(held: Register) -> None:
    assert held
    page = opened(run_daily_page, "viewer")
    said = words_of(page)
    assert "incidents in the last 24 hours" in said
    assert "Single incidents are shown to those who work on them" in said
    assert "21:00 to 22:00" not in said
    assert "violence-dots" not in page.get("deck_gl_json_chart")[0].proto.json
    assert not page.get("download_button")


@pytest.mark.usefixtures("on_saltmere")
def test_a_day_that_lies_back_is_said_loudly() -> None:
    # no sign-in, no register, and today is the server's day
    page = AppTest.from_function(run_daily_page, default_timeout=60).run()
    assert not page.exception
    said = words_of(page)
    assert "this is not last night" in said
    assert "hx-lag hx-late" in said
