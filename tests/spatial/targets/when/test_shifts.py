"""Shifts: parts that add up to the whole, dates of the shift's own day, months refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from config.profile import Measure, load_profile
from config.shifts import Shifts, load_shifts
from spatial.expected import expect_harm
from spatial.incidents.moments import read_moments
from spatial.incidents.store import IncidentStore
from spatial.places import area_rules
from spatial.scene import count_subject, open_scene
from spatial.targets.ranking import best_areas, ranking_values
from spatial.targets.when.shifts import COUNT_UNITS, ShiftValues, shift_values
from spatial.timing.aoristic import hour_of_week
from spatial.window import Window
from tests.spatial.targets.invented import GRID, MONDAY, moments

SHIFTS = load_shifts()
GAPPED = Shifts.model_validate(
    {
        "day_starts": 6,
        "shift": [
            {"name": "day", "starts": 9, "ends": 17},
            {"name": "evening", "starts": 19, "ends": 2},
        ],
    }
)


def _minutes(*after_monday: int) -> np.ndarray:
    return MONDAY + (np.array(after_monday) * 60).astype("timedelta64[s]")


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([SHIFTS, GAPPED]))
def test_shares_are_those_of_the_hours(seed: int, shifts: Shifts) -> None:
    rng = np.random.default_rng(seed)
    start = _minutes(*rng.integers(0, 60 * 24 * 60, 30))
    # most within a shift's length, some over several days, one over a week
    hours = np.append(rng.exponential(2, 29), 200.0)
    found = moments(start, np.full(30, 3), hours=hours)
    by_hour = hour_of_week(found.start, found.end, found.precision).total.reshape(7, 24).sum(axis=0)
    for one in shifts.shift:
        made = shift_values(found, GRID, shifts=shifts, shift=one.name, measure=Measure.COUNT)
        assert made.value[3] / COUNT_UNITS == pytest.approx(
            by_hour[list(one.hours)].sum(), abs=2e-3
        )
        assert made.value.sum() == made.value[3]


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([*Measure]))
def test_the_shifts_add_up_to_the_day(seed: int, measure: Measure) -> None:
    rng = np.random.default_rng(seed)
    n = 80
    start = _minutes(*rng.integers(0, 60 * 24 * 90, n))
    found = moments(
        start, rng.integers(-1, 12, n), hours=rng.exponential(3, n),
        harm_days=rng.choice([10.0, 547.5, np.nan], n),
    )  # fmt: skip
    days = rng.gamma(0.5, 30, len(GRID))
    made = [
        shift_values(
            found, GRID, shifts=SHIFTS, shift=one.name, measure=measure, expected_days=days
        )
        for one in SHIFTS.shift
    ]
    total = sum(one.value for one in made)
    position = GRID.positions(found.cell)
    held, harm = position >= 0, np.nan_to_num(found.harm_days)
    expected = {
        Measure.COUNT: np.bincount(position[held], minlength=len(GRID)) * COUNT_UNITS,
        Measure.HARM: np.bincount(position[held], harm[held] * 1000, minlength=len(GRID)),
        Measure.SQRT_HARM: np.bincount(
            position[held], np.rint(np.sqrt(harm[held]) * 1e9), minlength=len(GRID)
        ),
        Measure.EXPECTED_HARM: np.rint(days * 1000),
    }[measure]
    np.testing.assert_array_equal(total, expected.astype(np.int64))
    assert all((one.value >= 0).all() for one in made)
    assert sum(one.share for one in made) == pytest.approx(1)


def _at(start: np.ndarray, shift: str, **given: object) -> ShiftValues:
    found = moments(start, np.full(len(start), 3), **given)  # type: ignore[arg-type]
    return shift_values(found, GRID, shifts=SHIFTS, shift=shift, measure=Measure.COUNT)


def test_an_incident_counts_on_the_day_its_shift_began() -> None:
    # Monday 23:30, Tuesday 00:30 and 05:59: one night; Tuesday 06:00: no night
    night = _at(_minutes(23 * 60 + 30, 24 * 60 + 30, 30 * 60 - 1, 30 * 60), "night")
    assert night.dates.to_dict("list") == {
        "position": [3], "date": [pd.Timestamp("2026-11-02")], "incidents": [3],
    }  # fmt: skip
    assert np.flatnonzero(night.seeds).tolist() == [3]


def test_half_of_an_incident_makes_it_count_once() -> None:
    # 13:30 to 14:30: half in each, and counted in the one it began in
    halves = {"start": _minutes(13 * 60 + 30), "hours": np.array([1.0])}
    early, late = (_at(halves["start"], one, hours=halves["hours"]) for one in ("early", "late"))
    assert (early.value[3], late.value[3]) == (500, 500)
    assert (len(early.dates), len(late.dates)) == (1, 0)
    # 13:00 to 16:00: two thirds late, whose Monday it is
    late = _at(_minutes(13 * 60), "late", hours=np.array([3.0]))
    assert late.value[3] == 667
    assert late.dates["date"].tolist() == [pd.Timestamp("2026-11-02")]
    # 13:00 to 05:00 next day: half late, half not, nobody's by the hours alone
    found = _at(_minutes(13 * 60, 600), "late", hours=np.array([16.0, 0.5]))
    assert found.dates["incidents"].sum() == 1


def test_homicides_make_no_pattern_and_no_harm() -> None:
    fatal = moments(
        _minutes(900, 2400), np.array([3, 3]), tier="homicide", harm_days=np.array([5475.0, 5475.0])
    )
    late = shift_values(fatal, GRID, shifts=SHIFTS, shift="late", measure=Measure.HARM)
    assert late.value.sum() == 0
    assert late.dates.empty
    assert late.share == 0


def test_hours_that_no_shift_covers_are_loud() -> None:
    # 18:00 is nobody's
    made = shift_values(
        moments(_minutes(18 * 60, 10 * 60), np.array([3, 3])), GRID,
        shifts=GAPPED, shift="day", measure=Measure.COUNT,
    )  # fmt: skip
    assert (made.value[3], made.share) == (1000, 0.5)
    assert made.dates["incidents"].sum() == 1
    assert "02:00-09:00 and 17:00-19:00" in next(note.text for note in made.notes if note.loud)


def test_data_without_times_are_refused() -> None:
    start = _minutes(*range(0, 6000, 600))
    for unit in ("month", "day"):
        with pytest.raises(BadInputError, match=rf"'late' shift: all 10 .* only the {unit}\. Rank"):
            _at(start, "late", precision=unit)
    with pytest.raises(BadInputError, match="only 4 of 10 incidents have a time"):
        _at(start, "late", hours=np.repeat([1.0, 12.0], [4, 6]))
    with pytest.raises(BadInputError, match="no shift 'lates'"):
        _at(start, "lates")
    with pytest.raises(ValueError, match="needs expected_days"):
        shift_values(
            moments(start, np.full(10, 3)), GRID,
            shifts=SHIFTS, shift="late", measure=Measure.EXPECTED_HARM,
        )  # fmt: skip


def test_saltmere_clubs_lead_the_night_and_schools_do_not(saltmere_store: IncidentStore) -> None:
    scene = open_scene(saltmere_store, None, 10)
    year = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    subject = count_subject(scene, load_profile("ark"), year)
    found = read_moments(scene.connection, subject.condition, window=year, resolution=10)
    expected = expect_harm(subject)
    assert expected is not None
    total = np.zeros(len(scene.grid), dtype=np.int64)
    first = {}
    for one in SHIFTS.shift:
        made = shift_values(
            found, scene.grid, shifts=SHIFTS, shift=one.name,
            measure=Measure.EXPECTED_HARM, expected_days=expected.harm_days,
        )  # fmt: skip
        total += made.value
        areas = best_areas(
            made.value, made.dates, scene.grid,
            rules=area_rules(subject, Measure.EXPECTED_HARM), places=3, seeds=made.seeds,
        )  # fmt: skip
        first[one.name] = set(np.concatenate(areas).tolist())
    whole = ranking_values(subject.counts, Measure.EXPECTED_HARM, expected_days=expected.harm_days)
    np.testing.assert_array_equal(total, whole)
    assert first["late"] != first["night"]
