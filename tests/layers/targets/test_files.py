"""The files that other systems import: winding, safety, every column, the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from dataclasses import replace

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import pytest
import shapely

from config.errors import BadInputError
from config.profile import Measure, load_profile
from config.settings import load_settings
from layers.targets.files import hotspots_geojson, target_files, targets_csv, targets_geojson
from spatial.hexes.grid import merge_cells
from spatial.hexes.study_area import study_area_from_polygons
from spatial.notes import Note
from spatial.results import (
    HOTSPOT_COLUMNS,
    TARGET_COLUMNS,
    HotspotResult,
    TargetRequest,
    TargetResult,
)
from spatial.window import Window

AREA = study_area_from_polygons("box", [shapely.box(1.39, 53.19, 1.42, 53.21)])
YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
CELL = h3_int.latlng_to_cell(53.2, 1.4, 10)


def _surface(profile: str = "ark") -> HotspotResult:
    harm = [730.0, np.nan] if profile == "ark" else [np.nan, np.nan]
    cells = pd.DataFrame(
        {
            "cell": [f"{cell:x}" for cell in sorted(h3_int.grid_disk(CELL, 1))[:2]],
            "layer": load_profile(profile).family.value,
            "incidents": [4, 1],
            "harm_days": harm,
            "expected_harm": np.nan,
            "z": [5.5, -0.2],
            "p": [1e-9, 0.4],
            "p_adjusted": [1e-6, 0.9],
            "class": ["hot 99", "none"],
        }
    )
    return HotspotResult(
        run_id="abc", profile=load_profile(profile), window=YEAR, measure=Measure.COUNT,
        resolution=10, ring=1, study_area=AREA, n_cells=200, cells=cells,
        data_through=dt.date(2026, 10, 31), notes=(Note("A note."),),
    )  # fmt: skip


def _targets(name: str = "High Street") -> TargetResult:
    outline = shapely.orient_polygons(
        merge_cells(np.array(sorted(h3_int.grid_disk(CELL, 1)), dtype=np.uint64))
    )
    row = dict.fromkeys(TARGET_COLUMNS) | {
        "area_id": "PA-1", "rank": 1, "name": name, "why": "3 robberies, 2 assaults",
        "harm_days": 1115.0, "incidents": 5, "area_ha": 9.3, "marking": "OFFICIAL",
        "wkt": shapely.to_wkt(outline, rounding_precision=6), "geometry": outline,
    }  # fmt: skip
    return TargetResult(
        run_id="abc", profile=load_profile("ark"), window=YEAR, resolution=10, study_area=AREA,
        areas=pd.DataFrame([row], columns=[*TARGET_COLUMNS, "geometry"]),
        measure=Measure.EXPECTED_HARM,
        incidents_share=0.25, harm_share=0.5, area_share=0.01, held_out_share=None,
        held_out_note="", data_through=dt.date(2026, 10, 31), notes=(),
    )  # fmt: skip


def test_hot_spots_follow_the_contract_and_the_standard() -> None:
    document = json.loads(hotspots_geojson(_surface()))
    assert document["type"] == "FeatureCollection"
    head = document["harmhex"]
    assert {
        "run_id", "study_area", "cells", "window", "profile", "measure", "resolution",
        "neighbours", "data_through", "notes",
    } <= set(head)  # fmt: skip
    assert head["cells"] == 200
    for feature in document["features"]:
        assert list(feature["properties"]) == list(HOTSPOT_COLUMNS)
        assert feature["properties"]["expected_harm"] is None
        ring = shapely.LinearRing(feature["geometry"]["coordinates"][0])
        # RFC 7946: closed, exterior anticlockwise, longitude first
        assert ring.is_ccw
        assert ring.coords[0] == ring.coords[-1]
        longitude, latitude = ring.coords[0]
        assert 1 < longitude < 2
        assert 53 < latitude < 54
    assert document["features"][1]["properties"]["harm_days"] is None


def test_disorder_has_no_harm() -> None:
    document = json.loads(hotspots_geojson(_surface("asb")))
    assert [f["properties"]["harm_days"] for f in document["features"]] == [None, None]


def test_every_column_is_there_even_when_it_is_not_built() -> None:
    text = targets_csv(_targets()).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert list(row) == list(TARGET_COLUMNS)
    assert (row["area_id"], row["rank"], row["incidents"]) == ("PA-1", "1", "5")
    assert row["why"] == "3 robberies, 2 assaults"
    assert row["expected_harm"] == row["status"] == row["peak_windows"] == ""
    assert shapely.from_wkt(row["wkt"]).is_valid
    assert targets_csv(_targets()).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_a_spreadsheet_would_run_is_text(start: str) -> None:
    text = targets_csv(_targets(f'{start}HYPERLINK("x","y")')).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert row["name"] == f'\'{start}HYPERLINK("x","y")'


def test_targets_as_geojson() -> None:
    document = json.loads(targets_geojson(_targets()))
    [feature] = document["features"]
    assert feature["id"] == "PA-1"
    assert set(feature["properties"]) == set(TARGET_COLUMNS) - {"wkt"}
    assert shapely.LinearRing(feature["geometry"]["coordinates"][0]).is_ccw
    west, south, east, north = document["bbox"]
    assert west < east
    assert south < north


def test_same_run_same_bytes_and_a_manifest_that_matches() -> None:
    first, second = target_files(_targets()), target_files(_targets())
    assert first == second
    manifest = json.loads(first["manifest.json"])
    assert set(manifest["files"]) == {
        "targets.csv", "targets.geojson", "targets.kml", "targets.gpx", "targets.gpkg",
        "targets.parquet",
    }  # fmt: skip
    for name, digest in manifest["files"].items():
        assert hashlib.sha256(first[name]).hexdigest() == digest
        assert manifest["bytes"][name] == len(first[name])
    assert manifest["choices"] is None
    assert manifest["ranked_by"] == "expected_harm"
    assert json.loads(first["targets.geojson"])["harmhex"]["ranked_by"] == "expected_harm"
    assert manifest["marking"] == load_settings().marking
    assert json.loads(first["targets.geojson"])["harmhex"]["marking"] == load_settings().marking
    other = target_files(replace(_targets(), run_id="abd"))
    assert other["manifest.json"] != first["manifest.json"]


def test_the_manifest_says_what_was_asked_and_no_path() -> None:
    request = TargetRequest(
        profile="/home/somebody/own.toml", window=YEAR, study_area="C:\\maps\\town.geojson",
        places=7, measure=Measure.COUNT,
    )  # fmt: skip
    choices = json.loads(target_files(_targets(), request=request)["manifest.json"])["choices"]
    assert choices == {
        "profile": "own.toml", "window": ["2025-11-01", "2026-10-31"],
        "study_area": "town.geojson", "resolution": 10, "places": 7, "weights": None,
        "measure": "count", "officer_hours": None, "harm_share": None, "shift": None,
        "separation_m": None, "drawn": None,
    }  # fmt: skip


def test_formats_are_chosen_and_an_unknown_one_is_refused() -> None:
    assert set(target_files(_targets(), formats=["gpx", "csv"])) == {
        "targets.csv", "targets.geojson", "targets.gpx", "manifest.json",
    }  # fmt: skip
    with pytest.raises(BadInputError, match=r"'dxf' is no format.*csv, geojson, kml.*tab"):
        target_files(_targets(), formats=["kml", "dxf"])


def test_geojson_is_wound_right_whatever_it_is_given() -> None:
    result = _targets()
    backwards = result.areas.assign(geometry=shapely.reverse(result.areas["geometry"].to_numpy()))
    assert targets_geojson(replace(result, areas=backwards)) == targets_geojson(result)
    document = json.loads(targets_geojson(result))
    assert "crs" not in document
    [feature] = document["features"]
    assert feature["bbox"] == list(shapely.from_geojson(json.dumps(feature["geometry"])).bounds)
    assert document["harmhex"]["handling"] == load_settings().handling
