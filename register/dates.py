"""Dates that people gave, checked; and where a yearly date falls in a year."""

from __future__ import annotations

import datetime as dt
from typing import Final

from config.errors import BadInputError

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_LEAP: Final = (2, 29)


def date(value: object, *, what: str) -> dt.date:
    """Return a checked date.

    Raises
    ------
    BadInputError
        It is no date, or in a year nobody means.
    """
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        msg = f"{what}: {value!r} is no date. Choose a day."
        raise BadInputError(msg)
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        msg = f"{what}: {value.isoformat()} is no year between {_FIRST_YEAR} and {_LAST_YEAR}."
        raise BadInputError(msg)
    return value


def read_date(text: str, *, what: str) -> dt.date:
    """Return the date that a text holds: 2026-12-14 or 14/12/2026.

    Raises
    ------
    BadInputError
        It is neither, or no such day exists (29 February of a common year).
    """
    for written in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = dt.datetime.strptime(text.strip(), written).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        return date(found.date(), what=what)
    msg = f"{what}: {text[:20]!r} is no day. Write it as 2026-12-14 or 14/12/2026."
    raise BadInputError(msg)


def in_year(day: dt.date, year: int) -> dt.date:
    """Return the anniversary of a day in a year; 29 February is 28 February in common years."""
    if (day.month, day.day) == _LEAP:
        return dt.date(year, 3, 1) - dt.timedelta(days=1)
    return day.replace(year=year)


def is_leap_day(day: dt.date) -> bool:
    """Return whether a day comes back in leap years only."""
    return (day.month, day.day) == _LEAP
