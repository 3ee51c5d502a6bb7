"""What is due: anniversaries and events whose days fall within the next weeks or the past one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import or_, select

from config.holidays import HOLIDAYS, holiday_of, kept_on
from config.register import load_register_rules
from register.dates import in_year, is_leap_day
from register.recurrence import rule_days
from register.tables import AnniversaryRow, EventRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One day that is due.

    Attributes
    ----------
    noun, item_id
        ``anniversaries`` or ``events``, and the record's id.
    date, last_date
        The day itself, and the last of it where an event lasts several.
    from_date, to_date
        With the days before and after: when it matters.
    days_until
        From today to ``date``; negative once it is past.
    years
        Of an anniversary: 0 for the day itself. None for an event.
    longitude, latitude, radius_m
        WGS84 degrees, and metres round them.
    notes
        What moved it (29 February, a bank holiday), and which bank holiday it falls on.
    """

    noun: Literal["anniversaries", "events"]
    item_id: str
    label: str
    kind: str
    date: dt.date
    last_date: dt.date
    from_date: dt.date
    to_date: dt.date
    days_until: int
    years: int | None
    place: str
    longitude: float
    latitude: float
    radius_m: int
    source: str
    notes: tuple[str, ...]


def due(
    session: Session,
    today: dt.date,
    *,
    next_days: int | None = None,
    past_days: int | None = None,
) -> tuple[Due, ...]:
    """Return what is due from ``today - past_days`` to ``today + next_days``, by day.

    Parameters
    ----------
    next_days, past_days
        Without them, the settings (28 and 7).

    Notes
    -----
    A day counts as due once the days before it begin and until the days after it end, so that an
    anniversary in 30 days with five days of lead-in is listed 28 days ahead.
    """
    rules = load_register_rules()
    ahead = rules.next_days if next_days is None else next_days
    back = rules.past_days if past_days is None else past_days
    start, end = today - dt.timedelta(days=back), today + dt.timedelta(days=ahead)
    found = [
        *_anniversaries_due(session, today, start, end),
        *_events_due(session, today, start, end),
    ]
    return tuple(sorted(found, key=lambda one: (one.date, one.label, one.item_id)))


def _anniversaries_due(
    session: Session, today: dt.date, start: dt.date, end: dt.date
) -> Iterator[Due]:
    standing = select(AnniversaryRow).where(AnniversaryRow.withdrawn_at.is_(None))
    for row in session.scalars(standing):
        before, after = dt.timedelta(days=row.lead_in_days), dt.timedelta(days=row.lead_out_days)
        first, last = start - after, end + before
        for day, notes in _anniversary_days(row, first, last):
            yield Due(
                noun="anniversaries",
                item_id=row.id,
                label=row.label,
                kind=row.kind,
                date=day,
                last_date=day,
                from_date=day - before,
                to_date=day + after,
                days_until=(day - today).days,
                years=day.year - row.date.year,
                place=row.place,
                longitude=row.longitude,
                latitude=row.latitude,
                radius_m=row.radius_m,
                source=row.source,
                notes=(*notes, *_holiday_note(day)),
            )


def _anniversary_days(
    row: AnniversaryRow, first: dt.date, last: dt.date
) -> Iterator[tuple[dt.date, tuple[str, ...]]]:
    for year in range(max(first.year, row.date.year), last.year + 1):
        day = in_year(row.date, year)
        if first <= day <= last:
            moved = is_leap_day(row.date) and not is_leap_day(day)
            yield day, ("29 February, kept on 28 February this year",) if moved else ()
        # the day itself was no anniversary yet
        if row.holiday and year > row.date.year:
            also = kept_on(row.holiday, year)
            if first <= also <= last and also != day:
                yield also, (f"also remembered on {HOLIDAYS[row.holiday]}",)


def _events_due(session: Session, today: dt.date, start: dt.date, end: dt.date) -> Iterator[Due]:
    # no event matters longer after its last day than the most that may be set
    reach = start - dt.timedelta(days=load_register_rules().most_lead_days)
    standing = select(EventRow).where(
        EventRow.withdrawn_at.is_(None),
        or_(EventRow.last_date.is_(None), EventRow.last_date >= reach),
    )
    for row in session.scalars(standing):
        before, after = dt.timedelta(days=row.lead_in_days), dt.timedelta(days=row.lead_out_days)
        length = dt.timedelta(days=row.days - 1)
        for day in _event_days(row, start - after - length, end + before):
            yield Due(
                noun="events",
                item_id=row.id,
                label=row.label,
                kind=row.kind,
                date=day,
                last_date=day + length,
                from_date=day - before,
                to_date=day + length + after,
                days_until=(day - today).days,
                years=None,
                place=row.place,
                longitude=row.longitude,
                latitude=row.latitude,
                radius_m=row.radius_m,
                source=row.source,
                notes=_holiday_note(day),
            )


def _event_days(row: EventRow, first: dt.date, last: dt.date) -> list[dt.date]:
    if row.holiday:
        offset = dt.timedelta(days=row.offset_days)
        years = range((first - offset).year, (last - offset).year + 1)
        days = {kept_on(row.holiday, year) + offset for year in years}
        days = {day for day in days if day >= row.first_date}
    elif row.rule:
        days = set(rule_days(row.rule, row.first_date, first, last))
    else:
        days = {row.first_date}
    days |= {dt.date.fromisoformat(day) for day in row.extra_dates}
    days -= {dt.date.fromisoformat(day) for day in row.except_dates}
    return [day for day in days if first <= day <= last]


def _holiday_note(day: dt.date) -> tuple[str, ...]:
    holiday = holiday_of(day)
    if holiday is None:
        return ()
    return (f"falls on {holiday.name}{f' ({holiday.why})' if holiday.why else ''}",)
