"""Identity: what names an incident, the source's id or else all the row says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spatial.incidents.rows.words import indices_of
from spatial.incidents.schema import INCIDENT_SCHEMA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

KEY: Final = ("source", "force", "incident_id")
"""What names an incident: an id means something only within its source and force."""

_BOOKKEEPING: Final = frozenset({"load_id", "source_file", "source_row", "geometry"})
COMPARED: Final = tuple(
    field.name
    for field in INCIDENT_SCHEMA
    if field.name not in {*KEY, *_BOOKKEEPING} and not field.name.startswith("h3_")
)
"""Columns whose values say whether two rows of one incident differ."""

# What a row without an id is told by. Not its tier or harm, which a new table may change.
_CONTENT: Final = tuple(
    column for column in COMPARED if column not in {"tier", "harm_days", "harm_edition"}
)
_BREAK: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Named:
    """A chunk of incidents, each with an id.

    Attributes
    ----------
    table
        The incidents.
    keys
        A hash of what names each (see `key_hash`).
    rows
        The places of those that had no id of their own, in order.
    content
        All that each of these says, as one text.
    said
        A hash of that.
    number
        How many rows of the same content come before it in the chunk.
    """

    table: pa.Table
    keys: Hashes
    rows: NDArray[np.int64]
    content: pa.StringArray
    said: Hashes
    number: NDArray[np.int64]


def name_incidents(table: pa.Table) -> Named:
    """Give every row without an id one: a hash of all it says, and its place among such rows.

    Two rows of one file that say the same are two incidents (antisocial behaviour is published
    without ids and moved to shared map points). The second of a file and the second of another
    file get one id, so across files of the same force and month the larger number is kept.

    Parameters
    ----------
    table
        Incidents of one chunk of one file; see `renumbered` for the chunks after the first.

    Notes
    -----
    Two files of different origin that each hold one of two truly separate incidents, alike in every
    stored column, count them as one.
    """
    ids = table.column("incident_id").combine_chunks()
    unnamed = np.flatnonzero(ids.is_null().to_numpy(zero_copy_only=False))
    rows = table.take(pa.array(unnamed))
    texts = [
        pc.fill_null(rows.column(column).cast(pa.string()), "")
        for column in ("source", "force", *_CONTENT)
    ]
    content = pc.binary_join_element_wise(*texts, _BREAK).combine_chunks()
    number = _occurrence(indices_of(content.dictionary_encode()))
    named, keys, said = _hashed(table, unnamed, content, number)
    return Named(named, keys, unnamed, content, said, number)


def renumbered(named: Named, before: NDArray[np.int64]) -> Named:
    """Name the rows again that repeat what an earlier chunk of their file says.

    Parameters
    ----------
    named
        A chunk.
    before
        How many rows of the same content come in earlier chunks, for each of ``named.rows``.
    """
    if not before.any():
        return named
    number = named.number + before
    table, keys, said = _hashed(named.table, named.rows, named.content, number)
    return Named(table, keys, named.rows, named.content, said, number)


class LikeRows:
    """How often each content has come in the chunks of one file so far."""

    def __init__(self) -> None:
        self._said: Hashes = np.empty(0, dtype=np.uint64)
        self._times = np.empty(0, dtype=np.int64)

    def before(self, said: Hashes) -> NDArray[np.int64]:
        """Return how often each of these came before this chunk."""
        if not len(self._said):
            return np.zeros(len(said), dtype=np.int64)
        place = np.minimum(np.searchsorted(self._said, said), len(self._said) - 1)
        return np.where(self._said[place] == said, self._times[place], 0)

    def add(self, said: Hashes) -> None:
        """Count a chunk."""
        both = np.concatenate([self._said, said])
        times = np.concatenate([self._times, np.ones(len(said), dtype=np.int64)])
        self._said, place = np.unique(both, return_inverse=True)
        self._times = np.bincount(place, weights=times).astype(np.int64)


def key_hash(source: str, force: str, incident_id: str) -> str:
    """Return the SQL of the hash of what names an incident, from the SQL of its three parts.

    Equal keys have equal hashes, in one version of the database engine.

    Notes
    -----
    Of 20 million incidents, two share a hash by chance once in 90,000 loads; whatever shares one is
    compared in full (see `spatial.incidents.repeats`), so chance loses no incident.
    """
    return f"hash({source}, {force}, {incident_id})"


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Return the one database that hashes: opening another for every chunk would cost more."""
    return duckdb.connect(config={"threads": 1})


def _hashed(
    table: pa.Table, unnamed: NDArray[np.int64], content: pa.StringArray, number: NDArray[np.int64]
) -> tuple[pa.Table, Hashes, Hashes]:
    """Put ids made of content and number into some rows; hash every key, and the contents."""
    if not table.num_rows:
        nothing = np.empty(0, dtype=np.uint64)
        return table, nothing, nothing
    place = np.full(table.num_rows, -1, dtype=np.int64)
    place[unnamed] = np.arange(len(unnamed))
    chosen = pa.array(place, mask=place < 0)
    rows = pa.table(
        {
            **{column: table.column(column).cast(pa.string()) for column in KEY},
            "content": content.take(chosen),
            "number": pa.array(number).take(chosen),
        }
    )
    made = f"md5(content || '{_BREAK}' || number)"
    key = key_hash("source", "force", "CASE WHEN content IS NULL THEN incident_id ELSE made END")
    with _engine().cursor() as connection:
        connection.register("chunk_rows", rows)
        found = connection.sql(
            f"SELECT made, {key} AS key, hash(content) AS said "  # noqa: S608 (our names)
            f"FROM (SELECT *, {made} AS made FROM chunk_rows)"
        ).to_arrow_table()
    keys = found.column("key").to_numpy()
    said = found.column("said").to_numpy()[unnamed]
    if not len(unnamed):
        return table, keys, said
    ids = pc.coalesce(found.column("made").cast(pa.string()), rows.column("incident_id"))
    position = table.schema.get_field_index("incident_id")
    return table.set_column(position, "incident_id", ids.combine_chunks()), keys, said


def _occurrence(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each row, how many rows of its group come before it."""
    if not len(group):
        return np.empty(0, dtype=np.int64)
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(group)]]))
    number = np.empty(len(group), dtype=np.int64)
    number[order] = np.arange(len(group)) - np.repeat(starts, lengths)
    return number
