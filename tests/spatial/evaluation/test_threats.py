from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from config.operation import Registered, Span
from spatial.evaluation.recorded import Recorded
from spatial.evaluation.threats import FEW, TITLES, Facts, checklist
from spatial.evaluation_results import (
    CLEAR,
    SUSPECT,
    THREATS,
    UNKNOWN,
    EvaluationResult,
)

ALIKE = Recorded((), (("patrolled places, before", 0, 58),), None)
WINTER = Span(first=dt.date(2023, 11, 1), last=dt.date(2024, 1, 31))


def _facts(result: EvaluationResult, **changes: object) -> Facts:
    facts = Facts(
        result.operation,
        result.primary,
        (2, 120),
        "day",
        (0.3, 0.3),
        (100.0, 1000.0),
        ALIKE,
        result.data_through,
        None,
        None,
    )
    return replace(facts, **changes)


def _said(facts: Facts) -> dict[str, tuple[str, str]]:
    return {one.name: (one.standing, one.says) for one in checklist(facts)}


def test_every_threat_has_a_title_and_an_answer(saltmere_gull: EvaluationResult) -> None:
    found = checklist(_facts(saltmere_gull))
    assert tuple(one.name for one in found) == THREATS == tuple(TITLES)
    assert {one.standing for one in found} <= {CLEAR, SUSPECT, UNKNOWN}


@pytest.mark.parametrize(
    ("name", "changes", "standing"),
    [
        ("shocks", {"burst": (30, 120)}, SUSPECT),
        ("shocks", {"burst": (0, 0)}, UNKNOWN),
        ("one_serious_incident", {"gravest": (600.0, 1000.0)}, SUSPECT),
        ("one_serious_incident", {"gravest": None}, CLEAR),
        ("regression_to_the_mean", {"chosen": (0.6, 0.3)}, SUSPECT),
        ("regression_to_the_mean", {"chosen": (0.3, 0.3)}, CLEAR),
        ("overlapping_operations", {"others": ()}, CLEAR),
        ("overlapping_operations", {"others": ("Operation Other",)}, SUSPECT),
        ("tracker_gaps", {"dose": None}, UNKNOWN),
        ("recording_change", {}, CLEAR),
        ("recording_change", {"recorded": replace(ALIKE, spells=("It changed.",))}, SUSPECT),
        ("recording_change", {"recorded": replace(ALIKE, p=0.01)}, SUSPECT),
        ("registered_after", {"held_since": dt.date(2025, 1, 31)}, CLEAR),
        ("registered_after", {"held_since": dt.date(2025, 2, 2)}, SUSPECT),
    ],
)
def test_figures_decide_the_standing(
    saltmere_gull: EvaluationResult, name: str, changes: dict[str, Any], standing: str
) -> None:
    assert _said(_facts(saltmere_gull, **changes))[name][0] == standing


@pytest.mark.parametrize(
    ("name", "changes", "standing"),
    [
        ("season", {"baseline": WINTER}, SUSPECT),
        ("season", {}, CLEAR),
        ("regression_to_the_mean", {"selection": None}, UNKNOWN),
        ("registered_after", {"registered": None}, UNKNOWN),
        (
            "registered_after",
            {"registered": Registered(by="Analyst", at=dt.date(2025, 8, 20))},
            SUSPECT,
        ),
        # the file's own word, which nobody checked
        ("registered_after", {}, UNKNOWN),
        ("late_recording", {"last_date": dt.date(2026, 10, 20)}, SUSPECT),
    ],
)
def test_the_operation_decides_the_standing(
    saltmere_gull: EvaluationResult, name: str, changes: dict[str, Any], standing: str
) -> None:
    operation = saltmere_gull.operation.model_copy(update=changes)
    assert _said(_facts(saltmere_gull, operation=operation))[name][0] == standing


def test_small_numbers_are_called_small(saltmere_gull: EvaluationResult) -> None:
    few = replace(saltmere_gull.primary.counts[1], incidents=FEW - 1)
    counts = (saltmere_gull.primary.counts[0], few, *saltmere_gull.primary.counts[2:])
    outcome = replace(saltmere_gull.primary, counts=counts)
    standing, says = _said(_facts(saltmere_gull, outcome=outcome))["small_numbers"]
    assert standing == SUSPECT
    assert f"{FEW - 1} (patrolled places, after)" in says


def test_a_month_is_not_called_a_day(saltmere_gull: EvaluationResult) -> None:
    said = _said(_facts(saltmere_gull, unit="month", burst=(40, 100)))["shocks"][1]
    assert "in one place in one month" in said
