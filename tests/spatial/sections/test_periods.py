"""Periods and places of the sections: which months are whole, and what was seen before."""

from __future__ import annotations

import datetime as dt

import pytest

from spatial.sections.change import _months_before, _told_apart
from spatial.sections.emerging import _latest, _whole_months
from spatial.window import Window

_D = dt.date


@pytest.mark.parametrize(
    ("begin", "end", "months"),
    [
        (_D(2025, 1, 1), _D(2025, 12, 31), Window(_D(2025, 1, 1), _D(2025, 12, 31))),
        # a month that was begun late, or has not ended, is no period's
        (_D(2025, 1, 2), _D(2025, 12, 30), Window(_D(2025, 2, 1), _D(2025, 11, 30))),
        (_D(2024, 2, 1), _D(2024, 2, 29), Window(_D(2024, 2, 1), _D(2024, 2, 29))),
        (_D(2024, 2, 2), _D(2024, 2, 29), None),
    ],
)
def test_whole_months(begin: dt.date, end: dt.date, months: Window | None) -> None:
    assert _whole_months(begin, end) == months


def test_periods_are_the_latest_and_twelve_at_most() -> None:
    held = Window(_D(2019, 11, 1), _D(2026, 10, 31))
    assert _latest(held, 3) == Window(_D(2023, 11, 1), _D(2026, 10, 31))
    assert _latest(held, 6) == Window(_D(2020, 11, 1), _D(2026, 10, 31))
    assert _latest(Window(_D(2025, 1, 1), _D(2026, 2, 28)), 3) == Window(
        _D(2025, 3, 1), _D(2026, 2, 28)
    )


@pytest.mark.parametrize(
    ("day", "data_from", "chosen"),
    [
        (_D(2025, 1, 1), _D(2020, 1, 1), Window(_D(2024, 1, 1), _D(2024, 12, 31))),
        # whole months alone, and three of them
        (_D(2025, 1, 15), _D(2024, 9, 2), Window(_D(2024, 10, 1), _D(2024, 12, 31))),
        (_D(2025, 1, 15), _D(2024, 10, 2), None),
        (_D(2025, 1, 1), _D(2025, 1, 1), None),
    ],
)
def test_places_are_chosen_on_months_before(
    day: dt.date, data_from: dt.date, chosen: Window | None
) -> None:
    assert _months_before(day, data_from) == chosen


def test_beats_of_one_name_are_told_apart() -> None:
    assert _told_apart(["A", "B", "A"]) == ("A", "B", "A (2)")
