"""Locations: coordinates as a file writes them to degrees, cells and GeoParquet points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from config.errors import BadInputError
from spatial.incidents.rows.grid_references import read_references
from spatial.incidents.rows.point_cells import PointCells
from spatial.incidents.rows.words import indices_of
from spatial.incidents.schema import RESOLUTIONS
from spatial.projection import in_national_grid, national_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.mapping import Columns
    from spatial.incidents.files.raw_rows import RawRows

    Floats = NDArray[np.float64]

# small numbers may be written 5e-05; 6.3E+05 is a spreadsheet's rounding and no location
_NUMBER: Final = r"^[+-]?(\d{1,9}(\.\d*)?|\.\d+)([eE]-\d{1,2})?$"
_ROUNDED: Final = r"^[+-]?\d(\.\d*)?[eE]\+?\d{1,2}$"
_DECIMALS: Final = 7  # of a degree: a centimetre, and the same last figure on every machine
# Easting and northing, metres: the lettered squares of the National Grid (Ordnance Survey).
_GRID_EAST, _GRID_NORTH = 700_000.0, 1_300_000.0
_SOME: Final = 0.01
"""The share of rows from which another coordinate system is no slip but a second source."""
_MOST: Final = 0.5
_KNOWN: Final = PointCells()


@dataclass(frozen=True, slots=True)
class SeenPlaces:
    """What the coordinates of some rows look like, to be added up over the chunks of a file.

    Attributes
    ----------
    usable
        Rows with a usable location.
    rounded
        Rows with a number written with an exponent, as spreadsheets round large ones.
    own, other
        Rows whose numbers can only be of the mapping's coordinate system, or of the other one.
    other_row
        The first row of the other, 0 where there is none.
    known, as_given, swapped
        Rows with two numbers; those that lie in Great Britain as they are, and the other way round.
    """

    usable: int = 0
    rounded: int = 0
    own: int = 0
    other: int = 0
    other_row: int = 0
    known: int = 0
    as_given: int = 0
    swapped: int = 0

    def __add__(self, later: SeenPlaces) -> SeenPlaces:
        """Add what a later chunk holds."""
        return SeenPlaces(
            self.usable + later.usable,
            self.rounded + later.rounded,
            self.own + later.own,
            self.other + later.other,
            self.other_row or later.other_row,
            self.known + later.known,
            self.as_given + later.as_given,
            self.swapped + later.swapped,
        )


@dataclass(frozen=True, slots=True)
class Points:
    """Where some incidents happened.

    Attributes
    ----------
    longitude, latitude
        EPSG:4326, NaN without a usable location.
    side
        How far each may be out by its own grid reference (metres), None without references.
    seen
        For `require_places`.
    """

    longitude: Floats
    latitude: Floats
    side: Floats | None
    seen: SeenPlaces


def read_points(raw: RawRows, columns: Columns, crs: str) -> Points:
    """Read where the incidents of a chunk happened.

    Parameters
    ----------
    raw
        Its rows of text.
    columns, crs
        The mapping's columns and coordinate system.
    """
    if columns.grid_reference is not None:
        x, y, side = read_references(raw.columns[columns.grid_reference])
        longitude, latitude = to_degrees(x, y, "EPSG:27700")
        return Points(longitude, latitude, side, SeenPlaces(usable=int((~np.isnan(x)).sum())))
    across, up = (raw.columns[column] for column in columns.places)
    numbers = _numbers(across), _numbers(up)
    x, y = _usable(*numbers, crs)
    longitude, latitude = to_degrees(x, y, crs)
    seen = _seen(*numbers, crs, raw.rows)
    rounded = int((_matches(across, _ROUNDED) | _matches(up, _ROUNDED)).sum())
    return Points(
        longitude, latitude, None, replace(seen, usable=int((~np.isnan(x)).sum()), rounded=rounded)
    )


def require_places(seen: SeenPlaces, columns: Columns, crs: str, *, file: str) -> None:
    """Refuse a file whose coordinates are none, of two systems, or the wrong way round.

    Raises
    ------
    BadInputError
        No row has a usable location; longitude and latitude (or easting and northing) are the wrong
        way round; or the columns hold two coordinate systems.
    """
    listed = " and ".join(repr(column) for column in columns.places)
    subject = f"{file}: the columns {listed}"
    _refuse_two_systems(seen, crs, subject=subject)
    _refuse_swapped(seen, crs, subject=subject)
    if not seen.usable and seen.rounded:
        msg = (
            f"{subject} hold numbers with an exponent, such as 6.27E+05, which a spreadsheet has "
            "rounded to the kilometre or worse. Export it again with the figures in full."
        )
        raise BadInputError(msg)
    if not seen.usable:
        noun = "column" if len(columns.places) == 1 else "columns"
        msg = (
            f"{file}: no row has a usable location in the {noun} {listed}, so nothing could be put "
            "on a map. Export it again with coordinates."
        )
        raise BadInputError(msg)


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
    return _usable(_numbers(x), _numbers(y), crs)


def _usable(x: Floats, y: Floats, crs: str) -> tuple[Floats, Floats]:
    """Blank both coordinates of a row where they are no location."""
    if crs == "EPSG:27700":
        usable = _is_metres(x, y)
    else:
        usable = (np.abs(x) <= 180) & (np.abs(y) <= 90)  # noqa: PLR2004 (the globe)
        usable &= ~((x == 0) & (y == 0))
    return np.where(usable, x, np.nan), np.where(usable, y, np.nan)


def _is_metres(x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Say which pairs lie on the National Grid, and could not be degrees."""
    on_grid: NDArray[np.bool_] = (x > 0) & (x < _GRID_EAST) & (y > 0) & (y < _GRID_NORTH)
    # a corner of the sea off Scilly, in which degrees read as metres would all come to lie
    return on_grid & ~((x <= 180) & (y <= 90))  # noqa: PLR2004 (the globe)


