"""Delivery: what was made against what was planned, by hand."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from config.errors import BadInputError
from spatial.targets.schedule.delivery import area_notes, deliver
from tests.spatial.targets.schedule.invented import made

PLAN = pd.DataFrame(
    [
        ("2026-12-01", "A", 1, 1, "14:10", 15),
        ("2026-12-01", "A", 1, 2, "16:20", 15),
        ("2026-12-01", "B", 0, 0, "", 0),
        ("2026-12-02", "A", 0, 0, "", 0),
        ("2026-12-02", "B", 1, 1, "15:00", 15),
        ("2026-12-02", "B", 1, 2, "17:00", 15),
        ("2026-12-03", "A", 1, 1, "15:00", 15),
        ("2026-12-03", "B", 0, 0, "", 0),
    ],
    columns=["date", "area_id", "treated", "visit", "start", "minutes"],
)
VISITS = pd.DataFrame(
    [
        ("1", "A", "2026-12-01T14:12", 15, 2, "drug_dealing groups", "talked"),
        ("2", "A", "2026-12-01T16:30", 12, 2, "drug_dealing", "walked"),
        # half past one in the morning is the policing day before
        ("3", "B", "2026-12-03T01:30", 10, 1, "quiet", "walked"),
        ("4", "A", "2026-12-02T18:00", 10, 2, "", ""),
        ("5", "A", "2026-11-20T18:00", 10, 2, "groups", ""),
        ("6", "Z", "2026-12-02T18:00", 10, 2, "", ""),
    ],
    columns=["visit_id", "area_id", "start", "minutes", "officers", "seen", "done"],
)


def test_delivery_by_hand() -> None:
    found = deliver(PLAN, VISITS)
    # nothing was written down for the third day yet
    assert found.through == dt.date(2026, 12, 2)
    days = found.by_day.set_index(["date", "area_id"])
    assert days.loc[("2026-12-01", "A"), "delivered"] == 2
    assert days.loc[("2026-12-01", "A"), "minutes"] == 27
    assert days.loc[("2026-12-01", "A"), "officer_minutes"] == 54
    assert days.loc[("2026-12-02", "B"), "delivered"] == 1
    assert days.loc[("2026-12-02", "B"), "share"] == pytest.approx(0.5)
    assert days.loc[("2026-12-02", "A"), "delivered"] == 1
    assert pd.isna(days.loc[("2026-12-02", "A"), "share"])
    areas = found.by_area.set_index("area_id")
    a = areas.loc["A"]
    assert (a["planned"], a["delivered"], a["minutes"]) == (2, 2, 27)
    assert (a["control_visits"], a["outside_visits"]) == (1, 1)
    assert a["seen"] == "drug_dealing 2; groups 2"
    assert a["officer_hours"] == pytest.approx(0.9)
    assert areas.loc["B", "share"] == pytest.approx(0.5)
    assert found.unknown_visits == 1
    assert found.words == (
        "Until 2026-12-02 3 visits were made on treated days, where 4 were planned; 2 of 2 treated "
        "place-days had one (100%). 1 visit fell on 1 place-day without a plan. 2 visits belong to "
        "no day or place of the plan."
    )


def test_notes_for_the_next_list() -> None:
    notes = area_notes(deliver(PLAN, VISITS))
    assert notes["A"] == (
        "2 of 2 planned visits made, 27 minutes; drug dealing seen twice, groups seen twice; "
        "1 visit on days without a planned one"
    )
    assert notes["B"] == "1 of 2 planned visits made, 10 minutes"


def test_visits_too_many_on_one_day_do_not_make_up_for_another() -> None:
    # five on the first day, where two were planned, and none on the third, where one was
    made_on = [f"2026-12-01T1{hour}:00" for hour in range(5)]
    visits = pd.DataFrame({"area_id": "A", "start": made_on, "minutes": 10, "seen": "", "done": ""})
    found = deliver(PLAN, visits, through=dt.date(2026, 12, 3))
    a = found.by_area.set_index("area_id").loc["A"]
    assert (a["planned"], a["delivered"], a["kept"]) == (3, 5, 2)
    assert area_notes(found)["A"] == "2 of 3 planned visits made, 3 more than planned, 50 minutes"


def test_every_visit_is_counted_once() -> None:
    found = deliver(PLAN, VISITS, through=dt.date(2026, 12, 3))
    areas = found.by_area
    counted = areas[["delivered", "control_visits", "outside_visits"]].to_numpy().sum()
    assert counted + found.unknown_visits == len(VISITS)
    assert found.by_area.set_index("area_id").loc["A", "days_treated"] == 2
    assert found.by_area.set_index("area_id").loc["A", "days_reached"] == 1


def test_a_plan_patrolled_as_made_is_delivered_in_full() -> None:
    plan = made(6, treated=3, days=6, from_hour=20, to_hour=4).table
    visits = plan[plan["visit"] > 0].assign(seen="quiet", done="walked")
    visits = visits.assign(start=visits["starts_at"].str[:16])
    found = deliver(plan, visits)
    assert (found.by_area["share"] == 1).all()
    assert found.by_area["control_visits"].sum() == 0
    assert found.by_area["outside_visits"].sum() == 0
    assert (found.by_day["delivered"] == found.by_day["planned"]).all()


def test_no_visits_yet() -> None:
    found = deliver(PLAN, VISITS.iloc[:0])
    assert found.by_area["delivered"].sum() == 0
    assert "0 visits were made" in found.words


def test_what_cannot_be_read_is_named() -> None:
    with pytest.raises(BadInputError, match="no column 'seen'"):
        deliver(PLAN, VISITS.drop(columns="seen"))
    with pytest.raises(BadInputError, match="row 1: the start 'noon'"):
        deliver(PLAN, VISITS.assign(start="noon"))
    with pytest.raises(BadInputError, match="holds no day"):
        deliver(PLAN.iloc[:0], VISITS)
