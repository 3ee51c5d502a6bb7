"""Which places stay first when points move: by hand, by area, and on the sample town."""

from __future__ import annotations

import h3.api.basic_int as h3_int
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from config.profile import load_profile
from spatial.hexes.counts import located_rows
from spatial.hexes.grid import cell_polygons, grid_of_cells
from spatial.hotspots.concentrated.place_uncertainty import MovablePoints, place_stability
from spatial.incidents.store import IncidentStore
from spatial.scene import count_subject, open_scene
from spatial.window import Window

CENTRE = h3_int.latlng_to_cell(51.54, 0.71, 10)
GRID = grid_of_cells(
    np.array(h3_int.grid_disk(CENTRE, 8), dtype=np.uint64), name="disk", resolution=10
)
METRES = 111_195.0


def _points(
    cells: list[int], precision_m: float, *, weights: list[float] | None = None
) -> MovablePoints:
    places = np.array([h3_int.cell_to_latlng(cell) for cell in cells])
    return MovablePoints(
        longitude=places[:, 1],
        latitude=places[:, 0],
        precision_m=np.full(len(cells), precision_m),
        weights=np.ones(len(cells)) if weights is None else np.array(weights, dtype=float),
    )


def _cell(steps: int) -> int:
    # a cell so many steps from the middle of the grid
    return min(h3_int.grid_ring(CENTRE, steps))


def test_exact_points_leave_every_place_where_it_was() -> None:
    points = _points([CENTRE] * 3 + [_cell(4)] * 2 + [_cell(6)], 0.0)
    found = place_stability(points, GRID, places=2, rng=np.random.default_rng(1), draws=20)
    assert found.frame["value"].tolist() == [3.0, 2.0]
    assert found.frame["stays"].tolist() == [1.0, 1.0]
    assert (found.kept, found.unmoved) == (1.0, 0)
    assert found.held_as_mapped == found.held_when_moved == pytest.approx(5 / 6)


def test_points_within_their_cell_leave_every_place_where_it_was() -> None:
    # a resolution-10 cell reaches about 60 m from its centre
    points = _points([CENTRE] * 3 + [_cell(4)] * 2, 30.0)
    found = place_stability(points, GRID, places=1, rng=np.random.default_rng(1), draws=20)
    assert found.frame.loc[0, ["place", "stays"]].tolist() == [
        GRID.positions(np.array([CENTRE], dtype=np.uint64))[0], 1.0,
    ]  # fmt: skip


@pytest.mark.parametrize("precision_m", [60.0, 90.0, 150.0])
def test_a_cell_keeps_the_part_of_the_disc_that_it_covers(precision_m: float) -> None:
    # 4,000 incidents at one centre: the share that stays is the disc's share of the hexagon
    latitude, longitude = h3_int.cell_to_latlng(CENTRE)
    hexagon = shapely.transform(
        cell_polygons(np.array([CENTRE], dtype=np.uint64))[0],
        lambda xy: (xy - [longitude, latitude]) * METRES * [np.cos(np.radians(latitude)), 1.0],
    )
    disc = shapely.Point(0, 0).buffer(precision_m, quad_segs=64)
    expected = hexagon.intersection(disc).area / disc.area
    points = _points([CENTRE] * 4_000, precision_m)
    found = place_stability(points, GRID, places=1, rng=np.random.default_rng(3), draws=30)
    assert found.held_when_moved == pytest.approx(expected, abs=0.025)


def test_coarse_points_make_the_list_unstable() -> None:
    # 60 cells with 4 to 6 incidents each: 90 m scatters them over seven cells
    rng = np.random.default_rng(5)
    cells = [
        c for c in rng.permutation(GRID.cells).tolist()[:60] for _ in range(rng.integers(4, 7))
    ]
    kept = [
        place_stability(
            _points(cells, precision), GRID, places=10, rng=np.random.default_rng(1), draws=50
        ).kept
        for precision in (10.0, 90.0, 180.0)
    ]
    assert kept[0] > 0.9
    assert kept[0] > kept[1] + 0.3
    assert kept[1] >= kept[2]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=12), st.integers(1, 6), st.randoms())
