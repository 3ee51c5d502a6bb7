"""Named periods: financial year, terms and dates as people call them, in ``periods.toml``."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from config.force_file import Section, read_section, shipped_table

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("periods")
MOST_NAMED: Final = 60
"""Terms or named periods that a file may hold: beyond that nobody finds one in a list."""

_EARLIEST, _LATEST = 1900, 2100
_MOST_DAYS: Final = 3_660
_DAY: Final = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
_Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^\S[^\r\n\t]*$")]


class NamedPeriod(BaseModel):
    """One period, its dates inclusive.

    Attributes
    ----------
    name
        As people call it.
    last
        None where it runs on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Name
    first: dt.date
    last: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> NamedPeriod:
        for day in (self.first, self.last):
            if day is not None and not _EARLIEST <= day.year <= _LATEST:
                msg = f"{self.name!r} has the date {day.isoformat()}, which no incident can have"
                raise ValueError(msg)
        if self.last is not None and self.last < self.first:
            msg = (
                f"{self.name!r} ends on {self.last.isoformat()}, before it begins on "
                f"{self.first.isoformat()}"
            )
            raise ValueError(msg)
        if self.last is not None and (self.last - self.first).days > _MOST_DAYS:
            msg = f"{self.name!r} is longer than ten years"
            raise ValueError(msg)
        return self


class Periods(BaseModel):
    """The named periods in force; each key is explained beside its default in ``periods.toml``.

    Attributes
    ----------
    financial_year_starts
        ``MM-DD``, at most the 28th, so that every year has it.
    whose
        Whose terms and dates they are, as said on screen.
    term
        School terms, oldest first, none overlapping.
    named
        Other periods; they may overlap.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    financial_year_starts: str
    whose: Annotated[str, Field(min_length=1, max_length=80)]
    term: Annotated[tuple[NamedPeriod, ...], Field(max_length=MOST_NAMED)] = ()
    named: Annotated[tuple[NamedPeriod, ...], Field(max_length=MOST_NAMED)] = ()

    @field_validator("financial_year_starts")
    @classmethod
    def _a_day(cls, value: str) -> str:
        if not _DAY.fullmatch(value):
            msg = f"{value!r} is no day of every year: write it as MM-DD, the day 28 at most"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _told_apart(self) -> Periods:
        names = [one.name.casefold() for one in (*self.term, *self.named)]
        twice = next((one.name for one in (*self.term, *self.named)
                      if names.count(one.name.casefold()) > 1), None)  # fmt: skip
        if twice is not None:
            msg = f"two periods are called {twice!r}: give each its own name"
            raise ValueError(msg)
        for earlier, later in zip(self.term, self.term[1:], strict=False):
            if earlier.last is None:
                msg = f"the term {earlier.name!r} has no last day, and another follows it"
                raise ValueError(msg)
            if later.first <= earlier.last:
                msg = f"the terms {earlier.name!r} and {later.name!r} overlap or are out of order"
                raise ValueError(msg)
        return self

    def without_examples(self) -> Periods:
        """Return these without the terms and dates shipped for the fictional town."""
        shipped = Periods.model_validate(shipped_table(SECTION))
        return self.model_copy(
            update={
                "term": () if self.term == shipped.term else self.term,
                "named": () if self.named == shipped.named else self.named,
            }
        )

    def financial_year(self, day: dt.date) -> tuple[dt.date, dt.date]:
        """Return the first and last day of the financial year that holds a day."""
        month, date = (int(part) for part in self.financial_year_starts.split("-"))
        first = dt.date(day.year, month, date)
        if day < first:
            first = first.replace(year=day.year - 1)
        return first, first.replace(year=first.year + 1) - dt.timedelta(days=1)


def load_periods(file: Path | None = None) -> Periods:
    """Read the named periods in force.

    Parameters
    ----------
    file
        A file that holds every key, read in place of the settings in force.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range, two periods
        share a name, or two terms overlap.
    """
    return read_section(SECTION, Periods, file=file)
