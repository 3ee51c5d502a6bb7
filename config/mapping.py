"""Mappings: how the columns and words of one kind of file become those of an incident."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from unicodedata import combining, normalize

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import BadInputError
from config.toml_file import read_model

FOLDER = Path(__file__).parent / "mappings"
TEMPLATES = FOLDER / "templates"
DIRECTIVES = ("%Y", "%y", "%m", "%d", "%H", "%M", "%S", "%b", "%B")
"""The parts a time format may be written with, as Python's strptime names them."""

_PERSON = (
    "victim|suspect|offender|person|complainant|witness|officer|aggrieved|defendant|nominal"
    "|patient|casualty|caller|deceased|next of kin"
)
_SHORT = "vic|vict|susp|off|comp|wit|agg"
_PERSONAL = {
    "a name": (
        "surname|forenames?|fore names?|(?:first|last|full|given|family|middle|maiden|birth) names?"
        f"|firstnames?|lastnames?|fullname|alias(?:es)?|(?:{_PERSON})s? names?"
        f"|names? of (?:the )?(?:{_PERSON})s?|^names?$|snames?|fnames?|lnames?|initials"
        "|nicknames?|aka|maiden"
        f"|(?:{_SHORT}|{_PERSON})s? (?:nm|nme|name|sname|fname|surn|forn)s?"
        "|cyfenw(?:au)?|enw(?:au)? (?:cyntaf|llawn|olaf|teuluol|dioddefwr|tyst)|^enw(?:au)?$"
    ),
    "a date of birth": (
        "dob|d o b|(?:date|dte|dt|year|yr|month) of (?:birth|bth)|birth ?(?:date|day|year)"
        "|year born|yob|born|bdate|geni|dyddiad geni"
    ),
    "an address": (
        "address(?:es)?|addr|post ?codes?|p ?codes?|pcd|zip ?code|house (?:number|name|no|num)"
        "|flat (?:number|no|num)|uprn|e ?mails?|(?:tele)?phones?(?: number| no| num)?"
        "|mobiles?(?: number| no| num)?|mob|tel|telno"
        "|cyfeiriad(?:au)?|cod(?:au)? post|ffon|rhif ffon|e ?bost"
    ),
    "free text": (
        "narratives?|free ?text|modus operandi|m ?o text|^mo$|comments?|remarks?|notes?|synopsis"
        "|summary|circumstances|free ?txt|freetxt|mo txt|log text|descr? of incident"
        "|nodiadau|crynodeb|sylwadau|disgrifiad"
    ),
    "a number of one person": (
        "national insurance(?: number)?|nino|nhs(?: number)?|pncid|pnc id|passport(?: number)?"
        "|warrant(?: number)?|collar(?: number)?|registration mark|vrm|ni ?(?:no|num|number)"
        "|(?:patient|hospital|attendance|case ?note)s? ?(?:number|no|num|id)|mrn"
        "|nhs ?(?:no|num)|passport ?no|rhif yswiriant gwladol"
    ),
}

Text = Annotated[str, Field(min_length=1)]
FlagWord = Literal["true", "false", "unknown"]
Relationship = Literal["family", "partner", "acquaintance", "stranger", "unknown"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Part):
    """Which column of the file holds what; None where the file does not hold it.

    ``x`` and ``y`` are longitude and latitude, or easting and northing, as ``Location.crs`` says;
    ``grid_reference`` stands in place of both where that says ``gridref``.
    ``victim_age`` holds whole years: only the band is kept.
    """

    occurred_from: Text
    x: Text | None = None
    y: Text | None = None
    grid_reference: Text | None = None
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

    @property
    def places(self) -> tuple[str, ...]:
        """Return the columns that say where: x and y, or the grid reference."""
        return tuple(
            column for column in (self.x, self.y, self.grid_reference) if column is not None
        )


class Time(_Part):
    """How times are written (strptime directives, Europe/London wall-clock), and how fine."""

    formats: Annotated[tuple[Text, ...], Field(min_length=1)]
    precision: Literal["minute", "hour", "day", "month"]


class Location(_Part):
    """What the coordinates are, and how far they may be out (metres; None where nobody says).

    A ``gridref`` is a National Grid reference in one column, such as TG 2711 7142: its own number
    of figures says how far it may be out.
    """

    crs: Literal["EPSG:4326", "EPSG:27700", "gridref"]
    precision_m: Annotated[float, Field(ge=0, lt=100_000)] | None = None


