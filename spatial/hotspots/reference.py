"""The reference distribution: how a neighbourhood's sum falls if the values were dealt anew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 1_000_000
# distinct values x draws x lattice points: about two seconds on one core
_EXACT_WORK = 1_500_000_000
# numbers held at once: 400 MB
_EXACT_SIZE = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceDistribution:
    """The null distribution of the sum of ``size`` values dealt without replacement.

    Total randomisation: every way of dealing the study area's own values over its cells is equally
    likely, so with binary weights each neighbourhood of one size has the same null.

    Attributes
    ----------
    size
        Number of cells in the neighbourhood, the cell itself included for Gi*.
    method
        ``exact`` (every deal counted) or ``sampled`` (a million deals drawn).
    sums
        int64, ascending: the values at which the tails are known.
    at_least, at_most
        P(sum >= sums[i]) and P(sum <= sums[i]), ties counted in both, shape as ``sums``.
    """

    size: int
    method: Literal["exact", "sampled"]
    sums: NDArray[np.int64]
    at_least: NDArray[np.float64]
    at_most: NDArray[np.float64]

    def upper(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return P(sum >= observed), ties included, shape as ``observed``."""
        place = np.searchsorted(self.sums, observed, side="left")
        beyond = place == len(self.sums)
        tail = self.at_least[np.where(beyond, 0, place)]
        return np.where(beyond, self._floor(), tail)

    def lower(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return P(sum <= observed), ties included, shape as ``observed``."""
        place = np.searchsorted(self.sums, observed, side="right") - 1
        tail = self.at_most[np.maximum(place, 0)]
        return np.where(place < 0, self._floor(), tail)

    def _floor(self) -> float:
        return 0.0 if self.method == "exact" else 1.0 / (DRAWS + 1)


def reference_distributions(
    values: NDArray[np.int64],
    sizes: NDArray[np.int64],
    *,
    largest: int,
    rng: np.random.Generator,
) -> dict[int, ReferenceDistribution]:
    """Return one null distribution per neighbourhood size.

    Parameters
    ----------
    values
        Non-negative whole numbers, one per cell of the study area, zeros included, shape (n,).
        Harm is passed in thousandths of a day, so that ties stay ties.
    sizes
        The distinct neighbourhood sizes wanted.
    largest
        The largest sum observed anywhere; tails beyond it are not needed.
    rng
        Used only where the exact distribution would be too long to compute.

    Returns
    -------
    By size. Exact by convolution wherever its cost allows (always, for counts of crime); else from
    a million deals, with p = (1 + hits) / (1 + deals), which has a floor of one in a million.

    Raises
    ------
    ValueError
        A value is negative, or a size is larger than the number of cells.
    """
    if len(values) == 0 or values.min() < 0:
        msg = "values must be non-negative whole numbers, one per cell."
        raise ValueError(msg)
    most = int(sizes.max())
    if most > len(values):
        msg = f"A neighbourhood of {most} cells cannot be dealt from {len(values)}."
        raise ValueError(msg)
    step = int(np.gcd.reduce(values)) or 1
    distinct, copies = np.unique(values[values > 0] // step, return_counts=True)
    lattice = (most + 1) * (largest // step + 2)
    if lattice <= _EXACT_SIZE and lattice * float(np.minimum(copies, most).sum()) <= _EXACT_WORK:
        return _exact(distinct, copies, len(values), sizes, largest // step, step)
    return _sampled(values, sizes, rng)


def _exact(  # noqa: PLR0913, PLR0917 (one recursion's inputs, all needed)
    distinct: NDArray[np.int64],
    copies: NDArray[np.int64],
    n: int,
    sizes: NDArray[np.int64],
    largest: int,
    step: int,
) -> dict[int, ReferenceDistribution]:
    most = int(sizes.max())
    # ways[j, s]: in how many ways j of the non-zero values sum to s; the last column holds every
    # sum above the largest observed, whose tail is needed but not its shape
    ways = np.zeros((most + 1, largest + 2))
    ways[0, 0] = 1.0
    for value, copy in zip(distinct.tolist(), copies.tolist(), strict=True):
        for chosen in range(most, 0, -1):
            for taken in range(1, min(copy, chosen) + 1):
                _shift_into(
                    ways[chosen], ways[chosen - taken], taken * value, math.comb(copy, taken)
                )
    zeros = n - int(copies.sum())
    tables = {}
    for size in sizes.tolist():
        deals = float(math.comb(n, size))
        fills = np.array([math.comb(zeros, size - j) / deals for j in range(size + 1)])
        probability = fills @ ways[: size + 1]
        at_least = np.cumsum(probability[::-1])[::-1]
        at_most = np.cumsum(probability)
        tables[size] = ReferenceDistribution(
            size=size,
            method="exact",
            sums=np.arange(largest + 1, dtype=np.int64) * step,
            at_least=np.minimum(at_least[:-1], 1.0),
            at_most=np.minimum(at_most[:-1], 1.0),
        )
    return tables


def _shift_into(
    into: NDArray[np.float64], ways: NDArray[np.float64], shift: int, times: int
) -> None:
    # add `times` times the ways, every sum larger by `shift`; what passes the end joins the last
    kept = len(into) - 1 - shift
    if kept > 0:
        into[shift:-1] += times * ways[:kept]
        into[-1] += times * ways[kept:].sum()
    else:
        into[-1] += times * ways.sum()


def _sampled(
    values: NDArray[np.int64], sizes: NDArray[np.int64], rng: np.random.Generator
) -> dict[int, ReferenceDistribution]:
    n, most = len(values), int(sizes.max())
    cells = _deals(n, most, rng)
    # the first k of a deal without replacement are themselves such a deal: one draw serves all
    running = np.zeros(DRAWS, dtype=np.int64)
    tables = {}
    for size in range(1, most + 1):
        running = running + values[cells[:, size - 1]]
        if size in sizes:
            tables[size] = _from_draws(size, np.sort(running))
    return tables


def _deals(n: int, most: int, rng: np.random.Generator) -> NDArray[np.int32]:
    # DRAWS rows of `most` different positions among n, every order equally likely
    if n < most * most:
        # so few cells that drawing with rejection would seldom succeed
        chunks = np.array_split(np.empty(DRAWS, dtype=np.int8), max(1, DRAWS * n // 20_000_000))
        keys = (rng.random((len(chunk), n)) for chunk in chunks)
        return np.concatenate([np.argsort(key, axis=1)[:, :most].astype(np.int32) for key in keys])
    cells = rng.integers(0, n, size=(DRAWS, most), dtype=np.int32)
    # a deal that names a cell twice is drawn again, whole
    again = np.arange(DRAWS)
    while len(again):
        ordered = np.sort(cells[again], axis=1)
        again = again[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        cells[again] = rng.integers(0, n, size=(len(again), most), dtype=np.int32)
    return cells


def _from_draws(size: int, ordered: NDArray[np.int64]) -> ReferenceDistribution:
    sums, first = np.unique(ordered, return_index=True)
    after = np.append(first[1:], len(ordered))
    # (1 + hits) / (1 + deals): the observed arrangement is one of the deals
    return ReferenceDistribution(
        size=size,
        method="sampled",
        sums=sums,
        at_least=np.asarray((1.0 + len(ordered) - first) / (len(ordered) + 1.0)),
        at_most=np.asarray((1.0 + after) / (len(ordered) + 1.0)),
    )
