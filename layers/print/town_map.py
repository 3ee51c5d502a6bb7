"""Where the places are in the town: one map for all sheets, and one with every rank for a pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from layers.print import tones
from layers.print.area_map import circle
from layers.print.backdrop import draw_beats, draw_streets, draw_under
from layers.print.canvas import Canvas, Frame, frame_round
from layers.print.street_names import street_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.print.area_map import Ringed
    from layers.print.ground import Ground
    from layers.print.surface import Surface

WIDTH_MM: Final = 62.0
HEIGHT_MM: Final = 46.0
_TOWN_M: Final = 12_000.0
"""A study area wider than this is a county: its sheets show the part about their own place."""
_ABOUT_M: Final = 5_000.0
_FILL: Final = 0.94
# circles of the pack's map: how far apart their middles stand, millimetres, and how often they move
_APART_MM: Final = 5.6
_ROUNDS: Final = 80
_LEADER_MM: Final = 1.2
_NAME_POINTS: Final = 8.0
_MOST_NAMES: Final = 14


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """One drawn map of the town, and the frame by which a place is found on it."""

    svg: bytes
    frame: Frame

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the plane lies on paper: millimetres from the left and top."""
        x0, _, _, y1 = self.frame.box.bounds
        mm = self.frame.metres_per_mm
        return (x - x0) / mm, (y1 - y) / mm


def locator_frame(chosen: Ringed, areas: Sequence[Ringed], border: BaseGeometry | None) -> Frame:
    """Return what the small map of a sheet shows: the whole town, or the part about the place.

    The same for every place of a town, so that the town is drawn once.
    """
    whole = _whole(areas, border)
    x0, y0, x1, y1 = whole.bounds
    if max(x1 - x0, y1 - y0) > _TOWN_M:
        whole = shapely.Point(*chosen.middle).buffer(_ABOUT_M / 2)
    return frame_round(whole, width_mm=WIDTH_MM, height_mm=HEIGHT_MM, fill=_FILL, least_m=1000.0)


def pack_frame(
    areas: Sequence[Ringed], border: BaseGeometry | None, *, width_mm: float, height_mm: float
) -> Frame:
    """Return the frame round the places of a pack, with the study area's edge where it is near."""
    whole = _whole(areas, None)
    fill = 0.84
    if border is not None and border.area < 4 * whole.envelope.area:
        whole, fill = shapely.union(whole.envelope, border.envelope), _FILL
    return frame_round(whole, width_mm=width_mm, height_mm=height_mm, fill=fill, least_m=1200.0)


def draw_town(  # noqa: PLR0913 (what lies on it)
    frame: Frame,
    areas: Sequence[Ringed],
    *,
    ground: Ground,
    surface: Surface | None,
    border: BaseGeometry | None,
    numbered: bool,
) -> Town:
    """Draw a town: sea, main roads, cells and every place's ring, with ranks where ``numbered``."""
    canvas = Canvas(frame)
    draw_under(canvas, ground)
    if surface is not None and numbered:
        surface.draw(canvas, edges=False)
    draw_streets(canvas, ground, town=True)
    draw_beats(canvas, ground, width=0.7)
    if border is not None:
        edge = shapely.intersection(border.boundary, frame.box)
        canvas.lines([edge], colour=tones.INK, width=1.0, dash=(8, 2, 2, 2))
    shown = [one for one in areas if one.shape.intersects(frame.box)]
    shapes = [one.shape for one in shown]
    canvas.lines(shapes, colour=tones.PAPER, width=2.6)
    canvas.lines(shapes, colour=tones.INK, width=1.3)
    if numbered:
        taken = _ranks(canvas, shown)
        _names(canvas, ground, taken)
        canvas.scale_bar()
    return Town(canvas.svg(), frame)


def _whole(areas: Sequence[Ringed], border: BaseGeometry | None) -> BaseGeometry:
    if border is not None:
        return border
    shapes = [one.shape for one in areas if not one.shape.is_empty]
    return shapely.union_all(shapes) if shapes else shapely.box(0, 0, 1000, 1000)


def _names(canvas: Canvas, ground: Ground, taken: list[shapely.Polygon]) -> None:
    """Name the main roads where there is room."""
    frame = canvas.frame
    x0, y0, x1, _ = frame.box.bounds
    mm = frame.metres_per_mm
    panel = shapely.box(x0, y0, x0 + 0.3 * (x1 - x0) + 21 * mm, y0 + 10 * mm)
    streets = ground.layer("streets", frame.box)
    main = streets.where(streets.words["class"] == "major")
    for label in street_labels(
        main, frame, size=_NAME_POINTS, taken=[*taken, panel], most=_MOST_NAMES
    ):
        canvas.text(label.x, label.y, label.words, size=_NAME_POINTS, angle=label.angle, halo=2.2)


def _ranks(canvas: Canvas, areas: Sequence[Ringed]) -> list[shapely.Polygon]:
    mm = canvas.frame.metres_per_mm
    at = np.array([one.middle for one in areas], dtype=float).reshape(-1, 2)
    moved = spread(at, apart=_APART_MM * mm)
    x0, y0, x1, y1 = canvas.frame.box.bounds
    moved = np.clip(moved, (x0 + 3 * mm, y0 + 3 * mm), (x1 - 3 * mm, y1 - 3 * mm))
    far = np.hypot(*(moved - at).T) > _LEADER_MM * mm if len(at) else np.zeros(0, dtype=bool)
    canvas.lines(
        [shapely.LineString(pair) for pair in zip(at[far], moved[far], strict=True)],
        colour=tones.INK,
        width=0.9,
    )
    canvas.marks(at[far], marker="o", size=2.5, fill=tones.INK)
    # the first rank lies on top
    for one, (x, y) in list(zip(areas, moved.tolist(), strict=True))[::-1]:
        circle(canvas, (x, y), one.rank, fill=tones.PAPER, ink=tones.INK)
    return [shapely.box(x - 3 * mm, y - 3 * mm, x + 3 * mm, y + 3 * mm) for x, y in moved.tolist()]


def spread(points: NDArray[np.float64], *, apart: float) -> NDArray[np.float64]:
    """Return points moved aside until no two are nearer than ``apart``, as far as that goes.

    Shape (n, 2) in and out; always the same for the same points. Two at one spot part along a
    direction of their own number.
    """
    moved = np.array(points, dtype=float)
    number = len(moved)
    for _ in range(_ROUNDS if number > 1 else 0):
        gap = moved[:, None, :] - moved[None, :, :]
        distance = np.hypot(gap[..., 0], gap[..., 1])
        angle = np.arange(number) * 2.4
        own = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        unit = np.where(
            distance[..., None] > 1e-6,  # noqa: PLR2004 (a micrometre)
            gap / np.maximum(distance, 1e-6)[..., None],
            own[:, None, :] - own[None, :, :],
        )
        near = (distance < apart) & ~np.eye(number, dtype=bool)
        if not near.any():
            break
        push = np.where(near, (apart - distance) / 2 * 1.05, 0.0)
        moved += (unit * push[..., None]).sum(axis=1) * 0.7
    return moved
