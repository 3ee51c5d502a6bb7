"""The timeline: origins within the data, and the nearest backtest where there is none."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.accuracy.timeline import MOST_ORIGINS, Horizon, Timeline, plan_timeline

FIRST = dt.date(2025, 1, 1)


def _end(months: int) -> dt.date:
    index = FIRST.year * 12 + months
    return dt.date(index // 12, index % 12 + 1, 1) - dt.timedelta(days=1)


def _plan(months: int, ahead: int = 3, **how: int) -> Timeline:
    return plan_timeline(
        FIRST, _end(months), horizon=Horizon(months=ahead), months_only=True, **how
    )


def _starts(plan: Timeline) -> list[int]:
    return [(o.day.year - 2025) * 12 + o.day.month - 1 for o in plan.origins]


def test_two_years_give_the_origins_of_the_published_comparison() -> None:
    plan = _plan(24)
    assert _starts(plan) == [12, 15, 18, 21]
    assert plan.origins[-1].until == dt.date(2027, 1, 1)
    assert plan.overlap == 1
    assert not plan.notes


def test_one_year_is_nine_months_and_three_and_says_so() -> None:
    plan = _plan(12)
    assert _starts(plan) == [9]
    assert any("not on a full year" in note.text and note.loud for note in plan.notes)
    assert _starts(_plan(12, 1)) == [9, 10, 11]
    assert _starts(_plan(12, 6)) == [6]


def test_steps_shorter_than_the_horizon_overlap() -> None:
    plan = _plan(24, 6, step_months=3)
    assert _starts(plan) == [12, 15, 18]
    assert plan.overlap == 2


@given(st.integers(2, 90), st.integers(1, 6), st.integers(1, 6))
def test_every_origin_knows_a_past_and_is_scored_within_the_data(
    months: int, ahead: int, step: int
) -> None:
    if months < 2 * ahead:
        with pytest.raises(BadInputError, match="nearest backtest"):
            _plan(months, ahead, step_months=step)
        return
    plan = _plan(months, ahead, step_months=step)
    starts = _starts(plan)
    assert 1 <= len(starts) <= MOST_ORIGINS
    assert starts[-1] + ahead == months
    assert all(later - earlier == step for earlier, later in pairwise(starts))
    assert starts[0] >= min(ahead, 12)


def test_months_that_the_data_do_not_cover_whole_are_left_out() -> None:
    plan = plan_timeline(
        dt.date(2024, 12, 10), dt.date(2026, 4, 20), horizon=Horizon(months=3), months_only=False
    )
    assert plan.begins == dt.date(2025, 1, 1)
    assert plan.ends == dt.date(2026, 4, 1)


def test_days_are_counted_back_from_the_end_and_do_not_overlap() -> None:
    plan = plan_timeline(
        FIRST, dt.date(2026, 6, 30), horizon=Horizon(months=0, days=14), months_only=False
    )
    assert not plan.monthly
    assert plan.origins[-1].until == dt.date(2026, 7, 1)
    for earlier, later in pairwise(plan.origins):
        assert earlier.until == later.day
    assert (plan.origins[0].day - FIRST).days >= 365


def test_too_few_months_offer_what_is_possible() -> None:
    with pytest.raises(BadInputError, match=r"covers 4 whole months.*horizon of 2 months or less"):
        _plan(4)
    with pytest.raises(BadInputError, match="Load at least 2 months"):
        _plan(1)
    with pytest.raises(BadInputError, match="horizon of 2 months or less"):
        _plan(20, 3, known_months=18)
    with pytest.raises(BadInputError, match="knows 19 and scores 1 month"):
        _plan(20, 3, known_months=20)


def test_days_are_refused_of_months_alone() -> None:
    with pytest.raises(BadInputError, match=r"only their month.*horizon of 1 month, on the 24"):
        plan_timeline(FIRST, _end(24), horizon=Horizon(months=0, days=7), months_only=True)


@pytest.mark.parametrize(("months", "days"), [(0, 0), (3, 14), (-1, 0), (0, -7)])
def test_a_horizon_is_months_or_days(months: int, days: int) -> None:
    with pytest.raises(BadInputError, match=r"horizon of .* cannot be scored"):
        Horizon(months=months, days=days)


def test_steps_and_known_months_are_at_least_one() -> None:
    with pytest.raises(BadInputError, match="step_months is 0"):
        _plan(24, step_months=0)
    with pytest.raises(BadInputError, match="known_months is -1"):
        _plan(24, known_months=-1)
