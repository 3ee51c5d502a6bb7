"""GeoParquet 1.1: areas as columns for data people, outlines as WKB in longitude and latitude."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from layers.formats.area_layer import Kind

if TYPE_CHECKING:
    from layers.formats.area_layer import AreaLayer

_GEOMETRY: Final = "geometry"
_TYPES: Final = {Kind.TEXT: pa.string(), Kind.WHOLE: pa.int64(), Kind.NUMBER: pa.float64()}
# OGC:CRS84 as PROJJSON, which is what the GeoParquet specification takes where none is given
_CRS84: Final[dict[str, Any]] = {
    "$schema": "https://proj.org/schemas/v0.7/projjson.schema.json",
    "type": "GeographicCRS",
    "name": "WGS 84 (CRS84)",
    "datum": {
        "type": "GeodeticReferenceFrame",
        "name": "World Geodetic System 1984",
        "ellipsoid": {
            "name": "WGS 84",
            "semi_major_axis": 6378137,
            "inverse_flattening": 298.257223563,
        },
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east",
             "unit": "degree"},
            {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north",
             "unit": "degree"},
        ],
    },
    "id": {"authority": "OGC", "code": "CRS84"},
}  # fmt: skip


def layer_parquet(layer: AreaLayer) -> bytes:
    """Write a layer as GeoParquet 1.1: WKB, OGC:CRS84, columns typed, marking as key and value.

    The bytes are the same for the same layer and the same version of pyarrow, which writes its own
    name into the file.
    """
    arrays = [
        pa.array(layer.values(column), type=_TYPES[kind]) for column, kind in layer.columns.items()
    ]
    outlines = pa.array(shapely.to_wkb(layer.outlines, byte_order=1).tolist(), type=pa.binary())
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({outline.geom_type for outline in layer.outlines}),
        "crs": _CRS84,
        "orientation": "counterclockwise",
        "edges": "planar",
    }
    if len(layer.outlines):
        column["bbox"] = [float(edge) for edge in shapely.total_bounds(layer.outlines)]
    geo = {"version": "1.1.0", "primary_column": _GEOMETRY, "columns": {_GEOMETRY: column}}
    facts = {
        "geo": json.dumps(geo, separators=(",", ":")),
        "marking": layer.marking,
        "handling": layer.handling,
        "harmhex": json.dumps(dict(layer.about()), ensure_ascii=False, separators=(",", ":")),
    }
    table = pa.Table.from_arrays([*arrays, outlines], names=[*layer.columns, _GEOMETRY])
    written = io.BytesIO()
    with pq.ParquetWriter(
        written,
        table.schema,
        compression="NONE",
        store_schema=False,
        write_statistics=False,
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(facts)
    return written.getvalue()
