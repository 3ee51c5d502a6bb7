from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.operation import DESIGNS
from spatial.evaluation.estimate import Estimate
from spatial.evaluation.verdict import (
    LEADING,
    change_words,
    direction,
    harm_words,
    headline,
    next_door,
    range_words,
    told_words,
)
from spatial.evaluation_results import (
    CANNOT_TELL,
    DIRECTIONS,
    FELL,
    ROSE,
    TOO_FEW,
    EvaluationResult,
)

LIMITS = st.none() | st.floats(0, 1e6, allow_nan=False) | st.sampled_from([0.0, 0.999, 1.0, 1.001])
CLAIMS = re.compile(r"\b(fell|rose|worked|works|proved|reduced|increased)\b")


def _estimate(
    ratio: float | None, low: float | None, high: float | None, p: float | None = None
) -> Estimate:
    return Estimate("invented", "ark", "count", ratio, low, high, p, "By hand.")


@given(ratio=LIMITS, low=LIMITS, high=LIMITS, p=st.none() | st.floats(0, 1))
def test_nothing_is_said_to_have_changed_while_the_interval_spans_no_change(
    ratio: float | None, low: float | None, high: float | None, p: float | None
) -> None:
    estimate = _estimate(ratio, low, high, p)
    found = direction(estimate)
    said = [
        headline(estimate, what="Robbery", against="in the places"),
        next_door(estimate, metres=100, counts="3 incidents"),
        harm_words(estimate),
        f"{told_words(estimate)}.",
    ]
    assert found in DIRECTIONS
    spans = (low is None or low <= 1) and (high is None or high >= 1)
    if spans:
        assert found in {CANNOT_TELL, TOO_FEW}
        assert not any(CLAIMS.search(text) for text in said)
    for text in said:
        claimed = set(CLAIMS.findall(text))
        assert claimed <= {found}
        # a percentage never stands without what the truth could be
        if "%" in text:
            assert "the true change could be" in text or "the true change cannot be said" in text
    if found == FELL:
        assert high is not None
        assert high < 1
    if found == ROSE:
        assert low is not None
        assert low > 1


def test_the_words_of_the_issue() -> None:
    estimate = _estimate(0.6, 0.38, 0.95, 0.03)
    assert headline(estimate, what="Robbery", against="on patrolled days") == (
        "Incidents of Robbery fell by about 40% on patrolled days; the true change could be "
        "anything from a 62% fall to a 5% fall."
    )
    assert headline(_estimate(0.8, 0.55, 1.16), what="Robbery", against="there").startswith(
        "We cannot tell whether incidents of Robbery changed there: it came out as a fall of about "
        "20%, and"
    )
    assert "anything above it" in range_words(_estimate(3.0, 1.2, None))
    assert direction(_estimate(None, None, None)) == TOO_FEW
    # a test that does not refuse no change is not overruled by an interval made otherwise
    assert direction(_estimate(0.5, 0.3, 0.9, 0.2)) == CANNOT_TELL


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.0, "a fall to nothing"),
        (0.9999, "a fall of under 1%"),
        (0.0001, "a 99% fall"),
        (0.92, "an 8% fall"),
        (1.0, "no change"),
        (1.18, "an 18% rise"),
        (2.4, "a 140% rise"),
        (3.4, "3.4 times as many"),
    ],
)
def test_changes_are_told_plainly(ratio: float, words: str) -> None:
    assert change_words(ratio) == words


def test_a_count_is_never_called_harm(saltmere_tern: EvaluationResult) -> None:
    said = saltmere_tern.primary.verdict
    # "community harm fell" would say of days what was found of incidents
    assert said.headline.startswith("Incidents of Community harm (Ark) fell by about 43%")
    # the harm of those days stands beside it, with its own interval
    assert said.harm.startswith("Their harm fell by about 63%; the true change could be anything")
    assert said.text.startswith(f"{said.headline} {said.harm} {said.counts}")


def test_no_figure_of_the_checklist_stands_without_its_interval(
    saltmere_gull: EvaluationResult,
) -> None:
    says = next(one.says for one in saltmere_gull.threats if "because they were high" in one.title)
    assert len(re.findall(r"\d+% (?:fall|rise)", says)) == 6
    assert says.count("(the true change could be") == 2
    (beside,) = [
        one for one in saltmere_gull.primary.verdict.cautions if "counted as before" in one
    ]
    assert "(the true change could be" in beside


def test_every_design_has_its_leading_estimate() -> None:
    assert set(LEADING) == set(DESIGNS)
