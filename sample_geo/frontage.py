"""Frontage: points every few metres along the streets, where things stand and happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from sample_geo.coast import draw_coast
from sample_geo.layout import BUILT, DISTRICTS
from sample_geo.plane import blob
from sample_geo.streets import Street, districts_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

STEP_M: Final = 12.0


@dataclass(frozen=True, slots=True)
class Frontage:
    """Points along the streets inside the borough, arrays of one length.

    Attributes
    ----------
    xy
        Position, metres, shape (n, 2).
    street
        Position of the point's street in the town's streets.
    rank
        The street's rank.
    district
        Position in ``DISTRICTS``.
    people
        Residents who live nearest to the point, relative.
    """

    xy: NDArray[np.float64]
    street: NDArray[np.int64]
    rank: NDArray[np.str_]
    district: NDArray[np.int64]
    people: NDArray[np.float64]


def measure_frontage(streets: Sequence[Street]) -> Frontage:
    """Walk every street of the borough and mark a point each ``STEP_M`` metres."""
    borough = draw_coast().borough
    xy, of, rank = [], [], []
    for number, street in enumerate(streets):
        if street.rank == "rail":
            continue
        n = max(2, int(street.line.length / STEP_M))
        along = (np.arange(n) + 0.5) * street.line.length / n
        xy.append(shapely.get_coordinates(shapely.line_interpolate_point(street.line, along)))
        of.append(np.full(n, number))
        rank.append(np.full(n, street.rank))
    points = np.vstack(xy)
    shapely.prepare(borough)
    inside = shapely.contains_xy(borough, points[:, 0], points[:, 1])
    points, street_of = points[inside], np.concatenate(of)[inside]
    ranks = np.concatenate(rank)[inside]
    district = districts_at(points)
    density = np.array([d.people_ha for d in DISTRICTS])[district]
    built = blob(BUILT, step_m=30).buffer(50)
    shapely.prepare(built)
    lived_in = shapely.contains_xy(built, points[:, 0], points[:, 1])
    spacing = np.array([{"local": 1.0, "minor": 0.5, "major": 0.35}.get(r, 0.0) for r in ranks])
    return Frontage(
        xy=np.round(points, 1),
        street=street_of,
        rank=ranks,
        district=district,
        # close streets share out the people of a hectare
        people=density * spacing * _elbow_room(points) * lived_in,
    )


def _elbow_room(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much land each point has to itself, from the count of points in a 150 m square."""
    column, row = np.floor(points / 150.0).astype(np.int64).T
    key = (column - column.min()) * 1000 + (row - row.min())
    _, where, count = np.unique(key, return_inverse=True, return_counts=True)
    return 1.0 / np.maximum(count[where], 12)


def nearness(
    points: NDArray[np.float64], places: NDArray[np.float64], *, spread_m: float
) -> NDArray[np.float64]:
    """Return how close each point is to places, summed: 1 on the spot, fading like a bell."""
    total = np.zeros(len(points))
    for x, y in places:
        squared = (points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2
        total += np.exp(-squared / (2 * spread_m**2))
    return total
