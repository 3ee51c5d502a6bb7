"""The census table: headings, groups and what is kept back, with reasons in ``census.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.toml_file import read_model

FILE = Path(__file__).parent / "census.toml"

_Text = Annotated[str, Field(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], Field(min_length=1)]
_RESERVED = ("code", "decile", "residents")


class Group(BaseModel):
    """One group of residents: its name in files, on screens, and the headings that mean it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
    title: _Text
    columns: _Texts


class CensusRules(BaseModel):
    """How a census table is read and shown; each is explained in ``census.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: _Text
    fewest_residents: Annotated[int, Field(ge=1)]
    same_place: Annotated[float, Field(gt=0, le=1)]
    fewest_places: Annotated[int, Field(ge=2)]
    code_columns: _Texts
    decile_columns: _Texts
    resident_columns: _Texts
    groups: tuple[Group, ...]

    @model_validator(mode="after")
    def _named_once(self) -> CensusRules:
        names = [*_RESERVED, *(group.name for group in self.groups)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f"the group {twice[0]!r} is named twice, or as something else is"
            raise ValueError(msg)
        return self


@lru_cache(maxsize=4)
def load_census_rules(file: Path = FILE) -> CensusRules:
    """Read the rules from a TOML file that holds every key.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown, missing or out of range.
    """
    return read_model(file, CensusRules)
