"""Significance: one-sided p under the named null, and its correction over the whole map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from spatial.hotspots.reference import reference_distributions

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.neighbours import Neighbours

LEVELS: Final = ((0.01, "99"), (0.05, "95"), (0.10, "90"))
HOT: Final = ("hot 99", "hot 95")
"""What is called a hot spot: 95% or better after correction over the whole map, hottest first."""


@dataclass(frozen=True, slots=True, eq=False)
class Tails:
    """Both tails of every cell's neighbourhood sum under total randomisation.

    Attributes
    ----------
    upper, lower
        P(sum >= observed) and P(sum <= observed), ties counted in both, shape (n,).
    method
        ``exact`` or ``sampled``: see :class:`spatial.hotspots.reference.ReferenceDistribution`.
    """

    upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    method: Literal["exact", "sampled"]


def randomisation_tails(
    values: NDArray[np.int64], neighbours: Neighbours, *, rng: np.random.Generator
) -> Tails:
    """Return both tails of Gi* under total randomisation.

    The observed sum over a cell and its k neighbours is set against sums of k + 1 values dealt
    without replacement from the whole study area. Cells with equally many neighbours share one
    null, so the whole map takes one distribution per size.

    Parameters
    ----------
    values
        Non-negative whole numbers, one per cell, zeros included, shape (n,).
    neighbours
        Binary weights, self included.
    rng
        Used only where the exact distribution would take too long.

    Raises
    ------
    ValueError
        Weights are not binary or leave self out: such cells do not share a null.
    """
    if not (neighbours.binary and neighbours.includes_self):
        msg = "A shared null needs binary weights that include self."
        raise ValueError(msg)
    sums = np.rint(neighbours.matrix @ values).astype(np.int64)
    sizes = neighbours.cardinalities
    tables = reference_distributions(values, np.unique(sizes), largest=int(sums.max()), rng=rng)
    upper, lower = np.empty(len(values)), np.empty(len(values))
    for size, table in tables.items():
        here = sizes == size
        upper[here], lower[here] = table.upper(sums[here]), table.lower(sums[here])
    return Tails(upper, lower, next(iter(tables.values())).method)


def one_sided(z: NDArray[np.float64], tails: Tails) -> NDArray[np.float64]:
    """Return p in the direction of z: the upper tail where z >= 0, the lower where z < 0."""
    return np.where(z >= 0, tails.upper, tails.lower)


def two_sided(one_sided_p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return twice the one-sided p, at most 1."""
    doubled: NDArray[np.float64] = np.minimum(2.0 * one_sided_p, 1.0)
    return doubled


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """Return p-values adjusted for the false discovery rate over all of them.

    Parameters
    ----------
    p
        Every cell of the map, not a chosen part of it, shape (n,).

    Notes
    -----
    Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x. Among the cells called
    hot at 0.05, one in twenty may be expected to be so by chance: it is no statement about any
    single cell.
    """
    raw = np.asarray(p, dtype=float)
    order = np.argsort(raw, kind="stable")
    n = len(raw)
    scaled = raw[order] * n / np.arange(1, n + 1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def bonferroni(p: ArrayLike) -> NDArray[np.float64]:
    """Return p-values times their number, at most 1: guards against even one false call."""
    raw = np.asarray(p, dtype=float)
    adjusted: NDArray[np.float64] = np.minimum(raw * len(raw), 1.0)
    return adjusted


def significance_classes(
    z: NDArray[np.float64], p_adjusted: NDArray[np.float64]
) -> NDArray[np.str_]:
    """Name each cell's class: ``hot 99`` ... ``hot 90``, ``none``, ``cold 90`` ... ``cold 99``."""
    side = np.where(z > 0, "hot ", "cold ")
    level = np.select(
        [p_adjusted <= bound for bound, _ in LEVELS], [name for _, name in LEVELS], ""
    )
    named: NDArray[np.str_] = np.where(
        (level == "") | (z == 0), "none", np.char.add(side.astype(str), level.astype(str))
    )
    return named
