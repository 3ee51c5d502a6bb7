"""Beats: every point in one beat at most, and beats that add up."""

from __future__ import annotations

import json

import numpy as np
import shapely
from shapely.geometry import shape

from sample_geo.write import FOLDER
from spatial.hexes.beats import beat_of


def test_points_find_their_beat_once() -> None:
    beats = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(1.5, 0, 3, 1)]
    longitude = [0.5, 1.0, 1.7, 2.5, 9.0, np.nan]
    found = beat_of(longitude, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5], beats)
    # the shared border and the overlap belong to the first
    assert found.tolist() == [0, 0, 1, 2, -1, -1]
    assert beat_of([], [], beats).tolist() == []


def test_saltmere_beats_take_every_point_of_the_borough() -> None:
    layers = [
        json.loads((FOLDER / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
        for name in ("beats", "boundary")
    ]
    beats, (borough,) = ([shape(feature["geometry"]) for feature in layer] for layer in layers)
    west, south, east, north = borough.bounds
    rng = np.random.default_rng(4)
    x, y = rng.uniform(west, east, 2_000), rng.uniform(south, north, 2_000)
    inside = shapely.contains_xy(borough, x, y)
    found = beat_of(x, y, beats)
    np.testing.assert_array_equal(found >= 0, inside)
    assert set(found[inside].tolist()) == set(range(8))
