"""Partner mappings: how the files of ambulance, hospital and deaths registers are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import BadInputError
from config.mapping import Time, personal, require_formats
from config.toml_file import read_model

FOLDER: Final = Path(__file__).parent / "partners"

Kind = Literal["ambulance", "emergency_department", "deaths"]
Grade = Literal["high", "medium", "low"]
WeaponWord = Literal["body_part", "blade", "bottle", "firearm", "other", "unknown"]
Text = Annotated[str, Field(min_length=1)]
Metres = Annotated[float, Field(gt=0, lt=100_000)]

# a place that patients told is free text and allowed: it is matched, then thrown away
_ALLOWED_OF_A_PLACE: Final = frozenset({"", "free text"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PartnerColumns(_Part):
    """Which column of the file holds what; None where the file does not hold it.

    ``place`` is a place's name as somebody told it: matched against the store's places and streets
    at load, and never kept. There is no column for a record's or a person's number, on purpose: by
    it the partner's patient could be found again.
    """

    occurred_from: Text
    occurred_to: Text | None = None
    x: Text | None = None
    y: Text | None = None
    grid_reference: Text | None = None
    place: Text | None = None
    category: Text | None = None
    weapon: Text | None = None

    @property
    def points(self) -> tuple[str, ...]:
        """Return the columns that hold a position: x and y, or the grid reference."""
        return tuple(
            column for column in (self.x, self.y, self.grid_reference) if column is not None
        )


class PartnerLocation(_Part):
    """What the coordinates are (None where there are none), and how far they may be out, metres.

    ``precision_m`` also holds for a named place, whose point stands for a building or a frontage.
    """

    precision_m: Metres
    crs: Literal["EPSG:4326", "EPSG:27700", "gridref"] | None = None


class Confidence(_Part):
    """How far the layer may be trusted, and why."""

    grade: Grade
    reason: Text


class PartnerMapping(_Part):
    """How one kind of partner file is read, and what must be said wherever it is shown.

    Attributes
    ----------
    name, title
        The key in commands; the words on screens.
    kind
        ambulance, emergency_department or deaths.
    source
        Who keeps the records: it names the layer, and each source is a layer of its own. Records
        are told apart within a source, so two hospitals need two sources.
    counts
        What one record is, in a sentence.
    lag_days
        Days until a record is usually in the partner's export: the last of the data are incomplete.
    columns, time, location, confidence
        See the classes.
    categories
        The file's word for a category to whether it counts; with a category column, a row whose
        word says no, or is not here, is rejected. Words are compared in any case.
    weapons
        The file's word for a weapon to ours; a blank or another word is unknown.
    notes
        Sentences that go with every load.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    kind: Kind
    source: Text
    counts: Text
    lag_days: Annotated[int, Field(ge=0, le=3_660)]
    columns: PartnerColumns
    time: Time
    location: PartnerLocation
    confidence: Confidence
    categories: dict[str, bool] = Field(default_factory=dict)
    weapons: dict[str, WeaponWord] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> PartnerMapping:
        names = self.columns
        needs = {
            None: (False, False, False),
            "gridref": (False, False, True),
        }.get(self.location.crs, (True, True, False))
        if tuple(each is not None for each in (names.x, names.y, names.grid_reference)) != needs:
            msg = (
                f"location.crs is {self.location.crs or 'not given'}, so columns must name "
                f"{_LISTED[needs]}"
            )
            raise ValueError(msg)
        if names.place is None and not names.points:
            msg = "columns names neither a position nor a place, so nothing could be on a map"
            raise ValueError(msg)
        if (names.category is None) is not (not self.categories):
            msg = "columns.category and categories go together: give both or neither"
            raise ValueError(msg)
        for column in self.wanted:
            reason = personal(column)
            if reason and not (column == names.place and reason in _ALLOWED_OF_A_PLACE):
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


_LISTED: Final = {
    (False, False, False): "no x, y or grid_reference",
    (False, False, True): "grid_reference, not x or y",
    (True, True, False): "x and y, not grid_reference",
}


def partner_names() -> tuple[str, ...]:
    """Return the names of the shipped partner mappings, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_partner_mapping(name: str | Path) -> PartnerMapping:
    """Read a shipped partner mapping by name, or a user's own by the path of its TOML file.

    Raises
    ------
    BadInputError
        No such mapping (the message lists those there are), or the file has an unknown key or an
        unusable value (the message names file, key and remedy).
    """
    text = str(name)
    path = Path(text) if text.endswith(".toml") else FOLDER / f"{text}.toml"
    if not path.is_file() or (path.parent == FOLDER and path.stem not in partner_names()):
        msg = (
            f"There is no kind of partner file {text!r}. Choose one of "
            f"{', '.join(partner_names())}, or give the path of a .toml file."
        )
        raise BadInputError(msg)
    return read_model(path, PartnerMapping)
