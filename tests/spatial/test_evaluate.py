"""Operations of the sample town, whose truth is planted, from the store to the verdict."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from config.errors import BadInputError
from config.operation import Areas, Comparators, Operation, Span
from config.operation_file import digest, read_operation
from config.operation_rules import checked
from sample_geo.ready import DATA
from spatial.evaluate import evaluate
from spatial.evaluation.verdict import LEADING
from spatial.evaluation.visit_file import read_visits
from spatial.evaluation_results import (
    CANNOT_TELL,
    CLEAR,
    FELL,
    SUSPECT,
    THREATS,
    UNKNOWN,
    EvaluationResult,
)
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.targets.schedule.allocation import allocate

GULL = read_operation(DATA / "operation_gull.toml")
TERN = read_operation(DATA / "operation_tern.toml")


def _truth(name: str) -> float:
    planted = json.loads((DATA / "planted.json").read_text(encoding="utf-8"))["operations"]
    return 1 + next(one["effect"] for one in planted if one["file"] == f"operation_{name}.toml")


def _changed(operation: Operation, **changes: object) -> Operation:
    return checked(operation.model_copy(update=changes), name=operation.name)


def _standing(result: EvaluationResult, name: str) -> str:
    return next(one.standing for one in result.threats if one.name == name)


@pytest.mark.parametrize("name", ["gull", "tern"])
@pytest.mark.slow
def test_the_leading_interval_holds_what_was_planted(
    name: str, request: pytest.FixtureRequest
) -> None:
    result: EvaluationResult = request.getfixturevalue(f"saltmere_{name}")
    lead = result.primary.lead
    assert lead.name == LEADING[result.operation.design] == result.primary.verdict.lead
    assert lead.low is not None
    assert lead.high is not None
    assert lead.low <= _truth(name) <= lead.high


def test_places_chosen_hot_deceive_the_naive_comparison_and_not_the_verdict(
    saltmere_gull: EvaluationResult,
) -> None:
    naive = saltmere_gull.primary.named("naive_since_choice")
    assert naive is not None
    assert naive.high is not None
    # sure of a fall twice as deep as the truth, and it says of itself that it misleads
    assert naive.high < 0.85
    assert any(note.loud and "by itself" in note.text for note in naive.notes)
    assert saltmere_gull.primary.estimates[-1].name == "naive_before_after"
    said = saltmere_gull.primary.verdict
    assert said.direction == CANNOT_TELL
    assert "come down by themselves" in said.text
    assert _standing(saltmere_gull, "regression_to_the_mean") == SUSPECT


def test_a_crossover_says_what_fell_and_on_how_many_days(saltmere_tern: EvaluationResult) -> None:
    said = saltmere_tern.primary.verdict
    treated, control = saltmere_tern.primary.counts
    assert said.direction == FELL
    assert said.counts == (
        f"{treated.incidents} incidents on 720 patrolled place-days against {control.incidents} on "
        "1,080 others."
    )
    assert "We cannot tell whether it moved next door (within 100 m" in said.next_door
    made = saltmere_tern.compliance
    assert made is not None
    assert 0.8 < made.delivered_share <= 1
    assert _standing(saltmere_tern, "tracker_gaps") == SUSPECT
    assert _standing(saltmere_tern, "regression_to_the_mean") == CLEAR


def test_counts_are_those_of_the_store(
    saltmere_store: IncidentStore, saltmere_tern: EvaluationResult
) -> None:
    # by hand: cells of the areas, hours in force, policing days
    areas = json.loads((DATA / "operation_tern_areas.geojson").read_text(encoding="utf-8"))
    cells = [
        int(cell, 16)
        for feature in areas["features"]
        if feature["properties"]["area_id"] in TERN.areas.ids
        for cell in feature["properties"]["cells"].split()
    ]
    listed = ", ".join(map(str, cells))
    condition = profile_condition(saltmere_tern.primary.profile)
    row = (
        saltmere_store.connect()
        .execute(
            f"SELECT count(*), sum(harm_days) FROM incidents WHERE {condition} AND h3_10 IN "
            f"({listed}) AND occurred_from >= DATE '2026-06-01' AND occurred_from < DATE "
            "'2026-08-30' AND hour(occurred_from) >= 14"
        )
        .fetchone()
    )
    assert row is not None
    counts = saltmere_tern.primary.counts
    assert row[0] == sum(one.incidents for one in counts)
    assert row[1] == pytest.approx(sum(one.harm_days or 0.0 for one in counts))
    by_place = saltmere_tern.primary.by_place
    assert int(by_place[["before", "after"]].to_numpy().sum()) == row[0]


@pytest.mark.slow
def test_every_threat_is_answered_and_the_same_twice(
    saltmere_store: IncidentStore, saltmere_tern: EvaluationResult
) -> None:
    assert tuple(one.name for one in saltmere_tern.threats) == THREATS
    assert all(one.says.endswith(".") for one in saltmere_tern.threats)
    again = evaluate(
        saltmere_store, TERN, visits=read_visits(DATA / "operation_tern_visits.csv"), others=[GULL]
    )
    assert again.estimates == saltmere_tern.estimates
    assert again.verdict == saltmere_tern.verdict
    assert again.operation_digest == digest(TERN) == saltmere_tern.operation_digest
    # another operation was named: another run, and the checklist answers
    assert again.run_id != saltmere_tern.run_id
    assert _standing(saltmere_tern, "overlapping_operations") == UNKNOWN
    assert _standing(again, "overlapping_operations") == CLEAR


@pytest.mark.slow
def test_the_rest_of_the_force_holds_the_truth_too(saltmere_store: IncidentStore) -> None:
    against = Comparators(kind="rest_of_force")
    result = evaluate(saltmere_store, _changed(GULL, comparators=against, buffer_m=0))
    _holds_gull(result)
    assert result.ground.comparators is None
    assert "the rest of Saltmere" in result.design_words
    counts = {one.side: one.incidents for one in result.primary.counts}
    assert counts["control_before"] > 5 * counts["treated_before"]


@pytest.mark.slow
def test_matched_comparators_hold_the_truth_too(saltmere_store: IncidentStore) -> None:
    against = Comparators(kind="matched")
    operation = _changed(
        GULL, comparators=against, buffers_m=(50,), profiles=("ark", "asb"), registered=None
    )
    result = evaluate(saltmere_store, operation, others=[GULL])
    _holds_gull(result)
    assert result.matching is not None
    assert result.ground.comparators is not None
    assert len(result.ground.comparators.area_ids) == 24
    assert [one.distance_m for one in result.primary.displacement] == [50, 100]
    assert [one.role for one in result.outcomes] == ["primary", "secondary"]
    assert any("one in twenty" in note.text for note in result.notes)
    # antisocial behaviour is an outcome of its own, not also a switch
    assert [one.name for one in result.switching] == ["other_offences"]
    assert _standing(result, "registered_after") == UNKNOWN
    assert _standing(result, "overlapping_operations") == SUSPECT


def _holds_gull(result: EvaluationResult) -> None:
    lead = result.primary.lead
    assert lead.low is not None
    assert lead.high is not None
    assert lead.low <= _truth("gull") <= lead.high


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_date": dt.date(2027, 1, 31)}, "Load later incidents"),
        (
            {"baseline": Span(first=dt.date(2020, 1, 1), last=dt.date(2020, 12, 31))},
            "Load earlier incidents",
        ),
        ({"baseline": GULL.selection}, "no period before the start"),
        ({"profiles": ("homicide",)}, "nothing can be said"),
        ({"profiles": ("no_such_profile",)}, "There is no profile"),
        ({"buffer_m": 3000}, "choose a smaller buffer"),
        ({"areas": Areas(cells={"sea": ("8a1941000007fff",)})}, "no incident of any kind"),
        ({"design": "staggered", "starts": {"G01": dt.date(2025, 3, 1)}}, "'G02' has no date"),
        (
            {"design": "staggered", "starts": dict.fromkeys(GULL.areas.ids, dt.date(2025, 3, 1))},
            "every place began on 2025-03-01",
        ),
    ],
)
def test_what_cannot_be_judged_is_refused_with_what_is_needed(
    saltmere_store: IncidentStore, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadInputError, match=words) as refused:
        evaluate(saltmere_store, GULL.model_copy(update=changes))
    assert "\n" not in str(refused.value)


def test_waves_that_were_never_patrolled_come_out_as_no_change(
    saltmere_store: IncidentStore,
) -> None:
    # the comparators of Gull, put into three waves that never were: whatever is said, no fall
    assert GULL.comparators is not None
    ids = GULL.comparators.ids[:15]
    days = (dt.date(2025, 2, 1), dt.date(2025, 4, 15), dt.date(2025, 6, 1))
    operation = _changed(
        GULL,
        design="staggered",
        order="by_lot",
        starts={area: days[place // 5] for place, area in enumerate(ids)},
        areas=Areas(file=GULL.areas.file, ids=ids),
        comparators=None,
        profiles=("asb",),
    )
    result = evaluate(saltmere_store, operation)
    outcome = result.primary
    lead = outcome.lead
    assert lead.name == LEADING["staggered"] == outcome.verdict.lead == "staggered_ratio"
    assert lead.low is not None
    assert lead.high is not None
    assert lead.low <= 1 <= lead.high
    assert outcome.verdict.direction == CANNOT_TELL
    assert "against places not yet patrolled" in outcome.verdict.headline
    assert "3 waves (5 from 1 Feb 2025, 5 from 15 Apr 2025, 5 from 1 Jun 2025)" in (
        result.design_words
    )
    assert outcome.estimates[-1].name == "naive_before_after"
    assert {"staggered_jackknife", "staggered_wave_1", "staggered_wave_2"} <= {
        one.name for one in outcome.estimates
    }
    # the last wave has nobody to wait for it: its own figure would be made of nothing
    assert outcome.named("staggered_wave_3") is None
    counts = {one.side: one for one in outcome.counts}
    assert counts["treated_after"].days == 5 * (73 + 47) + 5 * 47
    table = outcome.by_place
    assert (table["group"] == "treated").all()
    looked = table["before"].sum() + table["after"].sum()
    assert looked >= counts["treated_before"].incidents + counts["treated_after"].incidents
    assert outcome.event_study is not None
    assert (outcome.event_study.table["lead"] < 0).any()
    assert [one.estimates[0].name for one in outcome.displacement] == ["staggered_buffer"] * 3
    assert all(one.estimate.name == "staggered_ratio" for one in result.switching)
    assert len(result.threats) == len(THREATS)


def test_an_allocation_that_is_not_the_design_is_refused(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    assert TERN.crossover is not None
    rows = Path(TERN.crossover.allocation).read_text(encoding="utf-8").splitlines()
    other = tmp_path / "allocation.csv"
    other.write_text("\n".join(rows).replace("2026-06-01,T02,0", "2026-06-01,T02,1"))
    wrong = TERN.crossover.model_copy(update={"allocation": str(other)})
    with pytest.raises(BadInputError, match="9 places are treated"):
        evaluate(saltmere_store, _changed(TERN, crossover=wrong))


def test_a_restricted_draw_is_drawn_again_for_every_figure(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    assert TERN.crossover is not None
    table = allocate(20, 8, 90, wait=5, rng=np.random.default_rng(3))
    rows = [
        f"{day},{area},{int(table[row, column])}"
        for row, day in enumerate(TERN.dates)
        for column, area in enumerate(TERN.areas.ids)
    ]
    file = tmp_path / "allocation.csv"
    file.write_text("\n".join(["date,area_id,treated", *rows]), encoding="utf-8")
    changed = TERN.crossover.model_copy(update={"allocation": str(file), "longest_wait_days": 5})
    result = evaluate(saltmere_store, _changed(TERN, crossover=changed), draws=300)
    figures = [
        result.primary.lead,
        *(one.estimates[0] for one in result.primary.displacement),
        *(one.estimate for one in result.switching),
    ]
    assert all("300 draws within its limits" in one.method for one in figures)
    # incidents fell on days that were truly patrolled, and this draw is another
    assert result.primary.verdict.direction == CANNOT_TELL


def test_month_only_data_cannot_judge_days(shared_data: Path, tmp_path: Path) -> None:
    load([shared_data / "police_uk" / "norwich-2025.zip"], tmp_path / "store")
    store = IncidentStore.open(tmp_path / "store")
    busy = store.connect().execute(
        "SELECT h3_09 FROM incidents WHERE h3_09 IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 "
        "LIMIT 4"
    )
    cells = [f"{row[0]:x}" for row in busy.fetchall()]
    operation = GULL.model_copy(
        update={
            "areas": Areas(cells={"A": (cells[0],), "B": (cells[1],)}),
            "comparators": Comparators(kind="areas", cells={"C": (cells[2],), "D": (cells[3],)}),
            "profiles": ("violence_proxy",),
            "first_date": dt.date(2025, 7, 1),
            "last_date": dt.date(2025, 9, 30),
            "baseline": Span(first=dt.date(2025, 1, 1), last=dt.date(2025, 3, 31)),
            "selection": None,
            "buffer_m": 0,
        }
    )
    result = evaluate(store, operation)
    # two places of four: six ways to choose, and nothing could be clear
    assert result.primary.verdict.direction == CANNOT_TELL
    assert sum(one.incidents for one in result.primary.counts) > 100
    assert result.primary.displacement == ()
    with pytest.raises(BadInputError, match="Load incidents with dates"):
        evaluate(store, operation.model_copy(update={"weekdays": (4, 5)}))
    with pytest.raises(BadInputError, match="whole months"):
        evaluate(store, operation.model_copy(update={"last_date": dt.date(2025, 9, 12)}))


def test_visits_need_their_columns(tmp_path: Path) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("area_id,start\nT01,2026-06-01 15:00\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="no column 'minutes'"):
        read_visits(file)
    file.write_text("area_id,start,minutes,officer_name\nT01,2026-06-01 15:00,15,Somebody\n")
    assert list(read_visits(file).columns) == ["area_id", "start", "minutes"]
    assert isinstance(read_visits(file), pd.DataFrame)