def _seen(x: Floats, y: Floats, crs: str, rows: NDArray[np.int64]) -> SeenPlaces:
    """Count rows by the coordinate system their numbers can be of, and by their order."""
    is_grid = crs == "EPSG:27700"
    is_none = (x == 0) & (y == 0)
    metres, degrees = _is_metres(x, y), in_national_grid(x, y) & ~is_none
    own, other = (metres, degrees) if is_grid else (degrees, metres)
    inside = _is_metres if is_grid else in_national_grid
    known = np.isfinite(x) & np.isfinite(y) & ~is_none
    return SeenPlaces(
        own=int(own.sum()),
        other=int(other.sum()),
        other_row=int(rows[np.argmax(other)]) if other.any() else 0,
        known=int(known.sum()),
        as_given=int(inside(x[known], y[known]).sum()),
        swapped=int(inside(y[known], x[known]).sum()),
    )


def _refuse_two_systems(seen: SeenPlaces, crs: str, *, subject: str) -> None:
    """Refuse columns in which more than a slip's worth of rows is in the other system."""
    if seen.own and seen.other and seen.other >= _SOME * (seen.own + seen.other):
        here, there = (
            ("eastings and northings", "degrees")
            if crs == "EPSG:27700"
            else ("degrees", "eastings and northings")
        )
        msg = (
            f"{subject} hold {here} and, in {seen.other:,} rows such as row {seen.other_row}, "
            f"{there}. Export each kind to a file of its own."
        )
        raise BadInputError(msg)


def _refuse_swapped(seen: SeenPlaces, crs: str, *, subject: str) -> None:
    """Refuse columns of which most rows lie in Great Britain only the other way round."""
    most = _MOST * seen.known
    if seen.known and seen.swapped > most and seen.as_given < most:
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
    """Index every point at every resolution, from the point itself; null without a location."""
    points, place = _distinct_points(longitude, latitude)
    cells = np.vstack([_KNOWN.cells(points), np.zeros((1, len(RESOLUTIONS)), dtype=np.uint64)])
    absent = place < 0
    return {
        resolution: pa.array(cells[place, column], mask=absent)
        for column, resolution in enumerate(RESOLUTIONS)
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


def _matches(column: pa.DictionaryArray, pattern: str) -> NDArray[np.bool_]:
    """Say which rows hold a text of a pattern."""
    texts = pc.utf8_trim_whitespace(column.dictionary)
    is_it = pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    found: NDArray[np.bool_] = np.concatenate([is_it, [False]]).astype(bool)[indices_of(column)]
    return found


def _numbers(column: pa.DictionaryArray) -> Floats:
    """Read numbers, NaN where a text is none."""
    texts = pc.utf8_trim_whitespace(column.dictionary)
    is_number = pc.match_substring_regex(texts, _NUMBER)
    values = pc.if_else(is_number, texts, None).cast(pa.float64())
    distinct = values.to_numpy(zero_copy_only=False)
    numbers: Floats = np.concatenate([distinct, [np.nan]])[indices_of(column)]
    return numbers
