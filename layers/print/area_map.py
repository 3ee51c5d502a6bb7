"""The area's own map: named streets, cells, ways in and the places where things happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from matplotlib.markers import MarkerStyle

from layers.print import tones
from layers.print.backdrop import draw_beats, draw_streets, draw_under
from layers.print.canvas import Canvas, frame_round
from layers.print.street_names import street_labels
from layers.print.ways_in import WayIn, ways_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from config.print import PrintSettings
    from layers.print.ground import Ground, Layer
    from layers.print.surface import Surface

WIDTH_MM: Final = 113.0
HEIGHT_MM: Final = 110.0
_FILL: Final = 0.6
_LEAST_M: Final = 420.0
_NAME_POINTS: Final = 8.5
# marks: width in points, and how near two of them may stand, millimetres
_MARK: Final = 11.0
_RANK: Final = 15.0
_APART_MM: Final = 4.4
_TRIANGLE: Final = MarkerStyle("^")


Area = shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True, slots=True, eq=False)
class Ringed:
    """One area as maps draw it: its outline in metres, and the rank in its circle."""

    area_id: str
    rank: int
    shape: Area

    @property
    def middle(self) -> tuple[float, float]:
        """A point well inside, metres."""
        if self.shape.is_empty:
            return (float("nan"), float("nan"))
        x, y = shapely.maximum_inscribed_circle(self.shape, tolerance=1.0).coords[0]
        return float(x), float(y)


@dataclass(frozen=True, slots=True, eq=False)
class AreaMap:
    """A drawn map.

    Attributes
    ----------
    svg
        The drawing.
    ways
        Ways in, as marked.
    marked
        Letters on it, with what they stand for, in the order of the settings.
    shades, hatched, others
        Whether there are cells, cells high in antisocial behaviour, and other areas on it.
    """

    svg: bytes
    ways: list[WayIn]
    marked: list[tuple[str, str]]
    shades: bool
    hatched: bool
    others: bool


def draw_area(  # noqa: PLR0913 (what a map lies on)
    chosen: Ringed,
    others: Sequence[Ringed],
    *,
    ground: Ground,
    surface: Surface | None,
    border: BaseGeometry | None,
    settings: PrintSettings,
) -> AreaMap:
    """Draw one area's map.

    Parameters
    ----------
    chosen
        The area; its outline is not empty.
    others
        All areas of the list: those in view get a thinner ring and their rank.
    ground, surface, border
        What lies beneath, cells, and the study area's edge in metres; each may be missing.
    settings
        What is marked, and how many.
    """
    frame = frame_round(
        chosen.shape, width_mm=WIDTH_MM, height_mm=HEIGHT_MM, fill=_FILL, least_m=_LEAST_M
    )
    canvas, box, mm = Canvas(frame), frame.box, frame.metres_per_mm
    draw_under(canvas, ground)
    if surface is not None:
        surface.draw(canvas)
    draw_streets(canvas, ground, town=False)
    draw_beats(canvas, ground, width=0.9)
    if border is not None:
        canvas.lines(
            [shapely.intersection(border.boundary, box)],
            colour=tones.INK,
            width=1.2,
            dash=(8, 2, 2, 2),
        )
    near = [one for one in others if one.area_id != chosen.area_id and one.shape.intersects(box)]
    _rings(canvas, near, width=tones.AREA_LINE, colour=tones.INK)
    _rings(canvas, [chosen], width=tones.CHOSEN_LINE, colour=tones.CHOSEN)
    streets = ground.layer("streets", shapely.box(*chosen.shape.buffer(50.0).bounds))
    ways = ways_in(chosen.shape, streets, most=settings.most_entries)
    taken: list[shapely.Polygon] = [_panel(canvas)]
    for one in ways:
        taken.append(_square(one.x, one.y, 2.2 * mm))
        # a triangle of matplotlib's points north: turn it into the area
        point = np.array([[one.x, one.y]])
        canvas.marks(
            point,
            marker=_TRIANGLE.rotated(deg=one.inward - 90),
            size=11,
            fill=tones.INK,
            edge=tones.PAPER,
        )
    seen = _circles(canvas, near, taken, fill=tones.PAPER, ink=tones.INK)
    _own_circle(canvas, chosen, taken)
    # the widest streets are named before anything is marked on them, the others after
    named = ground.layer("streets", box)
    first = _names(canvas, named.where(named.words["class"] == "major"), chosen, taken)
    marked = _place_marks(canvas, chosen.shape, ground, settings, taken)
    rest = ~np.isin(named.words["name"].astype(str), first)
    _names(canvas, named.where(rest), chosen, taken)
    canvas.scale_bar()
    here = np.zeros(0, dtype=np.int64)
    if surface is not None:
        here = surface.tree.query(box, predicate="intersects")
    return AreaMap(
        canvas.svg(),
        ways,
        marked,
        shades=bool(len(here)),
        hatched=surface is not None and bool(surface.disorder[here].any()),
        others=bool(seen),
    )


def _names(
    canvas: Canvas, streets: Layer, chosen: Ringed, taken: list[shapely.Polygon]
) -> list[str]:
    labels = street_labels(
        streets, canvas.frame, size=_NAME_POINTS, first=chosen.shape, taken=taken
    )
    for label in labels:
        canvas.text(label.x, label.y, label.words, size=_NAME_POINTS, angle=label.angle, halo=2.4)
        taken.append(label.room)
    return [label.words for label in labels]


def _rings(canvas: Canvas, areas: Sequence[Ringed], *, width: float, colour: str) -> None:
    shapes = [one.shape for one in areas if not one.shape.is_empty]
    canvas.lines(shapes, colour=tones.PAPER, width=width + 2.4)
    canvas.lines(shapes, colour=colour, width=width)


def _circles(
    canvas: Canvas,
    areas: Sequence[Ringed],
    taken: list[shapely.Polygon],
    *,
    fill: str,
    ink: str,
) -> int:
    mm, seen = canvas.frame.metres_per_mm, 0
    inner = shapely.difference(canvas.frame.box.buffer(-3.2 * mm), _panel(canvas).buffer(3.2 * mm))
    for one in areas:
        # of an area that reaches beyond the map, the part in view carries the number
        shown = [
            part
            for part in shapely.get_parts(shapely.intersection(one.shape, inner))
            if part.geom_type == "Polygon" and not part.is_empty
        ]
        if not shown:
            continue
        x, y = Ringed(one.area_id, one.rank, shapely.MultiPolygon(shown)).middle
        circle(canvas, (x, y), one.rank, fill=fill, ink=ink)
        taken.append(_square(x, y, 3.0 * mm))
        seen += 1
    return seen


def circle(canvas: Canvas, at: tuple[float, float], rank: int, *, fill: str, ink: str) -> None:
    """Draw a rank in its circle, at a point in metres."""
    x, y = at
    canvas.marks(np.array([[x, y]]), marker="o", size=_RANK, fill=fill, edge=tones.INK, width=1.3)
    size = 8.5 if rank < 100 else 7.0  # noqa: PLR2004 (three figures)
    canvas.text(
        x, y - 0.12 * canvas.frame.metres_per_mm, str(rank), size=size, bold=True, colour=ink
    )


def _own_circle(canvas: Canvas, chosen: Ringed, taken: list[shapely.Polygon]) -> None:
    # on its highest corner: the middle is where officers look for streets
    corners = shapely.get_coordinates(chosen.shape)
    x, y = max(corners.tolist(), key=lambda corner: (round(corner[1], 1), corner[0]))
    circle(canvas, (x, y), chosen.rank, fill=tones.CHOSEN, ink=tones.PAPER)
    taken.append(_square(x, y, 3.2 * canvas.frame.metres_per_mm))


def _place_marks(
    canvas: Canvas,
    area: BaseGeometry,
    ground: Ground,
    settings: PrintSettings,
    taken: list[shapely.Polygon],
) -> list[tuple[str, str]]:
    """Draw the marks of places in and about the area; return the letters used."""
    mm = canvas.frame.metres_per_mm
    reach = area.buffer(settings.near_m)
    places = ground.layer("places", shapely.box(*reach.bounds))
    kinds: Mapping[str, int] = {kind: at for at, kind in enumerate(settings.marks)}
    found = []
    for shape, kind, name in zip(
        places.shapes, places.words["kind"], places.words["name"], strict=True
    ):
        point = shape.centroid
        if kind in kinds and reach.intersects(point):
            found.append((not area.intersects(point), kinds[kind], str(name), point))
    found.sort(key=lambda one: (*one[:3], one[3].x, one[3].y))
    used: dict[str, str] = {}
    drawn = 0
    for _, at, _, point in found:
        if drawn == settings.most_marks:
            break
        room = _square(point.x, point.y, _APART_MM / 2 * mm)
        if any(room.intersects(one) for one in taken):
            continue
        letter, words = settings.marks[list(settings.marks)[at]]
        canvas.marks(np.array([[point.x, point.y]]), marker="s", size=_MARK, width=0.9)
        canvas.text(point.x, point.y - 0.1 * mm, letter, size=8, bold=True)
        taken.append(room)
        used[letter] = words
        drawn += 1
    return [pair for pair in settings.marks.values() if pair[0] in used]


def _square(x: float, y: float, half: float) -> shapely.Polygon:
    return shapely.box(x - half, y - half, x + half, y + half)


def _panel(canvas: Canvas) -> shapely.Polygon:
    # where the scale bar will lie
    x0, y0, x1, _ = canvas.frame.box.bounds
    mm = canvas.frame.metres_per_mm
    return shapely.box(x0, y0, x0 + 0.3 * (x1 - x0) + 21 * mm, y0 + 10 * mm)
