from __future__ import annotations

import datetime as dt

import pytest

from config.errors import BadInputError
from register import Register, anniversaries, events
from register.due import Due, due
from register.events import EventDraft
from register.recurrence import checked_rule, last_day, rule_days
from tests.register.conftest import TODAY, WHO, an_anniversary


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def an_event(**changes: object) -> EventDraft:
    given: dict[str, object] = {
        "label": "Home match",
        "first_date": day("2026-08-15"),
        "place": "Recreation ground",
        "longitude": 0.7,
        "latitude": 51.54,
        "kind": "fixture",
    }
    return EventDraft(**{**given, **changes})  # type: ignore[arg-type]


def due_with(kept: Register, *drafts: object, today: dt.date = TODAY, **days: int) -> list[Due]:
    with kept.writing() as session:
        for draft in drafts:
            if isinstance(draft, EventDraft):
                events.add(session, draft, **WHO)
            else:
                anniversaries.add(session, draft, **WHO)  # type: ignore[arg-type]
    with kept.reading() as session:
        return list(due(session, today, **days))


def test_the_window_is_28_days_ahead_and_7_back(kept: Register) -> None:
    # 1 December: from 24 November to 29 December
    dates = ["2020-11-23", "2020-11-24", "2020-12-01", "2020-12-29", "2020-12-30"]
    drafts = [
        an_anniversary(date=day(one), label=one, lead_in_days=0, lead_out_days=0) for one in dates
    ]
    found = due_with(kept, *drafts)
    assert [one.label for one in found] == dates[1:4]
    assert [one.days_until for one in found] == [-7, 0, 28]
    assert {one.years for one in found} == {6}


def test_days_before_and_after_count(kept: Register) -> None:
    draft = an_anniversary(date=day("2020-12-31"), lead_in_days=2, lead_out_days=0)
    (found,) = due_with(kept, draft)
    assert (found.from_date, found.to_date) == (day("2026-12-29"), day("2026-12-31"))


def test_over_the_turn_of_the_year(kept: Register) -> None:
    draft = an_anniversary(date=day("2015-01-02"), lead_in_days=0)
    (found,) = due_with(kept, draft, today=day("2026-12-20"))
    assert (found.date, found.years, found.days_until) == (day("2027-01-02"), 12, 13)


def test_the_day_itself_is_not_an_anniversary_yet(kept: Register) -> None:
    (found,) = due_with(kept, an_anniversary(date=day("2026-11-28")))
    assert (found.years, found.days_until) == (0, -3)
    later = an_anniversary(date=day("2027-12-10"))
    assert len(due_with(kept, later)) == 1


def test_29_february(kept: Register) -> None:
    draft = an_anniversary(date=day("2024-02-29"))
    (common,) = due_with(kept, draft, today=day("2027-02-20"))
    assert common.date == day("2027-02-28")
    assert "29 February, kept on 28 February this year" in common.notes
    with kept.reading() as session:
        (leap,) = due(session, day("2028-02-20"))
    assert (leap.date, leap.notes) == (day("2028-02-29"), ())


def test_a_holiday_is_named_and_followed(kept: Register) -> None:
    fixed = an_anniversary(label="Fixed", date=day("2015-12-28"), lead_in_days=0)
    # killed at the carnival on 27 August 2018: people come on the date and on the holiday
    carnival = an_anniversary(
        label="Carnival", date=day("2018-08-27"), holiday="summer", lead_in_days=0
    )
    found = due_with(kept, fixed, carnival)
    assert found[0].notes == ("falls on Boxing Day (substitute day, as the date is at a weekend)",)
    with kept.reading() as session:
        august = due(session, day("2026-08-20"))
    assert [one.date for one in august] == [day("2026-08-27"), day("2026-08-31")]
    assert august[1].notes == (
        "also remembered on Summer bank holiday",
        "falls on Summer bank holiday",
    )


