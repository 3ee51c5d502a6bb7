"""Compared lists: what is new, kept, moved and dropped since an earlier list, and why."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from spatial.hexes.grid import cell_names
from spatial.notes import Note, Notes
from spatial.targets.kept.identity import ADDED, KEPT, MOST_STAYS, MOVED, NEW, shared_ground
from spatial.targets.overridden.overrides import ordinal

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from spatial.hexes.grid import HexGrid
    from spatial.targets.areas.growth import AreaRules
    from spatial.targets.kept.previous import PreviousList
    from spatial.targets.overridden.decided_list import DecidedList, Place

IDENTITY_COLUMNS: Final = (
    "area_id", "name", "status", "previous_rank", "previous_name", "stays", "changed",
    "grown_cells", "grown_name",
)  # fmt: skip
DROPPED_COLUMNS: Final = ("area_id", "name", "previous_rank", "cause", "reason")

TAKEN_OFF: Final = "taken off"
MERGED: Final = "merged"
PART_OF_ANOTHER: Final = "part of another"
BELOW: Final = "below"
OUTSIDE: Final = "outside"
TOO_FEW: Final = "too few"
NOT_AMONG: Final = "not among the best"
CAUSES: Final = (TAKEN_OFF, MERGED, BELOW, PART_OF_ANOTHER, OUTSIDE, TOO_FEW, NOT_AMONG)

_NUMBERED: Final = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A list beside the one before it.

    Attributes
    ----------
    places
        `IDENTITY_COLUMNS`, one row per place in order. ``status`` is null where there is no list to
        compare with and the place was not added by hand; ``stays`` is the share (0-1) of its
        earlier ground that is still in it; ``changed`` says what people did to it, why, who and
        when; ``grown_cells`` and ``grown_name`` are empty where they did nothing to its ground or
        name.
    dropped
        `DROPPED_COLUMNS`, one row per place of the earlier list that is not on this one, by its
        earlier rank; ``cause`` is one of `CAUSES`.
    notes
        The same in numbers.
    """

    places: pd.DataFrame
    dropped: pd.DataFrame
    notes: Notes


def compare(  # noqa: PLR0913 (two lists and what they rest on)
    decided: DecidedList,
    previous: PreviousList | None,
    grid: HexGrid,
    *,
    street_names: list[str],
    dates: pd.DataFrame,
    rules: AreaRules,
    grown_names: Mapping[str, str] | None = None,
) -> Compared:
    """Set a list beside the one before it.

    Parameters
    ----------
    decided
        The list after people's changes.
    previous
        The one before; None for the first.
    grid
        The cells.
    street_names
        What each place would be called as it is now, in order (column ``name`` of
        :func:`spatial.targets.table.target_table`).
    dates
        See :func:`spatial.hexes.counts.cell_dates`.
    rules
        The least number of incidents and dates.
    grown_names
        By id, what places that people drew elsewhere would be called where they grew: a name for
        the day their change is withdrawn. Without it, the one they have now.

    Notes
    -----
    A kept place keeps its name, and so does one that comes back to its ground; a moved one is named
    anew, after the streets where it lies now: the old name would send people to the old place. A
    name that people gave stands as long as their change does.
    """
    known = [] if previous is None else previous.table.to_dict("records")
    earlier: dict[str, dict[Hashable, Any]] = {str(row["area_id"]): row for row in known}
    stays, grown_stays = (_stays(decided, previous, grid, grown=side) for side in (False, True))
    rows: list[dict[str, Any]] = []
    for place, street in zip(decided.places, street_names, strict=True):
        row = earlier.get(place.area_id)
        share = stays.get(place.area_id, 0.0)
        drawn = bool(_grown(place, grid)) or not len(place.grown)
        # what it is called where it grew; a place that people moved is named where it lies now
        known_by = "" if row is None else str(row["grown_name"])
        keeps = known_by if grown_stays.get(place.area_id, 0.0) >= MOST_STAYS else ""
        named = keeps if not drawn or share >= MOST_STAYS else ""
        # one that was just below the list, or taken off it, is new on it
        before = None if row is None or pd.isna(row["rank"]) else row
        status = _status(place, share, known=before is not None, first=previous is None)
        rows.append(
            {
                "area_id": place.area_id,
                "name": place.name or named or street,
                "status": status,
                "previous_rank": None if before is None else int(before["rank"]),
                "previous_name": "" if before is None else before["name"],
                "stays": None if before is None else round(share, 3),
                "changed": "; ".join(
                    f"{one.kind}: {one.reason} ({one.by}, {one.at})" for one in place.changes
                ),
                "grown_cells": _grown(place, grid),
                "grown_name": _grown_name(place, keeps, street, grown_names or {}),
                "first": bool(place.name or named),
            }
        )
    table = pd.DataFrame(rows, columns=[*IDENTITY_COLUMNS, "first"])
    table["name"] = _distinct(table["name"].tolist(), table.pop("first").astype(bool).tolist())
    table["previous_rank"] = table["previous_rank"].astype("Int64")
    dropped = _dropped(decided, previous, grid, table, dates, rules)
    notes = () if previous is None else _notes(table, dropped, previous)
    return Compared(table.loc[:, list(IDENTITY_COLUMNS)], dropped, notes)


