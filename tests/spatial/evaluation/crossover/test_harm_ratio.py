from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import binom

from spatial.evaluation.crossover.harm_ratio import crossover_harm_ratio
from spatial.evaluation.crossover.null_sum import null_sum
from spatial.evaluation.crossover.panel import CrossoverPanel
from spatial.evaluation.crossover.rerandomise import busy_draws, monte_carlo_p, redraws, sums_of
from tests.spatial.evaluation.crossover.draws import counts_of, design_of, each_day

WEIGHTS = np.array([10.0, 19.0, 365.0, 1460.0])
OFTEN = [0.5, 0.3, 0.15, 0.05]
REPEATS = 60


def harm_of(rng: np.random.Generator, counts: np.ndarray) -> np.ndarray:
    return np.where(counts > 0, counts * rng.choice(WEIGHTS, size=counts.shape, p=OFTEN), 0.0)


def test_p_is_that_of_every_allocation() -> None:
    counts = np.array([[0, 2, 1, 0], [1, 0, 3, 0], [2, 1, 0, 1]])
    harm = counts * np.array([[0, 10, 365, 0], [19, 0, 10, 0], [10, 1460, 0, 19.0]])
    treated = np.array([[1, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)
    pairs = list(itertools.combinations(range(4), 2))
    sums = np.array(
        [
            sum(harm[day, list(pair)].sum() for day, pair in enumerate(chosen))
            for chosen in itertools.product(pairs, repeat=3)
        ]
    )
    observed = harm[treated].sum()
    exact = min(1.0, 2 * min((sums <= observed).mean(), (sums >= observed).mean()))
    panel = CrossoverPanel(design_of(treated), "ark", counts, harm)
    found = crossover_harm_ratio(panel, draws=20_000)
    assert found.p == pytest.approx(exact, abs=0.01)
    assert found.estimate == pytest.approx(observed / (harm.sum() - observed))


def test_tilted_draws_are_the_exact_tilted_sums() -> None:
    rng = np.random.default_rng(1)
    treated = each_day(rng)
    counts = counts_of(rng, treated, total=80, bursts=True)
    nulls = null_sum(counts, design_of(treated))
    busy = busy_draws(counts, design_of(treated), draws=40_000, rng=rng)
    for tilt in (0.0, -0.6, 0.4):
        drawn = busy.sums(counts.astype(float), tilt)
        exact = nulls.tilted(tilt)
        mean = float(exact @ nulls.sums)
        spread = float(np.sqrt(exact @ (nulls.sums - mean) ** 2))
        assert drawn.mean() == pytest.approx(mean, abs=4 * spread / 200)
        assert drawn.std() == pytest.approx(spread, rel=0.03)


def test_whole_allocations_drawn_again_agree_with_the_exact_sum() -> None:
    rng = np.random.default_rng(2)
    treated = each_day(rng, days=20, places=6, k=2)
    counts = counts_of(rng, treated, total=30)
    design = design_of(treated)
    nulls = null_sum(counts, design)
    sums = sums_of(redraws(design, draws=20_000, rng=rng), counts.astype(float))
    p = monte_carlo_p(nulls.observed, sums, mean=nulls.mean)
    exact = nulls.p_values()
    assert p.less == pytest.approx(exact.less, abs=0.015)
    assert p.two_sided == pytest.approx(exact.two_sided, abs=0.015)
    assert p.mid == pytest.approx(exact.mid, abs=0.02)


def test_the_same_seed_gives_the_same_numbers() -> None:
    rng = np.random.default_rng(3)
    treated = each_day(rng)
    counts = counts_of(rng, treated)
    panel = CrossoverPanel(design_of(treated), "ark", counts, harm_of(rng, counts))
    first = crossover_harm_ratio(panel, draws=500, seed=4)
    assert first == crossover_harm_ratio(panel, draws=500, seed=4)
    assert first != crossover_harm_ratio(panel, draws=500, seed=5)


@pytest.mark.parametrize("ratio", [1.0, 0.6])
@pytest.mark.slow
def test_intervals_hold_the_truth_at_their_rate(ratio: float) -> None:
    rng = np.random.default_rng(6)
    missed = 0
    for _ in range(REPEATS):
        treated = each_day(rng)
        counts = counts_of(rng, treated, ratio=ratio)
        panel = CrossoverPanel(design_of(treated), "ark", counts, harm_of(rng, counts))
        found = crossover_harm_ratio(panel, draws=400)
        assert found.low is not None
        missed += not found.low <= ratio <= (np.inf if found.high is None else found.high)
    assert missed <= binom.ppf(0.998, REPEATS, 0.05)


def test_one_homicide_is_said_and_leaves_the_interval_wide() -> None:
    rng = np.random.default_rng(7)
    treated = each_day(rng)
    counts = counts_of(rng, treated)
    harm = counts * 10.0
    day, place = np.argwhere(~treated)[0]
    counts[day, place], harm[day, place] = 1, 5475.0
    found = crossover_harm_ratio(CrossoverPanel(design_of(treated), "ark", counts, harm))
    assert any("holds" in note.text and note.loud for note in found.notes)
    assert found.estimate is not None
    assert found.high is not None
    assert found.estimate < 0.1
    assert found.high > 1
    assert found.low is not None
    assert found.low <= found.estimate


def test_no_harm_says_nothing() -> None:
    treated = each_day(np.random.default_rng(8))
    zeros = np.zeros(treated.shape)
    panel = CrossoverPanel(design_of(treated), "asb", zeros.astype(np.int64), zeros)
    assert crossover_harm_ratio(panel).estimate is None
