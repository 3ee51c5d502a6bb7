"""Every map format read back by GDAL or geopandas: outlines, ids, attributes, CRS, odd names."""

from __future__ import annotations

import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from config.settings import load_settings
from layers.formats.narrow_columns import short_names
from layers.targets.files import FORMATS, target_files, target_layer
from spatial.results import TARGET_COLUMNS, TargetResult
from spatial.vectors import read_features
from tests.layers.listed import (
    AWKWARD_NAMES,
    CLEANED_NAME,
    UNWRITABLE_NAME,
    target_result,
)

TEXTS = [column for column in TARGET_COLUMNS if column != "wkt"]
FILES = {
    "targets.geojson": "{}",
    "targets.kml": "{}",
    "targets.gpkg": "{}",
    "targets_shapefile.zip": "/vsizip/{}/targets.shp",
    "targets_mapinfo.zip": "/vsizip/{}/targets.tab",
}
# what six decimals, or the whole numbers of a TAB, can move a corner by, in degrees
ROUNDING = 2e-7


def _read(folder: Path, name: str, result: TargetResult) -> gpd.GeoDataFrame:
    path = folder / name
    path.write_bytes(target_files(result, formats=FORMATS)[name])
    if name.endswith(".parquet"):
        return gpd.read_parquet(path)
    return gpd.read_file(FILES[name].format(path))


@pytest.mark.parametrize("parts", [False, True])
@pytest.mark.parametrize("name", [*FILES, "targets.parquet"])
def test_outlines_ids_attributes_and_crs_come_back(
    tmp_path: Path, name: str, *, parts: bool
) -> None:
    result = target_result(parts=parts)
    layer = target_layer(result)
    back = _read(tmp_path, name, result)
    assert back.crs.equals("OGC:CRS84" if name.endswith("parquet") else "EPSG:4326")
    assert len(back) == len(AWKWARD_NAMES)
    for found, given in zip(back.geometry, layer.outlines, strict=True):
        assert found.is_valid
        assert shapely.hausdorff_distance(found, given) < ROUNDING
        assert found.area == pytest.approx(given.area, rel=1e-4)
    title = "name2" if name.endswith(".kml") else "name"
    assert back[title].tolist() == list(AWKWARD_NAMES)
    assert back["area_id"].tolist() == layer.values("area_id")
    assert back["rank"].tolist() == layer.values("rank")
    assert back["incidents"].tolist() == layer.values("incidents")
    assert back["area_ha"].tolist() == layer.values("area_ha")
    # what is not there is empty in every format, never 0
    harm = back["harm_days"].replace("", None).astype(float)
    assert harm.isna().tolist() == [value is None for value in layer.values("harm_days")]
    assert harm.dropna().tolist() == [1115.5] * 4


@pytest.mark.parametrize("name", [*FILES, "targets.parquet"])
def test_every_column_is_there_under_its_name_or_its_short_one(tmp_path: Path, name: str) -> None:
    back = _read(tmp_path, name, target_result())
    wanted = set(TEXTS)
    if name == "targets_shapefile.zip":
        wanted = set(short_names(TEXTS).values())
        assert max(map(len, wanted)) <= 10
    if name == "targets.kml":
        wanted = wanted - {"name"} | {"name2"}
    assert wanted <= set(back.columns)


@pytest.mark.parametrize("name", [*FILES, "targets.parquet"])
def test_what_no_file_may_hold_is_taken_out_of_a_name(tmp_path: Path, name: str) -> None:
    back = _read(tmp_path, name, target_result([UNWRITABLE_NAME, "Plain Street"]))
    title = "name2" if name.endswith(".kml") else "name"
    assert back[title].tolist() == [CLEANED_NAME, "Plain Street"]


def test_a_csv_holds_the_same_names() -> None:
    files = target_files(target_result([*AWKWARD_NAMES, UNWRITABLE_NAME]))
    table = pd.read_csv(io.BytesIO(files["targets.csv"]))
    # an apostrophe keeps a spreadsheet from running the name
    given = [name.replace("=HYPER", "'=HYPER") for name in AWKWARD_NAMES]
    assert table["name"].tolist() == [*given, CLEANED_NAME]


@pytest.mark.parametrize("parts", [False, True])
def test_gpx_has_a_point_in_each_area_and_its_outline(tmp_path: Path, *, parts: bool) -> None:
    result = target_result(parts=parts)
    layer = target_layer(result)
    path = tmp_path / "targets.gpx"
    path.write_bytes(target_files(result)["targets.gpx"])
    points = gpd.read_file(path, layer="waypoints")
    tracks = gpd.read_file(path, layer="tracks")
    titles = [f"{rank} {name}" for rank, name in enumerate(AWKWARD_NAMES, start=1)]
    assert points["name"].tolist() == tracks["name"].tolist() == titles
    assert points["cmt"].tolist() == layer.values("area_id")
    assert points.crs.equals("EPSG:4326")
    for point, track, outline in zip(points.geometry, tracks.geometry, layer.outlines, strict=True):
        assert outline.contains(point)
        built = shapely.build_area(shapely.GeometryCollection(shapely.get_parts(track).tolist()))
        assert built.symmetric_difference(outline).area < ROUNDING**2


def test_the_marking_is_in_every_file(tmp_path: Path) -> None:
    files = target_files(target_result(), formats=FORMATS)
    settings = load_settings()
    for name, content in files.items():
        assert settings.marking.encode() in content, name
        if not name.endswith((".csv",)):
            assert settings.handling.encode() in content, name
    for name in ("targets.gpkg", "targets_mapinfo.zip", "targets.parquet"):
        (tmp_path / name).write_bytes(files[name])
    said = pyogrio.read_info(tmp_path / "targets.gpkg")
    assert said["layer_metadata"]["DESCRIPTION"].startswith(settings.marking)
    facts = pq.read_schema(tmp_path / "targets.parquet").metadata
    assert facts[b"marking"] == settings.marking.encode()
    assert facts[b"handling"] == settings.handling.encode()


def test_this_program_reads_its_own_files(tmp_path: Path) -> None:
    result = target_result()
    files = target_files(result, formats=FORMATS)
    outlines = target_layer(result).outlines
    for name in ("targets.geojson", "targets.gpkg", "targets.parquet", "targets_shapefile.zip"):
        (tmp_path / name).write_bytes(files[name])
        back = read_features(tmp_path / name)
        far = shapely.hausdorff_distance(np.array(list(back.geometries), dtype=object), outlines)
        assert far.max() < ROUNDING, name


# GDAL cannot read a KML without a placemark; test_published_schemas holds it to the schema
@pytest.mark.parametrize("name", [*sorted(set(FILES) - {"targets.kml"}), "targets.parquet"])
def test_a_list_without_a_place_is_a_file_all_the_same(tmp_path: Path, name: str) -> None:
    result = target_result([])
    assert len(_read(tmp_path, name, result)) == 0
