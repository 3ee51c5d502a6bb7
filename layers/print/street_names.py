"""Street names on paper: each once, along its straightest stretch, never over one another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from layers.print.canvas import Frame
    from layers.print.ground import Layer

_CLASSES: Final = {"major": 0, "minor": 1, "local": 2, "path": 3}
# width of a letter to the size of the writing, of this font on average
_LETTER: Final = 0.62
_POINT_MM: Final = 25.4 / 72
_STEPS: Final = 12
# how far a stretch may bend away from its chord, of its length
_STRAIGHT: Final = 0.12


@dataclass(frozen=True, slots=True)
class Label:
    """One name: where its middle lies (metres), its angle in degrees and its room."""

    words: str
    x: float
    y: float
    angle: float
    room: shapely.Polygon


def street_labels(  # noqa: PLR0913 (names, and where they may go)
    streets: Layer,
    frame: Frame,
    *,
    size: float,
    first: shapely.Geometry | None = None,
    taken: list[shapely.Polygon] | None = None,
    most: int = 40,
) -> list[Label]:
    """Place the names of streets.

    Parameters
    ----------
    streets
        Cut to the frame.
    size
        Of the writing, points.
    first
        Streets that run through this shape are named before others.
    taken
        Room that is not free.
    most
        Names at most.

    Returns
    -------
    In the order of placing. A street whose name finds no room is not named: officers read a map
    with few names faster than one where names cross.
    """
    inside = shapely.box(*frame.box.bounds).buffer(-1.5 * frame.metres_per_mm)
    runs: dict[str, tuple[tuple[int, int, float], list[shapely.LineString]]] = {}
    for name in dict.fromkeys(word for word in streets.words["name"].tolist() if word):
        at = np.flatnonzero(streets.words["name"] == name)
        kinds = [_CLASSES.get(str(kind), 9) for kind in streets.words["class"][at]]
        merged = shapely.line_merge(shapely.union_all(streets.shapes[at]))
        parts = [one for one in shapely.get_parts(merged) if one.geom_type == "LineString"]
        if not parts or min(kinds) > _CLASSES["path"]:
            continue
        through = first is not None and bool(shapely.intersects(first, merged))
        length = sum(one.length for one in parts)
        runs[name] = ((0 if through else 1, min(kinds), -length), parts)
    placed: list[Label] = []
    held = list(taken or [])
    for name, (_, parts) in sorted(runs.items(), key=lambda item: (item[1][0], item[0])):
        if len(placed) == most:
            break
        found = _room(name, parts, frame, size=size, inside=inside, held=held)
        if found is not None:
            placed.append(found)
            held.append(found.room)
    return placed


def _room(  # noqa: PLR0913 (one name, and where it may go)
    name: str,
    parts: list[shapely.LineString],
    frame: Frame,
    *,
    size: float,
    inside: shapely.Polygon,
    held: list[shapely.Polygon],
) -> Label | None:
    tall = size * _POINT_MM * frame.metres_per_mm * 1.15
    long = len(name) * size * _LETTER * _POINT_MM * frame.metres_per_mm
    tried: list[tuple[float, Label]] = []
    for part in parts:
        # a name may overshoot a short street a little, as on any street map
        stretch = min(long, part.length)
        if stretch < 0.6 * long:
            continue
        for begin in np.linspace(0, part.length - stretch, _STEPS if stretch < part.length else 1):
            middle = _along(part, float(begin), stretch)
            bend = shapely.hausdorff_distance(middle, _chord(middle)) / stretch
            if bend > _STRAIGHT:
                continue
            label = _label(name, middle, long, tall)
            tried.append((round(bend, 3) + abs(begin + stretch / 2 - part.length / 2) / 1e5, label))
    for _, label in sorted(tried, key=lambda one: (one[0], one[1].x, one[1].y)):
        if inside.contains(label.room) and not any(label.room.intersects(one) for one in held):
            return label
    return None


def _along(line: shapely.LineString, begin: float, length: float) -> shapely.LineString:
    steps = np.linspace(begin, begin + length, 5)
    return shapely.LineString(shapely.line_interpolate_point(line, steps))


def _chord(line: shapely.LineString) -> shapely.LineString:
    return shapely.LineString([line.coords[0], line.coords[-1]])


def _label(name: str, along: shapely.LineString, long: float, tall: float) -> Label:
    (x0, y0), (x1, y1) = along.coords[0], along.coords[-1]
    angle = math.degrees(math.atan2(y1 - y0, x1 - x0))
    # keep the writing upright
    angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle  # noqa: PLR2004 (a right angle)
    # the writing follows the middle of the stretch, which may lie off its chord
    x, y = (float(one) for one in along.centroid.coords[0])
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)
    corners = [
        (-long / 2, -tall / 2),
        (long / 2, -tall / 2),
        (long / 2, tall / 2),
        (-long / 2, tall / 2),
    ]
    room = shapely.Polygon([(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in corners])
    return Label(name, x, y, round(angle, 1), room)
