"""Geocoding: a name is found, or has no place; it is never guessed."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from shapely.geometry import Point, shape

from sample_geo.ready import DATA
from spatial.partners.geocode import Gazetteer, Lost, Spot, read_gazetteer
from spatial.projection import national_grid

if TYPE_CHECKING:
    from pathlib import Path

Named = tuple[str, dict[str, Any]]
ORIGIN = (1.4, 53.2)


@pytest.fixture(scope="module")
def saltmere() -> Gazetteer:
    return read_gazetteer({layer: DATA / f"{layer}.geojson" for layer in ("places", "streets")})


def layer(path: Path, *named: Named) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in named
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    path.write_text(text, encoding="utf-8")
    return path


def point(east: float = 0, north: float = 0) -> dict[str, Any]:
    """A point so many metres from the origin."""
    x, y = (float(one) for one in national_grid().forward(*ORIGIN))
    longitude, latitude = national_grid().inverse(x + east, y + north)
    return {"type": "Point", "coordinates": [float(longitude), float(latitude)]}


def line(*ends: tuple[float, float]) -> dict[str, Any]:
    pairs = [point(east, north)["coordinates"] for east, north in ends]
    return {"type": "LineString", "coordinates": pairs}


def gazetteer(tmp_path: Path, *places: Named, streets: tuple[Named, ...] = ()) -> Gazetteer:
    layers = {"places": layer(tmp_path / "places.geojson", *places)}
    if streets:
        layers["streets"] = layer(tmp_path / "streets.geojson", *streets)
    return read_gazetteer(layers)


def test_a_place_goes_before_a_street_of_its_name(tmp_path: Path) -> None:
    known = gazetteer(
        tmp_path,
        ("Market Place", point(500)),
        streets=(("Market Place", line((0, 0), (100, 0))),),
    )
    found = known.find("market place")
    assert isinstance(found, Spot)
    assert (found.found_as, found.reach_m) == ("named place", 0)


def test_a_street_is_its_middle_and_says_how_far_it_reaches(tmp_path: Path) -> None:
    # two pieces of one street that touch are one street of 300 m; its middle is 150 m from its ends
    known = gazetteer(
        tmp_path, ("x", point()),
        streets=(("Long Lane", line((0, 0), (100, 0))), ("Long Lane", line((100, 0), (300, 0)))),
    )  # fmt: skip
    found = known.find("Long Ln")
    assert isinstance(found, Spot)
    assert (found.found_as, found.reach_m) == ("street", pytest.approx(150, abs=0.2))
    x, _ = national_grid().forward(found.longitude, found.latitude)
    assert float(x) == pytest.approx(float(national_grid().forward(*ORIGIN)[0]) + 150, abs=0.2)


def test_two_places_of_one_name_are_neither(tmp_path: Path) -> None:
    far = gazetteer(
        tmp_path, ("The Ship", point()), ("Ship Inn pub", point(50)), ("Ship", point(900))
    )
    assert far.find("ship") is Lost.AMBIGUOUS
    # the same building twice in the layer is one place
    near = gazetteer(tmp_path, ("The Ship", point()), ("Ship", point(60)))
    assert isinstance(near.find("ship"), Spot)


def test_two_streets_of_one_name_are_neither(tmp_path: Path) -> None:
    known = gazetteer(
        tmp_path, ("x", point()),
        streets=(("High Street", line((0, 0), (90, 0))), ("High Street", line((900, 0), (990, 0)))),
    )  # fmt: skip
    assert known.find("High Street") is Lost.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("royal infirmary", "Spot"),  # two words of three, one of them in no other name
        ("infirmary", Lost.UNKNOWN),  # one of three is not enough
        ("Saltmere royal hospital infirmary", "Spot"),  # three of four
        ("Old Royal Infirmary", Lost.UNKNOWN),  # old makes another place of it
        ("Royal Infirmary 2", Lost.UNKNOWN),  # and so does a figure
        ("Tea Room", Lost.UNKNOWN),  # words that other names have too
        ("Wild Cherry Close", "Spot"),
        ("Cherry Close", Lost.UNKNOWN),  # a street must have its own name
        ("Wild Cherry Close Saltmere", "Spot"),
        ("Wild Cherry Close North", Lost.UNKNOWN),
        ("3 Wild Cherry Close", Lost.HOME),
        ("home, Wild Cherry Close", Lost.HOME),
        ("Neptune's, Esplanade", "Spot"),
        ("in town", Lost.UNKNOWN),
        ("", Lost.UNKNOWN),
    ],
)
def test_what_is_alike_enough(tmp_path: Path, text: str, found: Lost | str) -> None:
    known = gazetteer(
        tmp_path,
        ("Saltmere Royal Infirmary", point()), ("Barn Tea Room", point(200)),
        ("Lock Tea Room", point(400)), ("Neptune's", point(600)),
        streets=(("Wild Cherry Close", line((0, 0), (90, 0))),),
    )  # fmt: skip
    answer = known.find(text)
    assert (type(answer).__name__ if isinstance(answer, Spot) else answer) == found


def test_an_address_is_found_only_where_a_place_is_called_so(tmp_path: Path) -> None:
    known = gazetteer(tmp_path, ("29 Albion Street", point()))
    assert isinstance(known.find("29 Albion St"), Spot)
    assert known.find("31 Albion St") is Lost.HOME


def test_a_name_that_is_not_there_is_never_another(saltmere: Gazetteer) -> None:
    wrong = []
    for words in list(saltmere.features)[::20]:
        # as if that name were not loaded
        others = {name: shapes for name, shapes in saltmere.features.items() if name != words}
        if isinstance(replace(saltmere, features=others).find(" ".join(words)), Spot):
            wrong.append(" ".join(words))
    assert wrong == []


def test_patients_of_saltmere_are_placed_where_they_were(saltmere: Gazetteer) -> None:
    truth = json.loads((DATA / "partner_planted.json").read_text(encoding="utf-8"))
    where = {
        feature["properties"]["name"]: shape(feature["geometry"])
        for layer_ in ("streets", "places")
        for feature in json.loads((DATA / f"{layer_}.geojson").read_text("utf-8"))["features"]
    }
    with (DATA / "partner_emergency_department.csv").open(encoding="utf-8", newline="") as stream:
        told = [row["Assault Location"] for row in csv.DictReader(stream)]
    tally: Counter[str] = Counter()
    for text, number in zip(told, truth["emergency_department"], strict=True):
        true, found = truth["names"][number], saltmere.find(text)
        if isinstance(found, Spot):
            spot = Point(found.longitude, found.latitude)
            away = where[true].distance(spot) if true else 1.0
            tally["right" if away < 1e-5 else "wrong"] += 1
        elif true:
            tally["missed"] += 1
        else:
            tally["rightly nowhere"] += 1
    assert tally["wrong"] == 0
    assert tally["missed"] == 0
    assert tally["right"] > 600
    assert tally["rightly nowhere"] > 400


def test_real_places_left_out_are_seldom_taken_for_others(
    shared_data: Path, tmp_path: Path
) -> None:
    pandas = pytest.importorskip("pandas")
    file = shared_data / "places" / "norwich_osm_pois_2019.csv.gz"
    if not file.is_file():
        pytest.skip("the places of Norwich are not beside this checkout")
    named = pandas.read_csv(file).dropna(subset=["name"])
    rows = [
        (str(name), {"type": "Point", "coordinates": [x, y]})
        for name, x, y in zip(named["name"], named["longitude"], named["latitude"], strict=True)
    ]
    known = gazetteer(tmp_path, *rows)
    names = list(known.features)[::40]
    wrong = 0
    for words in names:
        others = {name: shapes for name, shapes in known.features.items() if name != words}
        answer = replace(known, features=others).find(" ".join(words))
        wrong += isinstance(answer, Spot)
    # over all 2,086 names it is 15 (0.7%), nearly all the same place under a shorter name
    assert wrong <= 2
    assert len(names) > 50
