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


def in_force(origin: str, ledgers: Sequence[str]) -> str:
    """Return the SQL of the rows of an origin that no ledger has replaced.

    Parameters
    ----------
    origin
        SQL after FROM, with the columns ``load_id``, ``source_file`` and ``source_row``.
    ledgers
        Parquet files, none where nothing was ever replaced.

    Returns
    -------
    SQL after FROM.

    Notes
    -----
    Parts are never rewritten: an earlier version stays where it was and is only passed over, so
    that taking out the later load brings it back. A ledger lists every earlier version of an
    incident, replaced before or not, so that taking out a load between two others changes nothing.
    """
    if not ledgers:
        return origin
    return (
        f"(SELECT held.* FROM {origin} AS held ANTI JOIN read_parquet({listed(ledgers)}) AS gone "  # noqa: S608 (our paths, quoted)
        "ON held.load_id = gone.load_id AND held.source_file = gone.source_file "
        "AND held.source_row = gone.source_row)"
    )


def listed(paths: Sequence[str]) -> str:
    """Return paths as an SQL list of texts."""
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"
