"""Told cells: those near which anything ever happened; all others are alike, and share one row.

Of a county's quarter of a million cells nothing is known of three in four: no incident in them, nor
within two steps. Whatever is learnt is the same for each of these, so it is worked out once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from spatial.hexes.history import CellHistory
from spatial.hexes.rings import Rings

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class ToldCells:
    """A history and its neighbours with one row for every cell that is told of, and one for all.

    Attributes
    ----------
    history, rings
        Of the rows: the told cells in their order, then one that stands for all others.
    row
        Each cell's row, shape (n,).
    cells
        How many cells each row stands for, shape (m,).
    """

    history: CellHistory
    rings: Rings
    row: NDArray[np.int64]
    cells: NDArray[np.float64]


def told_cells(history: CellHistory, rings: Rings) -> ToldCells:
    """Give the cells within two steps of any incident a row each, and all others one together."""
    happened = np.zeros(history.cells)
    happened[history.position] = 1.0
    near, far = rings.averages(happened)
    told = (happened > 0) | (near > 0) | (far > 0)
    kept = np.flatnonzero(told)
    if len(kept) >= history.cells - 1:
        return ToldCells(history, rings, np.arange(history.cells), np.ones(history.cells))
    row = np.full(history.cells, len(kept), dtype=np.int64)
    row[kept] = np.arange(len(kept))
    # any of the others is as good as the next
    rows = np.append(kept, np.flatnonzero(~told)[0])
    cells = np.append(np.ones(len(kept)), float(history.cells - len(kept)))
    few = CellHistory(
        len(rows),
        history.periods,
        history.kinds,
        row[history.position],
        history.period,
        history.kind,
        history.incidents,
    )
    return ToldCells(few, Rings(_of(rings.first, rows, row), _of(rings.second, rows, row)), row,
                     cells)  # fmt: skip


def _of(
    ring: sparse.csr_array, rows: NDArray[np.int64], row: NDArray[np.int64]
) -> sparse.csr_array:
    # a neighbour of which nothing is known holds nothing, whichever row stands for it
    part = sparse.csr_array(ring[rows])
    return sparse.csr_array(
        (part.data, row[part.indices], part.indptr), shape=(len(rows), len(rows))
    )
