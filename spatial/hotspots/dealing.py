"""Dealing: the exact probability of every sum that values dealt without replacement can come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """What sums a deal of so many of the values taken in so far can come to.

    Attributes
    ----------
    probability
        P(sum of j dealt values = s) in row j and column s, shape (most + 1, largest + 2); the last
        column holds every sum above ``largest``, whose tail is needed but not its shape. Rows of
        more values than were taken in are zero.
    taken
        How many values were taken in.
    top
        No sum above this can occur yet.
    """

    probability: NDArray[np.float64]
    taken: int = 0
    top: int = 0

    @classmethod
    def empty(cls, most: int, largest: int) -> Hand:
        """Return the hand before any value: deals of up to ``most``, sums up to ``largest``."""
        probability = np.zeros((most + 1, largest + 2))
        probability[0, 0] = 1.0
        return cls(probability)

    def take(self, value: int, copies: int) -> Hand:
        """Return the hand with so many copies of one value more, a whole number of at least 0.

        Notes
        -----
        Of j values dealt from taken + copies, t are copies of this one with the hypergeometric
        probability. All terms are positive: nothing cancels, and the far tail keeps its digits.
        """
        old, most = self.probability, len(self.probability) - 1
        beyond = old.shape[1] - 1
        top = min(self.top + min(copies, most) * value, beyond - 1)
        new = np.zeros_like(old)
        for chosen in range(min(copies, most) + 1):
            share = _hypergeometric(chosen, copies, self.taken, most)[:, np.newaxis]
            shift = chosen * value
            before = old[: most + 1 - chosen]
            # no further than sums that occur, nor than the columns go
            last = min(self.top, beyond - 1 - shift)
            if last >= 0:
                new[chosen:, shift : shift + last + 1] += share * before[:, : last + 1]
            over = before[:, max(last + 1, 0) : self.top + 1].sum(axis=1) + before[:, beyond]
            new[chosen:, beyond] += share[:, 0] * over
        return Hand(new, self.taken + copies, top)


def deal(
    values: NDArray[np.int64], copies: NDArray[np.int64], *, most: int, largest: int
) -> NDArray[np.float64]:
    """Return the probability of each sum of up to ``most`` values dealt from all of them.

    Parameters
    ----------
    values, copies
        Distinct whole numbers of at least 0, and how many of each there are.
    most, largest
        Sizes of deals, and the largest sum wanted by itself.

    Returns
    -------
    As :attr:`Hand.probability`.
    """
    hand = Hand.empty(most, largest)
    for value, copy in zip(values.tolist(), copies.tolist(), strict=True):
        hand = hand.take(value, copy)
    return hand.probability


def deal_without_one(
    values: NDArray[np.int64], copies: NDArray[np.int64], *, most: int, largest: int
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield, for each distinct value, what :func:`deal` gives with one copy of it held out.

    Notes
    -----
    Dividing one copy back out would cancel the far tail away. Instead the values are halved again
    and again, and each half is taken in on the way to the other: log2 times the work of one deal.
    """
    pairs = list(zip(values.tolist(), copies.tolist(), strict=True))
    yield from _each_without_one(Hand.empty(most, largest), pairs)


def _each_without_one(
    hand: Hand, pairs: list[tuple[int, int]]
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    if len(pairs) == 1:
        [(value, copy)] = pairs
        yield value, hand.take(value, copy - 1).probability
        return
    middle = len(pairs) // 2
    for inner, outer in ((pairs[:middle], pairs[middle:]), (pairs[middle:], pairs[:middle])):
        fuller = hand
        for value, copy in outer:
            fuller = fuller.take(value, copy)
        yield from _each_without_one(fuller, inner)


def _hypergeometric(chosen: int, copies: int, others: int, most: int) -> NDArray[np.float64]:
    # P(`chosen` of j dealt are copies) for j = chosen ... most; 0 where so many cannot be dealt
    share = np.zeros(most + 1 - chosen)
    dealt = np.arange(chosen, min(most, others + copies) + 1)
    if not len(dealt):
        return share
    falling = np.arange(chosen)
    first = np.prod((copies - falling) / (others + copies - falling))
    # from j to j + 1, by ratios: factorials of a million lose digits
    step = dealt[:-1].astype(float)
    ratio = (others - step + chosen) * (step + 1) / ((step + 1 - chosen) * (others + copies - step))
    # below: at most `others` of the rest can be dealt
    share[: len(dealt)] = first * np.cumprod(np.concatenate([[1.0], np.maximum(ratio, 0.0)]))
    return share
