"""Tracing: streets laid out along the field, at their distance from each other."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point

from sample_geo.coast import draw_coast
from sample_geo.field import CELL_M, COLUMNS, ROWS, SOUTH, WEST, Field, draw_field, main_roads
from sample_geo.layout import RAILWAY
from sample_geo.plane import road

if TYPE_CHECKING:
    from sample_geo.chance import Chance

STEP_M: Final = 10.0
_SHORTEST_M: Final = 55.0
_LONGEST_M: Final = 1100.0
_HASH_M: Final = 60.0


class _Laid:
    """Where streets of one family lie so far, for asking how near the next one comes."""

    def __init__(self) -> None:
        self._points: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)

    def add(self, points: list[tuple[float, float]]) -> None:
        """Remember a laid street."""
        for x, y in points:
            self._points[math.floor(x / _HASH_M), math.floor(y / _HASH_M)].append((x, y))

    def crowds(self, x: float, y: float, apart_m: float) -> bool:
        """Say whether a laid street is nearer than a distance."""
        reach = math.ceil(apart_m / _HASH_M)
        column, row, limit = math.floor(x / _HASH_M), math.floor(y / _HASH_M), apart_m * apart_m
        for i in range(column - reach, column + reach + 1):
            for j in range(row - reach, row + reach + 1):
                for px, py in self._points.get((i, j), ()):
                    if (px - x) ** 2 + (py - y) ** 2 < limit:
                        return True
        return False


class _Ground:
    """The field with the main roads laid on it: what a tracer meets at a point."""

    def __init__(self, field: Field) -> None:
        self.field = field
        x = WEST + CELL_M * (np.arange(COLUMNS) + 0.5)
        y = SOUTH + CELL_M * (np.arange(ROWS) + 0.5)
        centres = np.asarray(shapely.points(np.tile(x, ROWS), np.repeat(y, COLUMNS)))
        # piece by piece: a tree of short ones looks at few centres
        pieces = [
            shapely.linestrings(pair)
            for line in main_roads()
            for pair in pairwise(shapely.get_coordinates(line))
        ]
        by_road = np.zeros(len(centres), dtype=np.bool_)
        by_road[shapely.STRtree(centres).query(pieces, "dwithin", 13.0)[1]] = True
        self.by_road = by_road.reshape(ROWS, COLUMNS)

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column of a point, or None off the drawing."""
        row, column = math.floor((y - SOUTH) / CELL_M), math.floor((x - WEST) / CELL_M)
        return (row, column) if 0 <= row < ROWS and 0 <= column < COLUMNS else None


