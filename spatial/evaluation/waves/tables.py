"""Tables of two by two: how far from no change, and the one ratio of several of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FURTHEST: Final = math.log(1000.0)

_HALVINGS: Final = 50


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """How far tables of two by two are from no change, every array of shape (n,).

    All is 0 where a margin is empty: such a table says nothing.

    Attributes
    ----------
    change
        Logarithm of the ratio of changes, to first order.
    mine, theirs
        What one incident more than expected, in the wave and in the others, adds to it.
    share
        Of all incidents, those that came after.
    """

    change: NDArray[np.float64]
    mine: NDArray[np.float64]
    theirs: NDArray[np.float64]
    share: NDArray[np.float64]

    def counts_for(self, expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what tables count for: the harmonic mean of what was expected and what they hold.

        Where there are incidents enough this is about what was expected; a table that came out
        nearly empty, whose ratio can be anything, counts for little. Never negative.
        """
        held = self.mine + self.theirs
        found: NDArray[np.float64] = np.where(held > 0, 2 * expected / (1 + expected * held), 0.0)
        return found


def departure(table: NDArray[np.float64]) -> Departure:
    """Return how far tables are from no change.

    Parameters
    ----------
    table
        Shape (n, 2, 2): the wave first, after first.
    """
    rows, columns = table.sum(axis=2), table.sum(axis=1)
    whole = columns.sum(axis=1)
    filled = (rows > 0).all(axis=1) & (columns > 0).all(axis=1)
    columns = np.where(filled[:, None], columns, 1.0)
    rows = np.where(filled[:, None], rows, 1.0)
    whole = np.where(filled, whole, 1.0)
    across = whole**2 / (columns[:, 0] * columns[:, 1]) * filled
    mine, theirs = across / rows[:, 0], across / rows[:, 1]
    share = columns[:, 0] / whole * filled
    change = (table[:, 0, 0] - rows[:, 0] * share) * (mine + theirs)
    return Departure(change, mine, theirs, share)


def common_ratio(tables: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ratio that leaves no departure over, among several comparisons.

    Parameters
    ----------
    tables
        Shape (n, comparisons, 2, 2).
    weights
        What was expected of each, shape (comparisons,): see :meth:`Departure.counts_for`.

    Returns
    -------
    Shape (n,): between the smallest and the greatest ratio of the single comparisons, so no weight
    is ever negative; 0 where nothing came after, nan where there is nothing to compare.
    """
    number = len(tables)
    low, high = np.full(number, -FURTHEST), np.full(number, FURTHEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        supposed = tables.copy()
        supposed[:, :, 0, 0] /= np.exp(middle)[:, None]
        found = departure(supposed.reshape(-1, 2, 2))
        counted = found.counts_for(np.tile(weights, number)) * found.change
        above = counted.reshape(number, -1).sum(axis=1) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    ratio: NDArray[np.float64] = np.exp((low + high) / 2)
    ratio[tables[:, :, 0, 0].sum(axis=1) == 0] = 0.0
    empty = (tables[:, :, 0, 1].sum(axis=1) == 0) | (tables[:, :, 1].sum(axis=1) == 0).any(axis=1)
    ratio[empty] = np.nan
    return ratio
