"""Getis-Ord local statistics: the analytic z of Gi and Gi*, for any weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.neighbours import Neighbours


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
    ValueError
        The shapes differ, a value is not finite, or self is not included.

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
    mean = x.mean()
    deviations = x - mean
    spread = np.sqrt(np.mean(deviations**2))
    local = neighbours.matrix @ deviations
    total, squares = _weight_sums(neighbours)
    scale = spread * np.sqrt(np.maximum(n * squares - total**2, 0.0) / max(n - 1, 1))
    return _ratio(local, scale, np.full(n, spread))


def gi(values: ArrayLike, neighbours: Neighbours) -> NDArray[np.float64]:
    """Return the analytic z of Getis-Ord Gi: each cell's own value held out.

    Parameters
    ----------
    values
        One finite number per cell, zeros included, shape (n,), n of at least 3.
    neighbours
        Weights without self.

    Returns
    -------
    z, shape (n,); 0 where a cell has no neighbours, or all others, or all other values are equal.

    Raises
    ------
    ValueError
        The shapes differ, a value is not finite, or self is included.

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
    others = len(x) - 1
    # centring first keeps the sums of squares exact enough for counts in the thousands
    centred = x - x.mean()
    mean = -centred / others
    variance = np.maximum((np.sum(centred**2) - centred**2) / others - mean**2, 0.0)
    total, squares = _weight_sums(neighbours)
    local = neighbours.matrix @ centred - total * mean
    shape = np.maximum(others * squares - total**2, 0.0) / max(others - 1, 1)
    return _ratio(local, np.sqrt(variance * shape), np.sqrt(variance))


def _checked(values: ArrayLike, neighbours: Neighbours) -> NDArray[np.float64]:
    x = np.asarray(values, dtype=float)
    if x.shape != (len(neighbours),):
        msg = f"values has shape {x.shape!r}; the neighbours describe {len(neighbours)} cells."
        raise ValueError(msg)
    if not np.isfinite(x).all():
        first = int(np.flatnonzero(~np.isfinite(x))[0])
        msg = f"values[{first}] is {x[first]!r}: every cell needs a finite number, zeros included."
        raise ValueError(msg)
    return x


def _weight_sums(neighbours: Neighbours) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    ones = np.ones(len(neighbours))
    return neighbours.matrix @ ones, neighbours.matrix.power(2) @ ones


def _ratio(
    local: NDArray[np.float64], scale: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    # rounding leaves a scale of 1e-17 rather than 0 where the statistic is undefined
    defined = scale > 1e-9 * np.maximum(spread, np.finfo(float).tiny)
    return np.divide(local, scale, out=np.zeros_like(local), where=defined)
