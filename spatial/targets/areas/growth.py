"""Patrol areas: adjoining cells grown round the most harmful ones, never overlapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from spatial.hexes.neighbours import Neighbours

JOIN_SHARE: Final = 0.25
"""A further cell joins an area if it holds at least this share of its mean value per cell."""


@dataclass(frozen=True, slots=True)
class AreaRules:
    """How large a patrol area is, and what it must hold.

    Attributes
    ----------
    fewest_cells, most_cells
        3 to 7 adjoining resolution-10 cells are 4.0 to 9.3 ha in Essex, the size that officers
        patrolled in trials; one resolution-9 cell is as large.
    fewest_incidents, fewest_dates
        An area that rests on fewer non-fatal incidents, or on fewer different dates (months, where
        data are by month), is not a pattern and is left out.
    dates_are_months
        Whether the data give only the month.
    join_share
        A further cell joins if it holds at least this share of the area's mean value per cell.
    """

    fewest_cells: int
    most_cells: int
    fewest_incidents: int = 3
    fewest_dates: int = 3
    dates_are_months: bool = False
    join_share: float = JOIN_SHARE


def grow_areas(
    values: NDArray[np.int64],
    neighbours: Neighbours,
    reach: Neighbours,
    *,
    rules: AreaRules,
    seeds: NDArray[np.bool_] | None = None,
) -> Iterator[NDArray[np.int64]]:
    """Grow areas round the most valuable free cell, again and again.

    Parameters
    ----------
    values
        What an area should hold as much of as it can: whole numbers, one per cell, shape (n,).
    neighbours
        Who adjoins whom, one step, self included or not; where barriers are loaded, less the pairs
        that they part (:func:`spatial.targets.areas.parting.walkable`).
    reach
        How far apart two cells of one area may lie. Two steps keep an area as compact as a cell
        with its ring, so that it can be walked in one short visit; growth by value alone makes
        snakes half a mile long.
    rules
        Sizes.
    seeds
        From which cells an area may grow, shape (n,); None for all. The others can still join.

    Yields
    ------
    Positions of each area's cells, the cell it grew from first. Areas are connected and never share
    a cell; no later area grows from a cell worth more than an earlier one's first. An area
    hemmed in by others before it reaches the least size is left out: the cell that it grew from is
    in no later one, its other cells stay free.

    Notes
    -----
    Deterministic: equal values go to the cell with more links to the area, then to the lower
    position. Greedy, so a better division of a large cluster may exist.
    """
    taken = np.zeros(len(values), dtype=bool)
    # stable, so that equal values keep the grid's order
    order = np.argsort(-values, kind="stable")
    first = values[order] > 0 if seeds is None else (values[order] > 0) & seeds[order]
    for seed in order[first].tolist():
        if taken[seed]:
            continue
        area = _grow(seed, values, taken, neighbours, reach, rules)
        if len(area) < rules.fewest_cells:
            # so that no later area holds a cell worth more than the one it grew from
            taken[seed] = True
            continue
        taken[area] = True
        yield np.array(area, dtype=np.int64)


def _grow(  # noqa: PLR0913, PLR0917 (the parts of one step)
    seed: int,
    values: NDArray[np.int64],
    taken: NDArray[np.bool_],
    neighbours: Neighbours,
    reach: Neighbours,
    rules: AreaRules,
) -> list[int]:
    area = [seed]
    links: dict[int, int] = {}
    near = set(reach.of(seed))
    while len(area) < rules.most_cells:
        newest = area[-1]
        near &= set(reach.of(newest))
        for cell in neighbours.of(newest):
            if not taken[cell]:
                links[cell] = links.get(cell, 0) + 1
        links = {cell: n for cell, n in links.items() if cell in near and cell not in area}
        if not links:
            break
        best = min(links, key=lambda cell: (-values[cell], -links[cell], cell))
        mean = values[area].mean()
        if len(area) >= rules.fewest_cells and values[best] < rules.join_share * mean:
            break
        area.append(best)
    return area


def enough_trouble(area: NDArray[np.int64], dates: pd.DataFrame, *, rules: AreaRules) -> bool:
    """Say whether an area rests on enough incidents and dates.

    Parameters
    ----------
    area
        Positions of its cells.
    dates
        ``position, date, incidents``, by position: see :func:`spatial.hexes.counts.cell_dates`.
    rules
        The least that is enough.
    """
    positions = dates["position"].to_numpy()
    first, last = np.searchsorted(positions, area), np.searchsorted(positions, area, side="right")
    rows = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])
    incidents = dates["incidents"].to_numpy()[rows].sum()
    distinct = len(np.unique(dates["date"].to_numpy()[rows]))
    return bool(incidents >= rules.fewest_incidents and distinct >= rules.fewest_dates)
