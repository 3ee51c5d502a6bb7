"""The surface: every cell's sum, z, p and class for one profile and window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from config.profile import Measure, Tier
from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.neighbours import full_disk, ring_neighbours
from spatial.hotspots.getis_ord import gi_star
from spatial.hotspots.significance import (
    benjamini_hochberg,
    one_sided,
    randomisation_tails,
    significance_classes,
    two_sided,
)
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from spatial.hexes.counts import CellCounts
    from spatial.hexes.grid import HexGrid
    from spatial.hexes.neighbours import Neighbours

SEED = 20_260_101
"""Seed of the sampled null, where one is needed; part of the version."""


def surface(
    counts: CellCounts, grid: HexGrid, *, measure: Measure, ring: int
) -> tuple[pd.DataFrame, Notes]:
    """Test every cell of a grid with Gi* and return the whole surface.

    Parameters
    ----------
    counts
        In the grid's order, zeros included.
    grid
        Its cells are the whole of the null: the study area decides significance.
    measure
        What is summed and tested. Expected harm is not a choice here: it is smoothed over
        neighbours, which is the very clustering that Gi* tests for.
    ring
        Neighbourhood in steps; the cell itself is included.

    Returns
    -------
    One row per cell in the grid's order: ``position, incidents, harm_days, z, p, p_adjusted, class,
    edge``; and the choices made. p is one-sided in the direction of z under total randomisation
    (:func:`spatial.hotspots.significance.randomisation_tails`); p_adjusted two-sided, Benjamini-
    Hochberg over all cells; ``edge`` marks cells whose neighbourhood is cut by the border.

    Notes
    -----
    Where nothing varies (no incident, or the same number in every cell) z is 0, p is 1 and no cell
    is hot.
    """
    values = counts.values(measure)
    neighbours = ring_neighbours(grid, ring=ring)
    z = gi_star(values, neighbours)
    tails = randomisation_tails(values, neighbours, rng=np.random.default_rng(SEED))
    p = np.where(z == 0, 1.0, one_sided(z, tails))
    adjusted = benjamini_hochberg(two_sided(p))
    frame = pd.DataFrame(
        {
            "position": np.arange(len(grid)),
            "incidents": counts.incidents,
            "harm_days": counts.known_harm_days,
            "z": z,
            "p": p,
            "p_adjusted": adjusted,
            "class": significance_classes(z, adjusted),
            "edge": neighbours.cardinalities < full_disk(ring),
        }
    )
    tested = {
        Measure.COUNT: "the number of incidents",
        Measure.HARM: "harm in days",
        Measure.SQRT_HARM: "the square root of harm",
    }[measure]
    how = (
        "counting every way the cells' values could be dealt over the map"
        if tails.method == "exact"
        else "dealing the cells' values over the map a million times, so no p is below 0.000001"
    )
    notes = [
        Note(
            f"Getis-Ord Gi* on {tested}: each cell with its neighbours to {ring} step"
            f"{'s' if ring > 1 else ''}, against {how}; corrected for testing {len(grid):,} cells "
            "(Benjamini-Hochberg)."
        ),
    ]
    edges = int(frame["edge"].sum())
    if edges:
        notes.append(
            Note(f"{edges:,} cells lie at the border, where incidents beyond it are not seen.")
        )
    if measure is not Measure.COUNT:
        notes.extend(_homicide_notes(counts, frame, neighbours))
    return frame, tuple(notes)


def _homicide_notes(counts: CellCounts, frame: pd.DataFrame, neighbours: Neighbours) -> list[Note]:
    # a single homicide can carry a harm hot spot by itself: say where it does
    fatal = counts.by_tier[counts.by_tier["tier"] == Tier.HOMICIDE]
    if fatal.empty:
        return []
    homicide = np.zeros(len(frame))
    np.add.at(homicide, fatal["position"].to_numpy(), fatal["harm"].to_numpy() / HARM_UNITS)
    nearby = neighbours.matrix @ homicide
    total = neighbours.matrix @ counts.harm_days
    hot = frame["class"].str.startswith("hot").to_numpy()
    carried = int((hot & (nearby > total / 2)).sum())
    if not carried:
        return []
    return [
        Note(
            f"{carried:,} of {int(hot.sum()):,} hot cells owe more than half of their "
            "neighbourhood's harm to homicide: look at the count before you act on them.",
            loud=True,
        )
    ]