def _grown_name(place: Place, keeps: str, street: str, grown_names: Mapping[str, str]) -> str:
    if not place.changes or not len(place.grown):
        return ""
    return keeps or grown_names.get(place.area_id) or street


def _stays(
    decided: DecidedList, previous: PreviousList | None, grid: HexGrid, *, grown: bool
) -> dict[str, float]:
    """Return how much of its earlier ground is in each place that was known before (0-1).

    ``grown`` asks for the ground on which each grew, on both sides, whatever people made of it.
    """
    if previous is None:
        return {}
    column = "grown_cells" if grown else "cells"
    grounds = dict(zip(previous.table["area_id"], previous.grounds(column), strict=True))
    now = {
        place.area_id: place.grown if grown and len(place.grown) else place.cells
        for place in decided.places
    }
    both = [key for key in now if key in grounds]
    pairs = shared_ground(
        [grid.cells[now[key]] for key in both],
        [grounds[key] for key in both],
        metric_system=grid.study_area.metric_system,
    )
    own = pairs[pairs["area"] == pairs["earlier"]]
    return {
        both[int(at)]: float(share)
        for at, share in zip(own["area"], own["of_earlier"], strict=True)
    }


def _status(place: Place, share: float, *, known: bool, first: bool) -> str | None:
    if place.by_hand:
        return ADDED
    if first:
        return None
    if not known:
        return NEW
    return KEPT if share >= MOST_STAYS else MOVED


def _grown(place: Place, grid: HexGrid) -> str:
    if not len(place.grown) or np.array_equal(place.grown, place.cells):
        return ""
    return " ".join(cell_names(grid.cells[place.grown]).tolist())


def _distinct(names: list[str], first: list[bool]) -> list[str]:
    """Give names that stand twice a number; those that people know come before new ones."""
    used: set[str] = set()
    told = list(names)
    for at in sorted(range(len(names)), key=lambda place: (not first[place], place)):
        name, number = names[at], 1
        while name and name in used:
            number += 1
            name = f"{_NUMBERED.sub('', names[at])} ({number})"
        used.add(name)
        told[at] = name
    return told


