"""iCalendar in (RFC 5545): every VEVENT becomes an anniversary or an event, all of them or none."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar

from config.errors import BadInputError
from config.register import load_register_rules
from register import anniversaries, events
from register.anniversaries import AnniversaryDraft
from register.errors import RowsRefusedError
from register.events import EventDraft

if TYPE_CHECKING:
    from icalendar import Event as CalendarEvent

    from register.csv_rows import Draft

NOUNS: Final = ("anniversaries", "events")
_LONDON: Final = ZoneInfo("Europe/London")
_MOST_BYTES: Final = 20_000_000
_MOST_EVENTS: Final = 20_000


def read_calendar(content: bytes, noun: str, *, name: str) -> tuple[tuple[int, Draft], ...]:
    """Return the drafts of an iCalendar file, with the number of the VEVENT each was.

    Parameters
    ----------
    noun
        ``events``, or ``anniversaries``: then only days that come once or every year are taken.
    name
        What messages call the file.

    Notes
    -----
    SUMMARY is the label, LOCATION the place, GEO the position (needed), CATEGORIES the kind where
    it is one of ours; DTSTART, DTEND, RRULE, EXDATE and RDATE give the days, in Europe/London.
    Description, organiser and attendees are not read. A cancelled event is refused, so that
    somebody takes it out.

    Raises
    ------
    BadInputError
        It is no iCalendar file.
    RowsRefusedError
        Events cannot be used; it names them all.
    """
    found = _events(content, name)
    drafts: list[tuple[int, Draft]] = []
    troubles: list[tuple[int, str]] = []
    for number, one in enumerate(found, 1):
        try:
            draft = (
                anniversaries.checked(_anniversary(one))
                if noun == "anniversaries"
                else events.checked(_event(one))
            )
            drafts.append((number, draft))
        except BadInputError as error:
            troubles.append((number, str(error)))
        except (ValueError, TypeError, AttributeError) as error:
            troubles.append((number, f"cannot be read ({str(error)[:80]})"))
    if troubles:
        raise RowsRefusedError(name, tuple(troubles), called="event")
    return tuple(drafts)


def _events(content: bytes, name: str) -> list[CalendarEvent]:
    if len(content) > _MOST_BYTES:
        msg = f"{name} has {len(content):,} bytes; {_MOST_BYTES:,} are the most. Split it."
        raise BadInputError(msg)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        msg = f"{name} is no readable iCalendar file. Export it again from the calendar."
        raise BadInputError(msg) from error
    found: list[Any] = [one for calendar in calendars for one in calendar.walk("VEVENT")]
    if not found or len(found) > _MOST_EVENTS:
        msg = f"{name} holds {len(found):,} events; 1 to {_MOST_EVENTS:,} can be taken in at once."
        raise BadInputError(msg)
    return found


def _anniversary(one: CalendarEvent) -> AnniversaryDraft:
    rule = _rule(one)
    if rule not in {"", "FREQ=YEARLY"}:
        msg = f"it comes back by {rule!r}, an anniversary every year. Take it in as an event."
        raise BadInputError(msg)
    kinds = load_register_rules().anniversary_kinds
    return AnniversaryDraft(
        date=_day(one, "DTSTART"), kind=_kind(one, kinds, "other"), **_place(one)
    )


def _event(one: CalendarEvent) -> EventDraft:
    first = _day(one, "DTSTART")
    if one.get("RECURRENCE-ID") is not None:
        msg = "it moves one day of another event. Give that day among its RDATE and EXDATE."
        raise BadInputError(msg)
    kinds = load_register_rules().event_kinds
    return EventDraft(
        first_date=first,
        days=(_last(one, first) - first).days + 1,
        rule=_rule(one),
        except_dates=_days(one, "EXDATE"),
        extra_dates=_days(one, "RDATE"),
        kind=_kind(one, kinds, "other"),
        **_place(one),
    )


def _place(one: CalendarEvent) -> dict[str, Any]:
    if str(one.get("STATUS", "")).upper() == "CANCELLED":
        msg = "it is cancelled. Take it out of the file."
        raise BadInputError(msg)
    geo = one.get("GEO")
    if geo is None:
        msg = "it has no GEO, so its place is not known. Add GEO:latitude;longitude."
        raise BadInputError(msg)
    return {
        "label": str(one.get("SUMMARY", "")),
        "place": str(one.get("LOCATION", "")),
        "longitude": float(geo.longitude),
        "latitude": float(geo.latitude),
        "source": "iCalendar file",
    }


def _kind(one: CalendarEvent, kinds: tuple[str, ...], otherwise: str) -> str:
    given = one.get("CATEGORIES")
    lists = given if isinstance(given, list) else [given] if given is not None else []
    found = {str(word).strip().casefold() for words in lists for word in words.cats}
    return next((kind for kind in kinds if kind in found), otherwise)


def _rule(one: CalendarEvent) -> str:
    rule = one.get("RRULE")
    if isinstance(rule, list):
        msg = "it has several rules. Make it several events."
        raise BadInputError(msg)
    return "" if rule is None else rule.to_ical().decode().upper()


def _day(one: CalendarEvent, key: str) -> dt.date:
    given = one.get(key)
    if given is None:
        msg = f"it has no {key}. Add its day."
        raise BadInputError(msg)
    return _local(given.dt)


def _last(one: CalendarEvent, first: dt.date) -> dt.date:
    # the end of whole days is the day after; a moment's end is that day, midnight the one before
    end = one.get("DTEND")
    if end is None:
        length = one.get("DURATION")
        whole = length.dt if length is not None else dt.timedelta(days=1)
        return max(first, first + whole - dt.timedelta(days=1))
    if isinstance(end.dt, dt.datetime):
        moment = end.dt if end.dt.tzinfo is None else end.dt.astimezone(_LONDON)
        return max(first, (moment - dt.timedelta(microseconds=1)).date())
    last: dt.date = end.dt - dt.timedelta(days=1)
    return max(first, last)


def _days(one: CalendarEvent, key: str) -> tuple[str, ...]:
    given = one.get(key)
    lists = given if isinstance(given, list) else [given] if given is not None else []
    return tuple(_local(each.dt).isoformat() for days in lists for each in days.dts)


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime):
        return (value if value.tzinfo is None else value.astimezone(_LONDON)).date()
    if isinstance(value, dt.date):
        return value
    msg = f"{value!r} is no day."
    raise BadInputError(msg)
