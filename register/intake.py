"""A file taken into the register: read, checked, compared with what stands, added as a whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.errors import BadInputError
from register import anniversaries, audit, events, visits, words
from register.anniversaries import AnniversaryDraft
from register.calendar_rows import NOUNS as CALENDAR_NOUNS
from register.calendar_rows import read_calendar
from register.csv_rows import NOUNS, checked, read_csv
from register.errors import RowsRefusedError
from register.events import EventDraft
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
    force_area: BaseGeometry | None = None,
) -> Taken:
    """Take in a CSV file of anniversaries, events or visits, or an iCalendar file of the first two.

    Parameters
    ----------
    name
        The file's name: ``.ics`` is read as iCalendar, anything else as CSV.
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
    reader = read_calendar if is_calendar else read_csv
    drafts = reader(content, noun, name=name)
    if force_area is not None:
        _require_inside(drafts, force_area, name=name, called="event" if is_calendar else "row")
    fresh = _fresh(session, [draft for _, draft in drafts], noun)
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


def _require_inside(
    drafts: tuple[tuple[int, Draft], ...], force_area: BaseGeometry, *, name: str, called: str
) -> None:
    troubles = []
    for number, draft in drafts:
        try:
            checked(draft, force_area=force_area)
        except BadInputError as error:
            troubles.append((number, str(error)))
    if troubles:
        raise RowsRefusedError(name, tuple(troubles), called=called)


def _fresh(session: Session, drafts: list[Draft], noun: str) -> list[Draft]:
    room: Any = {"anniversaries": anniversaries, "events": events, "visits": visits}[noun]
    known = {room.same(one) for one in room.listed(session)}
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
