"""Beats: the eight wards that tile the borough, and its outline made of the same edges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import shapely
import shapely.ops
from shapely.geometry import LineString, Point, Polygon

from sample_geo.coast import RIVER, draw_coast
from sample_geo.field import main_roads
from sample_geo.layout import MAIN_ROADS
from sample_geo.plane import curve

# Code, name, and a place inside.
_BEATS: Final = (
    ("B1", "Pier and Old Town", (-150, -700)),
    ("B2", "Marine and Sandling", (-1500, -500)),
    ("B3", "Westfield and Dunes", (-2900, 300)),
    ("B4", "Minster and Abbey", (-300, 900)),
    ("B5", "Northgate", (0, 2300)),
    ("B6", "Fen and Holm", (2200, 1600)),
    ("B7", "Riverside and Grange", (2000, -300)),
    ("B8", "Harbour and Eastcliff", (1800, -1400)),
)


@dataclass(frozen=True, slots=True)
class Beat:
    """A ward: its name, code and shape on the plane."""

    name: str
    code: str
    shape: Polygon


@lru_cache(maxsize=1)
def draw_beats() -> tuple[Beat, ...]:
    """Cut the borough into its beats along the river and the main roads.

    Neighbours share every vertex of their common edge, so that after rounding to degrees they still
    meet without overlap or gap.
    """
    edge = draw_coast().borough.exterior
    faces = sorted(
        shapely.get_parts(shapely.polygonize([shapely.union_all([edge, *_cuts()])])),
        key=lambda face: -face.area,
    )
    beats = []
    for code, name, inside in _BEATS:
        shape = next(face for face in faces if face.contains(Point(inside)))
        beats.append(Beat(name, code, Polygon(shape.exterior)))
    return tuple(beats)


@lru_cache(maxsize=1)
def outline() -> Polygon:
    """Return the borough's outline with a vertex wherever a beat's edge meets it."""
    whole = shapely.union_all([beat.shape for beat in draw_beats()])
    return Polygon(shapely.get_exterior_ring(whole))


def _cuts() -> list[LineString]:
    """Return the lines along which the borough is cut, each a little past what it must reach."""
    lines = {main.names[0][0]: line for main, line in zip(MAIN_ROADS, main_roads(), strict=True)}
    river = LineString([*curve(RIVER).tolist(), (790, -1900)])
    ring_road = lines["Westway"]
    westway = [xy for xy in ring_road.coords if xy[0] < -1949 and xy[1] < 1011]  # noqa: PLR2004 (its end at Abbey Road)
    botolph = list(lines["Saint Botolph's Way"].coords)
    return [
        river,
        lines["Priory Road"],
        LineString([(-2480, -2400), *westway]),
        LineString([(-735, -1500), *botolph]),
        _up_to(_from(ring_road, (-1950, 1010)), river),
        lines["Saint Helen's Road"],
        _from(lines["Eastgate"], (520, -850)),
    ]


def _from(line: LineString, start: tuple[float, float]) -> LineString:
    """Return the part of a line from its vertex nearest a place to its end."""
    vertices = list(line.coords)
    first = min(range(len(vertices)), key=lambda i: Point(vertices[i]).distance(Point(start)))
    return LineString(vertices[first:])


def _up_to(line: LineString, stop: LineString) -> LineString:
    """Return the part of a line from its start to its vertex just past another line."""
    vertices = list(line.coords)
    last = next(i for i in range(2, len(vertices)) if LineString(vertices[: i + 1]).crosses(stop))
    return LineString(vertices[: last + 1])
