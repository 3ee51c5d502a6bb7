"""The exact rate ratio of independent incidents: how each place's incidents split over its days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spatial.evaluation.crossover.design import CrossoverDesign

_FURTHEST: Final = 25.0
_NEAR: Final = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class PoissonSplit:
    """Treated incidents given each group's total and days: a sum of binomials.

    Attributes
    ----------
    observed
        Treated incidents.
    totals
        Incidents of each group, treated and control.
    odds
        Treated days over control days of each group.
    """

    observed: int
    totals: NDArray[np.int64]
    odds: NDArray[np.float64]

    def chances(self, log_ratio: float = 0.0) -> NDArray[np.float64]:
        """Return the chance of each treated sum 0, 1, 2, ... at a rate ratio."""
        found = np.ones(1)
        for total, odds in zip(self.totals, self.odds, strict=True):
            # on the log scale an end of the range is certain, not an error
            share = 1 / (1 + np.exp(-(log_ratio + np.log(odds))))
            found = np.convolve(found, binom.pmf(np.arange(total + 1), total, share))
        return found

    def p(self) -> float:
        """Return the exact two-sided p: all sums that are no likelier than the one observed.

        As R's ``poisson.test``.
        """
        chances = self.chances()
        at = chances[self.observed]
        return min(1.0, float(chances[chances <= at * (1 + _NEAR)].sum()))

    def limits(self, *, level: float) -> tuple[float, float]:
        """Return the exact limits of the rate ratio, Clopper and Pearson's; 0 and inf for none."""
        half = (1 - level) / 2
        low, high = 0.0, float("inf")
        if self.observed > 0:
            low = _root(lambda log: float(self.chances(log)[self.observed :].sum()) - half)
        if self.observed < int(self.totals.sum()):
            high = _root(lambda log: half - float(self.chances(log)[: self.observed + 1].sum()))
        return low, high


def poisson_split(counts: NDArray[np.int64], design: CrossoverDesign) -> PoissonSplit:
    """Return the split by place; places with as many treated days are one group.

    Places that were treated on every day, or on none, say nothing and are left out.
    """
    days = design.treated.sum(axis=0)
    inner = (days > 0) & (days < design.treated.shape[0])
    groups, member = np.unique(days[inner], return_inverse=True)
    totals = np.bincount(member, weights=counts[:, inner].sum(axis=0)).astype(np.int64)
    observed = int(counts[:, inner][design.treated[:, inner]].sum())
    odds = groups / (design.treated.shape[0] - groups)
    return PoissonSplit(observed, totals, odds.astype(np.float64))


def _root(rising: Callable[[float], float]) -> float:
    return float(np.exp(brentq(rising, -_FURTHEST, _FURTHEST, xtol=1e-12, rtol=1e-12)))
