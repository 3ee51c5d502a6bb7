"""The plan: its rows, its hours, its gaps, its nights of changed clocks, and what it refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.dose import load_dose_rules
from config.errors import BadInputError
from spatial.targets.schedule.plan import SCHEDULE_COLUMNS, Plan
from tests.spatial.targets.schedule.invented import invented_places, made


def _visits(plan: Plan) -> pd.DataFrame:
    rows = plan.table[plan.table["visit"] > 0].copy()
    rows["moment"] = pd.to_datetime(rows["starts_at"], utc=True)
    return rows


def _since_midnight(rows: pd.DataFrame) -> pd.Series:
    """Clock minutes since the midnight of the policing day's date."""
    wall = pd.to_datetime(rows["starts_at"].str[:16])
    return (wall - pd.to_datetime(rows["date"])) // pd.Timedelta(minutes=1)


@given(
    st.integers(2, 9),
    st.data(),
    st.integers(6, 30),
    st.integers(2, 12),
    st.integers(5, 20),
    st.integers(0, 99),
)
@settings(max_examples=30)
def test_starts_lie_inside_the_hours_and_keep_their_gaps(  # noqa: PLR0913, PLR0917
    m: int, data: st.DataObject, first: int, length: int, minutes: int, seed: int
) -> None:
    last = min(first + length, 30)
    if last - first < 2:
        first = last - 2
    k = data.draw(st.integers(1, m))
    plan = made(
        m, days=5, seed=seed, treated=k, minutes=minutes, from_hour=first % 24, to_hour=last % 24,
        design="rotating",
    )  # fmt: skip
    rows = _visits(plan)
    clock = _since_midnight(rows)
    assert (clock >= first * 60).all()
    assert (clock + minutes <= last * 60).all()
    dose = plan.choices.dose
    gaps = rows.groupby(["date", "area_id"])["moment"].diff().dropna()
    assert (gaps >= pd.Timedelta(minutes=dose.gap)).all()
    assert (rows.groupby(["date", "area_id"]).size() == dose.visits).all()
    # a patrol is never in two places: each stop begins when the last is done and walked from
    rows = rows.sort_values(["date", "team", "moment"])
    after = rows.groupby(["date", "team"])["moment"].diff().dropna()
    assert (after >= pd.Timedelta(minutes=minutes)).all()
    # and its visits come in the order of its round
    assert (rows["start"] == rows["starts_at"].str[11:16]).all()


def test_rows() -> None:
    plan = made(10, treated=4, days=20)
    table = plan.table
    assert tuple(table.columns) == SCHEDULE_COLUMNS
    assert list(table.columns[:6]) == ["date", "area_id", "treated", "visit", "start", "minutes"]
    days = table.groupby(["date", "area_id"])["treated"].agg(["min", "max"])
    assert len(days) == 20 * 10
    assert (days["min"] == days["max"]).all()
    wide = days["max"].to_numpy().astype(bool).reshape(20, 10)
    assert (wide == plan.allocation).all()
    control = table[table["treated"] == 0]
    assert (control["visit"] == 0).all()
    assert (control["start"] == "").all()
    assert control["minutes"].sum() == 0
    assert (table.loc[table["treated"] == 1, "visit"] > 0).all()
    assert plan.choices.design == "crossover"
    assert plan.guess is not None


def test_the_same_seed_gives_the_same_plan_and_another_dose_the_same_days() -> None:
    one, two = made(8, treated=3), made(8, treated=3)
    pd.testing.assert_frame_equal(one.table, two.table)
    assert one.run_id == two.run_id
    other = made(8, treated=3, minutes=12)
    assert (one.allocation == other.allocation).all()
    assert one.run_id != other.run_id
    assert not (one.allocation == made(8, treated=3, seed=8).allocation).all()


def test_starts_cannot_be_guessed_from_the_day_before() -> None:
    rows = _visits(made(4, days=60))
    first = _since_midnight(rows)[rows["visit"].to_numpy() == 1]
    spread = first.groupby(rows["area_id"]).agg(["min", "max", "nunique"])
    assert ((spread["max"] - spread["min"]) > 45).all()
    assert (spread["nunique"] > 20).all()


def test_visits_lean_to_the_peak_hours() -> None:
    peaks = "Fri-Sat 21:00-24:00 (38%); every day 17:00-19:00 (20%)"
    plain = _visits(made(4, days=56, visits=2))
    leaning = _visits(made(invented_places(4, peaks=peaks), days=56, visits=2))

    def inside(rows: pd.DataFrame) -> float:
        hour = _since_midnight(rows) // 60
        weekend = pd.to_datetime(rows["date"]).dt.day_of_week.isin([4, 5])
        return float((hour.isin([17, 18]) | (weekend & (hour >= 21))).mean())

    assert inside(leaning) > 1.3 * inside(plain)
    assert inside(leaning) < 1


@pytest.mark.parametrize(
    ("night", "change", "lost"),
    [(dt.date(2027, 3, 27), "forward", "2027-03-28T01"), (dt.date(2026, 10, 24), "back", None)],
)
def test_nights_on_which_the_clocks_change(night: dt.date, change: str, lost: str | None) -> None:
    plan = made(
        6, start=night - dt.timedelta(days=1), days=3, from_hour=22, to_hour=6, every=60, seed=3
    )
    rows = _visits(plan)
    that_night = rows[rows["date"] == night.isoformat()]
    small_hours = that_night["starts_at"].str.contains("T01:")
    assert not small_hours.any(), lost
    assert rows[rows["date"] != night.isoformat()]["starts_at"].str.contains("T01:").any()
    # real time, not the clock's, lies between visits
    gaps = that_night.groupby("area_id")["moment"].diff().dropna()
    assert (gaps >= pd.Timedelta(minutes=plan.choices.dose.gap)).all()
    ends = that_night["moment"].max().tz_convert("Europe/London")
    assert ends <= pd.Timestamp(night + dt.timedelta(days=1)).tz_localize(
        "Europe/London"
    ) + pd.Timedelta(hours=7 if change == "back" else 5)
    assert any(f"go {change}" in note.text for note in plan.notes if note.loud)


