"""The usual range: how many incidents a day or a week like this one brings, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import nbinom

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEVEL: Final = 0.95
REFERENCE: Final = 4
"""Periods like this one that the range rests on: the last four same weekdays, or weeks."""
SMALL: Final = 5
"""Below it, what happened and what is usual are both called small: one or two tell nothing."""

# half an incident: Jeffreys' prior of a Poisson rate
_PRIOR: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What is usual for each of several series, every array of shape (rows,).

    Attributes
    ----------
    mean
        Incidents of a period, over the reference.
    low, high
        The usual range, both ends in it: of periods whose rate has not changed, at least ``level``
        of every hundred are meant to fall into it.
    dispersion
        Variance over mean that was used, 1 (Poisson) or more.
    """

    mean: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    dispersion: NDArray[np.float64]


def usual_range(
    reference: ArrayLike, *, history: ArrayLike, lag: int = 1, level: float = LEVEL
) -> Usual:
    """Return the range into which one more period of the same rate would fall.

    Parameters
    ----------
    reference
        Counts of the periods like this one just before it, shape (rows, periods).
    history
        Counts of periods in their order, oldest first, shape (rows, m): says how much the series
        swings from one period to the next like it.
    lag
        Columns of ``history`` between periods that are alike: 7 for weekdays.
    level
        Share of periods that the range is to hold, 0-1.

    Notes
    -----
    The reference's counts are Poisson with an unknown rate; with Jeffreys' prior one more period is
    negative binomial, shape sum + 1/2 and success probability k / (k + 1), over k periods. Records
    swing more than that (one fight, three victims; seasons), so that its variance is multiplied by
    the dispersion: how far the very same guess was out in the year before, over what Poisson counts
    would make it (:func:`dispersion`); never narrower than Poisson's. Ends are quantiles of whole
    numbers, so that the range holds more than ``level`` where counts are small. A bank holiday, or
    an event nobody entered, is not known to it. Of twenty ranges looked at, one is left by chance
    alone.
    """
    counts = np.asarray(reference, dtype=np.float64)
    periods = counts.shape[1]
    mean = counts.mean(axis=1)
    spread = dispersion(history, lag=lag, periods=periods)
    centre = mean + _PRIOR / periods
    tail = (1 - level) / 2
    lows, highs = [], []
    # a wild series of small counts is mostly zeros, and its upper end may lie below Poisson's
    for swing in (np.ones(len(mean)), spread):
        # variance over mean of one more period: its own, and that of the mean it is set against
        ratio = swing * (1 + 1 / periods)
        shape, chance = centre / (ratio - 1), 1 / ratio
        lows.append(nbinom.ppf(tail, shape, chance).astype(np.int64))
        highs.append(nbinom.ppf(1 - tail, shape, chance).astype(np.int64))
    return Usual(mean=mean, low=np.minimum(*lows), high=np.maximum(*highs), dispersion=spread)


def dispersion(
    history: ArrayLike, *, lag: int = 1, periods: int = REFERENCE
) -> NDArray[np.float64]:
    """Return how far each row's periods lay from the mean of those like them before.

    Parameters
    ----------
    history, lag
        As :func:`usual_range`. Rows too short or too empty to tell are taken as Poisson.
    periods
        How many periods like it each is set against.

    Returns
    -------
    The sum of squared distances over what Poisson counts would make it, at least 1, shape (rows,).
    """
    counts = np.asarray(history, dtype=np.float64)
    begins = periods * lag
    if counts.shape[1] <= begins:
        return np.ones(len(counts))
    before = np.mean(
        [counts[:, begins - back * lag : counts.shape[1] - back * lag] for back in
         range(1, periods + 1)],
        axis=0,
    )  # fmt: skip
    squares = ((counts[:, begins:] - before) ** 2).sum(axis=1)
    poisson = before.sum(axis=1) * (1 + 1 / periods)
    ratio = np.divide(squares, poisson, out=np.ones(len(counts)), where=poisson > 0)
    found: NDArray[np.float64] = np.maximum(ratio, 1.0)
    return found


def readings(incidents: ArrayLike, usual: Usual) -> NDArray[np.str_]:
    """Say of each count ``above``, ``within`` or ``below`` its usual range, shape (rows,)."""
    counts = np.asarray(incidents)
    return np.where(
        counts > usual.high, "above", np.where(counts < usual.low, "below", "within")
    ).astype(np.str_)
