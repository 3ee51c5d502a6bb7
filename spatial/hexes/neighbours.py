"""Neighbours: who adjoins whom, as one immutable sparse table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import h3.api.basic_int as h3_int
import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.grid import HexGrid


@dataclass(frozen=True, slots=False, eq=False)
class Neighbours:
    """Weights between cells, in compressed rows.

    Attributes
    ----------
    indptr, indices, weights
        Row i's neighbours are ``indices[indptr[i]:indptr[i + 1]]`` with those weights; int64,
        int64 and float64 of shapes (n + 1,), (m,), (m,). Ascending within a row.
    includes_self
        Whether every row holds itself (Gi*) or none does (Gi).
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    weights: NDArray[np.float64]
    includes_self: bool

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.indptr) - 1

    def __repr__(self) -> str:
        """Say how many cells and links there are, and how many cells stand alone."""
        alone = int((self.cardinalities == int(self.includes_self)).sum())
        kind = "with self" if self.includes_self else "without self"
        return f"<Neighbours of {len(self)} cells {kind}: {len(self.indices)} links, {alone} alone>"

    @cached_property
    def cardinalities(self) -> NDArray[np.int64]:
        """Number of neighbours of each cell (itself counted where included), shape (n,)."""
        return np.diff(self.indptr)

    def of(self, position: int) -> list[int]:
        """Return the positions of one cell's neighbours, ascending."""
        start, stop = self.indptr[position], self.indptr[position + 1]
        row: list[int] = self.indices[start:stop].tolist()
        return row

    @cached_property
    def binary(self) -> bool:
        """Whether every weight is 1, so that cells of one cardinality share one null."""
        return bool((self.weights == 1.0).all())

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """The weights as a sparse matrix, shape (n, n)."""
        n = len(self)
        return sparse.csr_array((self.weights, self.indices, self.indptr), shape=(n, n))

    def with_self(self) -> Neighbours:
        """Return the same neighbours with each cell added to its own row, weight 1.

        Raises
        ------
        ValueError
            They are included already, or the weights are not binary (row-standardise after adding
            self, not before).
        """
        if self.includes_self or not self.binary:
            msg = "with_self needs binary weights without self: standardise afterwards."
            raise ValueError(msg)
        both = (self.matrix + sparse.eye_array(len(self), format="csr")).tocsr()
        both.sort_indices()
        return Neighbours(
            both.indptr.astype(np.int64),
            both.indices.astype(np.int64),
            both.data,
            True,  # noqa: FBT003 (the field's own name is on the line above)
        )

    def row_standardised(self) -> Neighbours:
        """Return the same neighbours with each row's weights summing to 1 (empty rows stay so)."""
        totals = np.repeat(self.matrix.sum(axis=1), self.cardinalities)
        return Neighbours(self.indptr, self.indices, self.weights / totals, self.includes_self)


def from_lists(lists: Sequence[Sequence[int]]) -> Neighbours:
    """Return binary neighbours from one list of positions per cell, self left out."""
    rows = [sorted(set(row) - {i}) for i, row in enumerate(lists)]
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    indices = np.array([j for row in rows for j in row], dtype=np.int64)
    return Neighbours(indptr, indices, np.ones(len(indices)), includes_self=False)


def within_distance(points: ArrayLike, distance_m: float) -> Neighbours:
    """Return binary neighbours within a distance (inclusive), self left out.

    Parameters
    ----------
    points
        Metres on a plane, shape (n, 2).
    distance_m
        Metres.
    """
    tree = cKDTree(np.asarray(points, dtype=float))
    pairs = tree.query_pairs(distance_m, output_type="ndarray")
    n = tree.n
    both = np.concatenate([pairs, pairs[:, ::-1]])
    table = sparse.csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n))
    table.sort_indices()
    return Neighbours(
        table.indptr.astype(np.int64),
        table.indices.astype(np.int64),
        table.data,
        includes_self=False,
    )


@lru_cache(maxsize=32)
def _ring_neighbours(digest: str, cells: bytes, ring: int) -> Neighbours:
    del digest  # the short key that makes a cache hit cheap to recognise
    ordered = np.frombuffer(cells, dtype=np.uint64)
    disks = [h3_int.grid_disk(cell, ring) for cell in ordered.tolist()]
    owners = np.repeat(np.arange(len(ordered)), [len(disk) for disk in disks])
    others = np.fromiter((cell for disk in disks for cell in disk), dtype=np.uint64)
    found = np.searchsorted(ordered, others)
    found[found == len(ordered)] = 0
    kept = ordered[found] == others
    rows, columns = owners[kept], found[kept]
    order = np.lexsort((columns, rows))
    rows, columns = rows[order], columns[order]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(ordered)))])
    return Neighbours(
        indptr.astype(np.int64),
        columns.astype(np.int64),
        np.ones(len(columns)),
        includes_self=True,
    )


def ring_neighbours(grid: HexGrid, *, ring: int) -> Neighbours:
    """Return each cell with every cell of the grid within some steps of it, itself included.

    Parameters
    ----------
    grid
        Cells beyond its border are missing from the rows of its edge cells.
    ring
        Steps: 1 is the six that adjoin, 2 the eighteen nearest.

    Returns
    -------
    Binary weights in the grid's order; built once per grid and ring.
    """
    return _ring_neighbours(grid.digest, grid.cells.tobytes(), ring)


def full_disk(ring: int) -> int:
    """Return how many cells lie within a number of steps of a cell, itself included."""
    return 1 + 3 * ring * (ring + 1)
