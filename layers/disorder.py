"""Antisocial behaviour: an orange outline and a hatch, never a fill, so that two things show."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import h3
import numpy as np
import pydeck as pdk
import shapely

from layers import palette
from layers.hexes import hot_cells
from spatial.projection import metric_system_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

Segment = tuple[tuple[float, float], tuple[float, float]]

# share of a cell's edge between two hatch lines: four or five lines in a cell
_SPACING_OF_EDGE: Final = 0.36
_DECIMALS: Final = 6


def disorder_layers(cells: pd.DataFrame) -> list[pdk.Layer]:
    """Return the hatch and the outline of the cells hot for antisocial behaviour.

    Parameters
    ----------
    cells
        One row per cell: ``cell`` (hexadecimal) and ``class``.
    """
    hot = [str(cell) for cell in hot_cells(cells)["cell"]]
    colour = palette.rgba(palette.DISORDER)
    return [
        pdk.Layer(
            "LineLayer",
            [{"from": a, "to": b} for a, b in hatch(hot)],
            id="disorder-hatch",
            get_source_position="from",
            get_target_position="to",
            get_color=palette.rgba(palette.DISORDER, 0.95),
            get_width=1.25,
            width_units=pdk.types.String("pixels"),
        ),
        pdk.Layer(
            "PathLayer",
            [{"path": ring} for ring in outline(hot)],
            id="disorder-outline",
            get_path="path",
            get_color=colour,
            get_width=2,
            width_units=pdk.types.String("pixels"),
            joint_rounded=True,
        ),
    ]


def cell_union(cells: Sequence[str]) -> BaseGeometry:
    """Return the union of cells as a polygon in degrees (WGS84); empty for no cells."""
    rings = [[(lng, lat) for lat, lng in h3.cell_to_boundary(cell)] for cell in cells]
    # neighbouring cells share corners up to rounding; snapping lets them merge without slivers
    polygons = shapely.set_precision(shapely.polygons(rings), 1e-7) if rings else []
    return shapely.union_all(polygons)


def outline(cells: Sequence[str]) -> list[list[tuple[float, float]]]:
    """Return the rings (degrees, WGS84) around groups of adjoining cells, holes included."""
    return [
        [_rounded(x, y) for x, y, *_ in ring.coords]
        for part in shapely.get_parts(cell_union(cells))
        for ring in (part.exterior, *part.interiors)
    ]


def hatch(cells: Sequence[str]) -> list[Segment]:
    """Return diagonal line segments (degrees, WGS84) clipped to the cells.

    Lines rise to the right at 45 degrees on the ground and keep one phase over the whole map, so
    that they run on from cell to cell; the order of the cells does not matter.
    """
    if not cells:
        return []
    # the phase hangs on the plane's own origin, not on which cells happen to be hot
    latitude, longitude = h3.cell_to_latlng(min(cells))
    plane = metric_system_at(longitude, latitude)
    ground = plane.project(cell_union(cells))
    edge_m = h3.average_hexagon_edge_length(h3.get_resolution(cells[0]), unit="m")
    step = edge_m * _SPACING_OF_EDGE * math.sqrt(2)
    west, south, east, north = ground.bounds
    offsets = np.arange(math.floor((south - east) / step), math.ceil((north - west) / step) + 1)
    lines = [[(west, west + k * step), (east, east + k * step)] for k in offsets]
    clipped = shapely.intersection(shapely.linestrings(lines), ground)
    segments = [
        part
        for part in shapely.get_parts(plane.unproject(shapely.geometrycollections(clipped)))
        for part in shapely.get_parts(part)
        if part.geom_type == "LineString" and part.length > 0
    ]
    ends = [shapely.get_coordinates(part) for part in segments]
    return sorted((_rounded(*pair[0]), _rounded(*pair[-1])) for pair in ends)


def _rounded(x: Any, y: Any) -> tuple[float, float]:  # noqa: ANN401 (numpy or Python floats)
    return round(float(x), _DECIMALS), round(float(y), _DECIMALS)
