"""Rings: the average of a number over the cells one step away, and over those two steps away."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from spatial.hexes.neighbours import ring_neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.hexes.neighbours import Neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Row-standardised weights of a cell's first and second ring, itself in neither.

    Attributes
    ----------
    first, second
        Sparse, shape (n, n): rows sum to 1, or to 0 where no cell of the area lies in that ring.
    """

    first: sparse.csr_array
    second: sparse.csr_array

    def __len__(self) -> int:
        """Return the number of cells."""
        return int(self.first.shape[0])

    def averages(
        self, values: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the averages of values, shape (n,), over the first and over the second ring.

        Cells beyond the study area are not seen: a border cell averages those that are, and a cell
        without neighbours gets 0.
        """
        return np.asarray(self.first @ values), np.asarray(self.second @ values)


def rings_of(grid: HexGrid) -> Rings:
    """Return the two rings around every cell of a grid, in the grid's order.

    Built once for the same cells: the last few are kept.
    """
    return _rings_of(_Cells(grid.digest, grid))


@dataclass(frozen=True, slots=True)
class _Cells:
    """A grid by its cells."""

    digest: str
    grid: HexGrid = field(compare=False)


@lru_cache(maxsize=4)
def _rings_of(cells: _Cells) -> Rings:
    return rings_between(ring_neighbours(cells.grid, ring=1), ring_neighbours(cells.grid, ring=2))


def rings_between(near: Neighbours, far: Neighbours) -> Rings:
    """Return the rings from two disks of neighbours.

    Parameters
    ----------
    near, far
        Binary, itself included: all cells within one step, and within two.
    """
    alone = sparse.eye_array(len(near), format="csr")
    return Rings(_averaging(near.matrix - alone), _averaging(far.matrix - near.matrix))


def _averaging(links: sparse.csr_array) -> sparse.csr_array:
    ring = sparse.csr_array(links)
    ring.eliminate_zeros()
    sizes = np.diff(ring.indptr)
    ring.data = np.repeat(1 / np.maximum(sizes, 1), sizes)
    return ring
