"""The backtest of a store: what it says, what it may not know, what it refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from config.errors import BadInputError
from config.profile import load_profile
from spatial.accuracy.certainty import MIGHT_BE, NEAR_MISS
from spatial.accuracy.patrolled import PlaceDays
from spatial.accuracy.recommendation import CANDIDATES
from spatial.accuracy.rivals import COUNTED, WEIGHED
from spatial.accuracy.scores import PAIRED_COLUMNS, SCORE_COLUMNS
from spatial.backtest import backtest
from spatial.backtest_results import (
    ORIGIN_COLUMNS,
    PLACE_COLUMNS,
    BacktestRequest,
    BacktestResult,
)
from spatial.backtest_scene import open_backtest
from spatial.incidents.store import IncidentStore

ARK = BacktestRequest("ark", known_months=27)


@pytest.fixture(scope="module")
def result(saltmere_store: IncidentStore) -> BacktestResult:
    return backtest(saltmere_store, ARK)


def _twenty(table: pd.DataFrame, method: str) -> pd.DataFrame:
    return table[(table["method"] == method) & (table["places"] == 20)]


def test_every_ranking_is_scored_at_every_length(result: BacktestResult) -> None:
    scores = result.scores
    assert set(scores["method"]) == set(COUNTED) | set(WEIGHED) | {"oracle"}
    assert list(scores.columns) == [*SCORE_COLUMNS, "resolution"]
    assert (scores.groupby("method").size() == 5).all()
    assert scores.loc[scores["method"] == "oracle", "pei"].to_numpy() == pytest.approx(1)
    assert scores["captured"].between(0, 1).all()
    assert (scores["low"] <= scores["captured"] + 1e-9).all()
    assert (scores["high"] >= scores["captured"] - 1e-9).all()
    # longer lists hold more
    shares = scores[scores["places"].isna()].sort_values("area_share")
    assert (shares.groupby("method")["captured"].diff().dropna() >= -1e-9).all()
    np.testing.assert_allclose(scores["pai"], scores["captured"] / scores["area_share"])
    asked = scores[scores["places"] == 20]
    np.testing.assert_allclose(asked["area_share"], 20 / result.cells[9])


def test_origins_follow_each_other_and_add_up(result: BacktestResult) -> None:
    origins = result.origins
    assert list(origins.columns) == list(ORIGIN_COLUMNS)
    assert len(origins) == 3
    assert origins["scored_from"].tolist() == [
        dt.date(2026, 2, 1), dt.date(2026, 5, 1), dt.date(2026, 8, 1),
    ]  # fmt: skip
    assert (pd.to_datetime(origins["known_to"]) < pd.to_datetime(origins["scored_from"])).all()
    by_origin = _twenty(result.by_origin, "raw_harm")
    pooled = np.average(by_origin["captured"], weights=origins["incidents"])
    row = _twenty(result.scores, "raw_harm").iloc[0]
    assert row["captured"] == pytest.approx(pooled)
    by_harm = np.average(by_origin["captured_harm"], weights=origins["harm_days"])
    assert row["captured_harm"] == pytest.approx(by_harm)


def test_differences_are_those_of_the_scores(result: BacktestResult) -> None:
    assert list(result.paired.columns) == [*PAIRED_COLUMNS, "resolution"]
    share = result.scores.set_index(["method", "area_share"])["captured"]
    for row in result.paired.query("measure == 'incidents'").itertuples():
        gap = share[row.method, row.area_share] - share[row.against, row.area_share]
        assert row.difference == pytest.approx(gap)
        assert row.low - 1e-9 <= row.difference <= row.high + 1e-9


def test_a_measure_and_window_are_recommended_and_the_margin_said(result: BacktestResult) -> None:
    found = result.recommendation
    assert found is not None
    assert found.method in CANDIDATES
    assert found.yardstick == "harm"
    assert found.real_difference == (found.low > 0)
    assert "last year's count" in found.words.lower()
    assert "prediction" not in found.words


def test_the_list_of_today_is_sorted_by_how_sure_it_is(result: BacktestResult) -> None:
    places = result.certain_places
    assert list(places.columns) == list(PLACE_COLUMNS)
    assert (places["standing"] != NEAR_MISS).sum() == 20
    assert (places.loc[places["standing"] == NEAR_MISS, "rank"] > 20).all()
    stayed = result.staying.set_index("standing")["share"]
    assert stayed["certain"] > stayed[MIGHT_BE] > stayed[NEAR_MISS]


def test_the_same_input_gives_the_same_numbers(
    saltmere_store: IncidentStore, result: BacktestResult
) -> None:
    asked = BacktestRequest("asb", known_months=33, area_shares=(0.01,), places=(5,))
    one, other = backtest(saltmere_store, asked), backtest(saltmere_store, asked)
    assert one.run_id == other.run_id != result.run_id
    pd.testing.assert_frame_equal(one.scores, other.scores)
    pd.testing.assert_frame_equal(one.paired, other.paired)


def test_an_ever_incident_area_is_that_of_the_first_origin(saltmere_store: IncidentStore) -> None:
    asked = replace(ARK, study_area="ever-incident")
    place = open_backtest(saltmere_store, load_profile("ark"), asked, 9)
    rows = place.scene.connection.execute(
        "SELECT count(DISTINCT h3_09) FROM incidents WHERE h3_09 IS NOT NULL"
    ).fetchone()
    assert rows is not None
    before = len(place.scene.grid)
    assert before < rows[0]
    assert any("before 1 Feb 2026, the first origin" in n.text and n.loud for n in place.notes)


def test_disorder_is_counted_alone_and_told_of_no_violence(saltmere_store: IncidentStore) -> None:
    place = open_backtest(saltmere_store, load_profile("asb"), replace(ARK, profile="asb"), 9)
    assert not place.weighs_harm
    violence = open_backtest(saltmere_store, load_profile("ark"), ARK, 9)
    assert "other: anti-social-behaviour" not in violence.record.kinds


@pytest.mark.slow
def test_patrolled_place_days_are_left_out_of_both_sides(saltmere_store: IncidentStore) -> None:
    profile = load_profile("ark")
    plain = open_backtest(saltmere_store, profile, ARK, 9)
    totals = plain.record.summed("incidents")
    busiest = int(totals.argmax())
    days = np.arange(np.datetime64("2026-02-01"), np.datetime64("2026-11-01"))
    cells = np.full(len(days), plain.scene.grid.cells[busiest])
    every = open_backtest(saltmere_store, profile, ARK, 9, patrolled=PlaceDays(cells, days))
    first = every.timeline.origins[0]
    assert every.lost(first)[busiest] == 89
    since = (first.day - every.timeline.begins).days
    after = every.record.between(since + 1, 10**6)
    assert after.summed("incidents")[busiest] == 0
    others = np.arange(len(totals)) != busiest
    np.testing.assert_allclose(every.record.summed("incidents")[others], totals[others])
    # patrolled on every day: neither chosen nor scored, though it is the busiest there was
    found = backtest(
        saltmere_store,
        replace(ARK, known_months=33, places=(1,), area_shares=()),
        patrolled=PlaceDays(cells, days),
    )
    assert found.left_out_days == len(days)
    assert any("Patrols change what is recorded" in note.text and note.loud for note in found.notes)
    held = found.scores.set_index("method")["captured"]
    assert 0 < held["last_year_count"] <= held["oracle"]
    # every other day: what is left is doubled, so the level stays
    half = PlaceDays(cells[::2], days[::2])
    thinned = open_backtest(saltmere_store, profile, ARK, 9, patrolled=half).record
    assert thinned.summed("incidents")[busiest] == pytest.approx(totals[busiest], rel=0.15)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"horizon_months": 30}, "covers 36 whole months.*horizon of 24 months or less"),
        ({"area_shares": (1.5,)}, "area share 1.5 is none"),
        ({"places": (0,)}, "list of 0 places"),
        ({"places": (5000,)}, "whole study area.*Ask for fewer"),
        ({"area_shares": (), "places": ()}, "No length of list"),
        ({"resolutions": ()}, "No resolution was given"),
        ({"resolutions": (7,)}, "Resolution 7 is not indexed"),
        ({"horizon_months": 1, "known_months": 35, "profile": "homicide"},
         "falls into any of the 1 windows.*longer horizon than 1 month"),
    ],
)  # fmt: skip
def test_bad_input_names_the_nearest_backtest(
    saltmere_store: IncidentStore, asked: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        backtest(saltmere_store, replace(BacktestRequest("ark"), **asked))


def test_quiet_windows_and_small_numbers_are_said(saltmere_store: IncidentStore) -> None:
    place = open_backtest(saltmere_store, load_profile("homicide"), BacktestRequest("homicide"), 9)
    loud = [note.text for note in place.notes if note.loud]
    assert any(text.startswith("Small numbers:") for text in loud)
    assert any("adds nothing to the pooled shares" in text for text in loud)