class FlagWords(_Part):
    """The words that mean yes and no, in any case; another word is unknown.

    ``blank`` is what an empty cell means: unknown, unless whoever keeps the records says that an
    empty cell is a no. A blank public-place flag is first filled from the type of location.
    """

    true: tuple[Text, ...] = ()
    false: tuple[Text, ...] = ()
    blank: Literal["unknown", "false"] = "unknown"


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
    verified
        False for a template or a draft that nobody has held against real files: it is used only
        when it is named, and says so loudly.
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
    verified: bool = True
    notes: tuple[str, ...] = ()
    loud_notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Mapping:
        if not (self.columns.ho_code or self.columns.prc_code or self.columns.category):
            msg = "columns names no ho_code, prc_code or category, so no offence could be told"
            raise ValueError(msg)
        has = (self.columns.x is not None, self.columns.y is not None)
        needs = (False, False) if self.location.crs == "gridref" else (True, True)
        if has != needs or (self.columns.grid_reference is None) is not all(needs):
            named = "x and y, not grid_reference" if all(needs) else "grid_reference, not x or y"
            msg = f"location.crs is {self.location.crs}, so columns must name {named}"
            raise ValueError(msg)
        both = {word.strip().casefold() for word in self.flags.true} & {
            word.strip().casefold() for word in self.flags.false
        }
        if both:
            msg = f"flags: {min(both)!r} is among the words for yes and for no; keep it in one"
            raise ValueError(msg)
        for column in self.wanted:
            reason = personal(column)
            if reason:
                msg = (
                    f"columns names {column!r}, which by its heading holds {reason}: that is never "
                    "read"
                )
                raise ValueError(msg)
        require_formats(self.time)
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return the columns to be read, each once, in a fixed order; no other is touched."""
        named = self.columns.model_dump().values()
        return tuple(dict.fromkeys(column for column in named if column is not None))


def require_formats(time: Time) -> None:
    """Refuse a format that leaves out a part of the date, or is written in other directives.

    Raises
    ------
    ValueError
        For pydantic to put beside the key.
    """
    for written in time.formats:
        rest = written
        for directive in DIRECTIVES:
            rest = rest.replace(directive, "")
        year = "%Y" in written or "%y" in written
        month = any(part in written for part in ("%m", "%b", "%B"))
        day = "%d" in written or time.precision == "month"
        if "%" in rest or not (year and month and day):
            msg = (
                f"time.formats: {written!r} must hold a year, a month and (unless precision is "
                f"month) a day, and may use {' '.join(DIRECTIVES)} only"
            )
            raise ValueError(msg)


def mapping_names() -> tuple[str, ...]:
    """Return the names of the shipped mappings that were held against real files, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def template_names() -> tuple[str, ...]:
    """Return the names of the shipped templates, which nobody has held against real files."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.toml")))


def personal(heading: str) -> str:
    """Say what personal data a heading promises; an empty text where it promises none.

    Headings are judged word by word, in any case, in English and Welsh and in common short forms:
    "Victim Surname" and "VIC_SNAME" are names, "Force Name" is not.
    """
    # accents go, so that a Welsh heading is judged as it is typed without them
    plain = "".join(letter for letter in normalize("NFKD", heading) if not combining(letter))
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", plain)
    words = re.findall(r"[a-z]+", spaced.casefold())
    joined = " ".join(words)
    for what, pattern in _PERSONAL.items():
        if re.search(rf"\b(?:{pattern})\b", joined):
            return what
    return ""


def load_mapping(name: str | Path) -> Mapping:
    """Read a shipped mapping by name, or a user's own by the path of its TOML file.

    Raises
    ------
    BadInputError
        No such mapping (the message lists those there are), or the file has an unknown key or an
        unusable value (the message names file, key and remedy).
    """
    text = str(name)
    folder = TEMPLATES if text in template_names() else FOLDER
    path = Path(text) if text.endswith(".toml") else folder / f"{text}.toml"
    if not path.is_file():
        msg = (
            f"There is no mapping {text!r}. Choose one of {', '.join(mapping_names())}, "
            f"a template ({', '.join(template_names())}), or give the path of a .toml file."
        )
        raise BadInputError(msg)
    return read_model(path, Mapping)


@cache
def shipped_mappings() -> tuple[Mapping, ...]:
    """Return every shipped mapping that may be chosen unasked, by name: no template."""
    known = (load_mapping(name) for name in mapping_names())
    return tuple(mapping for mapping in known if mapping.verified)
