"""Schedule files: columns, the same bytes, calendars that others read, lists of one day only."""

from __future__ import annotations

import csv
import datetime as dt
import io

import icalendar
import pytest

from config.dose import load_dose_rules
from layers.targets.schedule_files import day_lists, schedule_calendar, schedule_csv
from layers.targets.schedule_words import plan_sentences
from spatial.targets.schedule.plan import Plan
from spatial.targets.schedule.power import Design
from tests.spatial.targets.schedule.invented import made


@pytest.fixture(scope="module")
def plan() -> Plan:
    return made(9, treated=3, days=10, start=dt.date(2026, 10, 20), from_hour=20, to_hour=3)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_columns_of_the_contract_come_first(plan: Plan) -> None:
    content = schedule_csv(plan)
    assert content.startswith("\ufeffdate,area_id,treated,visit,start,minutes,".encode())
    rows = _rows(content)
    assert len(rows) == len(plan.table)
    assert {row["treated"] for row in rows} == {"0", "1"}
    control = [row for row in rows if row["treated"] == "0"]
    assert all(row["start"] == row["team"] == row["walk_minutes"] == "" for row in control)
    assert all(row["marking"] for row in rows)
    late = [row for row in rows if row["start"] and row["start"] < "06:00"]
    assert late
    # the policing day's date; the moment says the calendar's
    for row in late:
        said = dt.date.fromisoformat(row["starts_at"][:10])
        assert said == dt.date.fromisoformat(row["date"]) + dt.timedelta(days=1)


def test_the_same_plan_gives_the_same_bytes(plan: Plan) -> None:
    again = made(9, treated=3, days=10, start=dt.date(2026, 10, 20), from_hour=20, to_hour=3)
    assert schedule_csv(plan) == schedule_csv(again)
    assert schedule_calendar(plan) == schedule_calendar(again)
    assert day_lists(plan) == day_lists(again)


def test_a_days_list_names_that_days_places_only(plan: Plan) -> None:
    lists = day_lists(plan)
    assert len(lists) == 10
    for day, date in enumerate(plan.dates):
        content = lists[f"patrols_{date.isoformat()}.csv"]
        rows = _rows(content)
        treated = {one for one, on in zip(plan.area_ids, plan.allocation[day], strict=True) if on}
        assert {row["area_id"] for row in rows} == treated
        assert {row["date"] for row in rows} == {date.isoformat()}
        for other in set(plan.area_ids) - treated:
            assert other.encode() not in content
        # who reads it finds no way to the whole plan, nor that there is a comparison
        assert plan.run_id.encode() not in content
        assert b"treated" not in content


def test_the_calendar_is_read_back_to_the_minute(plan: Plan) -> None:
    calendar = icalendar.Calendar.from_ical(schedule_calendar(plan))
    visits = plan.table[plan.table["visit"] > 0]
    events = calendar.walk("VEVENT")
    assert len(events) == len(visits)
    assert len({str(event["UID"]) for event in events}) == len(events)
    told = sorted(dt.datetime.fromisoformat(one) for one in visits["starts_at"])
    assert sorted(event.decoded("DTSTART") for event in events) == told
    assert {event.decoded("DTSTAMP") for event in events} == {
        dt.datetime(2026, 10, 20, tzinfo=dt.UTC)
    }
    assert {event.decoded("DURATION") for event in events} == {dt.timedelta(minutes=15)}
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/London"
    # the zone as written says the same as the system's
    written = zone.to_tz()
    for month, hours in ((1, 0), (7, 1)):
        moment = dt.datetime(2026, month, 1, 12, tzinfo=written)
        assert moment.utcoffset() == dt.timedelta(hours=hours)


def test_sentences(plan: Plan) -> None:
    said = plan_sentences(plan, Design(34, 1 / 3, 10), rules=load_dose_rules())
    assert said[0] == (
        "20 Oct 2026 to 29 Oct 2026: 3 of 9 places a day, drawn at random each day; 3 visits of 15 "
        "minutes to each, 20:00-03:00, about every 140 minutes."
    )
    assert "officer hours a day" in said[1]
    assert "In any 7 days every place has a patrol day." in said[2]
    assert "With 34 incidents expected in 10 days" in said[3]
    # three days promise nobody a day in seven
    short = made(9, treated=3, days=3)
    assert "In any" not in plan_sentences(short, None, rules=load_dose_rules())[2]
    unknown = plan_sentences(plan, None, rules=load_dose_rules())
    assert "Give --expected" in unknown[3]
    assert len(plan_sentences(made(3, days=2), None, rules=load_dose_rules())) == 2
