"""Patrol places: small areas of adjoining cells, taken where most was recorded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
import numpy as np
import shapely

from sample_geo.beats import outline
from sample_geo.plane import EASTING, NORTHING, degrees
from spatial.hexes.grid import cell_names, cell_polygons, merge_cells
from spatial.projection import national_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from sample_geo.streets import Street

RESOLUTION: Final = 10
APART_M: Final = 110.0
"""No two places lie nearer than this, so that buffers of 100 m round one never touch another."""

_FEWEST_CELLS: Final = 3


@dataclass(frozen=True, slots=True)
class PatrolPlace:
    """An area that officers are sent to.

    Attributes
    ----------
    area_id, name
        What it is called in every file.
    cells
        Its H3 cells at ``RESOLUTION``, sorted.
    shape
        Their outline, EPSG:4326.
    """

    area_id: str
    name: str
    cells: tuple[int, ...]
    shape: BaseGeometry


def cells_of(easting: NDArray[np.float64], northing: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return the H3 cell of each point of the National Grid, metres."""
    longitude, latitude = national_grid().inverse(easting, northing)
    pairs = zip(latitude.tolist(), longitude.tolist(), strict=True)
    return np.array([h3.latlng_to_cell(y, x, RESOLUTION) for y, x in pairs], dtype=np.uint64)


class PatrolMap:
    """Where patrol places may lie: on the borough's land, on one side of its barriers.

    Parameters
    ----------
    streets
        The town's, for names.
    barriers
        Lines that no place lies across, metres on the plane.
    """

    def __init__(self, streets: Sequence[Street], barriers: Iterable[BaseGeometry]) -> None:
        """Keep what decides where a place may lie."""
        self._streets = [street for street in streets if street.rank not in ("rail", "path")]
        self._lines = shapely.STRtree([street.line for street in self._streets])
        self._barriers = shapely.union_all(list(barriers))
        self._land = degrees(outline())
        shapely.prepare(self._barriers)
        shapely.prepare(self._land)

    def hottest(
        self,
        happened: NDArray[np.uint64],
        count: int,
        *,
        prefix: str,
        away_from: Sequence[PatrolPlace] = (),
    ) -> tuple[PatrolPlace, ...]:
        """Take the places round which most happened, best first, none near another.

        Parameters
        ----------
        happened
            The cell of every incident that counts.
        count
            How many places; fewer where fewer cells saw anything.
        prefix
            Of their ids: "G" gives G01, G02 and so on.
        away_from
            Places that they must not lie near either.
        """
        tally = Counter(happened.tolist())
        middles = {cell for seen in tally for cell in h3.grid_disk(seen, 1)}
        score = {cell: sum(tally[one] for one in h3.grid_disk(cell, 1)) for cell in middles}
        drawn = [self._on_the_ground(place.shape) for place in away_from]
        found: list[PatrolPlace] = []
        for cell in sorted(middles, key=lambda one: (-score[one], one)):
            if len(found) == count:
                break
            cells = self._walkable(cell)
            outlined = merge_cells(np.array(cells, dtype=np.uint64))
            shape = self._on_the_ground(outlined)
            if len(cells) < _FEWEST_CELLS or any(shape.distance(one) < APART_M for one in drawn):
                continue
            drawn.append(shape)
            named = self._name(shape, {place.name for place in found})
            found.append(PatrolPlace(f"{prefix}{len(found) + 1:02d}", named, cells, outlined))
        return tuple(found)

    def _walkable(self, middle: int) -> tuple[int, ...]:
        """Return a cell and those beside it that lie on land and on its side of every barrier."""
        around = np.array(sorted(h3.grid_disk(middle, 1)), dtype=np.uint64)
        latitude, longitude = np.array([h3.cell_to_latlng(cell) for cell in around.tolist()]).T
        east, north = national_grid().forward(longitude, latitude)
        own = around.tolist().index(middle)
        ways = shapely.linestrings(
            [
                [(east[own] - EASTING, north[own] - NORTHING), (x - EASTING, y - NORTHING)]
                for x, y in zip(east.tolist(), north.tolist(), strict=True)
            ]
        )
        open_way = ~shapely.intersects(self._barriers, ways)
        on_land = shapely.intersects(self._land, cell_polygons(around))
        kept = around[open_way & on_land]
        return tuple(kept.tolist()) if middle in kept.tolist() else ()

    def _name(self, shape: BaseGeometry, taken: set[str]) -> str:
        """Name a place after the street nearest to its middle that names no other place."""
        middle = shapely.Point(shape.centroid.x - EASTING, shape.centroid.y - NORTHING)
        near = self._lines.query(middle, "dwithin", 400.0)
        by_distance = sorted(
            near.tolist(), key=lambda one: (self._streets[one].line.distance(middle), one)
        )
        names = [self._streets[one].name for one in by_distance]
        fresh = [name for name in names if name not in taken]
        return fresh[0] if fresh else f"Area {len(taken) + 1}"

    @staticmethod
    def _on_the_ground(shape: BaseGeometry) -> BaseGeometry:
        return national_grid().project(shape)


def cell_words(place: PatrolPlace) -> str:
    """Return a place's cells as files write them: hexadecimal, a space between two."""
    return " ".join(cell_names(np.array(place.cells, dtype=np.uint64)).tolist())
