"""Geofiles: incidents as points in GeoJSON and GeoPackage."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import open_arrow

from config.errors import BadInputError
from spatial.incidents.files.points import Piece, PointFile, known_epsg, not_a_point, wkb_points
from spatial.incidents.tally import Choice, tally
from spatial.projection import WGS84_EPSG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from spatial.incidents.files.sources import SourceFile
    from spatial.incidents.files.tables import TableFile
    from spatial.unpacked import OnDisk

    Floats = NDArray[np.float64]
    Record = dict[str, Any]

MOST_GEOJSON: Final = 500_000_000
"""A GeoJSON file of more bytes is refused: it can only be read by holding it whole."""
_PLACED_ROWS: Final = ("Point", "MultiPoint", "Unknown")
_FURTHEST: Final = (180.0, 90.0)
_SQLITE: Final = b"SQLite format 3\0"
# SQLite's header ends, but for one number, with the application that a database belongs to
_HEAD: Final = 72
_GEOPACKAGES: Final = (b"GPKG", b"GP10", b"GP11")
_ROWS: Final = 1 << 16
"""Records of one piece."""


def open_geojson(source: SourceFile) -> TableFile:
    """Open a GeoJSON feature collection (RFC 7946: longitude, then latitude, WGS 84).

    Properties are columns; the first feature is row 2. Numbers are kept as they are written. The
    file is held whole, so that no more than `MOST_GEOJSON` bytes are read.

    Raises
    ------
    BadInputError
        It is no feature collection, has no features or too many bytes, names a coordinate system
        other than WGS 84 or the National Grid (as older files do), or a feature is not a point.
    """
    name = source.name
    with source.opened() as stream:
        content = stream.read(MOST_GEOJSON + 1)
    if len(content) > MOST_GEOJSON:
        msg = (
            f"{name} has more than {MOST_GEOJSON / 1e6:.0f} MB, and GeoJSON can only be read whole."
            " Export it as GeoPackage, GeoParquet or CSV, which may be of any size."
        )
        raise BadInputError(msg)
    try:
        document = json.loads(content, parse_float=str, parse_int=str, parse_constant=str)
        features = document["features"]
        if document["type"] != "FeatureCollection" or not isinstance(features, list):
            raise KeyError("features")  # noqa: EM101, TRY301 (said in the sentence below)
        records = [dict(feature.get("properties") or {}) for feature in features]
        columns = list(dict.fromkeys(key for record in records for key in record))
        declared = document.get("crs")
        stated = None if declared is None else declared["properties"]["name"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{name} is not a GeoJSON feature collection. Export it again."
        raise BadInputError(msg) from error
    if not features:
        msg = f"{name} has no features. Export it again with its incidents."
        raise BadInputError(msg)
    points = _positions(name, features)
    if declared is None:
        _require_degrees(name, points)
    nested = sum(
        any(isinstance(record.get(key), dict | list) for record in records) for key in columns
    )
    return PointFile(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        columns=columns,
        epsg=WGS84_EPSG if declared is None else known_epsg(name, stated),
        pieces=partial(_whole, records, points),
        choices=tally((Choice.NESTED, name, nested)),
    ).as_table()


def _positions(name: str, features: Sequence[Record]) -> Floats:
    """Read the points of GeoJSON features, NaN where one has no geometry."""
    points = np.full((len(features), 2), np.nan)
    for number, feature in enumerate(features):
        geometry = feature.get("geometry")
        if geometry is None:
            continue
        try:
            position = geometry["coordinates"]
            if geometry["type"] == "MultiPoint" and len(position) == 1:
                position = position[0]
            elif geometry["type"] != "Point":
                raise KeyError(geometry["type"])  # noqa: TRY301 (said in the sentence below)
            # an empty point has no figures
            if position:
                x, y = (float(part) for part in position[:2])
                points[number] = x, y
        except (KeyError, TypeError, ValueError) as error:
            raise BadInputError(not_a_point(name, number + 2)) from error
    return points


def _require_degrees(name: str, points: Floats) -> None:
    """Refuse a file most of whose points cannot be degrees, though it says nothing else."""
    here = np.isfinite(points).all(axis=1)
    far = here & (np.abs(points) > _FURTHEST).any(axis=1)
    if far.sum() * 2 > here.sum():
        row = int(np.flatnonzero(far)[0])
        x, y = (f"{part:.10g}" for part in points[row])
        msg = (
            f"{name}, row {row + 2}, lies at {x}, {y}, which are no degrees, though GeoJSON holds "
            "degrees unless it names another system. Export it again in longitude and latitude."
        )
        raise BadInputError(msg)


def _whole(
    records: Sequence[Record],
    points: Floats,
    own: Sequence[str],
    with_points: bool,  # noqa: FBT001 (a reader's second argument)
) -> Iterator[Piece]:
    """Return all features in one piece."""
    columns = {
        column: pa.array([_plain(record.get(column)) for record in records], pa.string())
        for column in own
    }
    yield Piece(columns, points if with_points else None, len(records))


def open_geopackage(source: SourceFile) -> TableFile:
    """Open the first layer of a GeoPackage that holds rows of points, or rows without geometry.

    Raises
    ------
    BadInputError
        It is no GeoPackage, holds no such layer, or is in another coordinate system.
    """
    name, held = source.name, source.on_disk()
    with held.path.open("rb") as stream:
        begins = stream.read(_HEAD)
    try:
        if not (begins.startswith(_SQLITE) and begins[-4:] in _GEOPACKAGES):
            raise DataSourceError(name)  # noqa: TRY301 (said in the sentence below)
        layers = [(str(layer), kind) for layer, kind in pyogrio.list_layers(held.path)]
        chosen = next(
            (
                layer
                for layer, kind in layers
                if (kind is None or kind.removeprefix("2.5D ").split()[0] in _PLACED_ROWS)
                and pyogrio.read_info(held.path, layer=layer, force_feature_count=True)["features"]
            ),
            None,
        )
        info = None if chosen is None else pyogrio.read_info(held.path, layer=chosen)
    except (DataSourceError, DataLayerError, OSError) as error:
        raise BadInputError(_no_geopackage(name)) from error
    if info is None or chosen is None:
        msg = f"{name} holds no layer of points. Give incidents as points, one each."
        raise BadInputError(msg)
    said = f"{name} has {len(layers)} layers: only {chosen!r} was read."
    placed = info["geometry_type"] is not None
    return PointFile(
        name=name,
        sha256=held.sha256,
        columns=[str(field) for field in info["fields"]],
        epsg=known_epsg(name, info["crs"]) if placed else None,
        pieces=partial(_slices, name, held, chosen),
        choices=tally((Choice.LAYERS, said, int(len(layers) > 1))),
        as_written=True,
    ).as_table()


def _slices(
    name: str,
    held: OnDisk,
    layer: str,
    own: Sequence[str],
    with_points: bool,  # noqa: FBT001 (a reader's second argument)
) -> Iterator[Piece]:
    """Read a layer in slices, in the order of its feature ids."""
    first = 2
    try:
        with open_arrow(
            held.path,
            layer=layer,
            columns=list(own),
            read_geometry=with_points,
            batch_size=_ROWS,
            use_pyarrow=True,
        ) as (about, batches):
            place = about["geometry_name"] or "wkb_geometry"
            for batch in batches:
                points = None
                if with_points:
                    points = wkb_points(name, batch.column(place), first=first)
                columns = {column: batch.column(column) for column in own}
                yield Piece(columns, points, batch.num_rows)
                first += batch.num_rows
    except (DataSourceError, DataLayerError, pa.ArrowException, OSError) as error:
        raise BadInputError(_no_geopackage(name)) from error


def _no_geopackage(name: str) -> str:
    return f"{name} is not a GeoPackage that can be read. Export it again."


def _plain(value: object) -> str | None:
    """Write one property as text; lists and objects hold no single word and are blank."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or None if isinstance(value, str) else None
