"""Windows: planted hours named, few incidents called few, months said to say nothing."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from config.profile import load_profile
from config.shifts import Shifts, load_shifts
from spatial.incidents.moments import read_moments
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.places import ranked_places
from spatial.scene import count_subject, open_scene
from spatial.targets.when.window_tables import WINDOW_COLUMNS, shift_grid, week_grid, windows_table
from spatial.targets.when.windows import PlaceTimes, times_of_places
from spatial.timing.aoristic import hour_of_week
from spatial.window import Window
from tests.spatial.targets.invented import GRID, at_hours, moments

SHIFTS = load_shifts()
HERE, THERE, EMPTY = np.array([3, 4]), np.array([10]), np.array([20])
# Friday 22:00 is hour 118 of the week
FRIDAY_LATE = 118


def _one(hours_of_week: np.ndarray, **given: object) -> PlaceTimes:
    weeks = np.arange(len(hours_of_week)) % 40
    found = moments(at_hours(hours_of_week, weeks), np.full(len(weeks), 3), **given)  # type: ignore[arg-type]
    return times_of_places(found, [HERE], GRID, shifts=SHIFTS, seed=1)[0][0]


def test_planted_nights_are_named_with_their_harm() -> None:
    # 24 of 40 on Friday and Saturday nights, every one with three quarters of an hour's span
    rng = np.random.default_rng(2)
    nights = FRIDAY_LATE + rng.integers(0, 3, 24) + 24 * rng.integers(0, 2, 24)
    hours = np.concatenate([nights, rng.integers(0, 168, 16)])
    harm = np.repeat([30.0, 10.0], [24, 16])
    one = _one(hours, hours=np.full(40, 0.75), harm_days=harm)
    window = one.windows[0]
    assert (window.first_day, window.days) == (4, 2)
    assert (window.start_hour, window.hours) == (22, 3)
    inside = round(window.share * 40)
    # every night weighs thrice: its share of harm is (24 x 30 + what else fell in) of 880
    assert one.harm_shares[0] == pytest.approx((720 + (inside - 24) * 10) / 880)
    assert one.words == f"Fri-Sat 22:00-01:00 ({inside / 40:.0%}, harm {one.harm_shares[0]:.0%})"
    assert one.spoken == "peaks on Friday and Saturday nights"
    assert one.detailed


def test_one_heavy_event_does_not_give_its_hour_away() -> None:
    hours = np.append(np.full(30, FRIDAY_LATE), 30)
    one = _one(hours, harm_days=np.append(np.full(30, 10.0), 1460.0))
    assert np.isnan(one.harm_shares[0])
    assert "harm" not in one.words
    # homicide's own harm is left out altogether
    assert np.isnan(_one(hours, tier="homicide").harm_shares[0])


def test_too_few_for_hours_fall_back_to_a_shift() -> None:
    # 12 of 14 in the late shift, on all days
    hours = np.array([15, 40, 64, 90, 116, 135, 160, 16, 41, 66, 91, 115, 2, 29])
    one = _one(hours)
    assert one.windows == ()
    assert one.shift is not None
    # Clopper and Pearson of 12 of 14, as R's binom.test(12, 14) prints: 0.5718708 0.9822055
    assert (one.shift.low, one.shift.high) == pytest.approx((0.5718708, 0.9822055), abs=1e-7)
    assert one.words == "mostly late shift (14:00-22:00): 86% (57-98%)"
    assert one.spoken == "mostly on the late shift"
    assert not one.detailed
    # five of eight in one shift is what chance gives
    assert _one(hours[[0, 1, 2, 3, 4, 12, 13, 13]]).words == "no clear peak"


def test_what_cannot_be_said_is_said() -> None:
    hours = np.full(30, FRIDAY_LATE)
    few = _one(hours[:4])
    assert few.words == "too few to say when (4 of 4 incidents have a time)"
    for unit in ("month", "day"):
        one = _one(hours, precision=unit)
        assert (one.words, one.spoken) == (f"cannot say when: the data give only the {unit}", "")
    weeks = np.arange(30)
    mixed = moments(at_hours(hours, weeks), np.full(30, 3), hours=np.repeat([1.0, 20.0], [9, 21]))
    found, notes = times_of_places(mixed, [HERE, EMPTY], GRID, shifts=SHIFTS, seed=1)
    assert found[0].words == "cannot say when: only 9 of 30 incidents have a time"
    assert found[1].words == "cannot say when: nothing is recorded here in these dates"
    assert [note.loud for note in notes] == [True]


def test_no_incident_and_no_place_are_no_mishap() -> None:
    none = moments(at_hours(np.zeros(0), np.zeros(0)), np.zeros(0, dtype=np.int64))
    times, _ = times_of_places(none, [HERE], GRID, shifts=SHIFTS, seed=1)
    assert times[0].words == "cannot say when: nothing is recorded here in these dates"
    some = moments(at_hours(np.full(3, FRIDAY_LATE), np.arange(3)), np.full(3, 3))
    assert times_of_places(some, [], GRID, shifts=SHIFTS, seed=1)[0] == ()
    assert windows_table([]).empty
    # a force's own polygon may hold no cell, and still its incidents
    own = np.array([0, 0, -1])
    no_cells = np.zeros(0, dtype=np.int64)
    held = times_of_places(some, [no_cells], GRID, shifts=SHIFTS, seed=1, place=own)[0]
    assert held[0].hours.sum() == 2


def test_an_even_week_has_no_peak() -> None:
    rng = np.random.default_rng(11)
    named = sum(bool(_one(rng.integers(0, 168, 40)).spoken) for _ in range(25))
    # hours at 0.05, then shifts at 0.05: at most 2.5 of 25 in expectation
    assert named <= 6


def test_a_place_does_not_hang_on_the_rest_of_the_list() -> None:
    rng = np.random.default_rng(5)
    hours = np.where(rng.random(160) < 0.3, FRIDAY_LATE, rng.integers(0, 168, 160))
    position = rng.choice([3, 4, 10, -1], 160)
    found = moments(at_hours(hours, rng.integers(0, 50, 160)), position)
    both = times_of_places(found, [HERE, THERE], GRID, shifts=SHIFTS, seed=1)[0]
    turned = times_of_places(found, [THERE, HERE], GRID, shifts=SHIFTS, seed=1)[0]
    assert [one.words for one in both] == [one.words for one in reversed(turned)]
    # what has no location is nobody's, and nothing is lost
    assert [one.hours.sum() for one in both] == pytest.approx(
        [np.isin(position, [3, 4]).sum(), (position == 10).sum()]
    )


def test_harm_is_shared_out_as_incidents_are() -> None:
    start = at_hours(np.array([10.0, 30.5]), np.array([0, 1]))
    found = moments(start, np.array([3, 3]), hours=np.array([3.0, 200.0]))
    weights = hour_of_week(
        found.start, found.end, found.precision, worth=np.array([6.0, 168.0])
    ).total
    # six days over three hours, and a day in each hour of the week
    assert weights[9:15].tolist() == pytest.approx([1, 3, 3, 3, 1, 1])


def test_tables_for_the_sheet() -> None:
    rng = np.random.default_rng(3)
    hours = np.concatenate([np.full(25, FRIDAY_LATE + 3), rng.integers(0, 168, 10)])
    one, few = _one(hours), _one(hours[:6])
    table = windows_table([one, few])
    assert tuple(table.columns) == WINDOW_COLUMNS
    assert table["place"].tolist() == [*([1] * len(one.windows)), 2]
    assert table["level"].iloc[0] == "hours"
    assert (table["low"] <= table["share"]).all()
    week = week_grid(one, day_starts=6)
    assert week is not None
    assert (week.index[0], week.columns[0], week.columns[-1]) == ("Mon", "06:00", "05:00")
    # Saturday 01:00 is Friday's policing day, and Friday's night shift
    assert week.loc["Fri", "01:00"] >= 25
    shift = shift_grid(one, shifts=SHIFTS)
    assert shift is not None
    assert shift.loc["Fri", "night"] >= 25
    assert shift.to_numpy().sum() == pytest.approx(35)
    # six incidents in a table of 168 hours are six moments
    assert week_grid(few, day_starts=6) is None
    assert shift_grid(few, shifts=SHIFTS) is None


def test_hours_of_no_shift_are_said() -> None:
    two = Shifts.model_validate(
        {"day_starts": 7, "shift": [{"name": "day", "starts": 7, "ends": 19}]}
    )
    found = moments(at_hours(np.full(25, FRIDAY_LATE), np.arange(25)), np.full(25, 3))
    times, notes = times_of_places(found, [HERE], GRID, shifts=two, seed=1)
    assert times[0].windows[0].words.startswith("Fri ")
    assert notes[-1].text == "No shift covers 19:00-07:00."


def test_saltmere_keeps_the_hours_it_was_given(saltmere_store: IncidentStore) -> None:
    scene = open_scene(saltmere_store, None, 10)
    year = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    subject = count_subject(scene, load_profile("ark"), year)
    ranked = ranked_places(subject, 2)
    found = read_moments(
        scene.connection, profile_condition(subject.profile), window=year, resolution=10
    )
    times, _ = times_of_places(found, ranked.areas, scene.grid, shifts=SHIFTS, seed=1)
    # the two club streets, planted with a weekend night's rhythm
    assert [one.spoken for one in times] == ["peaks on Friday and Saturday nights"] * 2
    assert [round(one.hours.sum()) for one in times] == [
        subject.counts.incidents[area].sum() for area in ranked.areas
    ]
