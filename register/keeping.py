"""Keeping a record: added, changed at the version it was opened at, withdrawn; all audited."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import select

from config.errors import BadInputError
from register import audit, words
from register.errors import ChangedElsewhereError
from register.tables import Base, HistoryRow, KeptRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

_Row = TypeVar("_Row", bound=KeptRow)
_Seen = TypeVar("_Seen")
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MADE: Final = "made"
_STAMPS: Final = frozenset(
    {"id", "version", "created_at", "created_by", "changed_at", "changed_by", "withdrawn_at"}
)


# no slots: a record inherits from this and from its draft, and two layouts of slots do not join
@dataclass(frozen=True, kw_only=True)
class Kept:
    """What every record carries besides what a person typed.

    Attributes
    ----------
    version
        Counts the changes; give it back with a change, so that nobody else's is lost.
    created_at, changed_at, withdrawn_at
        Moments in UTC; ``withdrawn_at`` is None while the record stands.
    created_by, changed_by
        Accounts as the sign-in names them.
    """

    id: str
    version: int
    created_at: dt.datetime
    created_by: str
    changed_at: dt.datetime
    changed_by: str
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A record as it stood after one change: ``content`` holds its fields as JSON does."""

    version: int
    at: dt.datetime
    by: str
    action: str
    content: Mapping[str, Any]


def new_id(session: Session, now: dt.datetime, *, entries: int | None = None) -> str:
    """Return an identifier that no other record has, and that sorts as records were made.

    A UUID of version 7 (RFC 9562): the millisecond, then the audit's length and a count within the
    session in place of chance, which orders what one moment made; the rest is chance.
    ``entries`` is the audit's length where it was just read.
    """
    length = audit.head(session)[0] if entries is None else entries
    made = session.info[_MADE] = session.info.get(_MADE, 0) + 1
    millisecond = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    order = (length & ((1 << 30) - 1)) << 15 | (made & ((1 << 15) - 1))
    low = (order & ((1 << 33) - 1)) << 29 | secrets.randbits(29)
    number = millisecond << 80 | 7 << 76 | order >> 33 << 64 | 2 << 62 | low
    return str(uuid.UUID(int=number))


def add(session: Session, row: KeptRow, *, now: dt.datetime, by: str) -> None:
    """Add a record, with its history and its audit entry."""
    place(session, [row], now=now, by=by)
    audit.record(session, "added", noun=row.__tablename__, item=row.id, now=now, by=by)


def place(session: Session, rows: Iterable[KeptRow], *, now: dt.datetime, by: str) -> None:
    """Add records without an audit entry: the caller writes one for all of them."""
    who = words.account(by)
    placed = list(rows)
    # read once: every reading would first write what waits
    length = audit.head(session)[0]
    for row in placed:
        row.id = new_id(session, now, entries=length)
        # the column that SQLAlchemy counts up with every change
        row.version = 1
        row.created_at = row.changed_at = now
        row.created_by = row.changed_by = who
        row.withdrawn_at = None
        session.add(_earlier(row, action="added"))
    session.add_all(placed)
    session.flush()


def opened(session: Session, table: type[_Row], item_id: str, *, version: int) -> _Row:
    """Return a record to change, if it still is as it was opened.

    Raises
    ------
    ChangedElsewhereError
        Its version is another one, or it was withdrawn or pruned since.
    BadInputError
        There is no such record.
    """
    row = session.get(table, item_id) if _ID.fullmatch(item_id) else None
    if row is None:
        msg = f"There is no record {item_id[:40]!r} in {table.__tablename__}. Reload the list."
        raise BadInputError(msg)
    if row.withdrawn_at is not None or row.version != version:
        raise ChangedElsewhereError(changed_elsewhere())
    return row


def changed_elsewhere() -> str:
    """Return the sentence for two edits at once."""
    return (
        "This was changed by someone else since you opened it, so your change was not kept. "
        "Reload it and change it again."
    )


def change(  # noqa: PLR0913 (one change: what, to what, by whom, when)
    session: Session,
    row: KeptRow,
    values: Mapping[str, Any],
    *,
    now: dt.datetime,
    by: str,
    action: str = "changed",
) -> None:
    """Change fields of a record that was `opened`; the audit names them, not their content."""
    fields = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not fields and row.changed_at == now and row.changed_by == words.account(by):
        # the same change sent twice in one moment is one change
        return
    for name in fields:
        setattr(row, name, values[name])
    row.changed_at = now
    row.changed_by = words.account(by)
    session.flush()
    session.add(_earlier(row, action=action))
    audit.record(
        session,
        action,
        noun=row.__tablename__,
        item=row.id,
        details={"fields": fields, "version": row.version},
        now=now,
        by=by,
    )


def withdraw(  # noqa: PLR0913 (one change: what, on which version, by whom, when)
    session: Session, table: type[KeptRow], item_id: str, *, version: int, now: dt.datetime, by: str
) -> None:
    """Withdraw a record: it is listed no more, and pruned when its period is over."""
    row = opened(session, table, item_id, version=version)
    change(session, row, {"withdrawn_at": now}, now=now, by=by, action="withdrawn")


def standing(session: Session, table: type[_Row]) -> list[_Row]:
    """Return the records that are not withdrawn, oldest first."""
    found = session.scalars(
        select(table).where(table.withdrawn_at.is_(None)).order_by(table.created_at, table.id)
    )
    return list(found)


def earlier(session: Session, table: type[KeptRow], item_id: str) -> tuple[Earlier, ...]:
    """Return a record's history, first state first."""
    rows = session.scalars(
        select(HistoryRow)
        .where(HistoryRow.noun == table.__tablename__, HistoryRow.item_id == item_id)
        .order_by(HistoryRow.version)
    )
    return tuple(
        Earlier(row.version, row.at, row.by, row.action, json.loads(row.content)) for row in rows
    )


def values_of(draft: Any) -> dict[str, Any]:  # noqa: ANN401 (any draft)
    """Return a draft's fields; tuples stay tuples."""
    return {field.name: getattr(draft, field.name) for field in dataclasses.fields(draft)}


def seen(row: Base, record: type[_Seen]) -> _Seen:
    """Return a row as the frozen record that pages and files read."""
    names = [field.name for field in dataclasses.fields(record)]  # type: ignore[arg-type]  # records are dataclasses
    return record(**{name: getattr(row, name) for name in names})


def _earlier(row: KeptRow, *, action: str) -> HistoryRow:
    content = {
        name: _plain(getattr(row, name))
        for name in row.__table__.columns.keys()  # noqa: SIM118 (a collection of columns, not a mapping)
        if name not in _STAMPS
    }
    return HistoryRow(
        noun=row.__tablename__,
        item_id=row.id,
        version=row.version,
        at=row.changed_at,
        by=row.changed_by,
        action=action,
        content=json.dumps(content, ensure_ascii=False, sort_keys=True),
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 (any column)
    return value.isoformat() if isinstance(value, dt.date) else value
