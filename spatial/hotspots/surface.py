"""The surface: every cell's sum, z, p and class for one profile and window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import Measure, Tier
from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.lattice import ring_lattice
from spatial.hotspots.getis_ord import gi_star
from spatial.hotspots.significance import (
    Correction,
    corrected,
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

_TESTED: Final = {
    Measure.COUNT: "the number of incidents",
    Measure.HARM: "harm in days",
    Measure.SQRT_HARM: "the square root of harm",
}
_CORRECTED: Final = {
    Correction.FDR: "corrected for testing {n:,} cells (Benjamini-Hochberg)",
    Correction.BONFERRONI: "corrected for testing {n:,} cells (Bonferroni)",
    Correction.RAW: "not corrected for testing {n:,} cells: up to one in twenty where nothing goes "
    "on is called hot or cold at 95",
}


def surface(
    counts: CellCounts,
    grid: HexGrid,
    *,
    measure: Measure,
    ring: int,
    correction: Correction = Correction.FDR,
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
    correction
        Over the whole map.

    Returns
    -------
    One row per cell in the grid's order: ``position, incidents, harm_days, z, p, p_adjusted, class,
    edge``; and the choices made. p is one-sided in the direction of z under total randomisation
    (:func:`spatial.hotspots.significance.randomisation_tails`); p_adjusted two-sided, corrected
    over all cells; ``edge`` marks cells whose neighbourhood is cut by the border.

    Raises
    ------
    BadInputError
        The measure cannot be tested, ``ring`` is below 1, or counts and grid differ in length.

    Notes
    -----
    Where nothing varies (no incident, the same number in every cell, one cell, or neighbourhoods
    that are the whole area) z is 0, p is 1 and no cell is hot or cold.
    """
    if measure not in _TESTED:
        msg = (
            f"Measure {str(measure)!r} cannot be tested: expected harm is smoothed over "
            "neighbours, which makes the very clusters that Gi* looks for. Test 'count', 'harm' or "
            "'sqrt_harm', and rank by expected harm."
        )
        raise BadInputError(msg)
    values = counts.values(measure)
    lattice = ring_lattice(grid, ring=ring)
    neighbours = lattice.neighbours
    z = gi_star(values, neighbours)
    tails = randomisation_tails(values, neighbours, rng=np.random.default_rng(SEED))
    p = np.where(z == 0, 1.0, one_sided(z, tails))
    adjusted = corrected(two_sided(p), correction)
    frame = pd.DataFrame(
        {
            "position": np.arange(len(grid)),
            "incidents": counts.incidents,
            "harm_days": counts.known_harm_days,
            "z": z,
            "p": p,
            "p_adjusted": adjusted,
            "class": significance_classes(z, adjusted),
            "edge": lattice.edge,
        }
    )
    how = (
        "counting every way the cells' values could be dealt over the map"
        if tails.method == "exact"
        else "dealing the cells' values over the map a million times (far tails: the exact ones of "
        "values rounded up)"
    )
    notes = [
        Note(
            f"Getis-Ord Gi* on {_TESTED[measure]}: each cell with its neighbours {lattice.reach}, "
            f"against {how}; {_CORRECTED[correction].format(n=len(grid))}.",
            loud=correction is Correction.RAW,
        ),
    ]
    if grid.mask:
        notes.append(
            Note(
                f"Only {grid.mask}: {len(grid):,} cells. Leaving out the rest raises the average, "
                "so fewer cells come out as hot.",
                loud=True,
            )
        )
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
