"""Operation entries: the town's operations and their visits, put into the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.operation_papers import gather
from register import operations
from register.intake import take_in
from register.tension import Sight

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from sqlalchemy.orm import Session

_PLANS: Final = "operation_*.toml"


def fill_operations(
    session: Session, folder: Path, *, today: dt.date, now: dt.datetime, by: str
) -> None:
    """Enter every operation of a folder, and the visits whose file stands beside its plan."""
    for plan in sorted(folder.glob(_PLANS)):
        kept = operations.add(session, operations.draft_of(gather(plan)), now=now, by=by)
        beside = plan.with_name(f"{plan.stem}_visits.csv")
        head, *rows = beside.read_text(encoding="utf-8").splitlines()
        # the register's own number, which the file cannot know
        lines = [f"{head},operation_id", *(f"{row},{kept.id}" for row in rows)]
        content = "\n".join([*lines, ""]).encode()
        take_in(
            session,
            content,
            "visits",
            name=beside.name,
            sight=Sight.ALL,
            today=today,
            now=now,
            by=by,
        )
