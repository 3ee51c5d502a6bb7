"""The null of Gi: each cell's own value held out, and the others dealt over the other cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from spatial.hotspots.dealing import deal_without_one
from spatial.hotspots.reference import (
    check_values,
    deal_fits,
    draw_deals,
    exact_distribution,
    lattice_step,
    sampled_distribution,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from spatial.hotspots.reference import ReferenceDistribution


class Tailed(Protocol):
    """A null distribution that knows its tails."""

    def upper(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return P(sum >= observed), ties included."""

    def lower(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return P(sum <= observed), ties included."""


@dataclass(frozen=True, slots=True, eq=False)
class FewerDeals:
    """A sampled distribution less the deals that hold one certain cell.

    Deals from all cells that do not hold the cell are deals from the others, each equally likely.

    Attributes
    ----------
    whole
        Of all deals.
    left_out
        Sums of the deals that hold the cell, int64, ascending.
    """

    whole: ReferenceDistribution
    left_out: NDArray[np.int64]

    def upper(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return (1 + hits) / (1 + deals) of sums at least as large."""
        hits = len(self.left_out) - np.searchsorted(self.left_out, observed, side="left")
        return self._share(self.whole.upper(observed), hits)

    def lower(self, observed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return (1 + hits) / (1 + deals) of sums at most as large."""
        hits = np.searchsorted(self.left_out, observed, side="right")
        return self._share(self.whole.lower(observed), hits)

    def _share(self, tail: NDArray[np.float64], hits: NDArray[np.int64]) -> NDArray[np.float64]:
        draws = self.whole.draws
        counted = np.rint(tail * (draws + 1)) - hits
        return np.asarray(counted / (draws + 1 - len(self.left_out)))


def held_out_distributions(
    values: NDArray[np.int64],
    sizes: NDArray[np.int64],
    *,
    largest: int,
    rng: np.random.Generator,
) -> tuple[Literal["exact", "sampled"], Iterator[tuple[int, int, Tailed]]]:
    """Return the null of a neighbourhood's sum for every own value and size.

    Parameters
    ----------
    values
        Non-negative whole numbers, one per cell, zeros included, shape (n,).
    sizes
        How many neighbours each cell has, itself not counted, shape (n,).
    largest
        The largest sum observed anywhere.
    rng
        Used only where the exact distribution would take too long.

    Returns
    -------
    ``exact`` or ``sampled``; and own value, size and distribution, for each pair that occurs.

    Raises
    ------
    BadInputError
        As :func:`spatial.hotspots.reference.reference_distributions`.
    """
    most = int(sizes.max())
    check_values(values, most + 1)
    step = lattice_step(values)
    distinct, copies = np.unique(values // step, return_counts=True)
    wanted = {(int(own), int(size)) for own, size in np.unique(np.stack([values, sizes]), axis=1).T}
    halvings = 1.0 + np.ceil(np.log2(len(distinct)))
    if deal_fits(copies, most, largest // step, times=float(halvings)):
        hands = deal_without_one(distinct, copies, most=most, largest=largest // step)
        return "exact", (
            (own * step, size, exact_distribution(size, probability[size], step))
            for own, probability in hands
            for size in range(most + 1)
            if (own * step, size) in wanted
        )
    return "sampled", _sampled(values, wanted, most, rng)


def _sampled(
    values: NDArray[np.int64], wanted: set[tuple[int, int]], most: int, rng: np.random.Generator
) -> Iterator[tuple[int, int, Tailed]]:
    deals = draw_deals(len(values), most, rng)
    # one cell stands for all that hold its value: which deals hold it, and from which place on
    distinct, stands = np.unique(values, return_index=True)
    which = np.full(len(values), -1, dtype=np.int64)
    which[stands] = np.arange(len(distinct))
    holder = which[deals]
    deal_at, place_at = np.nonzero(holder >= 0)
    held = holder[deal_at, place_at]
    order = np.argsort(held, kind="stable")
    deal_at, place_at = deal_at[order], place_at[order]
    starts = np.searchsorted(held[order], np.arange(len(distinct) + 1))
    running = np.zeros(len(deals), dtype=np.int64)
    for size in range(most + 1):
        if size:
            running = running + values[deals[:, size - 1]]
        owns = [k for k, own in enumerate(distinct.tolist()) if (own, size) in wanted]
        if not owns:
            continue
        whole = sampled_distribution(size, np.sort(running))
        for k in owns:
            part = slice(starts[k], starts[k + 1])
            holding = deal_at[part][place_at[part] < size]
            yield int(distinct[k]), size, FewerDeals(whole, np.sort(running[holding]))
