"""The lattice: a study area's cells and who neighbours whom, as one immutable object."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import h3.api.basic_int as h3_int
import numpy as np
import shapely

from config.errors import BadInputError
from spatial.hexes.disks import resolutions
from spatial.hexes.grid import grid_of_cells
from spatial.hexes.neighbours import Neighbours, ring_table, within_distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid

# links at once: 200 million take about 3 GB
_MOST_LINKS: Final = 200_000_000


@dataclass(frozen=True, slots=False, eq=False)
class Lattice:
    """The cells that are tested, and the neighbourhood of each.

    Attributes
    ----------
    grid
        The study area and its cells, zeros and mask included.
    neighbours
        In the grid's order, with self or without.
    edge
        Cells whose neighbourhood reaches beyond the study area, where incidents are not seen; bool,
        shape (n,). A cell beside one that a mask leaves out is no edge cell.
    reach
        In words, how far a neighbourhood reaches and by what measure.
    """

    grid: HexGrid
    neighbours: Neighbours
    edge: NDArray[np.bool_]
    reach: str

    def __len__(self) -> int:
        """Return the number of cells, zeros included."""
        return len(self.grid)

    def __repr__(self) -> str:
        """Say what is tested, how far neighbours lie and how many cells lie at the border."""
        kind = "with self" if self.neighbours.includes_self else "without self"
        return (
            f"<Lattice of {self.grid.study_area.name!r}: {len(self)} cells at resolution "
            f"{self.grid.resolution}, neighbours {self.reach} {kind}, {int(self.edge.sum())} at "
            "the border>"
        )

    @cached_property
    def digest(self) -> str:
        """Hash of the cells and of every link: the same for the same content."""
        content = hashlib.sha256(self.grid.cells.tobytes())
        for array in (self.neighbours.indptr, self.neighbours.indices):
            content.update(array.astype("<i8").tobytes())
        content.update(self.neighbours.weights.astype("<f8").tobytes())
        content.update(bytes([self.neighbours.includes_self]))
        return content.hexdigest()[:16]

    def without_self(self) -> Lattice:
        """Return the same lattice with each cell taken out of its own neighbourhood (for Gi)."""
        return replace(self, neighbours=self.neighbours.without_self())

    def row_standardised(self) -> Lattice:
        """Return the same lattice with each row's weights summing to 1."""
        return replace(self, neighbours=self.neighbours.row_standardised())

    def to_graph(self) -> Any:  # noqa: ANN401 (libpysal has no types)
        """Return it as a ``libpysal.graph.Graph`` of H3 names in hexadecimal.

        Raises
        ------
        BadInputError
            libpysal is not installed.

        Notes
        -----
        libpysal marks a cell without neighbours by a link to itself of weight 0.
        """
        names, table = self.grid.names(), self.neighbours
        rows = np.repeat(np.arange(len(self)), table.cardinalities)
        alone = np.flatnonzero(table.cardinalities == 0)
        focal = np.concatenate([rows, alone])
        order = np.argsort(focal, kind="stable")
        other = np.concatenate([table.indices, alone])[order]
        weights = np.concatenate([table.weights, np.zeros(len(alone))])[order]
        return _graphs().Graph.from_arrays(names[focal[order]], names[other], weights)


def ring_lattice(grid: HexGrid, *, ring: int) -> Lattice:
    """Return the lattice in which each cell neighbours all within some steps, itself included.

    Parameters
    ----------
    grid
        The study area's cells.
    ring
        Steps on the hexagons: 1 is the six that adjoin, 2 the eighteen nearest.
    """
    table = ring_table(grid, ring=ring)
    edge = table.cut
    if grid.unmasked is not None:
        edge = ring_table(grid.unmasked, ring=ring).cut[grid.unmasked.positions(grid.cells)]
    return Lattice(grid, table.neighbours, edge, f"to {ring} step{'s' if ring > 1 else ''}")


