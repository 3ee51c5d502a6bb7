"""Drawn areas: a force's own polygons, counted by point and ranked like the rest."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import shapely

from config.errors import BadInputError
from config.profile import Measure
from spatial.hexes.grid import HexGrid, fill
from spatial.hexes.study_area import study_area_from_polygons
from spatial.targets.areas.drawn import DrawnAreas, read_drawn
from spatial.targets.areas.drawn_counts import DrawnCounts, count_drawn
from spatial.targets.areas.drawn_ranking import rank_drawn
from spatial.targets.areas.growth import AreaRules
from spatial.window import Window

AREA = study_area_from_polygons("box", [shapely.box(1.39, 53.19, 1.43, 53.21)])
GRID: HexGrid = fill(AREA, 10)
WEST, MIDDLE = shapely.box(1.39, 53.19, 1.40, 53.20), shapely.box(1.40, 53.19, 1.41, 53.20)
EAST = shapely.box(1.415, 53.19, 1.425, 53.20)
YEAR = Window(pd.Timestamp("2026-01-01").date(), pd.Timestamp("2026-12-31").date())
RULES = AreaRules(1, 1, fewest_incidents=2, fewest_dates=2)


def _file(path: Path, *polygons: tuple[str, shapely.Geometry]) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(one)}
        for name, one in polygons
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def _drawn(tmp_path: Path, *polygons: tuple[str, shapely.Geometry]) -> DrawnAreas:
    return read_drawn(_file(tmp_path / "beats.geojson", *polygons), study_area=AREA)


def _connection(
    rows: list[tuple[float, float, str, float | None, str]],
) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    frame = pd.DataFrame(rows, columns=["longitude", "latitude", "tier", "harm_days", "day"])
    import h3.api.basic_int as h3_int  # noqa: PLC0415 (only here)

    frame["h3_10"] = np.array(
        [
            h3_int.latlng_to_cell(lat, lon, 10)
            for lon, lat in zip(frame.longitude, frame.latitude, strict=True)
        ],
        dtype=np.uint64,
    )
    frame["occurred_from"] = pd.to_datetime(frame.pop("day"))
    connection.register("incidents", frame)
    return connection


ROWS = [
    (1.395, 53.195, "injury", 10.0, "2026-01-01"),
    (1.396, 53.196, "injury", 20.0, "2026-02-01"),
    (1.405, 53.195, "injury", 5.0, "2026-01-01"),
    (1.406, 53.195, "homicide", 5475.0, "2026-01-02"),
    (1.406, 53.196, "injury", None, "2026-01-03"),
    (1.42, 53.195, "injury", 900.0, "2026-01-03"),
    # between polygons, and on the common border of the first two
    (1.413, 53.195, "injury", 1.0, "2026-01-03"),
    (1.40, 53.195, "injury", 7.0, "2026-03-01"),
]


def _counted(drawn: DrawnAreas) -> DrawnCounts:
    return count_drawn(_connection(ROWS), "TRUE", window=YEAR, grid=GRID, drawn=drawn)


def test_incidents_count_in_the_polygon_they_lie_in(tmp_path: Path) -> None:
    drawn = _drawn(tmp_path, ("West", WEST), ("Middle", MIDDLE), ("East", EAST))
    found = _counted(drawn)
    by_name = dict(zip(drawn.names, found.counts.incidents.tolist(), strict=True))
    assert by_name["East"] == 1
    # the one on the border belongs to one of the two, once
    assert by_name["West"] + by_name["Middle"] == 6
    assert found.counts.incidents.sum() + found.counts.outside == len(ROWS)
    middle = drawn.names.index("Middle")
    assert found.gravest[middle] == 5_475_000
    assert found.counts.without_weight[middle] == 1
    # homicides are on no date
    assert found.dates["incidents"].sum() == found.counts.incidents.sum() - 1


def test_expected_harm_is_shared_by_ground(tmp_path: Path) -> None:
    found = _counted(_drawn(tmp_path, ("West", WEST), ("Middle", MIDDLE)))
    west_to_middle = found.expected(np.ones(len(GRID)))
    # as many cells' worth as their ground: the two boxes are of one size
    cell_m2 = shapely.area(AREA.metric_system.project(shapely.box(1.39, 53.19, 1.40, 53.20)))
    assert west_to_middle[0] == pytest.approx(west_to_middle[1], rel=0.002)
    from spatial.hexes.ground import outlines_m  # noqa: PLC0415 (only here)

    size = shapely.area(outlines_m(GRID, np.arange(len(GRID)))).mean()
    assert west_to_middle[0] == pytest.approx(cell_m2 / size, rel=0.01)
    # no cell is given out twice
    together = np.zeros(len(GRID))
    for place, share in found.overlaps:
        together[place] += share
    assert together.max() <= 1 + 1e-6


def test_ranked_like_the_rest(tmp_path: Path) -> None:
    drawn = _drawn(tmp_path, ("West", WEST), ("Middle", MIDDLE), ("East", EAST))
    ranked = rank_drawn(
        _counted(drawn), measure=Measure.HARM, rules=RULES, places=3,
        metric_system=AREA.metric_system,
    )  # fmt: skip
    assert ranked.drawn is not None
    # East has one incident only; Middle's homicide does not put it before West
    assert ranked.drawn.drawn.names == ("West", "Middle")
    assert any("Only 2 of the 3 places" in note.text for note in ranked.notes)
    # in rank order, tiers and dates too
    tiers = ranked.drawn.counts.by_tier
    assert tiers.loc[tiers["tier"] == "homicide", "position"].tolist() == [1]
    assert ranked.drawn.counts.incidents.sum() + ranked.drawn.counts.outside == len(ROWS)
    apart = rank_drawn(
        _counted(drawn), measure=Measure.HARM, rules=RULES, places=1, rivals=2,
        metric_system=AREA.metric_system, separation_m=200.0,
    )  # fmt: skip
    assert len(apart.areas) == 1
    assert len(apart.rivals) == 1


def test_expected_harm_orders_polygons(tmp_path: Path) -> None:
    drawn = _drawn(tmp_path, ("West", WEST), ("Middle", MIDDLE))
    found = _counted(drawn)
    expected = np.zeros(len(GRID))
    expected[found.overlaps[drawn.names.index("Middle")][0]] = 1.0
    ranked = rank_drawn(
        found, measure=Measure.EXPECTED_HARM, rules=RULES, places=1, expected_days=expected,
        metric_system=AREA.metric_system,
    )  # fmt: skip
    assert ranked.drawn is not None
    assert ranked.drawn.drawn.names == ("Middle",)
    with pytest.raises(ValueError, match="needs expected_days"):
        rank_drawn(
            found, measure=Measure.EXPECTED_HARM, rules=RULES, places=1,
            metric_system=AREA.metric_system,
        )  # fmt: skip


def test_the_order_of_the_file_changes_nothing(tmp_path: Path) -> None:
    polygons = [("West", WEST), ("Middle", MIDDLE), ("East", EAST)]
    one, other = _drawn(tmp_path, *polygons), _drawn(tmp_path, *polygons[::-1])
    assert one.names == other.names
    assert _counted(one).counts.incidents.tolist() == _counted(other).counts.incidents.tolist()


def test_overlapping_polygons_are_refused_by_name(tmp_path: Path) -> None:
    over = shapely.box(1.395, 53.19, 1.405, 53.20)
    with pytest.raises(BadInputError, match=r"'West' and 'Over' overlap by 37\.\d+ hectares"):
        _drawn(tmp_path, ("West", WEST), ("Over", over), ("East", EAST))
    # neighbours drawn apart overlap by a hair
    hair = shapely.box(1.3999999, 53.19, 1.41, 53.20)
    assert len(_drawn(tmp_path, ("West", WEST), ("Hair", hair))) == 2


def test_what_lies_outside_is_said(tmp_path: Path) -> None:
    far = shapely.box(2.0, 53.0, 2.1, 53.1)
    half = shapely.box(1.42, 53.19, 1.44, 53.20)
    drawn = _drawn(tmp_path, ("Far", far), ("Half", half), ("Walk", shapely.Point(1.4, 53.2)))
    assert drawn.names == ("Half",)
    said = " ".join(note.text for note in drawn.notes)
    assert "wholly outside the study area and left out: 1 (Far)" in said
    assert "partly outside the study area; counted is what lies inside: 1 (Half)" in said
    assert "no areas and are left out: 1 (Walk)" in said
    with pytest.raises(BadInputError, match="no polygon in study area 'box'"):
        _drawn(tmp_path, ("Far", far))
    with pytest.raises(BadInputError, match=r"no file 'none\.gpkg'"):
        read_drawn(tmp_path / "none.gpkg", study_area=AREA)


def test_wards_as_published(shared_data: Path) -> None:
    wards = shared_data / "places" / "norwich_wards_2011.parquet"
    around = study_area_from_polygons("Norwich", [shapely.box(1.1, 52.5, 1.5, 52.8)])
    drawn = read_drawn(wards, study_area=around)
    assert len(drawn) == 13
    assert "Mancroft" in drawn.names
