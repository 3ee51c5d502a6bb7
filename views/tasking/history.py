"""What was done at a place, as the register knows it: visits, lists, changes, operations."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from config.access import Action
from config.errors import BadInputError
from layers.overlays import plain
from layers.targets.compare import KIND_WORDS
from layers.wording import counted
from register import operations, targets
from spatial.window import day_words
from views import access, records
from views.signed_in.trail import register_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from register.operations import Operation
    from views.in_force import InForce
    from views.targets.delivery import Delivered

Lines = list[tuple[str, str]]

_LATEST: Final = 3
_LISTS: Final = 4


def done_at(area_id: str, cells: str, *, held: InForce, made: Delivered | None) -> Lines:
    """Return what was done at a place, label and words, for whoever is asking.

    Parameters
    ----------
    area_id, cells
        The place: its id, and its cells, space-separated.
    held, made
        The last list and people's changes, and what was delivered at it.
    """
    lines: Lines = []
    if made is not None:
        lines.append(("Last period", made.by_area.get(area_id, "no visit was entered")))
    if not access.may(Action.SEE_REGISTER) or register_in_force() is None:
        return lines
    if made is not None:
        # when each visit was, and what was seen: as on the Register page
        lines += _visits(made.visits, area_id)
    try:
        with records.register().reading() as session:
            listed = targets.every_table(session)
            run = operations.listed(session) if access.may(Action.SEE_EVALUATION) else ()
    except BadInputError as error:
        return [*lines, ("Register", str(error))]
    lines += _lists(listed, area_id)
    lines += [
        (
            "Changed by hand",
            f"{KIND_WORDS.get(one.kind, one.kind)}: {one.reason} ({one.created_by})",
        )
        for one in held.kept
        if area_id in one.areas
    ]
    return lines + _operations(run, area_id, cells)


def _visits(visits: pd.DataFrame, area_id: str) -> Lines:
    own = visits[visits["area_id"] == area_id]
    if own.empty:
        return []
    told = []
    for row in own.sort_values("start", ascending=False).head(_LATEST).to_dict("records"):
        start = dt.datetime.fromisoformat(str(row["start"]))
        # a day of the week is what a meeting remembers
        words = f"{start:%a} {start.day} {start:%b}, {start:%H:%M}, {int(row['minutes'])} minutes"
        words += f", {counted(int(row['officers']), 'officer')}"
        seen = [plain(one) for one in str(row["seen"]).split()]
        told.append(f"{words}: {', '.join(seen)}" if seen else words)
    return [("Latest visits", "; ".join(told))]


def _lists(listed: pd.DataFrame, area_id: str) -> Lines:
    own = listed[listed["area_id"] == area_id]
    if own.empty:
        return []
    told = [
        f"{day_words(dt.date.fromisoformat(str(row['adopted_on'])))} (number {int(row['rank'])})"
        for row in own.head(_LISTS).to_dict("records")
    ]
    more = f" and {len(own) - _LISTS} more" if len(own) > _LISTS else ""
    return [(f"On {counted(len(own), 'list')}", f"{', '.join(told)}{more}")]


def _operations(run: Iterable[Operation], area_id: str, cells: str) -> Lines:
    ground = {area_id, *cells.split()}
    return [
        (
            "Operation",
            (
                f"{one.name}, {day_words(one.first_date)} to {day_words(one.last_date)}: "
                f"{'patrolled' if ground & set(one.areas) else 'compared with'}"
            ),
        )
        for one in run
        if ground & {*one.areas, *one.comparators}
    ]
