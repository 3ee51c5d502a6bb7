"""Ground: cells and shapes on one metric plane, and which cells lie near which shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h3
import h3.api.basic_int as h3_int
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.hexes.grid import HexGrid
    from spatial.projection import MetricSystem

# no cell's corner lies further from its centre than so many mean edges
_WIDEST: Final = 1.4


def on_plane(
    shapes: Sequence[BaseGeometry] | NDArray[np.object_], plane: MetricSystem
) -> NDArray[np.object_]:
    """Project shapes in degrees (EPSG:4326) to metres, all at once, shape (n,)."""
    given = np.empty(len(shapes), dtype=object)
    given[:] = list(shapes)
    moved: NDArray[np.object_] = shapely.transform(
        given, lambda pairs: np.column_stack(plane.forward(pairs[:, 0], pairs[:, 1]))
    )
    return moved


def outlines_m(grid: HexGrid, positions: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the outlines of some cells of a grid in metres, shape (m,)."""
    rings = [h3_int.cell_to_boundary(cell) for cell in grid.cells[positions].tolist()]
    corners = np.array([corner for ring in rings for corner in ring]).reshape(-1, 2)
    east, north = grid.study_area.metric_system.forward(corners[:, 1], corners[:, 0])
    # a cell on an edge of H3's solid has more corners than six
    cell = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    closed = shapely.linearrings(np.column_stack([east, north]), indices=cell)
    return np.asarray(shapely.polygons(closed), dtype=object)


def cells_near(
    grid: HexGrid, shapes: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair cells with the shapes that may touch them.

    Parameters
    ----------
    grid
        The cells.
    shapes
        In metres, shape (s,).

    Returns
    -------
    Positions of cells and of shapes, one of each per pair. Every pair that touches is there, and
    some that only come near.
    """
    plane = grid.study_area.metric_system
    centres = np.array([h3_int.cell_to_latlng(cell) for cell in grid.cells.tolist()])
    points = shapely.points(*plane.forward(centres[:, 1], centres[:, 0]))
    radius = h3.average_hexagon_edge_length(grid.resolution, unit="m") * _WIDEST
    cell, shape = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=radius)
    return np.asarray(cell, dtype=np.int64), np.asarray(shape, dtype=np.int64)
