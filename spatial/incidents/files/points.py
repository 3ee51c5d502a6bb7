"""Points: a file's geometry as coordinates that a mapping can name, in degrees and in metres."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from config.errors import BadInputError
from spatial.incidents.files.readers import checked_header
from spatial.incidents.files.tables import TableFile, text_rows
from spatial.projection import NATIONAL_GRID_EPSG, WGS84_EPSG, epsg_on_the_ground, national_grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from spatial.incidents.files.raw_rows import RawRows
    from spatial.incidents.tally import Tally

    Floats = NDArray[np.float64]

POINT_COLUMNS: Final = ("Longitude", "Latitude", "Easting", "Northing")
"""What a file's points are called, for mappings, unless the file has columns of those names."""

_DECIMALS: Final = {WGS84_EPSG: 7, NATIONAL_GRID_EPSG: 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some consecutive records of a file.

    Attributes
    ----------
    columns
        Those asked for, by the file's own names.
    points
        x and y of each record, shape (length, 2), NaN where there is none; None where they were not
        asked for.
    length
        Number of records.
    """

    columns: dict[str, pa.Array | pa.ChunkedArray]
    points: Floats | None
    length: int


@dataclass(frozen=True, slots=True)
class PointFile:
    """A file of records that may have points, opened.

    Attributes
    ----------
    name, sha256
        As of `spatial.incidents.files.tables.TableFile`.
    columns
        The file's own names of the columns that can be read as text.
    epsg
        4326 or 27700, the system of its points; None where it has no points.
    pieces
        Reads the columns named, by the file's own names, and the points if the second argument is
        true; in the order of the file.
    choices
        What was decided when the file was opened.
    as_written
        Whether times that name a zone are taken as they stand (see
        `spatial.incidents.files.tables.text_rows`).
    """

    name: str
    sha256: str
    columns: Sequence[str]
    epsg: int | None
    pieces: Callable[[Sequence[str], bool], Iterator[Piece]]
    choices: Tally = field(default_factory=Counter)
    as_written: bool = False

    def as_table(self) -> TableFile:
        """Put the file's columns and the coordinates of its points side by side."""
        held = checked_header(self.name, self.columns) if self.columns else ()
        places = {column.casefold(): own for column, own in zip(held, self.columns, strict=True)}
        made = (
            ()
            if self.epsg is None
            else tuple(new for new in POINT_COLUMNS if new.casefold() not in places)
        )
        return TableFile(
            name=self.name,
            sha256=self.sha256,
            header=(*held, *made),
            reader=partial(self._rows, places=places),
            choices=self.choices,
        )

    def _rows(self, wanted: Sequence[str], *, places: dict[str, str]) -> Iterator[RawRows]:
        """Read the wanted columns, and coordinates where they are wanted of the points."""
        own = {
            column: places[column.casefold()] for column in wanted if column.casefold() in places
        }
        first = 2
        for piece in self.pieces(list(dict.fromkeys(own.values())), len(own) < len(wanted)):
            made = (
                {} if piece.points is None else coordinates(piece.points, self.epsg or WGS84_EPSG)
            )
            columns = {
                column: piece.columns[own[column]] if column in own else made[column.casefold()]
                for column in wanted
            }
            yield text_rows(
                self.name, columns, length=piece.length, first=first, as_written=self.as_written
            )
            first += piece.length


def coordinates(points: Floats, epsg: int) -> dict[str, pa.Array]:
    """Return points in degrees and in National Grid metres, by heading in lower case.

    Parameters
    ----------
    points
        x and y, shape (n, 2), NaN where there is none.
    epsg
        4326 or 27700, the system they are in; its own figures are kept to the last, the others are
        rounded to 1 cm.
    """
    x, y = points[:, 0], points[:, 1]
    here = np.isfinite(x) & np.isfinite(y)
    other_x, other_y = np.full(len(x), np.nan), np.full(len(x), np.nan)
    turn = national_grid().forward if epsg == WGS84_EPSG else national_grid().inverse
    if here.any():
        other_x[here], other_y[here] = turn(x[here], y[here])
    degrees, metres = ((x, y), (other_x, other_y))
    if epsg == NATIONAL_GRID_EPSG:
        degrees, metres = metres, degrees
    listed = [(*degrees, WGS84_EPSG), (*metres, NATIONAL_GRID_EPSG)]
    arrays = []
    for across, up, system in listed:
        for values in (across, up):
            kept = values if system == epsg else np.round(values, _DECIMALS[system])
            lost = ~np.isfinite(kept)
            arrays.append(pa.array(np.where(lost, 0.0, kept), mask=lost))
    return {name.casefold(): array for name, array in zip(POINT_COLUMNS, arrays, strict=True)}


def wkb_points(name: str, wkb: pa.Array | pa.ChunkedArray, *, first: int = 2) -> Floats:
    """Read well-known binary points; NaN where there is none.

    Parameters
    ----------
    name, first
        The file, and the row number of the first record, for messages.
    wkb
        Binary, null where there is no geometry. A MultiPoint of one point is that point.

    Raises
    ------
    BadInputError
        One cannot be read, or is no point.
    """
    try:
        shapes = shapely.from_wkb(wkb.cast(pa.binary()).to_numpy(zero_copy_only=False))
    except (shapely.errors.GEOSException, TypeError, pa.ArrowException) as error:
        msg = f"{name} holds points that cannot be read. Export it again."
        raise BadInputError(msg) from error
    kinds = shapely.get_type_id(shapes)
    single = (kinds == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(shapes) <= 1)
    if single.any():
        shapes[single] = shapely.get_geometry(shapes[single], 0)
    strange = np.flatnonzero((kinds >= 0) & (kinds != shapely.GeometryType.POINT) & ~single)
    if len(strange):
        raise BadInputError(not_a_point(name, first + int(strange[0])))
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])


def not_a_point(name: str, row: int) -> str:
    """Say that a record is no point, and what to do."""
    return (
        f"{name}, row {row}, is not a point. Give incidents as points, one each; areas and lines "
        "belong to boundaries and layers."
    )


def known_epsg(name: str, declared: object) -> int:
    """Return 4326 or 27700 for a declared coordinate system (a name, WKT, PROJJSON).

    Raises
    ------
    BadInputError
        It is another system, or none that is known: points are never moved by a transformation that
        is not pinned.
    """
    found: CRS | None = None
    try:
        found = None if declared is None else CRS.from_user_input(declared)
    except CRSError:
        found = None
    epsg = None if found is None else epsg_on_the_ground(found)
    if epsg is not None:
        return epsg
    said = "no known coordinate system" if found is None else f"coordinates in {found.name}"
    msg = (
        f"{name} has {said}. Export it in longitude and latitude (EPSG:4326) or on the National "
        "Grid (EPSG:27700)."
    )
    raise BadInputError(msg)
