"""Belonging: in which place of a list each incident lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid


def place_of(
    cells: NDArray[np.uint64], areas: Sequence[NDArray[np.int64]], grid: HexGrid
) -> NDArray[np.int64]:
    """Return the place of each incident.

    Parameters
    ----------
    cells
        The incidents' cells at the grid's resolution, 0 without a location, shape (n,).
    areas
        Positions of each place's cells in the grid's order. Places share no cell.
    grid
        The cells.

    Returns
    -------
    The place's number in the list, -1 for none, shape (n,).
    """
    owner = np.full(len(grid) + 1, -1, dtype=np.int64)
    for number, area in enumerate(areas):
        owner[area] = number
    # what lies in no cell of the grid has position -1, which is the last and no place's
    return np.asarray(owner[grid.positions(cells)])


def own_seed(seed: int, area: NDArray[np.int64], grid: HexGrid) -> list[int]:
    """Return a seed of a place's own, so that what is drawn for it does not hang on the list."""
    lowest = grid.cells[area].min(initial=np.iinfo(np.uint64).max)
    return [seed, int(lowest)]
