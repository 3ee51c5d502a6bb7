"""Ranking: which patrol areas come first, and what such places hold out of sample."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from config.profile import Measure, Tier
from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.neighbours import ring_neighbours
from spatial.notes import Note, Notes
from spatial.targets.areas import AreaRules, enough_trouble, grow_areas

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from spatial.hexes.counts import CellCounts
    from spatial.hexes.grid import HexGrid
    from spatial.window import Window

RANKED_BY: Final = {
    Measure.COUNT: "incidents",
    Measure.HARM: "harm in days, homicide's own harm left out",
    Measure.SQRT_HARM: "the square root of harm, homicide's own left out",
    Measure.EXPECTED_HARM: "expected harm, in which a homicide counts as one incident like the "
    "others",
}
"""What orders places, in words, and what becomes of a homicide in it."""


@dataclass(frozen=True, slots=True, eq=False)
class RankedAreas:
    """Patrol areas in order, best first.

    Attributes
    ----------
    areas
        Positions of each area's cells in the grid's order, ascending.
    notes
        How they were chosen, and what fell short.
    measure
        What ordered them.
    rivals
        The next best, in order, where they were asked for.
    """

    areas: tuple[NDArray[np.int64], ...]
    notes: Notes
    measure: Measure
    rivals: tuple[NDArray[np.int64], ...] = ()

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
    expected_days: NDArray[np.float64] | None = None,
    rivals: int = 0,
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
        What orders the areas: see :func:`ranking_values`.
    rules
        Sizes and least numbers.
    places
        How many are wanted.
    expected_days
        Harm to be expected in each cell, days, shape (n,): for that measure.
    rivals
        How many of the next best are wanted beside them.

    Notes
    -----
    Significance does not choose: Gi* asks whether neighbouring cells are high together, and a
    street corner with an incident a week is a place to patrol whatever its neighbours hold. Each
    area says in its own column whether it holds a significant cell. The order is by total, not by
    density: areas differ in size. An area grows from a cell with an incident, whatever is expected
    of quiet ones: they can only join.
    """
    value = ranking_values(counts, measure, expected_days=expected_days)
    found = best_areas(
        value, dates, grid, rules=rules, places=places + rivals, seeds=counts.incidents > 0
    )
    chosen = found[:places]
    notes = _choice_notes(chosen, rules, measure, places)
    return RankedAreas(chosen, notes, measure, found[places:])


def ranking_values(
    counts: CellCounts, measure: Measure, *, expected_days: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """Return by what cells are ordered: whole numbers, shape (n,), so that ties stay ties.

    Homicide's own harm is left out of sums of harm, so that one event cannot put a place on the
    list; it stays in the place's figures. In expected harm (thousandths of a day) a homicide counts
    as one incident among the others, and its weight is spread as theirs is.

    Raises
    ------
    ValueError
        Expected harm is wanted and was not given.
    """
    if measure is not Measure.EXPECTED_HARM:
        return counts.values(measure) - homicide_harm(counts, len(counts.incidents), measure)
    if expected_days is None:
        msg = "Ranking by expected harm needs expected_days."
        raise ValueError(msg)
    return np.rint(expected_days * HARM_UNITS).astype(np.int64)


def best_areas(  # noqa: PLR0913 (as above)
    value: NDArray[np.int64],
    dates: pd.DataFrame,
    grid: HexGrid,
    *,
    rules: AreaRules,
    places: int,
    seeds: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], ...]:
    """Grow areas round the greatest values and return the best, by total, best first.

    Parameters
    ----------
    value
        Whole numbers, one per cell, shape (n,).
    dates, grid, rules, places
        As :func:`rank_areas`.
    seeds
        As :func:`spatial.targets.areas.grow_areas`.

    Returns
    -------
    Positions of each area's cells in the grid's order, ascending.
    """
    adjoining, reach = ring_neighbours(grid, ring=1), ring_neighbours(grid, ring=2)
    # a cell from which nothing grows may be worth more than the one it joins
    joining = 0 if seeds is None else int(value[~seeds].max(initial=0))
    best: list[tuple[int, int, NDArray[np.int64]]] = []
    for area in grow_areas(value, adjoining, reach, rules=rules, seeds=seeds):
        if enough_trouble(area, dates, rules=rules):
            # the greater total first, then the lower cell
            best.append((-int(value[area].sum()), int(area.min()), np.sort(area)))
            best = sorted(best, key=lambda one: one[:2])[:places]
        # no later area can hold more than its size times the greatest cell that is left
        most = max(int(value[area[0]]), joining)
        if len(best) == places and -best[-1][0] >= rules.most_cells * most:
            break
    return tuple(area for _, _, area in best)


def homicide_harm(counts: CellCounts, size: int, measure: Measure) -> NDArray[np.int64]:
    """Return what homicides alone add to a sum of harm or of its root; 0 for other measures."""
    column = {Measure.HARM: "harm", Measure.SQRT_HARM: "root_harm"}.get(measure)
    harm = np.zeros(size, dtype=np.int64)
    if column is not None:
        fatal = counts.by_tier[counts.by_tier["tier"] == Tier.HOMICIDE]
        np.add.at(harm, fatal["position"].to_numpy(), fatal[column].to_numpy())
    return harm


def without_harm(ranked: RankedAreas) -> RankedAreas:
    """Return areas ranked by count, with the loud reason: nothing here has a harm weight."""
    sentence = "No incident here has a harm weight, so places are ranked by their incidents."
    return replace(ranked, notes=(*ranked.notes, Note(sentence, loud=True)))


def _choice_notes(
    chosen: tuple[NDArray[np.int64], ...], rules: AreaRules, measure: Measure, places: int
) -> Notes:
    size = (
        "one cell each"
        if rules.most_cells == 1
        else f"{rules.fewest_cells} to {rules.most_cells} adjoining cells each, no two more than "
        "two steps apart"
    )
    dated = "months" if rules.dates_are_months else "dates"
    notes = [
        Note(
            f"Patrol areas: {size}, grown from the cells with most; each rests on at least "
            f"{rules.fewest_incidents} non-fatal incidents on {rules.fewest_dates} different "
            f"{dated}; ranked by {RANKED_BY[measure]}."
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

    Parameters
    ----------
    chosen
        On the earlier window, from nothing that happened after it.
    counts
        Of this window.
    measure
        What is summed: harm or incidents, whatever ordered the places.
    before
        The earlier window.

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
