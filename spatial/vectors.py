"""Map files: features of any common format, in WGS84 degrees, mended, with what was done to them.

GeoJSON, GeoPackage, GeoParquet and Shapefile are read; whatever else GDAL opens is tried too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry import shape

from config.errors import BadInputError
from spatial.map_files import (
    CONTEXT_LAYERS,
    GEOJSON,
    LAYER_NAMES,
    MAP_FILES,
    PARQUET,
    TABLE_LAYERS,
    ZIP,
    maps_in,
    only_map,
    unzipped,
)
from spatial.notes import Note, Notes
from spatial.projection import (
    NATIONAL_GRID_EPSG,
    WGS84_EPSG,
    epsg_on_the_ground,
    national_grid,
    on_the_ground,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

__all__ = (
    "CONTEXT_LAYERS", "GEOJSON", "LAYER_NAMES", "MAP_FILES", "PARQUET", "TABLE_LAYERS", "Features",
    "maps_in", "read_features",
)  # fmt: skip

_FURTHEST: Final = (180.0, 90.0)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one file.

    Attributes
    ----------
    geometries
        Valid, not empty, two-dimensional, EPSG:4326; none is a GeometryCollection.
    properties
        One mapping per geometry, of values JSON can hold.
    name
        The collection's own name; empty if it has none.
    notes
        What was converted, mended and dropped.
    changed
        Whether anything was.
    """

    geometries: tuple[BaseGeometry, ...]
    properties: tuple[Row, ...]
    name: str
    notes: Notes
    changed: bool

    def to_geojson(self) -> bytes:
        """Return them as one RFC 7946 feature collection (right-hand winding), UTF-8."""
        wound = shapely.orient_polygons(np.array(self.geometries, dtype=object), exterior_cw=False)
        features = [
            {"type": "Feature", "properties": row, "geometry": json.loads(written)}
            for row, written in zip(self.properties, shapely.to_geojson(wound), strict=True)
        ]
        document = {"type": "FeatureCollection", "features": features}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def read_features(path: Path) -> Features:
    """Read a map file.

    Parameters
    ----------
    path
        An existing file; of a GeoPackage with several layers, the one named like the file. Or a
        folder or zip archive with one map file in it, such as a Shapefile and its companions.

    Raises
    ------
    BadInputError
        It cannot be opened, does not say its coordinate system, or holds coordinates that are not
        degrees once converted.

    Notes
    -----
    The National Grid is converted by the pinned transformation of `spatial.projection`; other
    systems by PROJ, whose choice may differ by a metre or two between machines. GeoJSON without a
    ``crs`` member is in degrees, as its standard says. Mending makes a crossing outline into the
    polygons it encloses: look at the place if a boundary matters there.
    """
    if path.suffix.lower() == ZIP:
        with unzipped(path) as inner:
            return read_features(inner)
    if path.is_dir():
        return read_features(only_map(path.name, maps_in(path)))
    if path.suffix.lower() in GEOJSON:
        geometries, rows, name, crs = _read_geojson(path)
    else:
        frame = _read_frame(path)
        geometries, rows, name = _geometries(frame), _rows(frame), ""
        crs = frame.crs
        if crs is None:
            msg = (
                f"{path.name} does not say its coordinate system, so it cannot be placed. "
                "Export it again with one, or as GeoJSON in WGS84."
            )
            raise BadInputError(msg)
    geometries, converted = _to_degrees(path, geometries, crs)
    kept, mended = _mended(path, geometries)
    _check_degrees(path, kept)
    there = [place for place, geometry in enumerate(kept) if geometry is not None]
    return Features(
        geometries=tuple(geometry for geometry in kept if geometry is not None),
        properties=tuple(rows[place] for place in there),
        name=name,
        notes=(*mended, *converted),
        changed=bool(mended or converted),
    )


