"""A backtest in words: the margin as the result has it, and no more certain than it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layers.accuracy.companion_words import companion_words, known_words
from layers.accuracy.rankings import OFFERED, RANKINGS
from layers.accuracy.report import backtest_html
from layers.accuracy.words import (
    basis,
    headline,
    patrolled_words,
    share_points,
    staying_words,
    widened,
)
from spatial.accuracy.recommendation import CANDIDATES, Recommendation
from spatial.accuracy.rivals import COUNTED, WEIGHED
from spatial.backtest_results import BacktestResult, Companion

COMPANION = Companion("harm", 0.31, 0.27, 0.36, 4, "3 months", 12, 12, (12, 12))


def _with(result: BacktestResult, **changes: object) -> BacktestResult:
    found = result.recommendation
    assert found is not None
    values = {name: getattr(found, name) for name in Recommendation.__slots__}
    return replace(result, recommendation=Recommendation(**{**values, **changes}))


def _recommended(result: BacktestResult, **changes: object) -> str:
    return headline(_with(result, **changes))


def test_every_ranking_has_a_name_and_a_way() -> None:
    assert set(RANKINGS) == {*COUNTED, *WEIGHED, "risk_terrain", "oracle"}
    assert set(CANDIDATES) == OFFERED
    names = [name for name, _ in RANKINGS.values()]
    assert len(set(names)) == len(names)


def test_the_headline_says_the_margin_or_that_there_is_none(result: BacktestResult) -> None:
    won = {
        "method": "expected_harm", "measure": "expected_harm", "window_months": 12,
        "captured": 0.452, "difference": 0.041, "low": 0.02, "high": 0.063,
        "real_difference": True,
    }  # fmt: skip
    assert _recommended(result, **won) == (
        "Expected harm on 12 months held 4.1 points more (2.0 to 6.3) than last year's count: "
        "45% of the harm of the next 3 months in 1% of the area."
    )
    even = _recommended(result, **{**won, "low": -0.01, "real_difference": False})
    assert even.startswith("No real difference: last year's count would do as well.")
    assert "may be chance" in even
    plain = {"method": "last_year_count", "measure": "count", "window_months": 12}
    assert "does as well as anything" in _recommended(result, **plain)
    assert "not scored" in headline(replace(result, recommendation=None))


def test_a_range_wider_than_the_tables_says_why(result: BacktestResult) -> None:
    won = _with(result, method="expected_harm", low=-0.022, high=0.046)
    said = widened(won)
    assert said.startswith("The range in this sentence, \N{MINUS SIGN}2.2 to 4.6, allows for")
    assert "wider than the range that the table gives" in said
    # a headline without a range needs no such line
    assert not widened(_with(result, method="last_year_count"))
    assert not widened(replace(result, recommendation=None))
    assert (
        said
        in backtest_html(_with(result, method="expected_harm", low=-0.022, high=0.046)).decode()
    )


def test_points_have_one_sign_and_one_decimal() -> None:
    assert share_points(0.0411) == "4.1"
    assert share_points(-0.0026) == "\N{MINUS SIGN}0.3"
    assert share_points(-0.0001) == "0.0"


def test_what_it_rests_on_is_said(result: BacktestResult) -> None:
    words = basis(result)
    assert "371 cells at resolution 9" in words
    assert "chosen 2 times" in words
    assert "1 May 2026 to 31 Oct 2026" in words
    assert result.run_id[:12] in words
    assert "are in these figures" in patrolled_words(result)
    assert "5 patrolled place-days were left out" in patrolled_words(
        replace(result, left_out_days=5)
    )
    said = staying_words(result.staying)
    certain = result.staying.set_index("standing").loc["certain"]
    assert f"{int(certain['stayed'])} (" in said[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            (
                "12 places chosen the same way before each of the last 4 quarters went on to hold "
                "31% (27 to 36%) of the next quarter's harm"
            ),
        ),
        (
            {"origins": 1, "fewest_places": 7, "measure": "incidents"},
            (
                "Up to 12 places chosen the same way before the last quarter went on to hold "
                "31% (27 to 36%) of the next quarter's incidents"
            ),
        ),
        (
            {"horizon_words": "1 month", "places": 1, "fewest_places": 1},
            (
                "1 place chosen the same way before each of 4 spans of 1 month went on to hold "
                "31% (27 to 36%) of the harm of the next month"
            ),
        ),
    ],
)
def test_the_companion_in_one_sentence(changes: dict[str, object], said: str) -> None:
    assert companion_words(replace(COMPANION, **changes)) == said


def test_less_known_than_the_list_had_is_said() -> None:
    assert not known_words(COMPANION, window_months=12)
    words = known_words(replace(COMPANION, known_months=(9, 9)), window_months=12)
    assert words == "The data allow each of these to be chosen on 9 months only."
