"""Barriers: what is read from a store's layers as one, and what is not."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import shapely

from spatial.context import read_layer
from spatial.projection import national_grid
from spatial.targets.areas.barriers import Barriers, read_barriers

PLANE = national_grid()
LINE = [[1.4, 53.2], [1.41, 53.2]]
RING = [[[1.4, 53.2], [1.41, 53.2], [1.41, 53.21], [1.4, 53.2]]]


def _layer(path: Path, *features: tuple[dict[str, Any], str]) -> Path:
    shapes = {"line": ("LineString", LINE), "area": ("Polygon", RING), "point": ("Point", LINE[0])}
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": row,
                "geometry": {"type": shapes[shape][0], "coordinates": shapes[shape][1]},
            }
            for row, shape in features
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _read(**layers: Path) -> Barriers:
    return read_barriers(layers, metric_system=PLANE)


def test_no_layer_no_barrier() -> None:
    assert len(_read()) == 0


def test_railways_and_motorways_are_found_among_streets(tmp_path: Path) -> None:
    raw = _layer(
        tmp_path / "raw.geojson",
        ({"highway": "motorway", "ref": "M27"}, "line"),
        ({"highway": "motorway_link"}, "line"),
        ({"highway": "primary", "ref": "A27"}, "line"),
        ({"highway": "residential", "name": "High Street"}, "line"),
        ({"railway": "rail"}, "line"),
        ({"railway": "tram"}, "line"),
        ({"railway": "rail", "tunnel": "yes"}, "line"),
    )
    kept = tmp_path / "streets.geojson"
    kept.write_bytes(read_layer(raw, "streets")[0])
    barriers = _read(streets=kept)
    assert sorted(barriers.kinds) == ["motorway", "motorway", "railway"]
    # a motorway is not walked along, and neither is a railway
    assert len(barriers.streets) == 2
    assert barriers.words == "2 motorway, 1 railway"


@pytest.mark.parametrize("name", ["M27", "A1(M)"])
def test_a_number_for_a_name_tells_a_motorway(tmp_path: Path, name: str) -> None:
    streets = _layer(
        tmp_path / "streets.geojson",
        ({"name": name, "class": "major"}, "line"),
        ({"name": "Mill Lane", "class": "major"}, "line"),
    )
    assert _read(streets=streets).kinds == ("motorway",)


def test_water_is_a_barrier_as_an_area_and_a_ditch_is_none(tmp_path: Path) -> None:
    water = _layer(
        tmp_path / "water.geojson",
        ({"name": "Lake"}, "area"),
        ({"waterway": "ditch"}, "line"),
        ({"waterway": "river"}, "line"),
        ({"waterway": "river", "tunnel": "culvert"}, "line"),
        ({}, "point"),
    )
    assert sorted(_read(water=water).kinds) == ["river", "water"]


def test_the_coastline_counts_where_there_is_no_sea(tmp_path: Path) -> None:
    coast = _layer(tmp_path / "coastline.geojson", ({}, "line"))
    sea = _layer(tmp_path / "sea.geojson", ({}, "area"))
    assert _read(coastline=coast).kinds == ("coast",)
    both = _read(coastline=coast, sea=sea)
    assert both.kinds == ("sea",)
    assert both.layers == ("sea",)


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = _layer(tmp_path / "barriers.geojson", ({"kind": "railway"}, "line"))
    first = _read(barriers=path)
    assert first.kinds == ("railway",)
    assert _read(barriers=path) is first
    _layer(path, ({"kind": "river"}, "line"), ({}, "line"))
    os.utime(path, ns=(1, 1))
    assert _read(barriers=path).kinds == ("river", "barrier")


def test_shapes_are_in_metres(tmp_path: Path) -> None:
    path = _layer(tmp_path / "barriers.geojson", ({"kind": "railway"}, "line"))
    # a hundredth of a degree of longitude at 53.2 N: 111.3 km x cos(53.2) / 100 = 667 m
    assert shapely.length(_read(barriers=path).shapes[0]) == pytest.approx(668, abs=2)
