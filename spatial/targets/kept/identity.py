"""Identity: which area of an earlier list each new area is, by the ground they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from spatial.hexes.grid import cell_names, merge_cells
from spatial.notes import Note, Notes
from spatial.targets.table import area_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.projection import MetricSystem
    from spatial.targets.kept.previous import PreviousList

NEW: Final = "new"
KEPT: Final = "kept"
MOVED: Final = "moved"
ADDED: Final = "added"
STATUSES: Final = (NEW, KEPT, MOVED, ADDED)

LEAST_SHARED: Final = 0.25
"""Two areas are one and the same if they share at least this much of the smaller."""
MOST_STAYS: Final = 0.5
"""An area is kept, not moved, if at least this much of its earlier ground is still in it."""

SHARED_COLUMNS: Final = ("area", "earlier", "shared", "of_smaller", "of_earlier", "of_both")


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """Who each area is, in the order of the areas.

    Attributes
    ----------
    ids
        All different, and none that another area of the earlier list has.
    earlier
        Row of the earlier list's table, -1 for an area that was not there, shape (k,).
    notes
        How they were told.
    """

    ids: tuple[str, ...]
    earlier: NDArray[np.int64]
    notes: Notes


def identify(
    areas: Sequence[NDArray[np.int64]],
    grid: HexGrid,
    previous: PreviousList | None,
    *,
    reserved: Collection[str] = (),
) -> Identities:
    """Give every area the id it had, or one of its own.

    Parameters
    ----------
    areas
        Positions of each area's cells in the grid; never overlapping. Those that are listed and the
        next best together: whose ground went to an area just below the list is then told right.
    grid
        The cells.
    previous
        The list to compare with; None for the first.
    reserved
        Ids that people's changes make: no grown area takes them but one of just that ground.

    Notes
    -----
    Pairs are taken by the ground they share, most first, each area once: where an old area falls
    into two, the larger part keeps its id; where two become one, that with more ground in it.
    The greatest sum over all pairs was not chosen: it would take an id from the larger part to
    serve a third area. Ties go to the pair with less ground apart, then the better earlier rank,
    then the lower id and cell, so that no order of rows matters.

    Areas of different resolutions are compared by hectares of common ground, which a hexagon of one
    resolution and those inside it do not share exactly.
    """
    grounds = [grid.cells[area] for area in areas]
    earlier = np.full(len(areas), -1, dtype=np.int64)
    taken = set(reserved)
    notes: list[Note] = []
    if previous is not None:
        taken.update(previous.table["area_id"])
        earlier, notes = _paired(grounds, previous, grid, reserved)
    ids = [""] * len(areas)
    # by ground, not by rank: the order of the areas must not decide who gets a taken id
    for place in sorted(range(len(areas)), key=lambda one: int(grounds[one].min())):
        row = int(earlier[place])
        if row >= 0 and previous is not None:
            ids[place] = str(previous.table["area_id"].iloc[row])
        else:
            cells = cell_names(grounds[place]).tolist()
            # where people drew just this ground, it is the same place whoever found it
            ids[place] = own if (own := area_id(cells)) in reserved else free_id(cells, taken)
            taken.add(ids[place])
    return Identities(tuple(ids), earlier, tuple(notes))


def free_id(cells: list[str], taken: Collection[str]) -> str:
    """Return the id of an area that nobody else has.

    Parameters
    ----------
    cells
        Hexadecimal, in the order of the area.
    taken
        Ids in use by other areas. An area that moved keeps the id of the ground it left, and six
        digits can fall alike: then the hash is taken of the cells and a number.
    """
    found, number = area_id(cells), 1
    while found in taken:
        number += 1
        found = area_id([*cells, str(number)])
    return found


def shared_ground(
    areas: Sequence[NDArray[np.uint64]],
    earlier: Sequence[NDArray[np.uint64]],
    *,
    metric_system: MetricSystem,
) -> pd.DataFrame:
    """Measure what ground two lists share.

    Parameters
    ----------
    areas, earlier
        H3 cells of each area; within a list of one resolution.
    metric_system
        For areas of different resolutions.

    Returns
    -------
    `SHARED_COLUMNS`, one row for each pair that shares any: positions in ``areas`` and ``earlier``;
    cells they share, or square metres where resolutions differ; and that as a share (0-1) of the
    smaller, of the earlier one, and of the ground that is in either.
    """
    if not areas or not earlier:
        return pd.DataFrame(columns=list(SHARED_COLUMNS)).astype({"shared": "int64"})
    if _resolution(areas[0]) == _resolution(earlier[0]):
        sizes = [np.array([len(one) for one in side]) for side in (areas, earlier)]
        pairs = _cells_of(areas, "area").merge(_cells_of(earlier, "earlier"), on="cell")
        pairs = pairs.groupby(["area", "earlier"], as_index=False)[["cell"]].count()
        shared = pairs.pop("cell").to_numpy()
    else:
        outlines = [
            np.array([metric_system.project(merge_cells(one)) for one in side], dtype=object)
            for side in (areas, earlier)
        ]
        first, second = shapely.STRtree(outlines[1]).query(outlines[0], predicate="intersects")
        common = shapely.area(shapely.intersection(outlines[0][first], outlines[1][second]))
        # whole square metres, so that no last digit decides
        pairs = pd.DataFrame({"area": first, "earlier": second})[np.rint(common) > 0]
        shared = np.rint(common[np.rint(common) > 0]).astype(np.int64)
        sizes = [shapely.area(side) for side in outlines]
    mine, theirs = sizes[0][pairs["area"]], sizes[1][pairs["earlier"]]
    return pairs.assign(
        shared=shared,
        of_smaller=shared / np.minimum(mine, theirs),
        of_earlier=shared / theirs,
        of_both=shared / (mine + theirs - shared),
    )[list(SHARED_COLUMNS)]


def _paired(
    grounds: Sequence[NDArray[np.uint64]],
    previous: PreviousList,
    grid: HexGrid,
    reserved: Collection[str],
) -> tuple[NDArray[np.int64], list[Note]]:
    earlier = np.full(len(grounds), -1, dtype=np.int64)
    pairs = shared_ground(
        grounds,
        previous.grounds("grown_cells"),
        metric_system=grid.study_area.metric_system,
    )
    table = previous.table
    pairs = pairs[pairs["of_smaller"] >= LEAST_SHARED]
    pairs = pairs[~pairs["earlier"].map(table["area_id"]).isin(list(reserved))]
    pairs = pairs.assign(
        rank=pairs["earlier"].map(table["rank"]).astype(float).fillna(np.inf),
        id=pairs["earlier"].map(table["area_id"]),
        cell=[int(grounds[place].min()) for place in pairs["area"]],
        of_both=pairs["of_both"].round(9),
    ).sort_values(
        ["shared", "of_both", "rank", "id", "cell"], ascending=[False, False, True, True, True]
    )
    used: set[int] = set()
    for area, row in zip(pairs["area"].tolist(), pairs["earlier"].tolist(), strict=True):
        if earlier[area] < 0 and row not in used:
            earlier[area] = row
            used.add(row)
    notes = list(previous.notes)
    if previous.resolution is not None and previous.resolution != grid.resolution:
        sentence = (
            f"{previous.called} has cells of resolution {previous.resolution}, this list of "
            f"{grid.resolution}: areas are told by the hectares they share, and sizes differ for "
            "that reason alone."
        )
        notes.append(Note(sentence, loud=True))
    return earlier, notes


def _cells_of(areas: Sequence[NDArray[np.uint64]], column: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            column: np.repeat(np.arange(len(areas)), [len(one) for one in areas]),
            "cell": np.concatenate(areas),
        }
    )


def _resolution(cells: NDArray[np.uint64]) -> int:
    return int((int(cells[0]) >> 52) & 15)
