"""Recurring events: fixtures, festivals and marches, once, by a rule, or with a bank holiday."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.holidays import HOLIDAYS
from config.register import load_register_rules
from register import keeping, words
from register.anniversaries import lead
from register.dates import date, read_date
from register.keeping import Kept
from register.places import metres, position, whole
from register.recurrence import checked_rule, last_day
from register.tables import EventRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

_MOST_DAYS: Final = 31
_MOST_OFFSET: Final = 31
_MOST_LISTED: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """What a person types.

    Attributes
    ----------
    label, place, longitude, latitude, radius_m, lead_in_days, lead_out_days, source
        As of an anniversary.
    first_date, days
        The first day, and how many days it lasts each time.
    rule
        An iCalendar rule (``FREQ=WEEKLY;BYDAY=SA``); empty where it comes once or with a holiday.
    holiday, offset_days
        One of ``config.holidays.HOLIDAYS``, and days after it (before, if negative): it moves as
        the holiday does. Empty where it does not.
    except_dates, extra_dates
        Days (ISO text) on which it is off, and on which it is on besides.
    kind
        One of the setting ``event_kinds``.
    """

    label: str
    first_date: dt.date
    place: str
    longitude: float
    latitude: float
    radius_m: int = 250
    lead_in_days: int = 0
    lead_out_days: int = 0
    kind: str = "other"
    source: str = ""
    days: int = 1
    rule: str = ""
    holiday: str = ""
    offset_days: int = 0
    except_dates: tuple[str, ...] = ()
    extra_dates: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Event(EventDraft, Kept):
    """An event as the register keeps it; ``last_date`` is None where it has no end."""

    last_date: dt.date | None


def checked(draft: EventDraft, *, force_area: BaseGeometry | None = None) -> EventDraft:
    """Return a draft cleaned, or refuse it in one sentence that names the field."""
    rules = load_register_rules()
    first = date(draft.first_date, what="first_date")
    if draft.rule and draft.holiday:
        msg = "An event comes back by a rule or with a bank holiday, not both. Empty one of them."
        raise BadInputError(msg)
    east, north = position(draft.longitude, draft.latitude, force_area=force_area)
    return replace(
        draft,
        label=words.label(draft.label, what="label"),
        first_date=first,
        place=words.label(draft.place, what="place"),
        longitude=east,
        latitude=north,
        radius_m=metres(draft.radius_m),
        lead_in_days=lead(draft.lead_in_days, what="lead_in_days"),
        lead_out_days=lead(draft.lead_out_days, what="lead_out_days"),
        kind=words.choice(draft.kind, rules.event_kinds, what="kind"),
        source=words.remark(draft.source, what="source"),
        days=whole(draft.days, what="days", least=1, most=_MOST_DAYS),
        rule=draft.rule and checked_rule(draft.rule, first),
        holiday=draft.holiday and words.choice(draft.holiday, list(HOLIDAYS), what="holiday"),
        offset_days=whole(
            draft.offset_days, what="offset_days", least=-_MOST_OFFSET, most=_MOST_OFFSET
        ),
        except_dates=_days(draft.except_dates, what="except_dates"),
        extra_dates=_days(draft.extra_dates, what="extra_dates"),
    )


def row_of(draft: EventDraft) -> EventRow:
    """Return the row of a checked draft, with the last day on which it can matter."""
    return EventRow(**keeping.values_of(draft), last_date=_last(draft))


def add(
    session: Session,
    draft: EventDraft,
    *,
    now: dt.datetime,
    by: str,
    force_area: BaseGeometry | None = None,
) -> Event:
    """Add an event."""
    row = row_of(checked(draft, force_area=force_area))
    keeping.add(session, row, now=now, by=by)
    return keeping.seen(row, Event)


def add_all(
    session: Session, drafts: Iterable[EventDraft], *, now: dt.datetime, by: str
) -> tuple[Event, ...]:
    """Add checked drafts of one file; the caller writes the audit's entry for the file."""
    rows = [row_of(draft) for draft in drafts]
    keeping.place(session, rows, now=now, by=by)
    return tuple(keeping.seen(row, Event) for row in rows)


def change(  # noqa: PLR0913 (one change: what, to what, on which version, by whom, when)
    session: Session,
    item_id: str,
    draft: EventDraft,
    *,
    version: int,
    now: dt.datetime,
    by: str,
    force_area: BaseGeometry | None = None,
) -> Event:
    """Change an event that was opened at a version.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed or withdrew it since.
    """
    row = keeping.opened(session, EventRow, item_id, version=version)
    whole_draft = checked(draft, force_area=force_area)
    values = {**keeping.values_of(whole_draft), "last_date": _last(whole_draft)}
    keeping.change(session, row, values, now=now, by=by)
    return keeping.seen(row, Event)


def withdraw(session: Session, item_id: str, *, version: int, now: dt.datetime, by: str) -> None:
    """Withdraw an event: it is shown no more."""
    keeping.withdraw(session, EventRow, item_id, version=version, now=now, by=by)


def listed(session: Session) -> tuple[Event, ...]:
    """Return the events that stand, oldest entry first."""
    return tuple(keeping.seen(row, Event) for row in keeping.standing(session, EventRow))


def same(draft: EventDraft) -> tuple[object, ...]:
    """Return what makes two events one: label, first day, recurrence and position."""
    return (
        draft.label.casefold(), draft.first_date, draft.rule, draft.holiday, draft.longitude,
        draft.latitude,
    )  # fmt: skip


def _last(draft: EventDraft) -> dt.date | None:
    if draft.holiday:
        return None
    last = last_day(draft.rule, draft.first_date) if draft.rule else draft.first_date
    if last is None:
        return None
    extra = [dt.date.fromisoformat(day) for day in draft.extra_dates]
    return max([last, *extra]) + dt.timedelta(days=draft.days - 1)


def _days(given: tuple[str, ...], *, what: str) -> tuple[str, ...]:
    if len(given) > _MOST_LISTED:
        msg = f"{what} lists {len(given)} days; {_MOST_LISTED} are the most. Use a rule."
        raise BadInputError(msg)
    return tuple(sorted({read_date(str(day), what=what).isoformat() for day in given}))
