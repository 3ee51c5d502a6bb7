"""What an evaluation is made from, where it once went wrong unseen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from config.operation import Comparators, Operation, Span
from config.operation_file import read_operation
from sample_geo.ready import DATA
from spatial.evaluate import evaluate
from spatial.evaluation.footprint import footprint
from spatial.evaluation.occurrences import Occurrences
from spatial.evaluation.placed import APART, NOT_APART, _months_before
from spatial.evaluation.placing import place_of
from spatial.evaluation_inputs import _usable
from spatial.evaluation_results import EvaluationResult
from spatial.incidents.moments import PRECISIONS
from spatial.incidents.store import IncidentStore

GULL = read_operation(DATA / "operation_gull.toml")
TERN = read_operation(DATA / "operation_tern.toml")


@pytest.mark.slow
def test_a_run_rests_on_operations_nearby_alone(
    saltmere_store: IncidentStore, saltmere_tern: EvaluationResult
) -> None:
    twin = TERN.model_copy(update={"name": "Operation Twin"})
    alone, elsewhere, same_ground = (
        evaluate(saltmere_store, TERN, others=others) for others in ([], [GULL], [GULL, twin])
    )
    # who registers something at the other end of town changes no number, and no run
    assert alone.run_id == elsewhere.run_id != same_ground.run_id
    assert alone.threats == elsewhere.threats != same_ground.threats
    assert alone.estimates == saltmere_tern.estimates[: len(alone.estimates)]


def test_the_registers_own_date_travels_into_the_result(
    saltmere_store: IncidentStore, saltmere_tern: EvaluationResult
) -> None:
    late = evaluate(saltmere_store, TERN, held_since=dt.date(2026, 9, 1))
    assert late.held_since == dt.date(2026, 9, 1)
    assert "rests on the word of whoever registered it" in late.verdict
    assert late.registered_words.startswith("Held as it stands by the register since 1 Sep 2026")
    assert "rests on the word" not in saltmere_tern.verdict
    assert late.run_id != saltmere_tern.run_id


def _occurrences(precision: str, days: int) -> Occurrences:
    ground = footprint(TERN.areas).shapes[0].representative_point()
    day = np.datetime64("2026-06-01") + np.arange(days)
    return Occurrences(
        day,
        np.full(days, -1),
        np.full(days, PRECISIONS.index(precision)),
        np.full(days, ground.x),
        np.full(days, ground.y),
        np.zeros(days, dtype=np.uint64),
        np.full(days, np.nan),
        {"ark": np.ones(days, dtype=bool)},
    )


def test_a_day_not_in_force_is_not_too_coarse_a_time() -> None:
    treated = footprint(TERN.areas)
    weekends = TERN.model_copy(update={"start": "", "end": "", "weekdays": (4, 5)})
    days = _occurrences("day", 28)
    usable, notes = _usable(days, weekends, treated, "ark")
    assert int(usable.sum()) == 8
    assert notes == ()
    # one in forty says no more than its month: left out, and said
    mixed = replace(days, precision=np.where(np.arange(28) == 6, PRECISIONS.index("month"), 1))
    wide = _joined(mixed, _occurrences("day", 28))
    usable, (note,) = _usable(wide, weekends, treated, "ark")
    assert int(usable.sum()) == 16
    assert note.text.startswith("1 incidents in the places have too coarse a time")
    assert place_of(days, treated.shapes).max() == 0


def _joined(one: Occurrences, other: Occurrences) -> Occurrences:
    arrays = [
        np.concatenate([getattr(one, name), getattr(other, name)])
        for name in (
            "day", "clock", "precision", "longitude", "latitude", "cell", "harm_days",
        )
    ]  # fmt: skip
    return Occurrences(*arrays, {"ark": np.ones(len(arrays[0]), dtype=bool)})


@pytest.mark.slow
def test_dates_of_choice_that_the_data_do_not_hold(saltmere_store: IncidentStore) -> None:
    early = Span(first=dt.date(2023, 9, 1), last=dt.date(2023, 12, 31))
    result = evaluate(saltmere_store, _changed(selection=early))
    names = {one.name for one in result.primary.estimates}
    # half a window would make the time of choice look quiet, and the operation a rise
    assert not names & {"did_with_choice_window", "naive_since_choice"}
    assert any(note.loud and "figures against those dates are left out" in note.text
               for note in result.notes)  # fmt: skip


def _changed(**changes: object) -> Operation:
    return GULL.model_copy(update=changes)


def test_comparators_are_not_chosen_on_the_time_before() -> None:
    until, baseline = (
        dt.date(2025, 1, 1),
        Span(first=dt.date(2024, 2, 1), last=dt.date(2024, 7, 31)),
    )
    found = _months_before(until, dt.date(2021, 1, 15), without=baseline)
    assert len(found) == 24
    assert found[-1].last == dt.date(2024, 12, 31)
    assert not any(one.first <= baseline.last and one.last >= baseline.first for one in found)
    # six earlier months take the place of the six left out
    assert found[0].first == dt.date(2022, 7, 1)
    assert _months_before(until, dt.date(2024, 11, 20), without=baseline) == [
        Span(first=dt.date(2024, 12, 1), last=dt.date(2024, 12, 31))
    ]


@pytest.mark.parametrize(
    ("selection", "note"),
    [
        (GULL.selection, APART),
        # three months are left before August that are not the time before
        (Span(first=dt.date(2024, 8, 1), last=dt.date(2025, 1, 31)), NOT_APART),
    ],
)
def test_where_no_half_year_is_left_it_is_said(
    saltmere_store: IncidentStore, selection: Span, note: object
) -> None:
    changes: dict[str, object] = {
        "comparators": Comparators(kind="matched", how_many=1),
        "selection": selection,
        "buffer_m": 0,
    }
    result = evaluate(saltmere_store, _changed(**changes))
    assert result.matching is not None
    assert note in result.matching.notes
