"""The window and the one before it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.window import Window, day_words, year_to


@pytest.mark.parametrize(
    ("first", "last", "before_first", "before_last"),
    [
        ("2025-11-01", "2026-10-31", "2024-11-01", "2025-10-31"),
        ("2024-02-01", "2024-02-29", "2024-01-01", "2024-01-31"),
        ("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"),
        ("2026-03-10", "2026-03-16", "2026-03-03", "2026-03-09"),
    ],
)
def test_the_window_before(first: str, last: str, before_first: str, before_last: str) -> None:
    window = Window(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert window.before() == Window(
        dt.date.fromisoformat(before_first), dt.date.fromisoformat(before_last)
    )


@given(st.dates(dt.date(1995, 1, 1), dt.date(2050, 1, 1)), st.integers(0, 900))
def test_the_window_before_adjoins_and_is_as_long(first: dt.date, days: int) -> None:
    window = Window(first, first + dt.timedelta(days=days))
    before = window.before()
    assert before.last + dt.timedelta(days=1) == window.first
    assert window.whole_months or before.days == window.days


def test_a_year_to_a_date() -> None:
    assert year_to(dt.date(2026, 10, 31)) == Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    assert year_to(dt.date(2024, 2, 28)) == Window(dt.date(2023, 3, 1), dt.date(2024, 2, 28))


def test_a_window_in_words() -> None:
    window = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    assert window.words == "1 Nov 2025 to 31 Oct 2026"
    assert day_words(dt.date(2026, 11, 14)) == "14 Nov 2026"


@pytest.mark.parametrize("year", [1, 1899, 2101, 9999])
def test_a_year_without_incidents_is_refused(year: int) -> None:
    with pytest.raises(BadInputError, match="Give a date from 1900 to 2100"):
        Window(dt.date(year, 1, 1), dt.date(year, 1, 2))


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadInputError, match="before it begins"):
        Window(dt.date(2026, 2, 1), dt.date(2026, 1, 1))