def trace_streets(chance: Chance) -> list[tuple[int, LineString]]:
    """Lay streets out along the field.

    Returns
    -------
    Family (0 long streets, 1 cross streets) and line of each. Streets stop at main roads, parks,
    water and railway, and where another of their family comes too near; ends are then joined to
    the street ahead or trimmed back.

    Notes
    -----
    Evenly spaced streamlines after Jobard and Lefer (1997, doi:10.1007/978-3-7091-6876-9_5), laid
    on a direction field as Chen and others do for streets (2008, doi:10.1145/1360612.1360702).
    Positions are rounded at every step, so that the last bit of a sine cannot redraw the town.
    """
    ground = _Ground(draw_field())
    laid = (_Laid(), _Laid())
    traced: list[tuple[int, LineString]] = []
    open_rows, open_columns = np.nonzero(ground.field.open & ~ground.by_road)
    order = chance.order(len(open_rows))
    for number, index in enumerate(order[: len(order) // 2]):
        row, column = int(open_rows[index]), int(open_columns[index])
        x, y = WEST + CELL_M * (column + 0.5), SOUTH + CELL_M * (row + 0.5)
        # long streets first, so that cross streets find something to join
        family = 0 if number < len(order) // 4 else 1
        apart = float(ground.field.apart[family, row, column])
        if laid[family].crowds(x, y, apart * 0.92):
            continue
        ahead = _walk(ground, laid[family], (x, y), family, backward=False)
        behind = _walk(ground, laid[family], (x, y), family, backward=True)
        line = [*reversed(behind), (x, y), *ahead]
        if (len(line) - 1) * STEP_M < _SHORTEST_M:
            continue
        laid[family].add(line)
        traced.append((family, LineString(line)))
    return _join_ends(traced)


def _walk(
    ground: _Ground, laid: _Laid, start: tuple[float, float], family: int, *, backward: bool
) -> list[tuple[float, float]]:
    """Follow the field from a point until something stops the street."""
    x, y = start
    heading: float | None = None
    walked: list[tuple[float, float]] = []
    while len(walked) * STEP_M < _LONGEST_M:
        cell = ground.cell(x, y)
        if cell is None:
            break
        direction = float(ground.field.angle[cell]) + (math.pi / 2 if family else 0.0)
        if heading is None:
            heading = direction + (math.pi if backward else 0.0)
        # a direction and its opposite are the same street: keep going forward
        turn = math.remainder(direction - heading, math.pi)
        heading += max(-0.35, min(0.35, turn))
        x = round(x + STEP_M * math.cos(heading), 1)
        y = round(y + STEP_M * math.sin(heading), 1)
        cell = ground.cell(x, y)
        if cell is None or not ground.field.open[cell]:
            break
        if ground.by_road[cell]:
            walked.append((x, y))
            break
        apart = float(ground.field.apart[family][cell])
        if laid.crowds(x, y, apart * 0.55) or _meets_itself(walked, x, y, apart * 0.55):
            break
        walked.append((x, y))
    return walked


def _meets_itself(walked: list[tuple[float, float]], x: float, y: float, apart_m: float) -> bool:
    """Say whether a street curls back on its own earlier part."""
    skip = int(apart_m / STEP_M) + 6
    limit = apart_m * apart_m
    return any((px - x) ** 2 + (py - y) ** 2 < limit for px, py in walked[:-skip])


def _join_ends(traced: list[tuple[int, LineString]]) -> list[tuple[int, LineString]]:
    """Carry each end on to the street ahead of it, or trim it back to its last corner."""
    others = [line for _, line in traced] + list(main_roads())
    coast = draw_coast()
    barrier = shapely.union_all([coast.river, coast.lake, coast.sea, road(RAILWAY)]).buffer(6)
    shapely.prepare(barrier)
    tree = shapely.STRtree(others)
    joined = []
    for number, (family, line) in enumerate(traced):
        vertices = [tuple(map(float, vertex)) for vertex in line.coords]
        near = [int(i) for i in np.sort(tree.query(line.buffer(100))) if int(i) != number]
        around = shapely.union_all([others[i] for i in near])
        for _ in range(2):
            vertices = _join_end(vertices, around, barrier)
            vertices.reverse()
        if len(vertices) > 1 and LineString(vertices).length >= _SHORTEST_M:
            joined.append((family, LineString(vertices)))
    return joined


def _join_end(
    vertices: list[tuple[float, ...]], around: shapely.Geometry, barrier: shapely.Geometry
) -> list[tuple[float, ...]]:
    """Join the last end of one street to what lies ahead, else trim a long tail."""
    if len(vertices) < 2:  # noqa: PLR2004 (a line has two ends)
        return vertices
    (px, py), (x, y) = vertices[-2], vertices[-1]
    length = math.hypot(x - px, y - py)
    reach_m = 75.0
    ahead = LineString(
        [(px, py), (x + (x - px) / length * reach_m, y + (y - py) / length * reach_m)]
    )
    met = shapely.get_coordinates(ahead.intersection(around))
    if len(met):
        away = np.hypot(met[:, 0] - px, met[:, 1] - py)
        first = met[int(np.argmin(away))]
        corner = (round(float(first[0]), 1), round(float(first[1]), 1))
        # no bridges: those are drawn by hand
        if not shapely.intersects(barrier, LineString([(px, py), corner])):
            return [*vertices[:-1], corner]
    # nothing ahead: a short close may stay, a long tail into nowhere goes
    line = LineString(vertices)
    corners = shapely.get_coordinates(line.intersection(around))
    if not len(corners):
        return vertices
    along = max(line.project(Point(corner)) for corner in corners)
    longest_close_m = 70.0
    if line.length - along <= longest_close_m:
        return vertices
    kept = shapely.get_coordinates(shapely.ops.substring(line, 0, along + 25.0))
    return [(round(float(a), 1), round(float(b), 1)) for a, b in kept]
