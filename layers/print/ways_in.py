"""Ways in: where named streets cross the edge of an area, and on which side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from layers.print.ground import Layer

_CLASSES: Final = ("major", "minor", "local", "path")
_SIDES: Final = (
    "east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east",
)  # fmt: skip
# two crossings nearer than this are one way in
_APART_M: Final = 25.0


@dataclass(frozen=True, slots=True)
class WayIn:
    """One way in.

    Attributes
    ----------
    name
        Of the street.
    side
        Of the area: ``north-east``.
    x, y
        Where it crosses, metres on the plane.
    inward
        Direction into the area, degrees anticlockwise from east.
    """

    name: str
    side: str
    x: float
    y: float
    inward: float


def ways_in(area: BaseGeometry, streets: Layer, *, most: int) -> list[WayIn]:
    """Return where named streets cross an area's edge, the widest streets first.

    Parameters
    ----------
    area
        Polygon in metres.
    streets
        About it, in metres.
    most
        How many at most; every street has its first before any has its second.

    Notes
    -----
    The edge is that of the cells, no wall: whoever knows the place knows other ways. Railways are
    none.
    """
    edge, middle = area.boundary, area.centroid
    found: list[tuple[int, int, str, shapely.Point]] = []
    for kind, word in enumerate(_CLASSES):
        at = np.flatnonzero((streets.words["class"] == word) & (streets.words["name"] != ""))
        for name in sorted(set(streets.words["name"][at])):
            lines = shapely.union_all(streets.shapes[at][streets.words["name"][at] == name])
            crossed = shapely.get_parts(shapely.intersection(lines, edge))
            points = [one.centroid for one in crossed if not one.is_empty]
            points.sort(key=lambda one: (round(one.x, 1), round(one.y, 1)))
            found += [(number, kind, name, point) for number, point in enumerate(points)]
    chosen: list[WayIn] = []
    for _, _, name, point in sorted(found, key=lambda one: one[:3]):
        near = any(math.hypot(point.x - one.x, point.y - one.y) < _APART_M for one in chosen)
        if near or len(chosen) == most:
            continue
        out = math.degrees(math.atan2(point.y - middle.y, point.x - middle.x))
        side = _SIDES[round(out / 45) % 8]
        chosen.append(WayIn(name, side, point.x, point.y, (out + 180) % 360))
    return chosen


def ways_sentence(ways: list[WayIn]) -> str:
    """Write ways in by street: ``High Street (north, south); Pier Road (west)``."""
    sides: dict[str, list[str]] = {}
    for one in ways:
        sides.setdefault(one.name, [])
        if one.side not in sides[one.name]:
            sides[one.name].append(one.side)
    return "; ".join(f"{name} ({', '.join(where)})" for name, where in sides.items())
