"""Settings: what a force may change, with defaults and their reasons in ``settings.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from config.toml_file import read_model

FILE = Path(__file__).parent / "settings.toml"

_Whole = Annotated[int, Field(ge=1)]
_Share = Annotated[float, Field(gt=0, lt=1)]
_Kind = Annotated[str, Field(pattern=r"^[a-z][a-z_-]*$")]


class QualitySettings(BaseModel):
    """Where the quality banner says "care" and "poor", and what counts as a gap or a change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    care_unlocated: _Share
    poor_unlocated: _Share
    care_untested: _Share
    poor_untested: _Share
    care_rejected: _Share
    poor_rejected: _Share
    poor_missing: _Share
    thin_month: _Share
    expected_unseen: Annotated[float, Field(ge=1)]
    recorded_step: _Share
    marked_ratio: Annotated[float, Field(gt=1)]
    false_alarms: _Share


class Settings(BaseModel):
    """The settings in force; each is explained beside its default in ``settings.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    marking: Annotated[str, Field(min_length=1)]
    handling: str
    places: _Whole
    resolution: Annotated[int, Field(ge=8, le=10)]
    fewest_cells: _Whole
    most_cells: _Whole
    separation_m: Annotated[float, Field(ge=0)]
    travel_minutes: Annotated[float, Field(ge=0)]
    period_days: _Whole
    coarse_resolution: Annotated[int, Field(ge=8, le=10)]
    precise_enough_m: Annotated[float, Field(gt=0)]
    ring: Annotated[int, Field(ge=1, le=3)]
    fewest_incidents: _Whole
    fewest_dates: _Whole
    fewest_months: _Whole
    untelling: tuple[_Kind, ...]
    fewest_shown: _Whole
    quality: QualitySettings


@lru_cache(maxsize=4)
def load_settings(file: Path = FILE) -> Settings:
    """Read settings from a TOML file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_model(file, Settings)
