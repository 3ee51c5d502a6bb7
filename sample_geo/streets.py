"""The streets: main roads, the streets traced between them, paths and the railway, named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString

from sample_geo.chance import Chance
from sample_geo.coast import draw_coast
from sample_geo.field import CELL_M, COLUMNS, HABITS, ROWS, SOUTH, WEST, draw_field, main_roads
from sample_geo.layout import DISTRICTS, MAIN_ROADS, RAILWAY
from sample_geo.names import NameBook
from sample_geo.plane import Points, road
from sample_geo.tracing import trace_streets

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Street:
    """A named street on the drawing's plane.

    Attributes
    ----------
    name
        One street, one name; a main road's name stays on both sides of the border.
    rank
        major, minor, local, path or rail.
    kind
        The habit of the district its middle lies in.
    line
        Its course, metres.
    """

    name: str
    rank: str
    kind: str
    line: LineString


_SHORTEST_M: Final = 45.0
_CORNER_M: Final = 12.0
_LONGEST_CLOSE_M: Final = 230.0

_PATHS: Final[tuple[tuple[str, Points], ...]] = (
    ("Saltmere Pier", ((-150, -1210), (-171, -1705))),
    ("West Arm", ((618, -1370), (605, -1460), (652, -1552), (730, -1600))),
    ("East Arm", ((1008, -1400), (983, -1500), (926, -1574), (880, -1600))),
    ("Victoria Park Carriage Drive", ((-1600, -460), (-1480, -600), (-1330, -560), (-1220, -420),
                                      (-1120, -560))),
    ("Lake Walk", ((-1480, -600), (-1365, -580), (-1330, -500), (-1390, -415), (-1500, -400))),
    ("Lighthouse Path", ((2480, -2120), (2570, -2300), (2660, -2440), (2800, -2300),
                         (2810, -2050), (2640, -1880), (2480, -2120))),
    ("Marsh Boardwalk", ((1130, 1640), (1230, 1900), (1400, 2080), (1560, 2300), (1480, 2560))),
    ("Riverside Walk", ((850, -840), (850, -640), (935, -330), (960, 40), (910, 420), (1000, 760),
                        (1180, 1120), (1270, 1500), (1225, 1590))),
    ("Links Footpath", ((-3420, -560), (-3150, -560), (-2900, -480), (-2720, -600))),
    ("Holm Wood Ride", ((2570, 1340), (2720, 1480), (2830, 1700), (2740, 1790))),
    ("Station Underpass", ((-690, -420), (-655, -330), (-600, -210))),
)  # fmt: skip


def draw_streets(seed: int) -> tuple[Street, ...]:
    """Draw every street of the town; the same for a seed, every time."""
    chance = Chance(seed, "streets")
    drawn = [*_main_streets(), *_paths()]
    traced = _thin(trace_streets(chance), chance)
    book = NameBook(Chance(seed, "street names"), tuple(street.name for street in drawn))
    everything = shapely.STRtree([*(line for line in traced), *main_roads()])
    for line in _district_order(traced):
        district = _district_at(line.interpolate(0.5, normalized=True))
        kind = DISTRICTS[district].kind
        closed = line.length < _LONGEST_CLOSE_M and _is_closed(line, everything)
        drawn.append(Street(book.name(kind, district, closed=closed), "local", kind, line))
    return tuple(drawn)


def _main_streets() -> list[Street]:
    """Cut the main roads where their names change."""
    streets = []
    for main, line in zip(MAIN_ROADS, main_roads(), strict=True):
        start = 0.0
        for name, end in main.names:
            part = _tidy(_between(line, start * line.length, end * line.length), 1.0)
            kind = DISTRICTS[_district_at(part.interpolate(0.5, normalized=True))].kind
            streets.append(Street(name, main.rank, kind, part))
            start = end
    return streets


def _paths() -> list[Street]:
    """Draw the footpaths, the promenade and the railway."""
    promenade = shapely.get_coordinates(draw_coast().shore.parallel_offset(16, "left"))
    promenade = promenade[np.argsort(promenade[:, 0], kind="stable")]
    ends = ((-2350, 560), (1060, 2000))
    west, east = (promenade[(promenade[:, 0] > a) & (promenade[:, 0] < b)] for a, b in ends)
    lines = [
        ("Lower Promenade", LineString(np.round(west, 1))),
        ("Undercliff Walk", LineString(np.round(east, 1))),
        *((name, road(points)) for name, points in _PATHS),
    ]
    paths = [Street(name, "path", "open", _tidy(line, 1.0)) for name, line in lines]
    rail = Street("Saltmere Branch Railway", "rail", "open", _tidy(road(RAILWAY), 1.0))
    return [*paths, rail]


def _thin(traced: list[tuple[int, LineString]], chance: Chance) -> list[LineString]:
    """Leave out lengths that were never built, and cut long streets where names would change."""
    lines = [line for _, line in traced]
    everything = [*lines, *main_roads()]
    tree = shapely.STRtree(everything)
    kept: list[LineString] = []
    for number, line in enumerate(lines):
        near = [everything[int(i)] for i in np.sort(tree.query(line)) if int(i) != number]
        corners = shapely.get_coordinates(line.intersection(shapely.union_all(near)))
        along = sorted({round(line.project(shapely.Point(c)), 1) for c in corners})
        clear = [a for a in along if _CORNER_M < a < line.length - _CORNER_M]
        cuts = [0.0, *clear, line.length]
        kind = DISTRICTS[_district_at(line.interpolate(0.5, normalized=True))].kind
        missing = chance.happens(np.full(len(cuts) - 1, HABITS[kind][3]))
        longest_m = 620.0 if kind in ("suburb", "estate") else 780.0
        start: float | None = None
        for first, last, gone in zip(cuts, cuts[1:], missing.tolist(), strict=False):
            if start is None:
                start = None if gone else first
                continue
            if gone or last - start > longest_m:
                kept.append(_between(line, start, first))
                start = None if gone else first
        if start is not None:
            kept.append(_between(line, start, line.length))
    tidy = [_tidy(line, 0.8) for line in kept]
    return _connected([line for line in tidy if line.length > _SHORTEST_M])


def _between(line: LineString, start_m: float, end_m: float) -> LineString:
    """Return the part of a line between two distances along it."""
    return LineString(shapely.get_coordinates(shapely.ops.substring(line, start_m, end_m)))


def _tidy(line: LineString, within_m: float) -> LineString:
    """Drop the vertices a drawing does not need, and round the rest to 0.1 m."""
    return LineString(np.round(shapely.get_coordinates(line.simplify(within_m)), 1))


def _connected(lines: list[LineString]) -> list[LineString]:
    """Keep the streets that can be reached from a main road."""
    tree = shapely.STRtree(lines)
    reached = np.zeros(len(lines), dtype=bool)
    edge = sorted({int(i) for main in main_roads() for i in tree.query(main, "dwithin", 1.0)})
    while edge:
        reached[edge] = True
        found = {int(i) for e in edge for i in tree.query(lines[e], "dwithin", 1.0)}
        edge = sorted(i for i in found if not reached[i])
    return [line for line, is_reached in zip(lines, reached.tolist(), strict=True) if is_reached]


def _is_closed(line: LineString, everything: shapely.STRtree) -> bool:
    """Say whether an end of a street meets nothing else."""
    ends = [shapely.Point(vertex) for vertex in shapely.get_coordinates(line)[[0, -1]]]
    # a street always meets itself
    return any(len(everything.query(end, "dwithin", 3.0)) <= 1 for end in ends)


def _district_order(lines: list[LineString]) -> list[LineString]:
    """Put streets in an order of districts and place, so that neighbours' names go together."""

    def key(line: LineString) -> tuple[int, float, float]:
        middle = line.interpolate(0.5, normalized=True)
        return _district_at(middle), round(middle.x + middle.y, 1), round(middle.x, 1)

    return sorted(lines, key=key)


def _district_at(point: shapely.Point) -> int:
    """Return the position in ``DISTRICTS`` of the district a point lies in."""
    row, column = _cell(np.array([[point.x, point.y]]))
    return int(draw_field().district[row[0], column[0]])


def _cell(points: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the raster row and column of points, those off the drawing moved to its edge."""
    row = np.floor((points[:, 1] - SOUTH) / CELL_M).astype(np.int64).clip(0, ROWS - 1)
    column = np.floor((points[:, 0] - WEST) / CELL_M).astype(np.int64).clip(0, COLUMNS - 1)
    return row, column


def districts_at(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the position in ``DISTRICTS`` for each point, shape (n, 2), metres."""
    return draw_field().district[_cell(points)]
