"""Tours and walking: the shortest order, rounds that can be walked, ways along streets."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from config.dose import load_dose_rules
from spatial.projection import national_grid
from spatial.targets.names import NamedLines
from spatial.targets.schedule.tours import cut, length, tour
from spatial.targets.schedule.walking import legs_between

RULES = load_dose_rules()
ORIGIN = np.array([530_000.0, 180_000.0])


def _minutes(stops: int, seed: int) -> NDArray[np.int64]:
    points = np.random.default_rng(seed).random((stops + 1, 2)) * 30
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return np.ceil(apart).astype(np.int64)


@given(st.integers(0, 6), st.integers(0, 999))
@settings(max_examples=25)
def test_few_places_have_the_shortest_way(stops: int, seed: int) -> None:
    minutes = _minutes(stops, seed)
    order = tour(minutes, exact_stops=7)
    assert sorted(order) == list(range(1, stops + 1))
    best = min(length(one, minutes) for one in permutations(range(1, stops + 1)))
    assert length(order, minutes) == best


@given(st.integers(0, 999))
@settings(max_examples=15)
def test_many_places_have_a_good_way(seed: int) -> None:
    minutes = _minutes(7, seed)
    order = tour(minutes, exact_stops=2)
    assert sorted(order) == list(range(1, 8))
    assert length(order, minutes) <= 1.15 * length(tour(minutes, exact_stops=7), minutes)
    assert order == tour(minutes, exact_stops=2)


@given(st.integers(1, 12), st.integers(0, 999), st.integers(60, 200))
@settings(max_examples=40)
def test_rounds_hold_every_place_once_and_are_no_longer_than_allowed(
    stops: int, seed: int, longest: int
) -> None:
    minutes = _minutes(stops, seed)
    order = tour(minutes, exact_stops=3)
    rounds = cut(order, minutes, visit=15, longest=longest)
    assert [one for way in rounds for one in way] == order
    for way in rounds:
        assert len(way) == 1 or length(way, minutes) + 15 * len(way) <= longest
    # nobody could cut the same order into fewer
    greedy, now = 1, [order[0]]
    for one in order[1:]:
        if length([*now, one], minutes) + 15 * (len(now) + 1) <= longest:
            now.append(one)
        else:
            greedy, now = greedy + 1, [one]
    assert len(rounds) <= greedy


def _points(metres: list[tuple[float, float]]) -> NDArray[np.float64]:
    east, north = (np.array(metres) + ORIGIN).T
    return np.column_stack(national_grid().inverse(east, north))


def _streets(*lines: list[tuple[float, float]], kind: str = "local", name: str = "") -> NamedLines:
    moved = tuple(shapely.LineString(np.array(one) + ORIGIN) for one in lines)
    return NamedLines((name,) * len(moved), (kind,) * len(moved), moved)


def test_walks_follow_streets_that_cross_or_nearly_meet() -> None:
    # a street east, one that crosses it without a common corner, one that ends a metre short of it
    streets = _streets(
        [(0, 0), (800, 0)],
        [(400, -400), (400, 400)],
        [(400, 400), (700, 400)],
        [(750, 1), (750, 300)],
    )
    points = _points([(0, 0), (700, 400), (750, 300)])
    legs = legs_between(points, streets, metric_system=national_grid(), rules=RULES)
    assert legs.metres[0, 1] == pytest.approx(400 + 400 + 300, abs=1)
    assert legs.metres[0, 2] == pytest.approx(750 + 300, abs=1)
    # 80 metres a minute, rounded up
    assert legs.minutes[0, 1] == 14
    assert (legs.minutes == legs.minutes.T).all()
    assert not legs.driven.any()


def test_without_streets_a_straight_line_and_its_detour() -> None:
    points = _points([(0, 0), (300, 400), (0, 9000)])
    legs = legs_between(points, None, metric_system=national_grid(), rules=RULES)
    assert legs.metres[0, 1] == pytest.approx(500 * RULES.detour, rel=1e-6)
    assert any(note.loud and "straight lines" in note.text for note in legs.notes)
    # nine kilometres are not walked
    assert legs.driven[0, 2]
    assert not legs.driven[0, 1]
    assert legs.minutes[0, 2] == 4 + 38


def test_railways_and_motorways_are_not_walked() -> None:
    points = _points([(0, 0), (600, 0)])
    local = _streets([(0, 0), (0, 300)], [(0, 300), (600, 300)], [(600, 300), (600, 0)])
    for other in (_streets([(0, 0), (600, 0)], kind="rail"),
                  _streets([(0, 0), (600, 0)], kind="major", name="M25")):  # fmt: skip
        both = NamedLines(
            local.names + other.names, local.classes + other.classes, local.lines + other.lines
        )
        legs = legs_between(points, both, metric_system=national_grid(), rules=RULES)
        assert legs.metres[0, 1] == pytest.approx(1200, abs=1)


def test_a_place_that_no_street_reaches_is_said() -> None:
    streets = _streets([(0, 0), (300, 0)])
    points = _points([(0, 0), (300, 0), (300, 5000)])
    legs = legs_between(points, streets, metric_system=national_grid(), rules=RULES)
    assert legs.metres[0, 1] == pytest.approx(300, abs=1)
    assert legs.metres[0, 2] == pytest.approx(np.hypot(300, 5000) * RULES.detour, rel=1e-3)
    assert any("over 500 m from any street" in note.text for note in legs.notes)
