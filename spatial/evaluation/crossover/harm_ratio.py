"""Harm ratio of a crossover: days of harm per treated place-day over those per control one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.evaluation.crossover.null_sum import NullSum, null_sum
from spatial.evaluation.crossover.rate_ratio import (
    AS_DRAWN,
    NOTHING,
    SIDE_EMPTY,
    WAIT,
    restricted_p,
)
from spatial.evaluation.crossover.rerandomise import (
    DRAWS,
    SEED,
    BusyDraws,
    busy_draws,
    monte_carlo_p,
)
from spatial.evaluation.estimate import LEVEL, Estimate, number
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spatial.evaluation.crossover.design import CrossoverDesign
    from spatial.evaluation.crossover.panel import CrossoverPanel
    from spatial.notes import Notes

_NEAR: Final = 1e-9
_HALF: Final = 0.5
_FURTHEST: Final = 8.0
_STEPS: Final = 14
# draws for the limits: a thousand leave them uncertain by a few per cent of their own width
_WORK: Final = 2_000_000
_FEWEST: Final = 1_000


def crossover_harm_ratio(
    panel: CrossoverPanel,
    *,
    drawn: NDArray[np.bool_] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = LEVEL,
) -> Estimate:
    """Estimate the harm ratio, with p and interval by making the draw again.

    Parameters
    ----------
    panel
        With ``harm_days``.
    drawn
        As in :func:`~.rate_ratio.crossover_rate_ratio`.
    draws, seed
        For p, and at most for each limit; the same seed gives the same numbers.

    Notes
    -----
    p is (1 + draws as extreme) / (draws + 1), doubled. A limit is the rate ratio at which harm as
    far out as observed would be seen in 2.5% of draws, where what a patrol changes is how often
    incidents happen and not how grave they are (a compound count): place-days keep their harm, and
    are drawn as :class:`~.rerandomise.BusyDraws` tilts them. The interval always holds the
    estimate.

    How it can mislead: harm turns on few grave offences. With one homicide the estimate says on
    which day it happened, and the interval is as wide as that deserves.
    """
    design, harm = panel.design, panel.harm_days
    name, method = (
        "crossover_harm_ratio",
        f"Harm per treated place-day over harm per control one; p by {draws:,} draws, as designed.",
    )
    nulls = null_sum(panel.counts, design)
    # harm without an incident would be no outcome of the panel
    if harm is None or not harm[panel.counts > 0].any() or nulls.mean in {0.0, nulls.total}:
        return Estimate(name, panel.outcome, "harm", None, None, None, None, method, (NOTHING,))
    weighed = np.where(panel.counts > 0, harm, 0.0)
    rng = np.random.default_rng(seed)
    busy = busy_draws(panel.counts, design, draws=draws, rng=rng)
    total, mean = float(weighed.sum()), _expected(weighed, design)
    observed = float(weighed[design.treated].sum())
    notes = (AS_DRAWN, *_notes(panel, weighed))
    if drawn is None:
        p = monte_carlo_p(observed, busy.sums(weighed), mean=mean).doubled
    else:
        p = restricted_p(weighed, design, drawn).doubled
        notes = (*notes, WAIT)
    ratio = float("inf")
    if observed < total:
        ratio = observed / (total - observed) * (total - mean) / mean
    low, high = _limits(weighed, busy, nulls, observed=observed, level=level)
    return Estimate(
        name, panel.outcome, "harm", number(ratio), min(low, ratio), number(max(high, ratio)), p,
        method, notes,
    )  # fmt: skip


def _limits(
    weighed: NDArray[np.float64],
    busy: BusyDraws,
    nulls: NullSum,
    *,
    observed: float,
    level: float,
) -> tuple[float, float]:
    half = (1 - level) / 2
    some = busy.first(max(_FEWEST, _WORK // max(busy.where.size, 1)))
    near = _NEAR * max(1.0, float(weighed.sum()))

    def too_low(tilt: float) -> float:
        return float((some.sums(weighed, tilt) >= observed - near).mean()) - half

    def too_high(tilt: float) -> float:
        return half - float((some.sums(weighed, tilt) <= observed + near).mean())

    low, high = 0.0, float("inf")
    if too_low(-_FURTHEST) < 0:
        low = nulls.ratio_at(_crossing(too_low))
    if too_high(_FURTHEST) > 0:
        high = nulls.ratio_at(_crossing(too_high))
    return low, high


def _crossing(rising: Callable[[float], float]) -> float:
    low, high = -_FURTHEST, _FURTHEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _expected(weighed: NDArray[np.float64], design: CrossoverDesign) -> float:
    return float((weighed.sum(axis=1) * design.each_day).sum() / weighed.shape[1])


def _notes(panel: CrossoverPanel, weighed: NDArray[np.float64]) -> Notes:
    notes: Notes = ()
    most = panel.largest_days if panel.largest_days is not None else float(weighed.max())
    share = most / float(weighed.sum())
    if share > _HALF:
        notes += (
            Note(
                f"One incident, or one place-day, holds {share:.0%} of all this harm: the ratio "
                "says mostly on which day it fell. Read the counts.",
                loud=True,
            ),
        )
    if float(weighed[panel.design.treated].sum()) in {0.0, float(weighed.sum())}:
        notes += (SIDE_EMPTY,)
    return notes
