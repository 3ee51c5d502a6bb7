from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import nbinom, poisson

from spatial.daily.usual import Usual, dispersion, readings, usual_range

FLAT = np.full((1, 40), 6)


def test_a_poisson_range_is_that_of_the_predictive_negative_binomial() -> None:
    # sum 24 over 4 periods, Jeffreys' prior: shape 24.5, success probability 4/5
    usual = usual_range([[6, 6, 6, 6]], history=FLAT)
    assert usual.mean == [6.0]
    assert usual.dispersion == [1.0]
    below = nbinom.cdf(usual.low - 1, 24.5, 0.8)
    above = nbinom.sf(usual.high, 24.5, 0.8)
    assert below <= 0.025 < nbinom.cdf(usual.low, 24.5, 0.8)
    assert above <= 0.025 < nbinom.sf(usual.high - 1, 24.5, 0.8)


@pytest.mark.parametrize("rate", [0.3, 1.0, 3.0, 8.0, 25.0])
def test_a_period_of_the_same_rate_falls_into_the_range_as_often_as_said(rate: float) -> None:
    # exactly, over every sum of four periods and every next count that matter
    sums = np.arange(int(4 * rate + 12 * np.sqrt(4 * rate) + 15))
    reference = np.column_stack([sums, np.zeros((len(sums), 3), dtype=int)])
    usual = usual_range(reference, history=np.zeros((len(sums), 3)))
    held = poisson.cdf(usual.high, rate) - poisson.cdf(usual.low - 1, rate)
    covered = float((poisson.pmf(sums, 4 * rate) * held).sum())
    assert 0.94 < covered <= 1.0


def test_dispersion_by_hand() -> None:
    # two periods like each: 5 against (1 + 3) / 2 = 2, then 2 against (3 + 5) / 2 = 4;
    # squares 9 + 4 = 13, over (2 + 4) * 1.5 = 9
    assert dispersion([[1, 3, 5, 2]], periods=2) == pytest.approx([13 / 9])
    # alike are every second: 7 against 1, and 3 against 3
    assert dispersion([[1, 3, 7, 3]], lag=2, periods=1) == pytest.approx([36 / 8])
    assert dispersion([[4, 4]], periods=4) == [1.0]
    assert dispersion(np.zeros((2, 30))).tolist() == [1.0, 1.0]


@given(arrays(np.int64, (3, 20), elements=st.integers(0, 60)), st.permutations(range(4)))
def test_a_wilder_year_makes_a_wider_range_and_order_of_the_reference_does_not_matter(
    history: np.ndarray, order: list[int]
) -> None:
    reference = history[:, -4:]
    mixed = reference[:, order]
    usual, again = (usual_range(one, history=history) for one in (reference, mixed))
    assert np.array_equal(usual.low, again.low)
    assert np.array_equal(usual.high, again.high)
    calm = usual_range(reference, history=np.zeros((3, 20)))
    assert (usual.dispersion >= 1).all()
    assert (usual.high >= calm.high).all()
    assert (usual.low <= calm.low).all()
    assert (usual.low <= np.ceil(usual.mean)).all()
    assert (np.floor(usual.mean) <= usual.high).all()


def test_readings_at_the_ends_are_within() -> None:
    three = np.array([2, 2, 2, 2])
    usual = Usual(np.full(4, 4.0), three, np.full(4, 7), np.ones(4))
    assert readings([1, 2, 7, 8], usual).tolist() == ["below", "within", "within", "above"]
