"""Policing days: the day each incident belongs to, and the day a daily meeting looks back on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from config.shifts import clock
from spatial.window import day_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WITH_HOUR: Final = ("minute", "hour")


@dataclass(frozen=True, slots=True)
class PolicingDay:
    """The 24 hours a daily meeting looks back on.

    Attributes
    ----------
    date
        The calendar date on which they begin.
    starts
        The clock hour at which they begin; 0 where no record tells the hour.
    complete
        Whether the data reach the date on which they end. Whether every report of them is in, no
        data can say.
    """

    date: dt.date
    starts: int
    complete: bool

    @property
    def begins(self) -> dt.datetime:
        """The first moment."""
        return dt.datetime.combine(self.date, dt.time(self.starts))

    @property
    def ends(self) -> dt.datetime:
        """The first moment after."""
        return self.begins + dt.timedelta(days=1)

    @property
    def words(self) -> str:
        """The 24 hours as ``06:00 Fri 30 Oct 2026 to 06:00 Sat 31 Oct 2026``."""
        if self.starts == 0:
            return f"the whole of {self.date:%a} {day_words(self.date)}"
        hour, last = clock(self.starts), self.ends.date()
        return f"{hour} {self.date:%a} {day_words(self.date)} to {hour} {last:%a} {day_words(last)}"


def day_of(
    start: NDArray[np.datetime64], precision: NDArray[np.str_], *, starts: int
) -> NDArray[np.datetime64]:
    """Return the policing day of each incident, datetime64[D], shape (n,).

    Parameters
    ----------
    start
        First moment, Europe/London wall-clock, shape (n,).
    precision
        minute, hour, day or month, shape (n,).
    starts
        Hour at which a policing day begins.

    Notes
    -----
    What is known to the day only belongs to its date, though it may have happened in the small
    hours, which are the day before's.
    """
    moved = np.where(hour_known(precision), start - np.timedelta64(starts, "h"), start)
    days: NDArray[np.datetime64] = moved.astype("datetime64[D]")
    return days


def hour_known(precision: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Say which incidents are known to the hour, shape (n,)."""
    known: NDArray[np.bool_] = np.isin(precision, _WITH_HOUR)
    return known


def chosen_day(
    asked: dt.date | None, *, starts: int, data_from: dt.date, data_through: dt.date
) -> PolicingDay:
    """Return the policing day that is asked for; without one, the last whole one of the data.

    Parameters
    ----------
    asked
        The date on which it begins.
    starts
        Hour at which it begins; 0 for calendar days.
    data_from, data_through
        First and last date of the data.

    Raises
    ------
    BadInputError
        The data do not hold that date.

    Notes
    -----
    A policing day that begins on the last date of the data runs on into a date that they do not
    hold: it lacks its small hours, and is compared with nothing.
    """
    whole = data_through - dt.timedelta(days=1 if starts else 0)
    date = max(whole, data_from) if asked is None else asked
    if not data_from <= date <= data_through:
        msg = (
            f"The data hold {day_words(data_from)} to {day_words(data_through)}, and nothing of "
            f"{day_words(date)}. Choose a day that they hold, or load newer data."
        )
        raise BadInputError(msg)
    return PolicingDay(date, starts, complete=date <= whole)
