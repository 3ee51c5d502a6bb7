"""Rank stability: the chance that a cell is among the top N, given how uncertain its harm is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincc

from config.errors import BadInputError
from spatial.hotspots.expected.shrinkage import CERTAIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HALVINGS = 60
# a cell whose upper reach lies below this many of the least uncertain rivals cannot matter
_REACH = 8.0


def chance_in_top(
    mean: NDArray[np.float64], variance: NDArray[np.float64], *, places: int
) -> NDArray[np.float64]:
    """Return each cell's chance of being among the top N.

    Parameters
    ----------
    mean, variance
        Moments of each cell's expected harm, not negative, shape (n,); its distribution is taken
        for gamma, and cells for independent.
    places
        N, at least 1.

    Returns
    -------
    Chances, 0 to 1, shape (n,), that add up to N (or to n, where there are no more cells).

    Raises
    ------
    BadInputError
        ``places`` is below 1.

    Notes
    -----
    The chance of lying above the level that N cells are expected to exceed: no draws, so the same
    every time. It is close where N is above about five; the true level moves a little from draw to
    draw, which for N of 1 or 2 makes the leader look surer than it is. Errors that neighbouring
    cells share (a wrong coefficient) are not in it. Cells that are certain and alike share what is
    left of the N equally.
    """
    if places < 1:
        msg = f"The top {places!r} places are none. Ask for at least 1."
        raise BadInputError(msg)
    if places >= len(mean):
        return np.ones(len(mean))
    # only cells whose upper reach passes the N-th lowest reach can have any chance
    spread = np.sqrt(variance)
    floor = np.partition(np.maximum(mean - _REACH * spread, 0), -places)[-places]
    able = np.flatnonzero(mean + _REACH * spread >= floor)
    unsure = variance[able] > CERTAIN * mean[able] ** 2
    shape = np.where(unsure, mean[able] ** 2 / np.where(unsure, variance[able], 1), 1)
    scale = np.where(unsure, variance[able] / np.where(unsure, mean[able], 1), 1)

    def above(level: float) -> NDArray[np.float64]:
        certain = (mean[able] > level).astype(np.float64)
        return np.where(unsure, gammaincc(shape, max(level, 0.0) / scale), certain)

    # below nothing, so that cells without any harm can share the last places
    low, high = -1.0, float((mean + _REACH * spread).max()) * 2 + 1
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle).sum() > places else (low, middle)
    # between the two ends lies at most a step: cells tied at the level share it
    under, over = above(low), above(high)
    gap = under.sum() - over.sum()
    share = (places - over.sum()) / gap if gap > 0 else 0.0
    chances = np.zeros(len(mean))
    chances[able] = np.clip(over + share * (under - over), 0, 1)
    return chances
