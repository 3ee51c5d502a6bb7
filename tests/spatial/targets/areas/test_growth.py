"""Patrol areas: connected, never overlapping, sized as asked, the same every time."""

from __future__ import annotations

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.hexes.grid import HexGrid, fill
from spatial.hexes.neighbours import Neighbours, ring_neighbours
from spatial.hexes.study_area import study_area_from_polygons
from spatial.targets.areas.growth import AreaRules, enough_trouble, grow_areas

GRID: HexGrid = fill(study_area_from_polygons("box", [shapely.box(1.39, 53.19, 1.41, 53.2)]), 10)
NEAR: Neighbours = ring_neighbours(GRID, ring=1)
REACH: Neighbours = ring_neighbours(GRID, ring=2)
RULES = AreaRules(fewest_cells=3, most_cells=7)


def _connected(area: np.ndarray) -> bool:
    cells = set(GRID.cells[area].tolist())
    reached, front = set(), [next(iter(cells))]
    while front:
        cell = front.pop()
        reached.add(cell)
        front += [c for c in h3_int.grid_disk(cell, 1) if c in cells and c not in reached]
    return reached == cells


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.02, 0.6))
def test_areas_are_connected_sized_and_apart(seed: int, busy: float) -> None:
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(len(GRID)) < busy, rng.integers(1, 900, len(GRID)), 0)
    areas = list(grow_areas(values, NEAR, REACH, rules=RULES))
    if not values.any():
        assert areas == []
        return
    # no later area starts from a better cell
    starts = [values[area[0]] for area in areas]
    assert starts == sorted(starts, reverse=True)
    cells = np.concatenate(areas)
    assert len(cells) == len(set(cells.tolist()))
    for area in areas:
        assert RULES.fewest_cells <= len(area) <= RULES.most_cells
        assert _connected(area)
        names = GRID.cells[area].tolist()
        assert max(h3_int.grid_distance(a, b) for a in names for b in names) <= 2


def test_an_area_grows_toward_what_is_worth_having() -> None:
    # worked by hand: the centre holds 100, three neighbours in a row hold 50, 40, 30; the rest is
    # empty. All four join (30 is above a quarter of the mean, 55); nothing else does.
    values = np.zeros(len(GRID), dtype=np.int64)
    middle = int(np.argmax(NEAR.cardinalities == 7))
    ring = [i for i in NEAR.indices[NEAR.indptr[middle] : NEAR.indptr[middle + 1]] if i != middle]
    values[middle] = 100
    values[ring[0]], values[ring[1]], values[ring[2]] = 50, 40, 30
    area = next(grow_areas(values, NEAR, REACH, rules=RULES))
    assert area[0] == middle
    assert sorted(area.tolist()) == sorted([middle, ring[0], ring[1], ring[2]])


def test_one_cell_areas_for_coarse_data() -> None:
    values = np.arange(len(GRID), dtype=np.int64)
    one = AreaRules(fewest_cells=1, most_cells=1)
    areas = list(grow_areas(values, NEAR, REACH, rules=one))
    assert [area.tolist() for area in areas[:3]] == [
        [len(GRID) - 1],
        [len(GRID) - 2],
        [len(GRID) - 3],
    ]


def test_nothing_happened_no_area() -> None:
    assert list(grow_areas(np.zeros(len(GRID), dtype=np.int64), NEAR, REACH, rules=RULES)) == []


@pytest.mark.parametrize(
    ("dates", "incidents", "enough"),
    [
        (["2026-01-01", "2026-01-02", "2026-01-03"], [1, 1, 1], True),
        (["2026-01-01", "2026-01-02"], [5, 5], False),  # two nights are not a pattern
        (["2026-01-01"], [9], False),
    ],
)
def test_what_is_enough_to_patrol_for(
    dates: list[str],
    incidents: list[int],
    enough: bool,  # noqa: FBT001 (an expected answer)
) -> None:
    area = np.array([4, 5, 6])
    table = pd.DataFrame(
        {
            "position": [4, 5, 6][: len(dates)],
            "date": pd.to_datetime(dates),
            "incidents": incidents,
        }
    )
    elsewhere = pd.DataFrame(
        {"position": [40] * 3, "date": pd.to_datetime(["2026-02-01"] * 3), "incidents": [1] * 3}
    )
    answer = enough_trouble(area, pd.concat([table, elsewhere]), rules=RULES)
    assert answer is enough
