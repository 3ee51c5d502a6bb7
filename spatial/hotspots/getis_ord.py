"""Getis-Ord local statistics: the analytic z of Gi and Gi*, for any weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from config.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.neighbours import Neighbours

_LOST_IN_ROUNDING = 1e-4


def gi_star(values: ArrayLike, neighbours: Neighbours) -> NDArray[np.float64]:
    """Return the analytic z of Getis-Ord Gi*: each cell's own value counted with its neighbours'.

    Parameters
    ----------
    values
        One finite number per cell, zeros included, shape (n,).
    neighbours
        Weights with self included; z is the same whether or not rows are standardised.

    Returns
    -------
    z, shape (n,). Defined as 0 where it would be 0 / 0: all values equal, or a neighbourhood that
    is the whole study area with equal weights.

    Raises
    ------
    BadInputError
        The shapes differ, or a value is not finite.
    ValueError
        Self is not included.

    Notes
    -----
    z = (sum w x - W mean) / (s sqrt((n S1 - W^2) / (n - 1))), s with divisor n, W = sum w,
    S1 = sum w^2 (Ord and Getis 1995, doi:10.1111/j.1538-4632.1995.tb00912.x). z is not normal
    where events are rare: take p from the reference distribution, not from z. A quiet cell beside
    a busy one has a high z: it marks neighbourhoods, not cells. Adding empty cells to the study
    area raises every z.
    """
    if not neighbours.includes_self:
        msg = "gi_star needs neighbours that include self: call with_self() first."
        raise ValueError(msg)
    x = _checked(values, neighbours)
    n = len(x)
    if np.ptp(x) == 0:
        return np.zeros(n)
    mean = x.mean()
    deviations = x - mean
    spread = np.sqrt(np.mean(deviations**2))
    local = neighbours.matrix @ deviations
    total, squares = _weight_sums(neighbours)
    scale = spread * np.sqrt(_weight_spread(n, total, squares))
    return _ratio(local, scale, np.full(n, spread))


def gi(values: ArrayLike, neighbours: Neighbours) -> NDArray[np.float64]:
    """Return the analytic z of Getis-Ord Gi: each cell's own value held out.

    Parameters
    ----------
    values
        One finite number per cell, zeros included, shape (n,).
    neighbours
        Weights without self.

    Returns
    -------
    z, shape (n,); 0 where a cell has no neighbours, or all others, or all other values are equal,
    and so for fewer than three cells.

    Raises
    ------
    BadInputError
        The shapes differ, or a value is not finite.
    ValueError
        Self is included.

    Notes
    -----
    As Gi* with the mean and variance of the other n - 1 cells (Getis and Ord 1992,
    doi:10.1111/j.1538-4632.1992.tb00261.x; Ord and Getis 1995). An isolated peak is not seen by Gi
    at all.
    """
    if neighbours.includes_self:
        msg = "gi needs neighbours without self: use gi_star for neighbours that include it."
        raise ValueError(msg)
    x = _checked(values, neighbours)
    if np.ptp(x) == 0:
        return np.zeros(len(x))
    others = max(len(x) - 1, 1)
    centred = x - x.mean()
    mean = -centred / others
    variance = _variance_of_others(x, centred)
    total, squares = _weight_sums(neighbours)
    local = neighbours.matrix @ centred - total * mean
    scale = np.sqrt(variance * _weight_spread(others, total, squares))
    return _ratio(local, scale, np.sqrt(variance))


def _variance_of_others(
    x: NDArray[np.float64], centred: NDArray[np.float64]
) -> NDArray[np.float64]:
    n = len(x)
    whole = np.sum(centred**2)
    rest = whole - centred**2 * (n / max(n - 1, 1))
    # where one cell makes up nearly all of the spread, the rest would be lost in rounding
    for cell in np.flatnonzero(rest <= _LOST_IN_ROUNDING * whole):
        remaining = np.delete(x, cell)
        varies = len(remaining) > 0 and np.ptp(remaining) > 0
        rest[cell] = remaining.var() * (n - 1) if varies else 0.0
    variance: NDArray[np.float64] = rest / max(n - 1, 1)
    return variance


def _checked(values: ArrayLike, neighbours: Neighbours) -> NDArray[np.float64]:
    x = np.asarray(values, dtype=float)
    if x.shape != (len(neighbours),):
        msg = f"values has shape {x.shape!r}; the neighbours describe {len(neighbours)} cells."
        raise BadInputError(msg)
    if not np.isfinite(x).all():
        first = int(np.flatnonzero(~np.isfinite(x))[0])
        msg = f"values[{first}] is {x[first]!r}: every cell needs a finite number, zeros included."
        raise BadInputError(msg)
    return x


def _weight_sums(neighbours: Neighbours) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if neighbours.binary:
        # sums of ones, and of their squares
        sizes = neighbours.cardinalities.astype(float)
        return sizes, sizes
    ones = np.ones(len(neighbours))
    return neighbours.matrix @ ones, neighbours.matrix.power(2) @ ones


def _weight_spread(
    n: int, total: NDArray[np.float64], squares: NDArray[np.float64]
) -> NDArray[np.float64]:
    # 0 where all weights are equal and none is missing, whatever rounding leaves
    spread = n * squares - total**2
    return np.where(spread > 1e-12 * n * squares, spread, 0.0) / max(n - 1, 1)


def _ratio(
    local: NDArray[np.float64], scale: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    # rounding leaves a scale of 1e-17 rather than 0 where the statistic is undefined
    defined = scale > 1e-9 * np.maximum(spread, np.finfo(float).tiny)
    return np.divide(local, scale, out=np.zeros_like(local), where=defined)
