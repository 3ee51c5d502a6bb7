"""Visit times: when each round of visits sets out, unpredictable within its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HOUR: Final = 60
# far more than any round can have visits in peak hours
_UNCLEAR: Final = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """One patrol's round on one day, without its times.

    Attributes
    ----------
    arrivals
        Minutes after setting out at which each of its visits begins, shape (stops,).
    minutes
        Its length, back at the base.
    peaks
        Shape (stops, 24): which hours of the policing day are each stop's peak on that day.
    """

    arrivals: NDArray[np.int64]
    minutes: int
    peaks: NDArray[np.bool_]


def set_outs(  # noqa: PLR0913 (a round, how often, within what)
    one: Round,
    *,
    visits: int,
    span: int,
    gap: int,
    unclear: tuple[int, int],
    begins_after: int,
    draws: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Draw when a round sets out, each of the times it is walked.

    Parameters
    ----------
    visits
        Times it is walked.
    span
        Minutes in force that day; a round begins and ends within them.
    gap
        Least minutes between two setting-outs; never less than the round takes.
    unclear
        Minutes from and to whose clock time comes twice; no visit begins in them.
    begins_after
        Minutes from the policing day's start to the beginning of the span, for the peaks.
    draws
        Sets of times drawn, of which the one with most visits in peak hours is taken, the first
        where several have as many: without peaks every set that keeps the gaps is as likely.

    Returns
    -------
    Minutes since the beginning of the span, ascending, shape (visits,); and which visits have a
    time that is clear, shape (visits, stops).
    """
    apart = max(gap, one.minutes)
    free = span - one.minutes - (visits - 1) * apart
    drawn = np.sort(rng.integers(0, free + 1, size=(draws, visits)), axis=1)
    times = drawn + np.arange(visits) * apart
    starts = times[:, :, None] + one.arrivals
    clear = (starts < unclear[0]) | (starts >= unclear[1])
    hours = np.minimum((starts + begins_after) // _HOUR, one.peaks.shape[1] - 1)
    inside = one.peaks[np.arange(len(one.arrivals)), hours]
    score = inside.sum(axis=(1, 2)) - _UNCLEAR * (~clear).sum(axis=(1, 2))
    best = int(np.argmax(score))
    return times[best], clear[best]
