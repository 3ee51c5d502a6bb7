from __future__ import annotations

import datetime as dt

import pytest

from spatial.window import Window
from views.windows import CHOSEN_DATES, preset_of, presets


def test_presets_of_a_month_end_are_whole_months() -> None:
    named = presets(dt.date(2026, 10, 31))
    assert named["Last 12 months"] == Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    assert named["Last 6 months"] == Window(dt.date(2026, 5, 1), dt.date(2026, 10, 31))
    assert named["Last 3 months"] == Window(dt.date(2026, 8, 1), dt.date(2026, 10, 31))
    assert named["Previous 12 months"] == Window(dt.date(2024, 11, 1), dt.date(2025, 10, 31))


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (dt.date(2026, 11, 14), dt.date(2026, 8, 15)),
        # the day after is 1 March: three whole months
        (dt.date(2026, 2, 28), dt.date(2025, 12, 1)),
        # the day after is 31 May, and February has no 31st
        (dt.date(2026, 5, 30), dt.date(2026, 2, 28)),
    ],
)
def test_three_months_back_from_any_day(last: dt.date, first: dt.date) -> None:
    assert presets(last)["Last 3 months"] == Window(first, last)


def test_a_window_is_known_by_its_name() -> None:
    through = dt.date(2026, 10, 31)
    for name, window in presets(through).items():
        assert preset_of(window, through) == name
    assert preset_of(Window(through, through), through) == CHOSEN_DATES
