"""Files: what other systems import, byte for byte the same for the same run."""

from __future__ import annotations

import hashlib
import json
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from config.settings import load_settings
from config.version import VERSION
from spatial.hexes.grid import cell_polygons
from spatial.notes import texts
from spatial.results import HOTSPOT_COLUMNS, TARGET_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from spatial.results import HotspotResult, TargetResult

_DECIMALS: Final = 6
_BYTE_ORDER_MARK: Final = "\ufeff"
# a spreadsheet runs a text cell that begins with one of these
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def hotspots_geojson(result: HotspotResult) -> bytes:
    """Write a surface as GeoJSON (RFC 7946): a polygon per cell, UTF-8.

    Returns
    -------
    Cells that hold an incident or are significant, with the columns of the contract; null where a
    figure does not exist. The member ``harmhex`` says what the numbers rest on, and counts the
    cells of the study area that are not in the file.
    """
    cells = np.array([int(cell, 16) for cell in result.cells["cell"]], dtype=np.uint64)
    rows = result.cells.loc[:, list(HOTSPOT_COLUMNS)].to_dict("records")
    outlines = shapely.orient_polygons(cell_polygons(cells), exterior_cw=False)
    head = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "cells": result.n_cells,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "profile": result.profile.name,
        "measure": result.measure.value,
        "resolution": result.resolution,
        "neighbours": result.ring,
        "data_through": result.data_through.isoformat(),
        "notes": texts(result.notes),
        "version": VERSION,
        "marking": load_settings().marking,
    }
    features = [
        _feature(row["cell"], row, outline) for row, outline in zip(rows, outlines, strict=True)
    ]
    return _collection(features, head)


def targets_geojson(result: TargetResult) -> bytes:
    """Write patrol areas as GeoJSON (RFC 7946), UTF-8, by rank, ``area_id`` as feature id."""
    columns = [column for column in TARGET_COLUMNS if column != "wkt"]
    features = [
        _feature(row["area_id"], {column: row[column] for column in columns}, row["geometry"])
        for row in result.areas.to_dict("records")
    ]
    head = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "profile": result.profile.name,
        "resolution": result.resolution,
        "data_through": result.data_through.isoformat(),
        "notes": texts(result.notes),
        "version": VERSION,
        "marking": load_settings().marking,
    }
    return _collection(features, head)


def targets_csv(result: TargetResult) -> bytes:
    """Write patrol areas as CSV: UTF-8 with a byte order mark, CRLF, ISO dates, by rank.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left
    alone. Columns that are not built yet are there and empty.
    """
    lines = [",".join(TARGET_COLUMNS)]
    lines += [
        ",".join(_csv_cell(row[column]) for column in TARGET_COLUMNS)
        for row in result.areas.to_dict("records")
    ]
    return (_BYTE_ORDER_MARK + "\r\n".join(lines) + "\r\n").encode()


def manifest_json(result: TargetResult, files: Mapping[str, bytes]) -> bytes:
    """Write what a folder of targets holds and rests on, with each file's SHA-256."""
    manifest = {
        "run_id": result.run_id,
        "version": VERSION,
        "profile": result.profile.name,
        "study_area": result.study_area.name,
        "study_area_digest": result.study_area.digest,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "resolution": result.resolution,
        "places": len(result.areas),
        "in_sample": {
            "incidents_share": round(result.incidents_share, 6),
            "harm_share": None if result.harm_share is None else round(result.harm_share, 6),
            "area_share": round(result.area_share, 6),
        },
        "out_of_sample": result.held_out_note,
        "data_through": result.data_through.isoformat(),
        "marking": load_settings().marking,
        "notes": texts(result.notes),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def sensitivity_csv(table: pd.DataFrame) -> bytes:
    """Write which places other weights would keep as CSV: ``variant, kept, of, share`` (0-1)."""
    lines = [",".join(map(str, table.columns))]
    lines += [",".join(map(_csv_cell, row)) for row in table.itertuples(index=False)]
    return (_BYTE_ORDER_MARK + "\r\n".join(lines) + "\r\n").encode()


def target_files(
    result: TargetResult, *, sensitivity: pd.DataFrame | None = None
) -> dict[str, bytes]:
    """Return every file of a targets folder by name, the manifest last.

    ``sensitivity`` is the table of :func:`spatial.run.sensitivity`, for a file of its own.
    """
    files = {"targets.csv": targets_csv(result), "targets.geojson": targets_geojson(result)}
    if sensitivity is not None:
        files["sensitivity.csv"] = sensitivity_csv(sensitivity)
    return {**files, "manifest.json": manifest_json(result, files)}


def _feature(
    identity: str, properties: Mapping[Any, Any], outline: shapely.Polygon
) -> dict[str, Any]:
    rounded = shapely.transform(outline, lambda corners: np.round(corners, _DECIMALS))
    return {
        "type": "Feature",
        "id": identity,
        "bbox": [round(edge, _DECIMALS) for edge in rounded.bounds],
        "properties": {key: _json_value(value) for key, value in properties.items()},
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }


def _collection(features: Iterable[dict[str, Any]], head: dict[str, Any]) -> bytes:
    listed = list(features)
    document: dict[str, Any] = {"type": "FeatureCollection", "harmhex": head}
    if listed:
        edges = np.array([feature["bbox"] for feature in listed])
        document["bbox"] = [*edges[:, :2].min(axis=0), *edges[:, 2:].max(axis=0)]
    document["features"] = listed
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (text + "\n").encode()


def _json_value(value: Any) -> Any:  # noqa: ANN401 (a cell of a table is anything)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _csv_cell(value: Any) -> str:  # noqa: ANN401 (as above)
    plain = _json_value(value)
    if plain is None:
        return ""
    if not isinstance(plain, str):
        return repr(plain)
    safe = f"'{plain}" if plain.startswith(_FORMULA_STARTS) else plain
    quoted = safe.replace('"', '""')
    return f'"{quoted}"' if any(letter in safe for letter in ',"\r\n') else safe
