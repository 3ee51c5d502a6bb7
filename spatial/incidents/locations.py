"""Locations: coordinates as a file writes them to degrees, cells and GeoParquet points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from h3.api import basic_int

from config.errors import BadInputError
from spatial.incidents.grid_references import read_references
from spatial.incidents.schema import RESOLUTIONS
from spatial.incidents.words import indices_of
from spatial.projection import in_national_grid, national_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.mapping import Columns
    from spatial.incidents.readers import RawRows

    Floats = NDArray[np.float64]

# small numbers may be written 5e-05; 6.3E+05 is a spreadsheet's rounding and no location
_NUMBER: Final = r"^[+-]?(\d{1,9}(\.\d*)?|\.\d+)([eE]-\d{1,2})?$"
_DECIMALS: Final = 7  # of a degree: a centimetre, and the same last figure on every machine
# Easting and northing, metres: the lettered squares of the National Grid (Ordnance Survey).
_GRID_EAST, _GRID_NORTH = 700_000.0, 1_300_000.0
_SOME: Final = 0.01
"""The share of rows from which another coordinate system is no slip but a second source."""
_MOST: Final = 0.5


def read_points(
    raw: RawRows, columns: Columns, crs: str, *, file: str
) -> tuple[Floats, Floats, Floats | None]:
    """Read where the incidents of one file happened.

    Parameters
    ----------
    raw
        Its rows of text.
    columns, crs
        The mapping's columns and coordinate system.
    file
        For messages.

    Returns
    -------
    Longitude and latitude (EPSG:4326), NaN without a usable location; and how far each may be out
    by its own grid reference (metres), None where there are no references.

    Raises
    ------
    BadInputError
        No row has a usable location; longitude and latitude (or easting and northing) are the wrong
        way round; or the columns hold two coordinate systems.
    """
    listed = " and ".join(repr(column) for column in columns.places)
    side = None
    if columns.grid_reference is not None:
        x, y, side = read_references(raw.columns[columns.grid_reference])
        crs = "EPSG:27700"
    else:
        across, up = (raw.columns[column] for column in columns.places)
        x, y = coordinates(across, up, crs)
        numbers = (_numbers(across), _numbers(up))
        _refuse_two_systems(numbers, crs, raw.rows, subject=f"{file}: the columns {listed}")
        _refuse_swapped(numbers, crs, subject=f"{file}: the columns {listed}")
    if np.isnan(x).all():
        noun = "column" if len(columns.places) == 1 else "columns"
        msg = (
            f"{file}: no row has a usable location in the {noun} {listed}, so nothing could be put "
            "on a map. Export it again with coordinates."
        )
        raise BadInputError(msg)
    return *to_degrees(x, y, crs), side


def coordinates(x: pa.DictionaryArray, y: pa.DictionaryArray, crs: str) -> tuple[Floats, Floats]:
    """Read coordinates of one file.

    Parameters
    ----------
    x, y
        Longitude and latitude (EPSG:4326, degrees), or easting and northing (EPSG:27700, metres).
    crs
        Which of the two.

    Returns
    -------
    x and y, both NaN where a row has no usable location: blank, not a number, 0 and 0 (a common
    stand-in for nothing), or outside what the coordinate system can hold.
    """
    across, up = _numbers(x), _numbers(y)
    if crs == "EPSG:27700":
        usable = _is_metres(across, up)
    else:
        usable = (np.abs(across) <= 180) & (np.abs(up) <= 90)  # noqa: PLR2004 (the globe)
        usable &= ~((across == 0) & (up == 0))
    return np.where(usable, across, np.nan), np.where(usable, up, np.nan)


def _is_metres(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Say which pairs lie on the National Grid, and could not be degrees."""
    on_grid: NDArray[np.bool_] = (x > 0) & (x < _GRID_EAST) & (y > 0) & (y < _GRID_NORTH)
    # a corner of the sea off Scilly, in which degrees read as metres would all come to lie
    return on_grid & ~((x <= 180) & (y <= 90))  # noqa: PLR2004 (the globe)


def _refuse_two_systems(
    numbers: tuple[Floats, Floats], crs: str, rows: NDArray[np.int64], *, subject: str
) -> None:
    """Refuse columns in which more than a slip's worth of rows is in the other system."""
    metres, degrees = _is_metres(*numbers), in_national_grid(*numbers)
    degrees &= ~((numbers[0] == 0) & (numbers[1] == 0))
    own, other = (metres, degrees) if crs == "EPSG:27700" else (degrees, metres)
    if own.any() and other.sum() >= _SOME * (own | other).sum() and other.any():
        at = int(np.argmax(other))
        here, there = (
            ("eastings and northings", "degrees")
            if crs == "EPSG:27700"
            else ("degrees", "eastings and northings")
        )
        msg = (
            f"{subject} hold {here} and, in {int(other.sum()):,} rows such as row {rows[at]}, "
            f"{there}. Export each kind to a file of its own."
        )
        raise BadInputError(msg)


