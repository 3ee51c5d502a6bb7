"""One day's draw: k of m places, at random among the sets that leave the rest of the plan possible.

Many schedules are drawn side by side: arrays have a row per schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What is known of each place on the morning of a day.

    Attributes
    ----------
    slack
        Shape (rows, m): by how many days from now, today being 1, the place must be treated.
    owed
        Shape (rows, m): on how many of the days left it will be treated.
    left
        Shape (rows, 1): days left, today included.
    """

    slack: NDArray[np.int64]
    owed: NDArray[np.int64]
    left: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    # places by urgency; beyond[j, row, c]: weight of the ways to go on after j places, c of them in
    order: NDArray[np.int64]
    odds: NDArray[np.float64]
    fewest: NDArray[np.int64]
    beyond: NDArray[np.float64]


def draw_day(
    outlook: Outlook, k: int, *, wait: int, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Draw the places of a day.

    Returns
    -------
    Who is treated (rows, m), and for which rows that was possible (rows,): a row whose earlier days
    have led to a dead end is returned empty.

    Notes
    -----
    A set S has a chance in proportion to the product over S of owed / (left - owed), which is
    nearly that of a table drawn uniformly among those with the same row and column sums (Chen,
    Diaconis, Holmes and Liu 2005, doi:10.1198/016214504000001303), among the sets after which no
    deadline need be missed: of the j places with the nearest deadlines, the latest in s days, at
    least j - k (s - 1) are treated today. The draw is by exact sums over all such sets.
    """
    ways = _ways(outlook, k, wait)
    rows, m = outlook.slack.shape
    line = np.arange(rows)
    possible = ways.beyond[0, :, 0] > 0
    count = np.zeros(rows, dtype=np.int64)
    treated = np.zeros((rows, m), dtype=bool)
    chance = rng.random((m, rows))
    for j in range(m):
        # a row cannot hold more than k: the column past the last is always nought
        into = ways.odds[:, j] * ways.beyond[j + 1, line, count + 1]
        taken = possible & (chance[j] * (into + ways.beyond[j + 1, line, count]) < into)
        treated[line, ways.order[:, j]] = taken
        count += taken
    return treated, possible


def chances(outlook: Outlook, k: int, *, wait: int) -> NDArray[np.float64]:
    """Return the chance (rows, m) that `draw_day` treats each place; not a number at a dead end."""
    ways = _ways(outlook, k, wait)
    rows, m = outlook.slack.shape
    found = np.empty((rows, m))
    so_far = np.zeros((rows, k + 2))
    so_far[:, 0] = 1.0
    total = ways.beyond[0, :, 0]
    total = np.where(total > 0, total, np.nan)
    for j in range(m):
        odds = ways.odds[:, j, None]
        into = so_far[:, :-1] * odds * ways.beyond[j + 1, :, 1:]
        found[np.arange(rows), ways.order[:, j]] = into.sum(axis=1) / total
        so_far[:, 1:] += odds * so_far[:, :-1]
        so_far[np.arange(k + 2) < ways.fewest[:, j, None]] = 0.0
    return found


def _ways(outlook: Outlook, k: int, wait: int) -> _Ways:
    slack, owed, left = outlook.slack, outlook.owed, outlook.left
    rows, m = slack.shape
    # who is owed every day left must be treated; a deadline after the end binds nobody
    due = np.where(owed >= left, 1, np.where(slack > left, m + 1, slack))
    # treated today, a place needs so many more days to keep within the wait until the end
    later = np.maximum(0, -((wait - left) // wait))
    barred = (owed == 0) | (owed - 1 < later)
    odds = np.where(barred, 0.0, owed / np.maximum(left - owed, 0.5))
    order = np.argsort(due, axis=1, kind="stable")
    odds = np.take_along_axis(odds, order, axis=1)
    due = np.take_along_axis(due, order, axis=1)
    fewest = np.arange(1, m + 1) - k * (due - 1)
    beyond = np.zeros((m + 1, rows, k + 2))
    beyond[m, :, k] = fewest[:, m - 1] <= k
    counts = np.arange(k + 2)
    for j in range(m - 1, -1, -1):
        here = beyond[j]
        here[:, :-1] = beyond[j + 1, :, :-1] + odds[:, j, None] * beyond[j + 1, :, 1:]
        if j:
            here[counts < fewest[:, j - 1, None]] = 0.0
    return _Ways(order, odds, fewest, beyond)
