"""Register rows: licensed premises as points and kinds; no name or address is ever read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from config.errors import BadInputError
from config.mapping import Columns
from config.standing import PREMISES_KINDS
from spatial.incidents.rows import locations, times
from spatial.incidents.rows.batch import BLANK, RAGGED
from spatial.incidents.rows.words import indices_of, translate, words_of
from spatial.incidents.schema import RESOLUTIONS, cell_column
from spatial.notes import Note, Notes
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from config.standing import PremisesMapping
    from spatial.incidents.files.formats import OpenFile
    from spatial.incidents.files.raw_rows import RawRows

PREMISES_SCHEMA: Final = pa.schema(
    [
        # degrees, EPSG:4326; null where the row gives no usable place
        pa.field("longitude", pa.float64()),
        pa.field("latitude", pa.float64()),
        pa.field("location_precision_m", pa.float32()),
        # pub, club, takeaway, off_licence, restaurant or other
        pa.field("kind", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        # minutes after midnight, null where not said
        pa.field("closes", pa.int16()),
        *(pa.field(cell_column(resolution), pa.uint64()) for resolution in RESOLUTIONS),
    ]
)
"""There is no number of a premises, and no row number: either would lead back to its holder."""

_CLOCK: Final = re.compile(r"^(\d{1,2})[:.]?(\d{2})(?::\d{2})?$")
_DAY_MINUTES: Final = 24 * 60
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Rows:
    """What one file holds, made into rows to be stored.

    Attributes
    ----------
    table
        In an order that does not lead back to the file's.
    rejected
        Row number and reason of each row that is not stored, by row.
    since, through
        The period; of a register twice the day as of which it stood.
    total_given
        Whether the table came with a total of its own.
    notes
        Every automatic choice.
    """

    table: pa.Table
    rejected: tuple[tuple[int, str], ...]
    since: dt.date
    through: dt.date
    total_given: bool
    notes: Notes


def read_register(
    file: OpenFile, raw: RawRows, mapping: PremisesMapping, *, as_of: dt.date | None
) -> Rows:
    """Make rows of a register of premises.

    Parameters
    ----------
    as_of
        The day as of which the register stood; None where the file has a column for it.

    Raises
    ------
    BadInputError
        No row has a usable place, the coordinates are swapped or of two systems, or nothing says as
        of what day the register stood.
    """
    names = mapping.columns
    day, told = _as_of(file, raw, mapping, as_of)
    columns = Columns(
        # read_points asks for the place alone
        occurred_from=names.points[0],
        x=names.x,
        y=names.y,
        grid_reference=names.grid_reference,
    )
    crs = mapping.location.crs or ""
    points = locations.read_points(raw, columns, crs)
    locations.require_places(points.seen, columns, crs, file=file.name)
    absent = np.isnan(points.longitude)
    length = len(raw.rows)
    reach_m = np.zeros(length) if points.side is None else np.nan_to_num(points.side)
    precision_m = np.fmax(reach_m, mapping.location.precision_m).astype(np.float32)
    kind, kind_notes = _kinds(raw, mapping)
    closes, clock_notes = _closing(raw, names.closes)
    cells = locations.cells_of(points.longitude, points.latitude)
    arrays = {
        "longitude": pa.array(points.longitude, mask=absent),
        "latitude": pa.array(points.latitude, mask=absent),
        "location_precision_m": pa.array(precision_m, mask=absent),
        "kind": kind,
        "closes": closes,
        **{cell_column(resolution): cells[resolution] for resolution in RESOLUTIONS},
    }
    table = pa.table([arrays[one.name] for one in PREMISES_SCHEMA], schema=PREMISES_SCHEMA)
    table = table.sort_by([(name, "ascending") for name in ("longitude", "latitude", "closes")])
    rejected = [(row, RAGGED) for row in raw.ragged] + [(row, BLANK) for row in raw.blank]
    lost = int(absent.sum())
    if lost:
        text = f"Premises without a usable place, on no map: {lost:,} of {length:,}."
        told = (*told, Note(text, loud=True))
    shared = _sharing(points.longitude[~absent], points.latitude[~absent])
    if shared:
        text = (
            f"Premises that share their point with another: {shared:,}. They may be one address or "
            "one postcode, or listed twice: names, which would tell, are not read."
        )
        told = (*told, Note(text, loud=shared > _HALF * (length - lost)))
    return Rows(
        table=table,
        rejected=tuple(sorted(rejected)),
        since=day,
        through=day,
        total_given=False,
        notes=(*told, *kind_notes, *clock_notes),
    )


def _as_of(
    file: OpenFile, raw: RawRows, mapping: PremisesMapping, given: dt.date | None
) -> tuple[dt.date, Notes]:
    """Return the day as of which a register stood."""
    column = mapping.columns.as_of
    if given is not None:
        other = () if column is None else (Note(f"--as-of was taken, not the column {column!r}."),)
        return given, other
    if column is None:
        msg = (
            f"Nothing says as of what day {file.name} stood. Give it as --as-of YYYY-MM-DD, or "
            "name a column as_of in the mapping."
        )
        raise BadInputError(msg)
    days = read_days(file, raw, column, mapping.date.formats)
    known = np.unique(days[~np.isnat(days)])
    if not len(known):
        msg = (
            f"{file.name}: no row holds a date in the column {column!r}. Give the day as "
            "--as-of YYYY-MM-DD."
        )
        raise BadInputError(msg)
    day: dt.date = known[-1].item()
    if len(known) == 1:
        return day, ()
    text = f"The column {column!r} holds {len(known):,} days; the last, {day_words(day)}, is taken."
    return day, (Note(text, loud=True),)


def read_days(
    file: OpenFile, raw: RawRows, column: str, formats: tuple[str, ...]
) -> NDArray[np.datetime64]:
    """Read a column of dates to the day, NaT where a row has none."""
    known = (*formats, *((times.TYPED,) if column in raw.typed else ()))
    read = times.read_dates(raw.columns[column], known, rows=raw.rows, file=file.name, name=column)
    return read.seconds.astype("datetime64[D]")


def _kinds(raw: RawRows, mapping: PremisesMapping) -> tuple[pa.DictionaryArray, Notes]:
    """Return the kind of each premises, what was not known, and the kinds that never come."""
    column = mapping.columns.kind
    if column is None:
        indices = pa.array(np.zeros(len(raw.rows), dtype=np.int32))
        return pa.DictionaryArray.from_arrays(indices, pa.array(["other"])), ()
    known = {word.strip().casefold(): kind for word, kind in mapping.kinds.items()}
    kinds, strange = translate(
        raw.columns[column], lambda word: known.get(word.strip().casefold()), blank="other"
    )
    notes: list[Note] = []
    if strange.any():
        # a word is not repeated: a column named by mistake may hold names
        text = (
            f"Premises of a kind that the mapping does not know: {int(strange.sum()):,} (the first "
            f"in row {raw.rows[int(np.argmax(strange))]}). They count as other; add the word to "
            "kinds."
        )
        notes.append(Note(text, loud=True))
    held = set(words_of(kinds))
    never = [kind for kind in PREMISES_KINDS if kind not in held and kind != "other"]
    if never:
        listed = ", ".join(kind.replace("_", " ") for kind in never)
        text = f"The register holds none of these kinds at all: {listed}. It may not list them."
        notes.append(Note(text, loud=True))
    return kinds, tuple(notes)


def _closing(raw: RawRows, column: str | None) -> tuple[pa.Array, Notes]:
    """Return closing hours, minutes after midnight, null where blank or not readable."""
    if column is None:
        return pa.nulls(len(raw.rows), pa.int16()), ()
    words = words_of(raw.columns[column])
    minutes = np.array([*(_minute(word) for word in words), -1], dtype=np.int16)
    read = minutes[indices_of(raw.columns[column])]
    said = indices_of(raw.columns[column]) >= 0
    lost = int((said & (read < 0)).sum())
    text = f"Closing hours that are not written as HH:MM and were left out: {lost:,}."
    return pa.array(read, mask=read < 0), ((Note(text, loud=True),) if lost else ())


def _minute(word: str) -> int:
    found = _CLOCK.match(word.strip())
    if found is None:
        return -1
    minute = int(found[1]) * 60 + int(found[2])
    is_clock = int(found[2]) < 60 and minute <= _DAY_MINUTES  # noqa: PLR2004 (minutes of an hour)
    return minute % _DAY_MINUTES if is_clock else -1


def _sharing(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> int:
    """Count points at which another lies too."""
    _, counts = np.unique(longitude + 1j * latitude, return_counts=True)
    return int(counts[counts > 1].sum())
