"""Names: what a patrol area is called, from the streets and places that lie in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import shape

from spatial.map_files import kept_layer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from spatial.projection import MetricSystem

# the busier kind of street first: it is the one people know
_STREET_ORDER = {"major": 0, "minor": 1, "local": 2, "path": 3}


@dataclass(frozen=True, slots=True, eq=False)
class NamedLines:
    """Named streets on a metric plane.

    Attributes
    ----------
    names, classes
        One per line.
    lines
        Geometries in metres.
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    lines: tuple[BaseGeometry, ...]


def read_named_lines(path: Path, *, metric_system: MetricSystem) -> NamedLines:
    """Read a kept ``streets`` layer (GeoJSON lines with ``name`` and ``class``) onto the plane.

    Raises
    ------
    BadInputError
        The layer cannot be read.
    """
    with kept_layer(path):
        state = path.stat()
        return _read_named_lines(path, state.st_mtime_ns, state.st_size, metric_system)


@lru_cache(maxsize=4)
def _read_named_lines(
    path: Path, changed: int, size: int, metric_system: MetricSystem
) -> NamedLines:
    del changed, size  # another file under the same name must not be taken for this one
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    properties = [feature.get("properties") or {} for feature in features]
    return NamedLines(
        names=tuple(str(one.get("name") or "") for one in properties),
        classes=tuple(str(one.get("class") or "local") for one in properties),
        lines=tuple(metric_system.project(shape(feature["geometry"])) for feature in features),
    )


def name_areas(
    polygons: Sequence[BaseGeometry], streets: NamedLines | None, *, metric_system: MetricSystem
) -> list[str]:
    """Name each area after the street that runs longest in it, and the street it meets there.

    Parameters
    ----------
    polygons
        EPSG:4326.
    streets
        On the metric plane; None where none are loaded.
    metric_system
        The plane.

    Returns
    -------
    One name each, all different: ``High Street / Pier Approach``; a second place of the same name
    gets ``(2)``. Empty where no named street crosses the area.
    """
    if streets is None or not streets.lines:
        return [""] * len(polygons)
    tree = shapely.STRtree(list(streets.lines))
    found = []
    for polygon in polygons:
        area = metric_system.project(polygon)
        near = tree.query(area, predicate="intersects")
        lengths: dict[str, float] = {}
        order: dict[str, int] = {}
        for index in np.sort(near).tolist():
            name, kind = streets.names[index], streets.classes[index]
            if not name or kind not in _STREET_ORDER:
                continue
            length = float(shapely.intersection(streets.lines[index], area).length)
            lengths[name] = lengths.get(name, 0.0) + length
            order[name] = min(order.get(name, 9), _STREET_ORDER[kind])
        ranked = sorted(lengths, key=lambda name: (-round(lengths[name]), order[name], name))
        found.append(" / ".join(ranked[:2]))
    return _distinct(found)


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return distinct
