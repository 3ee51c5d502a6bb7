"""Retention: records whose period is over, listed first, then removed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, String, case, cast, delete, func, select

from config.register import load_register_rules
from register import audit
from register.tables import (
    AnniversaryRow,
    Base,
    DecisionRow,
    EventRow,
    ExportRow,
    HistoryRow,
    KeptRow,
    LoadRow,
    OperationRow,
    OverrideRow,
    SignInRow,
    TargetAreaRow,
    TargetFileRow,
    TargetsRow,
    TensionRow,
    VisitRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import InstrumentedAttribute, Session

# the day on which a record ended, besides a withdrawal: a date, a moment or wall-clock text
_ENDS: Final[dict[type[Any], InstrumentedAttribute[Any] | None]] = {
    AnniversaryRow: None,
    EventRow: EventRow.last_date,
    TensionRow: TensionRow.expires_on,
    OperationRow: OperationRow.last_date,
    TargetsRow: TargetsRow.last_date,
    OverrideRow: None,
    VisitRow: VisitRow.start,
    DecisionRow: DecisionRow.meeting_on,
    LoadRow: LoadRow.at,
    ExportRow: ExportRow.at,
    SignInRow: SignInRow.at,
}
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Expired:
    """A record that is past its period.

    Attributes
    ----------
    ended_on
        The day its period is counted from.
    days, reason
        The period, and why, as the settings have it.
    """

    noun: str
    item_id: str
    ended_on: dt.date
    days: int
    reason: str


def expired(session: Session, today: dt.date) -> tuple[Expired, ...]:
    """Return the records that are past their period on a day, by kind and end.

    A decision that is still open is none of them, nor is a kind whose period is 0 (kept until
    somebody takes it out). The audit is never among them: without its beginning, the rest of it
    could not be checked.
    """
    found: list[Expired] = []
    periods = load_register_rules().retention
    for table, column in _ENDS.items():
        noun = table.__tablename__
        period = getattr(periods, noun)
        if period.days == 0:
            continue
        end = _end(table, column)
        last = today - dt.timedelta(days=period.days)
        # the day after the last is the first on which it may go
        wanted = select(table.id, end).where(end < last.isoformat())
        if table is DecisionRow:
            wanted = wanted.where(
                (DecisionRow.state != "open") | DecisionRow.withdrawn_at.is_not(None)
            )
        found += [
            Expired(noun, item, dt.date.fromisoformat(day), period.days, period.reason)
            for item, day in session.execute(wanted.order_by(end, table.id))
        ]
    return tuple(found)


def prune(
    session: Session, records: Iterable[Expired], *, now: dt.datetime, by: str
) -> dict[str, int]:
    """Remove records that `expired` listed, with their history; return how many of each kind.

    Archived outputs are files and are never touched.
    """
    tables = {table.__tablename__: table for table in _ENDS}
    ids: dict[str, list[str]] = {}
    for one in records:
        ids.setdefault(one.noun, []).append(one.item_id)
    counts = {}
    for noun, items in ids.items():
        for begin in range(0, len(items), _CHUNK):
            _remove(session, tables[noun], items[begin : begin + _CHUNK])
        counts[noun] = len(items)
        audit.record(
            session,
            "pruned",
            noun=noun,
            details={"records": len(items), "days": getattr(_periods(), noun).days},
            now=now,
            by=by,
        )
    session.flush()
    return counts


def _periods() -> Any:  # noqa: ANN401 (asked by name)
    return load_register_rules().retention


def _remove(session: Session, table: type[Any], items: list[str]) -> None:
    parts: list[type[Base]] = [TargetAreaRow, TargetFileRow] if table is TargetsRow else []
    for part in parts:
        session.execute(delete(part).where(part.__table__.c.targets_id.in_(items)))
    session.execute(
        delete(HistoryRow).where(
            HistoryRow.noun == table.__tablename__, HistoryRow.item_id.in_(items)
        )
    )
    session.execute(delete(table).where(table.id.in_(items)))


def _end(table: type[Any], column: InstrumentedAttribute[Any] | None) -> ColumnElement[str]:
    own = None if column is None else _day(column)
    if not issubclass(table, KeptRow):
        return _day(table.at) if own is None else own
    withdrawn = _day(table.withdrawn_at)
    if own is None:
        return withdrawn
    # whichever came first, where both did
    return case(
        (table.withdrawn_at.is_(None), own),
        (own.is_(None), withdrawn),
        (withdrawn < own, withdrawn),
        else_=own,
    )


def _day(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    # every date, moment and wall-clock text begins with its day, in both databases
    return cast(func.substr(cast(column, String), 1, 10), String)
