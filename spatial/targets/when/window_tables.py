"""Window tables: a place's peaks with their intervals, and its week laid out for a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from config.shifts import DAY_HOURS
from spatial.targets.when.windows import by_day
from spatial.timing.aoristic import policing_week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.shifts import Shifts
    from spatial.targets.when.windows import PlaceTimes, ShiftPeak
    from spatial.timing.peaks import PeakWindow

WINDOW_COLUMNS: Final = (
    "place", "level", "window", "share", "low", "high", "even_share", "p", "harm_share",
    "incidents", "by_the_hour", "words",
)  # fmt: skip

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def windows_table(times: Sequence[PlaceTimes]) -> pd.DataFrame:
    """Return every window and shift that was named, with its interval.

    Returns
    -------
    ``WINDOW_COLUMNS``: ``place`` counts from 1 in the order of the list; ``level`` is ``hours``,
    ``shift`` or ``none``, and the numbers of a place without any are null.
    """
    rows: list[dict[str, object]] = []
    for number, one in enumerate(times, start=1):
        head = {
            "place": number, "incidents": round(float(one.hours.sum())),
            "by_the_hour": one.by_the_hour, "words": one.words,
        }  # fmt: skip
        named: list[dict[str, object]] = [
            {**_numbers(window), "level": "hours", "window": window.words, "harm_share": harm}
            for window, harm in zip(one.windows, one.harm_shares, strict=True)
        ]
        if one.shift is not None:
            named = [{**_numbers(one.shift), "level": "shift", "window": one.shift.shift.words}]
        rows += [{**head, **part} for part in named or [{"level": "none", "window": ""}]]
    return pd.DataFrame(rows, columns=list(WINDOW_COLUMNS))


def week_grid(one: PlaceTimes, *, day_starts: int) -> pd.DataFrame | None:
    """Lay a place's incidents out by policing day and hour, for a printed sheet.

    Returns
    -------
    Incidents in parts; rows ``Mon`` to ``Sun``, columns ``06:00`` to ``05:00``. None where there
    are too few to be drawn without showing when a single one happened.
    """
    if not one.detailed:
        return None
    hours = [f"{(day_starts + step) % DAY_HOURS:02d}:00" for step in range(DAY_HOURS)]
    return pd.DataFrame(
        policing_week(one.hours, day_starts=day_starts), index=list(_DAYS), columns=hours
    )


def shift_grid(one: PlaceTimes, *, shifts: Shifts) -> pd.DataFrame | None:
    """Lay a place's incidents out by day and shift, for a printed sheet.

    Returns
    -------
    Incidents in parts; rows ``Mon`` to ``Sun``, the day on which the shift starts; a column for
    each shift, in their order. None as :func:`week_grid`.
    """
    if not one.detailed:
        return None
    held = {shift.name: by_day(one.hours, shift) for shift in shifts.shift}
    return pd.DataFrame(held, index=list(_DAYS))


def _numbers(found: PeakWindow | ShiftPeak) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("share", "low", "high", "even_share", "p")}
