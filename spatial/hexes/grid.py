"""The hex grid: the H3 cells of a study area, in order, zeros included."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, cast

import h3
import h3.api.basic_int as h3_int
import numpy as np
import shapely
from shapely.geometry import mapping, shape

from config.errors import BadInputError
from spatial.hexes.disks import resolutions
from spatial.hexes.study_area import StudyArea

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

EVER_INCIDENT: Final = "ever-incident"
_MOST_CELLS = 5_000_000
_KM_PER_DEGREE = 111.2
# a cell's mean area in square kilometres, by resolution: H3's own table
_MEAN_CELL_KM2 = {8: 0.737328, 9: 0.105333, 10: 0.015048}


@dataclass(frozen=True, slots=False, eq=False)
class HexGrid:
    """The cells of a study area at one resolution.

    Attributes
    ----------
    study_area
        What was filled.
    resolution
        H3 resolution of every cell.
    cells
        uint64, shape (n,), ascending, unique, read-only: the order of every per-cell array in an
        analysis.
    mask
        In words, which of the study area's cells these are; empty where they are all.
    unmasked
        Every cell of the study area, where these are only some of them.

    Raises
    ------
    BadInputError
        There is no cell, one is not of the resolution, or they are not in order or not unique.
    """

    study_area: StudyArea
    resolution: int
    cells: NDArray[np.uint64]
    mask: str = ""
    unmasked: HexGrid | None = None

    def __post_init__(self) -> None:
        """Check the cells, and let nobody write to them."""
        cells = np.asarray(self.cells, dtype=np.uint64).view()
        _check_cells(cells, self.resolution, self.study_area.name)
        cells.flags.writeable = False
        object.__setattr__(self, "cells", cells)

    def __len__(self) -> int:
        """Return the number of cells, zeros included."""
        return len(self.cells)

    @cached_property
    def digest(self) -> str:
        """Hash of the cells, for caches."""
        return hashlib.sha256(self.cells.tobytes()).hexdigest()[:16]

    def positions(self, cells: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return where each cell stands in ``self.cells``; -1 where it is outside the area."""
        found = np.searchsorted(self.cells, cells)
        found[found == len(self.cells)] = 0
        return np.where(self.cells[found] == cells, found, -1).astype(np.int64)

    def names(self) -> NDArray[np.str_]:
        """Return the cells as hexadecimal strings, shape (n,)."""
        return cell_names(self.cells)


def _check_cells(cells: NDArray[np.uint64], resolution: int, name: str) -> None:
    if not len(cells):
        msg = (
            f"Study area {name!r} has no cell at resolution {resolution}: there is nothing to test."
        )
        raise BadInputError(msg)
    other = np.flatnonzero(resolutions(cells) != resolution)
    if len(other):
        cell = int(cells[other[0]])
        msg = (
            f"Cell {cell:x} of {name!r} has resolution {resolutions(cells[other[:1]])[0]}, not "
            f"{resolution}: give cells of one resolution (H3 indexes each point at it directly)."
        )
        raise BadInputError(msg)
    later = np.flatnonzero(cells[1:] <= cells[:-1])
    if len(later):
        cell = int(cells[later[0] + 1])
        msg = (
            f"Cell {cell:x} of {name!r} is given twice or out of order: sort the cells, each once."
        )
        raise BadInputError(msg)


def cell_names(cells: NDArray[np.uint64]) -> NDArray[np.str_]:
    """Return H3 cells (uint64) as hexadecimal strings of the same shape."""
    return np.array([f"{cell:x}" for cell in cells.tolist()], dtype=np.str_)


def cell_polygons(cells: NDArray[np.uint64]) -> NDArray[np.object_]:
    """Return each cell's outline as a shapely Polygon, EPSG:4326, shape (n,)."""
    outlines = [
        [(longitude, latitude) for latitude, longitude in h3_int.cell_to_boundary(cell)]
        for cell in cells.tolist()
    ]
    polygons: NDArray[np.object_] = np.array([shapely.Polygon(ring) for ring in outlines])
    return polygons


def merge_cells(cells: NDArray[np.uint64]) -> shapely.Polygon | shapely.MultiPolygon:
    """Dissolve cells into one outline (EPSG:4326) without slivers, by H3's own edges."""
    merged = h3_int.cells_to_h3shape(cells.tolist(), tight=True)
    return cast("shapely.Polygon | shapely.MultiPolygon", shape(merged.__geo_interface__))


@lru_cache(maxsize=32)
def fill(study_area: StudyArea, resolution: int) -> HexGrid:
    """Return the cells that overlap a study area.

    Cells that only partly lie inside belong too: filling by cell centre drops a seafront. Points
    must be indexed at this resolution themselves, never by taking the parent of a finer cell.

    Raises
    ------
    BadInputError
        The area is so large for the resolution that the grid would not fit in memory.
    """
    # from square degrees: a plane in metres means nothing for areas as large as those refused here
    _, south, _, north = study_area.polygon.bounds
    shrink = np.cos(np.radians((south + north) / 2))
    area_km2 = study_area.polygon.area * _KM_PER_DEGREE**2 * shrink
    expected = area_km2 / _MEAN_CELL_KM2.get(resolution, 1.0)
    if expected > _MOST_CELLS:
        msg = (
            f"Study area {study_area.name!r} would have about {expected:,.0f} cells at resolution "
            f"{resolution}. Choose a coarser resolution or a smaller area."
        )
        raise BadInputError(msg)
    # a cell overlaps the area where its centre lies inside or the area's border crosses it
    inside = [_centred_in(part, resolution) for part in shapely.get_parts(study_area.polygon)]
    crossed = _crossed_by(shapely.boundary(study_area.polygon), resolution)
    return HexGrid(study_area, resolution, np.unique(np.concatenate([*inside, crossed])))


