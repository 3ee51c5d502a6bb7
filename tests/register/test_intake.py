from __future__ import annotations

import datetime as dt

import pytest
import shapely

from config.errors import BadInputError
from layers.formats.tables import table_csv
from register import Register, anniversaries, audit, events, tension, visits
from register.errors import RowsRefusedError
from register.events import EventDraft
from register.intake import Taken, take_in
from register.listing import NOUNS, table
from register.tension import Sight
from register.visits import VisitDraft
from tests.register.conftest import TODAY, WHO, a_tension, an_anniversary

HEADER = "label,date,place,longitude,latitude,radius_m"
GOOD = "Stabbing at the arcade,14/12/2021,Marine Parade,0.7101,51.5367,300"


def taken(kept: Register, text: str | bytes, noun: str = "anniversaries", **more: object) -> Taken:
    content = text.encode() if isinstance(text, str) else text
    given: dict[str, object] = {
        "name": "days.csv",
        "sight": Sight.ALL,
        "today": TODAY,
        **WHO,
        **more,
    }
    with kept.writing() as session:
        return take_in(session, content, noun, **given)  # type: ignore[arg-type]


def held(kept: Register) -> int:
    with kept.reading() as session:
        return len(anniversaries.listed(session)) + len(events.listed(session))


def test_a_csv_file_is_taken_in_once(kept: Register) -> None:
    text = f"{HEADER}\n{GOOD}\nAnother,2020-02-29,Pier,0.72,51.53,\n{GOOD}\n"
    assert taken(kept, text) == Taken("anniversaries", 3, 2, 1)
    assert taken(kept, text) == Taken("anniversaries", 3, 0, 3)
    with kept.reading() as session:
        first, second = anniversaries.listed(session)
        (_, entry) = audit.entries(session, noun="anniversaries")
    assert (first.date, first.radius_m) == (dt.date(2021, 12, 14), 300)
    assert (second.date, second.radius_m) == (dt.date(2020, 2, 29), 250)
    assert entry.action == "imported"
    assert entry.details["added"] == 2


def test_semicolons_and_a_byte_order_mark(kept: Register) -> None:
    text = "\ufeff" + HEADER.replace(",", ";").upper() + "\r\n" + GOOD.replace(",", ";") + "\r\n"
    assert taken(kept, text).added == 1


