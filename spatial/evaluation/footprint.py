"""Footprint: the ground of an operation's areas, the buffers round them, and what lies too near."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.errors import BadInputError
from spatial.hexes.grid import merge_cells
from spatial.notes import Note, Notes
from spatial.projection import metric_system_at
from spatial.vectors import read_features

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from config.operation import Areas
    from spatial.projection import MetricSystem

# what two outlines of one border may share by rounding
_SLIVER_M2: Final = 25.0


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """Areas with their ground.

    Attributes
    ----------
    area_ids
        In the operation's order.
    shapes
        EPSG:4326, one each.
    """

    area_ids: tuple[str, ...]
    shapes: NDArray[np.object_]

    @property
    def plane(self) -> MetricSystem:
        """The metric plane in which they are measured."""
        longitude, latitude = shapely.bounds(self.shapes[0])[:2]
        return metric_system_at(float(longitude), float(latitude))

    def on_plane(self, plane: MetricSystem) -> NDArray[np.object_]:
        """Return the shapes in metres."""
        return np.array([plane.project(one) for one in self.shapes], dtype=object)


def footprint(areas: Areas) -> Footprint:
    """Return the ground of areas given as cells, as a targets.csv, or as a map file.

    Raises
    ------
    BadInputError
        A cell is none, a file cannot be read, or an area that is named is not in it.
    """
    if areas.cells:
        shapes = [_merged(cells, area) for area, cells in areas.cells.items()]
        return Footprint(tuple(areas.cells), np.array(shapes, dtype=object))
    file = Path(areas.file)
    found = _of_table(file) if file.suffix.lower() == ".csv" else _of_map(file)
    missing = [one for one in areas.ids if one not in found]
    if missing:
        msg = f"{file.name}: area_id: {missing[0]!r} is named and is not there. Mend the ids."
        raise BadInputError(msg)
    ids = areas.ids or tuple(found)
    return Footprint(ids, np.array([found[one] for one in ids], dtype=object))


def shared_ground(shape: BaseGeometry, areas: Footprint) -> float:
    """Return how much of a place's ground lies in an operation's areas, 0 to 1.

    Parameters
    ----------
    shape
        EPSG:4326, with an area. What two outlines share by rounding counts as nothing.
    """
    plane = areas.plane
    own = plane.project(shape)
    shared = float(
        shapely.area(shapely.intersection(own, shapely.union_all(areas.on_plane(plane))))
    )
    return 0.0 if shared <= _SLIVER_M2 else min(shared / float(shapely.area(own)), 1.0)


def check_apart(
    treated: Footprint, comparators: Footprint | None, *, buffer_m: float, name: str
) -> None:
    """Refuse areas that overlap each other, and comparators in an area or its buffer.

    Parameters
    ----------
    buffer_m
        The widest buffer that will be shown, metres.
    name
        What the operation is called in the message.

    Raises
    ------
    BadInputError
        It names the two areas and how much they share.
    """
    plane = treated.plane
    own = treated.on_plane(plane)
    for i, j, shared in _overlaps(own, own):
        if i < j:
            msg = (
                f"{name}: areas: {treated.area_ids[i]!r} and {treated.area_ids[j]!r} share "
                f"{shared / 10_000:.2f} ha. Redraw one, or join them."
            )
            raise BadInputError(msg)
    if comparators is None:
        return
    wide = shapely.buffer(own, buffer_m)
    for i, j, shared in _overlaps(wide, comparators.on_plane(plane)):
        msg = (
            f"{name}: comparators: {comparators.area_ids[j]!r} shares {shared / 10_000:.2f} ha "
            f"with {treated.area_ids[i]!r} or the {buffer_m:g} m round it, where it may be felt. "
            "Take it out, or choose a smaller buffer."
        )
        raise BadInputError(msg)


def buffers(treated: Footprint, *, buffer_m: float) -> tuple[Footprint, Notes]:
    """Return the ring round each area, without any area and without ground that two rings share.

    Parameters
    ----------
    buffer_m
        Metres.

    Returns
    -------
    Rings (EPSG:4326, empty where nothing is left), and a note of what was left out.
    """
    plane = treated.plane
    own = treated.on_plane(plane)
    wide = shapely.buffer(own, buffer_m)
    areas = shapely.union_all(own)
    rings = shapely.difference(wide, areas)
    tree = shapely.STRtree(rings)
    alone = []
    for i, ring in enumerate(rings):
        others = [j for j in tree.query(ring, predicate="intersects") if j != i]
        alone.append(shapely.difference(ring, shapely.union_all(rings[others])) if others else ring)
    left = float(shapely.area(shapely.union_all(rings)) - shapely.area(np.array(alone)).sum())
    notes: Notes = ()
    if left > _SLIVER_M2:
        notes = (
            Note(
                f"{left / 10_000:.1f} ha lie within {buffer_m:g} m of two areas and are in neither "
                "buffer: nobody could say from which of them trouble had moved."
            ),
        )
    shapes = np.array([plane.unproject(one) for one in alone], dtype=object)
    return Footprint(treated.area_ids, shapes), notes


def _overlaps(
    first: NDArray[np.object_], second: NDArray[np.object_]
) -> list[tuple[int, int, float]]:
    pairs = shapely.STRtree(second).query(first, predicate="intersects")
    shared = shapely.area(shapely.intersection(first[pairs[0]], second[pairs[1]]))
    return [
        (int(i), int(j), float(area))
        for i, j, area in zip(*pairs, shared, strict=True)
        if area > _SLIVER_M2
    ]


def _merged(cells: tuple[str, ...], area: str) -> shapely.Polygon | shapely.MultiPolygon:
    numbers = np.unique(np.array([int(cell, 16) for cell in cells], dtype=np.uint64))
    try:
        return merge_cells(numbers)
    except ValueError as error:
        msg = f"areas.cells: the cells of {area!r} are no H3 cells of one resolution. Mend them."
        raise BadInputError(msg) from error


def _of_map(file: Path) -> dict[str, shapely.Geometry]:
    read = read_features(file)
    found: dict[str, shapely.Geometry] = {}
    for number, (said, shape) in enumerate(zip(read.properties, read.geometries, strict=True)):
        area = str(said.get("area_id") or said.get("id") or "").strip()
        if not area or area in found:
            msg = (
                f"{file.name} feature {number + 1}: area_id: {area!r} is empty or stands twice. "
                "Give every area its own."
            )
            raise BadInputError(msg)
        if shape.geom_type not in {"Polygon", "MultiPolygon"}:
            msg = f"{file.name}: {area!r} is a {shape.geom_type}, not an area. Draw its outline."
            raise BadInputError(msg)
        found[area] = shape
    return found


def _of_table(file: Path) -> dict[str, shapely.Geometry]:
    found: dict[str, shapely.Geometry] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                area = (row.get("area_id") or "").strip()
                cells = tuple((row.get("cells") or "").split())
                if cells:
                    found[area] = _merged(cells, area)
                else:
                    found[area] = shapely.from_wkt(row.get("wkt") or "")
    except (
        OSError,
        UnicodeDecodeError,
        csv.Error,
        ValueError,
        shapely.errors.ShapelyError,
    ) as error:
        msg = (
            f"{file.name}: its areas cannot be read ({error}). Give a column cells or wkt, as "
            "harmhex targets writes them."
        )
        raise BadInputError(msg) from error
    return found
