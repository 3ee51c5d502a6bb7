"""A file taken into the register: read, checked, compared with what stands, added as a whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.errors import BadInputError
from register import anniversaries, audit, events, tension, visits, words
from register.anniversaries import AnniversaryDraft
from register.calendar_rows import NOUNS as CALENDAR_NOUNS
from register.calendar_rows import read_calendar
from register.csv_rows import NOUNS, checked, read_csv
from register.errors import RowsRefusedError
from register.events import EventDraft
from register.tension import Sight, TensionDraft
from register.visits import VisitDraft

if TYPE_CHECKING:
    import datetime as dt

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from register.csv_rows import Draft


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: ``read = added + duplicates``.

    Attributes
    ----------
    duplicates
        Rows that stand in the register already, or earlier in the file: left out.
    """

    noun: str
    read: int
    added: int
    duplicates: int


def take_in(  # noqa: PLR0913 (a file, what it holds, by whom, when)
    session: Session,
    content: bytes,
    noun: str,
    *,
    name: str,
    now: dt.datetime,
    by: str,
    sight: Sight,
    today: dt.date,
    force_area: BaseGeometry | None = None,
) -> Taken:
    """Take in a CSV file of one kind of record, or an iCalendar file of anniversaries or events.

    Parameters
    ----------
    name
        The file's name: ``.ics`` is read as iCalendar, anything else as CSV.
    sight
        Tension that may not be seen may not be brought in.
    today
        No tension may be entered for a day after it.
    force_area
        Polygon in degrees that every place must lie in; None where none is known.

    Raises
    ------
    RowsRefusedError
        Rows cannot be used; nothing was taken in.
    """
    words.choice(noun, NOUNS, what="kind of record")
    is_calendar = name.casefold().endswith((".ics", ".ical"))
    if is_calendar and noun not in CALENDAR_NOUNS:
        msg = f"{name}: a calendar holds events or anniversaries, no {noun}. Give a CSV file."
        raise BadInputError(msg)
    drafts: tuple[tuple[int, Draft], ...]
    if is_calendar:
        drafts = read_calendar(content, noun, name=name)
    else:
        drafts = read_csv(content, noun, name=name, today=today)
    called = "event" if is_calendar else "row"
    _require_allowed(drafts, force_area, name=name, called=called, today=today, sight=sight)
    fresh = _fresh(session, [draft for _, draft in drafts], noun, sight=sight)
    _add_all(session, fresh, now=now, by=by)
    taken = Taken(noun, len(drafts), len(fresh), len(drafts) - len(fresh))
    audit.record(
        session,
        "imported",
        noun=noun,
        details={
            "added": taken.added,
            "duplicates": taken.duplicates,
            "sha256": hashlib.sha256(content).hexdigest(),
        },
        now=now,
        by=by,
    )
    return taken


def _require_allowed(  # noqa: PLR0913 (rows, and what each must keep to)
    drafts: tuple[tuple[int, Draft], ...],
    force_area: BaseGeometry | None,
    *,
    name: str,
    called: str,
    today: dt.date,
    sight: Sight,
) -> None:
    troubles = []
    for number, draft in drafts:
        try:
            if isinstance(draft, TensionDraft):
                tension.require_sight(draft.theme, sight)
            if force_area is not None:
                checked(draft, today=today, force_area=force_area)
        except BadInputError as error:
            troubles.append((number, str(error)))
    if troubles:
        raise RowsRefusedError(name, tuple(troubles), called=called)


def _fresh(session: Session, drafts: list[Draft], noun: str, *, sight: Sight) -> list[Draft]:
    rooms: dict[str, Any] = {
        "anniversaries": anniversaries,
        "events": events,
        "visits": visits,
        "tension": tension,
    }
    room = rooms[noun]
    seen = {"sight": sight} if noun == "tension" else {}
    known = {room.same(one) for one in room.listed(session, **seen)}
    fresh = []
    for draft in drafts:
        key = room.same(draft)
        if key not in known:
            known.add(key)
            fresh.append(draft)
    return fresh


def _add_all(session: Session, drafts: list[Draft], *, now: dt.datetime, by: str) -> None:
    days = [one for one in drafts if isinstance(one, AnniversaryDraft)]
    if days:
        anniversaries.add_all(session, days, now=now, by=by)
    recurring = [one for one in drafts if isinstance(one, EventDraft)]
    if recurring:
        events.add_all(session, recurring, now=now, by=by)
    made = [one for one in drafts if isinstance(one, VisitDraft)]
    if made:
        visits.add_all(session, made, now=now, by=by)
    told = [one for one in drafts if isinstance(one, TensionDraft)]
    if told:
        tension.add_all(session, told, now=now, by=by)
