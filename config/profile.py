"""Analysis profiles: named filters over tiers, codes, categories and flags, read from TOML."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (pydantic reads it at run time)
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import BadInputError
from config.toml_file import read_model

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
    """What is summed in a cell. Expected harm ranks and is never tested: it is smoothed."""

    COUNT = "count"
    HARM = "harm"
    SQRT_HARM = "sqrt_harm"
    EXPECTED_HARM = "expected_harm"


class FlagRule(BaseModel):
    """What a flag must say for an incident to belong, and what to do when nobody recorded it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    must_be: bool
    unknown: Literal["exclude", "include"] = "exclude"


FlagName = Literal["domestic", "public_place", "knife", "firearm", "weapon"]
HoCode = Annotated[str, Field(pattern=r"^\d{3}/(\d{2}|\*)$")]
ExactHoCode = Annotated[str, Field(pattern=r"^\d{3}/\d{2}$")]
PrcClass = Annotated[str, Field(pattern=r"^[1-9]\d{0,2}[A-Z]?(/\d{1,2})?$")]
Relationship = Literal["family", "partner", "acquaintance", "stranger"]
AgeBand = Literal["0-14", "15-17", "18-24", "25-64", "65+"]


class RelationshipRule(BaseModel):
    """Which relationships of victim to suspect keep an incident out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exclude: Annotated[tuple[Relationship, ...], Field(min_length=1, max_length=3)]
    unknown: Literal["exclude", "include"] = "exclude"


class AgeRule(BaseModel):
    """Which ages of the victim keep an incident out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exclude: Annotated[tuple[AgeBand, ...], Field(min_length=1, max_length=4)]
    unknown: Literal["exclude", "include"] = "exclude"


# keys that came after the first profiles: one that does not use them keeps its hash
_LATER: Final = frozenset(
    {
        "prc_codes",
        "prc_codes_alone",
        "exclude_prc_codes",
        "relationship",
        "victim_age_band",
        "valid_from",
    }
)


class Profile(BaseModel):
    """A named filter of incidents.

    An incident belongs when its tier, code, class or category is listed (any of the lists that are
    not empty), its code and class are not excluded, and every rule is met.

    Attributes
    ----------
    name, title, description
        The key in file names and commands; the words on screens; one plain sentence.
    family
        Which of the two surfaces it draws.
    tiers, ho_codes, prc_codes, categories
        What belongs. Codes are normalised Home Office codes ("005/01"), or a class with a star
        ("005/*"). Recorded-crime classes are written "34B", "4/1". Categories are data.police.uk
        slugs.
    prc_codes_alone
        Recorded-crime classes that belong where no Home Office code was recorded: for forces that
        keep the class only, where a code would have said more than its class does.
    exclude_ho_codes, exclude_prc_codes
        Codes and classes that never belong, written the same way.
    flags
        Rules for the flags the profile needs.
    relationship, victim_age_band
        Rules that keep incidents out by relationship and by the victim's age; None for no rule.
    valid_from
        The first date of a code that is younger than the data may be. An incident that carries it
        earlier is left out and counted, and a comparison across the date is warned of.
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
    ho_codes: tuple[HoCode, ...] = ()
    prc_codes: tuple[PrcClass, ...] = ()
    prc_codes_alone: tuple[PrcClass, ...] = ()
    exclude_ho_codes: tuple[HoCode, ...] = ()
    exclude_prc_codes: tuple[PrcClass, ...] = ()
    categories: tuple[Annotated[str, Field(pattern=r"^[a-z-]+$")], ...] = ()
    flags: dict[FlagName, FlagRule] = Field(default_factory=dict)
    relationship: RelationshipRule | None = None
    victim_age_band: AgeRule | None = None
    valid_from: dict[ExactHoCode, dt.date] = Field(default_factory=dict)
    harm_words: Annotated[str, Field(min_length=1)] = "serious-violence harm"
    notes: tuple[str, ...] = ()
    source: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _selects_something(self) -> Profile:
        lists = (
            self.tiers, self.ho_codes, self.prc_codes, self.prc_codes_alone, self.categories,
        )  # fmt: skip
        if not any(lists):
            msg = (
                "lists no tiers, ho_codes, prc_codes, prc_codes_alone or categories, so nothing "
                "could belong to it"
            )
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

    @property
    def ranking_measure(self) -> Measure:
        """What orders its places when nothing else is asked for."""
        return Measure.EXPECTED_HARM if self.weighs_harm else Measure.COUNT

    @property
    def content(self) -> dict[str, Any]:
        """Everything it says, as plain values, for hashing: the same profile, the same content."""
        said = self.model_dump(mode="json")
        return {key: value for key, value in said.items() if value or key not in _LATER}


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def profile_title(name: str) -> str:
    """Return what a profile is called; its bare name where it is shipped no more, or is a file."""
    return load_profile(name).title if name in profile_names() else name


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
    return read_model(path, Profile)
