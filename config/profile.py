"""Analysis profiles: named filters over tiers, codes, categories and flags, read from TOML."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from config.errors import BadInputError

FOLDER = Path(__file__).parent / "profiles"


class Tier(StrEnum):
    """Severity of the offence, gravest first."""

    HOMICIDE = "homicide"
    ATTEMPTED_HOMICIDE = "attempted_homicide"
    SERIOUS_INJURY = "serious_injury"
    WEAPON_ROBBERY = "weapon_robbery"
    ROBBERY = "robbery"
    INJURY = "injury"
    WEAPON = "weapon"
    OTHER_VIOLENCE = "other_violence"
    SEXUAL = "sexual"
    DRUGS_SUPPLY = "drugs_supply"
    DISORDER = "disorder"
    OTHER = "other"


class Family(StrEnum):
    """The two surfaces that are never mixed."""

    SERIOUS_VIOLENCE = "serious_violence"
    ANTISOCIAL_BEHAVIOUR = "antisocial_behaviour"


class Measure(StrEnum):
    """What is summed in a cell."""

    COUNT = "count"
    HARM = "harm"
    SQRT_HARM = "sqrt_harm"


class FlagRule(BaseModel):
    """What a flag must say for an incident to belong, and what to do when nobody recorded it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    must_be: bool
    unknown: Literal["exclude", "include"] = "exclude"


FlagName = Literal["domestic", "public_place", "knife", "firearm", "weapon"]


class Profile(BaseModel):
    """A named filter of incidents.

    An incident belongs when its tier, code or category is listed (any of the three lists that are
    not empty), its code is not excluded, and every flag rule is met.

    Attributes
    ----------
    name, title, description
        The key in file names and commands; the words on screens; one plain sentence.
    family
        Which of the two surfaces it draws.
    tiers, ho_codes, categories
        What belongs. Codes are normalised Home Office codes ("005/01"), or a class with a star
        ("005/*"). Categories are data.police.uk slugs.
    exclude_ho_codes
        Codes that never belong, written the same way.
    flags
        Rules for the flags the profile needs.
    harm_words
        What its harm is called on screens: open data's must not pass for the real thing.
    notes
        Sentences that must be read with any result of this profile.
    source
        Where the definition comes from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Annotated[str, Field(min_length=1)]
    description: Annotated[str, Field(min_length=1)]
    family: Family
    tiers: tuple[Tier, ...] = ()
    ho_codes: tuple[Annotated[str, Field(pattern=r"^\d{3}/(\d{2}|\*)$")], ...] = ()
    exclude_ho_codes: tuple[Annotated[str, Field(pattern=r"^\d{3}/(\d{2}|\*)$")], ...] = ()
    categories: tuple[Annotated[str, Field(pattern=r"^[a-z-]+$")], ...] = ()
    flags: dict[FlagName, FlagRule] = Field(default_factory=dict)
    harm_words: Annotated[str, Field(min_length=1)] = "serious-violence harm"
    notes: tuple[str, ...] = ()
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _selects_something(self) -> Profile:
        if not (self.tiers or self.ho_codes or self.categories):
            msg = "lists no tiers, ho_codes or categories, so nothing could belong to it"
            raise ValueError(msg)
        return self

    @property
    def weighs_harm(self) -> bool:
        """Whether harm days mean anything for this profile: never for antisocial behaviour."""
        return self.family is Family.SERIOUS_VIOLENCE

    @property
    def default_measure(self) -> Measure:
        """The measure when none is asked for."""
        return Measure.HARM if self.weighs_harm else Measure.COUNT


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_profile(name: str) -> Profile:
    """Read a shipped profile by name, or a user's own by the path of its TOML file.

    Raises
    ------
    BadInputError
        No such profile (the message lists those there are), or the file names an unknown key, tier
        or flag (the message names file, key and remedy).
    """
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        msg = (
            f"There is no profile {name!r}. Choose one of {', '.join(profile_names())}, "
            "or give the path of a .toml file."
        )
        raise BadInputError(msg)
    try:
        return Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path.name} is not readable TOML ({error}). Mend that line and try again."
        raise BadInputError(msg) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        msg = f"{path.name}: {key}: {first['msg']}. Mend or remove that key."
        raise BadInputError(msg) from error
