"""Formats: one table as CSV or GeoJSON, the same bytes for the same table."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from spatial.hexes.grid import cell_polygons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DECIMALS: Final = 6
_BYTE_ORDER_MARK: Final = "\ufeff"
# a spreadsheet runs a text cell that begins with one of these
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def table_csv(table: pd.DataFrame) -> bytes:
    """Write a table as CSV: UTF-8 with a byte order mark, CRLF, ISO dates, a header.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left
    alone; what is null is empty.
    """
    lines = [",".join(map(str, table.columns))]
    lines += [",".join(map(csv_cell, row)) for row in table.itertuples(index=False)]
    return (_BYTE_ORDER_MARK + "\r\n".join(lines) + "\r\n").encode()


def cells_geojson(table: pd.DataFrame, head: Mapping[str, Any]) -> bytes:
    """Write a table with a column ``cell`` as GeoJSON: a polygon for each row, in its order.

    Parameters
    ----------
    table
        Cells as hexadecimal strings, and whatever is said of them.
    head
        The member ``harmhex``: what the numbers rest on.
    """
    cells = np.array([int(cell, 16) for cell in table["cell"]], dtype=np.uint64)
    outlines = shapely.orient_polygons(cell_polygons(cells), exterior_cw=False)
    rows = table.to_dict("records")
    return collection(
        [feature(row["cell"], row, outline) for row, outline in zip(rows, outlines, strict=True)],
        head,
    )


def feature(
    identity: str, properties: Mapping[Any, Any], outline: shapely.Polygon
) -> dict[str, Any]:
    """Return one GeoJSON feature with its box, coordinates to a tenth of a metre."""
    rounded = shapely.transform(outline, lambda corners: np.round(corners, _DECIMALS))
    return {
        "type": "Feature",
        "id": identity,
        "bbox": [round(edge, _DECIMALS) for edge in rounded.bounds],
        "properties": {key: json_value(value) for key, value in properties.items()},
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }


def collection(features: Iterable[Mapping[str, Any]], head: Mapping[str, Any]) -> bytes:
    """Return a GeoJSON feature collection (RFC 7946) with our member ``harmhex``, UTF-8."""
    listed = list(features)
    document: dict[str, Any] = {"type": "FeatureCollection", "harmhex": head}
    if listed:
        edges = np.array([feature["bbox"] for feature in listed])
        document["bbox"] = [*edges[:, :2].min(axis=0), *edges[:, 2:].max(axis=0)]
    document["features"] = listed
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (text + "\n").encode()


def json_value(value: Any) -> Any:  # noqa: ANN401 (a cell of a table is anything)
    """Return a table's value as JSON holds it: null for what is not there, dates as ISO text."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def csv_cell(value: Any) -> str:  # noqa: ANN401 (as above)
    """Return one cell of a CSV file, formula-safe and quoted where it must be."""
    plain = json_value(value)
    if plain is None:
        return ""
    if not isinstance(plain, str):
        return repr(plain)
    safe = f"'{plain}" if plain.startswith(_FORMULA_STARTS) else plain
    quoted = safe.replace('"', '""')
    return f'"{quoted}"' if any(letter in safe for letter in ',"\r\n') else safe
