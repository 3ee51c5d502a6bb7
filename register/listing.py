"""Records as plain tables, a column per field: what an export holds and a page lists."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from register import (
    anniversaries,
    audit,
    decisions,
    events,
    journal,
    operations,
    overrides,
    targets,
    tension,
    visits,
    words,
)
from register.csv_rows import COLUMNS
from register.tension import Sight, Tension

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

NOUNS: Final = (
    "anniversaries", "events", "visits", "tension", "operations", "targets", "overrides",
    "decisions", "loads", "exports", "sign_ins", "audit",
)  # fmt: skip
"""What can be listed."""
_EVERYTHING: Final = 10_000_000
# whole files inside a cell help nobody; the page Evaluation hands them out
_UNLISTED: Final = frozenset({"plan", "files"})


def table(session: Session, noun: str, *, sight: Sight) -> pd.DataFrame:
    """Return the records of a kind that stand, as a table of plain values.

    Parameters
    ----------
    noun
        One of ``NOUNS``.
    sight
        Which tension may be seen; without effect on the others.

    Returns
    -------
    Anniversaries, events and visits have the columns that can be taken in again; the others all
    their fields but whole files. Several words in a cell are separated by spaces; moments are UTC.
    """
    words.choice(noun, NOUNS, what="kind of record")
    records, kind = _records(session, noun, sight)
    # tension is renewed and fades: its own columns say more than a file of new entries would
    again = None if noun == "tension" else COLUMNS.get(noun)
    names = again or [
        field.name for field in dataclasses.fields(kind) if field.name not in _UNLISTED
    ]
    rows = [[_cell(getattr(one, name)) for name in names] for one in records]
    # as objects, so that a whole number stays one where another cell is empty
    return pd.DataFrame(rows, columns=list(names), dtype=object)


def _records(session: Session, noun: str, sight: Sight) -> tuple[Iterable[Any], type[Any]]:
    if noun == "tension":
        return tension.listed(session, sight=sight), Tension
    journals: Mapping[str, tuple[Any, type[Any]]] = {
        "loads": (journal.loads, journal.Load),
        "exports": (journal.exports, journal.Export),
        "sign_ins": (journal.sign_ins, journal.SignIn),
        "audit": (audit.entries, audit.AuditEntry),
    }
    if noun in journals:
        read, kind = journals[noun]
        return read(session, most=_EVERYTHING), kind
    rooms: Mapping[str, tuple[Any, type[Any]]] = {
        "anniversaries": (anniversaries, anniversaries.Anniversary),
        "events": (events, events.Event),
        "visits": (visits, visits.Visit),
        "operations": (operations, operations.Operation),
        "targets": (targets, targets.Targets),
        "overrides": (overrides, overrides.Override),
        "decisions": (decisions, decisions.Decision),
    }
    room, kind = rooms[noun]
    return room.listed(session), kind


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return " ".join(";".join(one) if isinstance(one, tuple) else str(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value.isoformat() if isinstance(value, dt.date) else value
