"""Layer words: the words of Ordnance Survey, OpenStreetMap and NaPTAN become ours."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from config.errors import BadInputError
from spatial.context import read_layer
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.notes import texts

PLACES = Path(__file__).parents[3] / "shared" / "data" / "places"
LINE, SPOT = LineString([(1.39, 53.19), (1.40, 53.20)]), Point(1.39, 53.19)


def kept(
    path: Path, layer: str, *rows: dict[str, Any], shape: BaseGeometry = LINE
) -> tuple[list, list]:
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": row,
                "geometry": json.loads(shapely.to_geojson(shape)),
            }
            for row in rows
        ],
    }
    file = path / f"{layer}.geojson"
    file.write_text(json.dumps(document))
    content, notes = read_layer(file, layer)
    return [feature["properties"] for feature in json.loads(content)["features"]], texts(notes)


@pytest.mark.parametrize(
    ("row", "name", "kind"),
    [
        # OS Open Roads: GeoPackage, shapefile, and the motorways' layer of both
        ({"road_function": "A Road", "name_1": "London Road"}, "London Road", "major"),
        ({"function": "Local Road", "class": "Unclassified", "name1": "Elm Row"}, "Elm Row",
         "local"),
        ({"function": "Restricted Local Access Road", "name1": None}, "", "local"),
        ({"class": "B Road", "roadNumber": "B1013", "name1": ""}, "B1013", "minor"),
        ({"roadFunction": "Motorway", "name1": "", "roadNumber": "M11"}, "M11", "major"),
        ({"road_classification": "Classified Unnumbered"}, "", "minor"),
        # OpenStreetMap: tags, and the extracts' own column
        ({"highway": "primary_link", "name": "Pier Road"}, "Pier Road", "major"),
        ({"highway": "residential", "name": None}, "", "local"),
        ({"highway": "steps", "name": "The Steps"}, "The Steps", "path"),
        ({"railway": "light_rail", "name": ""}, "", "rail"),
        ({"fclass": "track_grade3"}, "", "path"),
        ({"highway": "secondary", "ref": "B3130"}, "B3130", "minor"),
        ({"highway": "road", "ref": "A38"}, "A38", "major"),
        ({"highway": "road", "ref": "B3130; B3133"}, "B3130; B3133", "minor"),
        ({"highway": "road", "ref": "C12"}, "C12", "local"),
        # ours
        ({"name": "High Street", "class": "major"}, "High Street", "major"),
    ],
)  # fmt: skip
def test_streets_of_any_maker_are_named_and_classed(
    tmp_path: Path, row: dict[str, Any], name: str, kind: str
) -> None:
    (street,), notes = kept(tmp_path, "streets", row)
    assert (street.get("name") or "", street["class"]) == (name, kind)
    assert not any("cannot be told" in note for note in notes)


def test_a_street_nobody_can_class_is_local_and_counted(tmp_path: Path) -> None:
    rows, notes = kept(tmp_path, "streets", {"highway": "proposed"}, {"name": "Row", "x": 1})
    assert [row["class"] for row in rows] == ["local", "local"]
    assert notes == ["streets.geojson: streets whose kind cannot be told, taken for local ones: 2."]


def test_what_was_taken_is_said_and_nothing_else_is_lost(tmp_path: Path) -> None:
    given = {"road_function": "B Road", "name_1": "Elm Row", "length": 12.5}
    (row,), notes = kept(tmp_path, "streets", given)
    assert row == {**given, "name": "Elm Row", "class": "minor"}
    assert notes == [
        "streets.geojson: names and kinds were taken from 'name_1' (1), 'road_function' (1)."
    ]


@pytest.mark.parametrize(
    ("row", "name", "kind"),
    [
        ({"amenity": "police", "name": "Saltmere"}, "Saltmere", "police_station"),
        ({"amenity": None, "shop": "alcohol", "name": "Vins"}, "Vins", "off_licence"),
        ({"amenity": "nightclub"}, "", "club"),
        ({"railway": "station", "name": "Saltmere"}, "Saltmere", "rail_station"),
        ({"amenity": "library", "name": "L"}, "L", "library"),
        ({"highway": "bus_stop"}, "", "bus_stop"),
        ({"fclass": "fast_food"}, "", "takeaway"),
        ({"ATCOCode": "1", "CommonName": "Pier", "StopType": "BCT"}, "Pier", "bus_stop"),
        ({"CommonName": "Saltmere", "StopType": "RLY"}, "Saltmere", "rail_station"),
        ({"CLASSIFICA": "Hospital", "DISTNAME": "Royal"}, "Royal", "hospital"),
        ({"classification": "Police Station", "distinctive_name": "x"}, "", "police_station"),
        ({"business_type": "Pub", "name": "Crown"}, "Crown", "pub"),
        ({"kind": "supported_housing", "name": "H"}, "H", "supported_housing"),
    ],
)
def test_places_of_any_maker_have_a_kind(
    tmp_path: Path, row: dict[str, Any], name: str, kind: str
) -> None:
    (place,), notes = kept(tmp_path, "places", row, shape=SPOT)
    assert (place.get("name") or "", place["kind"]) == (name, kind)
    assert not any("cannot be told" in note for note in notes)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"natural": "coastline"}, "coast"),
        ({"highway": "motorway_link"}, "motorway"),
        ({"function": "Motorway", "class": "Motorway"}, "motorway"),
        ({"railway": "rail"}, "railway"),
        ({"highway": "rail"}, "railway"),
        ({"highway": "road", "ref": "M5"}, "motorway"),
        ({"highway": "road", "ref": "A1(M)"}, "motorway"),
        ({"waterway": "canal"}, "river"),
        ({"form": "inlandRiver"}, "river"),
        ({"fclass": "river"}, "river"),
        ({"kind": "railway"}, "railway"),
        ({"name": "Wall"}, "barrier"),
    ],
)
def test_barriers_have_a_kind(tmp_path: Path, row: dict[str, Any], kind: str) -> None:
    (barrier,), _ = kept(tmp_path, "barriers", row)
    assert barrier["kind"] == kind


def test_what_parts_nothing_is_no_barrier(tmp_path: Path) -> None:
    rows, notes = kept(
        tmp_path,
        "barriers",
        {"highway": "motorway"}, {"highway": "residential"}, {"highway": "trunk"},
        {"railway": "tram"}, {"waterway": "ditch"}, {"name": "Wall"},
    )  # fmt: skip
    assert [row["kind"] for row in rows] == ["motorway", "barrier"]
    assert any("no barrier to a walker, which are left out: 4." in note for note in notes)
    assert any("taken for barriers all the same: 1." in note for note in notes)
    with pytest.raises(BadInputError, match=r"barriers\.geojson holds no line or area of a kind"):
        kept(tmp_path, "barriers", {"kind": "river"}, shape=SPOT)


def test_barriers_are_mended_like_any_layer(tmp_path: Path) -> None:
    bowtie = Polygon([(1.39, 53.19), (1.40, 53.20), (1.40, 53.19), (1.39, 53.20)])
    shapes = [GeometryCollection([LINE, SPOT]), bowtie, Polygon(), LINE]
    frame = geopandas.GeoDataFrame({"waterway": ["river"] * 4}, geometry=shapes, crs=4326)
    frame.to_parquet(tmp_path / "barriers.parquet")
    content, notes = read_layer(tmp_path / "barriers.parquet", "barriers")
    features = json.loads(content)["features"]
    kept = [shapely.from_geojson(json.dumps(it["geometry"])) for it in features]
    assert [shape.geom_type for shape in kept] == ["LineString", "MultiPolygon", "LineString"]
    assert all(shape.is_valid for shape in kept)
    said = " ".join(note.text for note in notes if note.loud)
    assert "invalid and have been mended: 1." in said
    assert "highest dimension are kept: 1." in said
    assert "without a geometry, which are left out: 1." in said


def shapefile(folder: Path, stem: str, **columns: list[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    frame = geopandas.GeoDataFrame(columns, geometry=[LINE], crs=4326)
    frame.to_file(folder / f"{stem}.shp")
    return folder


@pytest.mark.parametrize("packed", [True, False])
def test_a_shapefile_is_read_as_a_folder_or_a_zip(tmp_path: Path, *, packed: bool) -> None:
    folder = shapefile(tmp_path / "streets", "RoadLink", name1=["Elm Row"], function=["A Road"])
    if packed:
        path = tmp_path / "streets.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted(folder.iterdir()):
                archive.write(part, f"data/oproad/{part.name}")
            archive.writestr("data/licence.txt", "open")
            archive.writestr("__MACOSX/._RoadLink.shp", "no shape")
    else:
        path = folder
    load([path], tmp_path / "store")
    layer = IncidentStore.open(tmp_path / "store").context_layers()["streets"]
    (feature,) = json.loads(layer.read_text())["features"]
    assert (feature["properties"]["name"], feature["properties"]["class"]) == ("Elm Row", "major")
    assert feature["geometry"]["type"] == "LineString"


def test_a_boundary_may_be_a_zip_and_two_maps_in_one_are_refused(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"n": [1]}, geometry=[box(1.3, 53.1, 1.4, 53.2)], crs=4326)
    frame.to_file(tmp_path / "Town.gpkg")
    with zipfile.ZipFile(tmp_path / "Town.zip", "w") as archive:
        archive.write(tmp_path / "Town.gpkg", "Town.gpkg")
    load([], tmp_path / "store", boundary=tmp_path / "Town.zip")
    assert list(IncidentStore.open(tmp_path / "store").study_areas()) == ["town"]
    with zipfile.ZipFile(tmp_path / "beats.zip", "w") as archive:
        archive.write(tmp_path / "Town.gpkg", "Town.gpkg")
        archive.write(tmp_path / "Town.gpkg", "Other.gpkg")
    with pytest.raises(BadInputError, match=r"beats\.zip must hold one map file .* and holds 2"):
        load([tmp_path / "beats.zip"], tmp_path / "store")
    with zipfile.ZipFile(tmp_path / "streets.zip", "w") as archive:
        archive.writestr("../streets.geojson", "{}")
    with pytest.raises(BadInputError, match="points outside the archive"):
        load([tmp_path / "streets.zip"], tmp_path / "store")


def test_real_streets_and_places_are_understood() -> None:
    roads = PLACES / "oxford_centre_roads_2015.geojson"
    if not roads.is_file():
        pytest.skip("the shared open data are not beside the repository")
    content, notes = read_layer(roads, "streets")
    rows = [feature["properties"] for feature in json.loads(content)["features"]]
    # 25 primary roads and 5 slip roads; 336 footways, 26 steps, 12 cycleways, 5 paths; of 623
    classes = [row["class"] for row in rows]
    assert [classes.count(word) for word in ("major", "minor", "local", "path")] == [
        30,
        13,
        201,
        379,
    ]
    assert not any(note.loud for note in notes)
    content, notes = read_layer(PLACES / "oxford_centre_pois_2015.geojson", "places")
    kinds = [feature["properties"]["kind"] for feature in json.loads(content)["features"]]
    assert kinds.count("bus_stop") == 23
    assert kinds.count("cash_machine") == 2
    assert kinds.count("takeaway") == 5
