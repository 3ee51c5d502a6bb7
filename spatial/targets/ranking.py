"""Ranking: which patrol areas come first, and what such places hold out of sample."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from config.profile import Measure, Tier
from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.grid import merge_cells
from spatial.hexes.neighbours import ring_neighbours
from spatial.notes import Note, Notes
from spatial.targets.areas.growth import AreaRules, enough_trouble, grow_areas
from spatial.targets.areas.separation import separation_notes, spaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.hexes.counts import CellCounts
    from spatial.hexes.grid import HexGrid
    from spatial.hexes.neighbours import Neighbours
    from spatial.targets.areas.drawn_counts import DrawnCounts
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
    drawn
        Where places are a force's own polygons: what was counted in them, by rank and then the
        rivals. ``areas`` are then the cells that each mostly holds.
    """

    areas: tuple[NDArray[np.int64], ...]
    notes: Notes
    measure: Measure
    rivals: tuple[NDArray[np.int64], ...] = ()
    drawn: DrawnCounts | None = None

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
    adjoining: Neighbours | None = None,
    separation_m: float = 0.0,
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
    adjoining
        Which cells adjoin for a patrol on foot; None for all that share an edge.
    separation_m
        The least distance between the nearest edges of two places, metres.

    Notes
    -----
    Significance does not choose: Gi* asks whether neighbouring cells are high together, and a
    street corner with an incident a week is a place to patrol whatever its neighbours hold. Each
    area says in its own column whether it holds a significant cell. The order is by total, not by
    density: areas differ in size. An area grows from a cell with an incident, whatever is expected
    of quiet ones: they can only join.
    """
    return rank_by_value(
        ranking_values(counts, measure, expected_days=expected_days),
        dates,
        grid,
        measure=measure,
        rules=rules,
        places=places,
        seeds=counts.incidents > 0,
        rivals=rivals,
        adjoining=adjoining,
        separation_m=separation_m,
    )


def rank_by_value(  # noqa: PLR0913 (as above)
    value: NDArray[np.int64],
    dates: pd.DataFrame,
    grid: HexGrid,
    *,
    measure: Measure,
    rules: AreaRules,
    places: int,
    seeds: NDArray[np.bool_],
    rivals: int = 0,
    adjoining: Neighbours | None = None,
    separation_m: float = 0.0,
) -> RankedAreas:
    """Choose and order patrol areas by any value of cells.

    Parameters
    ----------
    value
        Whole numbers, one per cell, shape (n,): of the whole day or of one shift.
    measure
        What they are of, for words alone.
    seeds
        Cells from which an area may grow, shape (n,).
    dates, grid, rules, places, rivals, adjoining, separation_m
        As :func:`rank_areas`.
    """
    ordered = areas_by_total(value, dates, grid, rules=rules, seeds=seeds, adjoining=adjoining)

    def outline_m(area: NDArray[np.int64]) -> BaseGeometry:
        return grid.study_area.metric_system.project(merge_cells(grid.cells[area]))

    chosen, passed = spaced(ordered, outline_m, places=places, separation_m=separation_m)
    notes = choice_notes(
        len(chosen), places, size=_size_words(rules), rules=rules, measure=measure, passed=passed,
        separation_m=separation_m,
    )  # fmt: skip
    # the next best contend for the same ranks, however near to a place they lie
    next_best = tuple(islice(ordered, rivals))
    return RankedAreas(chosen, notes, measure, next_best)


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
    adjoining: Neighbours | None = None,
) -> tuple[NDArray[np.int64], ...]:
    """Return the best areas of :func:`areas_by_total`, as many as asked for."""
    ordered = areas_by_total(value, dates, grid, rules=rules, seeds=seeds, adjoining=adjoining)
    return tuple(islice(ordered, places))


def areas_by_total(  # noqa: PLR0913 (as above)
    value: NDArray[np.int64],
    dates: pd.DataFrame,
    grid: HexGrid,
    *,
    rules: AreaRules,
    seeds: NDArray[np.bool_] | None = None,
    adjoining: Neighbours | None = None,
) -> Iterator[NDArray[np.int64]]:
    """Grow areas round the greatest values, and give them by total, the best first.

    Parameters
    ----------
    value
        Whole numbers, one per cell, shape (n,).
    dates, grid, rules, adjoining
        As :func:`rank_areas`.
    seeds
        As :func:`spatial.targets.areas.growth.grow_areas`.

    Yields
    ------
    Positions of each area's cells in the grid's order, ascending; equal totals by their lowest
    cell. No more are grown than it takes to know the next one.
    """
    near = ring_neighbours(grid, ring=1) if adjoining is None else adjoining
    reach = ring_neighbours(grid, ring=2)
    # cells from which nothing grows, and which may be worth more than the one they join
    joining = np.flatnonzero(~seeds) if seeds is not None else np.empty(0, dtype=np.int64)
    joining = joining[np.argsort(-value[joining], kind="stable")]
    taken = np.zeros(len(value), dtype=bool)
    first_free = 0
    waiting: list[tuple[int, int, NDArray[np.int64]]] = []
    for grown in grow_areas(value, near, reach, rules=rules, seeds=seeds):
        taken[grown] = True
        area = np.sort(grown)
        heapq.heappush(waiting, (-int(value[area].sum()), int(area[0]), area))
        while first_free < len(joining) and taken[joining[first_free]]:
            first_free += 1
        spare = int(value[joining[first_free]]) if first_free < len(joining) else 0
        # no later area holds more than its size times the greatest cell that is left
        most = rules.most_cells * max(int(value[grown[0]]), spare)
        yield from _settled(waiting, most, dates, rules)
    yield from _settled(waiting, -1, dates, rules)


def _settled(
    waiting: list[tuple[int, int, NDArray[np.int64]]],
    most: int,
    dates: pd.DataFrame,
    rules: AreaRules,
) -> Iterator[NDArray[np.int64]]:
    """Draw from a heap the areas with more than any later one can hold."""
    while waiting and -waiting[0][0] > most:
        _, _, area = heapq.heappop(waiting)
        if enough_trouble(area, dates, rules=rules):
            yield area


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


def _size_words(rules: AreaRules) -> str:
    if rules.most_cells == 1:
        return "one cell each, grown from the cells with most"
    return (
        f"{rules.fewest_cells} to {rules.most_cells} adjoining cells each, no two more than two "
        "steps apart, grown from the cells with most"
    )


def choice_notes(  # noqa: PLR0913 (what a choice is made of)
    given: int,
    places: int,
    *,
    size: str,
    rules: AreaRules,
    measure: Measure,
    passed: int,
    separation_m: float,
) -> Notes:
    """Say how places were chosen, and how many fewer there are than were asked for."""
    dated = "months" if rules.dates_are_months else "dates"
    notes = [
        Note(
            f"Patrol areas: {size}; each rests on at least {rules.fewest_incidents} non-fatal "
            f"incidents on {rules.fewest_dates} different {dated}; ranked by {RANKED_BY[measure]}."
        ),
        *separation_notes(passed, separation_m=separation_m),
    ]
    if given < places:
        words = f"Only {given}" if given else "None"
        apart = f" and lies {separation_m:,.0f} m from those listed" if passed else ""
        more = ", or a smaller separation," if passed else ""
        sentence = (
            f"{words} of the {places} places asked for can be given: no other has "
            f"{rules.fewest_incidents} incidents on {rules.fewest_dates} {dated}{apart}. A longer "
            f"window or a wider profile{more} may show more."
        )
        notes.append(Note(sentence, loud=True))
    return tuple(notes)


def shares_by_place(
    ranked: RankedAreas, counts: CellCounts, measure: Measure
) -> NDArray[np.float64]:
    """Return which share of a measure each place holds, 0-1, by rank, shape (k,).

    Parameters
    ----------
    ranked
        The places; where they were drawn by hand, their ``drawn`` counts are of the same window as
        ``counts``.
    counts
        Of the cells: its total is what shares are of.
    measure
        What is summed: harm or incidents.
    """
    values, total = counts.values(measure), int(counts.values(measure).sum())
    held = np.array([values[area].sum() for area in ranked.areas], dtype=np.int64)
    if ranked.drawn is not None:
        held = ranked.drawn.counts.values(measure)[: len(ranked.areas)]
    shares: NDArray[np.float64] = held / total if total else np.zeros(len(held))
    return shares


def held_out(
    chosen: RankedAreas, counts: CellCounts, *, measure: Measure, before: Window
) -> tuple[float | None, str]:
    """Measure places chosen on an earlier window by what this window brought them.

    Parameters
    ----------
    chosen
        On the earlier window, from nothing that happened after it.
    counts
        Of this window; and so are the ``drawn`` counts of places drawn by hand.
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
    share = float(shares_by_place(chosen, counts, measure).sum())
    what = "harm" if measure is Measure.HARM else "incidents"
    return share, (
        f"Out of sample: {len(chosen.areas)} places chosen the same way on "
        f"{before.words} hold {share:.0%} of this window's {what}."
    )
