"""Canvas: one map on paper, a box of metres drawn to scale and written as SVG.

Drawn without pyplot, so that no window and no state outlives a map; one at a time, because
matplotlib's settings are shared by all threads.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from layers.print import tones
from layers.print.fonts import FAMILY, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.markers import MarkerStyle
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

MM: Final = 1 / 25.4
POINTS_PER_MM: Final = 72 * MM
_HATCH_POINTS: Final = 0.7
_DRAWING: Final = threading.Lock()
_SETTINGS: Final[Any] = {
    "svg.hashsalt": "harmhex",
    "svg.fonttype": "path",
    "path.simplify": True,
}
_LENGTHS_M: Final = (20, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What a map shows, and how large it is on paper.

    Attributes
    ----------
    box
        Metres on the plane; its sides are as those of the paper.
    width_mm, height_mm
        On paper.
    """

    box: shapely.Polygon
    width_mm: float
    height_mm: float

    @property
    def metres_per_mm(self) -> float:
        """Metres on the ground to a millimetre of paper."""
        x0, _, x1, _ = self.box.bounds
        return float(x1 - x0) / self.width_mm


def frame_round(
    shape: BaseGeometry, *, width_mm: float, height_mm: float, fill: float, least_m: float
) -> Frame:
    """Return the frame in whose middle a shape fills a share of the paper.

    Parameters
    ----------
    shape
        Metres on the plane.
    fill
        Share (0-1) of the width or height that the shape takes at most.
    least_m
        Metres that the shorter side shows at least.
    """
    x0, y0, x1, y1 = shape.bounds
    scale = max((x1 - x0) / fill / width_mm, (y1 - y0) / fill / height_mm)
    scale = max(scale, least_m / min(width_mm, height_mm))
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    half_x, half_y = scale * width_mm / 2, scale * height_mm / 2
    return Frame(shapely.box(x - half_x, y - half_y, x + half_x, y + half_y), width_mm, height_mm)


