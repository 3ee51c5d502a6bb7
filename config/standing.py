"""Mappings of standing layers: how a register of premises, and a table by beat, are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import BadInputError
from config.mapping import Time, personal, require_formats
from config.partner import Confidence, PartnerLocation, Text, partner_names
from config.toml_file import check_model, read_table

FOLDER: Final = Path(__file__).parent / "partners" / "standing"

PremisesKind = Literal["pub", "club", "takeaway", "off_licence", "restaurant", "other"]
PREMISES_KINDS: Final[tuple[PremisesKind, ...]] = get_args(PremisesKind)
StandingKind = Literal["licensing", "safeguarding"]
STANDING_KINDS: Final[tuple[StandingKind, ...]] = get_args(StandingKind)


_PEOPLE: Final = re.compile(
    r"\b(?:holders?|licensees?|dps|designated premises supervisors?|applicants?|keepers?"
    r"|(?:child|adult|carer|guardian|parent|mother|father|subject|referrer|client|service user)s?"
    r" (?:names?|ids?|refs?|references?|nos?))\b"
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DateFormats(_Part):
    """How dates are written, as strptime directives."""

    formats: Annotated[tuple[Text, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_whole(self) -> DateFormats:
        require_formats(Time(formats=self.formats, precision="day"))
        return self


class PremisesColumns(_Part):
    """Which column of a register holds what; there is none for a name or an address, on purpose."""

    x: Text | None = None
    y: Text | None = None
    grid_reference: Text | None = None
    kind: Text | None = None
    closes: Text | None = None
    as_of: Text | None = None

    @property
    def points(self) -> tuple[str, ...]:
        """Return the columns that hold a position: x and y, or the grid reference."""
        return tuple(each for each in (self.x, self.y, self.grid_reference) if each is not None)


class BeatColumns(_Part):
    """Which column of a table by beat holds what: the beat's name or code, and a whole number."""

    beat: Text
    number: Text
    period_from: Text
    period_to: Text


class _Standing(_Part):
    """What every standing layer says of itself; see `config.partner.PartnerMapping`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    source: Text
    counts: Text
    date: DateFormats
    confidence: Confidence
    notes: tuple[str, ...] = ()


class PremisesMapping(_Standing):
    """How a register of licensed premises is read.

    Attributes
    ----------
    columns, location
        Where each row lies; ``columns.as_of`` where the file itself says of what day it is.
    kinds
        The register's word for a kind of premises to ours, in any case; another word is "other".
    """

    kind: Literal["licensing"]
    columns: PremisesColumns
    location: PartnerLocation
    kinds: dict[str, PremisesKind] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_consistent(self) -> PremisesMapping:
        names = self.columns
        has = tuple(each is not None for each in (names.x, names.y, names.grid_reference))
        needs = (False, False, True) if self.location.crs == "gridref" else (True, True, False)
        if self.location.crs is None or has != needs:
            named = "grid_reference, not x or y" if needs[2] else "x and y, not grid_reference"
            msg = f"location.crs is {self.location.crs or 'not given'}: columns must name {named}"
            raise ValueError(msg)
        if (names.kind is None) is not (not self.kinds):
            msg = "columns.kind and kinds go together: give both or neither"
            raise ValueError(msg)
        _refuse_personal(self.wanted)
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return the columns to be read, each once, in a fixed order; no other is touched."""
        named = self.columns.model_dump().values()
        return tuple(dict.fromkeys(column for column in named if column is not None))


class BeatTableMapping(_Standing):
    """How a table by beat is read.

    Attributes
    ----------
    columns
        See the class.
    classes
        The numbers at which the second class and later ones begin, rising.
    kept_back
        What the partner writes for a number that it keeps back itself.
    """

    kind: Literal["safeguarding"]
    columns: BeatColumns
    classes: Annotated[tuple[Annotated[int, Field(gt=1)], ...], Field(max_length=4)]
    kept_back: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> BeatTableMapping:
        if list(self.classes) != sorted(set(self.classes)):
            msg = f"classes must rise, each once (given {list(self.classes)})"
            raise ValueError(msg)
        # the column of beats may be headed "Name": it is a beat's, or no beat of the store
        _refuse_personal(tuple(each for each in self.wanted if each != self.columns.beat))
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """Return the columns to be read, in a fixed order; no other is touched."""
        return tuple(dict.fromkeys(self.columns.model_dump().values()))


StandingMapping = PremisesMapping | BeatTableMapping


def standing_names() -> tuple[str, ...]:
    """Return the names of the shipped standing mappings, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def is_standing(name: str | Path) -> bool:
    """Whether a kind, or the TOML file of one's own, is that of a standing layer.

    Raises
    ------
    BadInputError
        The name is that of no kind (the message lists those there are), or the file cannot be read.
    """
    text = str(name)
    if not text.endswith(".toml"):
        if text in partner_names() or text in standing_names():
            return text in standing_names()
        listed = ", ".join(sorted((*partner_names(), *standing_names())))
        msg = (
            f"There is no kind of partner file {text!r}. Choose one of {listed}, or give the path "
            "of a .toml file."
        )
        raise BadInputError(msg)
    return read_table(Path(text)).get("kind") in STANDING_KINDS


def load_standing_mapping(name: str | Path) -> StandingMapping:
    """Read a shipped standing mapping by name, or a user's own by the path of its TOML file.

    Raises
    ------
    BadInputError
        It is no standing layer, or the file has an unknown key or an unusable value.
    """
    if not is_standing(name):
        msg = (
            f"{str(name)!r} is a kind of records, not a standing layer "
            f"({', '.join(standing_names())})."
        )
        raise BadInputError(msg)
    text = str(name)
    path = Path(text) if text.endswith(".toml") else FOLDER / f"{text}.toml"
    table = read_table(path)
    if table["kind"] == "licensing":
        return check_model(table, PremisesMapping, name=path.name)
    return check_model(table, BeatTableMapping, name=path.name)


def of_a_person(heading: str) -> str:
    """Say what personal data a heading promises, with the people of these two kinds of file.

    "Licence Holder" and "Child Ref" are somebody; "Children" and "Number of adults" are numbers.
    """
    words = " ".join(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", heading).casefold()))
    return personal(heading) or ("a person" if _PEOPLE.search(words) else "")


def _refuse_personal(columns: tuple[str, ...]) -> None:
    for column in columns:
        reason = of_a_person(column)
        if reason:
            msg = f"columns names {column!r}, which by its heading holds {reason}: never read"
            raise ValueError(msg)
