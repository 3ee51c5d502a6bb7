"""Records: one partner file's rows made into partner records, the names of places thrown away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from config.errors import BadInputError
from config.mapping import Columns
from spatial.incidents.rows import locations, times
from spatial.incidents.rows.batch import BLANK, RAGGED
from spatial.incidents.rows.words import (
    constant_column,
    indices_of,
    translate,
    word_column,
    words_of,
)
from spatial.partners.geocode import Lost
from spatial.partners.schema import EXACT, NAMED, PARTNER_SCHEMA, STREET, UNMATCHED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.partner import PartnerMapping
    from spatial.incidents.files.formats import OpenFile
    from spatial.incidents.files.raw_rows import RawRows
    from spatial.incidents.tally import Tally
    from spatial.partners.geocode import Gazetteer

    Floats = NDArray[np.float64]

NOT_COUNTED: Final = "category that does not count"
NO_CATEGORY: Final = "category not in the mapping"
LATER_COLUMNS: Final = frozenset(
    {"partner_id", "load_id", *(one.name for one in PARTNER_SCHEMA if one.name[:3] == "h3_")}
)
"""Columns that are made once the files have been put together."""

_CONFIDENCES: Final = (EXACT, NAMED, STREET, UNMATCHED)


@dataclass(frozen=True, slots=True)
class Records:
    """The partner records of one file.

    Attributes
    ----------
    name, sha256, read
        The file, its content's hash, and its rows of data, good and bad.
    table
        Records in the order of the file: the columns of the schema but for `LATER_COLUMNS`.
    rows
        The row number of each record: for the report of duplicates, and not stored.
    rejected
        Row number and reason of the rest, by row. No value is kept: it might be a name.
    looked_up
        How many names of places were "named place", "street", "ambiguous", "home" or "unmatched".
    strange_weapons
        Records with a word for a weapon that the mapping does not know.
    choices
        What was decided while the file was read.
    """

    name: str
    sha256: str
    read: int
    table: pa.Table
    rows: NDArray[np.int64]
    rejected: tuple[tuple[int, str], ...]
    looked_up: Counter[str]
    strange_weapons: int
    choices: Tally


def read_records(
    file: OpenFile, raw: RawRows, mapping: PartnerMapping, gazetteer: Gazetteer
) -> Records:
    """Make partner records of one file's rows.

    Raises
    ------
    BadInputError
        No row holds a date, the dates are in several formats, the coordinates are swapped or of two
        systems, or no row at all could be placed.

    Notes
    -----
    What a person's name, age or number might be is in no column that is read. The names of places
    leave this function as positions and as counts alone.
    """
    names = mapping.columns
    dates = _dates(file, raw, mapping, names.occurred_from)
    good = dates.reasons == ""
    if not good.any():
        msg = (
            f"{file.name}: no row holds a date in the column {names.occurred_from!r}. "
            "Check that the mapping fits the file."
        )
        raise BadInputError(msg)
    reasons = np.where(good, "", dates.reasons).astype(object)
    if names.category is not None:
        reasons[good] = _why_not_counted(raw.columns[names.category], mapping)[good]
    keep = reasons == ""
    rejected = [(row, RAGGED) for row in raw.ragged] + [(row, BLANK) for row in raw.blank]
    rejected += [(int(raw.rows[at]), str(reasons[at])) for at in np.flatnonzero(~keep)]

    end = None
    if names.occurred_to is not None:
        end = _dates(file, raw, mapping, names.occurred_to).seconds[keep]
    first, last, _ = times.spans(dates.seconds[keep], end, mapping.time.precision)
    chosen = pa.array(keep)
    kept = replace(
        raw,
        columns={name: column.filter(chosen) for name, column in raw.columns.items()},
        rows=raw.rows[keep],
    )
    length = len(first)
    longitude, latitude, reach_m, found, looked_up = _places(file, kept, mapping, gazetteer)
    absent = np.isnan(longitude)
    precision_m = np.fmax(reach_m, mapping.location.precision_m).astype(np.float32)
    weapon, strange = _weapons(kept, mapping)
    arrays = {
        "source": constant_column(mapping.source, length),
        "kind": constant_column(mapping.kind, length),
        "occurred_from": pa.array(first),
        "occurred_to": pa.array(last),
        "time_precision": constant_column(mapping.time.precision, length),
        "longitude": pa.array(longitude, mask=absent),
        "latitude": pa.array(latitude, mask=absent),
        "location_precision_m": pa.array(precision_m, mask=absent),
        "weapon": weapon,
        "place_confidence": word_column(found, list(_CONFIDENCES)),
    }
    fields = [field for field in PARTNER_SCHEMA if field.name not in LATER_COLUMNS]
    table = pa.table([arrays[field.name] for field in fields], schema=pa.schema(fields))
    return Records(
        name=file.name,
        sha256=file.sha256,
        read=raw.read,
        table=table,
        rows=kept.rows,
        rejected=tuple(sorted(rejected)),
        looked_up=looked_up,
        strange_weapons=strange,
        choices=file.choices + raw.choices,
    )


def _dates(file: OpenFile, raw: RawRows, mapping: PartnerMapping, column: str) -> times.Dates:
    """Read one date column, or refuse the file."""
    formats = (*mapping.time.formats, *((times.TYPED,) if column in raw.typed else ()))
    return times.read_dates(
        raw.columns[column], formats, rows=raw.rows, file=file.name, name=column
    )


def _why_not_counted(column: pa.DictionaryArray, mapping: PartnerMapping) -> NDArray[np.object_]:
    """Return why each row does not count by its category, an empty text where it does."""
    known = {word.strip().casefold(): counts for word, counts in mapping.categories.items()}
    why = {True: "", False: NOT_COUNTED, None: NO_CATEGORY}
    said = [why[known.get(word.strip().casefold())] for word in words_of(column)]
    return np.array([*said, NO_CATEGORY], dtype=object)[indices_of(column)]


def _weapons(raw: RawRows, mapping: PartnerMapping) -> tuple[pa.DictionaryArray, int]:
    """Return the weapon of each row, and how many rows had a word that the mapping lacks."""
    if mapping.columns.weapon is None:
        return constant_column("unknown", len(raw.rows)), 0
    known = {word.strip().casefold(): weapon for word, weapon in mapping.weapons.items()}
    column, lost = translate(
        raw.columns[mapping.columns.weapon],
        lambda word: known.get(word.strip().casefold()),
        blank="unknown",
    )
    return column, int(lost.sum())


def _places(
    file: OpenFile, raw: RawRows, mapping: PartnerMapping, gazetteer: Gazetteer
) -> tuple[Floats, Floats, Floats, NDArray[np.int64], Counter[str]]:
    """Place the rows: by their point where they have one, else by the name of a place.

    Returns
    -------
    Longitude, latitude, how far a place or square reaches (metres), the place in `_CONFIDENCES`,
    and the tally of names.
    """
    names = mapping.columns
    length = len(raw.rows)
    longitude, latitude = np.full(length, np.nan), np.full(length, np.nan)
    reach_m, looked_up = np.zeros(length), Counter[str]()
    if any(len(raw.columns[column].dictionary) for column in names.points):
        crs = mapping.location.crs or ""
        columns = Columns(
            occurred_from=names.occurred_from,
            x=names.x,
            y=names.y,
            grid_reference=names.grid_reference,
        )
        points = locations.read_points(raw, columns, crs)
        locations.require_places(points.seen, columns, crs, file=file.name)
        longitude, latitude = points.longitude.copy(), points.latitude.copy()
        reach_m = np.zeros(length) if points.side is None else np.nan_to_num(points.side)
    found = np.where(np.isnan(longitude), 3, 0)
    if names.place is not None:
        column = raw.columns[names.place]
        answers = [gazetteer.find(word) for word in words_of(column)]
        spots = np.array(
            [
                (np.nan, np.nan, 0.0, 3)
                if isinstance(answer, Lost)
                else (answer.longitude, answer.latitude, answer.reach_m, _number(answer.found_as))
                for answer in answers
            ]
            + [(np.nan, np.nan, 0.0, 3)]
        )[indices_of(column)]
        open_ = found == 3  # noqa: PLR2004 (the last confidence)
        for target, values in zip((longitude, latitude, reach_m), spots.T, strict=False):
            target[open_] = values[open_]
        found[open_] = spots[open_, 3].astype(np.int64)
        said = [one.value if isinstance(one, Lost) else one.found_as for one in answers]
        counted = Counter(np.array([*said, "blank"])[indices_of(column)[open_]].tolist())
        looked_up = Counter({word: number for word, number in counted.items() if word != "blank"})
    return longitude, latitude, reach_m, found, looked_up


def _number(confidence: str) -> int:
    return _CONFIDENCES.index(confidence)
