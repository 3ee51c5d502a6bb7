"""Windows a person can pick by name: counted back from the data's end, or as people call them."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Final

from spatial.hotspots.changed.comparison import comparable
from spatial.window import Window, year_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.periods import NamedPeriod, Periods

CHOSEN_DATES: Final = "Chosen dates"
# terms on offer: the one under way and those of the year before it
_TERMS: Final = 4


def presets(
    data_through: dt.date,
    *,
    periods: Periods | None = None,
    own: Iterable[NamedPeriod] = (),
    data_from: dt.date | None = None,
) -> dict[str, Window]:
    """Return the named windows; the first is the one to begin with.

    Parameters
    ----------
    data_through, data_from
        Last and first date of the data; a named period that lies outside them is not offered, one
        that runs on past the end is cut there and called "so far".
    periods
        Financial year, school terms and named periods; None for those counted back alone.
    own
        Further periods, such as the last operation.
    """
    year = year_to(data_through)
    found = {
        "Last 12 months": year,
        "Last 6 months": _months_to(data_through, 6),
        "Last 3 months": _months_to(data_through, 3),
        "Previous 12 months": year.before(),
    }
    if periods is not None:
        first, last = periods.financial_year(data_through)
        if last > data_through:
            found["Financial year so far"] = Window(first, data_through)
            first, last = periods.financial_year(first - dt.timedelta(days=1))
        found["Last financial year"] = Window(first, last)
        begun = [term for term in periods.term if term.first <= data_through]
        own = (*reversed(begun[-_TERMS:]), *own, *periods.named)
    for period in own:
        begins = data_from is None or period.last is None or period.last >= data_from
        if begins and period.first <= data_through:
            runs_on = period.last is None or period.last > data_through
            name = f"{period.name}, so far" if runs_on else period.name
            found.setdefault(
                name, Window(period.first, min(period.last or data_through, data_through))
            )
    return found


def preset_of(window: Window, named: dict[str, Window]) -> str:
    """Return the name of the window among those named, or that its dates were chosen."""
    return next((name for name, one in named.items() if one == window), CHOSEN_DATES)


def comparison_words(window: Window, *, data_from: dt.date, data_through: dt.date) -> str:
    """Say what a window is compared with, and that it is, or that nothing fair exists.

    Whole months are set against the same months a year earlier, other windows against 52 weeks
    earlier; where the data do not reach so far, against the same length just before, which is
    another season, and said so.
    """
    found = comparable(window, data_from=data_from, data_through=data_through)
    if found is None:
        return "nothing to compare with: the data do not reach back so far"
    if not found.same_season:
        return f"against {found.before.words}, another season"
    years = round((found.now.first - found.before.first).days / 365.25)
    when = "the year before" if years == 1 else f"{years} years before"
    return f"against {when}, {found.before.words}"


def _months_to(last: dt.date, months: int) -> Window:
    """Return so many months that end on a date; a day the first month lacks is its last."""
    after = last + dt.timedelta(days=1)
    index = after.year * 12 + after.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return Window(dt.date(year, month, min(after.day, calendar.monthrange(year, month)[1])), last)