def test_what_is_withdrawn_is_not_due(kept: Register) -> None:
    with kept.writing() as session:
        one = anniversaries.add(session, an_anniversary(), **WHO)
        anniversaries.withdraw(session, one.id, version=1, **WHO)
    assert due_with(kept) == []


def test_events_by_rule_with_days_off_and_on(kept: Register) -> None:
    draft = an_event(
        rule="RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SA",
        except_dates=("2026-12-05",),
        extra_dates=("2026-12-08",),
    )
    found = due_with(kept, draft)
    # every second Saturday from 15 August: 21 November, 5 (off) and 19 December; the 8th besides
    assert [one.date.isoformat() for one in found] == ["2026-12-08", "2026-12-19"]


def test_an_event_moves_with_its_holiday(kept: Register) -> None:
    draft = an_event(
        first_date=day("2019-01-01"), holiday="early_may", offset_days=-1, days=2, kind="festival"
    )
    (found,) = due_with(kept, draft, today=day("2020-05-01"))
    assert (found.date, found.last_date) == (day("2020-05-07"), day("2020-05-08"))
    with kept.reading() as session:
        assert due(session, day("2018-05-01")) == ()


def test_an_event_that_comes_once(kept: Register) -> None:
    once = an_event(first_date=day("2026-11-20"), days=5)
    # its last day, the 24th, is seven days back
    (found,) = due_with(kept, once)
    assert found.last_date == day("2026-11-24")
    with kept.reading() as session:
        assert due(session, day("2026-12-02")) == ()


@pytest.mark.parametrize(
    ("rule", "tidy"),
    [
        ("freq=yearly;bymonth=8", "FREQ=YEARLY;BYMONTH=8"),
        ("FREQ=WEEKLY;UNTIL=20270630T233000Z", "FREQ=WEEKLY;UNTIL=20270701"),
        ("FREQ=WEEKLY;UNTIL=20261231T233000Z", "FREQ=WEEKLY;UNTIL=20261231"),
        ("FREQ=MONTHLY;BYDAY=-1SU", "FREQ=MONTHLY;BYDAY=-1SU"),
    ],
)
def test_rules_in_one_form(rule: str, tidy: str) -> None:
    assert checked_rule(rule, TODAY) == tidy


@pytest.mark.parametrize(
    "rule",
    [
        "", "every Saturday", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=3", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=99999999", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=20260230", "FREQ=DAILY;UNTIL=20200101", "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;COUNT=2;UNTIL=20271231", "FREQ=WEEKLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=9SU",
        "FREQ=DAILY\nDTSTART:20200101", "FREQ=DAILY;COUNT=\u0663",
    ],
)  # fmt: skip
def test_rules_that_are_none(rule: str) -> None:
    with pytest.raises(BadInputError):
        checked_rule(rule, TODAY)


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,SA", "FREQ=DAILY;INTERVAL=5"])
def test_far_from_its_start_a_rule_keeps_its_beat(rule: str) -> None:
    first = day("2001-03-07")
    start, end = day("2026-01-01"), day("2026-12-31")
    whole = rule_days(rule + ";COUNT=5000", first, start, end)
    assert rule_days(rule, first, start, end) == whole
    assert len(whole) > 30


def test_the_last_day_of_a_rule() -> None:
    first = day("2026-12-01")
    assert last_day("FREQ=DAILY;COUNT=3", first) == day("2026-12-03")
    assert last_day("FREQ=DAILY;UNTIL=20261224", first) == day("2026-12-24")
    assert last_day("FREQ=DAILY", first) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": "FREQ=DAILY", "holiday": "summer"}, "not both"),
        ({"holiday": "st_georges_day"}, "holiday"),
        ({"days": 0}, "days"),
        ({"except_dates": ("2027-02-29",)}, "is no day"),
        ({"kind": "riot"}, "kind"),
        ({"lead_in_days": 400}, "lead_in_days"),
    ],
)
def test_events_that_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        events.checked(an_event(**changes))