def _read_geojson(path: Path) -> tuple[NDArray[np.object_], list[Row], str, CRS | None]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = _features(document)
        geometries = [
            shape(feature["geometry"]) if feature.get("geometry") else None for feature in features
        ]
        rows = [dict(feature.get("properties") or {}) for feature in features]
        name = str(document.get("name") or "")
        stated = (document.get("crs") or {}).get("properties", {}).get("name")
        crs = None if stated is None else CRS.from_user_input(stated)
    except OSError as error:
        msg = f"{path.name} cannot be read ({error.strerror}). Check the path."
        raise BadInputError(msg) from error
    except CRSError as error:
        msg = (
            f"{path.name} names the coordinate system {stated!r}, which is not known. "
            "Export it in WGS84."
        )
        raise BadInputError(msg) from error
    except (
        UnicodeDecodeError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as error:
        msg = f"{path.name} is not readable GeoJSON ({error}). Export it again."
        raise BadInputError(msg) from error
    return _array(geometries), rows, name, crs


def _features(document: Any) -> list[Row]:  # noqa: ANN401 (parsed JSON is anything)
    kind = document["type"]
    if kind == "FeatureCollection":
        return list(document["features"])
    if kind == "Feature":
        return [document]
    return [{"geometry": document, "properties": {}}]


def _read_frame(path: Path) -> GeoDataFrame:
    import geopandas  # noqa: PLC0415 (a second to import, and only these formats need it)

    try:
        if path.suffix.lower() in PARQUET:
            return geopandas.read_parquet(path)
        layer = _layer_of(path, list(geopandas.list_layers(path).dropna()["name"]))
        frame = geopandas.read_file(path, layer=layer)
    except BadInputError:
        raise
    except Exception as error:
        msg = f"{path.name} is not a map file that can be opened ({error}). Export it as GeoJSON."
        raise BadInputError(msg) from error
    return frame


def _layer_of(path: Path, names: Sequence[str]) -> str | None:
    """Choose the layer of a file: its only one, or the one named like the file."""
    if len(names) <= 1:
        return names[0] if names else None
    alike = [name for name in names if name.casefold() == path.stem.casefold()]
    if alike:
        return alike[0]
    msg = (
        f"{path.name} holds several layers ({', '.join(names)}). Export one of them to a file of "
        f"its own, or name it {path.stem!r}."
    )
    raise BadInputError(msg)


def _geometries(frame: GeoDataFrame) -> NDArray[np.object_]:
    try:
        return np.asarray(frame.geometry.array, dtype=object)
    except AttributeError:
        # a table without a map
        return _array([None] * len(frame))


def _rows(frame: GeoDataFrame) -> list[Row]:
    table = frame[[column for column in frame.columns if column != _geometry_name(frame)]]
    columns = [str(column) for column in table.columns]
    values = [[_plain(value) for value in table[column].to_numpy(object)] for column in table]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)] or [
        {} for _ in range(len(frame))
    ]


def _geometry_name(frame: GeoDataFrame) -> str | None:
    return getattr(frame, "_geometry_column_name", None)


