"""Bank holidays in England and Wales: by rule, with the moves and single days proclaimed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from dateutil.easter import easter
from pydantic import BaseModel, ConfigDict, Field

from config.toml_file import read_model

FILE = Path(__file__).parent / "holidays.toml"

HolidayName = Literal[
    "new_year", "good_friday", "easter_monday", "early_may", "spring", "summer", "christmas",
    "boxing",
]  # fmt: skip
HOLIDAYS: Final[dict[str, str]] = {
    "new_year": "New Year's Day",
    "good_friday": "Good Friday",
    "easter_monday": "Easter Monday",
    "early_may": "Early May bank holiday",
    "spring": "Spring bank holiday",
    "summer": "Summer bank holiday",
    "christmas": "Christmas Day",
    "boxing": "Boxing Day",
}
"""The yearly bank holidays, and what they are called on screen."""

_Text = Annotated[str, Field(min_length=1)]
_SATURDAY: Final = 5


class _Move(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    holiday: HolidayName
    rule_date: Annotated[dt.date, Field(alias="from")]
    kept_on: Annotated[dt.date, Field(alias="to")]
    why: _Text


class _Single(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    date: dt.date
    name: _Text


class _Proclaimed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    moved: tuple[_Move, ...] = ()
    single: tuple[_Single, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """One bank holiday.

    Attributes
    ----------
    date
        The day on which it is kept.
    key
        One of ``HOLIDAYS``, or empty for a single day.
    name
        What it is called.
    why
        Why it is not where the rule puts it; empty where it is.
    """

    date: dt.date
    key: str
    name: str
    why: str = ""


@lru_cache(maxsize=128)
def bank_holidays(year: int, file: Path = FILE) -> tuple[Holiday, ...]:
    """Return a year's bank holidays in England and Wales, by date.

    A holiday on a Saturday or Sunday is kept on the next weekday that is not one already. Years
    before 1978 had fewer; a day proclaimed after this version was made is not known to it.
    """
    proclaimed = read_model(file, _Proclaimed)
    sunday = easter(year)
    moves: dict[tuple[str, dt.date], _Move] = {
        (one.holiday, one.rule_date): one for one in proclaimed.moved
    }
    fixed: dict[str, dt.date] = {
        "good_friday": sunday - dt.timedelta(days=2),
        "easter_monday": sunday + dt.timedelta(days=1),
        "early_may": _monday_from(dt.date(year, 5, 1)),
        "spring": _monday_from(dt.date(year, 5, 25)),
        "summer": _monday_from(dt.date(year, 8, 25)),
    }
    kept = []
    for key, date in fixed.items():
        move = moves.get((key, date))
        kept.append(
            Holiday(date, key, HOLIDAYS[key])
            if move is None
            else Holiday(move.kept_on, key, HOLIDAYS[key], move.why)
        )
    kept += _substituted(year)
    kept += [
        Holiday(one.date, "", one.name, "proclaimed for that year")
        for one in proclaimed.single
        if one.date.year == year
    ]
    return tuple(sorted(kept))


def kept_on(key: str, year: int) -> dt.date:
    """Return the day on which one of ``HOLIDAYS`` is kept in a year, substitute or moved."""
    return next(one.date for one in bank_holidays(year) if one.key == key)


def holiday_of(date: dt.date) -> Holiday | None:
    """Return the bank holiday that is kept on a date, or None."""
    return next((one for one in bank_holidays(date.year) if one.date == date), None)


def _monday_from(date: dt.date) -> dt.date:
    return date + dt.timedelta(days=-date.weekday() % 7)


def _substituted(year: int) -> list[Holiday]:
    # a day that falls on a weekend moves past those that already stand there
    days = {
        "new_year": dt.date(year, 1, 1),
        "christmas": dt.date(year, 12, 25),
        "boxing": dt.date(year, 12, 26),
    }
    weekdays = {date for date in days.values() if date.weekday() < _SATURDAY}
    kept = []
    for key, date in days.items():
        day = date
        if day.weekday() >= _SATURDAY:
            while day.weekday() >= _SATURDAY or day in weekdays:
                day += dt.timedelta(days=1)
            weekdays.add(day)
        why = "" if day == date else "substitute day, as the date is at a weekend"
        kept.append(Holiday(day, key, HOLIDAYS[key], why))
    return kept
