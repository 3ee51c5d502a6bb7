"""Peaks: the hours of the policing week that a list's ``peak_windows`` names, read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from config.shifts import day_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK: Final = 7
_CLOCK: Final = 24
_WINDOW: Final = re.compile(
    r"(?:(?P<first>mon|tue|wed|thu|fri|sat|sun)(?:-(?P<last>mon|tue|wed|thu|fri|sat|sun))?\s+)?"
    r"(?P<start>[0-2][0-9]):00-(?P<end>[0-2][0-9]):00"
)


def peak_hours(words: Sequence[str]) -> NDArray[np.bool_]:
    """Read peak windows as written in a list of targets.

    Parameters
    ----------
    words
        One per place: ``Fri-Sat 21:00-02:00 (38%); every day 08:00-11:00 (20%)``. What holds no
        hours (``no hours stand out``, empty) is no peak.

    Returns
    -------
    Shape (places, 7, 24): weekday of the policing day (0 Monday) and hour since it started. A
    window wholly after midnight is named by its morning, and belongs to the policing day before.
    """
    found = np.zeros((len(words), _WEEK, _CLOCK), dtype=bool)
    morning = day_starts()
    for place, text in enumerate(words):
        for window in _WINDOW.finditer(text.casefold()):
            start, end = int(window["start"]) % _CLOCK, int(window["end"]) % _CLOCK
            first = _DAYS.index(window["first"]) if window["first"] else 0
            last = _DAYS.index(window["last"] or window["first"]) if window["first"] else 6
            # as many days in a row as are named, round the end of the week
            days = (first + np.arange((last - first) % _WEEK + 1)) % _WEEK
            days = (days - (start < morning)) % _WEEK
            hours = (start - morning + np.arange((end - start) % _CLOCK or _CLOCK)) % _CLOCK
            found[place][np.ix_(days, hours)] = True
    return found
