"""Shrinkage against the published case, esda, and the gamma distribution itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from config.errors import BadInputError
from spatial.hotspots.expected.rank_stability import chance_in_top
from spatial.hotspots.expected.shrinkage import GammaRates, gamma_interval, marshall

CASE = json.loads((Path(__file__).parent / "published_shrinkage.json").read_text(encoding="utf-8"))[
    0
]


def test_marshall_as_published() -> None:
    x, n = CASE["inputs"]["x"], CASE["inputs"]["n"]
    out, tolerance = CASE["outputs"], CASE["tolerance"]
    found = marshall(x, n)
    assert found.prior_mean == pytest.approx(out["b"], abs=tolerance)
    assert found.prior_variance == pytest.approx(out["a"], abs=tolerance)
    assert found.weight[0] == pytest.approx(out["weight"], abs=1e-6)
    np.testing.assert_allclose(found.mean, out["eb"], atol=tolerance)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), min_size=2, max_size=30))
def test_marshall_agrees_with_esda(pairs: list[tuple[int, int]]) -> None:
    x, n = np.array(pairs, dtype=float).T
    found = marshall(x, n)
    # where the cells differ by less than chance esda, too, gives all the area's rate
    if found.prior_variance > 0:
        np.testing.assert_allclose(found.mean, Empirical_Bayes(x, n).r.ravel(), atol=1e-9)
    else:
        np.testing.assert_allclose(found.mean, x.sum() / n.sum(), atol=1e-12)


def test_marshall_is_the_mean_of_a_gamma_posterior() -> None:
    x, n = np.array([12.0, 3, 0, 1, 0, 7]), np.array([4.0, 9, 2, 5, 8, 6])
    found = marshall(x, n)
    rate = found.prior_mean / found.prior_variance
    np.testing.assert_allclose(found.mean, (found.prior_mean * rate + x) / (rate + n))


@pytest.mark.parametrize(
    ("events", "exposure"),
    [([1.0, np.nan], [1, 1]), ([1, -1], [1, 1]), ([1, 1], [1, 0]), ([], [])],
)
def test_marshall_refuses_what_cannot_be_counted(
    events: list[float], exposure: list[float]
) -> None:
    with pytest.raises(BadInputError, match="Shrinkage needs"):
        marshall(events, exposure)


def test_nothing_and_a_single_cell_are_defined() -> None:
    np.testing.assert_array_equal(marshall([0, 0], [1, 1]).mean, [0, 0])
    np.testing.assert_array_equal(marshall([3], [2]).mean, [1.5])


def test_interval_is_that_of_the_gamma_distribution() -> None:
    mean, variance = np.array([2.0, 2.0, 0.01, 5.0]), np.array([1.0, 1.0, 0.02, 0.0])
    low, high = gamma_interval(mean, variance, level=0.8)
    shape, scale = mean[:3] ** 2 / variance[:3], variance[:3] / mean[:3]
    np.testing.assert_allclose(low[:3], gamma.ppf(0.1, shape, scale=scale), atol=1e-12)
    np.testing.assert_allclose(high[:3], gamma.ppf(0.9, shape, scale=scale))
    assert (low[3], high[3]) == (5.0, 5.0)


def test_strength_says_how_uncertain_a_rate_is() -> None:
    assert GammaRates(np.array([3.0]), 12.0).variance == pytest.approx(0.25)


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e6)), min_size=1, max_size=40),
    st.integers(1, 12),
)
def test_chances_add_up_to_the_places(pairs: list[tuple[float, float]], places: int) -> None:
    mean, variance = np.array(pairs).T
    variance = np.where(mean > 1e-6, variance, 0)  # no harm is no harm for certain
    chances = chance_in_top(mean, variance, places=places)
    assert chances.min() >= 0
    assert chances.max() <= 1
    assert chances.sum() == pytest.approx(min(places, len(mean)), abs=1e-6)


def test_chances_agree_with_draws() -> None:
    rng = np.random.default_rng(4)
    mean = np.sort(rng.gamma(0.5, 10, 200))[::-1]
    variance = mean * 3
    chances = chance_in_top(mean, variance, places=20)
    drawn = rng.gamma(mean**2 / variance, variance / mean, (4_000, 200))
    top = np.argpartition(-drawn, 20, axis=1)[:, :20]
    share = np.bincount(top.ravel(), minlength=200) / 4_000
    assert np.abs(chances - share).max() < 0.04


def test_certain_ties_share_what_is_left() -> None:
    chances = chance_in_top(np.array([9.0, 4, 4, 4, 1]), np.zeros(5), places=2)
    np.testing.assert_allclose(chances, [1, 1 / 3, 1 / 3, 1 / 3, 0], atol=1e-9)


def test_no_place_is_refused() -> None:
    with pytest.raises(BadInputError, match="at least 1"):
        chance_in_top(np.ones(3), np.ones(3), places=0)
