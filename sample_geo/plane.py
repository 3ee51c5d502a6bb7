"""The plane the town is drawn on: metres from a point in the North Sea, and the way to degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from spatial.projection import national_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

EASTING: Final = 627_200.0
NORTHING: Final = 372_400.0
"""The drawing's origin on EPSG:27700, about 1.400 E, 53.200 N: open sea in the real world."""

Points = tuple[tuple[float, float], ...]


def curve(
    points: Sequence[tuple[float, float]], *, step_m: float = 15.0, closed: bool = False
) -> NDArray[np.float64]:
    """Draw a smooth curve through points (centripetal enough for hand-placed ones: Catmull-Rom).

    Parameters
    ----------
    points
        Positions on the plane, metres.
    step_m
        Roughly how far apart the drawn vertices lie.
    closed
        Whether the last point joins the first; the first is then not repeated.

    Returns
    -------
    Vertices, shape (n, 2), rounded to 0.1 m.
    """
    given = [np.array(point, dtype=float) for point in points]
    if closed:
        before, after = given[-1:], given[:2]
    else:
        before, after = [2 * given[0] - given[1]], [2 * given[-1] - given[-2]]
    padded = before + given + after
    drawn: list[NDArray[np.float64]] = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        n = max(2, int(np.hypot(*(p2 - p1)) / step_m))
        t = np.arange(n)[:, None] / n
        drawn.append(
            0.5
            * (
                2 * p1
                + (p2 - p0) * t
                + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
                + (3 * p1 - p0 - 3 * p2 + p3) * t**3
            )
        )
    if not closed:
        drawn.append(given[-1][None, :])
    return np.asarray(np.round(np.vstack(drawn), 1), dtype=np.float64)


def blob(points: Sequence[tuple[float, float]], *, step_m: float = 15.0) -> Polygon:
    """Draw a rounded shape through points."""
    return Polygon(curve(points, step_m=step_m, closed=True))


def road(points: Sequence[tuple[float, float]], *, step_m: float = 15.0) -> LineString:
    """Draw a smooth line through points."""
    return LineString(curve(points, step_m=step_m))


def degrees(geometry: BaseGeometry, *, decimals: int = 6) -> BaseGeometry:
    """Return a drawing as WGS84 longitude and latitude, rounded, polygons wound by the right hand.

    Six decimals are 7 cm east-west and 11 cm north-south: neighbours that share vertices on the
    plane share them here.
    """

    def to_degrees(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        longitude, latitude = national_grid().inverse(pairs[:, 0] + EASTING, pairs[:, 1] + NORTHING)
        rounded = np.round(np.column_stack([longitude, latitude]), decimals)
        return np.asarray(rounded, dtype=np.float64)

    turned: BaseGeometry = shapely.transform(geometry, to_degrees)
    if turned.geom_type in ("Polygon", "MultiPolygon"):
        # normalize: first vertex and order of rings do not hang on the geometry library's version
        turned = shapely.orient_polygons(shapely.normalize(turned), exterior_cw=False)
    return turned


def nearest_point(
    points: NDArray[np.float64], targets: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return each point's distance (metres) to the nearest target, and which target that is."""
    tree = shapely.STRtree([Point(target) for target in targets])
    (of, which), distance = tree.query_nearest(
        np.asarray(shapely.points(points)), return_distance=True, all_matches=False
    )
    order = np.argsort(of, kind="stable")
    return distance[order], which[order].astype(np.int64)
