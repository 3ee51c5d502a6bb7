"""Patrol visits: which area, when, for how long, what was seen and done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd
from sqlalchemy import select

from config.errors import BadInputError
from config.register import load_register_rules
from register import keeping, words
from register.dates import date
from register.keeping import Kept
from register.places import whole
from register.tables import VisitRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

TABLE_COLUMNS: Final = ("visit_id", "area_id", "start", "minutes", "officers", "seen", "done")
_FORMAT: Final = "%Y-%m-%dT%H:%M"
_MOST_MINUTES: Final = 720
_MOST_OFFICERS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDraft:
    """What a person types.

    Attributes
    ----------
    start
        ``2026-12-14T18:30``: wall-clock of Europe/London, as a patrol reads it.
    minutes, officers
        How long, and how many; no names.
    seen, done
        Words of the settings ``visit_seen`` and ``visit_done``.
    operation_id
        The operation it belongs to; may be empty.
    source
        Where it is known from (a form, a file).
    """

    area_id: str
    start: str
    minutes: int
    officers: int = 1
    seen: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    operation_id: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Visit(VisitDraft, Kept):
    """A visit as the register keeps it."""


def checked(draft: VisitDraft) -> VisitDraft:
    """Return a draft cleaned, or refuse it in one sentence that names the field."""
    rules = load_register_rules()
    return replace(
        draft,
        area_id=words.code(draft.area_id, what="area_id"),
        start=_moment(draft.start),
        minutes=whole(draft.minutes, what="minutes", least=1, most=_MOST_MINUTES),
        officers=whole(draft.officers, what="officers", least=1, most=_MOST_OFFICERS),
        seen=tuple(words.choice(one, rules.visit_seen, what="seen") for one in draft.seen),
        done=tuple(words.choice(one, rules.visit_done, what="done") for one in draft.done),
        operation_id=words.code(draft.operation_id, what="operation_id", needed=False),
        source=words.remark(draft.source, what="source"),
    )


def add(session: Session, draft: VisitDraft, *, now: dt.datetime, by: str) -> Visit:
    """Add a visit."""
    row = VisitRow(**keeping.values_of(checked(draft)))
    keeping.add(session, row, now=now, by=by)
    return keeping.seen(row, Visit)


def add_all(
    session: Session, drafts: Iterable[VisitDraft], *, now: dt.datetime, by: str
) -> tuple[Visit, ...]:
    """Add checked drafts of one file; the caller writes the audit's entry for the file."""
    rows = [VisitRow(**keeping.values_of(draft)) for draft in drafts]
    keeping.place(session, rows, now=now, by=by)
    return tuple(keeping.seen(row, Visit) for row in rows)


def change(  # noqa: PLR0913 (one change: what, to what, on which version, by whom, when)
    session: Session, item_id: str, draft: VisitDraft, *, version: int, now: dt.datetime, by: str
) -> Visit:
    """Change a visit that was opened at a version.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed or withdrew it since.
    """
    row = keeping.opened(session, VisitRow, item_id, version=version)
    keeping.change(session, row, keeping.values_of(checked(draft)), now=now, by=by)
    return keeping.seen(row, Visit)


def withdraw(session: Session, item_id: str, *, version: int, now: dt.datetime, by: str) -> None:
    """Withdraw a visit that was not made."""
    keeping.withdraw(session, VisitRow, item_id, version=version, now=now, by=by)


def listed(
    session: Session, *, first: dt.date | None = None, last: dt.date | None = None
) -> tuple[Visit, ...]:
    """Return the visits that stand, by start; from and until a day, both included."""
    wanted = select(VisitRow).where(VisitRow.withdrawn_at.is_(None))
    if first is not None:
        wanted = wanted.where(VisitRow.start >= first.isoformat())
    if last is not None:
        wanted = wanted.where(VisitRow.start < (last + dt.timedelta(days=1)).isoformat())
    rows = session.scalars(wanted.order_by(VisitRow.start, VisitRow.area_id, VisitRow.id))
    return tuple(keeping.seen(row, Visit) for row in rows)


def table(session: Session) -> pd.DataFrame:
    """Return the visits that stand as a plain table (``TABLE_COLUMNS``), by start."""
    rows = [
        (one.id, one.area_id, one.start, one.minutes, one.officers, " ".join(one.seen),
         " ".join(one.done))
        for one in listed(session)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def same(draft: VisitDraft) -> tuple[object, ...]:
    """Return what makes two visits one: area, start and minutes."""
    return (draft.area_id, draft.start, draft.minutes)


def _moment(value: object) -> str:
    text = words.cleaned(value, what="start").replace(" ", "T")
    for written in (_FORMAT, "%Y-%m-%dT%H:%M:%S", "%d/%m/%YT%H:%M"):
        try:
            found = dt.datetime.strptime(text, written)  # noqa: DTZ007 (wall-clock, as it was read)
        except ValueError:
            continue
        date(found.date(), what="start")
        return found.strftime(_FORMAT)
    msg = f"start: {text[:30]!r} is no day and time. Write it as 2026-12-14 18:30."
    raise BadInputError(msg)