@settings(max_examples=25)
def test_the_order_of_rows_does_not_matter(steps: list[int], places: int, chance: object) -> None:
    rows = [(CENTRE if step == 0 else _cell(step), float(1 + step % 3)) for step in steps]
    mixed = rows.copy()
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    found = [
        place_stability(
            _points([cell for cell, _ in each], 80.0, weights=[w for _, w in each]),
            GRID,
            places=places,
            rng=np.random.default_rng(2),
            draws=5,
        )
        for each in (rows, mixed)
    ]
    assert found[0].frame.equals(found[1].frame)
    assert found[0].kept == found[1].kept <= 1.0 + 1e-12
    assert found[0].frame["in_top"].sum() == pytest.approx(min(places, len({c for c, _ in rows})))
    assert found[0].frame["stays"].between(0, 1).all()


def test_places_that_tie_for_the_last_share_it() -> None:
    points = _points([CENTRE] * 2 + [_cell(3), _cell(5)], 0.0)
    found = place_stability(points, GRID, places=2, rng=np.random.default_rng(1), draws=3)
    assert found.frame["in_top"].tolist() == found.frame["stays"].tolist() == [1.0, 0.5, 0.5]
    assert found.kept == 1.0
    # empty cells never fill the list
    many = place_stability(points, GRID, places=50, rng=np.random.default_rng(1), draws=3)
    assert len(many.frame) == 3


def test_areas_compete_with_the_areas_that_were_not_chosen() -> None:
    areas = np.full(len(GRID), -1)
    for number, cell in enumerate((CENTRE, _cell(4), _cell(7))):
        disk = np.array(h3_int.grid_disk(cell, 1), dtype=np.uint64)
        positions = GRID.positions(disk)
        areas[positions[positions >= 0]] = number
    points = _points([CENTRE] * 30 + [_cell(4)] * 12 + [_cell(7)] * 12, 90.0)
    found = place_stability(
        points, GRID, places=2, rng=np.random.default_rng(1), draws=100, areas=areas
    )
    assert found.frame["place"].tolist() == [0, 1, 2]
    assert found.frame["stays"][0] == 1.0
    assert 0.2 < found.frame["stays"][1] < 0.9
    with pytest.raises(ValueError, match="the grid has 217 cells"):
        place_stability(points, GRID, places=2, rng=np.random.default_rng(1), areas=areas[:3])


def test_unknown_precision_is_counted_and_not_moved() -> None:
    points = _points([CENTRE, CENTRE], 90.0)
    half = MovablePoints(
        points.longitude, points.latitude, np.array([np.nan, 90.0]), points.weights
    )
    found = place_stability(half, GRID, places=1, rng=np.random.default_rng(1), draws=50)
    assert found.unmoved == 1
    assert found.frame["value_low"][0] >= 1.0


def test_what_cannot_be_moved_is_refused() -> None:
    rng = np.random.default_rng(1)
    far = h3_int.latlng_to_cell(52.5, 0.7, 10)
    with pytest.raises(BadInputError, match="inside study area 'disk'"):
        place_stability(_points([far], 90.0), GRID, places=1, rng=rng)
    with pytest.raises(BadInputError, match="0 places"):
        place_stability(_points([CENTRE], 90.0), GRID, places=0, rng=rng)
    with pytest.raises(ValueError, match="must not be negative"):
        _points([CENTRE], -1.0)
    with pytest.raises(ValueError, match="longitude holds a number that is not finite"):
        MovablePoints(np.array([np.nan]), np.ones(1), np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="weights has shape"):
        MovablePoints(np.ones(1), np.ones(1), np.ones(1), np.ones(2))


def test_the_sample_town_is_located_to_the_last_incident(saltmere_store: IncidentStore) -> None:
    scene = open_scene(saltmere_store, None, 10)
    window = Window(saltmere_store.data_from, saltmere_store.data_through)
    subject = count_subject(scene, load_profile("community_violence"), window)
    rows = located_rows(scene.connection, subject.condition, window=window)
    assert len(rows) == subject.counts.incidents.sum() + subject.counts.outside
    ones = MovablePoints(
        rows["longitude"].to_numpy(),
        rows["latitude"].to_numpy(),
        rows["precision_m"].to_numpy(),
        np.ones(len(rows)),
    )
    found = place_stability(ones, scene.grid, places=12, rng=np.random.default_rng(1), draws=20)
    # mapped again from their own coordinates, they fall into the cells they were counted into
    counted = subject.counts.incidents[found.frame["place"]]
    assert found.frame["value"].tolist() == counted.tolist()
