"""GeoJSON (RFC 7946): WGS84 degrees, rings by the right-hand rule, ids, boxes, no other CRS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from layers.formats.values import json_value
from spatial.hexes.grid import cell_polygons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

_DECIMALS: Final = 6


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
    outlines = cell_polygons(cells)
    rows = table.to_dict("records")
    return collection(
        [feature(row["cell"], row, outline) for row, outline in zip(rows, outlines, strict=True)],
        head,
    )


def feature(
    identity: str, properties: Mapping[Any, Any], outline: shapely.Polygon | shapely.MultiPolygon
) -> dict[str, Any]:
    """Return one GeoJSON feature with its box, wound right, coordinates to a tenth of a metre."""
    rounded = shapely.orient_polygons(
        shapely.transform(outline, lambda corners: np.round(corners, _DECIMALS)), exterior_cw=False
    )
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
