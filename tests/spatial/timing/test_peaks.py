"""Peaks: planted ones found and named truthfully, chance ones not declared."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.timing.aoristic import HOURS, HourOfWeek
from spatial.timing.peaks import (
    PeakRules,
    peak_sentence,
    peak_windows,
    peaks_of_places,
)

EVEN = np.full(HOURS, 1 / HOURS)


def _rng() -> np.random.Generator:
    return np.random.default_rng(3)


def _week(*hours: tuple[int, int, float]) -> np.ndarray:
    """Hours of the week that hold something: day (0 Monday), hour, incidents."""
    week = np.zeros(HOURS)
    for day, hour, number in hours:
        week[(day * 24 + hour) % HOURS] += number
    return week


def _nights(first_day: int, nights: int, start: int, hours: int, number: float) -> np.ndarray:
    every = [
        (first_day + night, start + hour, number / nights / hours)
        for night in range(nights)
        for hour in range(hours)
    ]
    return _week(*every)


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        (_nights(4, 2, 21, 5, 60), "Fri-Sat 21:00-02:00"),
        # wholly after midnight: named by the morning it is, not by the night before
        (_nights(5, 2, 0, 4, 60), "Sat-Sun 00:00-04:00"),
        (_nights(0, 5, 15, 3, 60), "Mon-Fri 15:00-18:00"),
        (_nights(6, 1, 12, 4, 60), "Sun 12:00-16:00"),
        (_nights(0, 7, 18, 6, 60), "every day 18:00-00:00"),
    ],
)
def test_a_planted_peak_is_found_and_named(planted: np.ndarray, words: str) -> None:
    found = peak_windows(planted + 40 * EVEN, 100, rng=_rng())
    best = found.windows[0]
    assert best.words == words
    assert best.share == pytest.approx(0.6 + 0.4 * best.even_share)
    assert best.low < best.share < best.high
    assert best.p <= 0.001
    assert found.words.startswith(f"{words} ({best.share:.0%})")
    assert "flattered" in peak_sentence(found)


def test_two_peaks_are_found_apart() -> None:
    week = _nights(4, 2, 22, 4, 60) + _nights(0, 5, 15, 3, 50) + 30 * EVEN
    found = peak_windows(week, 140, rng=_rng())
    assert {one.words for one in found.windows} == {"Fri-Sat 22:00-02:00", "Mon-Fri 15:00-18:00"}


def test_what_one_window_leaves_over_is_no_second() -> None:
    # the rest of the day is busier than the night, but not than the week
    week = _nights(0, 7, 18, 6, 100) + _nights(0, 7, 9, 6, 22) + 5 * EVEN
    found = peak_windows(week, 127, rng=_rng())
    assert [one.words for one in found.windows] == ["every day 18:00-00:00"]


def test_chance_seldom_peaks() -> None:
    rules = PeakRules(draws=199)
    rng = np.random.default_rng(12)
    weeks = rng.multinomial(40, EVEN, size=60).astype(float)
    found = [peak_windows(week, 40, rng=rng, rules=rules) for week in weeks]
    # 5% of even weeks may; more than 8 of 60 would be beyond one in a hundred
    assert sum(bool(one.windows) for one in found) <= 8


def test_three_events_are_no_peak() -> None:
    found = peak_windows(_nights(5, 1, 22, 3, 3), 3, rng=_rng())
    assert found.windows == ()
    assert found.words == "too few to say when (3 of 3 incidents have a time; 20 are needed)"
    # nor are three among a thinly spread twenty
    assert peak_windows(_nights(5, 1, 22, 3, 3) + 20 * EVEN, 23, rng=_rng()).windows == ()


def test_data_without_hours_cannot_say() -> None:
    found = peak_windows(500 * EVEN, 0, rng=_rng())
    assert found.words == "cannot say when: only 0 of 500 incidents have a time"
    assert found.windows == ()


def test_places_do_not_hang_on_each_other() -> None:
    weights = np.array([_nights(4, 2, 21, 5, 30), _nights(0, 5, 15, 3, 24)]) + 6 * EVEN
    known = np.array([36, 30])
    both = HourOfWeek(weights, known, 0, 0, 0, 0, 0, 0, ())
    first = HourOfWeek(weights[:1], known[:1], 0, 0, 0, 0, 0, 0, ())
    assert peaks_of_places(both, rng=_rng())[0] == peaks_of_places(first, rng=_rng())[0]


def test_another_start_of_the_day_moves_what_may_be_one_window() -> None:
    # 04:00 to 08:00 is cut by a day that starts at six, and whole in one that starts at midnight
    week = _nights(0, 7, 4, 4, 80) + 10 * EVEN
    whole = peak_windows(week, 90, rng=_rng(), rules=PeakRules(day_starts=0))
    assert [one.words for one in whole.windows] == ["every day 04:00-08:00"]
    cut = peak_windows(week, 90, rng=_rng())
    assert "every day 04:00-08:00" not in [one.words for one in cut.windows]
