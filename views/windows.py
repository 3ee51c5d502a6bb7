"""Windows a person can pick by name, counted back from the last day of the data."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final

from spatial.window import Window, year_to

CHOSEN_DATES: Final = "Chosen dates"


def presets(data_through: dt.date) -> dict[str, Window]:
    """Return the named windows, newest and longest first; the first is the one to begin with."""
    year = year_to(data_through)
    return {
        "Last 12 months": year,
        "Last 6 months": _months_to(data_through, 6),
        "Last 3 months": _months_to(data_through, 3),
        "Previous 12 months": year.before(),
    }


def preset_of(window: Window, data_through: dt.date) -> str:
    """Return the name of the preset that a window is, or that its dates were chosen."""
    for name, preset in presets(data_through).items():
        if preset == window:
            return name
    return CHOSEN_DATES


def _months_to(last: dt.date, months: int) -> Window:
    """Return so many months that end on a date; a day the first month lacks is its last."""
    after = last + dt.timedelta(days=1)
    index = after.year * 12 + after.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return Window(dt.date(year, month, min(after.day, calendar.monthrange(year, month)[1])), last)