def test_every_bad_row_is_named_and_none_is_taken(kept: Register) -> None:
    rows = [
        GOOD,
        "B,29/02/2021,Pier,0.7,51.5,",
        "=1+1,2021-01-01,Pier,0.7,51.5,",
        "D,2021-01-01,Pier,51.5,0.7,",
        "E,2021-01-01,Pier,0.7,51.5,9.5",
        ",2021-01-01,Pier,0.7,51.5,",
        "",
        "G,2021-01-01,Pier,0.7,51.5,,,spare",
    ]
    with pytest.raises(RowsRefusedError) as said:
        taken(kept, HEADER + "\n" + "\n".join(rows))
    assert [row for row, _ in said.value.troubles] == [3, 4, 5, 6, 7, 9]
    reasons = " ".join(reason for _, reason in said.value.troubles)
    for words in ("no day", "formula", "Swap them", "no whole number", "label is empty", "8 cells"):
        assert words in reasons
    assert "nothing was taken in, because 6 cannot be used" in str(said.value)
    assert held(kept) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "is empty"),
        (HEADER.encode(), "0 rows"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (f"{HEADER},victim_name\n{GOOD},x".encode(), "'victim_name' is not known"),
        (b"label,date\nx,2020-01-01", "'place' is missing"),
        (f"{HEADER},label\n{GOOD},x".encode(), "'label' stands twice"),
        (f'{HEADER}\n"unclosed'.encode(), "no readable CSV"),
    ],
)
def test_files_that_are_none(kept: Register, text: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        taken(kept, text)


def test_places_outside_the_force(kept: Register) -> None:
    elsewhere = shapely.box(-3, 55, -2, 56)
    with pytest.raises(RowsRefusedError, match=r"row 2: .*outside the force"):
        taken(kept, f"{HEADER}\n{GOOD}", force_area=elsewhere)


def test_an_export_comes_back_as_it_was(kept: Register, file: Register) -> None:
    event = EventDraft(
        label="Carnival", first_date=TODAY, place="Front", longitude=0.7, latitude=51.5,
        kind="festival", days=2, rule="FREQ=YEARLY;BYMONTH=8;BYDAY=-1MO", lead_in_days=2,
        except_dates=("2027-08-30", "2028-08-28"),
    )  # fmt: skip
    visit = VisitDraft(
        area_id="a1", start="2026-12-01T18:00", minutes=12, officers=2, seen=("quiet", "groups")
    )
    with kept.writing() as session:
        anniversaries.add(session, an_anniversary(source='A, "quoted" source'), **WHO)
        events.add(session, event, **WHO)
        visits.add(session, visit, **WHO)
    for noun in ("anniversaries", "events", "visits"):
        with kept.reading() as session:
            records = table(session, noun, sight=Sight.OPEN)
        content = table_csv(records.assign(marking="OFFICIAL-SENSITIVE"))
        assert taken(file, content, noun).added == 1
        with file.reading() as session:
            assert table(session, noun, sight=Sight.OPEN).equals(records)


def test_every_kind_can_be_listed(kept: Register) -> None:
    with kept.writing() as session:
        tension.add(session, a_tension(theme="protest"), sight=Sight.ALL, today=TODAY, **WHO)
        tension.add(session, a_tension(), sight=Sight.ALL, today=TODAY, **WHO)
    with kept.reading() as session:
        for noun in NOUNS:
            assert len(table(session, noun, sight=Sight.OPEN).columns) > 5
        assert list(table(session, "tension", sight=Sight.OPEN)["theme"]) == ["youth_violence"]
        assert len(table(session, "tension", sight=Sight.ALL)) == 2
        with pytest.raises(BadInputError):
            table(session, "alembic", sight=Sight.ALL)


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Fixtures//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
SUMMARY:Home match\\, first team
LOCATION:Recreation ground
GEO:51.54;0.71
CATEGORIES:SPORT,FIXTURE
DTSTART;TZID=Europe/London:20260815T150000
DTEND;TZID=Europe/London:20260815T170000
RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20270501T140000Z
EXDATE;TZID=Europe/London:20261226T150000
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTAMP:20260101T000000Z
SUMMARY:Carnival
LOCATION:Sea front
GEO:51.53;0.72
DTSTART;VALUE=DATE:20270828
DTEND;VALUE=DATE:20270831
ATTENDEE;CN=Somebody:mailto:somebody@example.org
DESCRIPTION:a long text that nobody may keep
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_a_calendar_of_events(kept: Register) -> None:
    assert taken(kept, CALENDAR, "events", name="fixtures.ics") == Taken("events", 2, 2, 0)
    assert taken(kept, CALENDAR, "events", name="fixtures.ics").duplicates == 2
    with kept.reading() as session:
        match, carnival = events.listed(session)
    assert (match.label, match.kind, match.days) == ("Home match, first team", "fixture", 1)
    assert match.rule == "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270501"
    assert (match.except_dates, match.last_date) == (("2026-12-26",), dt.date(2027, 5, 1))
    assert (match.longitude, match.latitude) == (0.71, 51.54)
    assert (carnival.first_date, carnival.days) == (dt.date(2027, 8, 28), 3)


def test_a_late_event_in_utc_is_the_next_day_in_london(kept: Register) -> None:
    text = CALENDAR.replace("DTSTART;VALUE=DATE:20270828", "DTSTART:20270827T233000Z").replace(
        "DTEND;VALUE=DATE:20270831", "DTEND:20270828T013000Z"
    )
    taken(kept, text, "events", name="x.ics")
    with kept.reading() as session:
        carnival = events.listed(session)[1]
    assert (carnival.first_date, carnival.days) == (dt.date(2027, 8, 28), 1)


def test_a_calendar_of_anniversaries(kept: Register) -> None:
    text = CALENDAR.replace(
        "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20270501T140000Z", "RRULE:FREQ=YEARLY"
    )
    assert taken(kept, text, "anniversaries", name="days.ICS").added == 2
    with pytest.raises(RowsRefusedError, match="event 1: it comes back by"):
        taken(kept, CALENDAR, "anniversaries", name="days.ics")
    with pytest.raises(BadInputError, match="no visits"):
        taken(kept, CALENDAR, "visits", name="days.ics")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("GEO:51.54;0.71\r\n", "", "event 1: it has no GEO"),
        ("SUMMARY:Carnival", "SUMMARY:=HYPERLINK(1)", "event 2: label"),
        ("SUMMARY:Carnival", "SUMMARY:Carnival\r\nSTATUS:CANCELLED", "event 2: it is cancelled"),
        ("FREQ=WEEKLY;INTERVAL=2", "FREQ=SECONDLY", "event 1: The rule"),
        ("DTSTART;VALUE=DATE:20270828", "X-NONE:1", "event 2: it has no DTSTART"),
        ("UID:2", "RECURRENCE-ID:20270828T000000Z", "event 2: it moves one day"),
    ],
)
def test_calendar_events_that_are_refused(kept: Register, old: str, new: str, said: str) -> None:
    with pytest.raises(RowsRefusedError, match=said):
        taken(kept, CALENDAR.replace(old, new), "events", name="x.ics")
    assert held(kept) == 0