def test_officer_hours_are_the_visits_and_the_ways() -> None:
    plan = made(5, days=2, visits=2, officers=2)
    for day in range(2):
        rounds = [one for one in plan.patrols if one.day == day]
        minutes = sum(sum(one.legs) + 15 * len(one.stops) for one in rounds) * 2
        assert plan.officer_hours[day] == pytest.approx(minutes * 2 / 60)
        assert sorted(stop for one in rounds for stop in one.stops) == [0, 1, 2, 3, 4]


def test_hours_that_do_not_hold_the_plan_name_one_that_they_hold() -> None:
    full = float(made(10, treated=5).officer_hours.max())
    made(10, treated=5, officer_hours=full)
    with pytest.raises(BadInputError, match="They hold") as refused:
        made(10, treated=5, officer_hours=full * 0.7)
    words = str(refused.value).split("They hold ")[1].split()
    visits, places = int(words[0]), int(words[words.index("or") + 1])
    made(10, treated=5, officer_hours=full * 0.7, visits=visits)
    made(10, treated=places, officer_hours=full * 0.7)


def test_hours_far_too_few_name_what_they_hold_or_what_is_enough() -> None:
    once = float(made(10, treated=5, visits=1).officer_hours.max())
    # neither fewer visits nor fewer places will do by themselves
    with pytest.raises(BadInputError, match="They hold one visit a day to") as refused:
        made(10, treated=5, officer_hours=once * 0.8, design="rotating")
    places = int(str(refused.value).split("one visit a day to ")[1].split()[0])
    assert places < 5
    made(10, treated=places, visits=1, officer_hours=once * 0.8, design="rotating")
    with pytest.raises(BadInputError, match="one visit a day to 5 places takes") as refused:
        made(10, treated=5, officer_hours=0.1)
    enough = float(str(refused.value).split("places takes ")[1].split(". Give")[0])
    assert made(10, treated=5, visits=1, officer_hours=enough).choices.dose.visits == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"treated": 11}, "Treat from 1 to 10"),
        ({"treated": 4, "wait": 2}, "Allow a wait of 3 days, or treat 5 places a day"),
        ({"treated": 4, "design": "fixed"}, "Choose crossover or rotating"),
        ({"design": "crossover"}, "5 for the clearest answer"),
        ({"design": "tuesdays"}, "Choose one of: fixed, rotating, crossover"),
        ({"every": 10}, "Visit every 15 minutes or more"),
        ({"minutes": 130, "from_hour": 20, "to_hour": 22}, "visits of 120 minutes"),
        ({"visits": 50}, "Make from 1 to 40 visits"),
        ({"from_hour": 4, "to_hour": 8}, "End at 06:00 at the latest"),
        ({"from_hour": 25}, "no hour of the clock"),
        ({"bases": ((1.9, 53.2),)}, "give a nearer base"),
        ({"bases": ((53.2, 1.4),)}, "its longitude first"),
        ({"days": 0}, "Give 1 to 366 days"),
        ({"seed": -1}, "whole number from 0"),
        ({"officers": 0}, "at least one"),
        ({"officer_hours": 0}, "more than none"),
    ],
)
def test_the_impossible_is_refused_with_the_nearest(asked: dict[str, object], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        made(10, **asked)


def test_a_dose_outside_what_is_known_is_said() -> None:
    plan = made(3, days=1, minutes=25)
    assert any("outside the 10 to 16 minutes" in note.text for note in plan.notes if note.loud)
    assert not any("outside" in note.text for note in made(3, days=1).notes)


def test_a_wait_that_leaves_room_for_chance_is_taken() -> None:
    assert made(10, treated=4).choices.wait == load_dose_rules().wait_days
    plan = made(12, treated=1, days=40)
    assert plan.choices.wait == 24
    assert any("24 days were taken" in note.text for note in plan.notes)
    assert np.all(plan.allocation.sum(axis=1) == 1)


def test_a_list_of_two_towns_is_patrolled_from_two_bases() -> None:
    here = invented_places(6)
    points = here.points.copy()
    points[3:, 0] += 0.5
    plan = made(replace(here, points=points), days=4)
    towns = [{stop // 3 for stop in one.stops} for one in plan.patrols]
    assert all(len(one) == 1 for one in towns)
    assert {town for one in towns for town in one} == {0, 1}
    assert any("each of 2 towns" in note.text for note in plan.notes if note.loud)
    # a patrol has its number to itself on a day
    named = [(one.day, one.team) for one in plan.patrols]
    assert len(set(named)) == len(named)
    # two bases given: each place goes to its nearer one
    bases = (tuple(points[4].tolist()), tuple(points[1].tolist()))
    given_bases = made(replace(here, points=points), days=4, bases=bases)
    assert all(len({stop // 3 for stop in one.stops}) == 1 for one in given_bases.patrols)
    assert not any("No base" in note.text for note in given_bases.notes)
