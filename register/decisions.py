"""Decisions of tasking meetings: what, who owns it, until when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from register import keeping, words
from register.dates import date
from register.keeping import Earlier, Kept
from register.tables import DecisionRow

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

STATES: Final = ("open", "done", "dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDraft:
    """What a person types.

    Attributes
    ----------
    owner
        The role or team that does it, not a person's name.
    due_on
        None where there is no day.
    state, outcome
        One of ``STATES``; what came of it, needed once it is done or dropped.
    area_id, run_id
        What it is about; may be empty.
    """

    meeting_on: dt.date
    text: str
    owner: str
    due_on: dt.date | None = None
    state: str = "open"
    outcome: str = ""
    area_id: str = ""
    run_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision(DecisionDraft, Kept):
    """A decision as the register keeps it."""


def checked(draft: DecisionDraft) -> DecisionDraft:
    """Return a draft cleaned, or refuse it in one sentence that names the field."""
    meeting = date(draft.meeting_on, what="meeting_on")
    due = None if draft.due_on is None else date(draft.due_on, what="due_on")
    if due is not None and due < meeting:
        msg = f"due_on: {due.isoformat()} is before the meeting of {meeting.isoformat()}."
        raise BadInputError(msg)
    state = words.choice(draft.state, STATES, what="state")
    outcome = words.remark(draft.outcome, what="outcome")
    if state != "open" and not outcome:
        msg = f"A decision that is {state} needs an outcome. Say in a sentence what came of it."
        raise BadInputError(msg)
    return replace(
        draft,
        meeting_on=meeting,
        text=words.sentence(draft.text, what="text"),
        owner=words.label(draft.owner, what="owner"),
        due_on=due,
        state=state,
        outcome=outcome,
        area_id=words.code(draft.area_id, what="area_id", needed=False),
        run_id=words.code(draft.run_id, what="run_id", needed=False),
    )


def add(session: Session, draft: DecisionDraft, *, now: dt.datetime, by: str) -> Decision:
    """Add a decision."""
    row = DecisionRow(**keeping.values_of(checked(draft)))
    keeping.add(session, row, now=now, by=by)
    return keeping.seen(row, Decision)


def change(  # noqa: PLR0913 (one change: what, to what, on which version, by whom, when)
    session: Session,
    item_id: str,
    draft: DecisionDraft,
    *,
    version: int,
    now: dt.datetime,
    by: str,
) -> Decision:
    """Change a decision that was opened at a version; how it stood before stays in its history.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed or withdrew it since.
    """
    row = keeping.opened(session, DecisionRow, item_id, version=version)
    keeping.change(session, row, keeping.values_of(checked(draft)), now=now, by=by)
    return keeping.seen(row, Decision)


def withdraw(session: Session, item_id: str, *, version: int, now: dt.datetime, by: str) -> None:
    """Withdraw a decision that should not have been entered."""
    keeping.withdraw(session, DecisionRow, item_id, version=version, now=now, by=by)


def listed(session: Session) -> tuple[Decision, ...]:
    """Return the decisions that stand, newest meeting first."""
    found = [keeping.seen(row, Decision) for row in keeping.standing(session, DecisionRow)]
    return tuple(sorted(found, key=lambda one: one.meeting_on, reverse=True))


def overdue(session: Session, today: dt.date) -> tuple[Decision, ...]:
    """Return the open decisions whose day has passed, oldest first."""
    late = [
        one
        for one in listed(session)
        if one.state == "open" and one.due_on is not None and one.due_on < today
    ]
    return tuple(sorted(late, key=lambda one: one.due_on or today))


def history(session: Session, item_id: str) -> tuple[Earlier, ...]:
    """Return a decision as it stood after each change, first state first."""
    return keeping.earlier(session, DecisionRow, item_id)
