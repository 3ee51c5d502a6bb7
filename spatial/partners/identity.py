"""Identity: which partner records are one, told by all they say and never by a partner's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb
import numpy as np
import pyarrow as pa

from spatial.partners.schema import PARTNER_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_CONTENT: Final = (
    "source", "kind", "occurred_from", "occurred_to", "time_precision", "longitude", "latitude",
    "weapon", "place_confidence",
)  # fmt: skip
_BREAK: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Identified:
    """Records with their ids.

    Attributes
    ----------
    table
        All records, ``partner_id`` first.
    repeats
        For each record "" where it is new, else what it repeats: "this load" or a load's id.
    """

    table: pa.Table
    repeats: NDArray[np.str_]


def identify(table: pa.Table, files: NDArray[np.int64], stored: Sequence[str]) -> Identified:
    """Give every record an id and find those that repeat another.

    Parameters
    ----------
    table
        Records, in the order of their files and rows.
    files
        The number of each record's file.
    stored
        Parquet files of partner records that the store holds.

    Notes
    -----
    Two records of one file that say the same are two people. The second of one file and the second
    of another are one, so that of overlapping exports the larger number is kept. Two sources never
    share a record.
    """
    content = " || ".join(f"coalesce({column}::VARCHAR, '') || '{_BREAK}'" for column in _CONTENT)
    numbered = table.select(list(_CONTENT)).append_column("file", pa.array(files))
    numbered = numbered.append_column("place", pa.array(np.arange(table.num_rows)))
    with duckdb.connect() as connection:
        connection.register("rows_given", numbered)
        named = (
            f"SELECT place, md5({content} || row_number() OVER "  # noqa: S608 (our names)
            f"(PARTITION BY {', '.join(_CONTENT)}, file ORDER BY place)) AS id FROM rows_given"
        )
        held = "SELECT NULL::VARCHAR AS partner_id, NULL::VARCHAR AS load_id WHERE FALSE"
        if stored:
            held = "SELECT partner_id, load_id FROM read_parquet(?)"
        found: pa.Table = connection.sql(
            f"""
            WITH named AS ({named}), held AS ({held})
            SELECT id, coalesce(
                held.load_id::VARCHAR,
                CASE WHEN row_number() OVER (PARTITION BY id ORDER BY place) > 1
                     THEN 'this load' ELSE '' END
            ) AS repeats
            FROM named LEFT JOIN held ON held.partner_id = named.id ORDER BY place
            """,  # noqa: S608 (our names)
            params=[list(stored)] if stored else [],
        ).to_arrow_table()
    ids = found.column("id").cast(pa.string()).combine_chunks()
    field = PARTNER_SCHEMA.field("partner_id")
    repeats = np.array(found.column("repeats").to_pylist(), dtype=np.str_)
    return Identified(table.add_column(0, field, ids), repeats)
