"""Told cells: what is learnt from them is what all cells teach, and what is kept is its own."""

from __future__ import annotations

import dataclasses

import h3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from spatial.hexes.grid import HexGrid, grid_of_cells
from spatial.hexes.history import CellHistory
from spatial.hexes.rings import rings_of
from spatial.hotspots.expected import expected_harm as model
from spatial.hotspots.expected.expected_harm import PARTS, expected_harm
from spatial.hotspots.expected.kept import forget_expected, kept_expected_harm
from spatial.hotspots.expected.shrinkage import distinct_pairs
from spatial.hotspots.expected.told_cells import ToldCells, told_cells

KINDS = ("robbery", "injury", "other: theft", "homicide")
WEIGHTS = {"robbery": 365.0, "injury": 19.0, "homicide": 5475.0}


@pytest.fixture(scope="module")
def county() -> HexGrid:
    """A disk of 2,791 cells."""
    middle = h3.latlng_to_cell(51.54, 0.71, 9)
    cells = np.array([int(cell, 16) for cell in h3.grid_disk(middle, 30)], dtype=np.uint64)
    return grid_of_cells(cells, name="disk", resolution=9)


def _history(grid: HexGrid, *, busy: int, scale: float = 1.0) -> CellHistory:
    """A few busy cells in a wide country, and one homicide."""
    rng = np.random.default_rng(5)
    rates = np.zeros((len(grid), 12, len(KINDS)))
    where = rng.choice(len(grid), busy, replace=False)
    rates[where] = scale * rng.gamma(0.5, 1.0, (busy, 1, 1)) * np.array([0.3, 0.5, 3.0, 0.0])
    counts = rng.poisson(rates).astype(np.int64)
    counts[where[0], 3, 3] = 1
    position, period, kind = np.nonzero(counts)
    return CellHistory(len(grid), 12, KINDS, position, period, kind, counts[counts != 0])


def _every_cell(history: CellHistory, rings: object) -> ToldCells:
    cells = history.cells
    return ToldCells(history, rings, np.arange(cells), np.ones(cells))  # type: ignore[arg-type]


@pytest.mark.parametrize("scale", [1.0, 0.02], ids=["learnt", "by moments"])
def test_all_quiet_cells_together_teach_what_each_of_them_does(
    county: HexGrid, scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    history, rings = _history(county, busy=60, scale=scale), rings_of(county)
    told = told_cells(history, rings)
    assert told.history.cells < len(county) / 2
    assert told.cells.sum() == len(county)
    few = expected_harm(history, rings, weights=WEIGHTS)
    monkeypatch.setattr(model, "told_cells", _every_cell)
    every = expected_harm(history, rings, weights=WEIGHTS)
    assert {one.method for one in few.tiers} == {one.method for one in every.tiers}
    assert {one.method for one in few.tiers} & {"own" if scale == 1 else "moments"}
    for name in ("harm_days", "low", "high", "variance"):
        np.testing.assert_allclose(getattr(few, name), getattr(every, name), rtol=1e-9, atol=1e-12)
    for part in PARTS:
        np.testing.assert_allclose(few.parts[part], every.parts[part], rtol=1e-8, atol=1e-12)
    for mine, theirs in zip(few.tiers, every.tiers, strict=True):
        np.testing.assert_allclose(mine.expected, theirs.expected, rtol=1e-9, atol=1e-15)


def test_neighbours_of_the_told_cells_average_as_before(county: HexGrid) -> None:
    history, rings = _history(county, busy=60), rings_of(county)
    told = told_cells(history, rings)
    before, now = history.total([0, 2]), told.history.total([0, 2])
    np.testing.assert_array_equal(now[told.row], before)
    for mine, theirs in zip(told.rings.averages(now), rings.averages(before), strict=True):
        np.testing.assert_array_equal(mine[told.row], theirs)


def test_where_something_happened_everywhere_every_cell_has_its_row(county: HexGrid) -> None:
    history = _history(county, busy=len(county), scale=9.0)
    told = told_cells(history, rings_of(county))
    assert told.history is history
    np.testing.assert_array_equal(told.row, np.arange(len(county)))


def test_what_is_kept_is_never_another_historys_areas_or_schemes(county: HexGrid) -> None:
    forget_expected()
    history = _history(county, busy=60)
    found = kept_expected_harm(history, county, weights=WEIGHTS)
    again = _history(county, busy=60)
    assert kept_expected_harm(again, county, weights=dict(WEIGHTS)) is found
    with pytest.raises(ValueError, match="read-only"):
        found.harm_days[0] = 1.0
    more = again.incidents.copy()
    more[0] += 1
    others = (
        kept_expected_harm(dataclasses.replace(again, incidents=more), county, weights=WEIGHTS),
        kept_expected_harm(again, county, weights={**WEIGHTS, "robbery": 366.0}),
        kept_expected_harm(again, county, weights=WEIGHTS, kin=["other: theft"]),
        kept_expected_harm(again, _elsewhere(county), weights=WEIGHTS),
    )
    assert all(other is not found for other in others)
    assert others[1].harm_days.sum() > found.harm_days.sum()
    forget_expected()


def _elsewhere(grid: HexGrid) -> HexGrid:
    middle = h3.latlng_to_cell(52.6, 1.3, 9)
    cells = np.array([int(cell, 16) for cell in h3.grid_disk(middle, 30)], dtype=np.uint64)
    found = grid_of_cells(cells, name="disk", resolution=9)
    assert len(found) == len(grid)
    return found


_NUMBERS = st.floats(0, 1e6, allow_nan=False).map(abs)


@given(st.lists(st.tuples(_NUMBERS, _NUMBERS), min_size=1, max_size=40))
def test_distinct_pairs_are_those_of_rows(pairs: list[tuple[float, float]]) -> None:
    given_pairs: NDArray[np.float64] = np.array(pairs * 2)
    (first, second), place = distinct_pairs(given_pairs[:, 0], given_pairs[:, 1])
    expected, inverse = np.unique(given_pairs, axis=0, return_inverse=True)
    np.testing.assert_array_equal(np.column_stack([first, second]), expected)
    np.testing.assert_array_equal(place, inverse.ravel())
