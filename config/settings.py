"""Settings: what a force may change, with defaults and their reasons in ``settings.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.errors import BadInputError

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
    try:
        return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        msg = f"The settings file {file.name!r} cannot be read ({error.strerror})."
        raise BadInputError(msg) from error
    except tomllib.TOMLDecodeError as error:
        msg = f"{file.name} is not readable TOML ({error}). Mend that line and try again."
        raise BadInputError(msg) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        msg = f"{file.name}: {key}: {first['msg']}. Compare it with the file that was shipped."
        raise BadInputError(msg) from error
