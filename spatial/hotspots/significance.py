"""Significance: p under the named null, and its correction over the whole map."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from config.errors import BadInputError
from spatial.hotspots.held_out import held_out_distributions
from spatial.hotspots.reference import reference_distributions

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.neighbours import Neighbours

LEVELS: Final = ((0.01, "99"), (0.05, "95"), (0.10, "90"))
HOT: Final = ("hot 99", "hot 95")
"""What is called a hot spot: 95% or better after correction over the whole map, hottest first."""


class Correction(StrEnum):
    """How p-values are corrected for testing every cell of the map."""

    FDR = "fdr"
    """Benjamini-Hochberg: of the cells called hot, so many may be so by chance."""
    BONFERRONI = "bonferroni"
    """Even one false call on the whole map is guarded against."""
    RAW = "raw"
    """Not at all: on a map of thousands of cells, some are always called hot."""


class Alternative(StrEnum):
    """What counts as evidence against the null."""

    TWO_SIDED = "two-sided"
    GREATER = "greater"
    LESS = "less"


@dataclass(frozen=True, slots=True, eq=False)
class Tails:
    """Both tails of every cell's neighbourhood sum under the named null.

    Attributes
    ----------
    upper, lower
        P(sum >= observed) and P(sum <= observed), ties counted in both, shape (n,).
    method
        ``exact`` or ``sampled``: see :class:`spatial.hotspots.reference.ReferenceDistribution`.
    null
        ``total randomisation`` (Gi*) or ``own value held out`` (Gi).
    """

    upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    method: Literal["exact", "sampled"]
    null: Literal["total randomisation", "own value held out"] = "total randomisation"


def randomisation_tails(
    values: NDArray[np.int64], neighbours: Neighbours, *, rng: np.random.Generator
) -> Tails:
    """Return both tails of Gi* or Gi when the map's values are dealt anew.

    Gi* (self included), total randomisation: the observed sum over a cell and its k neighbours is
    set against sums of k + 1 values dealt without replacement from the whole study area. Cells with
    equally many neighbours share one null, so the whole map takes one distribution per size.

    Gi (self left out), own value held out: the sum over the k neighbours against sums of k values
    dealt from all but the cell's own. Cells of one own value and number of neighbours share a null.

    Parameters
    ----------
    values
        Non-negative whole numbers, one per cell, zeros included, shape (n,).
    neighbours
        Weights that are equal within a row, binary or row-standardised; with self for Gi*, without
        for Gi.
    rng
        Used only where the exact distribution would take too long.

    Returns
    -------
    1 and 1 for a cell without neighbours under Gi, for a neighbourhood that is the whole area, and
    wherever all values are equal: such sums can only come out in one way.

    Raises
    ------
    BadInputError
        Weights differ within a row: such cells do not share a null. Or there is not one value for
        each cell, or one is negative or not a whole number.
    """
    if not neighbours.even:
        msg = (
            "A shared null needs binary weights, or weights that are equal within each row: these "
            "differ. Use the neighbours' binary weights, and read the weighted z without a p."
        )
        raise BadInputError(msg)
    if values.shape != (len(neighbours),):
        msg = f"values has shape {values.shape!r}; the neighbours describe {len(neighbours)} cells."
        raise BadInputError(msg)
    sums, sizes = neighbours.sums(values), neighbours.cardinalities
    largest = int(sums.max(initial=0))
    upper, lower = np.ones(len(values)), np.ones(len(values))
    if neighbours.includes_self:
        tables = reference_distributions(values, np.unique(sizes), largest=largest, rng=rng)
        for size, table in tables.items():
            here = sizes == size
            upper[here], lower[here] = table.upper(sums[here]), table.lower(sums[here])
        return Tails(_above_zero(upper), _above_zero(lower), next(iter(tables.values())).method)
    method, nulls = held_out_distributions(values, sizes, largest=largest, rng=rng)
    # cells of one own value and size, side by side
    order = np.lexsort((sizes, values))
    pairs, starts = np.unique(np.stack([values[order], sizes[order]]), axis=1, return_index=True)
    stops = np.append(starts[1:], len(order))
    groups = {
        (int(own), int(size)): order[start:stop]
        for own, size, start, stop in zip(*pairs, starts, stops, strict=True)
    }
    for own, size, null in nulls:
        cells = groups[own, size]
        upper[cells], lower[cells] = null.upper(sums[cells]), null.lower(sums[cells])
    return Tails(_above_zero(upper), _above_zero(lower), method, "own value held out")


def _above_zero(p: NDArray[np.float64]) -> NDArray[np.float64]:
    # what was observed is possible, however far below the smallest number its probability lies
    above: NDArray[np.float64] = np.maximum(p, np.finfo(float).tiny)
    return above


def p_values(
    z: NDArray[np.float64], tails: Tails, *, alternative: Alternative
) -> NDArray[np.float64]:
    """Return p of each cell, shape (n,), ties counted in every tail that is used.

    Parameters
    ----------
    z
        Analytic, for the direction of a two-sided test.
    tails
        Of the same cells.
    alternative
        More than dealt by chance, less, or either (twice the tail in the direction of z).
    """
    if alternative is Alternative.TWO_SIDED:
        return two_sided(np.where(z == 0, 1.0, one_sided(z, tails)))
    return tails.upper if alternative is Alternative.GREATER else tails.lower


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


def corrected(p: ArrayLike, correction: Correction) -> NDArray[np.float64]:
    """Return p-values corrected, in the way named, for testing all of them.

    Parameters
    ----------
    p
        Every cell of the map, not a chosen part of it, shape (n,).
    correction
        ``fdr`` unless there is a reason.
    """
    if correction is Correction.FDR:
        return benjamini_hochberg(p)
    return bonferroni(p) if correction is Correction.BONFERRONI else np.asarray(p, dtype=float)


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
