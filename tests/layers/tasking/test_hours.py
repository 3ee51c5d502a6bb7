from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from config.profile import Measure
from config.shifts import load_shifts
from layers.tasking.hours import HoursAsked, held_hours, hours_sentence, shift_rows
from spatial.results import TargetResult
from spatial.targets.when.windows import PlaceTimes
from tests.layers import invented

SHIFTS = load_shifts()
EARLY, LATE, NIGHT = SHIFTS.shift


def times(hours: np.ndarray, *, detailed: bool = True) -> PlaceTimes:
    return PlaceTimes(hours, int(hours.sum()), (), (), None, "no clear peak", "", detailed=detailed)


FOUND = {count: invented.tasking_result(count=count).targets for count in (1, 2)}


def targets(*each: PlaceTimes) -> TargetResult:
    found = FOUND[len(each)]
    expected = [100.0 * (len(each) - at) for at in range(len(each))]
    return replace(found, areas=found.areas.assign(expected_harm=expected), times=each)


def at(day: int, hour: int, number: float) -> np.ndarray:
    hours = np.zeros(168)
    hours[24 * day + hour] = number
    return hours


WEEKS = arrays(float, 168, elements=st.floats(0, 50).map(lambda value: round(value, 2)))


@settings(max_examples=25)
@given(WEEKS)
def test_the_shifts_of_all_days_and_the_days_both_add_up_to_the_week(hours: np.ndarray) -> None:
    found = targets(times(hours + 0.1))
    by_shift = [held_hours(found, HoursAsked(shift=one)) for one in SHIFTS.shift]
    by_day = [held_hours(found, HoursAsked(day=day)) for day in range(7)]
    for parts in (by_shift, by_day):
        (shares,) = {tuple(sorted(part)) for part in parts}
        assert len(shares) == 1
        assert sum(part[shares[0]].share for part in parts) == pytest.approx(1)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    # Saturday 02:00 is Friday's night, and Friday's policing day
    found = targets(times(at(5, 2, 40) + at(4, 23, 10) + at(5, 23, 50)))
    (night,) = held_hours(found, HoursAsked(NIGHT, 4)).values()
    assert (night.incidents, night.of, night.share) == (50, 100, 0.5)
    (friday,) = held_hours(found, HoursAsked(None, 4)).values()
    assert friday.incidents == 50


def test_what_cannot_be_told_without_showing_one_incident_is_left_out() -> None:
    found = targets(times(at(0, 8, 30)), times(at(0, 8, 6), detailed=False))
    asked = HoursAsked(EARLY)
    held = held_hours(found, asked)
    assert set(held) == {found.areas["area_id"].iloc[0]}
    assert "Of 1 place too few to say" in hours_sentence(found, asked, held)
    assert shift_rows(found.times[1], SHIFTS.shift) == []
    none = targets(times(at(0, 8, 6), detailed=False))
    assert "too few incidents" in hours_sentence(none, asked, held_hours(none, asked))


def test_a_few_incidents_of_narrow_hours_are_not_numbered() -> None:
    found = targets(times(at(0, 8, 26) + at(1, 8, 4)))
    (monday,) = held_hours(found, HoursAsked(EARLY, 0)).values()
    assert monday.words == "87%"
    (tuesday,) = held_hours(found, HoursAsked(EARLY, 1)).values()
    assert tuesday.words == "few"
    assert tuesday.sentence == "fewer than 5 of its 30 incidents"


def test_the_order_is_by_worth_in_those_hours_and_ranks_stay() -> None:
    # twice the harm, a quarter of it at night: the second is worth more then
    found = targets(times(at(0, 8, 30) + at(0, 23, 10)), times(at(0, 23, 40)))
    asked = HoursAsked(NIGHT)
    held = held_hours(found, asked)
    said = hours_sentence(found, asked, held)
    assert [held[area].order for area in found.areas["area_id"]] == [2, 1]
    assert "Worth most then, in order: 2, 1." in said
    assert "In the night shift (22:00-06:00): 62% of these places' incidents" in said
    assert "an even week has 33%" in said
    assert "ranks stay those of the whole week" in said
    assert list(found.areas["rank"]) == [1, 2]
    counted = replace(found, measure=Measure.COUNT, areas=found.areas.assign(incidents=[400, 40]))
    assert [one.order for one in held_hours(counted, asked).values()] == [1, 2]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (HoursAsked(EARLY), "In the early shift"),
        (HoursAsked(EARLY, 4), "In the early shift (06:00-14:00) on Fridays"),
        (HoursAsked(None, 4), "On Fridays from 06:00"),
    ],
)
def test_the_hours_stand_in_a_sentence(asked: HoursAsked, said: str) -> None:
    assert asked.when.startswith(said)


def test_nothing_chosen_says_nothing() -> None:
    found = targets(times(at(0, 8, 30)))
    asked = HoursAsked()
    assert not asked
    assert held_hours(found, asked) == {}
    assert hours_sentence(found, asked, {}) == ""
    assert HoursAsked(LATE, 4).words == "the late shift (14:00-22:00) on Fridays"
    assert HoursAsked(None, 6).words == "Sundays from 06:00, for 24 hours"
    assert found.window.last == dt.date(2026, 10, 31)


def test_the_shifts_of_a_place_are_shares_beside_an_even_day() -> None:
    rows = shift_rows(times(at(2, 15, 30) + at(2, 23, 10)), SHIFTS.shift)
    assert [row[1:] for row in rows] == [("0%", "33%"), ("75%", "33%"), ("25%", "33%")]
