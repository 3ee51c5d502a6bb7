"""Neighbours: who adjoins whom, as one immutable sparse table."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from config.errors import BadInputError
from spatial.hexes.disks import disks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.grid import HexGrid

# what is kept of tables built before: enough for two nationwide ones
_MOST_KEPT_BYTES: Final = 1_000_000_000


@dataclass(frozen=True, slots=False, eq=False)
class Neighbours:
    """Weights between cells, in compressed rows, read-only.

    Attributes
    ----------
    indptr, indices, weights
        Row i's neighbours are ``indices[indptr[i]:indptr[i + 1]]`` with those weights; integers,
        integers and float64 of shapes (n + 1,), (m,), (m,). Ascending within a row.
    includes_self
        Whether every row holds itself (Gi*) or none does (Gi).

    Raises
    ------
    BadInputError
        A weight is negative or not finite, or some rows hold themselves and others do not.
    """

    indptr: NDArray[np.integer]
    indices: NDArray[np.integer]
    weights: NDArray[np.float64]
    includes_self: bool

    def __post_init__(self) -> None:
        """Check the weights, and let nobody write to them."""
        weights = np.asarray(self.weights, dtype=float)
        bad = np.flatnonzero(~((weights >= 0) & (weights < np.inf)))
        if len(bad):
            row = int(np.searchsorted(self.indptr, bad[0], side="right")) - 1
            msg = (
                f"The weight {float(weights[bad[0]])!r} from cell {row} to cell "
                f"{int(self.indices[bad[0]])} cannot be used: weights are finite and not negative."
            )
            raise BadInputError(msg)
        for field, array in (
            ("indptr", self.indptr), ("indices", self.indices), ("weights", weights),
        ):  # fmt: skip
            fixed = np.asarray(array).view()
            fixed.flags.writeable = False
            object.__setattr__(self, field, fixed)

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
        sizes: NDArray[np.int64] = np.diff(self.indptr).astype(np.int64)
        return sizes

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
    def even(self) -> bool:
        """Whether each row's weights are all one positive number, as in binary or standardised."""
        if self.binary:
            return True
        filled = self.cardinalities > 0
        starts = np.asarray(self.indptr[:-1])[filled]
        if not len(starts):
            return True
        least = np.minimum.reduceat(self.weights, starts)
        most = np.maximum.reduceat(self.weights, starts)
        return bool(((least > 0) & (most <= least * (1 + 1e-12))).all())

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """The weights as a sparse matrix, shape (n, n)."""
        n = len(self)
        return sparse.csr_array((self.weights, self.indices, self.indptr), shape=(n, n))

    def sums(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the unweighted sum of whole numbers over each cell's neighbours, shape (n,)."""
        # 0 + 1s: exact in floating point up to 2^53
        ones = self.matrix
        if not self.binary:
            ones = sparse.csr_array(
                (np.ones(len(self.indices)), self.indices, self.indptr), shape=self.matrix.shape
            )
        total: NDArray[np.int64] = np.rint(ones @ values).astype(np.int64)
        return total

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
        return Neighbours(both.indptr, both.indices, both.data, includes_self=True)

    def without_self(self) -> Neighbours:
        """Return the same neighbours with each cell taken out of its own row.

        Raises
        ------
        ValueError
            Self is not included.
        """
        if not self.includes_self:
            msg = "without_self needs neighbours that include self."
            raise ValueError(msg)
        others = self._rows() != self.indices
        indptr = self.indptr - np.arange(len(self) + 1, dtype=self.indptr.dtype)
        return Neighbours(indptr, self.indices[others], self.weights[others], includes_self=False)

    def row_standardised(self) -> Neighbours:
        """Return the same neighbours with each row's weights summing to 1 (empty rows stay so)."""
        totals = np.repeat(self.matrix.sum(axis=1), self.cardinalities)
        shares = np.divide(self.weights, totals, out=np.zeros(len(totals)), where=totals > 0)
        return Neighbours(self.indptr, self.indices, shares, self.includes_self)

    def _rows(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self)), self.cardinalities)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.indptr.nbytes + self.indices.nbytes + self.weights.nbytes


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


@dataclass(frozen=True, slots=True, eq=False)
class RingTable:
    """Neighbours by steps, and which of them the border cuts.

    Attributes
    ----------
    neighbours
        Binary, self included.
    cut
        Whether some cell within those steps is not in the grid, bool, shape (n,).
    """

    neighbours: Neighbours
    cut: NDArray[np.bool_]


_kept: OrderedDict[tuple[str, int], RingTable] = OrderedDict()
_keeping: Final = threading.Lock()


def ring_table(grid: HexGrid, *, ring: int) -> RingTable:
    """Return each cell with every cell of the grid within some steps, and which rows are cut.

    Parameters
    ----------
    grid
        Cells beyond its border are missing from the rows of its edge cells.
    ring
        Steps: 1 is the six that adjoin, 2 the eighteen nearest.

    Returns
    -------
    In the grid's order. Built once for the same cells and steps: tables are kept by the cells' hash
    while they take up less than a gigabyte, the least recently used dropped first.

    Raises
    ------
    BadInputError
        ``ring`` is not at least 1.
    """
    if ring < 1:
        msg = f"ring is {ring!r}: give 1 for the cells that adjoin, 2 for those and the next."
        raise BadInputError(msg)
    key = (grid.digest, ring)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    table = _build_rings(grid, ring)
    with _keeping:
        _kept[key] = table
        # the newest stays even where it alone is larger
        while (
            len(_kept) > 1 and sum(t.neighbours.nbytes for t in _kept.values()) > _MOST_KEPT_BYTES
        ):
            _kept.popitem(last=False)
    return table


def forget_tables() -> None:
    """Drop the tables kept from before: for measuring how long they take."""
    with _keeping:
        _kept.clear()


def _build_rings(grid: HexGrid, ring: int) -> RingTable:
    found, whole = disks(grid.cells, resolution=grid.resolution, ring=ring)
    inside = found >= 0
    sizes = inside.sum(axis=1)
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    indices = found[inside]
    cut = sizes < whole
    cut.flags.writeable = False
    return RingTable(Neighbours(indptr, indices, np.ones(len(indices)), includes_self=True), cut)


def ring_neighbours(grid: HexGrid, *, ring: int) -> Neighbours:
    """Return each cell with every cell of the grid within some steps of it, itself included.

    Parameters
    ----------
    grid, ring
        As :func:`ring_table`.

    Returns
    -------
    Binary weights in the grid's order; built once per grid and ring.
    """
    return ring_table(grid, ring=ring).neighbours


def full_disk(ring: int) -> int:
    """Return how many cells lie within a number of steps of a cell, itself included."""
    return 1 + 3 * ring * (ring + 1)
