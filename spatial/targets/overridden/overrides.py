"""Overrides: people's changes applied to the ranked areas, one after another, none lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from spatial.hexes.disks import resolutions
from spatial.hexes.grid import cell_names
from spatial.hexes.neighbours import ring_neighbours
from spatial.notes import Note
from spatial.targets.overridden.decided_list import (
    APPLIED,
    NOT_APPLIED,
    NOT_NEEDED,
    OUTCOME_COLUMNS,
    DecidedList,
    Draft,
    Place,
)
from spatial.targets.overridden.override_effects import EFFECT_COLUMNS, effect, effect_words
from spatial.targets.overridden.override_list import ADD, DROP, MERGE, NUDGE, RENAME, SPLIT
from spatial.targets.table import area_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.hexes.neighbours import Neighbours
    from spatial.notes import Notes
    from spatial.targets.kept.identity import Identities
    from spatial.targets.overridden.override_effects import Holdings
    from spatial.targets.overridden.override_list import Override
    from spatial.targets.ranking import RankedAreas

_Outcome = tuple[str, str]


class _Refused(Exception):  # noqa: N818 (not an error: the outcome of one change)
    """A change cannot be applied, or need not be; its words say why."""

    def __init__(self, words: str, outcome: str = NOT_APPLIED) -> None:
        super().__init__(words)
        self.outcome = outcome


def decide(  # noqa: PLR0913 (one list's inputs, all needed)
    ranked: RankedAreas,
    identities: Identities,
    overrides: Sequence[Override],
    grid: HexGrid,
    *,
    value: NDArray[np.int64],
    holdings: Holdings,
    adjoining: Neighbours | None = None,
    most_cells: int = 7,
) -> DecidedList:
    """Apply overrides to ranked areas.

    Parameters
    ----------
    ranked
        The areas, and the next best as ``rivals``: they move up where places are taken off.
    identities
        Of the areas and then the rivals: see :func:`spatial.targets.kept.identity.identify`.
    overrides
        In the order of applying; none leaves the list as it was ranked.
    grid
        The cells.
    value
        What ranks places, whole numbers per cell, shape (n,): see
        :func:`spatial.targets.ranking.ranking_values`.
    holdings
        What lies in the cells, for what is given up and gained.
    adjoining
        Who can be walked to from where; None for every neighbouring cell.
    most_cells
        As many cells as a patrol area should have at most; more are allowed to people, and said.

    Notes
    -----
    The list keeps the number of places asked for: one that is dropped, or merged into another,
    makes room for the next in rank. A place added by hand, and the further parts of a split, are
    listed beside that number, so that no untouched place leaves for them. Ground of a place on the
    list stays with it: cells drawn over it are left out, and said. What lies in an untouched place
    is what it was; only its rank may shift.

    Raises
    ------
    BadInputError
        The places are a force's own polygons, which have no cells to change.
    """
    if ranked.drawn is not None:
        msg = (
            "The places are polygons of your own, which cannot be changed cell by cell. Change the "
            "file of polygons."
        )
        raise BadInputError(msg)
    everyone = (*ranked.areas, *ranked.rivals)
    pool = {
        identities.ids[at]: Place(identities.ids[at], area, area, at + 1)
        for at, area in enumerate(everyone)
    }
    draft = Draft(len(ranked.areas), pool)
    change = _Change(grid, adjoining or ring_neighbours(grid, ring=1), most_cells, draft)
    rows = []
    for one in overrides:
        before = draft.listed()
        outcome, words = change.apply(one)
        after = draft.listed()
        found = effect(before, after, about={*one.areas, *one.made_ids}, holdings=holdings)
        if outcome == APPLIED and one.kind != RENAME:
            words = f"{words} {effect_words(found)}"
        told = (one.override_id, one.kind, " ".join(one.areas), one.name, outcome, words)
        said = dict(zip(OUTCOME_COLUMNS, (*told, one.reason, one.by, one.at), strict=True))
        rows.append({**said, **found})
    outcomes = pd.DataFrame(rows, columns=[*OUTCOME_COLUMNS, *EFFECT_COLUMNS])
    return _decided(draft, ranked, outcomes, value)


def _decided(
    draft: Draft, ranked: RankedAreas, outcomes: pd.DataFrame, value: NDArray[np.int64]
) -> DecidedList:
    listed = draft.listed()
    places = sorted(
        listed.values(), key=lambda one: (-int(value[one.cells].sum()), int(one.cells.min()))
    )
    below = [one for one in draft.pool.values() if one.area_id not in listed]
    below.sort(key=lambda one: one.rank)
    held_back = tuple(draft.held_back.values())
    # those held back stay among the rivals: another place's chance must not change for them
    rivals = sorted([*below, *(one for one in held_back if one.rank)], key=lambda one: one.rank)
    notes: Notes = ranked.notes
    if len(outcomes):
        notes = (*notes, *_notes(outcomes, draft))
    return DecidedList(
        places=tuple(places),
        held_back=held_back,
        merged_into=dict(draft.merged_into),
        next_best=tuple(below),
        outcomes=outcomes,
        ranked=replace(
            ranked,
            areas=tuple(one.cells for one in places),
            rivals=tuple(one.cells for one in rivals),
            notes=notes,
        ),
        notes=notes,
    )


def _notes(outcomes: pd.DataFrame, draft: Draft) -> list[Note]:
    applied = int((outcomes["outcome"] == APPLIED).sum())
    plural = "" if applied == 1 else "s"
    sentence = (
        f"{applied} change{plural} by hand applied. The list keeps {draft.wanted} ranked places: "
        "one taken off makes room for the next in rank; places added by hand come on top."
    )
    notes = [Note(sentence)]
    for row in outcomes[outcomes["outcome"] != APPLIED].to_dict("records"):
        said = "could not be applied" if row["outcome"] == NOT_APPLIED else "was not needed"
        what = row["areas"].replace(" ", " and ") or repr(row["name"])
        text = f"The {row['kind']} of {what} by {row['by']} {said}: {row['words']}"
        notes.append(Note(text, loud=row["outcome"] == NOT_APPLIED))
    return notes


class _Change:
    """The six kinds of change, each upon the draft as it is."""

    def __init__(self, grid: HexGrid, adjoining: Neighbours, most_cells: int, draft: Draft) -> None:
        self.grid = grid
        self.adjoining = adjoining
        self.most_cells = most_cells
        self.draft = draft
        # the id that an area would have by its ground alone, for changes made on a first list
        self.by_ground: Final = {
            area_id(cell_names(grid.cells[one.grown]).tolist()): key
            for key, one in draft.pool.items()
        }

    def apply(self, one: Override) -> _Outcome:
        """Apply one override, and return what became of it in a word and a sentence."""
        kinds: dict[str, Callable[[Override], str]] = {
            DROP: self._drop,
            NUDGE: self._nudge,
            MERGE: self._merge,
            SPLIT: self._split,
            RENAME: self._rename,
            ADD: self._add,
        }
        try:
            return APPLIED, kinds[one.kind](one)
        except _Refused as refused:
            return refused.outcome, str(refused)

    def _drop(self, one: Override) -> str:
        place = self._found(one.areas[0])
        was_listed = place.area_id in self.draft.listed()
        self._take_off(place, one)
        if not was_listed:
            # it must not move up either, so it is off the pool all the same
            raise _Refused(self._below(place), NOT_NEEDED)
        return f"{place.area_id} is taken off."

    def _nudge(self, one: Override) -> str:
        place = self._listed(one.areas[0])
        asked = self._positions(one.groups[0])
        reach = {near for cell in place.cells.tolist() for near in self.adjoining.of(cell)}
        if reach.isdisjoint(asked.tolist()):
            msg = f"the new cells no longer adjoin {place.area_id}, which lies elsewhere now."
            raise _Refused(msg)
        free, left_out = self._claim(asked, own=place.area_id)
        self._put(replace(place, cells=free, name=one.name or place.name), one)
        return f"{place.area_id} is moved onto {_cells(len(free))}{left_out}."

    def _merge(self, one: Override) -> str:
        places = [self._found(key) for key in one.areas]
        if len({place.area_id for place in places}) < len(places):
            msg = f"{' and '.join(one.areas)} are one place now."
            raise _Refused(msg)
        listed = self.draft.listed()
        if not any(place.area_id in listed for place in places):
            raise _Refused(self._below(places[0]), NOT_NEEDED)
        cells = np.unique(np.concatenate([place.cells for place in places]))
        # one that was below the list may lie on ground that somebody drew
        cells = self.draft.free(cells, own=[place.area_id for place in places])
        if not self._connected(cells):
            msg = (
                f"{' and '.join(place.area_id for place in places)} do not adjoin each other (or "
                "a barrier parts them). Patrol them apart, or add a place by hand."
            )
            raise _Refused(msg)
        first, *others = places
        for other in others:
            self._take_off(other, one)
            self.draft.merged_into[other.area_id] = first.area_id
        ranks = [place.rank for place in places if place.rank]
        kept = replace(first, cells=cells, name=one.name or first.name)
        if first.area_id in self.draft.pool:
            kept = replace(kept, rank=min(ranks))
        self._put(kept, one)
        return f"{first.area_id} has {_cells(len(cells))} now{self._large(len(cells))}."

    def _split(self, one: Override) -> str:
        place = self._listed(one.areas[0])
        groups = [self._positions(group) for group in one.groups]
        for group in groups:
            if not len(np.intersect1d(group, place.cells)):
                msg = f"{place.area_id} lies elsewhere now, and one part would hold none of it."
                raise _Refused(msg)
        claimed = [self._claim(group, own=place.area_id) for group in groups]
        keeper = one.keeper
        made = iter(one.made_ids)
        for at, (group, _) in enumerate(claimed):
            if at == keeper:
                continue
            part = self._made(next(made), group)
            self._put(replace(part, name=one.name, part_of=place.area_id), one)
        kept = next(group for at, (group, _) in enumerate(claimed) if at == keeper)
        self._put(replace(place, cells=kept), one)
        left_out = next((words for _, words in claimed if words), "")
        return f"{place.area_id} is {len(groups)} places now{left_out}."

    def _rename(self, one: Override) -> str:
        place = self._listed(one.areas[0])
        self._put(replace(place, name=one.name), one)
        return f"{place.area_id} is called {one.name}."

    def _add(self, one: Override) -> str:
        free, left_out = self._claim(self._positions(one.groups[0]))
        key = area_id(cell_names(np.unique(one.groups[0])).tolist())
        self._put(replace(self._made(key, free), name=one.name, by_hand=True), one)
        return f"{one.name} is added with {_cells(len(free))}{left_out}{self._large(len(free))}."

    def _made(self, key: str, cells: NDArray[np.int64]) -> Place:
        # the same ground may have been grown below the list: it is listed as drawn
        grown = self.draft.pool.pop(key, None)
        if grown is None:
            return Place(key, cells, np.empty(0, dtype=np.int64), 0)
        return replace(grown, cells=cells)

    def _found(self, key: str) -> Place:
        for known in (key, self.by_ground.get(key, "")):
            for places in (self.draft.pool, self.draft.extra):
                if known in places:
                    return places[known]
        into = self.draft.merged_into.get(key)
        if into is not None:
            msg = f"{key} is part of {into} by an earlier change."
        elif key in self.draft.held_back:
            msg = f"{key} was taken off by an earlier change."
        else:
            msg = f"no place is found there now that could be {key}."
        raise _Refused(msg)

    def _listed(self, key: str) -> Place:
        place = self._found(key)
        if place.area_id not in self.draft.listed():
            raise _Refused(self._below(place), NOT_NEEDED)
        return place

    def _below(self, place: Place) -> str:
        whole = self.draft.pool.get(place.part_of, place)
        return (
            f"{place.area_id} is {ordinal(whole.rank)} now, below the {self.draft.wanted} places "
            "asked for."
        )

    def _positions(self, group: NDArray[np.uint64]) -> NDArray[np.int64]:
        found = np.unique(resolutions(group))
        if found.tolist() != [self.grid.resolution]:
            msg = (
                f"its cells have resolution {found[0]}, this list has {self.grid.resolution}. "
                "Draw it again at this resolution."
            )
            raise _Refused(msg)
        positions = self.grid.positions(group)
        outside = int((positions < 0).sum())
        if outside:
            lie = "lies" if outside == 1 else "lie"
            msg = (
                f"{outside} of its {_cells(len(group))} {lie} outside the study area "
                f"{self.grid.study_area.name}. Leave them out."
            )
            raise _Refused(msg)
        if not self._connected(positions):
            msg = "its cells do not all adjoin each other (or a barrier parts them). Draw it anew."
            raise _Refused(msg)
        return np.sort(positions)

    def _claim(self, cells: NDArray[np.int64], *, own: str = "") -> tuple[NDArray[np.int64], str]:
        free = self.draft.free(cells, own=[own])
        if len(free) == len(cells):
            return free, ""
        holders = " and ".join(self.draft.holders(cells, own=[own]))
        if not len(free):
            msg = f"all its cells belong to {holders} already."
            raise _Refused(msg)
        if not self._connected(free):
            msg = (
                f"{_cells(len(cells) - len(free))} of it belong to {holders} already, and the rest "
                "do not adjoin each other. Draw it beside them, or merge the places."
            )
            raise _Refused(msg)
        return free, f", without {_cells(len(cells) - len(free))} that belong to {holders}"

    def _connected(self, cells: NDArray[np.int64]) -> bool:
        left = set(cells.tolist())
        front = [left.pop()]
        while front:
            near = left.intersection(self.adjoining.of(front.pop()))
            left -= near
            front += near
        return not left

    def _take_off(self, place: Place, one: Override) -> None:
        self.draft.pool.pop(place.area_id, None)
        self.draft.extra.pop(place.area_id, None)
        self.draft.held_back[place.area_id] = replace(place, changes=(*place.changes, one))

    def _put(self, place: Place, one: Override) -> None:
        changed = replace(place, changes=(*place.changes, one))
        side = self.draft.pool if place.area_id in self.draft.pool else self.draft.extra
        side[place.area_id] = changed

    def _large(self, number: int) -> str:
        more = f", more than the {self.most_cells} that a patrol area should have"
        return more if number > self.most_cells else ""


def ordinal(number: int) -> str:
    """Write a whole number as ``1st``, ``2nd``, ``11th``."""
    teens = 10 < number % 100 < 20  # noqa: PLR2004 (eleventh to nineteenth)
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _cells(number: int) -> str:
    return f"{number} cell" + ("" if number == 1 else "s")
