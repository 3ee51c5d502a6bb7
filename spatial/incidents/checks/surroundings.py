"""Surroundings: what the store's own layers say about a point: its area, the sea, what is near."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely.geometry import shape

from spatial.incidents.decided.decisions import Reason
from spatial.map_files import kept_layer
from spatial.projection import MetricSystem, metric_system_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.incidents.store import IncidentStore

    Floats = NDArray[np.float64]

# words in a place's kind, the telling ones first: a police headquarters is a headquarters
_TELLING: Final = {
    "headquarters": Reason.HEADQUARTERS,
    "hq": Reason.HEADQUARTERS,
    "custody": Reason.CUSTODY,
    "prison": Reason.PRISON,
    "jail": Reason.PRISON,
    "hospital": Reason.HOSPITAL,
    "police": Reason.POLICE_STATION,
}
_WORD: Final = re.compile(r"[a-z]+")
# a building's plot: a station's point and a geocoder's point for it need not be the same
_TELLING_M: Final = 150.0
_NEAR_M: Final = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class _Named:
    """Named features on the plane, to be searched by distance."""

    words: tuple[str, ...]
    tree: shapely.STRtree

    def nearest(self, point: BaseGeometry, reach_m: float) -> tuple[float, str] | None:
        """Return metres and words of what is nearest; of two as near, the first by its words."""
        found = self.tree.query(point, predicate="dwithin", distance=reach_m)
        if not len(found):
            return None
        away = shapely.distance(self.tree.geometries.take(found), point)
        return min((float(metres), self.words[at]) for metres, at in zip(away, found, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What a store keeps about its ground.

    Attributes
    ----------
    plane
        The plane of every distance, chosen by the middle of the study areas or of the incidents.
    areas
        The names of the stored study areas; empty where there are none.
    knows_shore
        Whether a layer says where the sea is: polygons of ``sea``, or of land in ``coastline``.
    """

    plane: MetricSystem
    areas: tuple[str, ...]
    knows_shore: bool
    _area: BaseGeometry | None
    _sea: BaseGeometry | None
    _land: BaseGeometry | None
    _telling: tuple[tuple[Reason, _Named], ...]
    _places: _Named | None
    _streets: _Named | None

    def outside_m(self, longitude: Floats, latitude: Floats) -> Floats:
        """Return how far points (degrees) lie outside the study areas together.

        Returns
        -------
        Metres, 0 inside; NaN throughout where no study area is stored.
        """
        return self._beyond(self._area, longitude, latitude)

    def off_land_m(self, longitude: Floats, latitude: Floats) -> Floats:
        """Return how far points (degrees) lie from land, as the layers draw it.

        Returns
        -------
        Metres, 0 on land; NaN throughout where no layer says where the sea is. With a ``sea``, only
        what lies in it is off the land, and its distance is to the sea's nearest edge.
        """
        if self._sea is None:
            return self._beyond(self._land, longitude, latitude)
        x, y = self.plane.forward(longitude, latitude)
        shapely.prepare(self._sea)
        at_sea = shapely.contains_xy(self._sea, x, y)
        metres = np.zeros(len(x))
        metres[at_sea] = _to_edge(self._sea, x[at_sea], y[at_sea])
        return metres

    def describe(self, longitude: float, latitude: float) -> tuple[str, Reason | None]:
        """Say what lies near a point (degrees), and what kind of default point it would be.

        Returns
        -------
        What is near: a police station, hospital, prison or the like within 150 m, else any place
        within 60 m; and a street within 60 m. And the reason that the first of these suggests.
        """
        x, y = self.plane.forward(longitude, latitude)
        if not np.isfinite(x):
            return "", None
        point = shapely.Point(float(x), float(y))
        telling = [
            (*found, reason)
            for reason, named in self._telling
            if (found := named.nearest(point, _TELLING_M)) is not None
        ]
        said: list[str] = []
        reason: Reason | None = None
        if telling:
            metres, words, reason = min(telling)
            said.append(f"{words} ({metres:.0f} m)")
        elif self._places is not None and (place := self._places.nearest(point, _NEAR_M)):
            said.append(f"{place[1]} ({place[0]:.0f} m)")
        if self._streets is not None and (street := self._streets.nearest(point, _NEAR_M)):
            said.append(street[1])
        return "; ".join(said), reason

    def _beyond(self, polygon: BaseGeometry | None, longitude: Floats, latitude: Floats) -> Floats:
        if polygon is None:
            return np.full(len(longitude), np.nan)
        x, y = self.plane.forward(longitude, latitude)
        shapely.prepare(polygon)
        out = ~shapely.intersects_xy(polygon, x, y)
        metres = np.zeros(len(x))
        metres[out] = _to_edge(polygon, x[out], y[out])
        return metres


