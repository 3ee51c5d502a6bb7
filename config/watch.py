"""The watch list: which rare offences are followed force-wide, and at what false-alarm rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.force_file import Section, read_section
from config.profile import Profile  # noqa: TC001 (pydantic reads it at run time)

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("watch")
FILE: Final = SECTION.shipped
WEEK_DAYS: Final = 7
_ALARMS_FOR_LOOKS: Final = 0.8

_Weeks = Annotated[int, Field(ge=WEEK_DAYS, multiple_of=WEEK_DAYS)]


class WatchRules(BaseModel):
    """When a series raises an alarm; each is explained beside its default in ``watch.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    false_alarm_years: Annotated[float, Field(gt=0, le=100)]
    looks_per_year: Annotated[int, Field(ge=1, le=366)]
    spans_days: Annotated[tuple[_Weeks, ...], Field(min_length=1, max_length=6)]
    most_years_before: Annotated[int, Field(ge=1, le=10)]
    quiet_weeks: Annotated[int, Field(ge=1)]

    @property
    def chance_per_span(self) -> float:
        """The chance (0-1) of a false alarm that one span may have at one look.

        An alarm lasts some looks, and spans raise theirs together, so that alarms are fewer than
        looks in alarm: by simulation of the shipped spans (``tests/spatial/hotspots``), this chance
        gives less than one alarm in ``false_alarm_years`` at any rate from one event in five years
        to two a week. Looks in alarm are at most this chance times spans, exactly.
        """
        return _ALARMS_FOR_LOOKS / (self.false_alarm_years * self.looks_per_year)


class WatchList(BaseModel):
    """The rules, and each series as a profile of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: WatchRules
    series: Annotated[tuple[Profile, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _named_once(self) -> WatchList:
        names = [one.name for one in self.series]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f"the series {twice[0]!r} is named twice"
            raise ValueError(msg)
        return self


def load_watch_list(file: Path | None = None) -> WatchList:
    """Read the watch list in force, or those of a file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_section(SECTION, WatchList, file=file)
