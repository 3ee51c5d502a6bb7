"""Certainty and recommendation: what is sure, what may be chance, and how it is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from spatial.accuracy.certainty import CERTAIN, MIGHT_BE, NEAR_MISS, certainty, staying
from spatial.accuracy.recommendation import recommend
from spatial.accuracy.rivals import BASELINE
from spatial.accuracy.scores import paired_table, pool, score_table
from spatial.accuracy.trial import Lengths, Trial


def test_places_far_ahead_are_certain_and_those_at_the_edge_are_not() -> None:
    mean = np.array([100.0, 80.0, 11.0, 10.0, 9.0, 1.0, 0.5])
    found = certainty(mean, mean / 2, places=4).set_index("position")
    assert found.loc[[0, 1], "standing"].tolist() == [CERTAIN, CERTAIN]
    assert found.loc[[2, 3], "standing"].tolist() == [MIGHT_BE, MIGHT_BE]
    assert found.loc[4, "standing"] == NEAR_MISS
    assert 5 not in found.index
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found["chance"].is_monotonic_decreasing


def test_without_doubt_the_list_is_certain_and_misses_nothing() -> None:
    mean = np.arange(10.0)
    found = certainty(mean, np.zeros(10), places=3)
    assert found["standing"].tolist() == [CERTAIN] * 3
    assert found["position"].tolist() == [9, 8, 7]


def test_what_stayed_is_counted_by_standing() -> None:
    before = pd.DataFrame(
        {"position": [1, 2, 3, 4], "standing": [CERTAIN, CERTAIN, MIGHT_BE, NEAR_MISS]}
    )
    after = pd.DataFrame({"position": [1, 4, 3], "standing": [CERTAIN, MIGHT_BE, NEAR_MISS]})
    assert staying(before, after) == {CERTAIN: (2, 1), MIGHT_BE: (1, 0), NEAR_MISS: (1, 1)}


def _trial(**shares: float) -> Trial:
    # 8 origins, 40 blocks, 25 incidents each: every method holds its share of each
    rng = np.random.default_rng(2)
    total = rng.poisson(25.0, size=(8, 40)).astype(float)
    held = {
        name: rng.binomial(total.astype(int), share)[:, None, :].astype(float)
        for name, share in (*shares.items(), ("oracle", 1.0))
    }
    return Trial(
        lengths=Lengths((0.01,), (), 1000),
        captured=held,
        captured_harm={name: 2 * one for name, one in held.items()},
        total=total,
        total_harm=2 * total,
        trained={name: np.full((8, 1), 500.0) for name in held},
        trained_total=np.full(8, 1000.0),
        stability=pd.DataFrame(),
        certain=(None,) * 8,
    )


def test_a_clear_lead_is_recommended_with_its_margin() -> None:
    pooled = pool(_trial(**{BASELINE: 0.3, "expected_harm": 0.5, "raw_harm": 0.2}), overlap=1)
    found = recommend(pooled, resolution=9, horizon_words="3 months")
    assert found is not None
    assert (found.method, found.measure, found.window_months) == (
        "expected_harm", "expected_harm", 12,
    )  # fmt: skip
    assert found.real_difference
    assert 0 < found.low < found.difference < found.high
    assert found.yardstick == "harm"
    assert found.words.startswith("Rank by expected harm of the last 12 months: it held 5")


def test_a_lead_that_may_be_chance_is_none() -> None:
    pooled = pool(_trial(**{BASELINE: 0.4, "expected_harm": 0.401, "raw_harm": 0.39}), overlap=1)
    found = recommend(pooled, resolution=9, horizon_words="3 months")
    assert found is not None
    assert not found.real_difference
    assert "Last year's count would do as well" in found.words
    assert found.low <= 0


def test_other_rivals_are_measured_and_never_recommended() -> None:
    pooled = pool(_trial(**{BASELINE: 0.3, "kde": 0.9, "raw_harm": 0.2}), overlap=1)
    found = recommend(pooled, resolution=9, horizon_words="3 months")
    assert found is not None
    assert found.method == BASELINE
    assert found.against == "raw_harm"


def test_scores_by_hand() -> None:
    trial = _trial(**{BASELINE: 0.3, "expected_harm": 0.5})
    pooled = pool(trial, overlap=1)
    row = score_table(pooled).set_index("method").loc["expected_harm"]
    share = trial.captured["expected_harm"].sum() / trial.total.sum()
    assert row["captured"] == pytest.approx(share)
    assert row["captured_harm"] == pytest.approx(share)
    assert row["pai"] == pytest.approx(share / 0.01)
    assert row["pei"] == pytest.approx(share)
    assert row["recapture_ratio"] == pytest.approx(share / 0.5)
    assert row["low"] < share < row["high"]
    gaps = paired_table(pooled)
    lead = gaps[(gaps["method"] == "expected_harm") & (gaps["measure"] == "incidents")].iloc[0]
    other = trial.captured[BASELINE].sum() / trial.total.sum()
    assert lead["difference"] == pytest.approx(share - other)
    assert not (gaps["method"] == "oracle").any()
