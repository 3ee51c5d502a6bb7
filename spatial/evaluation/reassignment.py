"""Reassignment: what the effect would have looked like had other places been patrolled."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MOST_LISTED: Final = 20_000
DRAWS: Final = 9_999
FEW: Final = 5
"""Patrolled (or comparison) places below which their own scatter cannot be their error."""

_SEED: Final = 1935
_HALVINGS: Final = 30
_FURTHEST: Final = math.log(1000.0)
_ALIKE: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Reassignment:
    """Ways in which as many places could have been patrolled.

    Attributes
    ----------
    ways
        Shape (ways, places), 1 where patrolled; the actual one is among them.
    treated
        The actual one.
    every
        Whether all ways are listed, or 9,999 drawn with a fixed seed and the actual one added.
    """

    ways: NDArray[np.float64]
    treated: NDArray[np.bool_]
    every: bool
    # the same without its noughts: most of the time goes into multiplying by them
    _filled: csr_array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the ways without their noughts."""
        object.__setattr__(self, "_filled", csr_array(self.ways))

    @property
    def words(self) -> str:
        """How they were found, for a method."""
        drawn = "all" if self.every else "drawn, the actual one among them"
        return f"{len(self.ways):,} ways to choose the patrolled places, {drawn}"

    @property
    def smallest_p(self) -> float:
        """The smallest two-sided p that can come out."""
        return min(1.0, 2 / len(self.ways))

    def tails(
        self, scores: NDArray[np.float64], weights: NDArray[np.float64]
    ) -> tuple[float, float]:
        """Return how often as low, and as high, a result comes out.

        Parameters
        ----------
        scores
            Each place's residual after the start, shape (places,); they add up to 0.
        weights
            Its information, shape (places,).

        Returns
        -------
        Shares of the ways whose standardised sum over the patrolled places is at most, and at
        least, the actual one's. It is standardised by the scatter of the scores themselves
        (clustered by place), so that large places patrolled do not pass for an effect; where fewer
        than five places are on a side, by their information.
        """
        actual = self._statistic(self.treated[None, :].astype(np.float64), scores, weights)[0]
        others = self._statistic(self._filled, scores, weights)
        near = _ALIKE * (1 + abs(actual))
        return float((others <= actual + near).mean()), float((others >= actual - near).mean())

    def _statistic(
        self,
        ways: NDArray[np.float64] | csr_array,
        scores: NDArray[np.float64],
        weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        size, others = int(self.treated.sum()), int((~self.treated).sum())
        # one pass over all ways: they are what costs time
        total, share, squares = (ways @ np.column_stack([scores, weights, scores**2])).T
        share = share / weights.sum()
        if min(size, others) < FEW:
            spread = share * (1 - share)
        else:
            rest = (scores**2).sum() - squares
            spread = (1 - share) ** 2 * squares * size / (size - 1)
            spread += share**2 * rest * others / (others - 1)
        statistic = np.zeros_like(total)
        np.divide(total, np.sqrt(np.maximum(spread, 0.0)), out=statistic, where=spread > 0)
        return statistic


def reassign(treated: NDArray[np.bool_]) -> Reassignment:
    """List, or draw, the ways in which as many places could have been patrolled.

    Parameters
    ----------
    treated
        Shape (places,), both kinds present.

    Returns
    -------
    All of them up to 20,000, else 9,999 draws with a fixed seed and the actual one.
    """
    places, size = len(treated), int(treated.sum())
    if math.comb(places, size) <= MOST_LISTED:
        chosen = np.array(list(itertools.combinations(range(places), size)))
        ways = np.zeros((len(chosen), places))
        np.put_along_axis(ways, chosen, 1.0, axis=1)
        return Reassignment(ways, treated, every=True)
    rng = np.random.default_rng(_SEED)
    order = rng.random((DRAWS, places)).argpartition(size - 1, axis=1)[:, :size]
    ways = np.zeros((DRAWS + 1, places))
    np.put_along_axis(ways[:-1], order, 1.0, axis=1)
    ways[-1] = treated
    return Reassignment(ways, treated, every=False)


def invert(
    tails: Callable[[float], tuple[float, float]], *, around: float, level: float
) -> tuple[float, float | None]:
    """Return the effects that the ways of choosing places do not rule out.

    Parameters
    ----------
    tails
        Shares as low and as high, given the logarithm of a supposed ratio.
    around
        Logarithm of the estimate: where the search begins.
    level
        Of the interval.

    Returns
    -------
    Ratios, low 0 and high None where no ratio within a thousandfold is ruled out. An effect lies
    inside where neither tail is (1 - level) / 2 or less, so interval and p agree.
    """
    tail = (1 - level) / 2
    low = _edge(lambda log: tails(log)[1] <= tail, around, -_FURTHEST)
    high = _edge(lambda log: tails(log)[0] <= tail, around, _FURTHEST)
    return (0.0 if low is None else math.exp(low)), (None if high is None else math.exp(high))


def _edge(ruled_out: Callable[[float], bool], inside: float, outside: float) -> float | None:
    # step outward until ruled out, then halve
    stride = 0.25 if outside > inside else -0.25
    beyond = inside
    while not ruled_out(beyond):
        if (beyond - outside) * stride >= 0:
            return None
        inside, beyond = beyond, beyond + stride
        stride *= 1.5
    for _ in range(_HALVINGS):
        middle = (inside + beyond) / 2
        inside, beyond = (inside, middle) if ruled_out(middle) else (middle, beyond)
        if abs(beyond - inside) < 1e-3:  # noqa: PLR2004 (a tenth of a per cent)
            break
    # the outer of the two: the interval is never a hair too short
    return beyond
