"""The study area: the named polygon that an analysis covers, frozen for a run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import shape

from config.errors import BadInputError
from spatial.projection import MetricSystem, metric_system_at, national_grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

_GEOJSON_SUFFIXES = (".geojson", ".json")
_NATIONAL_GRID_EPSG = 27700
_DEGREES = np.array([180.0, 90.0])


@dataclass(frozen=True, slots=True)
class StudyArea:
    """A named area in WGS84 degrees, with the plane in which its metres are measured.

    Attributes
    ----------
    name
        What is printed on every map and in every file.
    polygon
        Polygon or MultiPolygon, EPSG:4326, valid, normalised.
    digest
        Hash of name and shape: part of the run id.
    """

    name: str
    polygon: BaseGeometry
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive the digest from the name and the normalised shape."""
        content = self.name.encode() + shapely.to_wkb(self.polygon, byte_order=1)
        object.__setattr__(self, "digest", hashlib.sha256(content).hexdigest()[:16])

    @property
    def metric_system(self) -> MetricSystem:
        """The plane used for its distances and areas, chosen by its middle."""
        middle = self.polygon.representative_point()
        return metric_system_at(middle.x, middle.y)

    @property
    def area_ha(self) -> float:
        """Its area in hectares, on the metric plane."""
        return float(self.metric_system.project(self.polygon).area / 10_000)

    def to_geojson(self) -> bytes:
        """Return it as one RFC 7946 feature collection (right-hand winding), UTF-8."""
        feature = {
            "type": "Feature",
            "properties": {"name": self.name},
            "geometry": json.loads(
                shapely.to_geojson(shapely.orient_polygons(self.polygon, exterior_cw=False))
            ),
        }
        collection = {"type": "FeatureCollection", "features": [feature]}
        return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def kept_name(name: str) -> str:
    """Return the name a study area is kept under: lower case, in letters a file name may hold."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in name.casefold())
    return "-".join(part for part in kept.split("-") if part) or "study-area"


def study_area_from_polygons(name: str, polygons: Sequence[BaseGeometry]) -> StudyArea:
    """Dissolve polygons (EPSG:4326) into one study area, repairing invalid rings.

    Raises
    ------
    BadInputError
        There is no polygon, or the coordinates cannot be degrees.
    """
    # a collection may hold polygons beside stray lines
    parts = shapely.get_parts(shapely.get_parts(np.array(list(polygons), dtype=object)))
    areal = parts[shapely.area(parts) > 0]
    if not len(areal):
        msg = f"{name!r} holds no polygon. A study area is a polygon around the places analysed."
        raise BadInputError(msg)
    merged = shapely.normalize(shapely.union_all(shapely.make_valid(areal)))
    if merged.geom_type == "GeometryCollection":
        # repairing a ring can leave a stray line or point beside the polygons
        merged = shapely.union_all([part for part in shapely.get_parts(merged) if part.area > 0])
    if merged.is_empty or not (np.abs(np.reshape(merged.bounds, (2, 2))) <= _DEGREES).all():
        msg = (
            f"{name!r} is not in longitude and latitude degrees (corners {merged.bounds!r}). "
            "Save it as GeoJSON in WGS84 (EPSG:4326) and try again."
        )
        raise BadInputError(msg)
    return StudyArea(name=name, polygon=merged)


def read_study_area(path: Path) -> StudyArea:
    """Read a study area from GeoJSON, or from any vector file that GDAL opens.

    Parameters
    ----------
    path
        Every polygon in it is dissolved into one area. Its name is the ``name`` of the only
        feature or of the collection, else the file's stem.

    Raises
    ------
    BadInputError
        The file is missing, unreadable, holds no polygon, or does not say where on Earth it lies.
    """
    if not path.is_file():
        msg = f"There is no study area file {str(path)!r}. Check the path."
        raise BadInputError(msg)
    if path.suffix.lower() in _GEOJSON_SUFFIXES:
        return _read_geojson(path)
    return _read_vector(path)


def _read_geojson(path: Path) -> StudyArea:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = _features(document)
        polygons = [shape(feature["geometry"]) for feature in features if feature.get("geometry")]
    except (
        UnicodeDecodeError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        shapely.errors.ShapelyError,
    ) as error:
        msg = f"{path.name} is not readable GeoJSON ({error}). Export the boundary again."
        raise BadInputError(msg) from error
    names = {str((feature.get("properties") or {}).get("name") or "") for feature in features}
    name = document.get("name") or (names.pop() if len(names) == 1 else "") or path.stem
    return study_area_from_polygons(str(name), polygons)


def _features(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (parsed JSON is anything)
    kind = document["type"]
    if kind == "FeatureCollection":
        return list(document["features"])
    if kind == "Feature":
        return [document]
    return [{"geometry": document, "properties": {}}]


def _read_vector(path: Path) -> StudyArea:
    import geopandas  # noqa: PLC0415 (a second to import, and only these formats need it)

    try:
        frame = geopandas.read_file(path)
    except Exception as error:
        msg = f"{path.name} is not a map file that can be opened ({error}). Export it as GeoJSON."
        raise BadInputError(msg) from error
    if frame.crs is None:
        msg = f"{path.name} does not say its coordinate system. Export it as GeoJSON in WGS84."
        raise BadInputError(msg)
    if frame.crs.to_epsg() == _NATIONAL_GRID_EPSG:
        # the pinned transformation, not whichever one this machine's PROJ would choose
        polygons = [national_grid().unproject(geometry) for geometry in frame.geometry]
    else:
        polygons = list(frame.to_crs(4326).geometry)
    return study_area_from_polygons(path.stem, polygons)
