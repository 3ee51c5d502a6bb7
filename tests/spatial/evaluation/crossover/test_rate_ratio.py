from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import binom

from sample_geo.repeated_draws import draw_crossover
from spatial.evaluation.crossover.null_sum import null_sum
from spatial.evaluation.crossover.place_day_model import fit
from spatial.evaluation.crossover.poisson_split import PoissonSplit, poisson_split
from spatial.evaluation.crossover.rate_ratio import (
    CLUSTERED,
    WAIT,
    crossover_rate_ratio,
    crossover_rate_ratio_model,
    crossover_rate_ratio_poisson,
)
from spatial.evaluation.crossover.rerandomise import redraws
from spatial.targets.schedule.allocation import allocate
from tests.spatial.evaluation.crossover.draws import counts_of, design_of, each_day

REPEATS = 200
# 2 in 1,000 by luck where one in twenty is true
MOST_REJECTED = int(binom.ppf(0.998, REPEATS, 0.05))


def test_the_published_exact_ratio_of_place_days() -> None:
    # R's poisson.test(c(15, 60), c(720, 1080))
    split = PoissonSplit(15, np.array([75]), np.array([720 / 1080]))
    assert split.p() == pytest.approx(0.0003395189, abs=1e-9)
    np.testing.assert_allclose(split.limits(level=0.95), [0.1977586, 0.668652], atol=1e-6)


def test_six_against_thirty_four_leave_a_wide_interval() -> None:
    # the counts that would fit Operation Ark's 73.5% fall: from a 91% to a 36% fall
    split = PoissonSplit(6, np.array([40]), np.array([720 / 1080]))
    low, high = split.limits(level=0.95)
    ratio = (6 / 720) / (34 / 1080)
    assert ratio - 1 == pytest.approx(-0.735, abs=0.0005)
    assert (round(low - 1, 2), round(high - 1, 2)) == (-0.91, -0.36)


def test_places_with_other_shares_of_days_are_told_apart() -> None:
    # one place nearly always treated and busy, one seldom and quiet: no effect in either
    treated = np.zeros((50, 2), dtype=bool)
    treated[:40, 0] = treated[40:, 1] = True
    counts = np.zeros((50, 2), dtype=np.int64)
    counts[:, 0], counts[::5, 1] = 2, 1
    found = crossover_rate_ratio_poisson(counts, design_of(treated), outcome="ark")
    assert found.estimate == pytest.approx(1.0)
    split = poisson_split(counts, design_of(treated))
    np.testing.assert_array_equal(np.sort(split.odds), [0.25, 4.0])


def test_the_model_is_poisson_regression_with_terms_for_places_and_days() -> None:
    rng = np.random.default_rng(4)
    treated = each_day(rng, days=20, places=6, k=2)
    counts = counts_of(rng, treated, total=150, ratio=0.6)
    late = treated * (np.arange(20) >= 10)[:, None]
    ours = fit(counts, np.stack([treated, late]).astype(float))
    assert ours is not None
    day, place = np.indices(counts.shape)
    long = pd.DataFrame({"day": day.ravel(), "place": place.ravel()}).astype("category")
    columns = pd.get_dummies(long, drop_first=True, dtype=float)
    columns.insert(0, "treated", treated.ravel().astype(float))
    columns.insert(1, "late", late.ravel().astype(float))
    theirs = sm.GLM(counts.ravel(), sm.add_constant(columns), family=sm.families.Poisson()).fit(
        tol=1e-12, maxiter=200
    )
    np.testing.assert_allclose(ours.log_ratios, theirs.params[["treated", "late"]], atol=1e-7)
    errors = np.sqrt(np.diag(ours.covariance))
    np.testing.assert_allclose(errors, theirs.bse[["treated", "late"]], atol=1e-6)


