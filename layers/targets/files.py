"""Files: what other systems import, byte for byte the same for the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from config.errors import BadInputError
from config.version import VERSION
from layers.formats.area_layer import AreaLayer, Kind, area_layer
from layers.formats.geojson import cells_geojson, collection, feature
from layers.formats.geopackage import layer_geopackage
from layers.formats.geoparquet import layer_parquet
from layers.formats.gpx import layer_gpx
from layers.formats.kml import layer_kml
from layers.formats.mapinfo import layer_tab
from layers.formats.shapefile import layer_shapefile
from layers.formats.tables import table_csv
from layers.formats.values import clean_text, json_value
from layers.marking import marking_in_force
from layers.targets.list_tables import list_tables
from layers.targets.manifest import manifest_json
from spatial.notes import texts
from spatial.results import HOTSPOT_COLUMNS, TARGET_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spatial.results import HotspotResult, TargetRequest, TargetResult

# what a column holds where none of its rows has a value; any other is told from its values
_KINDS: Final = {
    **dict.fromkeys(("rank", "easting", "northing", "incidents", "previous_rank"), Kind.WHOLE),
    **dict.fromkeys(
        (
            "longitude", "latitude", "area_ha", "harm_days", "expected_harm", "harm_share",
            "change_ratio", "change_low", "change_high", "expected_low", "expected_high",
            "chance_in_top", "stays",
        ),
        Kind.NUMBER,
    ),
}  # fmt: skip
_WRITERS: Final[dict[str, tuple[str, Callable[[AreaLayer], bytes]]]] = {
    "kml": ("targets.kml", layer_kml),
    "gpx": ("targets.gpx", layer_gpx),
    "gpkg": ("targets.gpkg", layer_geopackage),
    "parquet": ("targets.parquet", layer_parquet),
    "shapefile": ("targets_shapefile.zip", layer_shapefile),
    "tab": ("targets_mapinfo.zip", layer_tab),
}
_ALWAYS: Final = ("csv", "geojson")
FORMATS: Final = tuple(_WRITERS)
"""Every format that a list can have beside CSV and GeoJSON, which it always has."""
DEFAULT_FORMATS: Final = ("kml", "gpx", "gpkg", "parquet")
"""Those written when none is asked for."""


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
        **_marking(),
    }
    return cells_geojson(result.cells.loc[:, list(HOTSPOT_COLUMNS)], head)


def targets_geojson(result: TargetResult) -> bytes:
    """Write patrol areas as GeoJSON (RFC 7946), UTF-8, by rank, ``area_id`` as feature id."""
    layer = target_layer(result)
    features = [
        feature(row["area_id"], row, outline)
        for row, outline in zip(layer.rows, layer.outlines, strict=True)
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
        **_marking(),
    }
    return collection(features, head)


def targets_csv(result: TargetResult) -> bytes:
    """Write patrol areas as CSV: UTF-8 with a byte order mark, CRLF, ISO dates, by rank.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are left
    alone. What a list does not have (a first list: how it compares) is there and empty.
    """
    table = result.areas.loc[:, list(TARGET_COLUMNS)].map(
        lambda value: clean_text(value) if isinstance(value, str) else value
    )
    for column in [name for name, kind in _KINDS.items() if kind is Kind.WHOLE]:
        # a column that lacks one is of fractions to pandas: a rank is still 2, not 2.0
        plain = [json_value(value) for value in table[column]]
        whole = [None if value is None else int(value) for value in plain]
        table[column] = pd.Series(whole, index=table.index, dtype=object)
    return table_csv(table)


def target_layer(result: TargetResult) -> AreaLayer:
    """Return patrol areas as every map format takes them: all columns but the text of the outline.

    ``marking`` in a row is what the run was made under; the layer's own is the setting's.
    """
    marking = marking_in_force()
    return area_layer(
        result.areas,
        [column for column in TARGET_COLUMNS if column != "wkt"],
        name="targets",
        title=f"Patrol areas, {result.study_area.name}",
        marking=marking.marking,
        handling=marking.handling,
        facts={
            "run_id": result.run_id,
            "study_area": result.study_area.name,
            "profile": result.profile.name,
            "window": f"{result.window.first.isoformat()} to {result.window.last.isoformat()}",
            "resolution": str(result.resolution),
            "ranked_by": result.measure.value,
            "data_through": result.data_through.isoformat(),
            "version": VERSION,
            "quality": "" if result.quality is None else result.quality.sentence,
            "notes": " ".join(texts(result.notes)),
        },
        made=result.data_through,
        kinds=_KINDS,
    )


def sensitivity_csv(table: pd.DataFrame) -> bytes:
    """Write which places other weights would keep as CSV: ``variant, kept, of, share`` (0-1)."""
    return table_csv(table)


def target_files(
    result: TargetResult,
    *,
    sensitivity: pd.DataFrame | None = None,
    request: TargetRequest | None = None,
    formats: Iterable[str] = DEFAULT_FORMATS,
) -> dict[str, bytes]:
    """Return every file of a targets folder by name, the manifest last.

    Parameters
    ----------
    sensitivity
        The table of :func:`spatial.run.sensitivity`, for a file of its own.
    request
        What was asked, for the manifest.
    formats
        Of ``FORMATS``, beside CSV and GeoJSON.

    Raises
    ------
    BadInputError
        A format is unknown.
    """
    asked = {name for name in formats if name not in _ALWAYS}
    if unknown := sorted(asked.difference(FORMATS)):
        listed = ", ".join((*_ALWAYS, *FORMATS))
        msg = f"{unknown[0]!r} is no format of a targets file. Choose from {listed}."
        raise BadInputError(msg)
    files = {"targets.csv": targets_csv(result), "targets.geojson": targets_geojson(result)}
    layer = target_layer(result)
    files |= {name: write(layer) for form, (name, write) in _WRITERS.items() if form in asked}
    if sensitivity is not None:
        files["sensitivity.csv"] = sensitivity_csv(sensitivity)
    files |= list_tables(result)
    return {**files, "manifest.json": manifest_json(result, files, request=request)}


def _marking() -> dict[str, str]:
    marking = marking_in_force()
    return {"marking": marking.marking, "handling": marking.handling}


def _quality(result: HotspotResult | TargetResult) -> dict[str, Any] | None:
    return None if result.quality is None else result.quality.content
