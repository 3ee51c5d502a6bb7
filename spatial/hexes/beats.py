"""Beats: which polygon of a layer each point lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry


def beat_of(
    longitude: ArrayLike, latitude: ArrayLike, beats: Sequence[BaseGeometry]
) -> NDArray[np.int64]:
    """Return the position of each point's beat.

    Parameters
    ----------
    longitude, latitude
        Degrees, EPSG:4326, shape (n,); NaN without a location.
    beats
        Polygons in degrees, prepared as the layer's file has them.

    Returns
    -------
    Position in ``beats``, -1 outside them all or without a location, shape (n,). A point on the
    border of several, or where they overlap, belongs to the first, so that beats add up to the
    whole.
    """
    x, y = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    found = np.full(len(x), len(beats), dtype=np.int64)
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = shapely.points(x[placed], y[placed])
    point, beat = shapely.STRtree(list(beats)).query(points, predicate="intersects")
    np.minimum.at(found, placed[point], beat)
    return np.where(found == len(beats), -1, found)
