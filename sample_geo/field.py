"""The field: which way a street runs at any place, how close its neighbour lies, what stops it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from sample_geo.coast import draw_coast
from sample_geo.layout import BUILT, DISTRICTS, MAIN_ROADS, PARKS, RAILWAY
from sample_geo.plane import blob, nearest_point, road

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_geo.plane import Points

WEST, SOUTH, EAST, NORTH = -3600, -2000, 3500, 2800
CELL_M: Final = 10
COLUMNS, ROWS = (EAST - WEST) // CELL_M, (NORTH - SOUTH) // CELL_M

# How far apart streets lie (along the long streets' direction, across it), how much the direction
# wanders (radians), and the chance that a length between two corners was never built.
HABITS: Final = {
    "old": (52.0, 74.0, 0.30, 0.10),
    "terrace": (52.0, 175.0, 0.05, 0.05),
    "villa": (78.0, 150.0, 0.10, 0.10),
    "suburb": (74.0, 165.0, 0.85, 0.26),
    "estate": (62.0, 135.0, 1.25, 0.30),
    "industrial": (165.0, 230.0, 0.10, 0.20),
    "retail": (150.0, 190.0, 0.20, 0.20),
    "campus": (105.0, 125.0, 0.35, 0.20),
}


@dataclass(frozen=True, slots=True)
class Field:
    """Rasters of the town's habits, row 0 in the south, cells of ``CELL_M`` metres.

    Attributes
    ----------
    angle
        Direction of the long streets, radians.
    apart
        Metres between long streets and between cross streets, shape (2, rows, columns).
    district
        Position in ``DISTRICTS``.
    open
        Whether a street may run here.
    """

    angle: NDArray[np.float64]
    apart: NDArray[np.float64]
    district: NDArray[np.int64]
    open: NDArray[np.bool_]


@lru_cache(maxsize=1)
def main_roads() -> tuple[LineString, ...]:
    """Return the lines of the main roads, in the order of ``MAIN_ROADS``."""
    parks = dict(PARKS)
    lines = []
    for main in MAIN_ROADS:
        if main.points:
            lines.append(road(main.points))
        elif main.around:
            ring = Polygon(parks[main.around]).buffer(20, join_style="mitre").buffer(-6).buffer(6)
            lines.append(LineString(shapely.set_precision(ring, 0.1).exterior.coords))
        elif main.rank == "major":
            lines.append(
                _along_shore(-2560, 470, 58, before=((-2700, -1300), (-2690, -1470)),
                             after=((520, -1275),))
            )  # fmt: skip
        else:
            lines.append(
                _along_shore(1070, 2060, 62, before=((1030, -1370),),
                             after=((2190, -2080), (2280, -1850)))
            )  # fmt: skip
    return tuple(lines)


def _along_shore(
    west: float, east: float, inland_m: float, *, before: Points, after: Points
) -> LineString:
    """Draw a road that keeps its distance from the beach between two eastings, then turns off."""
    moved = draw_coast().shore.parallel_offset(inland_m, "left")
    vertices = shapely.get_coordinates(moved)
    vertices = vertices[np.argsort(vertices[:, 0], kind="stable")]
    kept = vertices[(vertices[:, 0] >= west) & (vertices[:, 0] <= east)][::4]
    return road([*before, *((float(x), float(y)) for x, y in kept), *after])


@lru_cache(maxsize=1)
def park_shapes() -> tuple[tuple[str, Polygon], ...]:
    """Return each park's name and shape: drawn by hand, cut back from main roads and water."""
    coast = draw_coast()
    roads = shapely.union_all([line.buffer(14) for line in main_roads()])
    inside = coast.borough.buffer(-6)
    shapes = []
    for name, points in PARKS:
        shape = (
            Polygon(points)
            .buffer(-12)
            .buffer(12)
            .intersection(inside)
            .difference(roads)
            .difference(coast.river)
        )
        shape = shapely.set_precision(shape, 0.1)
        shapes.append((name, max(shapely.get_parts(shape), key=lambda part: part.area)))
    return tuple(shapes)


def cell_centres() -> NDArray[np.float64]:
    """Return the centre of every raster cell, shape (rows * columns, 2), metres."""
    x = WEST + CELL_M * (np.arange(COLUMNS) + 0.5)
    y = SOUTH + CELL_M * (np.arange(ROWS) + 0.5)
    return np.column_stack([np.tile(x, ROWS), np.repeat(y, COLUMNS)])


@lru_cache(maxsize=1)
def draw_field() -> Field:
    """Draw the field; the same every time."""
    centres = cell_centres()
    coast = draw_coast()
    shore = shapely.get_coordinates(shapely.segmentize(coast.shore, 20))
    from_shore, beside = nearest_point(centres, shore)
    step = shore[np.minimum(beside + 3, len(shore) - 1)] - shore[np.maximum(beside - 3, 0)]
    shore_angle = np.arctan2(step[:, 1], step[:, 0])

    # each district pulls by its nearness; opposite directions are one, so angles are doubled
    middles = np.array([district.centre for district in DISTRICTS], dtype=float)
    distance = np.hypot(
        centres[:, 0, None] - middles[None, :, 0], centres[:, 1, None] - middles[None, :, 1]
    )
    nearest = np.argmin(distance, axis=1)
    pull = np.exp(-((distance - distance.min(axis=1)[:, None]) / 60.0))
    given = np.array([np.radians(d.angle) if d.angle is not None else np.nan for d in DISTRICTS])
    angles = np.where(np.isnan(given)[None, :], shore_angle[:, None], given[None, :])
    by_shore = 2.5 * np.exp(-((from_shore / 130.0) ** 2))
    east = (pull * np.cos(2 * angles)).sum(axis=1) + by_shore * np.cos(2 * shore_angle)
    north = (pull * np.sin(2 * angles)).sum(axis=1) + by_shore * np.sin(2 * shore_angle)

    habits = np.array([HABITS[district.kind] for district in DISTRICTS])
    pull /= pull.sum(axis=1)[:, None]
    angle = 0.5 * np.arctan2(north, east) + (pull @ habits[:, 2]) * _wander(centres)
    free = _free_land(centres)
    shape = (ROWS, COLUMNS)
    return Field(
        angle=np.round(angle, 6).reshape(shape),
        apart=np.round((pull @ habits[:, :2]).T, 3).reshape(2, *shape),
        district=nearest.reshape(shape),
        open=free.reshape(shape),
    )


def _wander(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth unevenness between -1 and 1: hills, hedges and old field edges."""
    x, y = centres[:, 0], centres[:, 1]
    waves = ((620, 0.4, 0.3), (410, 1.9, 2.2), (530, 2.7, 4.1), (290, 0.9, 1.3), (350, 2.3, 5.2))
    total = np.zeros(len(centres))
    for length, heading, start in waves:
        along = x * math.cos(heading) + y * math.sin(heading)
        total += np.sin(2 * math.pi * along / length + start)
    return total / len(waves) * 1.6


def _free_land(centres: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say where streets may run: built land, off the parks, the railway and the water."""
    coast = draw_coast()
    closed = shapely.union_all(
        [
            *(shape.buffer(10) for _, shape in park_shapes()),
            road(RAILWAY).buffer(26),
            coast.river.buffer(24),
            coast.lake,
        ]
    )
    land = blob(BUILT, step_m=30).intersection(coast.borough.buffer(-40))
    free = land.difference(closed)
    shapely.prepare(free)
    return np.asarray(shapely.contains_xy(free, centres[:, 0], centres[:, 1]))
