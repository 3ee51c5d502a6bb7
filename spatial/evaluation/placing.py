"""Placing: which area an incident lies in, and what the rest of the force is cut into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h3
import numpy as np
import shapely

from spatial.evaluation.footprint import Footprint, buffers
from spatial.hexes.grid import cell_names, cell_polygons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.evaluation.occurrences import Occurrences
    from spatial.hexes.grid import HexGrid
    from spatial.hexes.study_area import StudyArea
    from spatial.notes import Notes

REST_RESOLUTION: Final = 8
MOST_BLOCKS: Final = 240
"""The rest of the force is cut into at most so many blocks: more would add nothing but time."""

_CELL_M2: Final = {8: 737_327.6, 9: 105_332.5, 10: 15_047.5}


def place_of(
    occurrences: Occurrences, shapes: NDArray[np.object_] | Sequence[shapely.Geometry]
) -> NDArray[np.int64]:
    """Return the shape that each incident lies in, -1 for none, shape (n,).

    By geometry, border included; a point on the border of two belongs to the first.
    """
    place = np.full(len(occurrences), -1, dtype=np.int64)
    tree = shapely.STRtree(np.asarray(shapes, dtype=object))
    points = shapely.points(occurrences.longitude, occurrences.latitude)
    which, shape = tree.query(points, predicate="intersects")
    # last written stands: the first shape last
    order = np.argsort(-shape, kind="stable")
    place[which[order]] = shape[order]
    return place


def ground_round(treated: Footprint, *, metres: float) -> shapely.Geometry:
    """Return all ground within so many metres of any area, EPSG:4326."""
    plane = treated.plane
    wide = shapely.union_all(shapely.buffer(treated.on_plane(plane), metres))
    return plane.unproject(wide)


def rings(
    places: Footprint, *, buffer_m: float, apart_from: shapely.Geometry | None = None
) -> tuple[Footprint, Notes]:
    """Return the ring round each place, without the ground it is to be held apart from."""
    found, notes = buffers(places, buffer_m=buffer_m)
    # back in degrees, borders that touched may cross by rounding
    shapes = shapely.buffer(found.shapes, 0)
    if apart_from is not None:
        shapes = shapely.difference(shapes, shapely.buffer(apart_from, 0))
    return Footprint(found.area_ids, shapes), notes


def area_ha(places: Footprint) -> float:
    """Return the ground of places together, hectares."""
    return float(shapely.area(places.on_plane(places.plane)).sum() / 10_000)


def candidate_resolution(treated: Footprint) -> int:
    """Return the H3 resolution whose cells are nearest in size to the typical patrolled area."""
    typical = float(np.median(shapely.area(treated.on_plane(treated.plane))))
    return min(_CELL_M2, key=lambda one: abs(np.log(_CELL_M2[one] / typical)))


def candidate_cells(grid: HexGrid, *, barred: shapely.Geometry) -> Footprint:
    """Return the cells inside a study area that have no ground in common with what is barred."""
    shapes = cell_polygons(grid.cells)
    area = grid.study_area.polygon
    shapely.prepare(area)
    shapely.prepare(barred)
    free = shapely.covers(area, shapes) & ~shapely.intersects(barred, shapes)
    return Footprint(tuple(cell_names(grid.cells[free]).tolist()), shapes[free])


def rest_blocks(
    occurrences: Occurrences, area: StudyArea, *, barred: shapely.Geometry
) -> NDArray[np.int64]:
    """Return the block of the rest of the force that each incident lies in, -1 for none.

    Parameters
    ----------
    occurrences
        With cells at resolution 8.
    area
        The study area.
    barred
        The patrolled areas with the widest ground round them: no part of the rest.

    Returns
    -------
    Blocks are hexagons of resolution 8 (74 ha), or the larger ones above them where there would be
    more than ``MOST_BLOCKS``: they only part the rest into places whose changes can be compared.
    """
    shapely.prepare(area.polygon)
    shapely.prepare(barred)
    lon, lat = occurrences.longitude, occurrences.latitude
    inside = shapely.intersects_xy(area.polygon, lon, lat)
    inside[inside] = ~shapely.intersects_xy(barred, lon[inside], lat[inside])
    cells, which = np.unique(occurrences.cell[inside], return_inverse=True)
    names = cell_names(cells).tolist()
    for resolution in range(REST_RESOLUTION, -1, -1):
        above = [h3.cell_to_parent(name, resolution) for name in names]
        if len(set(above)) <= MOST_BLOCKS:
            break
    _, block = np.unique(np.array(above, dtype=np.str_), return_inverse=True)
    found = np.full(len(occurrences), -1, dtype=np.int64)
    found[inside] = block[which]
    return found
