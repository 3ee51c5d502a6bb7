"""The moving map: months of a surface as compact arrays, sent to the browser once."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any, Final

import h3.api.basic_int as h3
import numpy as np
import shapely

from layers import palette, wording
from spatial.hexes.counts import HARM_UNITS
from spatial.hexes.months import months_window

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from config.profile import Profile
    from layers.context import Context, Row
    from spatial.hexes.months import MonthlyCells
    from spatial.over_time import OverTime

LENGTHS: Final = (12, 3, 1)
"""Months that a step may span: a year, a quarter, a month."""
MOST_CELLS: Final = 20_000

_EARTH_M: Final = 6_378_137.0
_MONTHS_IN_A_YEAR: Final = 12


def moving_map(result: OverTime, context: Context, areas: pd.DataFrame) -> dict[str, Any]:
    """Return all that the moving map needs, as plain JSON values.

    Parameters
    ----------
    result
        Cells by month.
    context
        The ground beneath.
    areas
        ``rank, geometry`` (degrees, WGS84) of the patrol areas, drawn as outlines.

    Returns
    -------
    ``ground`` (lines and polygons), ``areas``, ``names``, ``subjects`` (violence and disorder). All
    positions are whole metres east and south of the study area's north-west corner on a Mercator
    plane true at its middle; a subject's cells, months, incidents and values are little-endian
    arrays in base64, its classes and steps one set for each of :data:`LENGTHS` that fits.
    """
    plane = _Plane(result.study_area.polygon)
    return {
        "size": plane.size,
        "ground": {
            "sea": [plane.rings(row) for row in context.sea],
            "parks": [plane.rings(row) for row in context.parks],
            "streets": [
                [plane.line(row["path"]), round(float(row["width"]))]
                for row in context.streets
                if float(row["width"]) > _PATH_M
            ],
            "coast": [plane.line(row["path"]) for row in context.coast],
            "beats": [plane.line(row["path"]) for row in context.beats],
            "border": plane.outline(result.study_area.polygon),
        },
        "names": [[*plane.points([row["at"]])[0], row["name"]] for row in context.beat_names],
        "areas": [
            [
                int(rank),
                plane.outline(shape),
                plane.points([shape.representative_point().coords[0]])[0],
            ]
            for rank, shape in zip(areas["rank"], areas["geometry"], strict=True)
        ],
        "subjects": [
            _subject(result.profile, result.violence, plane, palette.VIOLENCE_STEPS, hatch=False),
            _subject(result.beside, result.disorder, plane, palette.DISORDER_STEPS, hatch=True),
        ],
    }


_PATH_M: Final = 3.0


def _subject(
    profile: Profile,
    counted: MonthlyCells,
    plane: _Plane,
    fills: tuple[str, ...],
    *,
    hatch: bool,
) -> dict[str, Any]:
    values = counted.harm if profile.weighs_harm else counted.incidents
    unit = HARM_UNITS if profile.weighs_harm else 1
    totals = np.zeros(len(counted.cells), dtype=np.int64)
    np.add.at(totals, counted.position, values)
    chosen = np.zeros(len(totals), dtype=bool)
    # the most important first; ties by cell, so that the same are drawn every time
    chosen[np.argsort(-totals, kind="stable")[:MOST_CELLS]] = True
    drawn = counted.only(chosen)
    shown = drawn.harm if profile.weighs_harm else drawn.incidents
    harm = profile.harm_words
    title = f"{harm[:1].upper()}{harm[1:]}" if profile.weighs_harm else profile.title
    lengths = [one for one in LENGTHS if one <= len(counted.months)]
    return {
        "title": title,
        "what": "harm days per cell" if profile.weighs_harm else "incidents per cell",
        "hatch": hatch,
        "cells": len(drawn.cells),
        "leftOut": len(totals) - int(chosen.sum()),
        "corners": _packed(plane.corners(drawn.cells), "<i4"),
        "position": _packed(drawn.position, "<u4"),
        "month": _packed(drawn.month, "<u2"),
        "value": _packed(shown / unit, "<f4"),
        "months": len(counted.months),
        "weighed": profile.weighs_harm,
        "lengths": [
            {
                "months": length,
                "name": wording.counted(length, "month"),
                **_classes(drawn.rolled(shown, length=length) / unit, fills),
                "steps": _steps(counted, length, weighed=profile.weighs_harm),
            }
            for length in lengths
        ],
    }


def _classes(rolled: NDArray[np.float64], fills: tuple[str, ...]) -> dict[str, Any]:
    """Return one set of classes for every step, so that a colour means the same throughout."""
    found = palette.class_breaks(rolled)
    taken = [fills[palette.VIOLENCE_STEPS.index(fill)] for fill in found.fills]
    return {
        "lower": list(found.lower),
        "fills": taken,
        "words": [wording.short_number(bound) for bound in found.lower],
    }


def _steps(counted: MonthlyCells, length: int, *, weighed: bool) -> list[dict[str, Any]]:
    """Return the window, its comparison and the sums of every step, oldest first."""
    incidents = counted.by_month(counted.incidents)
    harm = counted.by_month(counted.harm) / HARM_UNITS
    steps = []
    for last in range(length - 1, len(counted.months)):
        window = months_window(counted.months, last, length)
        here = slice(last - length + 1, last + 1)
        # the same months a year earlier; of a year, the year before
        first_before = here.start - _MONTHS_IN_A_YEAR
        before = None
        if first_before >= 0:
            there = slice(first_before, here.stop - _MONTHS_IN_A_YEAR)
            before = int(incidents[there].sum())
        earlier = (
            months_window(counted.months, last - _MONTHS_IN_A_YEAR, length)
            if before is not None
            else None
        )
        steps.append(
            {
                "first": window.first.isoformat(),
                "last": window.last.isoformat(),
                "words": window.words,
                "against": (
                    f"against the year before, {earlier.words}"
                    if earlier is not None
                    else "nothing to compare with: the data do not reach back a year before"
                ),
                "incidents": int(incidents[here].sum()),
                "before": before,
                "harm": wording.number(float(harm[here].sum())) if weighed else "",
            }
        )
    return steps


class _Plane:
    """Mercator metres, true at the middle of an area, east and south of its north-west corner."""

    def __init__(self, polygon: BaseGeometry) -> None:
        west, south, east, north = polygon.bounds
        self._scale = _EARTH_M * math.cos(math.radians((south + north) / 2))
        self._west, self._north = math.radians(west), _stretched(np.array(north))
        across, along = self._flat(np.array([[east, south]]))[0]
        self.size = [round(across), round(along)]

    def points(self, degrees: Any) -> list[list[int]]:  # noqa: ANN401 (any pairs of longitude and latitude)
        flat = self._flat(np.asarray(degrees, dtype=float)[:, :2])
        found: list[list[int]] = flat.round().astype(int).tolist()
        return found

    def line(self, degrees: Any) -> list[int]:  # noqa: ANN401 (as above)
        """Return x, y, x, y, ...: half the brackets of pairs."""
        return [number for pair in self.points(degrees) for number in pair]

    def rings(self, row: Row) -> list[list[int]]:
        return [self.line(ring) for ring in row["rings"]]

    def outline(self, shape: BaseGeometry) -> list[list[int]]:
        return [
            self.line(ring.coords)
            for part in shapely.get_parts(shape)
            for ring in (part.exterior, *part.interiors)
        ]

    def corners(self, cells: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the six corners of each cell, decimetres, shape (n, 12)."""
        # a cell on an edge of H3's own solid has more corners: those between are on its sides
        rings = [_six(h3.cell_to_boundary(cell)) for cell in cells.tolist()]
        degrees = np.array(rings, dtype=float).reshape(-1, 2)[:, ::-1]
        return np.rint(self._flat(degrees) * 10).astype(np.int64).reshape(len(cells), 12)

    def _flat(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        east = (np.radians(degrees[:, 0]) - self._west) * self._scale
        south = (self._north - _stretched(degrees[:, 1])) * self._scale
        return np.column_stack([east, south])


def _stretched(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.tan(np.pi / 4 + np.radians(latitude) / 2))


def _six(ring: Any) -> list[tuple[float, float]]:  # noqa: ANN401 (H3's own tuples)
    corners = list(ring)
    while len(corners) > 6:  # noqa: PLR2004 (a hexagon)
        # the corner nearest to the line between its neighbours is none of the hexagon's own
        bends = [
            abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
            for a, b, c in zip(
                [corners[-1], *corners[:-1]], corners, [*corners[1:], corners[0]], strict=True
            )
        ]
        del corners[bends.index(min(bends))]
    return [*corners, *[corners[-1]] * (6 - len(corners))]


def _packed(values: NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values).astype(kind).tobytes()).decode("ascii")