def read_surroundings(
    store: IncidentStore, *, middle: tuple[float, float] = (0.0, 0.0)
) -> Surroundings:
    """Read a store's study areas, shore, places and streets.

    Parameters
    ----------
    store
        Its layers are GeoJSON in degrees; one that is missing or has nothing of the kind is done
        without.
    middle
        Longitude and latitude by which to choose the plane where no study area is stored.

    Raises
    ------
    BadInputError
        A study area or one of these layers cannot be read.
    """
    areas = {name: _polygons(_features(path)) for name, path in sorted(store.study_areas().items())}
    together = _union([polygon for polygons in areas.values() for polygon in polygons])
    if together is not None:
        point = together.representative_point()
        middle = (point.x, point.y)
    plane = metric_system_at(*middle)
    layers = store.context_layers()

    def features(layer: str) -> list[dict[str, Any]]:
        return _features(layers[layer]) if layer in layers else []

    sea, land = _union(_polygons(features("sea"))), _union(_polygons(features("coastline")))
    telling, places = _places(features("places"), plane)
    streets = [(_name(one), one) for one in features("streets") if _name(one)]
    return Surroundings(
        plane=plane,
        areas=tuple(areas),
        knows_shore=sea is not None or land is not None,
        _area=None if together is None else plane.project(together),
        _sea=None if sea is None else plane.project(sea),
        _land=None if land is None else plane.project(land),
        _telling=telling,
        _places=places,
        _streets=_named(streets, plane),
    )


def bounds_of_areas(store: IncidentStore) -> Floats | None:
    """Return west, south, east and north (degrees) of a store's study areas; None without any.

    Raises
    ------
    BadInputError
        A study area cannot be read.
    """
    polygons = [
        polygon for path in store.study_areas().values() for polygon in _polygons(_features(path))
    ]
    return shapely.total_bounds(polygons) if polygons else None


def reason_for(kind: str) -> Reason | None:
    """Return what a place of this kind would be as a default point; None for any other kind."""
    words = set(_WORD.findall(kind.casefold()))
    return next((reason for word, reason in _TELLING.items() if word in words), None)


def _places(
    features: Sequence[dict[str, Any]], plane: MetricSystem
) -> tuple[tuple[tuple[Reason, _Named], ...], _Named | None]:
    """Sort places into those that are default points, by reason, and the rest."""
    sorted_: dict[Reason | None, list[tuple[str, dict[str, Any]]]] = {}
    for feature in features:
        kind = str((feature.get("properties") or {}).get("kind") or "")
        words, name = kind.replace("_", " "), _name(feature)
        # "hospital City Hospital" says nothing that its name does not
        words = name if words.casefold() in name.casefold() else f"{words} {name}".strip()
        if words:
            sorted_.setdefault(reason_for(kind), []).append((words, feature))
    telling = [
        (reason, named)
        for reason in Reason
        if (named := _named(sorted_.get(reason, []), plane)) is not None
    ]
    return tuple(telling), _named(sorted_.get(None, []), plane)


def _named(pairs: Sequence[tuple[str, dict[str, Any]]], plane: MetricSystem) -> _Named | None:
    if not pairs:
        return None
    there = [plane.project(shape(feature["geometry"])) for _, feature in pairs]
    return _Named(tuple(words for words, _ in pairs), shapely.STRtree(there))


def _features(path: Path) -> list[dict[str, Any]]:
    with kept_layer(path):
        document = json.loads(path.read_text(encoding="utf-8"))
        found = [one for one in document.get("features", ()) if one.get("geometry")]
        for one in found:
            # what cannot be a shape is said here, with the file's name
            shape(one["geometry"])
            dict(one.get("properties") or {})
        return found


def _name(feature: dict[str, Any]) -> str:
    return str((feature.get("properties") or {}).get("name") or "")


def _polygons(features: Sequence[dict[str, Any]]) -> list[BaseGeometry]:
    shapes = [shape(feature["geometry"]) for feature in features]
    return [one for one in shapes if one.area > 0]


def _union(polygons: Sequence[BaseGeometry]) -> BaseGeometry | None:
    return shapely.union_all(list(polygons)) if polygons else None


def _to_edge(polygon: BaseGeometry, x: Floats, y: Floats) -> Floats:
    """Return metres from points to the nearest edge of a polygon, shape (n,)."""
    away = np.full(len(x), np.inf)
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not len(there):
        return away
    # edge by edge in a tree: every point against every edge would be hours for a force's boundary
    rings = shapely.get_rings(shapely.get_parts(polygon))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    ends = np.stack([corners[:-1][same], corners[1:][same]], axis=1)
    edges = np.asarray(shapely.linestrings(ends), dtype=object)
    pairs, metres = shapely.STRtree(edges).query_nearest(
        shapely.points(x[there], y[there]), return_distance=True, all_matches=False
    )
    away[there[pairs[0]]] = metres
    return away