def _plain(value: Any) -> Any:  # noqa: ANN401 (any cell of a table)
    """Return a cell as JSON can hold it; what is missing is null."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value != value:  # noqa: PLR0124 (only what is missing differs from itself)
        return None
    if isinstance(value, str | bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _to_degrees(
    path: Path, geometries: NDArray[np.object_], crs: CRS | None
) -> tuple[NDArray[np.object_], Notes]:
    geometries = shapely.force_2d(geometries)
    flat = None if crs is None else on_the_ground(CRS.from_user_input(crs))
    epsg = None if flat is None else epsg_on_the_ground(flat)
    if flat is None or epsg == WGS84_EPSG:
        return geometries, ()
    if epsg == NATIONAL_GRID_EPSG:
        # the pinned transformation, not whichever one this machine's PROJ would choose
        grid = national_grid()
        note = Note(f"{path.name} was converted to degrees from the {grid.name}.")
        return _array([_each(grid.unproject, geometry) for geometry in geometries]), (note,)
    import geopandas  # noqa: PLC0415 (only systems that are neither degrees nor the grid need it)

    try:
        moved = geopandas.GeoSeries(geometries, crs=flat).to_crs(WGS84_EPSG)
    except (ProjError, CRSError, ValueError) as error:
        msg = f"{path.name} cannot be converted from {flat.name!r}. Export it in WGS84 (EPSG:4326)."
        raise BadInputError(msg) from error
    note = Note(f"{path.name} was converted to degrees from {flat.name}.")
    return np.asarray(moved.array, dtype=object), (note,)


def _each(change: Any, geometry: BaseGeometry | None) -> BaseGeometry | None:  # noqa: ANN401 (a function of a geometry)
    return None if geometry is None else change(geometry)


def _mended(path: Path, geometries: NDArray[np.object_]) -> tuple[NDArray[np.object_], Notes]:
    """Drop what is empty, make valid what is not, and open collections; count each."""
    kept = geometries.copy()
    if not np.isfinite(shapely.get_coordinates(kept)).all():
        raise BadInputError(_not_degrees(path, shapely.total_bounds(kept)))
    empty = shapely.is_missing(kept) | shapely.is_empty(kept)
    kept[empty] = None
    invalid = ~empty & ~shapely.is_valid(kept)
    collections = ~empty & (shapely.get_type_id(kept) == shapely.GeometryType.GEOMETRYCOLLECTION)
    if invalid.any():
        kept[invalid] = shapely.make_valid(kept[invalid], method="structure", keep_collapsed=True)
    # mending may leave a stray line beside the polygons
    opened = shapely.get_type_id(kept) == shapely.GeometryType.GEOMETRYCOLLECTION
    for place in np.flatnonzero(opened):
        kept[place] = _foremost(kept[place])
    said = {
        "Geometries that were invalid and have been mended": invalid,
        "GeometryCollections, of which only the parts of the highest dimension are kept": (
            collections & ~shapely.is_missing(kept)
        ),
        "Features without a geometry, which are left out": shapely.is_missing(kept),
    }
    notes = tuple(
        Note(f"{path.name}: {words}: {int(which.sum()):,}.", loud=True)
        for words, which in said.items()
        if which.any()
    )
    return kept, notes


def _foremost(collection: BaseGeometry) -> BaseGeometry | None:
    """Return a collection's polygons; without any its lines, else its points."""
    parts = [part for part in _leaves(collection) if not part.is_empty]
    if not parts:
        return None
    dimensions = shapely.get_dimensions(_array(parts))
    joined: BaseGeometry = shapely.union_all(_array(parts)[dimensions == dimensions.max()])
    return joined


def _leaves(geometry: BaseGeometry) -> list[BaseGeometry]:
    if geometry.geom_type != "GeometryCollection":
        return [geometry]
    return [leaf for part in shapely.get_parts(geometry) for leaf in _leaves(part)]


def _check_degrees(path: Path, geometries: NDArray[np.object_]) -> None:
    if shapely.is_missing(geometries).all():
        return
    bounds = shapely.total_bounds(geometries)
    if not (np.abs(bounds.reshape(2, 2)) <= _FURTHEST).all():
        raise BadInputError(_not_degrees(path, bounds))


def _not_degrees(path: Path, bounds: NDArray[np.float64]) -> str:
    corners = ", ".join(f"{corner:.10g}" for corner in bounds)
    return (
        f"{path.name} is not in longitude and latitude degrees (corners {corners}). "
        "Export it with its coordinate system, or in WGS84 (EPSG:4326), and try again."
    )


def _array(geometries: Sequence[BaseGeometry | None]) -> NDArray[np.object_]:
    made = np.empty(len(geometries), dtype=object)
    made[:] = geometries
    return made
