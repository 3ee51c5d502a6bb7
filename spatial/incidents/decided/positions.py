"""Positions: one place as a person writes it, in degrees or on the National Grid."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa

from config.errors import BadInputError
from spatial.incidents.rows.grid_references import read_references
from spatial.incidents.rows.locations import coordinates, to_degrees

_PAIR: Final = re.compile(r"^([+-]?\d+(?:\.\d+)?)(?:\s*[,;]\s*|\s+)([+-]?\d+(?:\.\d+)?)$")
_FURTHEST: Final = (180.0, 90.0)


def read_position(text: str) -> tuple[float, float]:
    """Read longitude and latitude, easting and northing, or a National Grid reference.

    Parameters
    ----------
    text
        ``1.3910800, 53.1953210``, ``626590 373043`` or ``TG 2659 7304``: two numbers are degrees if
        they can be, else metres of EPSG:27700; a reference stands for the middle of its square.

    Returns
    -------
    Longitude and latitude (EPSG:4326), seven decimals.

    Raises
    ------
    BadInputError
        It is none of these.
    """
    written = text.strip()
    pair = _PAIR.match(written)
    if pair is None:
        x, y, _ = read_references(_column(written))
        longitude, latitude = to_degrees(x, y, "EPSG:27700")
    else:
        numbers = [float(number) for number in pair.groups()]
        is_degrees = all(
            abs(number) <= most for number, most in zip(numbers, _FURTHEST, strict=True)
        )
        crs = "EPSG:4326" if is_degrees else "EPSG:27700"
        x, y = coordinates(_column(pair[1]), _column(pair[2]), crs)
        longitude, latitude = to_degrees(x, y, crs)
    if np.isnan(longitude[0]):
        msg = (
            f"{text!r} is no position. Write longitude and latitude as in 1.3910800, 53.1953210, "
            "easting and northing, or a grid reference such as TG 2659 7304."
        )
        raise BadInputError(msg)
    return float(longitude[0]), float(latitude[0])


def write_position(longitude: float, latitude: float) -> str:
    """Write a point so that :func:`read_position` gives it back: seven decimals, a comma."""
    return f"{longitude:.7f}, {latitude:.7f}"


def _column(text: str) -> pa.DictionaryArray:
    return pa.array([text]).dictionary_encode()
