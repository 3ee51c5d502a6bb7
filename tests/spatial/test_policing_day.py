"""The policing day starts at the hour in the settings, wherever a day is counted."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from config.errors import BadInputError
from config.force_file import Origin, held, said_in
from spatial.accuracy.patrolled import PlaceDays, unpatrolled_condition
from spatial.targets.schedule.delivery import deliver
from spatial.targets.schedule.hours import hours_between
from spatial.targets.schedule.peaks import peak_hours
from spatial.timing.aoristic import HOURS, policing_week
from spatial.timing.peaks import PeakRules

SEVEN = said_in({"shifts": {"day_starts": 7}}, Origin.NAMED, None)


def test_the_week_is_laid_out_from_it() -> None:
    hours = np.arange(HOURS)
    assert policing_week(hours)[0, 0] == 6
    with held(SEVEN):
        assert policing_week(hours)[0, 0] == 7
        assert PeakRules().day_starts == 7
        # an hour from 06:00 is the last of the day before
        assert np.argwhere(peak_hours(["Mon 06:00-07:00"])[0]).tolist() == [[6, 23]]
    assert np.argwhere(peak_hours(["Mon 06:00-07:00"])[0]).tolist() == [[0, 0]]


def test_hours_in_force_end_with_it() -> None:
    assert hours_between(6, 14).first == 360
    with held(SEVEN):
        assert hours_between(22, 7).last == 31 * 60
        with pytest.raises(BadInputError, match="run past 07:00"):
            hours_between(6, 14)
    with pytest.raises(BadInputError, match="run past 06:00"):
        hours_between(22, 7)


def test_a_visit_and_a_patrolled_day_belong_to_it() -> None:
    plan = pd.DataFrame(
        {"date": ["2026-10-05", "2026-10-06"], "area_id": ["A1", "A1"], "treated": [1, 1],
         "visit": [1, 1], "start": ["20:00", "20:00"], "minutes": [15, 15]}
    )  # fmt: skip
    visits = pd.DataFrame(
        {"start": ["2026-10-06T06:30"], "area_id": ["A1"], "minutes": [15], "seen": [""],
         "done": [""]}
    )  # fmt: skip
    # at half past six it is the day begun, or still the one before
    sixth = dt.date(2026, 10, 6)
    assert deliver(plan, visits, through=sixth).by_day["delivered"].tolist() == [0, 1]
    with held(SEVEN):
        assert deliver(plan, visits, through=sixth).by_day["delivered"].tolist() == [1, 0]
    patrolled = PlaceDays(
        np.array([int("8a194e64992ffff", 16)], dtype=np.uint64),
        np.array(["2026-10-05"], dtype="datetime64[D]"),
    )
    assert "INTERVAL 6 HOUR" in unpatrolled_condition(patrolled)
    with held(SEVEN):
        assert "INTERVAL 7 HOUR" in unpatrolled_condition(patrolled)