@pytest.mark.parametrize("bursts", [False, True])
@pytest.mark.parametrize("ratio", [1.0, 0.6])
def test_intervals_hold_the_truth_at_their_rate(ratio: float, *, bursts: bool) -> None:
    rng = np.random.default_rng(5)
    missed, rejected, modelled = 0, 0, 0
    for _ in range(REPEATS):
        treated = each_day(rng)
        counts = counts_of(rng, treated, ratio=ratio, bursts=bursts)
        nulls = null_sum(counts, design_of(treated))
        if not 0 < nulls.observed < nulls.total:
            continue
        missed += not nulls.covers(ratio, level=0.95)
        rejected += nulls.p_values().doubled <= 0.05
        found = crossover_rate_ratio_model(counts, design_of(treated), outcome="ark")
        assert found.low is not None
        assert found.high is not None
        modelled += not found.low <= ratio <= found.high
    assert missed <= MOST_REJECTED
    assert modelled <= MOST_REJECTED
    if ratio == 1.0:
        assert rejected <= MOST_REJECTED


def test_clusters_make_the_poisson_interval_too_short_and_it_says_so() -> None:
    rng = np.random.default_rng(6)
    missed = 0
    for _ in range(REPEATS):
        treated = each_day(rng)
        counts = counts_of(rng, treated, total=120, bursts=True)
        split = poisson_split(counts, design_of(treated))
        missed += split.p() <= 0.05
    assert missed > MOST_REJECTED
    found = crossover_rate_ratio_poisson(counts, design_of(treated), outcome="ark")
    assert null_sum(counts, design_of(treated)).clustering > CLUSTERED
    assert any("too short" in note.text and note.loud for note in found.notes)


def test_a_longest_wait_is_drawn_again_within_its_limits() -> None:
    rng = np.random.default_rng(7)
    treated = allocate(6, 2, 24, wait=5, rng=rng)
    design = design_of(treated, wait=5)
    drawn = redraws(design, draws=300, rng=rng)
    assert (drawn.sum(axis=2) == 2).all()
    assert np.ptp(drawn.sum(axis=1), axis=1).max() <= 1
    windows = np.lib.stride_tricks.sliding_window_view(drawn, 5, axis=1).any(axis=-1)
    assert windows.all()
    counts = counts_of(rng, treated, total=60)
    found = crossover_rate_ratio(counts, design, outcome="ark", drawn=drawn)
    assert WAIT in found.notes
    assert found.p is not None
    # never nought: the draw that was made counts as one
    assert 2 / 301 <= found.p <= 1
    free = crossover_rate_ratio(counts, design_of(treated), outcome="ark")
    assert (found.estimate, found.low, found.high) == (free.estimate, free.low, free.high)


def test_few_incidents_and_none_are_said() -> None:
    treated = each_day(np.random.default_rng(8))
    counts = np.zeros(treated.shape, dtype=np.int64)
    found = crossover_rate_ratio(counts, design_of(treated), outcome="ark")
    assert (found.estimate, found.p) == (None, None)
    assert any("Nothing was counted" in note.text for note in found.notes)
    day, place = np.argwhere(~treated)[0]
    counts[day, place] = 3
    found = crossover_rate_ratio(counts, design_of(treated), outcome="ark")
    assert found.estimate == 0
    assert found.p == 1
    assert any(note.text.startswith("Small numbers: 3 incidents") for note in found.notes)
    assert any("open on that side" in note.text for note in found.notes)
    assert crossover_rate_ratio_model(counts, design_of(treated), outcome="ark").estimate is None


def test_the_sample_towns_crossover_is_found_as_often_as_it_says() -> None:
    missed, found_it = 0, 0
    for seed in range(REPEATS):
        drawn = draw_crossover(seed, shocks=0.5)
        nulls = null_sum(drawn.counts.sum(axis=2), design_of(drawn.treated))
        missed += not nulls.covers(drawn.truth, level=0.95)
        found_it += nulls.p_values().doubled <= 0.05
    assert missed <= MOST_REJECTED
    # 180 incidents and a fall of 40%: found about three times in four
    assert found_it > REPEATS / 2
