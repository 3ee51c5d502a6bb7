"""Identity: which rows are one incident, told by the source's id, else by all they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.incidents.schema import INCIDENT_SCHEMA
from spatial.incidents.words import indices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

KEY: Final = ("source", "force", "incident_id")
"""What names an incident: an id means something only within its source and force."""

SAME: Final = "same"
_BOOKKEEPING: Final = frozenset({"load_id", "source_file", "source_row", "geometry"})
COMPARED: Final = tuple(
    field.name
    for field in INCIDENT_SCHEMA
    if field.name not in {*KEY, *_BOOKKEEPING} and not field.name.startswith("h3_")
)
"""Columns whose values say whether a duplicate differs from the incident it repeats."""

# What a row without an id is told by. Not its tier or harm, which a new table may change.
_CONTENT: Final = tuple(
    column for column in COMPARED if column not in {"tier", "harm_days", "harm_edition"}
)
_BREAK: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Rows that repeat an incident.

    Attributes
    ----------
    rows
        Their places in the table, in order.
    of_file, of_row
        The file and row number of the incident each repeats.
    difference
        "same", or the stored columns in which it differs, separated by spaces.
    """

    rows: NDArray[np.int64]
    of_file: list[str]
    of_row: list[int]
    difference: list[str]


def name_incidents(table: pa.Table) -> pa.Table:
    """Give every row without an id one: a hash of all it says, and its place among such rows.

    Two rows of one file that say the same are two incidents (antisocial behaviour is published
    without ids and moved to shared map points). The second of a file and the second of another
    file get one id, so across files of the same force and month the larger number is kept.

    Notes
    -----
    Two files of different origin that each hold one of two truly separate incidents, alike in every
    stored column, count them as one.
    """
    ids = table.column("incident_id").combine_chunks()
    unnamed = np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))
    if not len(unnamed):
        return table
    rows = table.take(pa.array(unnamed))
    texts = [
        pc.fill_null(rows.column(column).cast(pa.string()), "")
        for column in ("source", "force", *_CONTENT)
    ]
    content = pc.binary_join_element_wise(*texts, _BREAK).combine_chunks().dictionary_encode()
    said = indices_of(content)
    files = indices_of(rows.column("source_file").combine_chunks())
    number = _occurrence(said * (int(files.max()) + 1) + files)
    nameless = pa.table({"content": content.cast(pa.string()), "number": pa.array(number)})
    with duckdb.connect() as connection:
        connection.register("nameless", nameless)
        hashes = connection.sql(
            f"SELECT md5(content || '{_BREAK}' || number) AS id FROM nameless"  # noqa: S608 (a constant)
        ).to_arrow_table()
    named = pc.replace_with_mask(
        ids, ids.is_null(), hashes.column("id").cast(pa.string()).combine_chunks()
    )
    return table.set_column(table.schema.get_field_index("incident_id"), "incident_id", named)


def find_duplicates(table: pa.Table, stored: Sequence[str]) -> Duplicates:
    """Find the rows that repeat an earlier row of the table, or an incident of the store.

    Parameters
    ----------
    table
        Named incidents, in order.
    stored
        Parquet files of the store.

    Returns
    -------
    The duplicates, in order. A row that repeats the store names the stored row; a row that repeats
    an earlier row of the same load names that.
    """
    key = _key_numbers(table)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    of_place = first[inverse]
    places = np.arange(len(key))
    held = _held(table.take(pa.array(first)).select(list(KEY)), stored)
    # the store's row, where it has one, for every distinct key
    held_place = np.full(len(first), -1, dtype=np.int64)
    if held is not None:
        held_place[held.column("place").to_numpy()] = np.arange(held.num_rows)
    of_held = held_place[inverse]
    repeats = np.flatnonzero((of_place != places) | (of_held >= 0))
    in_store = of_held[repeats] >= 0

    of_file = np.empty(len(repeats), dtype=object)
    of_row = np.empty(len(repeats), dtype=np.int64)
    difference = np.empty(len(repeats), dtype=object)
    sources = [(~in_store, table, of_place)]
    if held is not None:
        sources.append((in_store, held, of_held))
    for chosen, origin, where in sources:
        mine = repeats[chosen]
        theirs = origin.take(pa.array(where[mine]))
        of_file[chosen] = theirs.column("source_file").to_pylist()
        of_row[chosen] = theirs.column("source_row").to_numpy()
        difference[chosen] = _differences(table.take(pa.array(mine)), theirs)
    return Duplicates(repeats, of_file.tolist(), of_row.tolist(), difference.tolist())


def _key_numbers(table: pa.Table) -> NDArray[np.int64]:
    """Return a number for each row's (source, force, id), equal where they are equal."""
    number = np.zeros(table.num_rows, dtype=np.int64)
    for column in KEY:
        values = table.column(column).combine_chunks()
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        # -1 (no force) becomes one more word
        number = number * (len(values.dictionary) + 1) + indices_of(values) + 1
    return number


def _occurrence(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each row, how many rows of its group come before it."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(group)]]))
    number = np.empty(len(group), dtype=np.int64)
    number[order] = np.arange(len(group)) - np.repeat(starts, lengths)
    return number


def _held(keys: pa.Table, stored: Sequence[str]) -> pa.Table | None:
    """Return the store's incidents of these keys, with the ``place`` of each key."""
    if not stored:
        return None
    sought = pa.table(
        {
            **{column: keys.column(column).cast(pa.string()) for column in KEY},
            "place": pa.array(np.arange(keys.num_rows)),
        }
    )
    columns = ", ".join(f"held.{column}" for column in (*COMPARED, "source_file", "source_row"))
    with duckdb.connect() as connection:
        connection.register("sought", sought)
        found: pa.Table = connection.sql(
            f"SELECT place, {columns} FROM read_parquet(?) AS held JOIN sought "  # noqa: S608 (our names)
            "ON held.incident_id = sought.incident_id AND held.source = sought.source "
            "AND held.force IS NOT DISTINCT FROM sought.force ORDER BY place",
            params=[list(stored)],
        ).to_arrow_table()
    return found


def _differences(ours: pa.Table, theirs: pa.Table) -> list[str]:
    """Say, row by row, which columns differ."""
    said = np.full(ours.num_rows, "", dtype=object)
    for column in COMPARED:
        kind = INCIDENT_SCHEMA.field(column).type
        plain = pa.string() if pa.types.is_dictionary(kind) else kind
        mine = ours.column(column).cast(plain).combine_chunks()
        other = theirs.column(column).cast(plain).combine_chunks()
        alike = pc.fill_null(pc.equal(mine, other), False)  # noqa: FBT003 (arrow's own argument)
        alike = pc.or_(alike, pc.and_(mine.is_null(), other.is_null()))
        differs = ~alike.to_numpy(zero_copy_only=False)
        said[differs] = [f"{text} {column}".strip() for text in said[differs]]
    said[said == ""] = SAME
    listed: list[str] = said.tolist()
    return listed
