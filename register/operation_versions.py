"""Versions of an operation: what was changed when, and whether results had been seen by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from register import audit, operations
from register.tables import OperationRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

_LONDON: Final = ZoneInfo("Europe/London")
NOUN: Final = OperationRow.__tablename__
# said in words of their own: the plan and its files are what a digest is made of
_PAPERS: Final = ("plan", "files", "digest")


@dataclass(frozen=True, slots=True)
class OperationVersion:
    """An operation as it stood after one change.

    Attributes
    ----------
    fields
        Names of the fields that differ from the version before; ``files`` holds the names of files
        that differ, so that a redrawn area is told from a later date.
    weighs
        Whether anything differs that an evaluation rests on (the digest); a new remark does not.
    after_seen
        Whether results of the operation had been seen by then.
    """

    version: int
    at: dt.datetime
    by: str
    action: str
    fields: tuple[str, ...]
    files: tuple[str, ...]
    digest: str
    weighs: bool
    after_seen: bool


def note_seen(  # noqa: PLR0913 (what was seen of which operation, when, by whom)
    session: Session, *, item: str, run_id: str, digest: str, now: dt.datetime, by: str
) -> None:
    """Write into the audit that results of an operation are shown to somebody."""
    audit.record(
        session,
        "seen",
        noun=NOUN,
        item=item,
        run_id=run_id,
        details={"digest": digest},
        now=now,
        by=by,
    )


def first_seen(session: Session, item_id: str) -> dt.datetime | None:
    """Return when results of an operation were first shown to anybody; None for not yet.

    It knows of this register only: who worked the outcomes out elsewhere is not in it.
    """
    entry = audit.first(session, "seen", noun=NOUN, item=item_id)
    return None if entry is None else entry.at


def versions(session: Session, item_id: str) -> tuple[OperationVersion, ...]:
    """Return an operation's versions, first one first."""
    seen_at = first_seen(session, item_id)
    found = []
    before: Mapping[str, Any] | None = None
    for one in operations.history(session, item_id):
        content = one.content
        digest = str(content.get("digest", ""))
        found.append(
            OperationVersion(
                version=one.version,
                at=one.at,
                by=one.by,
                action=one.action,
                fields=_fields(before, content),
                files=_files(before, content),
                digest=digest,
                weighs=before is not None and before.get("digest", "") != digest,
                after_seen=seen_at is not None and one.at > seen_at,
            )
        )
        before = content
    return tuple(found)


def held_since(listed: tuple[OperationVersion, ...]) -> dt.date:
    """Return the day (London) since which the register holds the design as it stands (digest)."""
    since = listed[-1].at
    for one in reversed(listed):
        if one.digest != listed[-1].digest:
            break
        since = one.at
    return since.astimezone(_LONDON).date()


def changed_since_seen(listed: tuple[OperationVersion, ...]) -> int:
    """Return how many changes that matter were made once results had been seen."""
    return sum(one.weighs and one.after_seen for one in listed)


def _fields(before: Mapping[str, Any] | None, content: Mapping[str, Any]) -> tuple[str, ...]:
    if before is None:
        return ()
    return tuple(
        name
        for name in sorted(content)
        if name not in _PAPERS and before.get(name) != content[name]
    )


def _files(before: Mapping[str, Any] | None, content: Mapping[str, Any]) -> tuple[str, ...]:
    if before is None:
        return ()
    old, new = (dict(one.get("files", ())) for one in (before, content))
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))