@pytest.mark.parametrize(
    "text", ["", "nonsense", "BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"]
)
def test_calendars_that_are_none(kept: Register, text: str) -> None:
    with pytest.raises(BadInputError, match=r"x.ics"):
        taken(kept, text, "events", name="x.ics")


TENSION = (
    "level,theme,text,beat,place,longitude,latitude,source_grade,information_grade,handling,"
    "entered_on\n"
)


def test_tension_is_taken_in_once_and_fades_from_its_own_day(kept: Register) -> None:
    row = f"high,housing,Anger at evictions,Harbour,,,,2,B,P,{TODAY - dt.timedelta(days=20)}\n"
    assert taken(kept, TENSION + row, "tension") == Taken("tension", 1, 1, 0)
    assert taken(kept, TENSION + row, "tension") == Taken("tension", 1, 0, 1)
    with kept.reading() as session:
        (entry,) = tension.current(session, TODAY, sight=Sight.ALL)
    assert entry.level_on(TODAY) == "medium"
    assert entry.renewed_on == TODAY - dt.timedelta(days=20)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"dire,housing,Anger,Harbour,,,,2,B,P,{TODAY}", "row 2: level: 'dire'"),
        (f"high,housing,Anger,,,,,2,B,P,{TODAY}", "row 2: An entry needs a beat or a place"),
        (f"high,housing,Anger,Harbour,,,,2,F,P,{TODAY}", "row 2: information_grade: 'F'"),
        (f"high,housing,Anger,Harbour,,,,two,B,P,{TODAY}", "row 2: source_grade: 'two'"),
        (f"high,housing,=1+1,Harbour,,,,2,B,P,{TODAY}", "row 2: text"),
        ("high,housing,Anger,Harbour,,,,2,B,P,2026-02-29", "row 2: entered_on"),
        (
            f"high,housing,Anger,Harbour,,,,2,B,P,{TODAY + dt.timedelta(days=1)}",
            "row 2: entered_on: .* is still to come",
        ),
    ],
)
def test_tension_that_is_refused(kept: Register, row: str, said: str) -> None:
    with pytest.raises(RowsRefusedError, match=said):
        taken(kept, TENSION + row + "\n", "tension")


def test_who_may_not_see_a_theme_may_not_bring_it_in(kept: Register) -> None:
    row = f"high,religion,Threats at a vigil,Harbour,,,,2,B,P,{TODAY}\n"
    with pytest.raises(RowsRefusedError, match="row 2: Entries on 'religion'"):
        taken(kept, TENSION + row, "tension", sight=Sight.OPEN)
    assert taken(kept, TENSION + row, "tension").added == 1
