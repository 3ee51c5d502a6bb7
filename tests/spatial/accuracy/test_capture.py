"""Capture: ties in expectation, by enumeration and against the curve of accuracy."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.accuracy.capture import captured_by, outcome_of, ranking
from spatial.hotspots.concentrated.accuracy import accuracy

_SCORES = st.lists(st.integers(0, 3), min_size=2, max_size=6)


@given(_SCORES, st.integers(1, 5))
def test_it_is_the_average_over_every_order_of_ties(scores: list[int], places: int) -> None:
    n = len(scores)
    places = min(places, n)
    held = np.arange(1.0, n + 1)
    found = held @ ranking(np.array(scores, dtype=float)).chosen(places)
    totals = []
    for order in permutations(range(n)):
        by_score = sorted(order, key=lambda cell: -scores[cell])
        totals.append(held[by_score[:places]].sum())
    assert found == pytest.approx(np.mean(totals))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=3, max_size=40),
    st.floats(0.01, 0.99),
)
def test_it_agrees_with_the_curve_of_accuracy(cells: list[tuple[int, int]], share: float) -> None:
    scores, events = (np.array(each, dtype=float) for each in zip(*cells, strict=True))
    if not events.sum():
        return
    outcome = outcome_of(events, events * 2, np.arange(len(events)) // 3)
    incidents, harm = captured_by(ranking(scores), outcome, [share * len(scores)])
    expected = accuracy(scores, events, np.ones(len(events)), area_share=share).captured
    assert incidents.sum() / events.sum() == pytest.approx(expected)
    assert harm.sum() == pytest.approx(2 * incidents.sum())


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.floats(0.1, 1.0))
def test_as_much_is_chosen_as_was_asked(scores: list[float], share: float) -> None:
    wanted = share * len(scores)
    chosen = ranking(np.array(scores)).chosen(wanted)
    assert chosen.sum() == pytest.approx(wanted)
    assert ((chosen >= 0) & (chosen <= 1)).all()


def test_blocks_add_up_to_the_area() -> None:
    events = np.array([0.0, 3.0, 1.0, 0.0, 2.0])
    outcome = outcome_of(events, events, np.array([0, 0, 1, 1, 2]))
    np.testing.assert_array_equal(outcome.held(outcome.incidents), [3, 1, 2])
    incidents, _ = captured_by(ranking(events), outcome, [1, 2])
    np.testing.assert_array_equal(incidents, [[3, 0, 0], [3, 0, 2]])


def test_a_cell_without_a_score_is_refused() -> None:
    with pytest.raises(ValueError, match="Cell 1 has no score"):
        ranking(np.array([1.0, np.nan]))
