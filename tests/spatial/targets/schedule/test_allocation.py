"""Allocation: the limits it keeps, the chance it gives, and what could be told beforehand."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from config.errors import BadInputError
from spatial.targets.schedule.allocation import (
    allocate,
    allocate_many,
    predictability,
    rotate,
    shortest_wait,
)
from spatial.targets.schedule.day_draw import Outlook, chances


def _rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def _longest_wait(table: NDArray[np.bool_]) -> int:
    """The longest run of days without, plus one; the edges of the schedule count too."""
    longest = 0
    for place in table.T:
        run = 0
        for treated in place:
            run = 0 if treated else run + 1
            longest = max(longest, run)
    return longest + 1


@st.composite
def _designs(draw: st.DrawFn) -> tuple[int, int, int, int]:
    m = draw(st.integers(1, 14))
    k = draw(st.integers(1, m))
    wait = shortest_wait(m, k) + draw(st.integers(0, 5))
    return m, k, draw(st.integers(1, 40)), wait


@given(_designs(), st.integers(0, 2**32))
@settings(max_examples=80)
def test_limits_are_kept(design: tuple[int, int, int, int], seed: int) -> None:
    m, k, days, wait = design
    table = allocate(m, k, days, wait=wait, rng=_rng(seed))
    assert table.shape == (days, m)
    assert (table.sum(axis=1) == k).all()
    treated = table.sum(axis=0)
    assert treated.max() - treated.min() <= 1
    if days >= wait:
        assert _longest_wait(table) <= wait
    assert (table == allocate(m, k, days, wait=wait, rng=_rng(seed))).all()


@pytest.mark.parametrize(
    ("m", "k", "days", "wait"),
    [(20, 8, 90, 7), (20, 8, 90, 3), (21, 7, 91, 3), (45, 22, 90, 7), (34, 17, 60, 2)],
)
def test_published_designs_and_the_narrowest(m: int, k: int, days: int, wait: int) -> None:
    tables = allocate_many(m, k, days, wait=wait, draws=20, rng=_rng())
    assert (tables.sum(axis=2) == k).all()
    treated = tables.sum(axis=1)
    assert int((treated.max(axis=1) - treated.min(axis=1)).max()) <= 1
    assert max(_longest_wait(table) for table in tables) <= wait


@pytest.mark.parametrize(("m", "k", "days", "wait"), [(8, 3, 20, 4), (7, 3, 12, 3), (6, 2, 9, 9)])
def test_every_place_has_the_same_chance_on_every_day(m: int, k: int, days: int, wait: int) -> None:
    draws = 6000
    tables = allocate_many(m, k, days, wait=wait, draws=draws, rng=_rng(3))
    share = tables.mean(axis=0)
    # 4.5 standard errors: less than one false alarm in a thousand over all of a design's cells
    allowed = 4.5 * np.sqrt(k / m * (1 - k / m) / draws)
    assert float(np.abs(share - k / m).max()) < allowed


def _all_schedules(m: int, k: int, days: int, wait: int) -> list[bytes]:
    sets = [np.isin(np.arange(m), chosen) for chosen in combinations(range(m), k)]
    found = []
    for days_chosen in product(sets, repeat=days):
        table = np.array(days_chosen)
        treated = table.sum(axis=0)
        if treated.max() - treated.min() <= 1 and _longest_wait(table) <= wait:
            found.append(table.tobytes())
    return found


@pytest.mark.parametrize(
    ("design", "distance"), [((4, 2, 5, 3), 0.25), ((4, 2, 4, 4), 0.15), ((3, 1, 7, 4), 0.30)]
)
def test_all_possible_schedules_come_up_and_no_other(
    design: tuple[int, int, int, int], distance: float
) -> None:
    m, k, days, wait = design
    possible = _all_schedules(m, k, days, wait)
    draws = 20_000
    tables = allocate_many(m, k, days, wait=wait, draws=draws, rng=_rng(5))
    seen = Counter(table.tobytes() for table in tables)
    assert set(seen) == set(possible)
    # nearly, not exactly, uniform: half the summed difference is bounded, and not nought
    shares = np.array([seen[one] for one in possible]) / draws
    assert float(np.abs(shares - 1 / len(possible)).sum() / 2) < distance


def test_chances_are_those_of_the_draw() -> None:
    slack = np.array([[1, 2, 2, 3, 3, 4]])
    owed = np.array([[3, 2, 3, 2, 3, 2]])
    left = np.array([[5]])
    chance = chances(Outlook(slack, owed, left), 3, wait=4)[0]
    assert float(chance.sum()) == pytest.approx(3)
    assert chance[0] == pytest.approx(1)
    # by hand: sets of three with place 0, weight the product of owed / (left - owed); of the three
    # places due within two days none is left over for tomorrow's three, so no set is barred
    odds = np.array([1.0, 2 / 3, 3 / 2, 2 / 3, 3 / 2, 2 / 3])
    pairs = list(combinations(range(1, 6), 2))
    weights = np.array([odds[a] * odds[b] for a, b in pairs])
    weights /= weights.sum()
    for place in range(1, 6):
        by_hand = sum(w for w, pair in zip(weights, pairs, strict=True) if place in pair)
        assert chance[place] == pytest.approx(by_hand)


def test_predictability_of_turns_and_of_chance() -> None:
    narrow = allocate(21, 7, 90, wait=3, rng=_rng())
    # each place comes every third day: after two days all is known
    assert predictability(narrow, wait=3).forced > 0.95
    wide = predictability(allocate(20, 8, 90, wait=7, rng=_rng()), wait=7)
    assert wide.forced < 0.1 < wide.forced_last_week
    assert wide.blind_guess == pytest.approx(0.6)
    assert wide.blind_guess <= wide.best_guess < 0.7


@given(st.integers(1, 20), st.data(), st.integers(0, 99))
@settings(max_examples=30)
def test_turns(m: int, data: st.DataObject, seed: int) -> None:
    k = data.draw(st.integers(1, m))
    table = rotate(m, k, 30, rng=_rng(seed))
    assert (table.sum(axis=1) == k).all()
    treated = table.sum(axis=0)
    assert treated.max() - treated.min() <= 1
    if shortest_wait(m, k) <= 30:
        assert _longest_wait(table) <= shortest_wait(m, k)


@pytest.mark.parametrize(
    ("m", "k", "days", "wait", "said"),
    [
        (20, 21, 90, 7, "Treat from 1 to 20"),
        (20, 0, 90, 7, "Treat from 1 to 20"),
        (20, 8, 90, 2, "Allow a wait of 3 days, or treat 10 places a day"),
        (20, 8, 0, 7, "needs places and days"),
    ],
)
def test_the_impossible_is_refused_with_the_nearest(
    m: int, k: int, days: int, wait: int, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        allocate(m, k, days, wait=wait, rng=_rng())
