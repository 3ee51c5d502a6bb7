"""Barriers: what a patrol on foot does not cross, and the streets by which it does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from spatial.hexes.ground import on_plane
from spatial.layer_words import in_our_words
from spatial.map_files import kept_layer
from spatial.vectors import read_features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.projection import MetricSystem
    from spatial.vectors import Features

BARRIER_LAYERS: Final = ("barriers", "streets", "water", "sea", "coastline")
"""The context layers that are read: those that a run which grows areas depends on."""

MOTORWAY: Final = "motorway"
SEA: Final = "sea"
_WALKED: Final = frozenset({"major", "minor", "local", "path"})
_CARRIED: Final = frozenset({"tram", "subway"})
_BELOW: Final = frozenset({"yes", "true", "1", "culvert", "flooded", "building_passage"})

_PLACE: Final = "place in the layer"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Barriers:
    """Barriers and streets on one metric plane.

    Attributes
    ----------
    shapes
        Lines and polygons, metres, shape (b,).
    kinds
        coast, motorway, railway, river, water, sea or barrier (kind unknown), one per shape.
    streets
        Lines that people walk along, metres, shape (s,): where one crosses a barrier there is a
        bridge, an underpass or a level crossing.
    layers
        The context layers that gave a barrier.
    """

    shapes: NDArray[np.object_]
    kinds: tuple[str, ...]
    streets: NDArray[np.object_]
    layers: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of barriers."""
        return len(self.kinds)

    @property
    def words(self) -> str:
        """What they are, the commonest first: ``3 railway, 2 water, 1 sea``."""
        counted = sorted(Counter(self.kinds).items(), key=lambda one: (-one[1], one[0]))
        return ", ".join(f"{number:,} {kind}" for kind, number in counted)


def read_barriers(layers: Mapping[str, Path], *, metric_system: MetricSystem) -> Barriers:
    """Read a store's context layers as barriers.

    Parameters
    ----------
    layers
        Name to file, as :meth:`spatial.incidents.store.IncidentStore.context_layers` gives them.
        Read are ``BARRIER_LAYERS``: every feature of ``barriers``, railways and motorways among
        ``streets``, polygons of ``water`` and the rivers among its lines, ``sea``, and
        ``coastline`` where there is no sea.
    metric_system
        The plane.

    Raises
    ------
    BadInputError
        A layer cannot be read.

    Notes
    -----
    What runs below ground (a tunnel, a culvert) parts nothing, and neither does a tramway. Read
    once for the same files: another file under the same name is read anew.
    """
    used = tuple(
        (name, layers[name], layers[name].stat().st_mtime_ns, layers[name].stat().st_size)
        for name in BARRIER_LAYERS
        if name in layers
    )
    return _read_barriers(used, metric_system)


def _kept(path: Path) -> Features:
    with kept_layer(path):
        return read_features(path)


@lru_cache(maxsize=4)
def _read_barriers(
    layers: tuple[tuple[str, Path, int, int], ...], metric_system: MetricSystem
) -> Barriers:
    read = {name: _kept(path) for name, path, _, _ in layers}
    if SEA in read:
        read.pop("coastline", None)
    shapes: list[BaseGeometry] = []
    kinds: list[str] = []
    told: list[str] = []
    for name, features in read.items():
        # a point parts nothing
        found = [one for one in _READERS[name](features) if shapely.get_dimensions(one[0]) > 0]
        shapes += [shape for shape, _ in found]
        kinds += [kind for _, kind in found]
        told += [name] if found else []
    walked = list(_walked(read["streets"])) if "streets" in read else []
    return Barriers(
        shapes=on_plane(shapes, metric_system),
        kinds=tuple(kinds),
        streets=on_plane(walked, metric_system),
        layers=tuple(told),
    )


def _own(features: Features) -> Iterator[tuple[BaseGeometry, str]]:
    for shape, row in zip(features.geometries, features.properties, strict=True):
        if not _below_ground(row):
            yield shape, str(row.get("kind") or "barrier")


def _of_streets(features: Features) -> Iterator[tuple[BaseGeometry, str]]:
    fast = _motorways(features)
    for place, (shape, row) in enumerate(
        zip(features.geometries, features.properties, strict=True)
    ):
        if _below_ground(row):
            continue
        if row.get("class") == "rail" and _word(row, "railway") not in _CARRIED:
            yield shape, "railway"
        elif place in fast:
            yield shape, MOTORWAY


def _of_water(features: Features) -> Iterator[tuple[BaseGeometry, str]]:
    # a stream or a ditch is a line that people step over; a polygon is as wide as it is drawn
    areal = _dimension(features) == 2  # noqa: PLR2004 (a polygon's)
    for flat in (True, False):
        which = np.flatnonzero(areal == flat).tolist()
        some = replace(
            features,
            geometries=tuple(features.geometries[place] for place in which),
            properties=tuple(features.properties[place] for place in which),
        )
        if not flat:
            some, _ = in_our_words(some, "barriers", "water")
        for shape, row in zip(some.geometries, some.properties, strict=True):
            if not _below_ground(row):
                yield shape, "water" if flat else str(row.get("kind") or "river")


def _of_sea(features: Features) -> Iterator[tuple[BaseGeometry, str]]:
    for shape in features.geometries:
        yield shape, SEA


def _of_coast(features: Features) -> Iterator[tuple[BaseGeometry, str]]:
    for shape in features.geometries:
        yield shape, "coast"


_READERS: Final[Mapping[str, Callable[[Features], Iterator[tuple[BaseGeometry, str]]]]] = {
    "barriers": _own,
    "streets": _of_streets,
    "water": _of_water,
    "sea": _of_sea,
    "coastline": _of_coast,
}


def _walked(features: Features) -> Iterator[BaseGeometry]:
    fast = _motorways(features)
    for place, (shape, row) in enumerate(
        zip(features.geometries, features.properties, strict=True)
    ):
        if row.get("class", "local") in _WALKED and place not in fast:
            yield shape


def _motorways(features: Features) -> frozenset[int]:
    """Return the places of the motorways among streets.

    Our own classes have no word for them: their maker's word, or a number that may stand as the
    name, tells.
    """
    rows = [
        {**row, "class": "", "kind": "", "ref": row.get("ref") or row.get("name"), _PLACE: place}
        for place, row in enumerate(features.properties)
        if row.get("class") == "major"
    ]
    some = replace(
        features,
        geometries=tuple(features.geometries[row[_PLACE]] for row in rows),
        properties=tuple(rows),
    )
    told, _ = in_our_words(some, "barriers", "streets")
    return frozenset(row[_PLACE] for row in told.properties if row.get("kind") == MOTORWAY)


def _below_ground(row: Row) -> bool:
    return _word(row, "tunnel") in _BELOW or _word(row, "location") == "underground"


def _word(row: Row, column: str) -> str:
    return str(row.get(column) or "").strip().casefold()


def _dimension(features: Features) -> NDArray[np.int64]:
    shapes = np.empty(len(features.geometries), dtype=object)
    shapes[:] = features.geometries
    return np.asarray(shapely.get_dimensions(shapes), dtype=np.int64)