class Canvas:
    """A map being drawn. What is drawn later lies above."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._figure = Figure(figsize=(frame.width_mm * MM, frame.height_mm * MM))
        self._canvas = FigureCanvasSVG(self._figure)
        axes: Axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        x0, y0, x1, y1 = frame.box.bounds
        axes.set_xlim(x0, x1)
        axes.set_ylim(y0, y1)
        axes.axis("off")
        self._axes = axes
        self._order = 1

    def surfaces(  # noqa: PLR0913 (one kind of surface, the ways in which it may look)
        self,
        shapes: Iterable[BaseGeometry],
        *,
        fill: str | Sequence[str] = "none",
        edge: str = "none",
        width: float = 0.0,
        hatch: str = "",
        dash: tuple[float, ...] = (),
    ) -> None:
        """Draw polygons; ``fill`` is one colour or one each, ``width`` points."""
        outlines = [_outline(shape) for shape in shapes]
        if not outlines:
            return
        drawn = PathCollection(
            outlines,
            facecolors=fill,
            edgecolors=edge,
            linewidths=width,
            hatch=hatch or None,
            linestyles=[(0, dash)] if dash else "solid",
            joinstyle="round",
            zorder=self._next(),
        )
        if hatch:
            drawn.set_hatchcolor(edge)
            drawn.set_linewidth(0.0)
            drawn.set_hatch_linewidth(_HATCH_POINTS)
        self._axes.add_collection(drawn, autolim=False)

    def lines(
        self,
        shapes: Iterable[BaseGeometry],
        *,
        colour: str,
        width: float,
        dash: tuple[float, ...] = (),
    ) -> None:
        """Draw lines, and the outlines of polygons; ``width`` is points."""
        drawn = [np.asarray(part.coords)[:, :2] for shape in shapes for part in _strings(shape)]
        if drawn:
            self._axes.add_collection(
                LineCollection(
                    drawn,
                    colors=colour,
                    linewidths=width,
                    linestyles=[(0, dash)] if dash else "solid",
                    capstyle="butt" if dash else "round",
                    joinstyle="round",
                    zorder=self._next(),
                ),
                autolim=False,
            )

    def text(  # noqa: PLR0913 (one label, the ways in which it may look)
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float,
        colour: str = tones.INK,
        bold: bool = False,
        angle: float = 0.0,
        halo: float = 0.0,
        across: str = "center",
        up: str = "center",
    ) -> None:
        """Write words at a point of the plane; ``size`` and ``halo`` are points."""
        drawn = self._axes.text(
            x, y, printable(words), fontsize=size, color=colour, rotation=angle,
            fontfamily=FAMILY, fontweight="bold" if bold else "normal", ha=across, va=up,
            rotation_mode="anchor", zorder=self._next(), clip_on=True, parse_math=False,
        )  # fmt: skip
        if halo:
            drawn.set_path_effects([withStroke(linewidth=halo, foreground=tones.PAPER)])

    def marks(  # noqa: PLR0913 (one kind of mark, the ways in which it may look)
        self,
        points: NDArray[np.float64],
        *,
        marker: str | MarkerStyle,
        size: float,
        fill: str = tones.PAPER,
        edge: str = tones.INK,
        width: float = 1.0,
    ) -> None:
        """Draw one mark at each point, shape (n, 2); ``size`` is its width in points."""
        if len(points):
            self._axes.scatter(
                points[:, 0], points[:, 1], s=size**2, marker=marker, c=fill,
                edgecolors=edge, linewidths=width, zorder=self._next(), clip_on=True,
            )  # fmt: skip

    def scale_bar(self) -> None:
        """Draw a scale bar of a plain length and an arrow to grid north, bottom left."""
        x0, y0, x1, _ = self.frame.box.bounds
        mm = self.frame.metres_per_mm
        length = max((one for one in _LENGTHS_M if one <= 0.3 * (x1 - x0)), default=_LENGTHS_M[0])
        words = f"{length:,} m" if length < 1000 else f"{length // 1000:,} km"  # noqa: PLR2004 (a kilometre)
        left, foot = x0 + 2.5 * mm, y0 + 2.5 * mm
        wide = length + 17 * mm
        panel = shapely.box(left - mm, foot - mm, left + wide, foot + 6.5 * mm)
        self.surfaces([panel], fill=tones.PAPER, edge=tones.INK, width=0.6)
        low, high, begin, end = foot + mm, foot + 2.6 * mm, left + mm, left + mm + length
        ends = shapely.LineString([(begin, high), (begin, low), (end, low), (end, high)])
        self.lines([ends], colour=tones.INK, width=1.4)
        self.text(left + mm + length / 2, foot + 3.9 * mm, words, size=8)
        tip = left + length + 10 * mm
        self.text(tip, foot + 2.7 * mm, "N", size=9, bold=True)
        arrow = shapely.Polygon(
            [(tip + 3 * mm, foot), (tip + 4.4 * mm, foot + 5.2 * mm), (tip + 5.8 * mm, foot),
             (tip + 4.4 * mm, foot + 1.4 * mm)]
        )  # fmt: skip
        self.surfaces([arrow], fill=tones.INK)

    def svg(self) -> bytes:
        """Return the map: the same drawing, the same bytes."""
        stream = io.BytesIO()
        with _DRAWING, mpl.rc_context(_SETTINGS):
            self._canvas.print_svg(  # type: ignore[no-untyped-call]
                stream, metadata={"Date": None, "Creator": None}
            )
        return stream.getvalue()

    def _next(self) -> int:
        self._order += 1
        return self._order


def _outline(shape: BaseGeometry) -> Outline:
    rings = [
        np.asarray(ring.coords)[:, :2]
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    return Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))


def _strings(shape: BaseGeometry) -> list[shapely.LineString]:
    lines = shape.boundary if shapely.get_dimensions(shape) == 2 else shape  # noqa: PLR2004 (an area)
    return [
        part
        for part in shapely.get_parts(lines)
        if part.geom_type in {"LineString", "LinearRing"} and len(part.coords) > 1
    ]
