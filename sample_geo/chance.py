"""Chance: draws that are the same on every machine and every version of NumPy."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_UNIT = 2.0**-53


class Chance:
    """A stream of draws for one topic, independent of every other topic's.

    Adding draws to one topic, or a new topic, leaves the others as they were: a later version of
    the town can grow without reshuffling what stands.

    Parameters
    ----------
    seed
        The town's seed.
    topic
        What the draws are for; part of the stream's identity.

    Notes
    -----
    Only the raw 64-bit output of PCG64 is used (NumPy promises that this never changes for a seed),
    and every distribution is made here by its inverse, because the streams of NumPy's own
    distributions may change between versions.
    """

    def __init__(self, seed: int, topic: str) -> None:
        """Start the stream of a topic."""
        self._bits = np.random.PCG64([seed, zlib.crc32(topic.encode())])

    def uniform(self, n: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
        """Draw n numbers, equally likely anywhere in [low, high)."""
        raw = np.asarray(self._bits.random_raw(n), dtype=np.uint64)
        unit = (raw >> np.uint64(11)).astype(np.float64) * _UNIT
        return low + (high - low) * unit

    def one(self, low: float = 0.0, high: float = 1.0) -> float:
        """Draw one number in [low, high)."""
        return float(self.uniform(1, low, high)[0])

    def integers(self, n: int, low: int, high: int) -> NDArray[np.int64]:
        """Draw n whole numbers from low to high, both included."""
        drawn: NDArray[np.int64] = np.floor(self.uniform(n) * (high - low + 1)).astype(np.int64)
        return low + drawn

    def pick(self, weights: ArrayLike, n: int) -> NDArray[np.int64]:
        """Draw n positions, each as likely as its weight (any scale, none negative)."""
        total = np.cumsum(np.asarray(weights, dtype=float))
        found = np.searchsorted(total, self.uniform(n) * total[-1], side="right")
        return np.asarray(np.minimum(found, len(total) - 1), dtype=np.int64)

    def happens(self, chances: ArrayLike) -> NDArray[np.bool_]:
        """Draw yes or no for each chance (0-1)."""
        likely = np.asarray(chances, dtype=float)
        return np.asarray(self.uniform(likely.size).reshape(likely.shape) < likely)

    def counts(self, means: ArrayLike) -> NDArray[np.int64]:
        """Draw a number of events for each mean (Poisson), same shape; means of up to 700."""
        mean = np.asarray(means, dtype=float)
        luck = self.uniform(mean.size).reshape(mean.shape)
        chance = np.exp(-mean)
        reached = chance.copy()
        found = np.zeros(mean.shape, dtype=np.int64)
        most = int(mean.max(initial=0.0) + 12 * np.sqrt(mean.max(initial=0.0)) + 20)
        for number in range(1, most + 1):
            more = luck >= reached
            if not more.any():
                break
            found += more
            chance = chance * mean / number
            reached = reached + chance
        return found

    def bell(self, n: int, spread: float = 1.0) -> NDArray[np.float64]:
        """Draw n bell-shaped numbers about zero, never beyond 3.5 spreads.

        The sum of twelve uniforms: near enough to a normal for a town, and plain arithmetic.
        """
        sums: NDArray[np.float64] = self.uniform(n * 12).reshape(n, 12).sum(axis=1) - 6.0
        return sums.clip(-3.5, 3.5) * spread

    def waits(self, n: int, mean: float) -> NDArray[np.float64]:
        """Draw n waits of a mean length, short ones likelier (exponential)."""
        return np.asarray(-mean * np.log1p(-self.uniform(n)), dtype=np.float64)

    def order(self, n: int) -> NDArray[np.int64]:
        """Draw an order of n things."""
        return np.argsort(self.uniform(n), kind="stable")

    def shuffled(self, things: Sequence[str]) -> list[str]:
        """Return the things in a drawn order."""
        return [things[int(i)] for i in self.order(len(things))]
