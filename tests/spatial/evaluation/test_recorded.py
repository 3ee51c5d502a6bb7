from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from config.operation_file import read_operation
from config.profile import load_profile
from sample_geo.ready import DATA
from spatial.evaluation.recorded import Recorded, _changes, _gaps, _months, _unlike

if TYPE_CHECKING:
    from spatial.evaluation_results import EvaluationResult

ARK = load_profile("ark")
GULL = read_operation(DATA / "operation_gull.toml")
TERN = read_operation(DATA / "operation_tern.toml")


def _change(flag: str, month: str, until: str) -> pd.DataFrame:
    words = f"{flag} from {month}."
    return pd.DataFrame([{"flag": flag, "month": month, "until": until, "words": words}])


def test_only_months_compared_are_looked_at() -> None:
    months = _months(GULL)
    assert sorted(months) == [
        f"{year}-{month:02d}" for year in (2024, 2025) for month in range(2, 8)
    ]
    assert sorted(_months(TERN)) == ["2026-06", "2026-07", "2026-08"]


@pytest.mark.parametrize(
    ("flag", "month", "until", "told"),
    [
        # between the time before and the operation: touches nothing that is compared
        ("domestic", "2024-09", "2024-10", False),
        ("domestic", "2025-03", "", True),
        ("domestic", "2024-05", "2024-06", True),
        # all that is compared was recorded alike
        ("domestic", "2024-01", "", False),
        # the profile asks for no knife
        ("knife", "2025-03", "", False),
    ],
)
def test_a_change_is_told_where_it_splits_what_is_compared(
    flag: str, month: str, until: str, *, told: bool
) -> None:
    assert bool(list(_changes(_change(flag, month, until), ARK, _months(GULL)))) == told


def test_gaps_are_those_of_the_outcome() -> None:
    rows = pd.DataFrame(
        [
            {"family": family, "first": first, "last": first, "words": f"{family} {first}"}
            for family in ("all", "serious_violence", "antisocial_behaviour")
            for first in ("2024-03", "2024-12")
        ]
    )
    assert list(_gaps(rows, ARK, _months(GULL))) == ["all 2024-03", "serious_violence 2024-03"]


def test_uneven_shares_are_told_from_chance() -> None:
    even = np.array([[10, 50], [10, 50], [5, 60], [5, 60]], dtype=float)
    assert _unlike(even) == pytest.approx(1)
    # flags went unrecorded in the patrolled places once patrols began
    risen = even.copy()
    risen[1] = (30, 30)
    p = _unlike(risen)
    log = np.log((30.5 / 30.5) / (10.5 / 50.5))
    error = np.sqrt((1 / (risen + 0.5)).sum())
    assert p == pytest.approx(2 * norm.sf(log / error))
    assert p < 0.05
    assert _unlike(np.array([[0.0, 50.0], [0.0, 40.0]])) is None


def test_what_was_left_out_is_tallied_loudly(saltmere_gull: EvaluationResult) -> None:
    # two beside 53 and six beside 43 incidents lack a flag that the outcome needs
    words = (
        "Left out, beside those counted, because a flag was not recorded: 2 beside 53 (patrolled "
        "places, before), 6 beside 43 (patrolled places, after), 3 beside 52 (comparison places, "
        "before), 1 beside 63 (comparison places, after)."
    )
    assert any(note.loud and note.text == words for note in saltmere_gull.notes)
    assert any(words in one.says for one in saltmere_gull.threats if one.name == "recording_change")
    # who looks for drugs finds drugs: the outcome says so of itself
    assert any(note.loud and "police activity" in note.text for note in saltmere_gull.notes)
    assert Recorded((), (("here", 0, 9),), None).notes == ()
