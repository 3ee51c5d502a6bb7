"""Exposure: residents by area, intervals over places, small numbers kept back."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial.census.exposure import cover, share_interval, withheld


def test_cover_is_worked_by_hand() -> None:
    # three unit squares in a row; the study area takes two and a half, a place the middle half
    squares = np.array([shapely.box(x, 0, x + 1, 1) for x in range(3)], dtype=object)
    found = cover(
        squares,
        shapely.box(0, 0, 2.5, 1),
        [shapely.box(0.75, 0, 1.25, 1), shapely.box(1.0, 0, 1.5, 1), shapely.box(2.25, 0, 3, 1)],
    )
    np.testing.assert_allclose(found.study, [1, 1, 0.5])
    # the first two places share a quarter, which counts once; the third is cut at the border
    np.testing.assert_allclose(found.patrolled, [0.25, 0.5, 0.25])
    np.testing.assert_allclose(found.places, [[0.25, 0.25, 0], [0, 0.5, 0], [0, 0, 0.25]])


def test_a_point_lies_wholly_inside_or_not() -> None:
    points = np.array([shapely.Point(0.5, 0.5), shapely.Point(3, 3)], dtype=object)
    found = cover(points, shapely.box(0, 0, 1, 1), [shapely.box(0.4, 0.4, 0.6, 0.6)])
    np.testing.assert_array_equal(found.patrolled, [1, 0])


def test_no_place_covers_nobody() -> None:
    squares = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    found = cover(squares, shapely.box(0, 0, 1, 1), [])
    assert found.patrolled.sum() == 0
    assert found.places.shape == (0, 1)


def test_the_interval_of_equal_places_is_that_of_their_mean() -> None:
    # ten places of 100 people: the ratio's error is the standard error of the ten shares
    shares = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.2, 0.3, 0.1, 0.4, 0.5])
    low, high = share_interval(shares * 100, np.full(10, 100.0), fewest_places=6)
    error = shares.std(ddof=1) / math.sqrt(10)
    # on the logit scale, t with 9 degrees of freedom: 2.262157
    reach = 2.262157 * error / (0.3 * 0.7)
    middle = math.log(0.3 / 0.7)
    assert low == pytest.approx(1 / (1 + math.exp(reach - middle)), rel=1e-6)
    assert high == pytest.approx(1 / (1 + math.exp(-reach - middle)), rel=1e-6)


@pytest.mark.parametrize(
    ("part", "whole"),
    [([1, 2, 3], [9, 9, 9]), ([0] * 8, [9] * 8), ([9] * 8, [9] * 8), ([1, 0, 0, 0, 0, 0, 0],
     [9, 0, 0, 0, 0, 0, 0])],
)  # fmt: skip
def test_there_is_no_interval_from_few_places_or_of_all_or_none(
    part: list[int], whole: list[int]
) -> None:
    assert all(math.isnan(limit) for limit in share_interval(part, whole, fewest_places=6))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_what_is_kept_back_cannot_be_worked_out(counts: list[int]) -> None:
    hidden = withheld(counts, fewest=10)
    numbers = np.array(counts)
    few = (numbers > 0) & (numbers < 10)
    assert hidden[few].all()
    assert not hidden[numbers == 0].any()
    assert hidden.any() == few.any()
    # unless all that live there are kept back, what is missing from the total is no single class
    others = (numbers > 0) & ~hidden
    if hidden.any() and others.any():
        assert hidden.sum() > 1
        assert numbers[hidden].sum() >= 10
