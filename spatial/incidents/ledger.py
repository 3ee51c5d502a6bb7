"""The ledger: which stored rows a later row of the same incident has replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER: Final = "ledger"

LEDGER_SCHEMA: Final = pa.schema(
    [
        # the row that no longer counts
        pa.field("load_id", pa.string(), nullable=False),
        pa.field("source_file", pa.string(), nullable=False),
        pa.field("source_row", pa.int64(), nullable=False),
        # the row that took its place, in the load whose ledger this is
        pa.field("by_file", pa.string(), nullable=False),
        pa.field("by_row", pa.int64(), nullable=False),
        # the columns that differ, separated by blanks
        pa.field("changed", pa.string(), nullable=False),
    ]
)


def in_force(origin: str, ledgers: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return the SQL of the rows of an origin that no ledger has replaced.

    Parameters
    ----------
    origin
        SQL after FROM, with the columns ``load_id``, ``source_file`` and ``source_row``.
    ledgers
        Parquet files, each with the loads of which it may speak: its own, and those made before
        it. None where nothing was ever replaced.

    Returns
    -------
    SQL after FROM.

    Notes
    -----
    Parts are never rewritten: an earlier version stays where it was and is only passed over, so
    that taking out the later load brings it back. A ledger lists every earlier version of an
    incident, replaced before or not, so that taking out a load between two others changes nothing.
    A load that is taken out and made again has its old id but is now the later: what a ledger said
    of its rows before holds no more, else each of two versions would rule the other out.
    """
    if not ledgers:
        return origin
    gone = " UNION ALL ".join(
        f"SELECT load_id, source_file, source_row FROM read_parquet({listed([path])}) "  # noqa: S608 (our paths, quoted)
        f"WHERE list_contains({listed(loads)}, load_id)"
        for path, loads in ledgers
    )
    return (
        f"(SELECT held.* FROM {origin} AS held ANTI JOIN ({gone}) AS gone "  # noqa: S608 (our paths, quoted)
        "ON held.load_id = gone.load_id AND held.source_file = gone.source_file "
        "AND held.source_row = gone.source_row)"
    )


def listed(texts: Sequence[str]) -> str:
    """Return paths or ids as an SQL list of texts."""
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"
