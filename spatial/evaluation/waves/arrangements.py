"""Arrangements: the other ways in which the same starts could have fallen to the places."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

DRAWS: Final = 1_999
MOST_LISTED: Final = 2_000

_SEED: Final = 1935


@dataclass(frozen=True, slots=True, eq=False)
class Arrangements:
    """Ways in which the places could have been put into waves.

    Attributes
    ----------
    ways
        The wave of each place, shape (ways, places); the actual one is the last.
    every
        Whether all are listed, or drawn with a fixed seed and the actual one added.
    drawn
        Whether chance drew the order of all places, so that these are the ways in which that lot
        could have fallen.
    """

    ways: NDArray[np.int64]
    every: bool
    drawn: bool

    @property
    def words(self) -> str:
        """How they were found, for a method."""
        number = f"{len(self.ways):,}"
        which = "all" if self.every else "drawn, the actual one among them"
        if self.drawn:
            return f"{number} orders that the lot could have given, {which}"
        return f"{number} ways to put the places into waves, {which}"

    @property
    def smallest_p(self) -> float:
        """The smallest two-sided p that can come out."""
        return min(1.0, 2 / len(self.ways))


def arrange(wave: NDArray[np.int64], *, drawn: bool) -> Arrangements:
    """List, or draw, the ways to share out the same waves.

    Parameters
    ----------
    wave
        Of each place, shape (places,).
    drawn
        Whether chance drew the order.
    """
    sizes = np.bincount(wave)
    number = math.factorial(len(wave))
    for size in sizes:
        number //= math.factorial(int(size))
    every = number <= MOST_LISTED
    if every:
        listed = [one for one in _orders(sizes.tolist()) if one != tuple(wave.tolist())]
        others = np.array(listed, dtype=np.int64).reshape(len(listed), len(wave))
    else:
        rng = np.random.default_rng(_SEED)
        others = wave[rng.random((DRAWS, len(wave))).argsort(axis=1)]
    return Arrangements(np.vstack([others, wave]), every, drawn)


def _orders(left: list[int]) -> Iterator[tuple[int, ...]]:
    if not any(left):
        yield ()
        return
    for label, size in enumerate(left):
        if size:
            left[label] -= 1
            for rest in _orders(left):
                yield (label, *rest)
            left[label] += 1
