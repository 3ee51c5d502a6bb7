"""Recorded: how much of a profile's incidents and harm lies in which of several areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from spatial.census.areas import first_within

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """Incidents of the study area by the census area they lie in.

    Attributes
    ----------
    area
        Position of the census area, -1 for none, shape (m,): one entry a point on the map.
    incidents
        At each point, shape (m,).
    harm_days
        At each point, of those incidents that have a weight, shape (m,).
    """

    area: NDArray[np.int64]
    incidents: NDArray[np.float64]
    harm_days: NDArray[np.float64]


def recorded_in(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    window: Window,
    study_area: BaseGeometry,
    shapes: NDArray[np.object_],
) -> Recorded:
    """Place the located incidents of a study area in census areas.

    Parameters
    ----------
    connection
        Has the view ``incidents``.
    condition
        SQL over that view: see :func:`spatial.incidents.select.profile_condition`.
    window
        Inclusive dates.
    study_area, shapes
        EPSG:4326. An incident on a border belongs to the first area it touches.
    """
    rows = connection.execute(
        f"""
        SELECT longitude, latitude, count(*) AS incidents,
               sum(coalesce(harm_days, 0) ORDER BY harm_days) AS harm_days
        FROM incidents
        WHERE occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
              AND ({condition}) AND longitude IS NOT NULL
        GROUP BY 1, 2
        ORDER BY 1, 2
        """,  # noqa: S608 (the condition is built from checked profile models, not from user text)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    longitude, latitude = (np.asarray(rows[name], float) for name in ("longitude", "latitude"))
    shapely.prepare(study_area)
    inside = shapely.intersects_xy(study_area, longitude, latitude)
    points = np.asarray(shapely.points(longitude[inside], latitude[inside]), dtype=object)
    return Recorded(
        area=first_within(points, shapes),
        incidents=np.asarray(rows["incidents"], float)[inside],
        harm_days=np.asarray(rows["harm_days"], float)[inside],
    )
