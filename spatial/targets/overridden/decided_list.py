"""The decided list: the places after people's changes, and what became of each change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.hexes.grid import cell_names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.notes import Notes
    from spatial.targets.kept.previous import PreviousList
    from spatial.targets.overridden.override_list import Override
    from spatial.targets.ranking import RankedAreas

APPLIED: Final = "applied"
NOT_NEEDED: Final = "not needed"
NOT_APPLIED: Final = "not applied"

OUTCOME_COLUMNS: Final = (
    "override_id", "kind", "areas", "name", "outcome", "words", "reason", "by", "at",
)  # fmt: skip
"""One row for each override, in order; ``outcome`` is one of the three words above."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One place on the list, or taken off it.

    Attributes
    ----------
    area_id
        Its id.
    cells
        Positions in the grid, ascending.
    grown
        Positions before people changed it; empty of a place made by hand.
    rank
        Where it stood among the grown areas, from 1; 0 of a place made by hand. Of a merged one,
        that of its best part.
    name
        As people gave it; empty where its streets name it.
    by_hand
        Whether it was added, not grown or a part of one.
    part_of
        Id of the area that a split made it of; empty elsewhere.
    changes
        The overrides that touched it, in order.
    """

    area_id: str
    cells: NDArray[np.int64]
    grown: NDArray[np.int64]
    rank: int
    name: str = ""
    by_hand: bool = False
    part_of: str = ""
    changes: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DecidedList:
    """What is patrolled.

    Attributes
    ----------
    places
        In order of what ranks them, best first.
    held_back
        Places that were grown and people took off, or merged into another.
    merged_into
        Id of a merged area: id of the place it is part of now.
    next_best
        Grown areas below the list, in order.
    outcomes
        `OUTCOME_COLUMNS` and the columns of
        :data:`spatial.targets.overridden.override_effects.EFFECT_COLUMNS`.
    ranked
        The same places as areas, for describing and expecting.
    notes
        How the list came about, loud where a change could not be applied.
    """

    places: tuple[Place, ...]
    held_back: tuple[Place, ...]
    merged_into: dict[str, str]
    next_best: tuple[Place, ...]
    outcomes: pd.DataFrame
    ranked: RankedAreas
    notes: Notes

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the places, in order."""
        return tuple(place.area_id for place in self.places)


@dataclass(slots=True)
class Draft:
    """A list while changes are applied to it, one after another.

    Attributes
    ----------
    wanted
        How many grown places are listed: one that is dropped, or merged into another, makes room
        for the next in rank.
    pool
        Grown areas by id, best first, merged and nudged ones included.
    extra
        Places beside them: added by hand, or split off.
    held_back, merged_into
        As in `DecidedList`.
    """

    wanted: int
    pool: dict[str, Place]
    extra: dict[str, Place] = field(default_factory=dict)
    held_back: dict[str, Place] = field(default_factory=dict)
    merged_into: dict[str, str] = field(default_factory=dict)

    def listed(self) -> dict[str, Place]:
        """Return the places on the list now, by id."""
        drawn = self._drawn()
        chosen: dict[str, Place] = {}
        for one in sorted(self.pool.values(), key=lambda place: place.rank):
            if len(chosen) == self.wanted:
                break
            # ground drawn by hand belongs to that place; one whose own cells were drawn stays
            if one.changes or drawn.isdisjoint(one.cells.tolist()):
                chosen[one.area_id] = one
        parts = {
            key: one
            for key, one in self.extra.items()
            if not one.part_of or one.part_of in chosen or one.part_of in self.extra
        }
        return {**chosen, **parts}

    def free(self, cells: NDArray[np.int64], *, own: Collection[str]) -> NDArray[np.int64]:
        """Return those of some cells that no other place holds: see :meth:`holders`."""
        others = [one.cells for key, one in self._holding().items() if key not in own]
        return np.setdiff1d(cells, np.concatenate([*others, np.empty(0, dtype=np.int64)]))

    def holders(self, cells: NDArray[np.int64], *, own: Collection[str]) -> list[str]:
        """Return the ids of the other places that hold some of the cells.

        Places on the list, and those that people changed and that are below it now: they may come
        back by a later change, and no ground belongs to two places.
        """
        return [
            key
            for key, one in self._holding().items()
            if key not in own and len(np.intersect1d(one.cells, cells))
        ]

    def _holding(self) -> dict[str, Place]:
        changed = {key: one for key, one in self.pool.items() if one.changes}
        return {**self.listed(), **changed, **self.extra}

    def _drawn(self) -> set[int]:
        drawn = [one.cells for one in self.extra.values()]
        drawn += [one.cells for one in self.pool.values() if one.changes]
        return set(np.concatenate([*drawn, np.empty(0, dtype=np.int64)]).tolist())


def also_known(
    decided: DecidedList,
    grid: HexGrid,
    *,
    previous: PreviousList | None = None,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return what the next list must know of areas beyond the columns of this one.

    Parameters
    ----------
    decided, grid
        The list and its cells.
    previous
        The list before, for names.
    names
        What areas are called, by id; else as the earlier list called them; else they have none.

    Returns
    -------
    ``area_id, name, cells`` of the areas that people took off and of the next best, for the
    ``also_known`` of :func:`spatial.targets.kept.previous.previous_list` (or of the manifest): so a
    place that comes back to the list, or whose change is withdrawn, comes back under its own id.
    """
    called: dict[str, str] = {}
    if previous is not None:
        called = dict(zip(previous.table["area_id"], previous.table["grown_name"], strict=True))
    called.update(names or {})
    known = [*decided.held_back, *decided.next_best]
    rows = [
        (one.area_id, called.get(one.area_id) or "", _text(one.grown, grid))
        for one in known
        if len(one.grown)
    ]
    return pd.DataFrame(rows, columns=["area_id", "name", "cells"])


def _text(cells: NDArray[np.int64], grid: HexGrid) -> str:
    return " ".join(cell_names(grid.cells[cells]).tolist())
