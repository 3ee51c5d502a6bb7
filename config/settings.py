"""Settings: what a force may change, with defaults and their reasons in ``settings.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from config.toml_file import read_model

FILE = Path(__file__).parent / "settings.toml"

_Whole = Annotated[int, Field(ge=1)]


class Settings(BaseModel):
    """The settings in force; each is explained beside its default in ``settings.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    marking: Annotated[str, Field(min_length=1)]
    handling: str
    places: _Whole
    resolution: Annotated[int, Field(ge=8, le=10)]
    fewest_cells: _Whole
    most_cells: _Whole
    coarse_resolution: Annotated[int, Field(ge=8, le=10)]
    precise_enough_m: Annotated[float, Field(gt=0)]
    ring: Annotated[int, Field(ge=1, le=3)]
    fewest_incidents: _Whole
    fewest_dates: _Whole
    fewest_months: _Whole


@lru_cache(maxsize=4)
def load_settings(file: Path = FILE) -> Settings:
    """Read settings from a TOML file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_model(file, Settings)
