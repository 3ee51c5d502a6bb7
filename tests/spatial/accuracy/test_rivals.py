"""The rivals: nothing of the future reaches them, and each ranks by what its name says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from spatial.accuracy.known import Known
from spatial.accuracy.plain_poisson import _features, _fit, poisson_scores
from spatial.accuracy.rivals import BASELINE, COUNTED, WEIGHED, density, rivals_for
from spatial.accuracy.self_exciting import self_exciting
from spatial.accuracy.trial import Lengths, known_on, run_trial
from spatial.hotspots.kernel_density import kernel_density
from tests.spatial.accuracy.invented import (
    BEGINS,
    QUARTER,
    dealt_anew,
    ground,
    record,
    timeline,
    town,
)

GRID = town()
RECORD = record(GRID)
PLAN = timeline()
GROUND = ground(GRID, RECORD)
ORIGIN = PLAN.origins[1]
KNOWN = known_on(GROUND, RECORD, PLAN, ORIGIN, horizon=QUARTER)


@pytest.mark.parametrize("name", [*COUNTED, *WEIGHED])
def test_dealing_the_future_anew_changes_no_score(name: str) -> None:
    rank = (COUNTED | WEIGHED)[name]
    before = (ORIGIN.day - BEGINS).days
    other = dealt_anew(RECORD, first=before)
    assert not np.array_equal(other.position, RECORD.position)
    unknowing = known_on(ground(GRID, other), other, PLAN, ORIGIN, horizon=QUARTER)
    np.testing.assert_array_equal(rank(KNOWN), rank(unknowing))
    # and the past does reach it
    past = dealt_anew(RECORD, first=before - 60)
    knowing = known_on(ground(GRID, past), past, PLAN, ORIGIN, horizon=QUARTER)
    assert not np.array_equal(rank(KNOWN), rank(knowing))


def test_dealing_the_future_anew_changes_nothing_chosen_or_called_certain() -> None:
    lengths = Lengths((0.01, 0.05), (10,), len(GRID))
    rivals = {name: (COUNTED | WEIGHED)[name] for name in (BASELINE, "expected_harm", "kde")}
    first = replace(PLAN, origins=PLAN.origins[:1])
    before = (first.origins[0].day - BEGINS).days
    trials = [
        run_trial(
            ground(GRID, held), held, first, horizon=QUARTER, rivals=rivals, lengths=lengths,
            weighs_harm=True,
        )
        for held in (RECORD, dealt_anew(RECORD, first=before))
    ]  # fmt: skip
    one, other = trials
    for name in rivals:
        # what the chosen places held before is the same, what they go on to hold is not
        np.testing.assert_array_equal(one.trained[name], other.trained[name])
        assert not np.array_equal(one.captured[name].sum(axis=2), other.captured[name].sum(axis=2))
    assert one.certain[0] is not None
    assert other.certain[0] is not None
    assert one.certain[0].equals(other.certain[0])


def test_counts_are_of_the_last_months_and_the_profile_alone() -> None:
    day = (KNOWN.day - BEGINS).days
    own = (RECORD.kind < 2) & (RECORD.day < day)
    year = own & (RECORD.day >= day - 365)
    expected = np.bincount(RECORD.position[year], minlength=len(GRID))
    np.testing.assert_array_equal(COUNTED[BASELINE](KNOWN), expected)
    quarter = own & (RECORD.day >= (dt.date(2025, 1, 1) - BEGINS).days)
    np.testing.assert_array_equal(
        COUNTED["last_three_months"](KNOWN),
        np.bincount(RECORD.position[quarter], minlength=len(GRID)),
    )


def test_the_commoner_crime_only_breaks_ties() -> None:
    plain, broken = COUNTED[BASELINE](KNOWN), COUNTED["last_year_count_commoner"](KNOWN)
    order = np.argsort(-broken, kind="stable")
    assert (np.diff(plain[order]) <= 0).all()
    others = KNOWN.last(12).summed_others()
    tied = plain == 0
    assert (np.argsort(broken[tied]) == np.argsort(others[tied])).mean() > 0.5
    assert len(np.unique(broken)) > len(np.unique(plain))


def test_density_is_that_of_the_peer() -> None:
    year = KNOWN.last(12)
    points = GROUND.points[year.site]
    peer = kernel_density(GROUND.centres, points, bandwidth_m=400.0)
    np.testing.assert_allclose(density(KNOWN, bandwidth_m=400.0), peer, rtol=1e-9, atol=1e-9)


def test_harm_ranks_by_days_and_roots() -> None:
    year = KNOWN.last(12)
    np.testing.assert_allclose(WEIGHED["raw_harm"](KNOWN), year.summed("harm"))
    own = year.summed("root_harm")
    around = GROUND.rings.first @ own
    np.testing.assert_allclose(WEIGHED["sqrt_harm_neighbour_lag"](KNOWN), own + around)


def test_the_plain_model_is_the_maximum_of_its_likelihood() -> None:
    history = KNOWN.history
    before = history.periods - 3
    events = history.weighted([0, 1], (np.arange(history.periods) >= before).astype(float))
    features = _features(history.first(before), GROUND.rings, 12)
    worth = _fit(features, events)
    table = np.column_stack([np.ones(len(features)), features])
    slope = table.T @ (events - np.exp(table @ worth)) - np.append(0, worth[1:])
    assert np.abs(slope).max() < 1e-6 * events.sum()
    # a history too short, or without an event to learn from, tells cells apart by nothing
    assert not poisson_scores(history.first(1), GROUND.rings, own=(0, 1)).any()


def _only(days: list[int], cells: list[int]) -> Known:
    order = np.argsort(days, kind="stable")
    day, position = np.array(days)[order], np.array(cells)[order]
    ones = np.ones(len(day))
    held = replace(
        RECORD, day=day, position=position, kind=np.zeros(len(day), dtype=np.int64), incidents=ones,
        harm=ones, root_harm=ones, site_day=day, site=position, site_incidents=ones,
    )  # fmt: skip
    return known_on(GROUND, held, PLAN, ORIGIN, horizon=QUARTER)


def test_a_self_exciting_place_counts_for_more_just_after_an_incident() -> None:
    # bursts of three within a week, in one cell at a time: what happened lately is what tells
    rng = np.random.default_rng(5)
    end = (ORIGIN.day - BEGINS).days
    starts = rng.integers(0, end - 30, size=80)
    cells = rng.integers(0, 60, size=80)
    days = [int(start) + gap for start in starts for gap in (0, 8, 15)]
    where = [int(cell) for cell in cells for _ in range(3)]
    known = _only([*days, end - 8, end - 2, 20, 35], [*where, 100, 100, 150, 150])
    scores = self_exciting(known)
    assert scores[100] > scores[150] > 0
    # and the cells that adjoin a recent burst are told of it, though nothing happened there
    beside = GROUND.near.of(100)
    assert max(scores[cell] for cell in beside if cell != 100) >= 0
    assert not self_exciting(_only([], [])).any()


def test_windows_longer_than_the_data_are_not_tried_twice() -> None:
    assert "expected_harm_all" not in rivals_for(weighs_harm=True, periods=12)[0]
    assert "expected_harm_24" not in rivals_for(weighs_harm=True, periods=20)[0]
    whole, notes = rivals_for(weighs_harm=True, periods=30)
    assert set(whole) == set(COUNTED) | set(WEIGHED)
    assert not notes
    counted, notes = rivals_for(weighs_harm=False, periods=30)
    assert set(counted) == set(COUNTED)
    assert "count alone" in notes[0].text


def test_a_fitted_ranking_is_worked_out_once_on_the_first_origin() -> None:
    asked: list[dt.date] = []

    def once(known: Known) -> np.ndarray:
        asked.append(known.day)
        return known.last(12).summed("incidents")

    trial = run_trial(
        GROUND, RECORD, PLAN, horizon=QUARTER, rivals={BASELINE: COUNTED[BASELINE]},
        lengths=Lengths((0.05,), (5,), len(GRID)), weighs_harm=True,
        fitted_once={"risk_terrain": once}, certain=False,
    )  # fmt: skip
    assert asked == [PLAN.origins[0].day]
    fixed = trial.stability.set_index("method").loc["risk_terrain"]
    assert fixed["pairs"] == len(PLAN.origins) - 1
    first = trial.captured["risk_terrain"][0], trial.captured[BASELINE][0]
    np.testing.assert_array_equal(*first)
    assert not np.array_equal(trial.captured["risk_terrain"][1], trial.captured[BASELINE][1])


def test_the_oracle_is_beaten_by_nobody() -> None:
    trial = run_trial(
        GROUND, RECORD, PLAN, horizon=QUARTER,
        rivals={name: COUNTED[name] for name in (BASELINE, "near_repeat", "gi_star_rank")},
        lengths=Lengths((0.01, 0.2), (5,), len(GRID)), weighs_harm=True, certain=False,
    )  # fmt: skip
    for name in trial.captured:
        gap = trial.captured["oracle"].sum(axis=2) - trial.captured[name].sum(axis=2)
        assert (gap > -1e-9).all()
        harm = trial.captured_harm["oracle"].sum(axis=2) - trial.captured_harm[name].sum(axis=2)
        assert (harm > -1e-6).all()
