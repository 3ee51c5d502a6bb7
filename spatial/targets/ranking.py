"""Ranking: which patrol areas come first, and what such places hold out of sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from config.profile import Measure, Tier
from spatial.hexes.neighbours import ring_neighbours
from spatial.notes import Note, Notes
from spatial.targets.areas import AreaRules, enough_trouble, grow_areas

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.hexes.counts import CellCounts
    from spatial.hexes.grid import HexGrid
    from spatial.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class RankedAreas:
    """Patrol areas in order, best first.

    Attributes
    ----------
    areas
        Positions of each area's cells in the grid's order, ascending.
    notes
        How they were chosen, and what fell short.
    """

    areas: tuple[NDArray[np.int64], ...]
    notes: Notes

    @property
    def positions(self) -> NDArray[np.int64]:
        """Every chosen cell's position."""
        return np.concatenate([np.empty(0, dtype=np.int64), *self.areas])


def rank_areas(  # noqa: PLR0913 (one choice's inputs, all needed)
    counts: CellCounts,
    dates: pd.DataFrame,
    grid: HexGrid,
    *,
    measure: Measure,
    rules: AreaRules,
    places: int,
) -> RankedAreas:
    """Choose and order patrol areas.

    Parameters
    ----------
    counts
        What lies in each cell.
    dates
        See :func:`spatial.hexes.counts.cell_dates`.
    grid
        The cells.
    measure
        What orders the areas. Homicide's own harm is left out of the order, so that one event
        cannot put a place on the list; it stays in the place's figures.
    rules
        Sizes and least numbers.
    places
        How many are wanted.

    Notes
    -----
    Significance does not choose: Gi* asks whether neighbouring cells are high together, and a
    street corner with an incident a week is a place to patrol whatever its neighbours hold. Each
    area says in its own column whether it holds a significant cell. The order is by total, not by
    density: areas differ in size.
    """
    value = counts.values(measure) - homicide_harm(counts, len(grid), measure)
    chosen = best_areas(value, dates, grid, rules=rules, places=places)
    return RankedAreas(chosen, _choice_notes(chosen, rules, measure, places))


def best_areas(
    value: NDArray[np.int64],
    dates: pd.DataFrame,
    grid: HexGrid,
    *,
    rules: AreaRules,
    places: int,
) -> tuple[NDArray[np.int64], ...]:
    """Grow areas round the greatest values and return the best, by total, best first.

    Parameters
    ----------
    value
        Whole numbers, one per cell, shape (n,).
    dates, grid, rules, places
        As :func:`rank_areas`.

    Returns
    -------
    Positions of each area's cells in the grid's order, ascending.
    """
    adjoining, reach = ring_neighbours(grid, ring=1), ring_neighbours(grid, ring=2)
    best: list[tuple[int, int, NDArray[np.int64]]] = []
    for area in grow_areas(value, adjoining, reach, rules=rules):
        if enough_trouble(area, dates, rules=rules):
            # the greater total first, then the lower cell
            best.append((-int(value[area].sum()), int(area.min()), np.sort(area)))
            best = sorted(best, key=lambda one: one[:2])[:places]
        # no later area can hold more than its size times this area's first and greatest cell
        if len(best) == places and -best[-1][0] >= rules.most_cells * int(value[area[0]]):
            break
    return tuple(area for _, _, area in best)


def homicide_harm(counts: CellCounts, size: int, measure: Measure) -> NDArray[np.int64]:
    """Return the harm of homicides alone, thousandths of a day; 0 for other measures."""
    fatal = counts.by_tier[counts.by_tier["tier"] == Tier.HOMICIDE]
    harm = np.zeros(size, dtype=np.int64)
    if measure is Measure.HARM:
        np.add.at(harm, fatal["position"].to_numpy(), fatal["harm"].to_numpy())
    return harm


def _choice_notes(
    chosen: tuple[NDArray[np.int64], ...], rules: AreaRules, measure: Measure, places: int
) -> Notes:
    size = (
        "one cell each"
        if rules.most_cells == 1
        else f"{rules.fewest_cells} to {rules.most_cells} adjoining cells each, no two more than "
        "two steps apart"
    )
    by = "harm in days, homicide's own harm left out" if measure is Measure.HARM else "incidents"
    dated = "months" if rules.dates_are_months else "dates"
    notes = [
        Note(
            f"Patrol areas: {size}, grown from the cells with most; each rests on at least "
            f"{rules.fewest_incidents} non-fatal incidents on {rules.fewest_dates} different "
            f"{dated}; ranked by {by}."
        )
    ]
    if len(chosen) < places:
        given = f"Only {len(chosen)}" if chosen else "None"
        sentence = (
            f"{given} of the {places} places asked for can be given: no other has "
            f"{rules.fewest_incidents} incidents on {rules.fewest_dates} {dated}. A longer window "
            "or a wider profile may show more."
        )
        notes.append(Note(sentence, loud=True))
    return tuple(notes)


def held_out(
    chosen: RankedAreas, counts: CellCounts, *, measure: Measure, before: Window
) -> tuple[float | None, str]:
    """Measure places chosen on an earlier window by what this window brought them.

    Returns
    -------
    The share, 0-1, and a sentence; None where nothing was chosen or nothing happened.
    """
    values = counts.values(measure)
    total = int(values.sum())
    if not chosen.areas or not total:
        return None, "No out-of-sample figure: no place could be chosen on the window before."
    share = float(values[chosen.positions].sum() / total)
    what = "harm" if measure is Measure.HARM else "incidents"
    return share, (
        f"Out of sample: {len(chosen.areas)} places chosen the same way on "
        f"{before.words} hold {share:.0%} of this window's {what}."
    )
