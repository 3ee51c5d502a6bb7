"""Registration: what is known of when a design was fixed, and who knows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from spatial.evaluation_results import CLEAR, SUSPECT, UNKNOWN
from spatial.window import day_words

if TYPE_CHECKING:
    from config.operation import Operation


def registered_words(operation: Operation, held_since: dt.date | None) -> str:
    """Say who registered an operation and when, and who vouches for that date.

    Parameters
    ----------
    operation
        Its file may claim a date, which nobody can check.
    held_since
        The day since which a register holds the design as it stands, by the register's own clock;
        None where no register was asked.
    """
    claimed = _claimed(operation)
    if held_since is None:
        if claimed is None:
            return "Not registered beforehand."
        return f"Registered {claimed}; that is its file's own word, which nobody checked."
    words = f"Held as it stands by the register since {_beside(held_since, operation)}"
    return f"{words}." if claimed is None else f"{words}; its file says {claimed}."


def registered_standing(operation: Operation, held_since: dt.date | None) -> tuple[str, str]:
    """Return how the threat "registered afterwards" stands, and what is known of it.

    Clear only by a register's own date; by the file's word alone it is unknown.
    """
    said = operation.registered
    if held_since is not None:
        words = registered_words(operation, held_since)
        if held_since <= operation.first_date:
            return CLEAR, words
        return SUSPECT, f"{words} Places, dates or outcomes could have been chosen to please."
    if said is None:
        return UNKNOWN, (
            "Nobody registered it: that places, dates or outcomes were chosen after the result was "
            "known cannot be ruled out. Write [registered] beforehand."
        )
    if _day(said.at) <= operation.first_date:
        return UNKNOWN, (
            f"Its file says: registered {_claimed(operation)}. Nobody checked that date: keep the "
            "operation in the register, which knows its own."
        )
    return SUSPECT, (
        f"Registered {_claimed(operation)}: places, dates or outcomes could have been chosen to "
        "please."
    )


def late_words(operation: Operation, held_since: dt.date | None) -> str:
    """Say beside the verdict that the register held the design only once it ran; else nothing."""
    if held_since is None or held_since <= operation.first_date:
        return ""
    return (
        f"The register holds the operation as it stands since {day_words(held_since)} only, and it "
        f"began on {day_words(operation.first_date)}: that its design was fixed beforehand rests "
        "on the word of whoever registered it."
    )


def _claimed(operation: Operation) -> str | None:
    said = operation.registered
    return None if said is None else f"by {said.by} on {_beside(_day(said.at), operation)}"


def _beside(day: dt.date, operation: Operation) -> str:
    late = (day - operation.first_date).days
    if late == 0:
        return f"{day_words(day)}, its first day"
    days = "1 day" if abs(late) == 1 else f"{abs(late):,} days"
    return f"{day_words(day)}, {days} {'after' if late > 0 else 'before'} its first day"


def _day(moment: dt.datetime | dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment
