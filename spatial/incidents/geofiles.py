"""Geofiles: incidents as points in GeoJSON, GeoPackage and (Geo)Parquet."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read_arrow
from pyproj import CRS
from pyproj.exceptions import CRSError

from config.errors import BadInputError
from spatial.incidents.readers import checked_header
from spatial.incidents.tables import TableFile, is_text_like, text_rows
from spatial.incidents.tally import Choice, tally
from spatial.projection import national_grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from spatial.incidents.readers import RawRows

    Floats = NDArray[np.float64]

POINT_COLUMNS: Final = ("Longitude", "Latitude", "Easting", "Northing")
"""What a file's points are called, for mappings, unless the file has columns of those names."""

_DEGREES, _METRES = 4326, 27700
_DECIMALS: Final = {_DEGREES: 7, _METRES: 2}


def open_geojson(name: str, content: bytes) -> TableFile:
    """Open a GeoJSON feature collection (RFC 7946: longitude, then latitude, WGS 84).

    Properties are columns; the first feature is row 2. Numbers are kept as they are written.

    Raises
    ------
    BadInputError
        It is no feature collection, names a coordinate system other than WGS 84 or the National
        Grid (as older files do), or a feature is not a point.
    """
    try:
        document = json.loads(content, parse_float=str, parse_int=str, parse_constant=str)
        features = document["features"]
        if document["type"] != "FeatureCollection" or not isinstance(features, list):
            raise KeyError("features")  # noqa: EM101, TRY301 (said in the sentence below)
        records = [feature.get("properties") or {} for feature in features]
        columns = list(dict.fromkeys(key for record in records for key in record))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{name} is not a GeoJSON feature collection. Export it again."
        raise BadInputError(msg) from error
    declared = document.get("crs")
    code = _DEGREES
    if isinstance(declared, dict):
        code = _known_crs(name, (declared.get("properties") or {}).get("name"))
    points = np.full((len(features), 2), np.nan)
    for number, feature in enumerate(features):
        geometry = feature.get("geometry")
        if geometry is None:
            continue
        try:
            if geometry["type"] != "Point":
                raise KeyError(geometry["type"])  # noqa: TRY301 (said in the sentence below)
            points[number] = [float(part) for part in geometry["coordinates"][:2]]
        except (KeyError, TypeError, ValueError) as error:
            msg = (
                f"{name}, row {number + 2}, is not a point. Give incidents as points, one each; "
                "areas and lines belong to boundaries and layers."
            )
            raise BadInputError(msg) from error

    def read(wanted: Sequence[str], places: dict[str, str]) -> dict[str, pa.ChunkedArray]:
        return {
            column: pa.chunked_array(
                [pa.array([_plain(record.get(places[column])) for record in records], pa.string())]
            )
            for column in wanted
        }

    return _table(name, content, columns, read, points, code)


def open_parquet(name: str, content: bytes) -> TableFile:
    """Open a Parquet or GeoParquet file; its points, if it has any, become coordinates.

    Raises
    ------
    BadInputError
        It is not Parquet, its points are not WKB, or are in another coordinate system.
    """
    try:
        schema = pq.read_schema(pa.BufferReader(content))
        geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        length = pq.read_metadata(pa.BufferReader(content)).num_rows
    except (pa.ArrowException, ValueError, OSError) as error:
        msg = f"{name} is not a Parquet file that can be read. Export it again."
        raise BadInputError(msg) from error
    columns = [field.name for field in schema if is_text_like(field.type)]
    points, code = None, _DEGREES
    primary = geo.get("primary_column")
    if primary in schema.names:
        about = geo["columns"][primary]
        if about.get("encoding") != "WKB":
            msg = f"{name} holds its points as {about.get('encoding')!r}. Export them as WKB."
            raise BadInputError(msg)
        # by the GeoParquet specification no "crs" means longitude and latitude
        code = _known_crs(name, about["crs"]) if "crs" in about else _DEGREES
        wkb = pq.read_table(pa.BufferReader(content), columns=[primary]).column(0)
        points = _points(name, wkb.cast(pa.binary()).to_numpy())

    def read(wanted: Sequence[str], places: dict[str, str]) -> dict[str, pa.ChunkedArray]:
        names = [places[column] for column in wanted]
        table = pq.read_table(pa.BufferReader(content), columns=list(dict.fromkeys(names)))
        return {column: table.column(place) for column, place in zip(wanted, names, strict=True)}

    return _table(name, content, columns, read, points, code, length=length)


def open_geopackage(name: str, path: Path, content: bytes) -> TableFile:
    """Open the first layer of a GeoPackage that holds rows of points, or rows without geometry.

    Raises
    ------
    BadInputError
        It is no GeoPackage, holds no such layer, or is in another coordinate system.
    """
    try:
        layers = [(str(layer), kind) for layer, kind in pyogrio.list_layers(path)]
        chosen = next(
            (
                layer
                for layer, kind in layers
                if kind in {None, "Point", "Point Z", "Unknown"}
                and pyogrio.read_info(path, layer=layer)["features"]
            ),
            None,
        )
        if chosen is None:
            msg = f"{name} holds no layer of points. Give incidents as points, one each."
            raise BadInputError(msg)
        info = pyogrio.read_info(path, layer=chosen)
        has_points = info["geometry_type"] is not None
        points, code = None, _DEGREES
        if has_points:
            code = _known_crs(name, info["crs"])
            about, shapes = read_arrow(path, layer=chosen, columns=[])
            place = about["geometry_name"] or "wkb_geometry"
            points = _points(name, shapes.column(place).cast(pa.binary()).to_numpy())
    except (DataSourceError, DataLayerError, OSError) as error:
        msg = f"{name} is not a GeoPackage that can be read. Export it again."
        raise BadInputError(msg) from error

    def read(wanted: Sequence[str], places: dict[str, str]) -> dict[str, pa.ChunkedArray]:
        names = [places[column] for column in wanted]
        _, table = read_arrow(
            path, layer=chosen, columns=list(dict.fromkeys(names)), read_geometry=False
        )
        return {column: table.column(place) for column, place in zip(wanted, names, strict=True)}

    said = f"{name} has {len(layers)} layers: only {chosen!r} was read."
    return _table(
        name,
        content,
        [str(field) for field in info["fields"]],
        read,
        points,
        code,
        length=int(info["features"]),
        note=said if len(layers) > 1 else "",
        as_written=True,
    )


def _table(  # noqa: PLR0913, PLR0917 (the parts of one file)
    name: str,
    content: bytes,
    columns: Sequence[str],
    read: Any,  # noqa: ANN401 (a reader of its own columns)
    points: Floats | None,
    code: int,
    *,
    length: int | None = None,
    note: str = "",
    as_written: bool = False,
) -> TableFile:
    """Put a file's columns and its points side by side."""
    held = checked_header(name, columns) if columns else ()
    places = {column.casefold(): own for column, own in zip(held, columns, strict=True)}
    made = (
        ()
        if points is None
        else tuple(new for new in POINT_COLUMNS if new.casefold() not in places)
    )
    number = len(points) if length is None and points is not None else (length or 0)
    return TableFile(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        header=(*held, *made),
        reader=partial(
            _read,
            name,
            places=places,
            read=read,
            points=points,
            code=code,
            length=number,
            as_written=as_written,
        ),
        choices=tally((Choice.LAYERS, note, int(bool(note)))),
    )


def _read(  # noqa: PLR0913 (the parts of one file)
    name: str,
    wanted: Sequence[str],
    *,
    places: dict[str, str],
    read: Any,  # noqa: ANN401 (a reader of its own columns)
    points: Floats | None,
    code: int,
    length: int,
    as_written: bool,
) -> RawRows:
    """Read the wanted columns, and coordinates where they are wanted of the points."""
    own = [column for column in wanted if column.casefold() in places]
    columns = read(own, {column: places[column.casefold()] for column in own}) if own else {}
    if points is not None and len(own) < len(wanted):
        made = _coordinates(points, code)
        columns |= {column: made[column.casefold()] for column in wanted if column not in columns}
    ordered = {column: columns[column] for column in wanted}
    return text_rows(name, ordered, length=length, as_written=as_written)


def _coordinates(points: Floats, code: int) -> dict[str, pa.ChunkedArray]:
    """Return the points in degrees and in National Grid metres, by heading in lower case."""
    x, y = points[:, 0], points[:, 1]
    here = np.isfinite(x) & np.isfinite(y)
    other_x, other_y = np.full(len(x), np.nan), np.full(len(x), np.nan)
    turn = national_grid().forward if code == _DEGREES else national_grid().inverse
    if here.any():
        other_x[here], other_y[here] = turn(x[here], y[here])
    degrees, metres = ((x, y), (other_x, other_y))
    if code == _METRES:
        degrees, metres = metres, degrees
    listed = [(*degrees, _DEGREES), (*metres, _METRES)]
    arrays = []
    for across, up, system in listed:
        for values in (across, up):
            # the file's own coordinates are kept to the last figure
            kept = values if system == code else np.round(values, _DECIMALS[system])
            lost = ~np.isfinite(kept)
            arrays.append(pa.chunked_array([pa.array(np.where(lost, 0.0, kept), mask=lost)]))
    return {name.casefold(): array for name, array in zip(POINT_COLUMNS, arrays, strict=True)}


def _points(name: str, wkb: NDArray[np.object_]) -> Floats:
    """Read well-known binary points; NaN where there is none."""
    try:
        shapes = shapely.from_wkb(wkb)
    except (shapely.errors.GEOSException, TypeError) as error:
        msg = f"{name} holds points that cannot be read. Export it again."
        raise BadInputError(msg) from error
    kinds = shapely.get_type_id(shapes)
    strange = np.flatnonzero((kinds >= 0) & (kinds != shapely.GeometryType.POINT))
    if len(strange):
        msg = (
            f"{name}, row {strange[0] + 2}, is not a point. Give incidents as points, one each; "
            "areas and lines belong to boundaries and layers."
        )
        raise BadInputError(msg)
    return np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)])


def _known_crs(name: str, declared: object) -> int:
    """Return 4326 or 27700; any other coordinate system is refused."""
    found: CRS | None = None
    try:
        found = None if declared is None else CRS.from_user_input(declared)
    except CRSError:
        found = None
    if found is not None:
        authority = found.to_authority()
        if authority in {("OGC", "CRS84"), ("EPSG", str(_DEGREES))}:
            return _DEGREES
        if authority == ("EPSG", str(_METRES)):
            return _METRES
    said = "no known coordinate system" if found is None else f"coordinates in {found.name}"
    msg = (
        f"{name} has {said}. Export it in longitude and latitude (EPSG:4326) or on the National "
        "Grid (EPSG:27700)."
    )
    raise BadInputError(msg)


def _plain(value: object) -> str | None:
    """Write one property as text; lists and objects hold no single word and are blank."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or None if isinstance(value, str) else None
