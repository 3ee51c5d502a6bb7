"""Destinations: whether a place that a point is to be moved to can be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.incidents.checks.surroundings import bounds_of_areas
from spatial.incidents.decided.decisions import is_on_earth
from spatial.incidents.decided.positions import write_position
from spatial.incidents.store import AS_GIVEN

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from spatial.incidents.store import IncidentStore

_BEYOND_M: Final = 25_000.0
_M_PER_DEGREE: Final = 111_320.0


def wrong_destination(to: tuple[float, float], box: NDArray[np.float64] | None) -> str | None:
    """Say what is wrong with a place to move a point to; None where nothing is.

    Parameters
    ----------
    to
        Longitude and latitude.
    box
        See :func:`sensible_box`; a place within 25 km of it may be right.
    """
    written = write_position(*to)
    if not is_on_earth(to):
        return f"{written} is no place on Earth to move a point to"
    if box is not None and not _is_within(to, box):
        return (
            f"{written} lies over {_BEYOND_M / 1_000:.0f} km from the study areas and from nearly "
            "all incidents: check the place to move to (longitude comes first)"
        )
    return None


def sensible_box(
    store: IncidentStore, connection: duckdb.DuckDBPyConnection
) -> NDArray[np.float64] | None:
    """Return west, south, east and north (degrees) of the study areas and nearly all incidents.

    Returns
    -------
    Shape (4,): the study areas together with the middle 98% of the incidents as given, by longitude
    and by latitude; None where the store has neither.
    """
    boxes: list[NDArray[np.float64]] = []
    areas = bounds_of_areas(store)
    if areas is not None:
        boxes.append(areas)
    row = connection.execute(
        f"""
        SELECT quantile_disc(longitude, 0.01), quantile_disc(latitude, 0.01),
               quantile_disc(longitude, 0.99), quantile_disc(latitude, 0.99)
        FROM {AS_GIVEN} WHERE longitude IS NOT NULL
        """  # noqa: S608 (our own words)
    ).fetchone()
    if row is not None and row[0] is not None:
        boxes.append(np.array(row, dtype=np.float64))
    if not boxes:
        return None
    return np.concatenate([np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]])


def _is_within(point: tuple[float, float], box: NDArray[np.float64]) -> bool:
    """Say whether a point lies in a box (degrees) or within 25 km of it."""
    west, south, east, north = box.tolist()
    up = _BEYOND_M / _M_PER_DEGREE
    across = up / max(np.cos(np.radians(max(abs(south), abs(north)))), 0.01)
    x, y = point
    return bool(west - across <= x <= east + across and south - up <= y <= north + up)
