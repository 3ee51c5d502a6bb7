"""Parting: which adjoining cells a patrol cannot pass between."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from spatial.hexes.grid import HexGrid, fill
from spatial.hexes.ground import outlines_m
from spatial.hexes.neighbours import Neighbours, ring_neighbours
from spatial.hexes.study_area import study_area_from_polygons
from spatial.targets.areas.barriers import Barriers
from spatial.targets.areas.growth import AreaRules, grow_areas
from spatial.targets.areas.parting import walkable

GRID: HexGrid = fill(study_area_from_polygons("box", [shapely.box(1.39, 53.19, 1.405, 53.198)]), 10)
NEAR: Neighbours = ring_neighbours(GRID, ring=1)
OUTLINES = outlines_m(GRID, np.arange(len(GRID)))
MIDDLE = int(np.flatnonzero(NEAR.cardinalities == 7)[len(GRID) // 3])
BESIDE = next(cell for cell in NEAR.of(MIDDLE) if cell != MIDDLE and NEAR.cardinalities[cell] == 7)
A, B = OUTLINES[MIDDLE], OUTLINES[BESIDE]
ACROSS = shapely.LineString([A.centroid, B.centroid])
EDGE = shapely.LineString(
    [point for point in A.exterior.coords[:-1] if B.distance(shapely.Point(point)) < 0.01]
)


def _lengthened(line: shapely.LineString, times: float) -> shapely.LineString:
    return shapely.affinity.scale(line, times, times)


def _barriers(*shapes: shapely.Geometry, kind: str = "railway", streets: tuple = ()) -> Barriers:
    held = np.empty(len(shapes), dtype=object)
    held[:] = shapes
    walked = np.empty(len(streets), dtype=object)
    walked[:] = streets
    return Barriers(held, (kind,) * len(shapes), walked, ("barriers",))


def _adjoin(barriers: Barriers, first: int = MIDDLE, second: int = BESIDE) -> bool:
    near, _ = walkable(GRID, barriers)
    # whoever adjoins is adjoined
    assert (second in near.of(first)) == (first in near.of(second))
    return second in near.of(first)


def test_without_barriers_nothing_is_parted_and_that_is_said() -> None:
    near, notes = walkable(GRID, _barriers())
    assert near is ring_neighbours(GRID, ring=1)
    assert "may lie across a river, a railway or a motorway" in notes[0].text


def test_a_railway_along_an_edge_parts_and_a_street_across_it_joins() -> None:
    rail = _lengthened(EDGE, 1.2)
    assert not _adjoin(_barriers(rail))
    assert _adjoin(_barriers(rail, streets=(ACROSS,)))
    # a street beside the railway is no crossing
    assert not _adjoin(_barriers(rail, streets=(translate(rail, 3, 3),)))


def test_a_railway_through_both_cells_leaves_each_to_its_side() -> None:
    # along the line between centres, a little off: most of both cells lies on one side, so they
    # still adjoin; the cell that adjoins both on the smaller side does not
    rail = translate(_lengthened(ACROSS, 8), *_aside(12.0))
    near, _ = walkable(GRID, _barriers(rail))
    assert BESIDE in near.of(MIDDLE)
    third = [c for c in NEAR.of(MIDDLE) if c in NEAR.of(BESIDE) and c not in (MIDDLE, BESIDE)]
    sides = {cell: OUTLINES[cell].centroid.distance(rail) for cell in third}
    smaller = min(sides, key=sides.__getitem__)
    larger = max(sides, key=sides.__getitem__)
    assert smaller not in near.of(MIDDLE)
    assert larger in near.of(MIDDLE)


def _aside(metres: float) -> tuple[float, float]:
    (x0, y0), (x1, y1) = ACROSS.coords
    length = ACROSS.length
    return -(y1 - y0) / length * metres, (x1 - x0) / length * metres


def test_the_streets_decide_for_which_side_a_cell_stands() -> None:
    # the same railway, but the streets of the cell run on its smaller side
    rail = translate(_lengthened(ACROSS, 8), *_aside(12.0))
    street = translate(_lengthened(ACROSS, 0.3), *_aside(30.0))
    in_middle = translate(street, *(np.array(A.centroid.coords[0]) - ACROSS.centroid.coords[0]))
    near, _ = walkable(GRID, _barriers(rail, streets=(in_middle,)))
    assert BESIDE not in near.of(MIDDLE)


def test_a_river_that_ends_in_a_cell_divides_nothing() -> None:
    inward = shapely.LineString([A.centroid, A.exterior.coords[0]])
    river = _lengthened(inward, 0.8)
    assert walkable(GRID, _barriers(river, kind="river"))[0].indices.tolist() == (
        NEAR.indices.tolist()
    )


def test_a_cell_centred_in_the_sea_is_its_promenade() -> None:
    # the sea takes all but 20 m along the line between both cells' landward corners
    shore = translate(_lengthened(ACROSS, 20), *_aside(-20.0))
    sea = shapely.union(shore.buffer(0.1), _half_plane(shore))
    assert sea.contains(A.centroid)
    assert sea.contains(B.centroid)
    assert _adjoin(_barriers(sea, kind="sea"))
    # the cells seaward of them have no ground at all
    near, notes = walkable(GRID, _barriers(sea, kind="sea"))
    wet = [cell for cell in range(len(GRID)) if sea.contains(OUTLINES[cell])]
    assert wet
    assert all(near.of(cell) == [cell] for cell in wet)
    assert "pairs of adjoining cells are parted" in notes[0].text


def _half_plane(line: shapely.LineString) -> shapely.Polygon:
    ends = np.array(line.coords)
    far = ends + np.array(_aside(5000.0))
    return shapely.Polygon([*ends, *far[::-1]])


def test_a_bridge_over_water_joins_and_a_jetty_does_not() -> None:
    river = EDGE.buffer(15, cap_style="flat").union(_lengthened(EDGE, 1.6).buffer(10))
    assert not _adjoin(_barriers(river, kind="water"))
    assert _adjoin(_barriers(river, kind="water", streets=(ACROSS,)))
    jetty = _lengthened(
        translate(ACROSS, *(np.array(A.centroid.coords[0]) - B.centroid.coords[0])), 1
    )
    assert not _adjoin(_barriers(river, kind="water", streets=(jetty,)))


def test_a_slip_road_does_not_cross_the_motorway_it_ends_on() -> None:
    road = _lengthened(EDGE, 1.2)
    slip = shapely.LineString([A.centroid, road.interpolate(0.5, normalized=True)])
    # ends exactly on a corner of the motorway, as mapmakers draw a junction
    node = shapely.LineString([road.coords[0], slip.coords[1], road.coords[-1]])
    assert not _adjoin(_barriers(node, kind="motorway", streets=(slip,)))
    assert _adjoin(_barriers(node, kind="motorway", streets=(ACROSS,)))


def test_water_drawn_in_many_pieces_leaves_no_gap_between_them() -> None:
    # a winding lake of thousands of corners is cut into small pieces on the way
    along = np.linspace(0, 1, 3000)
    line = _lengthened(EDGE, 1.3)
    points = [line.interpolate(t, normalized=True) for t in along]
    wavy = shapely.LineString(
        [
            (p.x + 2 * np.sin(40 * t), p.y + 2 * np.cos(40 * t))
            for p, t in zip(points, along, strict=True)
        ]
    )
    assert not _adjoin(_barriers(wavy.buffer(6), kind="water"))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=6),
    st.integers(0, 10_000),
)
def test_no_area_is_connected_across_a_barrier(
    corners: list[tuple[float, float]], seed: int
) -> None:
    west, south, east, north = shapely.total_bounds(OUTLINES)
    rail = shapely.LineString(
        [(west + x * (east - west), south + y * (north - south)) for x, y in corners]
    )
    near, _ = walkable(GRID, _barriers(rail))
    # never more than there was, and both ways
    matrix = near.matrix
    assert (matrix != matrix.T).nnz == 0
    assert (matrix > NEAR.matrix).nnz == 0
    values = np.random.default_rng(seed).integers(0, 900, len(GRID))
    rules = AreaRules(fewest_cells=3, most_cells=7)
    held: set[int] = set()
    for area in grow_areas(values, near, ring_neighbours(GRID, ring=2), rules=rules):
        cells = set(area.tolist())
        assert not cells & held
        held |= cells
        reached, front = set(), [int(area[0])]
        while front:
            cell = front.pop()
            reached.add(cell)
            front += [c for c in near.of(cell) if c in cells and c not in reached]
        assert reached == cells


@pytest.mark.parametrize("kind", ["railway", "river"])
def test_the_order_of_barriers_changes_nothing(kind: str) -> None:
    shapes = [_lengthened(EDGE, 3), translate(_lengthened(ACROSS, 6), *_aside(40.0))]
    one, _ = walkable(GRID, _barriers(*shapes, kind=kind))
    other, _ = walkable(GRID, _barriers(*shapes[::-1], kind=kind))
    assert one.indices.tolist() == other.indices.tolist()
