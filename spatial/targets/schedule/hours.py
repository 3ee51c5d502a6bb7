"""Hours in force: a span of the policing day, and the moments it holds on a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.shifts import day_starts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

ZONE: Final = "Europe/London"
_HOUR: Final = 60
_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of the policing day.

    Attributes
    ----------
    first, last
        Minutes since the midnight at which the policing day's date begins: with a day that
        starts at 06:00 from 360 to 1800 (06:00 of the next day).
    """

    first: int
    last: int

    @property
    def minutes(self) -> int:
        """Its length on the clock."""
        return self.last - self.first

    @property
    def words(self) -> str:
        """``14:00-24:00``, ``18:00-04:00``."""
        last = "24:00" if self.last == _DAY * _HOUR else clock(self.last)
        return f"{clock(self.first)}-{last}"


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """The hours in force on each of some days, as time that passes.

    Attributes
    ----------
    begins
        When they begin, UTC, datetime64[m], shape (days,).
    minutes
        How long they last: an hour more or less than the clock says where it is changed in them.
    unclear
        Minutes after the beginning, from and to, whose clock time comes twice that night, shape
        (days, 2); minus one where there are none.
    """

    begins: NDArray[np.datetime64]
    minutes: NDArray[np.int64]
    unclear: NDArray[np.int64]


def hours_between(from_hour: int, to_hour: int) -> Hours:
    """Make the hours in force of two clock hours; an end at or before the start is the next day's.

    Raises
    ------
    BadInputError
        They run past the start of the policing day, or are no hours.
    """
    for hour in (from_hour, to_hour):
        if not 0 <= hour <= _DAY:
            msg = f"{hour!r} is no hour of the clock. Give one from 0 to 24."
            raise BadInputError(msg)
    first, morning = from_hour % _DAY, day_starts()
    first = first if first >= morning else first + _DAY
    last = to_hour if to_hour > morning else to_hour + _DAY
    if last <= first or last > _DAY + morning:
        msg = (
            f"The hours {from_hour:02d}:00-{to_hour:02d}:00 run past {morning:02d}:00, when the "
            f"policing day ends. End at {morning:02d}:00 at the latest, or start later."
        )
        raise BadInputError(msg)
    return Hours(first * _HOUR, last * _HOUR)


def spans(hours: Hours, days: Sequence[dt.date]) -> Spans:
    """Return when the hours in force begin on each policing day, and how long they really last."""
    midnights = pd.DatetimeIndex(pd.to_datetime(list(days)))
    begins = _utc(midnights + pd.Timedelta(minutes=hours.first))
    ends = _utc(midnights + pd.Timedelta(minutes=hours.last))
    # clocks go back at 01:00 UTC: 01:00 to 02:00 comes twice, from 00:00 UTC on
    night = (midnights + pd.Timedelta(days=1)).tz_localize("UTC")
    local = [(night + pd.Timedelta(minutes=m)).tz_convert(ZONE) for m in (0, 120)]
    back = np.asarray(local[0].hour == 1) & np.asarray(local[1].hour == 2)  # noqa: PLR2004 (o'clock)
    from_ = np.asarray((night - begins) // pd.Timedelta(minutes=1), dtype=np.int64)
    unclear = np.where(back[:, None], np.column_stack([from_, from_ + 2 * _HOUR]), -1)
    minutes = np.asarray((ends - begins) // pd.Timedelta(minutes=1), dtype=np.int64)
    return Spans(begins.tz_localize(None).to_numpy().astype("datetime64[m]"), minutes, unclear)


def on_the_clock(moments: NDArray[np.datetime64]) -> pd.DatetimeIndex:
    """Return UTC moments as Europe/London shows them."""
    return pd.DatetimeIndex(moments.astype("datetime64[s]")).tz_localize("UTC").tz_convert(ZONE)


def clock(minute: int) -> str:
    """Write minutes since midnight as ``HH:MM``."""
    return f"{minute // _HOUR % _DAY:02d}:{minute % _HOUR:02d}"


def _utc(local: pd.DatetimeIndex) -> pd.DatetimeIndex:
    # an hour that comes twice is its first coming; one that never comes is the one after it
    first = np.ones(len(local), dtype=bool)
    found = local.tz_localize(ZONE, ambiguous=first, nonexistent="shift_forward")
    return found.tz_convert("UTC")
