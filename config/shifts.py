"""Shifts: the hours in which each team is on duty, with reasons in ``shifts.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import BadInputError
from config.force_file import Section, read_section

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("shifts")
DAY_HOURS: Final = 24

_Hour = Annotated[int, Field(ge=0, lt=DAY_HOURS)]


class Shift(BaseModel):
    """One shift.

    Attributes
    ----------
    name
        As people call it: early, late, night.
    starts, ends
        Clock hours, the end not included; one that ends at or before its start runs past midnight.
        An ``ends`` of 24 is midnight.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9 -]*$")]
    starts: _Hour
    ends: Annotated[int, Field(ge=0, le=DAY_HOURS)]

    @model_validator(mode="after")
    def _has_hours(self) -> Shift:
        if self.starts == self.ends % DAY_HOURS:
            msg = f"the shift {self.name!r} starts and ends at the same hour"
            raise ValueError(msg)
        return self

    @property
    def length(self) -> int:
        """Hours on duty, 1 to 23."""
        return (self.ends - self.starts) % DAY_HOURS

    @property
    def hours(self) -> tuple[int, ...]:
        """The clock hours on duty, from its start."""
        return tuple((self.starts + step) % DAY_HOURS for step in range(self.length))

    @property
    def words(self) -> str:
        """The shift as ``late shift (14:00-22:00)``."""
        return f"{self.name} shift ({clock(self.starts)}-{clock(self.ends)})"


class Shifts(BaseModel):
    """The shifts of a day, in the order of the file.

    Attributes
    ----------
    day_starts
        Hour at which the policing day starts.
    shift
        At least one; no two share an hour.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day_starts: _Hour
    shift: Annotated[tuple[Shift, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _apart(self) -> Shifts:
        names = [one.name for one in self.shift]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f"the shift {twice[0]!r} is named twice"
            raise ValueError(msg)
        owner: dict[int, str] = {}
        for one in self.shift:
            for hour in one.hours:
                if hour in owner:
                    msg = f"the shifts {owner[hour]!r} and {one.name!r} share {clock(hour)}"
                    raise ValueError(msg)
                owner[hour] = one.name
        return self

    @property
    def gaps(self) -> tuple[str, ...]:
        """Stretches of the day that no shift covers, as ``03:00-06:00``, by clock."""
        covered = {hour for one in self.shift for hour in one.hours}
        opens = [h for h in range(DAY_HOURS) if h not in covered and (h - 1) % DAY_HOURS in covered]
        found = []
        for begin in opens:
            length = next(
                step for step in range(DAY_HOURS) if (begin + step) % DAY_HOURS in covered
            )
            found.append(f"{clock(begin)}-{clock(begin + length)}")
        return tuple(found)

    def named(self, name: str) -> Shift:
        """Return the shift of that name.

        Raises
        ------
        BadInputError
            There is none.
        """
        for one in self.shift:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.shift)
        msg = (
            f"There is no shift {name!r}. Choose one of: {known}; or set it under shifts in the "
            "settings."
        )
        raise BadInputError(msg)


def clock(hour: int) -> str:
    """Write a clock hour as ``06:00``, midnight as ``00:00``."""
    return f"{hour % DAY_HOURS:02d}:00"


def load_shifts(file: Path | None = None) -> Shifts:
    """Read the shifts in force, or those of a file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range, or two
        shifts share a name or an hour.
    """
    return read_section(SECTION, Shifts, file=file)


def day_starts() -> int:
    """Return the clock hour at which the policing day starts."""
    return load_shifts().day_starts
