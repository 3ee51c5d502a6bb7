"""Window words: the hours and days of a peak as people say them, ``Friday and Saturday nights``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.shifts import DAY_HOURS

if TYPE_CHECKING:
    from config.shifts import Shift
    from spatial.timing.peaks import PeakWindow

_DAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_WORKING_WEEK: Final = 5
# a window is named for its middle: from this clock hour on, until the next
_PARTS: Final = ((5, "morning"), (12, "afternoon"), (17, "evening"), (21.5, "night"))


def peak_spoken(window: PeakWindow, *, day_starts: int) -> str:
    """Say a peak window: ``peaks on Friday and Saturday nights``.

    Parameters
    ----------
    window
        Its first day is a policing day, as in its own words.
    day_starts
        Hour at which the policing day starts.

    Notes
    -----
    A window that begins after midnight is named by the morning, as its figures are: those of
    Saturday's policing day are the early hours of Sunday.
    """
    after_midnight = window.start_hour < day_starts
    if after_midnight:
        first = (window.first_day + 1) % len(_DAYS)
        days = _run(first, window.days, ending="s")
        return "peaks in the early hours" + (f" of {days}" if window.days < len(_DAYS) else "")
    part = _part(window.start_hour, window.hours)
    if window.days == len(_DAYS):
        return f"peaks every {part}"
    return f"peaks on {_run(window.first_day, window.days)} {part}s"


def shift_spoken(shift: Shift, *, mostly: bool) -> str:
    """Say a shift: ``mostly on the late shift``."""
    return f"{'mostly' if mostly else 'most often'} on the {shift.name} shift"


def _part(start: int, hours: int) -> str:
    middle = (start + hours / 2) % DAY_HOURS
    part = "night"
    for begins, name in _PARTS:
        if middle >= begins:
            part = name
    return part


def _run(first: int, days: int, *, ending: str = "") -> str:
    one, last = _DAYS[first], _DAYS[(first + days - 1) % len(_DAYS)]
    if days == 1:
        return one + ending
    if days == _WORKING_WEEK and first == 0:
        return f"weekday{ending}"
    joined = "and" if days == 2 else "to"  # noqa: PLR2004 (two days have nothing between them)
    return f"{one}{ending} {joined} {last}{ending}"
