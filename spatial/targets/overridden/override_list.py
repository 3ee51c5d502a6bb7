"""The override list: what people changed in the list of places, checked and in order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import h3
import numpy as np

from config.errors import BadInputError
from spatial.hexes.grid import cell_names
from spatial.targets.kept.previous import numbers_of
from spatial.targets.kept.text_tables import read_text_table
from spatial.targets.table import area_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

OVERRIDE_COLUMNS: Final = ("override_id", "kind", "areas", "cells", "name", "reason", "by", "at")
"""As the register gives them; a file may leave out override_id, areas, cells and name."""

DROP: Final = "drop"
NUDGE: Final = "nudge"
MERGE: Final = "merge"
SPLIT: Final = "split"
RENAME: Final = "rename"
ADD: Final = "add"
# areas, groups of cells (least, most), whether it needs a name
_NEEDS: Final = {
    DROP: ((1, 1), (0, 0), False),
    NUDGE: ((1, 1), (1, 1), False),
    MERGE: ((2, 10), (0, 0), False),
    SPLIT: ((1, 1), (2, 10), False),
    RENAME: ((1, 1), (0, 0), True),
    ADD: ((0, 0), (1, 1), True),
}
KINDS: Final = tuple(_NEEDS)
_NEEDED: Final = ("kind", "reason", "by", "at")


class OverlapError(BadInputError):
    """Two areas drawn by hand overlap; the message names who drew them.

    Attributes
    ----------
    unsigned
        The message without the accounts.
    """

    def __init__(self, message: str, *, unsigned: str) -> None:
        super().__init__(message)
        self.unsigned = unsigned


@dataclass(frozen=True, slots=True, eq=False)
class Override:
    """One change that a person made to the list.

    Attributes
    ----------
    kind
        ``drop`` an area, ``nudge`` it onto other cells, ``merge`` several, ``split`` one into
        groups of cells, ``rename`` one, ``add`` one by hand.
    areas
        Ids it is about; in a merge the first is the one that stays.
    groups
        H3 cells, uint64, ascending: one group of ``nudge`` and ``add``, two or more of ``split``.
    name
        Of what comes out; may be empty but for ``rename`` and ``add``.
    reason, by, at
        Why, who, and when (ISO).
    """

    override_id: str
    kind: str
    areas: tuple[str, ...]
    groups: tuple[NDArray[np.uint64], ...]
    name: str
    reason: str
    by: str
    at: str

    @property
    def made_ids(self) -> tuple[str, ...]:
        """Ids of the areas it makes: one by hand, and the parts of a split but the first."""
        made = {ADD: self.groups, SPLIT: self.groups}.get(self.kind, ())
        ids = tuple(area_id(cell_names(group).tolist()) for group in made)
        # the largest part keeps the id of the whole
        return tuple(one for place, one in enumerate(ids) if place != self.keeper)

    @property
    def keeper(self) -> int | None:
        """Which group of a split keeps the id: the largest, and of equals the first."""
        if self.kind != SPLIT:
            return None
        return int(np.argmax([len(group) for group in self.groups]))

    @property
    def words(self) -> str:
        """What it is, for a sentence: ``nudge of PA-1A2B3C``."""
        what = " and ".join(self.areas) or f"{self.name!r}"
        return f"{self.kind} of {what}"


def overrides_of(table: pd.DataFrame, *, called: str = "overrides") -> tuple[Override, ...]:
    """Check a plain table of overrides, as the register gives it.

    Parameters
    ----------
    table
        `OVERRIDE_COLUMNS`, in the order of applying.
    called
        What messages call it.

    Raises
    ------
    BadInputError
        A row cannot be read: the message names row, column and value. Rows are counted from 2, as
        in a file with a header.
    """
    missing = [column for column in _NEEDED if column not in table.columns]
    if missing:
        msg = f"{called}: the column {missing[0]!r} is missing. Give {', '.join(OVERRIDE_COLUMNS)}."
        raise BadInputError(msg)
    filled = table.reindex(columns=list(OVERRIDE_COLUMNS)).fillna("").astype(str)
    rows = [
        (number, {str(key): value for key, value in row.items()})
        for number, row in enumerate(filled.to_dict("records"), 2)
    ]
    return _whole(rows, called)


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read overrides from a CSV file of `OVERRIDE_COLUMNS`.

    Parameters
    ----------
    path
        Areas and cells are separated by spaces, groups of cells by a semicolon (such a cell in
        quotes); the rows stand in the order of applying.

    Raises
    ------
    BadInputError
        It cannot be read: the message names file, row, column and remedy.
    """
    read, _ = read_text_table(path, needed=_NEEDED, known=OVERRIDE_COLUMNS)
    return _whole(read.rows, read.name)


