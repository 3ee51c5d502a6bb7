"""Overrides: what a person changed about the proposed areas, re-applied until withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from config.errors import BadInputError
from register import keeping, words
from register.keeping import Kept
from register.tables import OverrideRow

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

# kind: how many areas it needs, how many groups of cells (least, most), whether it needs a name
_NEEDS: Final = {
    "drop": ((1, 1), (0, 0), False),
    "nudge": ((1, 1), (1, 1), False),
    "merge": ((2, 10), (0, 0), False),
    "split": ((1, 1), (2, 10), False),
    "rename": ((1, 1), (0, 0), True),
    "add": ((0, 0), (1, 1), True),
}
KINDS: Final = tuple(_NEEDS)
TABLE_COLUMNS: Final = ("override_id", "kind", "areas", "cells", "name", "reason", "by", "at")
_MOST_CELLS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideDraft:
    """What a person types.

    Attributes
    ----------
    kind
        ``drop`` an area, ``nudge`` it onto other cells, ``merge`` several, ``split`` one into
        groups of cells, ``rename`` one, ``add`` one by hand.
    areas
        Ids of the areas it is about.
    cells
        Groups of H3 cells: one for ``nudge`` and ``add``, two or more for ``split``.
    name
        Of what comes out; needed for ``rename`` and ``add``.
    reason
        Why; shown wherever the area is.
    run_id
        The run it was made on.
    """

    kind: str
    reason: str
    areas: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    name: str = ""
    run_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Override(OverrideDraft, Kept):
    """An override as the register keeps it."""


def checked(draft: OverrideDraft) -> OverrideDraft:
    """Return a draft cleaned, or refuse it in one sentence that names the field."""
    kind = words.choice(draft.kind, KINDS, what="kind")
    areas = words.codes(draft.areas, what="areas")
    groups = tuple(words.cells(group, what="cells") for group in draft.cells)
    needed_areas, needed_groups, needs_name = _NEEDS[kind]
    for number, (least, most), called in (
        (len(areas), needed_areas, "areas"),
        (len(groups), needed_groups, "groups of cells"),
    ):
        if not least <= number <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            msg = f"{kind}: {number} {called} were given; it takes {wanted}. Choose again."
            raise BadInputError(msg)
    taken = [cell for group in groups for cell in group]
    if not all(groups) or len(set(taken)) != len(taken) or len(taken) > _MOST_CELLS:
        msg = (
            f"{kind}: every group of cells needs one at least, none twice, {_MOST_CELLS} in all at "
            "most. Choose them again."
        )
        raise BadInputError(msg)
    name = words.label(draft.name, what="name") if draft.name or needs_name else ""
    return replace(
        draft,
        kind=kind,
        areas=areas,
        cells=groups,
        name=name,
        reason=words.sentence(draft.reason, what="reason"),
        run_id=words.code(draft.run_id, what="run_id", needed=False),
    )


def add(session: Session, draft: OverrideDraft, *, now: dt.datetime, by: str) -> Override:
    """Add an override."""
    row = OverrideRow(**keeping.values_of(checked(draft)))
    keeping.add(session, row, now=now, by=by)
    return keeping.seen(row, Override)


def change(  # noqa: PLR0913 (one change: what, to what, on which version, by whom, when)
    session: Session,
    item_id: str,
    draft: OverrideDraft,
    *,
    version: int,
    now: dt.datetime,
    by: str,
) -> Override:
    """Change an override that was opened at a version.

    Raises
    ------
    ChangedElsewhereError
        Somebody else changed or withdrew it since.
    """
    row = keeping.opened(session, OverrideRow, item_id, version=version)
    keeping.change(session, row, keeping.values_of(checked(draft)), now=now, by=by)
    return keeping.seen(row, Override)


def withdraw(session: Session, item_id: str, *, version: int, now: dt.datetime, by: str) -> None:
    """Withdraw an override: the next list is made without it."""
    keeping.withdraw(session, OverrideRow, item_id, version=version, now=now, by=by)


def listed(session: Session) -> tuple[Override, ...]:
    """Return the overrides in force, oldest first: the order in which they are applied."""
    return tuple(keeping.seen(row, Override) for row in keeping.standing(session, OverrideRow))


def table(session: Session) -> pd.DataFrame:
    """Return the overrides in force as the plain table that targets are made with.

    Returns
    -------
    ``TABLE_COLUMNS``, one row each in the order of applying: areas and cells space-separated,
    groups of cells apart by a semicolon, ``at`` as UTC text of when it was last changed.
    """
    rows = [
        (
            one.id,
            one.kind,
            " ".join(one.areas),
            ";".join(" ".join(group) for group in one.cells),
            one.name,
            one.reason,
            one.changed_by,
            one.changed_at.isoformat(),
        )
        for one in listed(session)
    ]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS), dtype="str")
