"""What `load` is given: layers and boundaries in every format, mended and said."""

from __future__ import annotations

import json
import shutil
import warnings
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from config.errors import BadInputError
from layers.context import read_context
from sample_geo.ready import DATA
from spatial.context import CONTEXT_LAYERS, read_layer
from spatial.hexes.study_area import read_study_area
from spatial.incidents.store import IncidentStore
from spatial.intake import _sorted, load
from spatial.projection import national_grid
from spatial.vectors import read_features

FORMATS = ["geojson", "gpkg", "parquet", "shp"]
STREETS = [LineString([(1.39, 53.19), (1.40, 53.20)]), LineString([(1.40, 53.20), (1.41, 53.20)])]
# two squares that meet along an edge, about 670 m by 1,110 m each
WEST, EAST = box(1.39, 53.19, 1.40, 53.20), box(1.40, 53.19, 1.41, 53.20)
BOWTIE = Polygon([(1.39, 53.19), (1.40, 53.20), (1.40, 53.19), (1.39, 53.20)])


def _write(path: Path, geometries: list, *, crs: int | None = 4326, **columns: list) -> Path:
    frame = geopandas.GeoDataFrame(columns, geometry=geometries, crs=crs)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


def _geojson(path: Path, *geometries: object, **more: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"B{number}"},
            "geometry": None if it is None else json.loads(shapely.to_geojson(it)),
        }
        for number, it in enumerate(geometries, start=1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return path


def _kept(store: Path, layer: str) -> list[tuple[shapely.Geometry, dict]]:
    document = json.loads(IncidentStore.open(store).context_layers()[layer].read_text())
    return [
        (shapely.from_geojson(json.dumps(it["geometry"])), it["properties"])
        for it in document["features"]
    ]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("crs", [4326, 27700])
def test_a_layer_of_any_format_is_kept_in_degrees(tmp_path: Path, suffix: str, crs: int) -> None:
    lines = STREETS if crs == 4326 else [national_grid().project(line) for line in STREETS]
    columns = {"name": ["Pier Road", None], "class": ["major", "local"]}
    path = _write(tmp_path / f"streets.{suffix}", lines, crs=crs, **columns)
    result = load([path], tmp_path / "store")
    kept = _kept(tmp_path / "store", "streets")
    for (geometry, _), line in zip(kept, STREETS, strict=True):
        off = shapely.get_coordinates(geometry) - shapely.get_coordinates(line)
        # seven decimals of a degree, a centimetre: what GDAL writes of GeoJSON
        assert np.abs(off).max() < 1e-7
    assert [row["name"] for _, row in kept] == ["Pier Road", None]
    assert [row["class"] for _, row in kept] == ["major", "local"]
    converted = [note.text for note in result.notes if "converted" in note.text]
    said = f"streets.{suffix} was converted to degrees from the {national_grid().name}."
    assert converted == ([] if crs == 4326 else [said])
    drawn = read_context(IncidentStore.open(tmp_path / "store").context_layers())
    assert len(drawn.streets) == 2


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_boundary_of_any_format_is_a_study_area(tmp_path: Path, suffix: str) -> None:
    grid = [national_grid().project(part) for part in (WEST, EAST)]
    path = _write(tmp_path / f"Saltmere.{suffix}", grid, crs=27700, code=["a", "b"])
    area = read_study_area(path)
    assert area.name == "Saltmere"
    # straight on the grid is not straight in degrees: a millimetre over a kilometre
    assert area.polygon.symmetric_difference(shapely.union(WEST, EAST)).area < 1e-9
    load([], tmp_path / "store", boundary=path)
    stored = IncidentStore.open(tmp_path / "store").study_areas()["saltmere"]
    assert read_study_area(stored).polygon.equals_exact(area.polygon, 1e-12)


def test_other_systems_are_converted_and_said(tmp_path: Path) -> None:
    frame = geopandas.GeoSeries(STREETS, crs=4326).to_crs(32631)
    path = _write(tmp_path / "streets.gpkg", list(frame), crs=32631)
    content, notes = read_layer(path, "streets")
    assert "UTM zone 31N" in notes[0].text
    first = json.loads(content)["features"][0]["geometry"]["coordinates"][0]
    assert first == pytest.approx([1.39, 53.19], abs=1e-7)


def test_a_geojson_that_names_the_grid_is_converted(tmp_path: Path) -> None:
    grid = [national_grid().project(WEST)]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    area = read_study_area(_geojson(tmp_path / "town.geojson", *grid, crs=crs))
    assert area.polygon.symmetric_difference(WEST).area < 1e-9
    crs["properties"]["name"] = "nowhere"
    with pytest.raises(BadInputError, match="'nowhere', which is not known"):
        read_study_area(_geojson(tmp_path / "town.geojson", *grid, crs=crs))


def test_a_layer_that_needs_nothing_is_kept_to_the_byte() -> None:
    kept = {path.stem for path in DATA.glob("*.geojson")}
    # the sample has no barriers of its own
    assert set(CONTEXT_LAYERS) - kept <= {"barriers"}
    for layer in kept & set(CONTEXT_LAYERS):
        content, notes = read_layer(DATA / f"{layer}.geojson", layer)
        assert content == (DATA / f"{layer}.geojson").read_bytes()
        assert not notes


def test_what_is_mended_dropped_and_opened_is_counted(tmp_path: Path) -> None:
    mixed = GeometryCollection([WEST, LineString([(1.5, 53.2), (1.6, 53.2)]), Point(1.7, 53.2)])
    nested = GeometryCollection([GeometryCollection([STREETS[0]]), Point(1.7, 53.2)])
    path = _geojson(
        tmp_path / "parks.geojson",
        BOWTIE, mixed, nested, None, Polygon(), GeometryCollection(), EAST,
    )  # fmt: skip
    result = load([path], tmp_path / "store")
    kept = _kept(tmp_path / "store", "parks")
    assert [row["name"] for _, row in kept] == ["B1", "B2", "B3", "B7"]
    bowtie, park, line, _ = (geometry for geometry, _ in kept)
    # the two triangles it encloses: half the square
    assert bowtie.is_valid
    assert bowtie.area == pytest.approx(WEST.area / 2)
    assert park.equals(WEST)
    assert line.equals(STREETS[0])
    assert [note.text for note in result.notes if note.loud] == [
        "parks.geojson: Geometries that were invalid and have been mended: 1.",
        (
            "parks.geojson: GeometryCollections, of which only the parts of the highest dimension "
            "are kept: 2."
        ),
        "parks.geojson: Features without a geometry, which are left out: 3.",
    ]
    # a second reading of what is kept finds nothing to do
    again = read_features(IncidentStore.open(tmp_path / "store").context_layers()["parks"])
    assert not again.changed


def test_a_mended_boundary_is_said_beside_the_balance(tmp_path: Path) -> None:
    boundary = _geojson(tmp_path / "town.geojson", BOWTIE, EAST)
    result = load([DATA / "incidents.csv"], tmp_path / "store", boundary=boundary)
    assert result.stored > 0
    assert result.notes[0].text.startswith("town.geojson: Geometries that were invalid")
    loud = [note.loud for note in result.notes]
    assert loud == sorted(loud, reverse=True)
    # parts that lie over one another are one area, not a hole
    double = MultiPolygon([box(1.39, 53.19, 1.41, 53.20), EAST])
    area = read_study_area(_geojson(tmp_path / "double.geojson", double))
    assert area.polygon.area == pytest.approx(2 * WEST.area)


def test_overlaps_of_beats_are_measured(tmp_path: Path) -> None:
    north = box(1.395, 53.195, 1.40, 53.21)
    # metres by hand: 0.001 degrees of 53.195 north is 66.9 m east, 111.3 m north
    hair = box(1.41, 53.19, 1.4100005, 53.20)
    beyond = box(1.4099, 53.195, 1.42, 53.197)
    path = _geojson(tmp_path / "beats.geojson", WEST, EAST, north, hair, beyond)
    result = load([path], tmp_path / "store")
    (note,) = (note for note in result.notes if "overlap" in note.text)
    # west and north: 5 x 66.9 m by 5 x 111.3 m = 18.6 ha; east and beyond: 6.7 x 222.6 m = 0.15 ha
    assert note.loud
    assert "2 pairs of beats overlap, by 18.8 hectares together" in note.text
    assert "(the most: 'B1' and 'B3', 18.6)" in note.text
    # the same shapes under another name are no beats
    shutil.copy(path, tmp_path / "parks.geojson")
    parks = load([tmp_path / "parks.geojson"], tmp_path / "store")
    assert [note.text for note in parks.notes] == ["Added to the store: layer 'parks'."]


def test_cells_of_a_table_become_json(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "places.gpkg",
        [Point(1.39, 53.19, 7.0), Point(1.40, 53.19, 7.0)],
        opened=[date(2020, 5, 1), None], beds=[3.0, float("nan")], whole=[1, 2], fee=[True, False],
    )  # fmt: skip
    content, _ = read_layer(path, "places")
    first, second = json.loads(content)["features"]
    assert first["properties"]["opened"].startswith("2020-05-01")
    del first["properties"]["opened"]
    assert first["properties"] == {"beds": 3, "whole": 1, "fee": True}
    assert second["properties"] == {"opened": None, "beds": None, "whole": 2, "fee": False}
    # heights are left behind
    assert first["geometry"]["coordinates"] == [1.39, 53.19]


def test_a_folder_gives_its_layers_in_any_format(tmp_path: Path) -> None:
    town = tmp_path / "town"
    town.mkdir()
    shutil.copy(DATA / "incidents.csv", town)
    _write(town / "Streets.shp", STREETS, name=["a", "b"])
    _write(town / "beats.parquet", [WEST, EAST], name=["W", "E"])
    _write(town / "boundary.gpkg", [WEST, EAST], name=["W", "E"])
    _write(town / "other.gpkg", [WEST])
    load([town], tmp_path / "store")
    held = IncidentStore.open(tmp_path / "store")
    assert set(held.context_layers()) == {"streets", "beats"}
    assert list(held.study_areas()) == ["boundary"]
    shutil.copy(DATA / "streets.geojson", town)
    with pytest.raises(BadInputError, match=r"town holds streets twice \(Streets\.shp and streets"):
        load([town], tmp_path / "store")


@pytest.mark.parametrize("suffix", ["gpkg", "parquet", "shp"])
def test_a_layer_that_does_not_say_where_it_lies_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"streets.{suffix}"
    with warnings.catch_warnings():
        # the writer minds
        warnings.simplefilter("ignore", UserWarning)
        _write(path, STREETS, crs=None)
    with pytest.raises(BadInputError, match=f"streets.{suffix} does not say its coordinate system"):
        load([path], tmp_path / "store")
    with pytest.raises(BadInputError, match="does not say its coordinate system"):
        load([], tmp_path / "store", boundary=path)
    assert not (tmp_path / "store").exists()


def _metres(folder: Path) -> Path:
    return _geojson(folder / "streets.geojson", LineString([(627000, 310000), (627100, 310000)]))


def _metres_called_degrees(folder: Path) -> Path:
    return _write(folder / "streets.parquet", [LineString([(627000, 310000), (627100, 310000)])])


def _endless(folder: Path) -> Path:
    path = _geojson(folder / "streets.geojson", STREETS[0])
    path.write_text(path.read_text().replace("1.39", "Infinity", 1))
    return path


def _off_the_grid(folder: Path) -> Path:
    return _write(folder / "streets.gpkg", [LineString([(1e30, 0), (1e30, 5)])], crs=27700)


@pytest.mark.parametrize("make", [_metres, _metres_called_degrees, _endless, _off_the_grid])
def test_coordinates_that_are_no_degrees_are_refused(tmp_path: Path, make: object) -> None:
    assert callable(make)
    with pytest.raises(BadInputError, match="is not in longitude and latitude degrees"):
        load([make(tmp_path)], tmp_path / "store")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02 not a map", b"[1, 2]", b"PAR1PAR1"])
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"streets.{suffix}"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=rf"streets\.{suffix} is not"):
        load([path], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_file_that_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"There is no file 'streets\.shp'"):
        load([tmp_path / "streets.shp"], tmp_path / "store")
    with pytest.raises(BadInputError, match="holds nothing that can be drawn"):
        load([_geojson(tmp_path / "parks.geojson", None)], tmp_path / "store")
    with pytest.raises(BadInputError, match="holds no polygon"):
        load([], tmp_path / "store", boundary=_write(tmp_path / "a.gpkg", STREETS))


