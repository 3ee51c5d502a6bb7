"""Resampling: widths against theory, pairs, and stretches that belong together."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.accuracy.resampling import drawn_shares, interval, units


def _held(seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    total = rng.poisson(3.0, size=(8, 200)).astype(float)
    one = rng.binomial(total.astype(int), 0.4)[:, None, :].astype(float)
    return total, one, np.minimum(one + rng.binomial(1, 0.1, size=one.shape), total[:, None, :])


def test_its_width_is_that_of_a_ratio() -> None:
    total, one, _ = _held()
    drawn = drawn_shares({"one": one}, total, draws=4000)["one"][:, 0]
    share = one.sum() / total.sum()
    assert drawn.mean() == pytest.approx(share, abs=0.002)
    # delta method: residuals of each unit over the whole
    residual = one[:, 0] - share * total
    assert drawn.std() == pytest.approx(np.sqrt((residual**2).sum()) / total.sum(), rel=0.05)
    low, high = interval(drawn)
    assert low < share < high


def test_methods_share_their_draws_so_that_differences_are_paired() -> None:
    total, one, other = _held()
    drawn = drawn_shares({"one": one, "same": one.copy(), "other": other}, total)
    np.testing.assert_array_equal(drawn["one"], drawn["same"])
    apart = (drawn["other"] - drawn["one"])[:, 0]
    assert apart.std() < np.hypot(drawn["one"].std(), drawn["other"].std()) / 2


def test_the_same_seed_gives_the_same_draws_and_order_of_methods_does_not_matter() -> None:
    total, one, other = _held()
    first = drawn_shares({"one": one, "other": other}, total)
    second = drawn_shares({"other": other, "one": one}, total)
    for name, shares in first.items():
        np.testing.assert_allclose(shares, second[name], rtol=1e-12)


def test_stretches_that_overlap_are_drawn_together() -> None:
    held = np.arange(10.0).reshape(5, 2)
    np.testing.assert_array_equal(units(held, run=1), held.reshape(-1))
    # 0 + 1, 2 + 3, and 4 alone
    np.testing.assert_array_equal(units(held, run=2), [2, 4, 10, 12, 8, 9])
    total, one, _ = _held()
    # every origin twice: only drawing them together keeps the width
    twice = {"one": np.repeat(one, 2, axis=0)}
    wide = drawn_shares(twice, np.repeat(total, 2, axis=0), run=2)["one"].std()
    narrow = drawn_shares(twice, np.repeat(total, 2, axis=0), run=1)["one"].std()
    assert wide == pytest.approx(drawn_shares({"one": one}, total)["one"].std(), rel=0.1)
    assert narrow < 0.85 * wide


def test_what_holds_nothing_says_nothing() -> None:
    low, high = interval(np.full((10, 2), np.nan))
    assert np.isnan(low).all()
    assert np.isnan(high).all()
    # one unit alone is missing from a third of the draws: those are left out
    drawn = drawn_shares({"one": np.ones((1, 1, 1))}, np.ones((1, 1)))["one"]
    assert np.isnan(drawn).any()
    assert interval(drawn[:, 0]) == (1.0, 1.0)
