from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, nchypergeom_fisher

from spatial.evaluation.crossover.null_sum import null_sum
from tests.conftest import SHARED
from tests.spatial.evaluation.crossover.draws import counts_of, design_of, each_day

COUNTS = np.array([[0, 2, 1, 0], [1, 0, 3, 0], [2, 1, 0, 1]])
TREATED = np.array([[1, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)


def test_the_worked_case_by_hand() -> None:
    # of the 216 allocations 12 treat two incidents or fewer, and as many nine or more
    nulls = null_sum(COUNTS, design_of(TREATED))
    p = nulls.p_values()
    assert (nulls.observed, nulls.total, nulls.mean) == (2, 11, pytest.approx(5.5))
    assert p.less == pytest.approx(12 / 216, abs=1e-12)
    assert p.two_sided == pytest.approx(24 / 216, abs=1e-12)
    assert p.doubled == pytest.approx(24 / 216, abs=1e-12)


def test_the_shared_case_agrees() -> None:
    file = SHARED / "methods" / "cases.json"
    if not file.is_file():
        pytest.skip("the worked cases are not beside this checkout (../shared/methods)")
    cases = {case["id"]: case for case in json.loads(file.read_text(encoding="utf-8"))}
    inputs, outputs = (cases["ri_within_day"][key] for key in ("inputs", "outputs"))
    counts, treated = np.array(inputs["Y"]), np.array(inputs["Z"], dtype=bool)
    nulls = null_sum(counts, design_of(treated))
    assert nulls.observed == outputs["treated_sum"]
    assert nulls.total - nulls.observed == outputs["control_sum"]
    diff = counts[treated].mean() - counts[~treated].mean()
    assert diff == pytest.approx(outputs["diff"], abs=1e-9)
    assert nulls.p_values().less == pytest.approx(outputs["p_one_sided"], abs=1e-9)
    assert nulls.p_values().two_sided == pytest.approx(outputs["p_two_sided"], abs=1e-9)


@given(
    st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=2, max_size=3),
    st.integers(0, 2**32 - 1),
)
def test_it_is_the_enumeration_of_every_allocation(rows: list[list[int]], seed: int) -> None:
    counts = np.array(rows)
    rng = np.random.default_rng(seed)
    k = rng.integers(1, 4, size=len(rows))
    treated = rng.random(counts.shape).argsort(axis=1).argsort(axis=1) < k[:, None]
    nulls = null_sum(counts, design_of(treated))
    of_days = [
        [sum(row[one] for one in chosen) for chosen in itertools.combinations(range(4), int(some))]
        for row, some in zip(rows, k, strict=True)
    ]
    sums = [sum(one) for one in itertools.product(*of_days)]
    expected = np.bincount(sums, minlength=int(counts.sum()) + 1) / len(sums)
    found = np.zeros_like(expected)
    found[nulls.sums] = nulls.chances
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_incidents_one_by_one_have_the_conditional_binomial_interval() -> None:
    # 30 days with a single incident each: treated ones are binomial, as in every textbook
    rng = np.random.default_rng(1)
    treated = each_day(rng, days=60)
    counts = np.zeros((60, 20), dtype=np.int64)
    counts[np.arange(30), rng.integers(0, 20, 30)] = 1
    nulls = null_sum(counts, design_of(treated))
    np.testing.assert_allclose(nulls.chances, binom.pmf(nulls.sums, 30, 0.4), atol=1e-12)
    low, high = nulls.limits(level=0.95)
    for limit, tail in ((low, 1), (high, 0)):
        share = 8 * limit / (8 * limit + 12)
        chance = (
            binom.sf(nulls.observed - 1, 30, share)
            if tail
            else binom.cdf(nulls.observed, 30, share)
        )
        assert chance == pytest.approx(0.025, abs=1e-9)
    assert nulls.clustering == pytest.approx(1.0)


def test_single_incidents_on_one_day_are_fishers_hypergeometric() -> None:
    # 6 of 20 places have one incident on the day, 8 are treated
    counts = np.zeros((2, 20), dtype=np.int64)
    counts[0, :6] = 1
    treated = each_day(np.random.default_rng(2), days=2)
    nulls = null_sum(counts, design_of(treated))
    tilted = nulls.tilted(np.log(0.5))
    np.testing.assert_allclose(
        tilted, nchypergeom_fisher.pmf(nulls.sums, 20, 6, 8, 0.5), atol=1e-12
    )


def test_interval_and_p_agree_and_scale_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        treated = each_day(rng)
        counts = counts_of(rng, treated, ratio=0.5, bursts=True)
        nulls = null_sum(counts, design_of(treated))
        low, high = nulls.limits(level=0.95)
        assert (low <= 1 <= high) == (nulls.p_values().doubled > 0.05)
        assert low <= nulls.ratio(nulls.observed) <= high
        for ratio in (0.3, 0.8, 1.3):
            assert nulls.covers(ratio, level=0.95) == (low < ratio < high)
        # each incident written twice is the same evidence, not twice as much
        twice = null_sum(2 * counts, design_of(treated))
        np.testing.assert_allclose(twice.limits(level=0.95), (low, high), rtol=1e-6)
        assert twice.clustering == pytest.approx(2 * nulls.clustering)


def test_days_on_which_all_or_none_are_treated_say_nothing() -> None:
    treated = TREATED.copy()
    counts = np.vstack([COUNTS, [5, 0, 0, 0], [0, 7, 0, 0]])
    treated = np.vstack([TREATED, np.ones(4, bool), np.zeros(4, bool)])
    nulls = null_sum(counts, design_of(treated))
    assert nulls.p_values().two_sided == pytest.approx(24 / 216)
    assert nulls.ratio(nulls.mean) == pytest.approx(1.0)


def test_an_empty_side_leaves_the_interval_open() -> None:
    counts = np.where(TREATED, 0, COUNTS)
    low, high = null_sum(counts, design_of(TREATED)).limits(level=0.95)
    assert low == 0
    assert high > 0
    low, high = null_sum(np.where(TREATED, COUNTS, 0), design_of(TREATED)).limits(level=0.95)
    assert high == np.inf
    assert low > 0
