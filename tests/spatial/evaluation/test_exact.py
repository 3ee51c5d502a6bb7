"""Exact ratios: agreement with Fisher's test, and what must hold of any counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from config.errors import BadInputError
from spatial.evaluation.e_test import e_test
from spatial.evaluation.harm_ratio import harm_ratio, harm_ratio_delta
from spatial.evaluation.rate_ratio import rate_ratio, rate_ratio_log
from spatial.evaluation.totals import Totals
from spatial.evaluation.wdd import wdd_parts

counts = st.integers(0, 60)


@settings(max_examples=50)
@given(counts, counts, counts, counts)
def test_limits_are_fishers(t0: int, t1: int, c0: int, c1: int) -> None:
    found = rate_ratio(Totals(t0, t1), Totals(c0, c1), outcome="all")
    if min(t0 + t1, c0 + c1, t0 + c0, t1 + c1) == 0:
        assert found.p is None
        return
    # scipy's table of after against before is the same conditional distribution
    theirs = odds_ratio([[t1, t0], [c1, c0]]).confidence_interval(0.95)
    assert found.low == pytest.approx(theirs.low, rel=1e-5, abs=1e-9)
    assert (np.inf if found.high is None else found.high) == pytest.approx(theirs.high, rel=1e-5)
    tails = [
        fisher_exact([[t1, t0], [c1, c0]], alternative=side).pvalue for side in ("less", "greater")
    ]
    assert found.p == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6, abs=1e-12)


@settings(max_examples=30)
@given(counts, counts, counts, counts, st.floats(0.1, 10), st.floats(0.1, 10))
def test_exposure_only_scales(  # noqa: PLR0913, PLR0917 (four counts, two exposures)
    t0: int, t1: int, c0: int, c1: int, own: float, other: float
) -> None:
    plain = rate_ratio(Totals(t0, t1), Totals(c0, c1), outcome="all")
    scaled = rate_ratio(
        Totals(t0, t1, days_before=own), Totals(c0, c1, days_before=other), outcome="all"
    )
    for name in ("estimate", "low", "high"):
        before, after = getattr(plain, name), getattr(scaled, name)
        if before is None:
            assert after is None
        else:
            assert after == pytest.approx(before * own / other, rel=1e-9)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_interval_and_p_agree(t0: int, t1: int, c0: int, c1: int) -> None:
    for made in (rate_ratio, rate_ratio_log):
        found = made(Totals(t0, t1), Totals(c0, c1), outcome="all")
        assert found.p is not None
        inside = (found.low or 0) <= 1 <= (np.inf if found.high is None else found.high)
        if abs(found.p - 0.05) > 1e-9:
            assert inside == (found.p > 0.05)


def test_large_counts_agree_with_the_logarithm() -> None:
    groups = Totals(718, 540), Totals(13989, 12879)
    exact, log = (made(*groups, outcome="all") for made in (rate_ratio, rate_ratio_log))
    assert exact.estimate == pytest.approx(log.estimate)
    assert [exact.low, exact.high] == pytest.approx([log.low, log.high], rel=0.01)


def test_fallen_to_nothing() -> None:
    found = rate_ratio(Totals(9, 0), Totals(12, 12), outcome="all")
    assert found.estimate == 0
    assert found.low == 0
    assert found.high is not None
    assert found.high < 1
    log = rate_ratio_log(Totals(9, 0), Totals(12, 12), outcome="all")
    assert log.estimate is None
    assert log.notes[0].loud


def test_harm_of_one_weight_is_a_count() -> None:
    def weighed(before: int, after: int) -> Totals:
        return Totals(
            365 * before, 365 * after, squares_before=365**2 * before, squares_after=365**2 * after
        )

    groups = (60, 30), (55, 52)
    harm = harm_ratio(*(weighed(*group) for group in groups), outcome="all")
    count = rate_ratio(*(Totals(*group) for group in groups), outcome="all")
    assert harm.estimate == pytest.approx(count.estimate)
    # draws, and mid-p against exact: nearly the same, and never much wider
    assert [harm.low, harm.high] == pytest.approx([count.low, count.high], rel=0.06)
    delta = harm_ratio_delta(*(weighed(*group) for group in groups), outcome="all")
    log = rate_ratio_log(*(Totals(*group) for group in groups), outcome="all")
    assert [delta.low, delta.high] == pytest.approx([log.low, log.high])
    again = harm_ratio(*(weighed(*group) for group in groups), outcome="all")
    assert again == harm


def test_harm_of_nothing_has_no_upper_limit() -> None:
    empty = Totals(0, 19, squares_before=0, squares_after=361)
    other = Totals(365, 365, squares_before=365**2, squares_after=365**2)
    found = harm_ratio(empty, other, outcome="all")
    assert found.estimate is None
    assert found.high is None
    nothing = Totals(0, 0, squares_before=0, squares_after=0)
    assert harm_ratio(nothing, nothing, outcome="all").p is None


def test_many_incidents_are_tested_by_the_normal_tail() -> None:
    few = e_test(1040, 958, days_after=1, days_before=1, outcome="all").p
    many = e_test(1042, 960, days_after=1, days_before=1, outcome="all").p
    assert few == pytest.approx(many, abs=0.003)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"before": -1, "after": 2}, "'before' of -1"),
        ({"before": 1, "after": 2, "days_after": 0}, "'days_after' of 0"),
        ({"before": 1.5, "after": 2}, "not whole"),
        ({"before": 1, "after": 2, "squares_after": 4}, "both or neither"),
    ],
)
def test_totals_that_cannot_be(broken: dict[str, float], words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        Totals(**broken)


def test_mixed_measures_are_refused() -> None:
    harm = Totals(10, 10, squares_before=100, squares_after=100)
    with pytest.raises(BadInputError, match="same measure"):
        wdd_parts(harm, Totals(1, 2))
    with pytest.raises(BadInputError, match="give counts"):
        rate_ratio(harm, harm, outcome="all")
    with pytest.raises(BadInputError, match="rate ratio"):
        harm_ratio(Totals(1, 2), Totals(1, 2), outcome="all")
    with pytest.raises(BadInputError, match="surroundings"):
        wdd_parts(Totals(1, 2), Totals(1, 2), treated_around=Totals(1, 2))
    with pytest.raises(BadInputError, match="must be an incident"):
        e_test(0, 0, days_after=1, days_before=1, outcome="all")
