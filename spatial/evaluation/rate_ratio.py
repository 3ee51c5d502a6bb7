"""Rate ratio: the change of the patrolled places against the comparators' change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import norm

from spatial.evaluation.estimate import LEVEL, Estimate, number
from spatial.evaluation.totals import Totals, same_measure, whole
from spatial.hotspots.changed.change import rate_ratios
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.notes import Notes

CLUSTERS: Final = Note(
    "Incidents are taken to come one by one: where they come in clusters, or places go their own "
    "ways, the interval is too narrow. The figures made place by place allow for that."
)
CHOSEN_HOT: Final = Note(
    "Misleading for places that were chosen because they were hot: such places fall back by "
    "themselves. Without comparators, nobody can tell that from an effect.",
    loud=True,
)
NO_LIMIT: Final = Note("One of the counts is 0, so the interval has one limit only.")
UNDEFINED: Final = Note(
    "Nothing was counted where the change would be measured from, so there is no ratio.", loud=True
)
# far beyond any ratio that counts on one laptop can tell from none
_FURTHEST = 60.0


def naive_before_after(group: Totals, *, outcome: str, level: float = LEVEL) -> Estimate:
    """Compare the patrolled places with themselves, for the record only.

    Parameters
    ----------
    group
        Counts of the patrolled places.
    outcome
        The profile counted.
    level
        Of the interval.

    Returns
    -------
    ``naive_before_after``: rate after over rate before, exact conditional interval and p
    (:func:`spatial.hotspots.changed.change.rate_ratios`).

    Notes
    -----
    How it can mislead: it always carries a loud note. Places picked on a bad window cool without
    any patrol, and season, recording and everything else that happened is counted as the effect.
    """
    before, after = whole(group)
    found = rate_ratios(
        [after],
        [before],
        days_now=group.days_after,
        days_before=group.days_before,
        level=level,
    )
    return Estimate(
        "naive_before_after",
        outcome,
        "count",
        number(found.ratio[0]),
        number(found.low[0]),
        number(found.high[0]),
        number(found.p[0]),
        "Rate after over rate before in the patrolled places alone; exact interval from the split "
        "of their incidents.",
        (CHOSEN_HOT, CLUSTERS),
    )


def rate_ratio_log(
    treated: Totals, control: Totals, *, outcome: str, level: float = LEVEL
) -> Estimate:
    """Compare changes on the logarithmic scale.

    Parameters
    ----------
    treated, control
        Counts of the patrolled places and the comparators.
    outcome
        The profile counted.
    level
        Of the interval.

    Returns
    -------
    ``rate_ratio_log``: [(T1 / T0) / (C1 / C0)], each a rate. The variance of its logarithm is the
    sum of 1 / n. Where a count is 0 there is neither; the exact ratio is the one to read.

    Notes
    -----
    How it can mislead: Poisson only, and rough below about five incidents in any count.
    """
    (t0, t1), (c0, c1) = whole(treated), whole(control)
    method = "Change of the patrolled places over the comparators' change; Poisson, on logarithms."
    if min(t0, t1, c0, c1) == 0:
        empty = Note("One of the four counts is 0: read the exact rate ratio instead.", loud=True)
        return Estimate(
            "rate_ratio_log", outcome, "count", None, None, None, None, method, (empty,)
        )
    log = np.log(t1 / t0 * c0 / c1 * treated.time / control.time)
    error = np.sqrt(1 / t0 + 1 / t1 + 1 / c0 + 1 / c1)
    reach = norm.isf((1 - level) / 2) * error
    return Estimate(
        "rate_ratio_log",
        outcome,
        "count",
        float(np.exp(log)),
        float(np.exp(log - reach)),
        float(np.exp(log + reach)),
        float(2 * norm.sf(abs(log) / error)),
        method,
        (CLUSTERS,),
    )


def rate_ratio(treated: Totals, control: Totals, *, outcome: str, level: float = LEVEL) -> Estimate:
    """Compare changes exactly, zeros included.

    Parameters
    ----------
    treated, control
        Counts of the patrolled places and the comparators.
    outcome
        The profile counted.
    level
        Of the interval.

    Returns
    -------
    ``rate_ratio``: as :func:`rate_ratio_log`. Given both groups' sums and the sum after, the
    patrolled places' count after follows Fisher's non-central hypergeometric distribution, whose
    odds ratio is the rate ratio; the limits are where either tail holds (1 - level) / 2, and p is
    twice the smaller tail at no change. So interval and p always agree, and at least ``level`` of
    such intervals hold the truth, usually more: Fisher (1935) doi:10.2307/2342435; Cornfield
    (1956). The estimate is the plain ratio of ratios, not the conditional one of some packages.

    Notes
    -----
    How it can mislead: exact means exact for independent incidents. Repeat fights, one night of
    disorder, or places that drift apart make it too sure.
    """
    (t0, t1), (c0, c1) = whole(treated), whole(control)
    scale = treated.time / control.time
    notes: Notes = (CLUSTERS,)
    ratio = None
    if t0 > 0 and c0 > 0 and c1 > 0:
        ratio = t1 / t0 * c0 / c1 * scale
        notes += (NO_LIMIT,) if t1 == 0 else ()
    else:
        notes += (UNDEFINED,)
    low, high, p = conditional_odds(t0, t1, c0, c1, null=1 / scale, level=level)
    return Estimate(
        "rate_ratio",
        outcome,
        same_measure(treated, control),
        ratio,
        None if low is None else low * scale,
        None if high is None else high * scale,
        p,
        "Change of the patrolled places over the comparators' change; exact, given the totals.",
        notes,
    )


def conditional_odds(  # noqa: PLR0913 (four counts, as a table is read)
    before: int, after: int, other_before: int, other_after: int, *, null: float, level: float
) -> tuple[float | None, float | None, float | None]:
    """Return the exact limits of a 2 x 2 table's odds ratio, and p of ``null``.

    Parameters
    ----------
    before, after, other_before, other_after
        The table's counts.
    null
        The odds ratio tested.
    level
        Of the interval.

    Returns
    -------
    Low (0 where there is none below), high (None where there is none above), and twice the smaller
    tail, at most 1. All None where the sums leave only one table possible.
    """
    own, other, later = before + after, other_before + other_after, after + other_after
    first, last = max(0, later - other), min(own, later)
    if first == last:
        return None, None, None
    tail = (1 - level) / 2
    values = np.arange(first, last + 1)
    weights = (
        -gammaln(values + 1)
        - gammaln(own - values + 1)
        - gammaln(later - values + 1)
        - gammaln(other - later + values + 1)
    )

    def tails(log_odds: float) -> tuple[float, float]:
        return _tails(weights, values, after, log_odds)

    low = 0.0
    if after > first:
        low = float(np.exp(brentq(lambda x: tails(x)[1] - tail, -_FURTHEST, _FURTHEST)))
    high = None
    if after < last:
        high = float(np.exp(brentq(lambda x: tails(x)[0] - tail, -_FURTHEST, _FURTHEST)))
    return low, high, min(1.0, 2 * min(tails(float(np.log(null)))))


def _tails(
    weights: NDArray[np.float64], values: NDArray[np.int64], seen: int, log_odds: float
) -> tuple[float, float]:
    # chances of as few, and of as many, as were seen
    tilted = weights + values * log_odds
    chance = np.exp(tilted - tilted.max())
    every = chance.sum()
    below, above = chance[values <= seen].sum(), chance[values >= seen].sum()
    return min(1.0, float(below / every)), min(1.0, float(above / every))
