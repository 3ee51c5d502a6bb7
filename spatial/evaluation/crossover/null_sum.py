"""The exact chance of every sum of counts on treated place-days, under the draw that was made.

The draw is so many places each day, each day by itself. What happened on a place-day moves as a
whole, so that incidents which come together are not taken for independent ones.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spatial.evaluation.crossover.design import CrossoverDesign

_NEAR: Final = 1e-9
# a tilt by which one incident weighs e^40 times another: all but the end of the range has no chance
_STEEPEST: Final = 40.0


@dataclass(frozen=True, slots=True)
class PValues:
    """P-values of no effect on any place-day.

    Attributes
    ----------
    less, greater
        Of a sum as low, and as high, as observed.
    two_sided
        Of a sum as far from its mean: the usual two-sided re-randomisation p.
    doubled
        Twice the smaller tail, at most 1: what goes with the interval.
    mid
        The same with half the chance of exactly what was observed.
    """

    less: float
    greater: float
    two_sided: float
    doubled: float
    mid: float


@dataclass(frozen=True, slots=True, eq=False)
class NullSum:
    """The sum of counts on treated place-days over all draws that could have been made.

    Attributes
    ----------
    observed
        The sum under the draw that was made.
    total
        Treated and control together.
    sums, chances
        Every sum that has a chance, lowest first, and that chance.
    """

    observed: int
    total: int
    sums: NDArray[np.int64]
    chances: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """The sum expected without an effect."""
        return float(self.chances @ self.sums)

    @property
    def variance(self) -> float:
        """Variance of the sum without an effect."""
        return float(self.chances @ (self.sums - self.mean) ** 2)

    @property
    def clustering(self) -> float:
        """The variance over that of incidents which come one by one: 1 for none, more for some."""
        share = self.mean / self.total
        alone = self.total * share * (1 - share)
        return self.variance / alone if alone > 0 else 1.0

    def ratio(self, treated: float) -> float:
        """Return the rate ratio that a sum, or its expectation, stands for; inf for all treated."""
        others, expected = self.total - treated, self.mean
        if others <= 0:
            return float("inf")
        return (treated / others) * ((self.total - expected) / expected)

    def tilted(self, tilt: float) -> NDArray[np.float64]:
        """Return the chances with each allocation weighed by exp(tilt x treated count)."""
        logs = np.log(self.chances) + tilt * self.sums
        found = np.exp(logs - logs.max())
        return np.asarray(found / found.sum())

    def ratio_at(self, tilt: float) -> float:
        """Return the rate ratio whose allocations are tilted by exp(tilt x treated count)."""
        return self.ratio(self._mean_at(tilt))

    def p_values(self) -> PValues:
        """Return the exact p-values of no effect on any place-day."""
        far = abs(self.observed - self.mean) * (1 - _NEAR) - _NEAR
        low, high, same = self._tails(self.chances)
        return PValues(
            less=low,
            greater=high,
            two_sided=min(1.0, float(self.chances[np.abs(self.sums - self.mean) >= far].sum())),
            doubled=min(1.0, 2 * min(low, high)),
            mid=min(1.0, 2 * min(low, high) - same),
        )

    def limits(self, *, level: float, mid: bool = False) -> tuple[float, float]:
        """Return the rate ratios between which the test does not refuse; 0 and inf for no limit.

        ``mid`` counts half the chance of exactly what was observed: shorter, and right on average
        only.

        Notes
        -----
        The chances are tilted exponentially, and each tilt named by the rate ratio that its mean
        stands for: the natural family through the randomisation distribution. At ratio 1 it is that
        distribution; for incidents that come one by one it is the exact conditional (binomial or
        hypergeometric) family; where they come in clusters it is as much wider as the draw says.
        """
        half, share = (1 - level) / 2, 0.5 if mid else 0.0
        low, high = 0.0, float("inf")
        if self.observed > self.sums[0]:

            def too_low(tilt: float) -> float:
                _, above, same = self._tails(self.tilted(tilt))
                return above - share * same - half

            low = self.ratio_at(_root(too_low))
        if self.observed < self.sums[-1]:

            def too_high(tilt: float) -> float:
                below, _, same = self._tails(self.tilted(tilt))
                return half - (below - share * same)

            high = self.ratio_at(_root(too_high))
        return low, high

    def covers(self, ratio: float, *, level: float, mid: bool = False) -> bool:
        """Return whether the interval would hold a rate ratio, without working it out."""
        tilt = _root(lambda tilt: self.ratio_at(tilt) - ratio)
        below, above, same = self._tails(self.tilted(tilt))
        share = 0.5 if mid else 0.0
        return min(below, above) - share * same > (1 - level) / 2

    def _mean_at(self, tilt: float) -> float:
        return float(self.tilted(tilt) @ self.sums)

    def _tails(self, chances: NDArray[np.float64]) -> tuple[float, float, float]:
        at = int(np.searchsorted(self.sums, self.observed))
        return (
            min(1.0, float(chances[: at + 1].sum())),
            min(1.0, float(chances[at:].sum())),
            float(chances[at]),
        )


def null_sum(counts: NDArray[np.int64], design: CrossoverDesign) -> NullSum:
    """Return the exact distribution under a draw of so many places each day, each day by itself.

    Parameters
    ----------
    counts
        Shape (days, places).

    Notes
    -----
    Per day the sums of a draw without replacement, then their convolution over days: all that
    enumerating every allocation would say. It is exact whatever the counts' own distribution, and
    however they hang together.
    """
    places = counts.shape[1]
    patterns: Counter[tuple[int, tuple[int, ...]]] = Counter()
    fixed = 0
    for row, k in zip(counts, design.each_day, strict=True):
        busy = tuple(sorted(int(count) for count in row[row > 0]))
        if k in {0, places}:
            fixed += sum(busy) if k else 0
        elif busy:
            patterns[int(k), busy] += 1
    chances = np.ones(1)
    for (k, busy), times in sorted(patterns.items()):
        chances = np.convolve(chances, _power(_of_a_day(busy, k, places), times))
    observed = int(counts[design.treated].sum())
    sums = np.arange(chances.size) + fixed
    # what rounding took away in the furthest tails, and what no draw can give
    there = chances > 0
    return NullSum(observed, int(counts.sum()), sums[there], chances[there])


def _of_a_day(busy: tuple[int, ...], k: int, places: int) -> NDArray[np.float64]:
    # ways[a, s]: how many choices of a busy places hold s incidents
    most = sum(busy)
    ways = np.zeros((len(busy) + 1, most + 1))
    ways[0, 0] = 1.0
    for number, count in enumerate(busy, start=1):
        ways[1 : number + 1, count:] += ways[:number, : most + 1 - count].copy()
    quiet = places - len(busy)
    rest = k - np.arange(len(busy) + 1)
    logs = np.full(rest.shape, -np.inf)
    fits = (rest >= 0) & (rest <= quiet)
    some = rest[fits]
    logs[fits] = -gammaln(some + 1) - gammaln(quiet - some + 1)
    found = np.exp(logs - logs.max()) @ ways
    return np.asarray(found / found.sum())


def _power(chances: NDArray[np.float64], times: int) -> NDArray[np.float64]:
    found, square = np.ones(1), chances
    while times:
        if times & 1:
            found = np.convolve(found, square)
        times >>= 1
        if times:
            square = np.convolve(square, square)
    return found


def _root(rising: Callable[[float], float], furthest: float = _STEEPEST) -> float:
    if rising(-furthest) >= 0:
        return -furthest
    if rising(furthest) <= 0:
        return furthest
    return float(brentq(rising, -furthest, furthest, xtol=1e-13, rtol=1e-12))