def _centred_in(part: shapely.Polygon, resolution: int) -> NDArray[np.uint64]:
    # all cells of the bounding box (four corners are quick to fill), then one vectorised test; H3's
    # own fill compares every cell with every corner: 74 s for a county at resolution 10
    box = shapely.box(*part.bounds)
    listed = h3_int.h3shape_to_cells(h3.geo_to_h3shape(mapping(box)), resolution)
    if not listed:
        return np.empty(0, dtype=np.uint64)
    centres = np.array([h3_int.cell_to_latlng(cell) for cell in listed])
    shapely.prepare(part)
    within = shapely.contains_xy(part, centres[:, 1], centres[:, 0])
    return np.array(listed, dtype=np.uint64)[within]


def _crossed_by(border: BaseGeometry, resolution: int) -> NDArray[np.uint64]:
    # points along the border, closer together than a cell is wide, lie in or next to every cell
    # that the border crosses
    step = h3.average_hexagon_edge_length(resolution, unit="km") / _KM_PER_DEGREE / 2
    points = shapely.get_coordinates(shapely.segmentize(border, step))
    passed = {
        h3_int.latlng_to_cell(latitude, longitude, resolution)
        for longitude, latitude in points.tolist()
    }
    near = {cell for one in passed for cell in h3_int.grid_disk(one, 1)}
    candidates = np.array(sorted(near), dtype=np.uint64)
    tree = shapely.STRtree(shapely.get_parts(_segments(border)))
    crossed = np.unique(tree.query(cell_polygons(candidates), predicate="intersects")[0])
    found: NDArray[np.uint64] = candidates[crossed]
    return found


def _segments(border: BaseGeometry) -> BaseGeometry:
    # short pieces, so that the index can tell which lie near a cell
    corners, line = shapely.get_coordinates(shapely.get_parts(border), return_index=True)
    joined = line[1:] == line[:-1]
    pairs = np.stack([corners[:-1], corners[1:]], axis=1)[joined]
    pieces: BaseGeometry = shapely.multilinestrings(shapely.linestrings(pairs))
    return pieces


def grid_of_cells(cells: NDArray[np.uint64], *, name: str, resolution: int) -> HexGrid:
    """Return a grid of given cells, each once; its study area is their outline.

    Used for ``ever-incident``: the cells in which anything was ever recorded. Leaving out places
    where nothing was ever recorded raises the average, so fewer cells come out as hot.

    Raises
    ------
    BadInputError
        There is no cell, or one is not of the resolution.
    """
    _check_cells(np.unique(cells), resolution, name)
    ordered = np.unique(cells)
    return HexGrid(StudyArea(name, shapely.normalize(merge_cells(ordered))), resolution, ordered)


def masked(grid: HexGrid, cells: NDArray[np.uint64], *, mask: str) -> HexGrid:
    """Return only some cells of a study area: an explicit choice, because it moves every result.

    Parameters
    ----------
    grid
        Every cell of the study area.
    cells
        Those to keep, in any order, shape (m,): the cells in which anything was ever recorded
        (:func:`spatial.hexes.counts.ever_cells`), or in which people live
        (:func:`spatial.hexes.residents.residents_of_cells` above 0). Cells outside the study area
        are left out.
    mask
        What they are, in a few words, for the notes: ``cells in which anything was ever recorded``.

    Returns
    -------
    Its ``unmasked`` is ``grid``, so that a cell beside one left out is not taken for one at the
    border.

    Raises
    ------
    BadInputError
        None of the cells lies in the study area, or the grid is masked already.

    Notes
    -----
    Leaving out empty cells raises the average, and fewer cells come out as hot (METHODS: the same
    events in 19, 37 and 61 cells give their centre a z of 2.89, 4.50 and 5.97). Incidents in cells
    left out are counted as outside the study area: count them, and say so. Nobody lives in a
    shopping street: do not mask by residents where violence happens in such places.
    """
    if grid.unmasked is not None:
        msg = f"{grid.study_area.name!r} is masked already ({grid.mask}): choose one mask."
        raise BadInputError(msg)
    positions = np.unique(grid.positions(np.asarray(cells, dtype=np.uint64)))
    kept = grid.cells[positions[positions >= 0]]
    if not len(kept):
        msg = (
            f"The mask {mask!r} keeps no cell of {grid.study_area.name!r}: check that it belongs "
            "to this study area, or leave it out."
        )
        raise BadInputError(msg)
    return HexGrid(grid.study_area, grid.resolution, kept, mask, grid)
