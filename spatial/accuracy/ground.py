"""The ground of a backtest: cells, who adjoins whom, distances, and blocks to draw anew."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from spatial.hexes.neighbours import ring_neighbours
from spatial.hexes.rings import rings_between
from spatial.hotspots.kernel_density import quartic_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.hexes.neighbours import Neighbours
    from spatial.hexes.rings import Rings

    Floats = NDArray[np.float64]

BLOCK_RESOLUTION: Final = 8
"""Cells of one block, three quarters of a square kilometre, are drawn together."""
BANDWIDTHS_M: Final = (200.0, 400.0, 800.0)
"""Of kernel density: bandwidths in use for street violence, from a corner to a neighbourhood."""


@dataclass(frozen=True, slots=False, eq=False)
class BacktestGround:
    """Where things are: nothing in it depends on what happened after the first origin.

    Attributes
    ----------
    grid
        The cells.
    centres
        Their centres, metres on a plane, shape (n, 2).
    points
        Of the profile's incidents on the same plane, shape (p, 2), for kernel density.
    """

    grid: HexGrid
    centres: Floats
    points: Floats

    @cached_property
    def near(self) -> Neighbours:
        """Each cell and those that adjoin it."""
        return ring_neighbours(self.grid, ring=1)

    @cached_property
    def rings(self) -> Rings:
        """The first and the second ring."""
        return rings_between(self.near, ring_neighbours(self.grid, ring=2))

    @cached_property
    def blocks(self) -> NDArray[np.int64]:
        """The block of each cell, shape (n,), numbered from 0."""
        owner = parents(self.grid.cells, resolution=min(BLOCK_RESOLUTION, self.grid.resolution))
        return np.unique(owner, return_inverse=True)[1].reshape(-1).astype(np.int64)

    @cached_property
    def kernels(self) -> dict[float, sparse.csr_array]:
        """Quartic kernels from points to cells, each shape (n, p), by bandwidth."""
        if not len(self.points):
            empty = sparse.csr_array((len(self.grid), 0))
            return dict.fromkeys(BANDWIDTHS_M, empty)
        distances = cKDTree(self.centres).sparse_distance_matrix(
            cKDTree(self.points), max(BANDWIDTHS_M), output_type="coo_matrix"
        )
        found = {}
        for bandwidth in BANDWIDTHS_M:
            inside = distances.data < bandwidth
            shares = quartic_kernel(distances.data[inside], bandwidth_m=bandwidth)
            at = (distances.row[inside], distances.col[inside])
            found[bandwidth] = sparse.csr_array((shares, at), shape=distances.shape)
        return found


def backtest_ground(grid: HexGrid, points: Floats) -> BacktestGround:
    """Return the ground of a grid.

    Parameters
    ----------
    grid
        The cells.
    points
        Degrees (EPSG:4326), longitude and latitude, shape (p, 2).
    """
    plane = grid.study_area.metric_system
    pairs = np.array([h3_int.cell_to_latlng(cell) for cell in grid.cells.tolist()])
    centres = np.column_stack(plane.forward(pairs[:, 1], pairs[:, 0]))
    return BacktestGround(grid, centres, np.column_stack(plane.forward(points[:, 0], points[:, 1])))


def parents(cells: NDArray[np.uint64], *, resolution: int) -> NDArray[np.uint64]:
    """Return the coarser H3 cells that cells belong to, as H3 numbers them, shape (n,).

    Blocks to draw anew, or a rough whereabouts: never the cell that a point lies in, since the
    children of a cell do not tile it exactly.
    """
    # bits of an index: resolution at 52, then three for each of fifteen digits, 7 for unused ones
    unused = np.uint64((1 << (3 * (15 - resolution))) - 1)
    kept = cells & ~np.uint64(0xF << 52)
    return (kept | np.uint64(resolution << 52)) | unused
