"""Signs: planted ones found, chance and selection not taken for them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy.stats import fisher_exact

from spatial.targets.when.signs import PlaceSigns, halfway, signs_of_places
from spatial.window import Window
from tests.spatial.targets.invented import GRID, moments

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
HERE, THERE = np.array([3, 4]), np.array([10])
FIRST = np.datetime64("2025-11-01T12:00:00", "s")


def _on(days: np.ndarray) -> np.ndarray:
    return FIRST + (days * 86_400).astype("timedelta64[s]")


def _signs(days: np.ndarray, position: np.ndarray, **given: object) -> tuple[PlaceSigns, ...]:
    found = moments(_on(days), position, **given)  # type: ignore[arg-type]
    return signs_of_places(found, [HERE, THERE], GRID, window=YEAR, seed=1)


def _elsewhere(rng: np.random.Generator, n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    return rng.integers(0, 365, n), np.full(n, 30)


def test_halves_are_of_whole_months_where_the_window_is() -> None:
    assert halfway(YEAR) == dt.date(2026, 5, 1)
    assert halfway(Window(dt.date(2026, 1, 1), dt.date(2026, 3, 31))) == dt.date(2026, 2, 1)
    assert halfway(Window(dt.date(2026, 1, 5), dt.date(2026, 1, 8))) == dt.date(2026, 1, 7)
    assert halfway(Window(dt.date(2026, 1, 1), dt.date(2026, 1, 31))) is None


def test_a_rise_is_said_against_the_rest_of_the_area() -> None:
    rng = np.random.default_rng(1)
    days, position = _elsewhere(rng)
    here = np.concatenate([rng.integers(0, 181, 9), rng.integers(181, 365, 31)])
    one, none = _signs(np.concatenate([here, days]), np.append(np.full(40, 3), position))
    assert one.trend == "rising faster than elsewhere (9 in the first half, 31 in the second)"
    assert none.trend == ""
    # Fisher's exact test by another hand: both sides, and the best of two places
    early = int((days < 181).sum())
    table = [[31, len(days) - early], [9, early]]
    p = fisher_exact(table, alternative="greater").pvalue
    assert one.trend_p == pytest.approx(4 * p)


def test_a_season_that_all_share_is_no_trend() -> None:
    rng = np.random.default_rng(2)
    late = rng.integers(181, 365, 450)
    days = np.concatenate([rng.integers(0, 181, 150), late])
    here = np.concatenate([rng.integers(0, 181, 10), rng.integers(181, 365, 30)])
    found = _signs(np.concatenate([here, days]), np.append(np.full(40, 3), np.full(600, 30)))
    assert [one.trend for one in found] == ["", ""]


def test_places_chosen_for_their_number_show_no_trend_by_that() -> None:
    # 120 cells alike; the two with most are looked at: at 0.05 over the list, few may be called
    rng, called = np.random.default_rng(3), 0
    for _ in range(60):
        position = rng.integers(0, 120, 1200)
        busiest = np.argsort(-np.bincount(position, minlength=120))[:2]
        found = moments(_on(rng.integers(0, 365, 1200)), position)
        chosen = [busiest[:1], busiest[1:]]
        signs = signs_of_places(found, chosen, GRID, window=YEAR, seed=1)
        called += any(one.trend for one in signs)
    assert called <= 7


def test_one_soon_after_another_is_said_with_its_month_only() -> None:
    rng = np.random.default_rng(4)
    days, position = _elsewhere(rng)
    first = np.array([20, 90, 150, 230, 300, 340])
    series = np.concatenate([first, first + 3, first + 6])
    metres = np.append(np.tile(np.arange(6) * 8.0, 3), rng.uniform(0, 60, 600))
    one, none = _signs(
        np.concatenate([series, days]), np.append(np.full(18, 3), position), metres=metres
    )
    # three pairs a series, 3, 3 and 6 days apart; the last ends on day 346, 13 October
    assert one.pairs == 18
    assert one.pairs_expected < 8
    assert one.repeats == "one often follows another within a week and 100 m, last in October"
    assert none.repeats == ""
    # the same long ago is no state of now
    old = np.concatenate([series[series < 250], days])
    kept = np.append(np.full(int((series < 250).sum()), 3), position)
    assert _signs(old, kept)[0].repeats == ""


def test_a_weekly_rhythm_alone_repeats_nothing() -> None:
    # every Saturday, while the rest of the area keeps no rhythm
    rng, called = np.random.default_rng(5), 0
    for _ in range(20):
        days, position = _elsewhere(rng)
        saturdays = 7 * rng.integers(0, 52, 30)
        found = _signs(np.append(saturdays, days), np.append(np.full(30, 3), position))
        called += bool(found[0].repeats)
    assert called <= 3


def test_records_of_one_event_are_one() -> None:
    rng = np.random.default_rng(6)
    days, position = _elsewhere(rng)
    # one attack with six victims and ten other incidents of ten days each
    here = np.append(np.full(6, 100), np.arange(0, 300, 30))
    harm = np.concatenate([np.full(6, 25.0), np.full(10, 10.0), np.full(600, 10.0)])
    one, none = _signs(
        np.concatenate([here, days]), np.append(np.full(16, 3), position), harm_days=harm
    )
    assert one.one_event
    assert not none.one_event
    # the six are no pairs of one another
    assert one.pairs == 0
    # homicide's own harm is left out: nothing is left
    assert not _signs(here, np.full(16, 3), tier="homicide")[0].one_event


def test_months_say_what_months_can() -> None:
    rng = np.random.default_rng(7)
    months = np.array(
        [np.datetime64("2025-11") + m for m in np.append(rng.integers(0, 12, 500), [1] * 5)]
    ).astype("datetime64[s]")
    position = np.append(np.full(500, 30), np.full(5, 3))
    found = moments(months, position, precision="month")
    one, _ = signs_of_places(found, [HERE, THERE], GRID, window=YEAR, seed=1)
    assert (one.first_half, one.second_half) == (5, 0)
    assert one.repeats == ""
    assert np.isnan(one.pairs_p)
    # five records snapped to one point on the first of a month are not one event
    assert not one.one_event
    part = Window(dt.date(2025, 11, 3), dt.date(2026, 10, 31))
    assert np.isnan(signs_of_places(found, [HERE], GRID, window=part, seed=1)[0].trend_p)


def test_no_place_has_no_sign() -> None:
    found = moments(_on(np.array([1])), np.array([3]))
    assert signs_of_places(found, [], GRID, window=YEAR, seed=1) == ()
    nothing = moments(_on(np.zeros(0)), np.zeros(0, dtype=np.int64))
    one = signs_of_places(nothing, [HERE], GRID, window=YEAR, seed=1)[0]
    assert (one.trend, one.repeats, one.one_event) == ("", "", False)
