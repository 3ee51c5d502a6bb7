"""The store's files: GeoParquet parts of incidents, and reports of the rows not in them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spatial.incidents.rows import locations
from spatial.incidents.rows.words import constant_column
from spatial.incidents.schema import INCIDENT_SCHEMA, RESOLUTIONS, cell_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_GEO_VERSION: Final = "1.1.0"
_ROWS_IN_GROUP: Final = 1 << 17
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
# Long distinct texts gain nothing from a dictionary.
# Columns by which whole groups of rows can be passed over.
_SOUGHT: Final = ["occurred_from", *(cell_column(resolution) for resolution in RESOLUTIONS)]
_PLAIN: Final = frozenset({"incident_id", "geometry", "source_row"})


def finish_incidents(table: pa.Table, load_id: str) -> pa.Table:
    """Add the columns that the whole load shares: cells, points and load id.

    Parameters
    ----------
    table
        Named incidents, without the later columns.
    load_id
        The load's content hash.

    Returns
    -------
    A table of exactly the incident schema, rows in the order given.
    """
    table = table.combine_chunks()
    longitude = table.column("longitude").to_numpy()
    latitude = table.column("latitude").to_numpy()
    cells = locations.cells_of(longitude, latitude)
    made = {
        "load_id": constant_column(load_id, table.num_rows),
        "geometry": locations.points_as_wkb(longitude, latitude),
        **{cell_column(resolution): cells[resolution] for resolution in RESOLUTIONS},
    }
    columns = [
        made[field.name] if field.name in made else table.column(field.name)
        for field in INCIDENT_SCHEMA
    ]
    return pa.table(columns, schema=INCIDENT_SCHEMA)


class PartWriter:
    """Writes incidents, chunk by chunk, as GeoParquet 1.1.

    WKB points in longitude and latitude (OGC:CRS84). The same chunks give the same bytes, with the
    same version of the Parquet writer.

    Parameters
    ----------
    path
        The file to write.
    extra
        Columns beyond the incident schema.
    """

    def __init__(self, path: Path, *, extra: Sequence[pa.Field] = ()) -> None:
        self._schema = pa.schema([*INCIDENT_SCHEMA, *extra])
        self._writer = pq.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=[name for name in self._schema.names if name not in _PLAIN],
            write_statistics=_SOUGHT,
            store_schema=True,
        )
        self._waiting: list[pa.Table] = []
        self._bounds: list[float] = []
        self.rows = 0
        """How many incidents have come so far."""

    def write(self, table: pa.Table) -> None:
        """Add a chunk of exactly the writer's columns."""
        if not table.num_rows:
            return
        self.rows += table.num_rows
        self._waiting.append(table)
        self._widen(table)
        if sum(each.num_rows for each in self._waiting) >= _ROWS_IN_GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is waiting, and the file's end."""
        self._flush()
        column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
        if self._bounds:
            column["bbox"] = self._bounds
        # no "crs" member means longitude and latitude on OGC:CRS84, by the GeoParquet specification
        geo = {
            "version": _GEO_VERSION,
            "primary_column": "geometry",
            "columns": {"geometry": column},
        }
        self._writer.add_key_value_metadata({"geo": json.dumps(geo)})
        self._writer.close()

    def abandon(self) -> None:
        """Let go of a file that came to nothing."""
        self._writer.close()

    def _widen(self, table: pa.Table) -> None:
        longitude = table.column("longitude").to_numpy()
        latitude = table.column("latitude").to_numpy()
        if not np.isfinite(longitude).any():
            return
        west, south = float(np.nanmin(longitude)), float(np.nanmin(latitude))
        east, north = float(np.nanmax(longitude)), float(np.nanmax(latitude))
        old = self._bounds or [west, south, east, north]
        self._bounds = [
            min(west, old[0]), min(south, old[1]), max(east, old[2]), max(north, old[3]),
        ]  # fmt: skip

    def _flush(self) -> None:
        if self._waiting:
            # one dictionary a row group, so that the bytes do not hang on the sizes of chunks
            table = pa.concat_tables(self._waiting).unify_dictionaries().combine_chunks()
            self._writer.write_table(table, row_group_size=_ROWS_IN_GROUP)
            self._waiting.clear()


def empty_incidents() -> pa.Table:
    """Return a table of the incident schema without rows."""
    return INCIDENT_SCHEMA.empty_table()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a report as CSV (UTF-8), no cell of which a spreadsheet can take for a formula."""
    return _csv_rows([header]) + _csv_rows(rows)


def _csv_rows(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def append_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Add rows to a report that has its heading."""
    with path.open("ab") as file:
        file.write(_csv_rows(rows))


def _safe(cell: object) -> object:
    """Put an apostrophe before text that would start a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
