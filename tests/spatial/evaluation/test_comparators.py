"""Comparators: matching, synthetic control and the event study."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from config.errors import BadInputError
from spatial.evaluation.event_study import EVENT_COLUMNS, event_study
from spatial.evaluation.matching import BALANCE_COLUMNS, match_comparators
from spatial.evaluation.synthetic_control import synthetic_control
from tests.spatial.evaluation.operations import operation

AFTER = np.arange(24) >= 18


def _areas(rng: np.random.Generator, donors: int = 39) -> np.ndarray:
    mean = rng.uniform(15, 45, (donors + 1, 1)) * np.exp(0.2 * np.sin(np.arange(24)))
    mean[0] = mean[1:4].mean(axis=0)
    return rng.poisson(mean).astype(float)


def test_a_mixture_is_found() -> None:
    donors = _areas(np.random.default_rng(1))[1:]
    actual = 0.25 * donors[3] + 0.75 * donors[8]
    actual[AFTER] *= 0.5
    found = synthetic_control(actual, donors, after=AFTER, outcome="all")
    np.testing.assert_allclose(found.weights[[3, 8]], [0.25, 0.75], atol=0.01)
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights >= 0).all()
    assert found.estimate.estimate == pytest.approx(0.5, abs=0.01)
    # the most extreme of forty
    assert found.estimate.p == pytest.approx(1 / 40)
    assert found.estimate.high is not None
    assert found.estimate.high < 1


def test_placebo_p_holds_its_level() -> None:
    rng = np.random.default_rng(2)
    found = [
        synthetic_control(areas[0], areas[1:], after=AFTER, outcome="all").estimate
        for areas in (_areas(rng, 19) for _ in range(40))
    ]
    assert sum((one.p or 1) <= 0.05 for one in found) <= 7
    # nineteen are enough for a test and too few for an interval
    assert all(one.low is None for one in found)
    assert "39" in found[0].notes[-1].text


@pytest.mark.parametrize(
    ("areas", "after", "words"),
    [
        (_areas(np.random.default_rng(3), 18), AFTER, "19 comparison areas, and there are 18"),
        (_areas(np.random.default_rng(3)), np.arange(24) >= 10, "12 periods before"),
        (_areas(np.random.default_rng(3)), np.arange(24) >= 22, "3 periods after"),
        (_areas(np.random.default_rng(3)) // 10, AFTER, "10 incidents a period"),
        (_areas(np.random.default_rng(3)) * np.where(np.arange(40) == 0, 9, 1)[:, None], AFTER,
         "areas of its size"),
    ],
)  # fmt: skip
def test_too_small_is_refused(areas: np.ndarray, after: np.ndarray, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        synthetic_control(areas[0], areas[1:], after=after, outcome="all")


def test_twins_are_matched() -> None:
    rng = np.random.default_rng(4)
    own = rng.poisson(rng.uniform(1, 30, (6, 1)) * np.ones(24))
    others = rng.poisson(rng.uniform(1, 30, (50, 1)) * np.ones(24))
    counts = np.vstack([own, others, own])
    treated, candidates = np.arange(62) < 6, np.arange(62) >= 6
    months = [1 + month % 12 for month in range(24)]
    found = match_comparators(counts, treated=treated, candidates=candidates, months=months)
    assert found.pairs["comparator"].tolist() == list(range(56, 62))
    assert found.pairs["distance"].max() == 0
    assert tuple(found.balance.columns) == BALANCE_COLUMNS
    assert found.balance["after"].abs().max() == pytest.approx(0)
    assert found.balance["feature"].tolist() == [
        "level", "trend", "quarter_1", "quarter_2", "quarter_3",
    ]  # fmt: skip
    again = match_comparators(counts, treated=treated, candidates=candidates, months=months)
    assert again.pairs.equals(found.pairs)


def test_matching_brings_hot_places_nearer_to_their_like() -> None:
    rng = np.random.default_rng(5)
    mean = rng.gamma(1, 4, 400)
    counts = rng.poisson(mean[:, None] * np.ones(12))
    treated = np.zeros(400, bool)
    treated[np.argsort(-mean)[:60:4]] = True
    found = match_comparators(counts, treated=treated, candidates=~treated, each=2)
    assert len(found.comparators) == len(set(found.comparators)) == 30
    level = found.balance.set_index("feature").loc["level"]
    assert abs(level["after"]) < abs(level["before"]) / 4
    assert any("season could not" in note.text for note in found.notes)


def test_matching_that_cannot_be() -> None:
    counts = np.ones((6, 12))
    own = np.arange(6) < 2
    for change, words in (
        ({"candidates": np.arange(6) < 4}, "patrolled and a candidate"),
        ({"candidates": ~own, "each": 3}, "are 4 candidates"),
        ({"candidates": ~own, "months": [1, 2]}, "one for each"),
    ):
        with pytest.raises(BadInputError, match=words):
            match_comparators(counts, treated=own, **change)
    with pytest.raises(BadInputError, match="no period before"):
        match_comparators(counts[:, :0], treated=own, candidates=~own)


def test_event_study_shows_the_start() -> None:
    rng = np.random.default_rng(6)
    panel = operation(rng, places=16, treated=8, before=6, after=2, level=12, effect=0.5)
    found = event_study(panel)
    table = found.table
    assert tuple(table.columns) == EVENT_COLUMNS
    assert table["lead"].tolist() == list(range(-6, 2))
    assert table["reference"].tolist() == [True] * 6 + [False] * 2
    assert (table.loc[table["lead"] >= 0, "high"] < 1).all()
    assert found.pre_trend_p is not None
    assert found.pre_trend_p > 0.05
    last = event_study(panel, reference=-1).table.set_index("lead")
    own, other = (panel.counts[rows].sum(axis=0) for rows in (panel.treated, ~panel.treated))
    assert last.loc[1, "estimate"] == pytest.approx(own[7] / own[5] * other[5] / other[7])
    assert np.isnan(last.loc[-1, "estimate"])
    with pytest.raises(BadInputError, match="no period of the baseline"):
        event_study(panel, reference=-7)


def test_a_trend_before_the_start_is_found() -> None:
    rng = np.random.default_rng(7)
    panel = operation(rng, places=16, treated=8, before=6, after=2, level=12)
    rising = panel.counts.astype(float)
    rising[:8, :6] *= np.exp(0.2 * np.arange(6))
    found = event_study(dataclasses.replace(panel, counts=np.round(rising).astype(int)))
    assert found.slope == pytest.approx(np.exp(0.2), rel=0.1)
    assert found.slope_p is not None
    assert found.slope_p < 0.05
    assert any(note.loud and "already moved" in note.text for note in found.notes)
    short = dataclasses.replace(panel, chosen_on=np.arange(8) < 4)
    unknown = event_study(short)
    assert unknown.pre_trend_p is None
    assert unknown.table.loc[:3, "estimate"].isna().all()
