"""The study area: the named polygon that an analysis covers, frozen for a run."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from config.errors import BadInputError
from spatial.projection import MetricSystem, metric_system_at
from spatial.vectors import GEOJSON, read_features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from spatial.notes import Notes

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
    notes
        What was mended or converted when it was read; no part of what it is.
    digest
        Hash of name and shape: part of the run id.
    """

    name: str
    polygon: BaseGeometry
    digest: str = field(init=False)
    notes: Notes = field(default=(), compare=False)

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
    given = shapely.get_parts(shapely.get_parts(np.array(list(polygons), dtype=object)))
    # a ring that crosses itself may enclose as much backwards as forwards: mend before measuring
    parts = shapely.get_parts(shapely.make_valid(given))
    areal = parts[shapely.area(parts) > 0]
    if not len(areal):
        msg = f"{name!r} holds no polygon. A study area is a polygon around the places analysed."
        raise BadInputError(msg)
    merged = shapely.normalize(shapely.union_all(areal))
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
    """Read a study area from a map file: GeoJSON, GeoPackage, GeoParquet or Shapefile.

    Parameters
    ----------
    path
        Every polygon in it is dissolved into one area. Its name is the ``name`` of the only
        feature or of the collection in GeoJSON, else the file's stem.

    Raises
    ------
    BadInputError
        The file is missing, unreadable, holds no polygon, or does not say where on Earth it lies.

    Notes
    -----
    A GeoJSON file is read once for what it holds and kept, whatever its path.
    """
    if not path.is_file():
        msg = f"There is no study area file {str(path)!r}. Check the path."
        raise BadInputError(msg)
    digest = _content(path) if path.suffix.lower() in GEOJSON else ""
    return _read_once(_File(path.name, digest, path)) if digest else _read(path)


@dataclass(frozen=True, slots=True)
class _File:
    """A file by its name and what it holds: wherever it lies, it is the same."""

    name: str
    content: str
    path: Path = field(compare=False)


@lru_cache(maxsize=32)
def _read_once(file: _File) -> StudyArea:
    area = _read(file.path)
    if _content(file.path) != file.content:
        msg = f"{file.name} changed while it was being read. Try again."
        raise BadInputError(msg)
    return area


def _content(path: Path) -> str:
    """Return the hash of a file; nothing where it cannot be read, which reading it will say."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _read(path: Path) -> StudyArea:
    features = read_features(path)
    names = {str(row.get("name") or "") for row in features.properties}
    only = names.pop() if len(names) == 1 and path.suffix.lower() in GEOJSON else ""
    area = study_area_from_polygons(features.name or only or path.stem, features.geometries)
    return replace(area, notes=features.notes)
