"""The store's files: GeoParquet parts of incidents, and reports of the rows not in them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spatial.incidents import locations
from spatial.incidents.schema import INCIDENT_SCHEMA, RESOLUTIONS, cell_column
from spatial.incidents.words import constant_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_GEO_VERSION: Final = "1.1.0"
_ROWS_IN_GROUP: Final = 1 << 17
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
# Long distinct texts gain nothing from a dictionary.
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


def write_part(table: pa.Table, path: Path) -> None:
    """Write incidents as GeoParquet 1.1: WKB points in longitude and latitude (OGC:CRS84).

    The same table gives the same bytes, with the same version of the Parquet writer.
    """
    longitude = table.column("longitude").to_numpy()
    latitude = table.column("latitude").to_numpy()
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if np.isfinite(longitude).any():
        bounds = (
            np.nanmin(longitude),
            np.nanmin(latitude),
            np.nanmax(longitude),
            np.nanmax(latitude),
        )
        column["bbox"] = [float(bound) for bound in bounds]
    # no "crs" member means longitude and latitude on OGC:CRS84, by the GeoParquet specification
    geo = {"version": _GEO_VERSION, "primary_column": "geometry", "columns": {"geometry": column}}
    table = table.replace_schema_metadata({b"geo": json.dumps(geo).encode()})
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=1,
        row_group_size=_ROWS_IN_GROUP,
        use_dictionary=[name for name in table.column_names if name not in _PLAIN],
        write_statistics=[name for name in table.column_names if name != "geometry"],
        store_schema=True,
    )


def empty_incidents() -> pa.Table:
    """Return a table of the incident schema without rows."""
    return INCIDENT_SCHEMA.empty_table()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write a report as CSV (UTF-8), no cell of which a spreadsheet can take for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _safe(cell: object) -> object:
    """Put an apostrophe before text that would start a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
