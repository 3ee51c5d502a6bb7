"""Where an incident was, in words a team knows: the nearest street, the beat, the patrol area."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np
import shapely
from shapely.geometry import shape

from config.errors import BadInputError
from spatial.hexes.beats import beat_of
from spatial.map_files import kept_layer
from spatial.notes import Note
from spatial.projection import grid_reference, national_grid
from spatial.targets.kept.previous import numbers_of
from spatial.targets.names import read_named_lines

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.daily.results import PatrolledList
    from spatial.notes import Notes
    from spatial.projection import MetricSystem
    from spatial.scene import Scene

STREET_WITHIN_M: Final = 150.0
"""Metres to the nearest named street, beyond which none is said."""

_NO_STREET: Final = frozenset({"rail"})


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """What points can be named after, read once.

    Attributes
    ----------
    streets, street_names
        Lines on the metric plane and their names, as many; none where no streets are kept.
    beats, beat_names
        Polygons in degrees (WGS84) and their names; none where no beats are kept.
    areas
        Cells of each patrol area, H3 numbers, by rank.
    area_names
        ``3. High Street``, as many.
    notes
        Which layers could not be read, so that nothing is named after them.
    """

    metric_system: MetricSystem
    streets: tuple[BaseGeometry, ...]
    street_names: tuple[str, ...]
    beats: tuple[BaseGeometry, ...]
    beat_names: tuple[str, ...]
    areas: tuple[NDArray[np.uint64], ...]
    area_names: tuple[str, ...]
    notes: Notes = ()

    def street(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> list[str]:
        """Return the nearest named street within 150 m of each point (degrees), else nothing."""
        found = [""] * len(longitude)
        placed = np.flatnonzero(np.isfinite(longitude) & np.isfinite(latitude))
        if not self.streets or not len(placed):
            return found
        x, y = self.metric_system.forward(longitude[placed], latitude[placed])
        point, line = shapely.STRtree(list(self.streets)).query_nearest(
            shapely.points(x, y), max_distance=STREET_WITHIN_M, all_matches=False
        )
        for one, nearest in zip(placed[point].tolist(), line.tolist(), strict=True):
            found[one] = self.street_names[nearest]
        return found

    def place(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> list[str]:
        """Return the nearest street of each point, else the 100 m square of the National Grid.

        Outside Great Britain the degrees to three decimals, some 100 m; nothing without a location.
        """
        found = self.street(longitude, latitude)
        for index, name in enumerate(found):
            x, y = float(longitude[index]), float(latitude[index])
            if name or not np.isfinite(x):
                continue
            east, north = self.metric_system.forward([x], [y])
            square = ""
            if self.metric_system == national_grid():
                square = grid_reference(float(east[0]), float(north[0]), digits=3)
            found[index] = square or f"{y:.3f}, {x:.3f}"
        return found

    def beat(self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> list[str]:
        """Return the beat of each point (degrees), else nothing."""
        if not self.beats:
            return [""] * len(longitude)
        position = beat_of(longitude, latitude, self.beats)
        return ["" if one < 0 else self.beat_names[one] for one in position.tolist()]

    def patrol_area(
        self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
    ) -> list[str]:
        """Return the patrol area whose cells hold each point (degrees), else nothing."""
        found = [""] * len(longitude)
        if not self.areas:
            return found
        owner = {
            cell: name
            for cells, name in zip(self.areas, self.area_names, strict=True)
            for cell in cells.tolist()
        }
        resolution = h3_int.get_resolution(next(iter(owner)))
        for index in np.flatnonzero(np.isfinite(longitude)).tolist():
            cell = h3_int.latlng_to_cell(latitude[index], longitude[index], resolution)
            found[index] = owner.get(cell, "")
        return found


def nearby(scene: Scene, patrolled: PatrolledList | None) -> Nearby:
    """Read what places of a scene can be named after."""
    kept, plane = scene.store.context_layers(), scene.grid.study_area.metric_system
    named: list[tuple[BaseGeometry, str]] = []
    beats: list[tuple[BaseGeometry, str]] = []
    notes: list[Note] = []
    # names alone hang on these: no number is another without them
    try:
        named = _streets(kept["streets"], plane) if "streets" in kept else []
    except BadInputError as error:
        notes.append(Note(f"No incident is named after a street. {error}", loud=True))
    try:
        beats = _beats(kept["beats"]) if "beats" in kept else []
    except BadInputError as error:
        notes.append(Note(f"No incident is named after a beat. {error}", loud=True))
    areas = [] if patrolled is None else patrolled.areas.to_dict("records")
    held = [(numbers_of(str(one["cells"])), f"{int(one['rank'])}. {one['name']}") for one in areas]
    return Nearby(
        metric_system=plane,
        streets=tuple(line for line, _ in named),
        street_names=tuple(name for _, name in named),
        beats=tuple(polygon for polygon, _ in beats),
        beat_names=tuple(name for _, name in beats),
        areas=tuple(cells for cells, _ in held if len(cells)),
        area_names=tuple(name for cells, name in held if len(cells)),
        notes=tuple(notes),
    )


def _streets(path: Path, plane: MetricSystem) -> list[tuple[BaseGeometry, str]]:
    lines = read_named_lines(path, metric_system=plane)
    return [
        (line, name)
        for line, name, kind in zip(lines.lines, lines.names, lines.classes, strict=True)
        if name and kind not in _NO_STREET
    ]


def _beats(path: Path) -> list[tuple[BaseGeometry, str]]:
    with kept_layer(path):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [
            (shape(one["geometry"]), str((one.get("properties") or {}).get("name") or ""))
            for one in features
            if one.get("geometry")
        ]