def test_of_several_layers_the_one_named_like_the_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "beats.gpkg"
    for layer, polygon in (("old", WEST), ("new", EAST)):
        geopandas.GeoDataFrame(geometry=[polygon], crs=4326).to_file(path, layer=layer)
    with pytest.raises(BadInputError, match=r"beats\.gpkg holds several layers \(old, new\)"):
        load([path], tmp_path / "store")
    geopandas.GeoDataFrame(geometry=[WEST, EAST], crs=4326).to_file(path, layer="Beats")
    load([path], tmp_path / "store")
    assert len(_kept(tmp_path / "store", "beats")) == 2


@pytest.mark.parametrize("suffix", ["geojson", "shp"])
def test_shapes_under_a_name_that_is_no_layer_are_refused(tmp_path: Path, suffix: str) -> None:
    path = _write(tmp_path / f"roads.{suffix}", STREETS, name=["Pier Road", "Sea Road"])
    with pytest.raises(BadInputError, match=rf"roads\.{suffix} is no layer that is known"):
        load([path], tmp_path / "store")


def test_points_under_a_name_that_is_no_layer_are_taken_for_incidents(tmp_path: Path) -> None:
    points = _geojson(tmp_path / "export.geojson", Point(1.39, 53.19))
    shapes = _geojson(tmp_path / "roads.geojson", *STREETS)
    assert _sorted([points], mapping=None).incidents == (points,)
    # a mapping named says that rows are meant
    assert _sorted([shapes], mapping="force_export").incidents == (shapes,)
    with pytest.raises(BadInputError, match=r"roads\.geojson is no layer"):
        _sorted([shapes], mapping=None)
