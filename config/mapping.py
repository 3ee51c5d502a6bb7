"""Mappings: how the columns and words of one kind of file become those of an incident."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from config.errors import BadInputError

FOLDER = Path(__file__).parent / "mappings"
DIRECTIVES = ("%Y", "%y", "%m", "%d", "%H", "%M", "%S", "%b", "%B")
"""The parts a time format may be written with, as Python's strptime names them."""

Text = Annotated[str, Field(min_length=1)]
FlagWord = Literal["true", "false", "unknown"]
Relationship = Literal["family", "partner", "acquaintance", "stranger", "unknown"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Part):
    """Which column of the file holds what; None where the file does not hold it.

    ``x`` and ``y`` are longitude and latitude, or easting and northing, as ``Location.crs`` says.
    ``victim_age`` holds whole years: only the band is kept.
    """

    occurred_from: Text
    x: Text
    y: Text
    incident_id: Text | None = None
    force: Text | None = None
    occurred_to: Text | None = None
    ho_code: Text | None = None
    prc_code: Text | None = None
    category: Text | None = None
    location_type: Text | None = None
    domestic: Text | None = None
    public_place: Text | None = None
    knife: Text | None = None
    firearm: Text | None = None
    weapon: Text | None = None
    relationship: Text | None = None
    victim_age: Text | None = None


class Time(_Part):
    """How times are written (strptime directives, Europe/London wall-clock), and how fine."""

    formats: Annotated[tuple[Text, ...], Field(min_length=1)]
    precision: Literal["minute", "hour", "day", "month"]


class Location(_Part):
    """What the coordinates are, and how far they may be out (metres; None where nobody says)."""

    crs: Literal["EPSG:4326", "EPSG:27700"]
    precision_m: Annotated[float, Field(ge=0, lt=100_000)] | None = None


class FlagWords(_Part):
    """The words that mean yes and no, in any case; a blank or another word is unknown."""

    true: tuple[Text, ...] = ()
    false: tuple[Text, ...] = ()


class Mapping(_Part):
    """How one kind of file is read.

    Attributes
    ----------
    name, title, source
        The key in commands; the words on screens; the label incidents carry.
    required
        Headers that a file of this kind always has: with no mapping named, they choose it.
    files
        Where given, the names of the members of an archive or folder that hold incidents; others
        are skipped and said.
    harm
        The harm scheme that weighs these incidents (a name, or the path of a TOML file).
    columns, time, location
        See the classes.
    categories
        The file's word for a category to the data.police.uk slug; an empty slug leaves the category
        to the offence code.
    flags, public_place_from, relationships
        Words of the flags, of the location type where the public-place flag is blank, and of the
        relationship. Words are compared in any case and without surrounding blanks.
    constants
        Flags that are the same for every row of such a file.
    force
        The force, where the file has no column for it.
    notes, loud_notes
        Sentences that go with every load.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    source: Text
    required: Annotated[tuple[Text, ...], Field(min_length=1)]
    harm: Text
    columns: Columns
    time: Time
    location: Location
    files: Text | None = None
    categories: dict[str, Annotated[str, Field(pattern=r"^[a-z-]*$")]] = Field(default_factory=dict)
    flags: FlagWords = FlagWords()
    public_place_from: dict[str, FlagWord] = Field(default_factory=dict)
    relationships: dict[str, Relationship] = Field(default_factory=dict)
    constants: dict[Literal["domestic", "public_place", "knife", "firearm", "weapon"], FlagWord] = (
        Field(default_factory=dict)
    )
    force: Text | None = None
    notes: tuple[str, ...] = ()
    loud_notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Mapping:
        if not (self.columns.ho_code or self.columns.prc_code or self.columns.category):
            msg = "columns names no ho_code, prc_code or category, so no offence could be told"
            raise ValueError(msg)
        for written in self.time.formats:
            rest = written
            for directive in DIRECTIVES:
                rest = rest.replace(directive, "")
            year = "%Y" in written or "%y" in written
            month = any(part in written for part in ("%m", "%b", "%B"))
            day = "%d" in written or self.time.precision == "month"
            if "%" in rest or not (year and month and day):
                msg = (
                    f"time.formats: {written!r} must hold a year, a month and (unless precision is "
                    f"month) a day, and may use {' '.join(DIRECTIVES)} only"
                )
                raise ValueError(msg)
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return the columns to be read, each once, in a fixed order; no other is touched."""
        named = self.columns.model_dump().values()
        return tuple(dict.fromkeys(column for column in named if column is not None))


def mapping_names() -> tuple[str, ...]:
    """Return the names of the shipped mappings, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_mapping(name: str | Path) -> Mapping:
    """Read a shipped mapping by name, or a user's own by the path of its TOML file.

    Raises
    ------
    BadInputError
        No such mapping (the message lists those there are), or the file has an unknown key or an
        unusable value (the message names file, key and remedy).
    """
    text = str(name)
    path = Path(text) if text.endswith(".toml") else FOLDER / f"{text}.toml"
    if not path.is_file():
        msg = (
            f"There is no mapping {text!r}. Choose one of {', '.join(mapping_names())}, "
            "or give the path of a .toml file."
        )
        raise BadInputError(msg)
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path.name} is not readable TOML ({error}). Mend that line and try again."
        raise BadInputError(msg) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        msg = f"{path.name}: {key}: {first['msg']}. Mend or remove that key."
        raise BadInputError(msg) from error


def shipped_mappings() -> tuple[Mapping, ...]:
    """Return every shipped mapping, by name."""
    return tuple(load_mapping(name) for name in mapping_names())
