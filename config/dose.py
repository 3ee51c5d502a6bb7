"""Dose: how long, how often and when places are patrolled, and how far patrols walk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.force_file import Section, read_section

if TYPE_CHECKING:
    from pathlib import Path

SECTION: Final = Section("dose")
FILE: Final = SECTION.shipped

_Minutes = Annotated[int, Field(ge=1, le=1440)]
_Whole = Annotated[int, Field(ge=1)]
_Share = Annotated[float, Field(gt=0, lt=1)]
_Positive = Annotated[float, Field(gt=0)]


class DoseRules(BaseModel):
    """The dose in force; each is explained beside its default in ``dose.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    minutes: _Minutes
    fewest_minutes: _Minutes
    most_minutes: _Minutes
    every_minutes: _Minutes
    least_gap_minutes: _Minutes
    from_hour: Annotated[int, Field(ge=0, le=24)]
    to_hour: Annotated[int, Field(ge=0, le=24)]
    officers: _Whole
    wait_days: _Whole
    fullest_round: _Share
    exact_stops: Annotated[int, Field(ge=1, le=8)]
    peak_draws: Annotated[int, Field(ge=1, le=100)]
    walk_metres_a_minute: _Positive
    detour: Annotated[float, Field(ge=1)]
    town_metres: _Positive
    furthest_walk_minutes: _Minutes
    park_minutes: Annotated[int, Field(ge=0)]
    drive_metres_a_minute: _Positive
    power: _Share
    level: _Share

    @model_validator(mode="after")
    def _in_order(self) -> DoseRules:
        if self.fewest_minutes > self.most_minutes:
            msg = "fewest_minutes is more than most_minutes"
            raise ValueError(msg)
        return self


def load_dose_rules(file: Path | None = None) -> DoseRules:
    """Read the dose in force, or those of a file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_section(SECTION, DoseRules, file=file)
