"""Re-randomisation: the draw made again and again as it was designed, for what has no exact sum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import gammaln

from spatial.evaluation.crossover.null_sum import PValues
from spatial.targets.schedule.allocation import allocate_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.evaluation.crossover.design import CrossoverDesign

DRAWS: Final = 10_000
SEED: Final = 20261121
_NEAR: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class _BusyDay:
    # the day's place in the row of busy place-days, its counts, how many are treated, and the ways
    # to choose the rest among quiet places, by how many are left
    first: int
    counts: NDArray[np.float64]
    treated: int
    rest: NDArray[np.float64]

    def chances(self, tilt: float) -> NDArray[np.float64]:
        """Return [j, r]: the chance of busy place j where r treatments are left."""
        weights = np.exp(tilt * self.counts)
        busy = weights.size
        ways = np.zeros((busy + 1, self.treated + 1))
        ways[busy] = self.rest
        for j in range(busy - 1, -1, -1):
            ways[j] = ways[j + 1]
            ways[j, 1:] += weights[j] * ways[j + 1, :-1]
        found = np.zeros((busy, self.treated + 1))
        into = weights[:, None] * ways[1:, :-1]
        np.divide(into, ways[:-1, 1:], out=found[:, 1:], where=ways[:-1, 1:] > 0)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class BusyDraws:
    """Draws of the busy place-days (those that hold incidents), each day by itself.

    Attributes
    ----------
    where
        Flat positions of the busy place-days, shape (busy,), day by day.
    """

    where: NDArray[np.intp]
    _days: tuple[_BusyDay, ...]
    _chance: NDArray[np.float32]

    def first(self, draws: int) -> BusyDraws:
        """Return the first so many of them."""
        return replace(self, _chance=self._chance[:, :draws])

    def sums(self, values: NDArray[np.float64], tilt: float = 0.0) -> NDArray[np.float64]:
        """Return the treated sum of values (days, places) in each draw.

        ``tilt`` weighs an allocation by exp(tilt x its treated count); the same numbers of chance
        are used at every tilt, so that sums move with it and not with luck.
        """
        worth = values.ravel()[self.where]
        taken = np.empty(self._chance.shape, dtype=bool)
        for day in self._days:
            chances = day.chances(tilt)
            taken[day.first] = self._chance[day.first] < chances[0, day.treated]
            left = day.treated - taken[day.first].astype(np.int64)
            for j in range(1, day.counts.size):
                row = day.first + j
                taken[row] = self._chance[row] < chances[j][left]
                left -= taken[row]
        return np.asarray(worth @ taken)


def busy_draws(
    counts: NDArray[np.int64], design: CrossoverDesign, *, draws: int, rng: np.random.Generator
) -> BusyDraws:
    """Draw where busy place-days fall, so many times, for a draw of each day by itself."""
    where = np.flatnonzero(counts)
    days, firsts, sizes = np.unique(where // counts.shape[1], return_index=True, return_counts=True)
    flat = counts.ravel()[where].astype(np.float64)
    busy = []
    for day, first, size in zip(days, firsts, sizes, strict=True):
        treated, quiet = int(design.each_day[day]), counts.shape[1] - int(size)
        left = np.arange(treated + 1)
        logs = np.full(treated + 1, -np.inf)
        fits = left <= quiet
        logs[fits] = -gammaln(left[fits] + 1) - gammaln(quiet - left[fits] + 1)
        rest = np.exp(logs - logs.max())
        busy.append(_BusyDay(int(first), flat[first : first + size], treated, rest))
    chance = rng.random((where.size, draws), dtype=np.float32)
    return BusyDraws(where, tuple(busy), chance)


def redraws(design: CrossoverDesign, *, draws: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Draw the whole allocation again as designed: shape (draws, days, places).

    With a longest wait this is `harmhex schedule`'s own draw, limits and all; without, so many
    places each day, each day by itself.
    """
    days, places = design.treated.shape
    each = design.each_day
    if design.longest_wait is not None:
        return allocate_many(
            places, int(each[0]), days, wait=design.longest_wait, draws=draws, rng=rng
        )
    order = rng.random((draws, days, places), dtype=np.float32).argsort(axis=2).argsort(axis=2)
    return np.asarray(order < each[None, :, None])


def sums_of(drawn: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the treated sum of values (days, places) in each of some drawn allocations."""
    where = np.flatnonzero(values)
    flat = drawn.reshape(drawn.shape[0], -1)[:, where]
    # as floats: a product with truth values is not left to the fast library
    return np.asarray(flat.astype(np.float64) @ values.ravel()[where])


def monte_carlo_p(observed: float, drawn: NDArray[np.float64], *, mean: float) -> PValues:
    """Return p-values as (1 + as extreme) / (draws + 1): never nought, and never too small.

    ``mean`` is the sum expected without an effect.
    """
    near = _NEAR * max(1.0, abs(observed), abs(mean))
    count = drawn.size + 1
    low = (1 + int((drawn <= observed + near).sum())) / count
    high = (1 + int((drawn >= observed - near).sum())) / count
    same = int((np.abs(drawn - observed) <= near).sum()) / count
    far = 1 + int((np.abs(drawn - mean) >= abs(observed - mean) - near).sum())
    return PValues(
        less=low,
        greater=high,
        two_sided=min(1.0, far / count),
        doubled=min(1.0, 2 * min(low, high)),
        mid=min(1.0, 2 * min(low, high) - same),
    )
