"""Overlap: how much of a list stays from one origin to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.accuracy.capture import Ranking

    Floats = NDArray[np.float64]

PERSISTENCE: Final = 0.95
"""Weight that each further rank keeps: the first twenty hold two thirds of it."""


def jaccard(one: Ranking, other: Ranking, *, places: int) -> float:
    """Return the share of the places on either list that are on both, ties in expectation.

    Where places tie for the last ones, each list draws its own.
    """
    both = float(_shared(one, other, depth=places)[-1])
    return both / (2 * places - both)


def rank_biased_overlap(
    one: Ranking, other: Ranking, *, places: int, persistence: float = PERSISTENCE
) -> float:
    """Return the rank-biased overlap of two lists' first places: 1 for the same, 0 for none shared.

    Parameters
    ----------
    places
        How deep the lists are read.
    persistence
        Weight that each further rank keeps, between 0 and 1.

    Notes
    -----
    Webber, Moffat and Zobel (2010) doi:10.1145/1852102.1852106, eq. 4, cut off at ``places`` and
    brought to 1 for lists that agree throughout. Ties in expectation, each list drawing its own: a
    list whose places tie does not agree with itself.
    """
    depth = np.arange(1, places + 1)
    weights = persistence ** (depth - 1)
    agreement = _shared(one, other, depth=places) / depth
    return float(weights @ agreement / weights.sum())


def _shared(one: Ranking, other: Ranking, *, depth: int) -> Floats:
    """Return the places expected in both lists' first 1, 2, ... ranks, shape (depth,)."""
    mine, theirs = _levels(one, depth), _levels(other, depth)
    both = np.flatnonzero((mine >= 0) & (theirs >= 0))
    if not len(both):
        return np.zeros(depth)
    # cells that tie in both lists are alike: each pair of levels once
    pairs, cells = np.unique(
        np.column_stack([mine[both], theirs[both]]), axis=0, return_counts=True
    )
    chances = _chances(mine, depth)[pairs[:, 0]] * _chances(theirs, depth)[pairs[:, 1]]
    return np.asarray(cells @ chances, dtype=np.float64)


def _levels(ranked: Ranking, depth: int) -> NDArray[np.int64]:
    # 0 for the highest score, 1 for the next; -1 for cells that cannot be among the first
    last = ranked.ascending[max(len(ranked.ascending) - depth, 0)]
    able = ranked.scores >= last
    _, level = np.unique(-ranked.scores[able], return_inverse=True)
    found = np.full(len(ranked.scores), -1, dtype=np.int64)
    found[able] = level.reshape(-1)
    return found


def _chances(levels: NDArray[np.int64], depth: int) -> Floats:
    # the chance of each level's cells to be among the first 1, 2, ..., shape (levels, depth)
    sizes = np.bincount(levels[levels >= 0])
    before = np.cumsum(sizes) - sizes
    reach = np.arange(1, depth + 1)
    return np.clip((reach - before[:, None]) / sizes[:, None], 0.0, 1.0)
