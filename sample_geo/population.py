"""Population: residents on a grid of 200 m squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from shapely.geometry import Polygon, box

from sample_geo.plane import EASTING, NORTHING

if TYPE_CHECKING:
    from sample_geo.frontage import Frontage

SQUARE_M: Final = 200
RESIDENTS: Final = 95_000


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the National Grid and its residents; ``name`` is its south-west corner."""

    name: str
    people: int
    shape: Polygon


def count_people(frontage: Frontage) -> tuple[Square, ...]:
    """Share the residents out over the squares that have homes, south to north."""
    squares = np.floor(frontage.xy / SQUARE_M).astype(np.int64)
    unique, where = np.unique(squares[:, ::-1], axis=0, return_inverse=True)
    weight = np.bincount(where.ravel(), weights=frontage.people)
    exact = weight / weight.sum() * RESIDENTS
    people = np.floor(exact).astype(np.int64)
    # the people left over by rounding down go to the largest remainders
    most = np.argsort(-(exact - people), kind="stable")[: RESIDENTS - int(people.sum())]
    people[most] += 1
    grid = []
    for (row, column), residents in zip(unique.tolist(), people.tolist(), strict=True):
        if residents:
            x, y = column * SQUARE_M, row * SQUARE_M
            name = f"{int(EASTING) + x} {int(NORTHING) + y}"
            grid.append(Square(name, residents, box(x, y, x + SQUARE_M, y + SQUARE_M)))
    return tuple(grid)
