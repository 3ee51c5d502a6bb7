"""The audit: who saw, changed or exported what, when; each entry sealed by the one before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from config.errors import BadInputError
from register import words
from register.columns import moment_text
from register.tables import AuditHeadRow, AuditRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

ACTIONS: Final = (
    "added", "adopted", "backed_up", "changed", "expired", "exported", "imported", "loaded",
    "pruned", "refused", "renewed", "restored", "seen", "signed_in", "signed_out", "withdrawn",
)  # fmt: skip
START: Final = "0" * 64
"""What the first entry is sealed to."""
ANCHORS: Final = "anchors"
"""Where a session keeps what the anchor file must say once it is committed."""

_LONGEST_DETAILS: Final = 2000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry.

    Attributes
    ----------
    seq
        1 for the first; there are no gaps.
    noun, item
        The kind of thing and its id (a page's name, a file's name).
    details
        Names of fields, counts, hashes; never their content, and no incident details.
    previous, hash
        SHA-256 of the entry before it, and of this one with it.
    """

    seq: int
    at: dt.datetime
    by: str
    action: str
    noun: str
    item: str
    run_id: str
    details: Mapping[str, Any]
    previous: str
    hash: str


def record(  # noqa: PLR0913 (who did what to what, when)
    session: Session,
    action: str,
    *,
    noun: str,
    item: str = "",
    run_id: str = "",
    details: Mapping[str, Any] | None = None,
    now: dt.datetime,
    by: str,
) -> None:
    """Append an entry, in the same transaction as what it is about.

    Parameters
    ----------
    action
        One of ``ACTIONS``.
    noun, item
        What was acted on: a kind of record and its id, "page" and its name, "file" and its name.
    run_id
        The run whose numbers were seen, adopted or exported.
    details
        Small: names of fields, counts, hashes.

    Raises
    ------
    BadInputError
        The action is unknown, or a text is no identifier.
    """
    entry = AuditRow(
        at=now,
        by=words.account(by),
        action=words.choice(action, ACTIONS, what="action"),
        noun=words.code(noun, what="noun"),
        item=words.code(item, what="item", needed=False),
        run_id=words.code(run_id, what="run id", needed=False),
        details=_canonical(details or {}),
    )
    if len(entry.details) > _LONGEST_DETAILS:
        msg = f"The audit takes {_LONGEST_DETAILS} characters of details; these are more. Cut them."
        raise BadInputError(msg)
    # whoever writes holds the register, so that nobody else takes the same place in the chain
    head = session.get(AuditHeadRow, 1)
    if head is None:
        head = AuditHeadRow(id=1, seq=0, hash=START)
        session.add(head)
    entry.seq = head.seq + 1
    entry.previous = head.hash
    entry.hash = _sealed(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add(entry)
    session.info.setdefault(ANCHORS, []).append((entry.seq, entry.hash))


def entries(  # noqa: PLR0913 (each narrows the list)
    session: Session,
    *,
    noun: str | None = None,
    item: str | None = None,
    by: str | None = None,
    since: dt.datetime | None = None,
    most: int = 500,
) -> tuple[AuditEntry, ...]:
    """Return entries, newest first: of a kind, of one thing, of one account, since a moment."""
    wanted = select(AuditRow).order_by(AuditRow.seq.desc()).limit(most)
    if noun is not None:
        wanted = wanted.where(AuditRow.noun == noun)
    if item is not None:
        wanted = wanted.where(AuditRow.item == item)
    if by is not None:
        wanted = wanted.where(AuditRow.by == by)
    if since is not None:
        wanted = wanted.where(AuditRow.at >= since)
    return tuple(_entry(row) for row in session.scalars(wanted))


def first(session: Session, action: str, *, noun: str, item: str) -> AuditEntry | None:
    """Return the first entry of an action upon one thing; None where there is none."""
    row = session.scalars(
        select(AuditRow)
        .where(AuditRow.noun == noun, AuditRow.item == item, AuditRow.action == action)
        .order_by(AuditRow.seq)
        .limit(1)
    ).first()
    return None if row is None else _entry(row)


def head(session: Session) -> tuple[int, str]:
    """Return how many entries there are, and the hash of the last."""
    row = session.get(AuditHeadRow, 1)
    return (0, START) if row is None else (row.seq, row.hash)


def chain_troubles(session: Session) -> Iterator[str]:
    """Yield what is wrong within the chain, in order; nothing where it is whole."""
    previous, expected = START, 1
    rows = session.scalars(
        select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)
    )
    for row in rows:
        if row.seq != expected:
            gone = (
                f"entry {expected}"
                if row.seq == expected + 1
                else f"entries {expected} to {row.seq - 1}"
            )
            yield f"{gone} missing before entry {row.seq}"
        if row.seq == expected and row.previous != previous:
            yield f"entry {row.seq} is not sealed to the one before it"
        if row.hash != _sealed(row):
            yield f"entry {row.seq} was changed after it was written"
        previous, expected = row.hash, row.seq + 1
    number, digest = head(session)
    if number != expected - 1:
        yield f"the register counted {number} entries and holds {expected - 1}"
    elif digest != previous:
        yield f"the last entry ({number}) is not the one that the register wrote"


def hashes(session: Session) -> dict[int, str]:
    """Return the hash of every entry by its number."""
    found = session.execute(select(AuditRow.seq, AuditRow.hash))
    return {number: digest for number, digest in found}  # noqa: C416 (rows, not pairs)


def _sealed(row: AuditRow) -> str:
    content = {
        "seq": row.seq,
        "at": moment_text(row.at),
        "by": row.by,
        "action": row.action,
        "noun": row.noun,
        "item": row.item,
        "run_id": row.run_id,
        "details": row.details,
    }
    return hashlib.sha256(f"{row.previous}\n{_canonical(content)}".encode()).hexdigest()


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        by=row.by,
        action=row.action,
        noun=row.noun,
        item=row.item,
        run_id=row.run_id,
        details=json.loads(row.details),
        previous=row.previous,
        hash=row.hash,
    )
