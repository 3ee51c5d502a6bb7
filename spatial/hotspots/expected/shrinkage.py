"""Shrinkage: gamma-Poisson empirical Bayes, and what remains uncertain after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import gammainccinv, gammaincinv

from config.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEVEL: Final = 0.9
"""Share of the chance that an interval holds, unless another is asked for."""
CERTAIN: Final = 1e-12
"""A variance below this share of the squared mean is none."""


@dataclass(frozen=True, slots=True, eq=False)
class GammaRates:
    """Gamma distributions of the cells' rates, all with the same rate parameter.

    Attributes
    ----------
    mean
        Expected events per period, shape (n,).
    strength
        The common rate parameter, periods: as if each rate had been watched for so long. The
        variance of a rate is ``mean / strength``; infinite where nothing is left uncertain.
    """

    mean: NDArray[np.float64]
    strength: float

    @property
    def variance(self) -> NDArray[np.float64]:
        """Variance of each rate, shape (n,)."""
        return self.mean / self.strength


@dataclass(frozen=True, slots=True, eq=False)
class MarshallRates:
    """Marshall's global empirical-Bayes rates.

    Attributes
    ----------
    mean
        The shrunken rates, shape (n,).
    weight
        How far each cell's own rate is believed, 0 to 1, shape (n,).
    prior_mean, prior_variance
        The distribution toward which they are shrunk, by moments; the variance is 0 where the cells
        differ no more than chance would have them.
    """

    mean: NDArray[np.float64]
    weight: NDArray[np.float64]
    prior_mean: float
    prior_variance: float


def marshall(
    events: ArrayLike, exposure: ArrayLike, *, alike: NDArray[np.float64] | None = None
) -> MarshallRates:
    """Shrink rates toward the rate of the whole area by the method of moments.

    Parameters
    ----------
    events
        Numbers of events, shape (n,).
    exposure
        What they are divided by (periods, people), above 0, shape (n,).
    alike
        How many cells each stands for, shape (n,); None for one each.

    Raises
    ------
    BadInputError
        There is no cell, or a number is missing, negative or not above 0.

    Notes
    -----
    Where cells differ by less than chance the variance comes out negative, is set to 0, and every
    cell gets the area's rate. The estimate treats the area as one population: a cell in a town and
    one in a field are drawn toward the same mean, which is why it serves only where events are too
    few for anything better.

    References
    ----------
    Marshall (1991), doi:10.2307/2347593.
    """
    x = np.asarray(events, dtype=np.float64)
    n = np.asarray(exposure, dtype=np.float64)
    for name, values, low in (("events", x, 0.0), ("exposure", n, np.nextafter(0.0, 1.0))):
        wrong = ~np.isfinite(values) | (values < low)
        if wrong.any() or not len(values):
            found = (
                f"{values[wrong][0].item()!r} in cell {int(wrong.argmax())}"
                if len(values)
                else "no cell"
            )
            msg = (
                f"Shrinkage needs {name} that are numbers and not negative ({found}). Check the "
                "counts."
            )
            raise BadInputError(msg)
    cells = np.ones(len(n)) if alike is None else alike
    total = (cells * n).sum()
    mean = float((cells * x).sum() / total)
    spread = float((cells * n * (x / n - mean) ** 2).sum() / total)
    variance = max(spread - mean * float(cells.sum()) / float(total), 0.0)
    if mean == 0:
        return MarshallRates(np.zeros(len(x)), np.zeros(len(x)), 0.0, 0.0)
    weight = variance / (variance + mean / n)
    return MarshallRates(mean + weight * (x / n - mean), weight, mean, variance)


def gamma_interval(
    mean: NDArray[np.float64], variance: NDArray[np.float64], *, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the central interval of gamma distributions given by their first two moments.

    Parameters
    ----------
    mean, variance
        Not negative, shape (n,).
    level
        Share of the chance inside, between 0 and 1.

    Returns
    -------
    Lower and upper ends, shape (n,). Both are the mean where the variance is 0.
    """
    tail = (1 - level) / 2
    sure = variance <= CERTAIN * mean**2
    if sure.all():
        return mean.copy(), mean.copy()
    # most cells of a map are alike: each distinct pair once
    (one_mean, one_variance), place = distinct_pairs(mean[~sure], variance[~sure])
    shape = one_mean**2 / one_variance
    scale = one_variance / one_mean
    low, high = mean.copy(), mean.copy()
    low[~sure] = (gammaincinv(shape, tail) * scale)[place]
    high[~sure] = (gammainccinv(shape, tail) * scale)[place]
    return low, high


def distinct_pairs(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], NDArray[np.int64]]:
    """Return the distinct pairs of two arrays, in order, and which of them each pair is."""
    # complex numbers sort by the one, then by the other: several times faster than rows do
    pairs, place = np.unique(first + 1j * second, return_inverse=True)
    return (pairs.real, pairs.imag), place