def _whole(rows: Sequence[tuple[int, Mapping[str, str]]], called: str) -> tuple[Override, ...]:
    made = tuple(_override(row, f"{called}, row {number}") for number, row in rows)
    ids = [one.override_id for one in made]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        msg = f"{called}: override_id {twice!r} stands twice. Give every row its own."
        raise BadInputError(msg)
    _require_apart(made)
    return made


def _override(row: Mapping[str, str], where: str) -> Override:
    kind = row["kind"].strip()
    if kind not in _NEEDS:
        msg = f"{where}: kind {kind!r} is not one of {', '.join(KINDS)}. Choose one of them."
        raise BadInputError(msg)
    for column in ("reason", "by", "at"):
        if not row[column].strip():
            msg = f"{where}: {column} is empty. Every change of the list says why, who and when."
            raise BadInputError(msg)
    _require_moment(row["at"].strip(), where)
    areas = tuple(dict.fromkeys(row.get("areas", "").split()))
    groups = tuple(_group(text, where) for text in row.get("cells", "").split(";") if text.strip())
    needed_areas, needed_groups, needs_name = _NEEDS[kind]
    for number, (least, most), column, what in (
        (len(areas), needed_areas, "areas", "area ids"),
        (len(groups), needed_groups, "cells", "groups of cells"),
    ):
        if not least <= number <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            msg = f"{where}: {column} holds {number} {what}; {kind} takes {wanted}. Correct it."
            raise BadInputError(msg)
    name = " ".join(row.get("name", "").split())
    if needs_name and not name:
        msg = f"{where}: name is empty. {kind} needs the name of the place."
        raise BadInputError(msg)
    held = np.concatenate([*groups, np.empty(0, dtype=np.uint64)])
    if len(np.unique(held)) < len(held):
        msg = f"{where}: a cell stands in two groups of cells. Give every cell to one part."
        raise BadInputError(msg)
    return Override(
        row.get("override_id", "").strip() or where.rpartition(", ")[2],
        kind,
        areas,
        groups,
        name,
        " ".join(row["reason"].split()),
        row["by"].strip(),
        row["at"].strip(),
    )


def _group(text: str, where: str) -> NDArray[np.uint64]:
    wrong = [cell for cell in text.split() if not h3.is_valid_cell(cell)]
    if wrong:
        msg = (
            f"{where}: cells holds {wrong[0][:40]!r}, which is no H3 cell. Give cells as 15 "
            "hexadecimal digits, parted by spaces."
        )
        raise BadInputError(msg)
    return numbers_of(text)


def _require_moment(text: str, where: str) -> None:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"{where}: at {text!r} is no date. Write it as 2026-11-21 or 2026-11-21T09:30."
        raise BadInputError(msg) from error


def _require_apart(overrides: Sequence[Override]) -> None:
    """Refuse areas drawn by hand that overlap, whatever the incidents are."""
    owner: dict[int, Override] = {}
    for one in overrides:
        if one.kind not in {ADD, NUDGE}:
            continue
        if one.kind == NUDGE:
            # a later nudge of the same area takes the place of the earlier one
            owner = {
                cell: other
                for cell, other in owner.items()
                if other.kind != NUDGE or other.areas != one.areas
            }
        cells = one.groups[0].tolist()
        shared = [cell for cell in cells if cell in owner]
        if shared:
            other = owner[shared[0]]
            free = len(cells) - len(shared)
            remedy = (
                f"Leave out the {len(shared)} they share and {free} stay"
                if free
                else "Withdraw one of them"
            )
            what = (
                f"overlap in {len(shared)} of {len(cells)} cells, such as {shared[0]:x}. {remedy}."
            )
            msg = f"The {one.words} ({one.by}) and the {other.words} ({other.by}) {what}"
            raise OverlapError(msg, unsigned=f"The {one.words} and the {other.words} {what}")
        owner.update(dict.fromkeys(cells, one))
