"""Points: tables and layers that hold a shape for every incident."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyproj import CRS
from shapely.geometry import MultiPoint, Point, Polygon

from config.errors import BadInputError
from spatial.incidents.files import geofiles
from spatial.incidents.load import load_incidents
from spatial.notes import texts
from tests.spatial.incidents.exports import police_uk, written
from tests.spatial.incidents.files.kinds_of_file import (
    TWO,
    as_typed,
    feature_collection,
    held,
    points_of,
)


@pytest.mark.parametrize("suffix", ["parquet", "gpkg"])
def test_points_stand_in_for_eastings_and_northings(
    tmp_path: Path, plain: list[Any], suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    frame = points_of(*TWO)
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path, layer="crimes")
    result, rows = held(path, tmp_path)
    assert rows == plain
    # a GeoPackage calls every time UTC, whatever it was
    assert any("marks its times as UTC" in text for text in texts(result.notes)) is (
        suffix == "gpkg"
    )


def test_times_with_a_zone_become_the_clock_time_here(tmp_path: Path) -> None:
    summer = as_typed({"From": "01/07/2025 23:30", "To": "01/07/2025 23:30"})
    frame = pd.DataFrame([summer])
    for name in ("From", "To"):
        frame[name] = frame[name].dt.tz_localize("UTC")
    frame.to_parquet(tmp_path / "a.parquet")
    result, rows = held(tmp_path / "a.parquet", tmp_path)
    assert rows[0][1] == dt.datetime(2025, 7, 2, 0, 30)  # noqa: DTZ001 (wall-clock)
    assert any("name their time zone: 2." in text for text in texts(result.notes))


def test_the_first_filled_layer_of_points_is_read_and_named(
    tmp_path: Path, plain: list[Any]
) -> None:
    path = tmp_path / "a.gpkg"
    area = gpd.GeoDataFrame({"n": [1]}, geometry=[Point(0, 0).buffer(1)], crs="EPSG:27700")
    area.to_file(path, layer="area")
    points_of(*TWO).to_file(path, layer="crimes")
    result, rows = held(path, tmp_path)
    assert rows == plain
    assert "a.gpkg has 2 layers: only 'crimes' was read." in texts(result.notes)


def native(kind: str, *, crs: object = "EPSG:27700") -> pa.Table:
    """Return the two rows of `points_of` with their points in another encoding than WKB."""
    frame = points_of(*TWO)
    xs, ys = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    rows = pa.Table.from_pandas(pd.DataFrame(frame.drop(columns="geometry")), preserve_index=False)
    rows = rows.replace_schema_metadata(None)
    marks: dict[str, str] = {}
    if kind in {"point", "geoarrow.point"}:
        fields = [pa.field("x", pa.float64()), pa.field("y", pa.float64())]
        points = pa.StructArray.from_arrays([pa.array(xs), pa.array(ys)], fields=fields)
    elif kind == "interleaved":
        flat = pa.array([part for pair in zip(xs, ys, strict=True) for part in pair])
        points = pa.FixedSizeListArray.from_arrays(flat, 2)
    else:
        points = pa.array(frame.geometry.to_wkb().tolist(), pa.binary())
    if kind != "point":
        name = "geoarrow.point" if kind == "interleaved" else kind
        said = json.dumps({"crs": crs, "crs_type": "authority_code"})
        marks = {"ARROW:extension:name": name, "ARROW:extension:metadata": said}
    table = rows.append_column(pa.field("geometry", points.type, metadata=marks), points)
    if kind == "point":
        column = {"encoding": "point", "geometry_types": ["Point"], "crs": crs}
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    return table


@pytest.mark.parametrize("kind", ["point", "geoarrow.point", "interleaved", "geoarrow.wkb"])
def test_native_points_stand_in_for_eastings_and_northings(
    tmp_path: Path, plain: list[Any], kind: str
) -> None:
    projjson = CRS("EPSG:27700").to_json_dict()
    crs = projjson if kind == "point" else "EPSG:27700"
    pq.write_table(native(kind, crs=crs), tmp_path / "a.parquet")
    assert held(tmp_path / "a.parquet", tmp_path)[1] == plain


def test_native_shapes_that_are_no_points_and_unknown_systems_are_refused(tmp_path: Path) -> None:
    table = native("point")
    about = json.loads(table.schema.metadata[b"geo"])
    about["columns"]["geometry"]["encoding"] = "multipolygon"
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(about)}), tmp_path / "a.parquet"
    )
    with pytest.raises(BadInputError, match="holds its points as 'multipolygon'"):
        load_incidents([tmp_path / "a.parquet"], tmp_path / "store")
    # the GeoArrow specification, unlike GeoParquet's, has no system unless one is named
    pq.write_table(native("geoarrow.point", crs=None), tmp_path / "b.parquet")
    with pytest.raises(BadInputError, match="has no known coordinate system"):
        load_incidents([tmp_path / "b.parquet"], tmp_path / "store")


def test_geoparquet_without_its_metadata_is_read_by_its_columns(
    tmp_path: Path, plain: list[Any]
) -> None:
    frame = pd.DataFrame([as_typed(change) for change in TWO])
    frame["geometry"] = points_of(*TWO).geometry.to_wkb()
    frame["Tags"] = [["a", "b"], []]
    frame["More"] = [{"a": 1}, {"a": 2}]
    frame.to_parquet(tmp_path / "a.parquet")
    result, rows = held(tmp_path / "a.parquet", tmp_path)
    assert rows == plain
    said = "Columns of a.parquet that hold lists, structures or bytes, and were not read: 3."
    assert said in texts(result.notes)


def test_points_of_a_collection_of_one_are_points(tmp_path: Path, plain: list[Any]) -> None:
    frame = points_of(*TWO)
    frame["geometry"] = [MultiPoint([point]) for point in frame.geometry]
    frame.to_file(tmp_path / "a.gpkg", layer="crimes")
    assert held(tmp_path / "a.gpkg", tmp_path)[1] == plain
    frame["geometry"] = [MultiPoint([(0, 0), (1, 1)])] * 2
    frame.to_file(tmp_path / "b.gpkg", layer="crimes")
    with pytest.raises(BadInputError, match=r"b\.gpkg, row 2, is not a point"):
        held(tmp_path / "b.gpkg", tmp_path)


def test_a_geojson_too_long_to_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geofiles, "MOST_GEOJSON", 100)
    path = written(tmp_path / "a.geojson", feature_collection({}))
    with pytest.raises(BadInputError, match=r"a\.geojson has more than .* Export it as GeoPackage"):
        load_incidents([path], tmp_path / "store")


def test_a_coordinate_system_nobody_named_is_refused(tmp_path: Path) -> None:
    for crs, said in (("EPSG:3857", "Pseudo-Mercator"), (None, "no known coordinate system")):
        frame = points_of({}).set_crs(crs, allow_override=True)
        frame.to_parquet(tmp_path / "a.parquet")
        with pytest.raises(BadInputError, match=said):
            load_incidents([tmp_path / "a.parquet"], tmp_path / "store")


def test_geojson_points_give_what_their_csv_gives(tmp_path: Path) -> None:
    changes = ({}, {"Crime ID": "b2", "Longitude": "0.7249999", "Crime type": "Burglary"})
    expected = held(written(tmp_path / "a.csv", police_uk(*changes)), tmp_path)[1]
    path = written(tmp_path / "a.geojson", feature_collection(*changes))
    assert held(path, tmp_path)[1] == expected
    old = feature_collection(*changes, crs="urn:ogc:def:crs:OGC:1.3:CRS84")
    assert held(written(tmp_path / "b.geojson", old), tmp_path)[1] == expected


def test_geojson_that_is_no_points_is_refused(tmp_path: Path) -> None:
    area = {
        "type": "Polygon",
        "coordinates": [[list(p) for p in Polygon([(0, 51), (1, 51), (1, 52)]).exterior.coords]],
    }
    path = written(tmp_path / "a.geojson", feature_collection({}, {"shape": area}))
    with pytest.raises(BadInputError, match=r"a\.geojson, row 3, is not a point"):
        load_incidents([path], tmp_path / "store")
    webby = written(tmp_path / "b.geojson", feature_collection({}, crs="EPSG:3857"))
    with pytest.raises(BadInputError, match="has coordinates in WGS 84 / Pseudo-Mercator"):
        load_incidents([webby], tmp_path / "store")


def test_a_feature_without_a_place_is_stored_without_one(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", feature_collection({}, {"Crime ID": "b", "shape": None}))
    result, rows = held(path, tmp_path)
    assert result.stored == 2
    assert [row[3] for row in rows] == [0.715, None]
