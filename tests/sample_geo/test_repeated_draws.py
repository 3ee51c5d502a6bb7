"""Repeated draws: over many, a fair comparison finds the truth and the naive one does not."""

from __future__ import annotations

import numpy as np
import pytest

from sample_geo.repeated_draws import (
    HARM_DAYS,
    KINDS,
    SHARES,
    BeforeAfterDraw,
    draw_crossover,
    draw_operation_before_after,
    harm_of,
)  # fmt: skip

N = 400
# how far a share of N may lie from .95 by chance: four standard errors
ABOUT = 4 * np.sqrt(0.95 * 0.05 / N)


def _covers(log_ratio: float, truth: float, *counts: int) -> bool:
    return bool(abs(log_ratio - np.log(truth)) < 1.96 * np.sqrt(sum(1 / n for n in counts)))


def _naive(draw: BeforeAfterDraw) -> tuple[float, bool]:
    before, during = (int(one[draw.treated].sum()) for one in (draw.chosen_on, draw.during))
    log_ratio = np.log(during / draw.during_days / (before / draw.chosen_on_days))
    return log_ratio, _covers(log_ratio, draw.truth, before, during)


def _fair(draw: BeforeAfterDraw) -> tuple[float, bool]:
    t0, c0 = (int(draw.baseline[side].sum()) for side in (draw.treated, ~draw.treated))
    t1, c1 = (int(draw.during[side].sum()) for side in (draw.treated, ~draw.treated))
    log_ratio = np.log(t1 / t0 / (c1 / c0))
    return log_ratio, _covers(log_ratio, draw.truth, t0, t1, c0, c1)


@pytest.mark.parametrize("truth", [0.8, 1.0])
def test_places_chosen_for_their_heat_cool_by_themselves(truth: float) -> None:
    draws = [draw_operation_before_after(seed, truth=truth, season=1.1) for seed in range(N)]
    naive, fair = (np.array([way(draw) for draw in draws]) for way in (_naive, _fair))
    # the naive comparison sees a fall twice as deep, and is sure of it
    assert np.exp(naive[:, 0].mean()) < 0.85 * truth
    assert naive[:, 1].mean() < 0.8
    assert np.exp(fair[:, 0].mean()) == pytest.approx(truth, rel=0.05)
    assert fair[:, 1].mean() == pytest.approx(0.95, abs=ABOUT)


def test_shocks_are_what_poisson_intervals_do_not_know() -> None:
    fair = [_fair(draw_operation_before_after(s, shocks=0.8, yearly=60))[1] for s in range(N)]
    assert np.mean(fair) < 0.9


@pytest.mark.parametrize("truth", [0.6, 1.0])
def test_a_crossover_finds_the_truth(truth: float) -> None:
    seen = []
    for seed in range(N):
        draw = draw_crossover(seed, truth=truth)
        counts = draw.counts.sum(axis=2)
        on, off = int(counts[draw.treated].sum()), int(counts[~draw.treated].sum())
        log_ratio = np.log(on / 720 / (off / 1080))
        seen.append((log_ratio, _covers(log_ratio, truth, on, off)))
    logs, covered = np.array(seen).T
    assert np.exp(logs.mean()) == pytest.approx(truth, rel=0.03)
    assert covered.mean() == pytest.approx(0.95, abs=ABOUT)


def test_nothing_is_moved_into_the_buffers() -> None:
    draws = [draw_crossover(seed, total=600.0) for seed in range(60)]
    on = sum(int(draw.buffer_counts[draw.treated].sum()) for draw in draws)
    off = sum(int(draw.buffer_counts[~draw.treated].sum()) for draw in draws)
    assert (on / 720) / (off / 1080) == pytest.approx(1.0, rel=0.06)


def test_shapes_design_and_compliance() -> None:
    draw = draw_crossover(7, places=20, days=90, daily=8)
    assert draw.counts.shape == (90, 20, len(KINDS))
    assert (draw.treated.sum(axis=1) == 8).all()
    assert not (draw.delivered & ~draw.treated).any()
    assert draw.delivered.sum() / draw.treated.sum() == pytest.approx(0.98, abs=0.02)
    again = draw_crossover(7, places=20, days=90, daily=8)
    assert np.array_equal(draw.counts, again.counts)
    before = draw_operation_before_after(7)
    assert before.treated.sum() == 12
    hottest = np.sort(before.chosen_on.sum(axis=1))[::-1]
    assert before.chosen_on[before.treated].sum() == hottest[:12].sum()


def test_harm_weighs_the_kinds() -> None:
    assert sum(SHARES) == pytest.approx(1.0)
    assert harm_of(np.eye(len(KINDS), dtype=np.int64)).tolist() == list(HARM_DAYS)
