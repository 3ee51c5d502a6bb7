"""Residents: people of census areas, shared out over cells by area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from config.errors import BadInputError
from spatial.hexes.grid import cell_polygons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

    from spatial.hexes.grid import HexGrid

PEOPLE_KEYS: Final = ("population", "residents", "people", "usual_residents", "persons", "pop")
"""Properties that may hold a number of people, in this order, in any case."""


def people_of(properties: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """Read how many people each feature of a population layer has.

    Returns
    -------
    Shape (m,); 0 where a feature gives none.

    Raises
    ------
    BadInputError
        No feature has a property of people, or one is no number of people.
    """
    lower = [{key.casefold(): value for key, value in one.items()} for one in properties]
    key = next((key for key in PEOPLE_KEYS if any(key in one for one in lower)), None)
    if key is None:
        msg = (
            "The population layer has no property of people. Call it 'population' and load it "
            "again."
        )
        raise BadInputError(msg)
    people = np.zeros(len(lower))
    for place, one in enumerate(lower):
        value = one.get(key)
        try:
            people[place] = 0.0 if value in {None, ""} else float(str(value).replace(",", ""))
        except ValueError:
            people[place] = np.nan
        if not 0 <= people[place] < np.inf:
            msg = (
                f"Feature {place + 1} of the population layer has {key} {value!r}, which is no "
                "number of people. Mend it and load the layer again."
            )
            raise BadInputError(msg)
    return people


def residents_of_cells(
    areas: Sequence[BaseGeometry], people: ArrayLike, grid: HexGrid
) -> NDArray[np.float64]:
    """Share people out over the cells of a grid.

    Parameters
    ----------
    areas
        Census areas or squares, EPSG:4326: polygons, or points that stand for one.
    people
        How many live in each, shape (m,).
    grid
        The cells.

    Returns
    -------
    People in each cell, in the grid's order, shape (n,). Each area's people are spread evenly over
    its surface; what lies outside the grid is left out. A point's people all lie in its cell.

    Notes
    -----
    Areas are measured in degrees: within one census area a degree has one size, and only the share
    of its surface counts. People do not live evenly spread: a census area of half a town and half a
    marsh puts half of them into the marsh. Smaller areas (output areas, squares) mislead less.
    """
    shapes = np.asarray(list(areas), dtype=object)
    numbers = np.asarray(people, dtype=float)
    residents = np.zeros(len(grid))
    surface = shapely.area(shapes)
    # a point touches one cell, or several on whose border it lies: those share it
    size = np.where(surface > 0, surface, 1.0)
    cells = cell_polygons(grid.cells)
    area, cell = shapely.STRtree(cells).query(shapes, predicate="intersects")
    within = np.isin(area, np.flatnonzero(surface > 0))
    share = np.empty(len(area))
    share[within] = shapely.area(shapely.intersection(shapes[area[within]], cells[cell[within]]))
    touching = np.bincount(area, minlength=len(shapes))
    share[~within] = 1.0 / touching[area[~within]]
    np.add.at(residents, cell, numbers[area] * share / size[area])
    return residents
