"""Files: what other systems import, byte for byte the same for the same run."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from config.settings import load_settings
from config.version import VERSION
from layers.formats import cells_geojson, collection, feature, table_csv
from spatial.notes import texts
from spatial.results import HOTSPOT_COLUMNS, TARGET_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from spatial.results import HotspotResult, TargetResult


def hotspots_geojson(result: HotspotResult) -> bytes:
    """Write a surface as GeoJSON (RFC 7946): a polygon per cell, UTF-8.

    Returns
    -------
    Cells that hold an incident or are significant, with the columns of the contract; null where a
    figure does not exist. The member ``harmhex`` says what the numbers rest on, and counts the
    cells of the study area that are not in the file.
    """
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
        "quality": _quality(result),
        "notes": texts(result.notes),
        "version": VERSION,
        "marking": load_settings().marking,
    }
    return cells_geojson(result.cells.loc[:, list(HOTSPOT_COLUMNS)], head)


def targets_geojson(result: TargetResult) -> bytes:
    """Write patrol areas as GeoJSON (RFC 7946), UTF-8, by rank, ``area_id`` as feature id."""
    columns = [column for column in TARGET_COLUMNS if column != "wkt"]
    features = [
        feature(row["area_id"], {column: row[column] for column in columns}, row["geometry"])
        for row in result.areas.to_dict("records")
    ]
    head = {
        "run_id": result.run_id,
        "study_area": result.study_area.name,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "profile": result.profile.name,
        "resolution": result.resolution,
        "ranked_by": result.measure.value,
        "data_through": result.data_through.isoformat(),
        "quality": _quality(result),
        "notes": texts(result.notes),
        "version": VERSION,
        "marking": load_settings().marking,
    }
    return collection(features, head)


def targets_csv(result: TargetResult) -> bytes:
    """Write patrol areas as CSV: UTF-8 with a byte order mark, CRLF, ISO dates, by rank.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left
    alone. Columns that are not built yet are there and empty.
    """
    return table_csv(result.areas.loc[:, list(TARGET_COLUMNS)])


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
        "ranked_by": result.measure.value,
        "places": len(result.areas),
        "in_sample": {
            "incidents_share": round(result.incidents_share, 6),
            "harm_share": None if result.harm_share is None else round(result.harm_share, 6),
            "area_share": round(result.area_share, 6),
        },
        "out_of_sample": result.held_out_note,
        "data_through": result.data_through.isoformat(),
        "quality": _quality(result),
        "marking": load_settings().marking,
        "notes": texts(result.notes),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def sensitivity_csv(table: pd.DataFrame) -> bytes:
    """Write which places other weights would keep as CSV: ``variant, kept, of, share`` (0-1)."""
    return table_csv(table)


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


def _quality(result: HotspotResult | TargetResult) -> dict[str, Any] | None:
    return None if result.quality is None else result.quality.content
