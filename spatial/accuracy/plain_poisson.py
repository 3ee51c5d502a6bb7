"""The plain model: a log-linear Poisson regression on a year of each kind and of its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.accuracy.known import YEAR, Known, latest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.hexes.history import CellHistory
    from spatial.hexes.rings import Rings

    Floats = NDArray[np.float64]

HELD_BACK: Final = 3
"""Periods held back to learn from, where twice as many are known."""
_NEIGHBOURS: Final = 6.0
_STEPS, _SETTLED = 50, 1e-6
_LARGEST: Final = 50.0


def plain_poisson(known: Known) -> Floats:
    """Rank by what a plain regression expects: the peer that a better model has to beat.

    Returns
    -------
    The logarithm of the expected rate, but for a constant, shape (n,).
    """
    return poisson_scores(known.history, known.ground.rings, own=known.own)


def poisson_scores(history: CellHistory, rings: Rings, *, own: Sequence[int]) -> Floats:
    """Return the scores of the regression of the last quarter on the year before it.

    Parameters
    ----------
    history
        What is known; a history of a single period, or without an incident of its own in the
        periods held back, scores every cell alike.
    rings
        The neighbours, in the same order of cells.
    own
        The kinds whose incidents are counted, taken together.

    Notes
    -----
    Features are log(1 + a year's count) of every kind in the cell and in the six that adjoin, with
    a light ridge that keeps kinds that come together apart; where less than a year is known, counts
    are brought to a year's.
    """
    before = history.periods - (HELD_BACK if history.periods >= 2 * HELD_BACK else 1)
    if before < 1:
        return np.zeros(history.cells)
    ahead = np.arange(history.periods) >= before
    events = history.weighted(list(own), ahead.astype(np.float64))
    if not events.sum():
        return np.zeros(history.cells)
    length = min(YEAR, before)
    worth = _fit(_features(history.first(before), rings, length), events)
    now = _features(history, rings, min(YEAR, history.periods))
    return np.asarray(now @ worth[1:])


def _features(history: CellHistory, rings: Rings, length: int) -> Floats:
    year = latest(history, length)
    counts = [year.total([kind]) * (YEAR / length) for kind in range(len(history.kinds))]
    around = [_NEIGHBOURS * rings.averages(count)[0] for count in counts]
    return np.log1p(np.column_stack([*counts, *around]))


def _fit(features: Floats, events: Floats) -> Floats:
    # cells of which nothing is known differ in nothing: one row with as many cells behind it
    told = features.any(axis=1)
    rows = np.vstack([features[told], np.zeros(features.shape[1])])
    table = np.column_stack([np.ones(len(rows)), rows])
    cells = np.append(np.ones(int(told.sum())), float((~told).sum()))
    counts = np.append(events[told], events[~told].sum())
    ridge = np.append(0.0, np.ones(features.shape[1]))

    def loss(worth: Floats) -> float:
        logs = np.clip(table @ worth, -_LARGEST, _LARGEST)
        return float(cells @ np.exp(logs) - counts @ logs + ridge @ worth**2 / 2)

    worth = np.zeros(table.shape[1])
    worth[0] = np.log(counts.sum() / cells.sum())
    for _ in range(_STEPS):
        expected = cells * np.exp(np.clip(table @ worth, -_LARGEST, _LARGEST))
        bend = (table * expected[:, None]).T @ table + np.diag(ridge)
        step = np.linalg.solve(bend, table.T @ (counts - expected) - ridge * worth)
        now = loss(worth)
        # a whole step overshoots at first: shorten it until it improves
        while loss(worth + step) > now and np.abs(step).max() > _SETTLED:
            step = step / 2
        worth = worth + step
        if np.abs(step).max() < _SETTLED:
            break
    return worth
