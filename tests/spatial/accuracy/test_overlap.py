"""Overlap of lists: by hand, and its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.accuracy.capture import ranking
from spatial.accuracy.overlap import jaccard, rank_biased_overlap


def test_by_hand() -> None:
    # a b c d against b a d e, three deep: none of 1, both of 2, two of 3
    one = ranking(np.array([5.0, 4.0, 3.0, 2.0, 0.0]))
    other = ranking(np.array([4.0, 5.0, 1.0, 3.0, 2.0]))
    assert jaccard(one, other, places=3) == pytest.approx(2 / 4)
    weights = np.array([1, 0.9, 0.81])
    found = rank_biased_overlap(one, other, places=3, persistence=0.9)
    assert found == pytest.approx(weights @ [0, 1, 2 / 3] / weights.sum())


def test_ties_in_expectation() -> None:
    # two of four alike, drawn twice: each is on both lists with a quarter's chance
    alike = ranking(np.zeros(4))
    assert jaccard(alike, alike, places=2) == pytest.approx(1 / (4 - 1))
    clear = ranking(np.array([2.0, 1.0, 0.0, 0.0]))
    assert jaccard(clear, alike, places=2) == pytest.approx(1 / 3)


@given(st.permutations(range(12)), st.permutations(range(12)), st.integers(1, 11))
def test_limits_and_symmetry(one: list[int], other: list[int], places: int) -> None:
    a, b = ranking(np.array(one, dtype=float)), ranking(np.array(other, dtype=float))
    for measure in (jaccard, rank_biased_overlap):
        assert measure(a, a, places=places) == pytest.approx(1)
        assert 0 <= measure(a, b, places=places) <= 1 + 1e-12
        assert measure(a, b, places=places) == pytest.approx(measure(b, a, places=places))


def test_nothing_shared_is_nought() -> None:
    a, b = ranking(np.array([3.0, 2.0, 1.0, 0.0])), ranking(np.array([0.0, 1.0, 2.0, 3.0]))
    assert jaccard(a, b, places=2) == 0
    assert rank_biased_overlap(a, b, places=2) == 0


def test_the_top_counts_more() -> None:
    base = np.arange(10.0)[::-1]
    top, bottom = base.copy(), base.copy()
    top[[0, 1]] = top[[1, 0]]
    bottom[[8, 9]] = bottom[[9, 8]]
    whole = ranking(base)
    assert rank_biased_overlap(whole, ranking(top), places=10) < rank_biased_overlap(
        whole, ranking(bottom), places=10
    )