def _dropped(  # noqa: PLR0913, PLR0917 (what a reason is looked for in)
    decided: DecidedList,
    previous: PreviousList | None,
    grid: HexGrid,
    places: pd.DataFrame,
    dates: pd.DataFrame,
    rules: AreaRules,
) -> pd.DataFrame:
    if previous is None:
        return pd.DataFrame(columns=list(DROPPED_COLUMNS))
    names = dict(zip(places["area_id"], places["name"], strict=True))
    off = {place.area_id: place for place in decided.held_back}
    below = {place.area_id: place for place in decided.next_best}
    gone = previous.listed[~previous.listed["area_id"].isin(decided.ids)]
    grounds = [previous.grounds()[row] for row in gone.index]
    pairs = shared_ground(
        [grid.cells[place.cells] for place in decided.places],
        grounds,
        metric_system=grid.study_area.metric_system,
    )
    pairs = pairs.sort_values(["of_earlier", "area"], ascending=[False, True])
    heirs = {int(row["earlier"]): row for row in pairs.to_dict("records")[::-1]}
    same = previous.resolution == grid.resolution
    rows = []
    for at, (row, ground) in enumerate(zip(gone.to_dict("records"), grounds, strict=True)):
        key = row["area_id"]
        heir = heirs.get(at)
        into = None if heir is None else decided.places[int(heir["area"])].area_id
        positions = grid.positions(ground) if same else np.zeros(0, dtype=np.int64)
        here = positions[positions >= 0]
        if key in decided.merged_into:
            into = decided.merged_into[key]
            told = MERGED, f"merged into {_called(into, names)}{_said(off[key])}"
        elif key in off:
            told = TAKEN_OFF, f"taken off by hand{_said(off[key])}"
        elif heir is not None and into is not None and heir["of_earlier"] >= MOST_STAYS:
            share = f"{heir['of_earlier']:.0%}"
            told = PART_OF_ANOTHER, f"{share} of it is part of {_called(into, names)} now"
        elif key in below:
            told = BELOW, f"now {ordinal(below[key].rank)}"
        elif same and len(here) * 2 < len(ground):
            told = OUTSIDE, f"outside the study area {grid.study_area.name}"
        elif same and (few := _too_few(here, dates, rules)):
            told = TOO_FEW, few
        else:
            told = NOT_AMONG, _not_among(decided, into, names)
        rows.append((key, row["name"], int(row["rank"]), *told))
    return pd.DataFrame(rows, columns=list(DROPPED_COLUMNS))


def _too_few(here: np.ndarray[Any, Any], dates: pd.DataFrame, rules: AreaRules) -> str:
    held = dates[dates["position"].isin(here)]
    incidents, distinct = int(held["incidents"].sum()), int(held["date"].nunique())
    if incidents >= rules.fewest_incidents and distinct >= rules.fewest_dates:
        return ""
    unit = "month" if rules.dates_are_months else "date"
    if not incidents:
        return "no incident in the window"
    return (
        f"{incidents} incident{'s' * (incidents > 1)} on {distinct} {unit}{'s' * (distinct > 1)}: "
        f"{rules.fewest_incidents} on {rules.fewest_dates} are needed"
    )


def _not_among(decided: DecidedList, into: str | None, names: dict[str, str]) -> str:
    looked_at = len(decided.ranked.areas) + len(decided.next_best)
    touching = f"; some of it is part of {_called(into, names)} now" if into else ""
    return f"no longer among the best {looked_at} places{touching}"


def _called(key: str, names: dict[str, str]) -> str:
    return f"{names[key]} ({key})" if names.get(key) else key


def _said(place: Place) -> str:
    last = place.changes[-1]
    return f": {last.reason} ({last.by}, {last.at})"


def _notes(table: pd.DataFrame, dropped: pd.DataFrame, previous: PreviousList) -> Notes:
    number = Counter(table["status"])
    told = ", ".join(
        f"{number[status]} {word}"
        for status, word in (
            (KEPT, "kept"),
            (MOVED, "moved"),
            (NEW, "new"),
            (ADDED, "added by hand"),
        )
        if number[status]
    )
    run = f" (run {previous.run_id})" if previous.run_id else ""
    said = told or "no place is listed now"
    return (Note(f"Against {previous.called}{run}: {said}; {len(dropped)} dropped."),)