def band_lattice(grid: HexGrid, *, distance_m: float) -> Lattice:
    """Return the lattice in which each cell neighbours all within a distance, itself included.

    Parameters
    ----------
    grid
        The study area's cells.
    distance_m
        Metres in a straight line from centre to centre, inclusive, on the study area's plane
        (:attr:`spatial.hexes.study_area.StudyArea.metric_system`).

    Returns
    -------
    A cell is at the edge where the study area's border lies within the distance of its centre.

    Raises
    ------
    BadInputError
        The distance reaches no neighbour, or so many that the table would not fit in memory.
    """
    plane = grid.study_area.metric_system
    latitude, longitude = np.array([h3_int.cell_to_latlng(c) for c in grid.cells.tolist()]).T
    centres = np.column_stack(plane.forward(longitude, latitude))
    spacing = h3_int.average_hexagon_edge_length(grid.resolution, unit="m") * np.sqrt(3)
    if not distance_m >= 0.8 * spacing:
        msg = (
            f"A distance of {distance_m!r} m reaches no neighbour at resolution {grid.resolution}, "
            f"where centres lie about {spacing:.0f} m apart: choose a longer one."
        )
        raise BadInputError(msg)
    links = len(grid) * min(len(grid), np.pi * distance_m**2 / (spacing**2 * np.sqrt(3) / 2))
    if links > _MOST_LINKS:
        msg = (
            f"A distance of {distance_m!r} m would link {len(grid):,} cells about {links:,.0f} "
            "times: choose a shorter one, or a coarser resolution."
        )
        raise BadInputError(msg)
    border = shapely.boundary(plane.project(grid.study_area.polygon))
    near = shapely.STRtree(np.asarray(shapely.points(centres))).query(
        border, predicate="dwithin", distance=distance_m
    )
    edge = np.zeros(len(grid), dtype=np.bool_)
    edge[near] = True
    edge.flags.writeable = False
    reach = f"within {distance_m:g} m from centre to centre on the {plane.name}"
    return Lattice(grid, within_distance(centres, distance_m).with_self(), edge, reach)


def from_graph(graph: Any, *, name: str) -> Lattice:  # noqa: ANN401 (libpysal has no types)
    """Return the lattice that a ``libpysal.graph.Graph`` of H3 cells describes.

    Parameters
    ----------
    graph
        Its ids are H3 cells, as hexadecimal strings (as in ``Graph.build_h3``) or as integers, in
        any order.
    name
        What to call the study area, which is the cells' outline.

    Returns
    -------
    Cells at the edge are those with a missing neighbour at one step.

    Raises
    ------
    BadInputError
        An id is no H3 cell, resolutions differ, a weight is negative or not finite, or some cells
        are their own neighbours and others are not.
    """
    labels = list(graph.unique_ids)
    cells = np.array([_cell(label) for label in labels], dtype=np.uint64)
    resolution = int(resolutions(cells[:1])[0]) if len(cells) else 0
    grid = grid_of_cells(cells, name=name, resolution=resolution)
    links = graph.adjacency.reset_index()
    place = dict(zip(labels, grid.positions(cells).tolist(), strict=True))
    focal = links["focal"].map(place).to_numpy(dtype=np.int64)
    other = links["neighbor"].map(place).to_numpy(dtype=np.int64)
    weights = links["weight"].to_numpy(dtype=float)
    # a link to itself of weight 0 is libpysal's mark of a cell without neighbours
    real = (focal != other) | (weights != 0)
    focal, other, weights = focal[real], other[real], weights[real]
    selves = int((focal == other).sum())
    if selves not in {0, len(grid)}:
        msg = (
            f"{selves:,} of {len(grid):,} cells of the graph are their own neighbours: give all of "
            "them a weight of their own (Gi*) or none (Gi)."
        )
        raise BadInputError(msg)
    order = np.lexsort((other, focal))
    counted = np.bincount(focal, minlength=len(grid))
    table = Neighbours(
        np.concatenate([[0], np.cumsum(counted)]),
        other[order],
        weights[order],
        includes_self=selves > 0,
    )
    return Lattice(grid, table, ring_table(grid, ring=1).cut, "as in the graph given")


def _cell(label: object) -> int:
    try:
        cell = int(label, 16) if isinstance(label, str) else int(label)  # type: ignore[call-overload]
        known = h3_int.is_valid_cell(cell)
    except (TypeError, ValueError, OverflowError):
        known = False
    if not known:
        msg = f"The graph's id {label!r} is no H3 cell: build it with Graph.build_h3."
        raise BadInputError(msg)
    return int(cell)


def _graphs() -> Any:  # noqa: ANN401 (libpysal has no types)
    try:
        return import_module("libpysal.graph")
    except ImportError as error:
        msg = "libpysal is not installed: install it (pip install libpysal) and try again."
        raise BadInputError(msg) from error