def _refuse_swapped(numbers: tuple[Floats, Floats], crs: str, *, subject: str) -> None:
    """Refuse columns of which most rows lie in Great Britain only the other way round."""
    inside = _is_metres if crs == "EPSG:27700" else in_national_grid
    known = np.isfinite(numbers[0]) & np.isfinite(numbers[1])
    known &= ~((numbers[0] == 0) & (numbers[1] == 0))
    as_given = inside(numbers[0][known], numbers[1][known])
    swapped = inside(numbers[1][known], numbers[0][known])
    if known.any() and swapped.mean() > _MOST and as_given.mean() < _MOST:
        pair = "easting and northing" if crs == "EPSG:27700" else "longitude and latitude"
        msg = (
            f"{subject} hold {pair} the wrong way round: most rows lie in Great Britain only when "
            "the two are swapped. Swap x and y in the mapping, or the headings in the file."
        )
        raise BadInputError(msg)


def to_degrees(x: Floats, y: Floats, crs: str) -> tuple[Floats, Floats]:
    """Return longitude and latitude (EPSG:4326), to seven decimals (about 1 cm); NaN stays NaN.

    Eastings and northings go by the pinned Helmert transformation, right to about 2 m. Each
    distinct point is transformed once.
    """
    if crs == "EPSG:4326":
        return np.round(x, _DECIMALS), np.round(y, _DECIMALS)
    points, place = _distinct_points(x, y)
    longitude, latitude = national_grid().inverse(points.real, points.imag)
    none = np.array([np.nan])
    longitude = np.concatenate([np.round(longitude, _DECIMALS), none])
    latitude = np.concatenate([np.round(latitude, _DECIMALS), none])
    return longitude[place], latitude[place]


def cells_of(longitude: Floats, latitude: Floats) -> dict[int, pa.UInt64Array]:
    """Index every point at every resolution, from the point itself; null without a location.

    A parent cell is not used: 6-7% of points lie in another cell than their child's parent.
    """
    points, place = _distinct_points(longitude, latitude)
    pairs = list(zip(points.imag.tolist(), points.real.tolist(), strict=True))
    absent = place < 0
    return {
        resolution: pa.array(
            np.array(
                [basic_int.latlng_to_cell(lat, lon, resolution) for lat, lon in pairs] + [0],
                dtype=np.uint64,
            )[place],
            mask=absent,
        )
        for resolution in RESOLUTIONS
    }


def points_as_wkb(longitude: Floats, latitude: Floats) -> pa.BinaryArray:
    """Write points as well-known binary (little endian); null without a location."""
    absent = np.isnan(longitude)
    record = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    points = np.empty(int((~absent).sum()), dtype=record)
    points["order"], points["kind"] = 1, 1
    points["x"], points["y"] = longitude[~absent], latitude[~absent]
    ends = np.concatenate([[0], np.cumsum(~absent)]) * record.itemsize
    if ends[-1] > np.iinfo(np.int32).max:  # beyond what one binary array can hold
        half = len(longitude) // 2
        return pa.chunked_array(
            [
                points_as_wkb(longitude[:half], latitude[:half]),
                points_as_wkb(longitude[half:], latitude[half:]),
            ]
        )
    bits = np.packbits(~absent, bitorder="little")
    return pa.Array.from_buffers(
        pa.binary(),
        len(longitude),
        [
            pa.py_buffer(bits.tobytes()),
            pa.py_buffer(ends.astype(np.int32).tobytes()),
            pa.py_buffer(points.tobytes()),
        ],
        null_count=int(absent.sum()),
    )


def _distinct_points(x: Floats, y: Floats) -> tuple[NDArray[np.complex128], NDArray[np.int64]]:
    """Return each distinct point once, and which one each row has (-1 without a location)."""
    present = np.flatnonzero(~(np.isnan(x) | np.isnan(y)))
    points, inverse = np.unique(x[present] + 1j * y[present], return_inverse=True)
    place = np.full(len(x), -1, dtype=np.int64)
    place[present] = inverse
    return points, place


def _numbers(column: pa.DictionaryArray) -> Floats:
    """Read numbers, NaN where a text is none."""
    texts = pc.utf8_trim_whitespace(column.dictionary)
    is_number = pc.match_substring_regex(texts, _NUMBER)
    values = pc.if_else(is_number, texts, None).cast(pa.float64())
    distinct = values.to_numpy(zero_copy_only=False)
    numbers: Floats = np.concatenate([distinct, [np.nan]])[indices_of(column)]
    return numbers
