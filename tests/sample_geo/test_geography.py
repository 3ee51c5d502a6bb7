"""Geography: the committed layers are sound, and fit each other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import LinearRing, shape

from spatial.projection import national_grid

Features = dict[str, list[dict[str, Any]]]
KINDS = {
    "pub", "club", "takeaway", "off_licence", "cash_machine", "bus_stop", "rail_station",
    "school", "hospital", "police_station", "supported_housing",
}  # fmt: skip


def _metres(feature: dict[str, Any]) -> shapely.Geometry:
    return national_grid().project(shape(feature["geometry"]))


def test_every_shape_is_valid_named_and_to_six_decimals(features: Features) -> None:
    for layer, members in features.items():
        for feature in members:
            drawn = shape(feature["geometry"])
            assert drawn.is_valid, (layer, feature["properties"])
            # a census area goes by its code
            assert feature["properties"]["code" if layer == "census" else "name"].strip()
            pairs = shapely.get_coordinates(drawn)
            assert np.array_equal(pairs, np.round(pairs, 6))


def test_polygons_are_wound_by_the_right_hand(features: Features) -> None:
    for members in features.values():
        for feature in members:
            if feature["geometry"]["type"] != "Polygon":
                continue
            outer, *holes = feature["geometry"]["coordinates"]
            assert LinearRing(outer).is_ccw
            assert not any(LinearRing(hole).is_ccw for hole in holes)


def test_the_borough_is_a_borough(features: Features) -> None:
    (borough,) = (_metres(feature) for feature in features["boundary"])
    assert 28e6 < borough.area < 34e6
    west, south, east, north = borough.bounds
    assert 6_800 < east - west < 7_500
    assert 4_500 < north - south < 6_000
    # all of it inside grid square TG's eastern neighbour, far from any real shore
    assert 623_000 < west < east < 631_500


def test_beats_tile_the_borough_without_gap_or_overlap(features: Features) -> None:
    assert [f["properties"]["code"] for f in features["beats"]] == [f"B{i}" for i in range(1, 9)]
    beats = [shape(feature["geometry"]) for feature in features["beats"]]
    (borough,) = (shape(feature["geometry"]) for feature in features["boundary"])
    for one, other in combinations(beats, 2):
        assert one.intersection(other).area == 0
    assert shapely.union_all(beats).symmetric_difference(borough).area == pytest.approx(
        0, abs=1e-13
    )
    # the borough's outline and the beats' are made of the same vertices
    corners = {tuple(pair) for beat in beats for pair in shapely.get_coordinates(beat).tolist()}
    assert {tuple(pair) for pair in shapely.get_coordinates(borough).tolist()} <= corners


def test_the_sea_is_outside_and_meets_the_coastline(features: Features) -> None:
    (borough,) = (_metres(feature) for feature in features["boundary"])
    (sea,) = (_metres(feature) for feature in features["sea"])
    (coastline,) = (_metres(feature) for feature in features["coastline"])
    assert borough.intersection(sea).area < 5_000  # slivers of rounding along 11 km of shore
    assert coastline.hausdorff_distance(borough.exterior.intersection(sea.buffer(0.5))) < 25
    assert sea.bounds[1] < borough.bounds[1] - 8_000


def test_street_names_are_given_once_and_most_streets_are_inside(features: Features) -> None:
    names = Counter(feature["properties"]["name"] for feature in features["streets"])
    assert max(names.values()) == 1
    assert 700 < len(names) < 1_150
    classes = Counter(feature["properties"]["class"] for feature in features["streets"])
    assert set(classes) == {"major", "minor", "local", "path", "rail"}
    assert classes["major"] > 20
    (borough,) = (_metres(feature) for feature in features["boundary"])
    lines = [_metres(feature) for feature in features["streets"]]
    inside = sum(line.intersection(borough).length for line in lines)
    total = sum(line.length for line in lines)
    assert 0.85 < inside / total < 1  # main roads run on over the border


def test_streets_stay_off_water(features: Features) -> None:
    wet = shapely.union_all([_metres(f) for layer in ("sea", "water") for f in features[layer]])
    for feature in features["streets"]:
        if feature["properties"]["class"] == "local":
            assert _metres(feature).intersection(wet).length < 1, feature["properties"]["name"]


def test_places_are_of_known_kinds_and_stand_on_land(features: Features) -> None:
    kinds = Counter(feature["properties"]["kind"] for feature in features["places"])
    assert set(kinds) == KINDS
    assert 350 <= sum(kinds.values()) <= 450
    assert kinds["police_station"] == kinds["hospital"] == 1
    (borough,) = (shape(feature["geometry"]) for feature in features["boundary"])
    assert all(borough.contains(shape(feature["geometry"])) for feature in features["places"])
    names = Counter((f["properties"]["kind"], f["properties"]["name"]) for f in features["places"])
    assert max(names.values()) == 1


def test_population_adds_up(features: Features) -> None:
    people = [feature["properties"]["population"] for feature in features["population"]]
    assert sum(people) == 95_000
    assert min(people) > 0
    # 200 m squares: nowhere denser than an inner city's 250 people a hectare
    assert max(people) < 1_000
