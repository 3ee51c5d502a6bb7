"""Shift shares: sums to one, strengths learnt, and a better guess of what comes next."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.hexes.neighbours import ring_neighbours
from spatial.targets.when.shift_shares import ShiftShares, shift_shares
from tests.spatial.targets.invented import GRID

NEAR = ring_neighbours(GRID, ring=1)
AREA = np.array([0.2, 0.45, 0.35])


def _drawn(seed: int, *, spread: float, mean: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    """Draw cells' true shares about the area's, and incidents by them; no hours without a shift."""
    rng = np.random.default_rng(seed)
    truth = rng.dirichlet(AREA * spread, len(GRID)) if np.isfinite(spread) else AREA
    truth = np.broadcast_to(truth, (len(GRID), 3))
    own = rng.multinomial(rng.poisson(mean, len(GRID)), truth).astype(float)
    return np.column_stack([own, np.zeros(len(own))]), truth


def _missed(found: ShiftShares, truth: np.ndarray) -> float:
    return float(np.square(found.shares[:, :3] - truth).sum(axis=1).mean())


def _own_missed(own: np.ndarray, truth: np.ndarray) -> float:
    number = own.sum(axis=1, keepdims=True)
    shares = np.where(number > 0, own / np.maximum(number, 1), 1 / 3)[:, :3]
    return float(np.square(shares - truth).sum(axis=1).mean())


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.floats(0.5, 200), st.floats(0.01, 8))
def test_shares_are_shares(seed: int, spread: float, mean: float) -> None:
    own, _ = _drawn(seed, spread=spread, mean=mean)
    found = shift_shares(own, NEAR)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    assert (found.shares >= 0).all()
    # the hours of no shift, where every hour has one
    assert (found.shares[:, 3] == 0).all()


def test_cells_alike_get_the_area_and_cells_apart_keep_their_own() -> None:
    alike, truth = _drawn(1, spread=np.inf)
    found = shift_shares(alike, NEAR)
    assert found.around >= 128
    assert _missed(found, truth) < _own_missed(alike, truth) / 20
    apart, truth = _drawn(2, spread=2.0)
    found = shift_shares(apart, NEAR)
    # drawn with a strength of 2
    assert found.around in {1.0, 2.0, 4.0}
    by_area = float(np.square(AREA - truth).sum(axis=1).mean())
    assert _missed(found, truth) < min(_own_missed(apart, truth), by_area)


def test_too_few_to_learn_from_get_the_area() -> None:
    own = np.zeros((len(GRID), 4))
    own[3, 1] = 20
    own[5, 2] = 9
    found = shift_shares(own, NEAR)
    assert np.isinf(found.around)
    # half an incident each: 20.5 and 9.5 of 30.5
    np.testing.assert_allclose(found.shares[0], [0.5 / 30.5, 20.5 / 30.5, 9.5 / 30.5, 0])
    assert (found.shares == found.shares[0]).all()
    assert "fewer than 30" in found.sentence


def test_worked_by_hand_where_strengths_are_given() -> None:
    own, _ = _drawn(3, spread=5.0)
    found = shift_shares(own, NEAR)
    cell = 40
    ring = [i for i in NEAR.of(cell) if i != cell]
    area = (own.sum(axis=0) + np.array([0.5, 0.5, 0.5, 0])) / (own.sum() + 1.5)
    around = own[ring].sum(axis=0)
    prior = (around + found.area * area) / (around.sum() + found.area)
    mine = (own[cell] + found.around * prior) / (own[cell].sum() + found.around)
    assert found.shares[cell] == pytest.approx(mine)
