"""Operationalisations: how a factor becomes a yes or a no in every cell.

Near: some feature lies within a distance. Dense: so much of it lies within a distance that the cell
stands out from the others (mean and standard deviations over all cells, the empty ones too).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.risk_terrain.factors import Factor

    Floats = NDArray[np.float64]

_POINT: Final = 0
_LINE: Final = 1


class Kind(StrEnum):
    """What of a factor is looked at."""

    PROXIMITY = "proximity"
    DENSITY = "density"


@dataclass(frozen=True, order=True, slots=True)
class Operationalisation:
    """One way to make a factor a yes or a no.

    Attributes
    ----------
    kind
        Near, or dense.
    distance_m
        Metres from a cell's middle.
    """

    kind: Kind
    distance_m: float


def block_distances(block_m: float, *, blocks: int, half_steps: bool) -> tuple[float, ...]:
    """Return the distances up to a number of blocks, metres, ascending.

    Parameters
    ----------
    block_m
        A block, metres.
    blocks
        The furthest, in blocks.
    half_steps
        Whether half blocks are tried too.

    Raises
    ------
    BadInputError
        A number is not above 0.
    """
    if not (0 < block_m < np.inf) or blocks < 1:
        msg = f"{blocks!r} blocks of {block_m!r} m give no distance. Give both above 0."
        raise BadInputError(msg)
    step = 0.5 if half_steps else 1.0
    return tuple(float(block_m * step * n) for n in range(1, round(blocks / step) + 1))


def operationalisations(
    kinds: Sequence[Kind], distances_m: Sequence[float]
) -> tuple[Operationalisation, ...]:
    """Return every kind at every distance, in order.

    Raises
    ------
    BadInputError
        There is no kind or no distance, or a distance is not above 0.
    """
    for distance in distances_m:
        if not 0 < distance < np.inf:
            msg = f"A distance of {distance!r} m reaches nothing. Give metres above 0."
            raise BadInputError(msg)
    if not kinds or not distances_m:
        msg = "Nothing is to be tried: give at least one distance, and proximity or density."
        raise BadInputError(msg)
    return tuple(
        Operationalisation(kind, float(distance))
        for kind in sorted(set(kinds), reverse=True)
        for distance in sorted(set(distances_m))
    )


def nearest_m(centres: Floats, factor: Factor, *, furthest_m: float) -> Floats:
    """Return the distance from each cell's middle to the nearest feature of a factor.

    Parameters
    ----------
    centres
        Metres, shape (n, 2).
    factor
        Points, lines or polygons; inside a polygon the distance is 0.
    furthest_m
        Beyond it nobody needs to know.

    Returns
    -------
    Metres, shape (n,); infinite beyond ``furthest_m``.
    """
    found: Floats = np.full(len(centres), np.inf)
    if not len(factor):
        return found
    if (shapely.get_type_id(factor.shapes) == _POINT).all():
        tree = cKDTree(shapely.get_coordinates(factor.shapes))
        # the bound of the tree is exclusive, ours inclusive
        away, _ = tree.query(centres, distance_upper_bound=np.nextafter(furthest_m, np.inf))
        return np.asarray(away, dtype=np.float64)
    pairs, away = shapely.STRtree(factor.shapes).query_nearest(
        shapely.points(centres), max_distance=furthest_m, return_distance=True, all_matches=False
    )
    found[pairs[0]] = away
    return found


def density(
    centres: Floats, factor: Factor, *, within_m: float, line_step_m: float
) -> Floats | None:
    """Return how much of a factor lies about each cell's middle, by a quartic kernel.

    Parameters
    ----------
    centres
        Metres, shape (n, 2).
    factor
        Points count one each, and polygons too, at their middle; lines count by their length.
    within_m
        The kernel's reach, metres.
    line_step_m
        Lines are taken as points so far apart.

    Returns
    -------
    Per square kilometre (kilometres per square kilometre of lines), shape (n,); None where lines
    are mixed with points or polygons, whose densities cannot be added up.

    Notes
    -----
    Polygons are counted, not measured: one large car park is one car park.
    """
    spots, amounts = _spots(factor, line_step_m)
    if spots is None:
        return None
    total = np.zeros(len(centres))
    if not len(spots):
        return total
    near = cKDTree(centres).sparse_distance_matrix(
        cKDTree(spots), within_m, output_type="coo_matrix"
    )
    fall = (1.0 - (near.data / within_m) ** 2) ** 2 * 3e6 / (np.pi * within_m**2)
    total += np.bincount(near.row, weights=fall * amounts[near.col], minlength=len(centres))
    return total


def _spots(factor: Factor, step_m: float) -> tuple[Floats | None, Floats]:
    dimensions = shapely.get_dimensions(factor.shapes)
    lines = dimensions == _LINE
    if not lines.any():
        # points of a multipoint count one each
        parts = shapely.get_parts(factor.shapes[dimensions == _POINT])
        middles = shapely.point_on_surface(factor.shapes[dimensions > _LINE])
        spots = shapely.get_coordinates(np.concatenate([parts, middles]))
        return spots, np.ones(len(spots))
    if not lines.all():
        return None, np.zeros(0)
    parts = shapely.get_parts(factor.shapes)
    lengths = shapely.length(parts)
    pieces = np.maximum(1, np.rint(lengths / step_m)).astype(np.int64)
    line = np.repeat(np.arange(len(parts)), pieces)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    # the middle of each of a line's equal pieces
    along = (np.arange(len(line)) - first + 0.5) * (lengths / pieces)[line]
    at = shapely.line_interpolate_point(parts[line], along)
    return shapely.get_coordinates(at), (lengths / pieces)[line] / 1000.0


def dense_from(values: Floats, *, deviations: float) -> float:
    """Return the density above which a cell is dense: mean + standard deviations over all cells."""
    return float(values.mean() + deviations * values.std())
