"""A place that a person gave: degrees, checked, and a radius round them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import shapely

from config.errors import BadInputError
from config.register import load_register_rules

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_DECIMALS: Final = 6
_SWAPPED_LATITUDE: Final = (-11.0, 3.0)
_SWAPPED_LONGITUDE: Final = (49.0, 62.0)


def position(
    longitude: object, latitude: object, *, force_area: BaseGeometry | None
) -> tuple[float, float]:
    """Return a checked position in degrees (EPSG:4326), to a tenth of a metre.

    Parameters
    ----------
    force_area
        Polygon in degrees that it must lie in; None where none is known.

    Raises
    ------
    BadInputError
        It is no position, the two are swapped, or it lies outside the force.
    """
    east, north = _degrees(longitude, "longitude", 180.0), _degrees(latitude, "latitude", 90.0)
    if east == 0 and north == 0:
        msg = "Longitude and latitude are both 0, which is in the sea. Give the place's position."
        raise BadInputError(msg)
    inside = force_area is None or _within(force_area, east, north)
    if not inside or force_area is None:
        swapped = (
            _SWAPPED_LATITUDE[0] <= north <= _SWAPPED_LATITUDE[1]
            and _SWAPPED_LONGITUDE[0] <= east <= _SWAPPED_LONGITUDE[1]
        )
        if swapped:
            msg = (
                f"Longitude {east} and latitude {north} are off East Africa; the other way round "
                "they are in Britain. Swap them."
            )
            raise BadInputError(msg)
    if not inside:
        msg = (
            f"Longitude {east} and latitude {north} lie outside the force's area. Correct them, or "
            "leave the place out."
        )
        raise BadInputError(msg)
    return east, north


def metres(value: object) -> int:
    """Return a checked radius in whole metres."""
    return whole(value, what="radius_m", least=1, most=load_register_rules().most_radius_m)


def whole(value: object, *, what: str, least: int, most: int) -> int:
    """Return a whole number within its bounds, or refuse it with them."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        msg = f"{what}: {value!r} is no whole number from {least} to {most}. Correct it."
        raise BadInputError(msg)
    return value


def _degrees(value: object, what: str, most: float) -> float:
    if value is None:
        msg = f"{what} is empty. Give degrees, like 0.5012."
        raise BadInputError(msg)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        msg = f"{what}: {value!r} is no number of degrees. Give it like 0.5012."
        raise BadInputError(msg)
    if abs(value) > most:
        msg = f"{what}: {value!r} is beyond {most:g} degrees. Give WGS84 degrees, not metres."
        raise BadInputError(msg)
    return round(float(value), _DECIMALS)


def _within(area: BaseGeometry, east: float, north: float) -> bool:
    return bool(shapely.intersects_xy(area, east, north))
