"""Trend: Mann-Kendall's test of a steady rise or fall, for many series at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Mann-Kendall's test of each cell's series.

    Attributes
    ----------
    s
        Pairs of periods that rise less pairs that fall, int64, shape (n,).
    variance
        Of S where there is no trend, corrected for ties, shape (n,).
    z
        With continuity correction, shape (n,); 0 where S is 0 or nothing varies.
    p
        Two-sided, normal approximation, shape (n,).
    """

    s: NDArray[np.int64]
    variance: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]


def mann_kendall(series: ArrayLike) -> Trend:
    """Test every row of a table for a steady rise or fall.

    Parameters
    ----------
    series
        One row per cell, one column per period in order, shape (n, periods), finite.

    Raises
    ------
    ValueError
        The table is not of that shape, or a number is not finite.

    Notes
    -----
    Mann (1945) doi:10.2307/1907187; Kendall's tie correction. The test wants independent periods:
    where periods overlap (rolling windows) each shares its incidents with the next, and it calls a
    trend far too often. The normal approximation is rough below ten periods, and with four even a
    perfect rise has p = 0.09.
    """
    x = np.asarray(series, dtype=float)
    if x.ndim != 2 or not np.isfinite(x).all():  # noqa: PLR2004 (cells by periods)
        msg = f"series has shape {x.shape!r}: give finite numbers, a row a cell, a column a period."
        raise ValueError(msg)
    n, periods = x.shape
    s = np.zeros(n, dtype=np.int64)
    # each value counts how many of its row equal it: a group of t counts t times t, which is what
    # the sum over groups of t (t - 1) (2 t + 5) needs
    equal = np.ones((n, periods), dtype=np.int64)
    for early in range(periods - 1):
        later = np.sign(x[:, early + 1 :] - x[:, [early]])
        s += later.sum(axis=1).astype(np.int64)
        same = later == 0
        equal[:, early] += same.sum(axis=1)
        equal[:, early + 1 :] += same
    untied = periods * (periods - 1) * (2 * periods + 5)
    ties = ((equal - 1) * (2 * equal + 5)).sum(axis=1)
    variance = (untied - ties) / 18
    z = np.divide(
        s - np.sign(s), np.sqrt(variance), out=np.zeros(n), where=(variance > 0) & (s != 0)
    )
    return Trend(s, variance, z, 2 * norm.sf(np.abs(z)))
