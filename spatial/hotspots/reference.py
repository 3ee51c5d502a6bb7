"""The reference distribution: how a neighbourhood's sum falls if the values were dealt anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from config.errors import BadInputError
from spatial.hotspots.dealing import deal

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 1_000_000
# numbers dealt at once: fewer deals are drawn of larger neighbourhoods
_MOST_DEALT = 40_000_000
# cells to a deal's places below which whole maps are shuffled
_SHUFFLED: Final = 4
# multiplications of an exact distribution: about two seconds on one core
_EXACT_WORK = 1_500_000_000
# numbers in one table, of which up to three are held at once: 160 MB each
_EXACT_SIZE = 20_000_000
# a tail of fewer deals than this is taken from the bound where that is nearer
_FEW_HITS: Final = 100
_COARSE_LATTICES: Final = (32_768, 16_384, 8_192, 4_096, 2_048, 1_024, 512)


@dataclass(frozen=True, slots=True, eq=False)
class CoarseBound:
    """Tails that the true ones never exceed, exact for values rounded to multiples of a unit.

    Rounding every value up can only raise a sum, so P(sum >= s) is at most the same of values
    rounded up; and P(sum <= s) at most that of values rounded down.

    Attributes
    ----------
    unit
        What values are rounded to. A bound is as wide as this times the number of cells that are
        not empty.
    at_least
        Of values rounded up, P(sum >= i units).
    at_most
        Of values rounded down, P(sum <= i units).
    """

    unit: int
    at_least: NDArray[np.float64]
    at_most: NDArray[np.float64]

    def upper(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return no less than P(sum >= observed)."""
        return self.at_least[np.minimum(-(-observed // self.unit), len(self.at_least) - 1)]

    def lower(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return no less than P(sum <= observed)."""
        return self.at_most[np.minimum(observed // self.unit, len(self.at_most) - 1)]


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
    draws
        How many deals were drawn; 0 where exact.
    bound
        What tails of a sample are held against where few deals reach so far; None where exact.
    """

    size: int
    method: Literal["exact", "sampled"]
    sums: NDArray[np.int64]
    at_least: NDArray[np.float64]
    at_most: NDArray[np.float64]
    draws: int = 0
    bound: CoarseBound | None = None

    def upper(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return P(sum >= observed), ties included, shape as ``observed``."""
        place = np.searchsorted(self.sums, observed, side="left")
        beyond = place == len(self.sums)
        tail = np.where(beyond, self._floor(), self.at_least[np.where(beyond, 0, place)])
        return tail if self.bound is None else self._nearer(tail, self.bound.upper(observed))

    def lower(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return P(sum <= observed), ties included, shape as ``observed``."""
        place = np.searchsorted(self.sums, observed, side="right") - 1
        tail = np.where(place < 0, self._floor(), self.at_most[np.maximum(place, 0)])
        return tail if self.bound is None else self._nearer(tail, self.bound.lower(observed))

    def _nearer(self, tail: NDArray[np.float64], bound: NDArray[np.float64]) -> NDArray[np.float64]:
        few = tail * (self.draws + 1) <= _FEW_HITS
        return np.where(few, np.minimum(tail, bound), tail)

    def _floor(self) -> float:
        return 0.0 if self.method == "exact" else 1.0 / (self.draws + 1)


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
    By size. Exact by convolution wherever its cost allows (for counts of serious violence, always;
    not for thousands of crimes in a cell, or neighbourhoods of hundreds of cells); else from
    a million deals (fewer for neighbourhoods of more than 40 cells), with p = (1 + hits) /
    (1 + deals). Where fewer than a hundred deals reach a tail, p is the exact tail of values
    rounded to a coarser unit, if that is smaller: rounded so that it is never below the true one.

    Raises
    ------
    BadInputError
        There is no value, one is negative or not a whole number, or a size is larger than the
        number of cells.
    """
    check_values(values, int(sizes.max()))
    most = int(sizes.max())
    step = lattice_step(values)
    distinct, copies = np.unique(values // step, return_counts=True)
    if deal_fits(copies, most, largest // step):
        probability = deal(distinct, copies, most=most, largest=largest // step)
        return {size: exact_distribution(size, probability[size], step) for size in sizes.tolist()}
    bounds = _bounds(values, sizes, largest)
    deals = draw_deals(len(values), most, rng)
    # the first k of a deal without replacement are themselves such a deal: one draw serves all
    running = np.zeros(len(deals), dtype=np.int64)
    tables = {}
    for size in range(most + 1):
        if size:
            running = running + values[deals[:, size - 1]]
        if size in sizes:
            tables[size] = sampled_distribution(size, np.sort(running), bounds.get(size))
    return tables


def check_values(values: NDArray[np.int64], most: int) -> None:
    """Refuse what cannot be dealt.

    Raises
    ------
    BadInputError
        There is no value, one is negative or not a whole number, or fewer than ``most`` are given.
    """
    if len(values) == 0 or not np.issubdtype(values.dtype, np.integer) or values.min() < 0:
        msg = (
            "values must be non-negative whole numbers, one per cell: counts, or harm in "
            "thousandths of a day. Expected harm is no such number, and is not to be tested: it is "
            "smoothed over neighbours, which makes the very clusters that the test looks for."
        )
        raise BadInputError(msg)
    if most > len(values):
        msg = f"A neighbourhood of {most} cells cannot be dealt from {len(values)}."
        raise BadInputError(msg)


def lattice_step(values: NDArray[np.int64]) -> int:
    """Return the largest whole number that every value is a multiple of; 1 where all are zero."""
    return int(np.gcd.reduce(values)) or 1


def deal_fits(copies: NDArray[np.int64], most: int, largest: int, *, times: float = 1.0) -> bool:
    """Return whether the exact distribution can be had in about two seconds, within memory.

    Parameters
    ----------
    copies
        Of each distinct value, shape (d,).
    most, largest
        As :func:`spatial.hotspots.dealing.deal`.
    times
        How often it is to be built.
    """
    size = (most + 1) * (largest + 2)
    work = size * float((np.minimum(copies, most) + 1).sum()) * times
    return size * times <= _EXACT_SIZE and work <= _EXACT_WORK


def exact_distribution(
    size: int, probability: NDArray[np.float64], step: int
) -> ReferenceDistribution:
    """Return the distribution whose probabilities are known, the last being all larger sums."""
    at_least = np.cumsum(probability[::-1])[::-1]
    at_most = np.cumsum(probability)
    return ReferenceDistribution(
        size=size,
        method="exact",
        sums=np.arange(len(probability) - 1, dtype=np.int64) * step,
        at_least=np.minimum(at_least[:-1], 1.0),
        at_most=np.minimum(at_most[:-1], 1.0),
    )


def sampled_distribution(
    size: int, ordered: NDArray[np.int64], bound: CoarseBound | None = None
) -> ReferenceDistribution:
    """Return the distribution of sums that were drawn, in ascending order."""
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    after = np.append(first[1:], len(ordered))
    # (1 + hits) / (1 + deals): the observed arrangement is one of the deals
    return ReferenceDistribution(
        size=size,
        method="sampled",
        sums=ordered[first],
        at_least=np.asarray((1.0 + len(ordered) - first) / (len(ordered) + 1.0)),
        at_most=np.asarray((1.0 + after) / (len(ordered) + 1.0)),
        draws=len(ordered),
        bound=bound,
    )


def draw_deals(n: int, most: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """Return rows of different positions among n, every order equally likely.

    Parameters
    ----------
    n
        Number of cells to deal from.
    most
        Positions in a row, at most n; its first k are themselves a deal of k.
    rng
        The caller's.

    Returns
    -------
    int32, shape (:data:`DRAWS`, most); fewer rows where ``most`` is above 40.
    """
    draws = max(1, min(DRAWS, _MOST_DEALT // max(most, 1)))
    if n <= _SHUFFLED * most:
        # so few cells that most positions would be drawn again: shuffle them all
        rows = max(1, _MOST_DEALT // n)
        positions = np.arange(n, dtype=np.int32)
        return np.concatenate(
            [
                rng.permuted(np.tile(positions, (min(rows, draws - done), 1)), axis=1)[:, :most]
                for done in range(0, draws, rows)
            ]
        )
    deals = np.empty((most, draws), dtype=np.int32)
    for place in range(most):
        deals[place] = rng.integers(0, n, size=draws, dtype=np.int32)
        # a position that the row holds already is drawn again
        again = np.flatnonzero((deals[:place] == deals[place]).any(axis=0))
        while len(again):
            deals[place, again] = rng.integers(0, n, size=len(again), dtype=np.int32)
            again = again[(deals[:place, again] == deals[place, again]).any(axis=0)]
    return np.ascontiguousarray(deals.T)


def _bounds(
    values: NDArray[np.int64], sizes: NDArray[np.int64], largest: int
) -> dict[int, CoarseBound]:
    # the finest lattice that can be afforded twice over; none where not even the coarsest can
    most = int(sizes.max())
    for lattice in _COARSE_LATTICES:
        unit = max(1, -(-largest // lattice))
        up, down = (np.unique(v, return_counts=True) for v in (-(-values // unit), values // unit))
        if all(deal_fits(copies, most, lattice, times=2.0) for _, copies in (up, down)):
            above = deal(*up, most=most, largest=lattice)
            below = deal(*down, most=most, largest=lattice)
            return {
                size: CoarseBound(
                    unit,
                    np.minimum(np.cumsum(above[size][::-1])[::-1], 1.0),
                    np.minimum(np.cumsum(below[size]), 1.0),
                )
                for size in sizes.tolist()
            }
    return {}
