"""The coast: shore, harbour, pier, river, the borough's border, and the sea."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon, box

from sample_geo.plane import curve, road

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_geo.plane import Points

# West to east, land to the north: a low western point, the bay, the harbour, a high eastern head.
_SHORE: Final[Points] = (
    (-12500, -900), (-11000, -1500), (-9300, -1250), (-7600, -700), (-6200, -820), (-5000, -1180),
    (-4200, -1270), (-3600, -1360), (-3000, -1540), (-2520, -1730), (-2180, -1760), (-1860, -1640),
    (-1450, -1455), (-1000, -1330), (-560, -1275), (-120, -1268), (260, -1300), (560, -1345),
    (700, -1375), (1000, -1420), (1230, -1500), (1560, -1690), (1880, -1950), (2130, -2230),
    (2330, -2480), (2560, -2600), (2790, -2540), (2890, -2290), (2930, -2010), (3080, -1800),
    (3330, -1640), (3650, -1490), (4200, -1330), (5200, -1500), (6300, -2050), (7400, -2150),
    (8800, -1500), (10600, -1150), (12500, -1600),
)  # fmt: skip
_HARBOUR: Final[Points] = (
    (640, -1420), (655, -1250), (640, -1130), (690, -1085), (800, -1075), (915, -1085),
    (955, -1140), (945, -1250), (930, -1330), (900, -1440),
)  # fmt: skip
_WEST_ARM: Final = ((610, -1330), (600, -1460), (650, -1560), (740, -1610))
_EAST_ARM: Final = ((1015, -1400), (990, -1500), (930, -1580), (870, -1610))
_PIER: Final = ((-150, -1230), (-172, -1690))
_PIER_HEAD: Final = (-200, -1740, -145, -1680)
_GROYNES: Final = ((-1960, 62), (-1720, 70), (-1480, 66), (-1240, 60), (1330, 70), (1480, 60))

_BORDER: Final[Points] = (
    (3480, -1900), (3470, -1560), (3420, -1250), (3560, -900), (3500, -420), (3640, 60),
    (3600, 620), (3420, 980), (3500, 1500), (3240, 1980), (2800, 2240), (2350, 2300), (1990, 2700),
    (1540, 2830), (1180, 2740), (760, 2960), (300, 3020), (-200, 2880), (-560, 2960), (-1150, 2840),
    (-1580, 2560), (-2150, 2480), (-2500, 2140), (-3020, 2020), (-3280, 1580), (-3260, 1120),
    (-3480, 760), (-3560, 200), (-3400, -300), (-3470, -780), (-3390, -1180), (-3420, -1600),
    (-3430, -1900),
)  # fmt: skip
RIVER: Final[Points] = (
    (1900, 5200), (1720, 4300), (1580, 3400), (1390, 2750), (1330, 2350), (1150, 1950),
    (1210, 1500), (1120, 1120), (940, 780), (850, 420), (905, 60), (880, -320), (790, -640),
    (800, -880), (790, -1090),
)  # fmt: skip

_LAKE: Final[Points] = (
    (-1530, -480), (-1480, -425), (-1400, -440), (-1350, -505), (-1390, -560), (-1480, -560),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coast:
    """The meeting of land and sea, metres on the drawing's plane.

    Attributes
    ----------
    borough
        The land inside the border, harbour arms and pier included.
    coastline
        The seaward edge of the borough.
    sea
        Open water for drawing, far beyond the borough on either side.
    river, lake
        Water inside the borough, for drawing.
    shore
        The line of the beach without harbour or pier, west to east.
    """

    borough: Polygon
    coastline: LineString
    sea: Polygon
    river: Polygon
    lake: Polygon
    shore: LineString


@lru_cache(maxsize=1)
def draw_coast() -> Coast:
    """Draw the coast; the same every time."""
    shore = LineString(curve(_SHORE, step_m=22))
    beach = list(shore.coords)
    mainland = Polygon([*beach, (12500, 9000), (-12500, 9000)])
    harbour = Polygon(curve(_HARBOUR, step_m=12).tolist())
    built_out = [
        road(_WEST_ARM).buffer(9, cap_style="flat"),
        road(_EAST_ARM).buffer(9, cap_style="flat"),
        LineString(_PIER).buffer(11, cap_style="flat"),
        box(*_PIER_HEAD),
        *(_groyne(shore, x, length) for x, length in _GROYNES),
    ]
    land = shapely.union_all([mainland.difference(harbour), *built_out])
    land = _clean(land)
    inland = _along_fields(_BORDER)
    border = Polygon([*inland, (-3430, -3200), (3480, -3200)])
    borough = _clean(land.intersection(border))
    sea = _clean(box(-12400, -13000, 12400, 3000).difference(land))
    coastline = shapely.line_merge(borough.exterior.intersection(sea.buffer(0.2)))
    if isinstance(coastline, MultiLineString):
        coastline = max(coastline.geoms, key=lambda line: line.length)
    return Coast(
        borough=borough,
        coastline=_eastward(np.round(shapely.get_coordinates(coastline), 1)),
        sea=sea,
        river=_clean(_river_line().buffer(9, cap_style="flat").difference(harbour)),
        lake=_clean(Polygon(curve(_LAKE, step_m=10, closed=True))),
        shore=shore,
    )


def _along_fields(points: Points) -> Points:
    """Bend a line as an old border bends: straight along a field's edge, then round its corner."""
    bent: list[tuple[float, float]] = []
    jogs = (26.0, -18.0, 9.0, -34.0, 41.0, 14.0, -27.0)
    for number, ((ax, ay), (bx, by)) in enumerate(pairwise(points)):
        length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
        across = (-(by - ay) / length, (bx - ax) / length)
        jog, back = jogs[number % 7], jogs[(number + 3) % 7]
        bent.append((ax, ay))
        for share, out in ((0.34, jog), (0.38, back), (0.72, back)):
            x = ax + (bx - ax) * share + across[0] * out
            y = ay + (by - ay) * share + across[1] * out
            bent.append((round(x, 1), round(y, 1)))
    return (*bent, points[-1])


def _river_line() -> LineString:
    """Draw the river's middle line, source to harbour."""
    return road(RIVER)


def _groyne(shore: LineString, x: float, length: float) -> Polygon:
    """Draw a groyne: a narrow wall from the beach straight out to sea."""
    across = LineString([(x, -4000), (x, 0)]).intersection(shore)
    y = float(shapely.get_coordinates(across)[0, 1])
    return box(x - 2, y - length, x + 2, y + 12)


def _eastward(vertices: NDArray[np.float64]) -> LineString:
    """Draw a line from its western end."""
    return LineString(vertices if vertices[0, 0] <= vertices[-1, 0] else vertices[::-1])


def _clean(shape: shapely.Geometry) -> Polygon:
    """Round to 0.1 m and keep the largest piece, without pin-prick holes."""
    rounded = shapely.set_precision(shape, 0.1)
    pieces = [piece for piece in shapely.get_parts(rounded) if isinstance(piece, Polygon)]
    return max(pieces, key=lambda piece: piece.area)
