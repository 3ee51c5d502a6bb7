"""Rate ratios of a crossover: incidents per treated place-day over incidents per control one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm

from spatial.evaluation.crossover.null_sum import NullSum, PValues, null_sum
from spatial.evaluation.crossover.place_day_model import fit
from spatial.evaluation.crossover.poisson_split import poisson_split
from spatial.evaluation.crossover.rerandomise import monte_carlo_p, sums_of
from spatial.evaluation.estimate import LEVEL, Estimate, number
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.evaluation.crossover.design import CrossoverDesign
    from spatial.notes import Notes

AS_DRAWN: Final = Note(
    "Place-days are compared as drawn, whether or not the patrol was made: this measures what the "
    "plan did, and a patrol that was made may do more."
)
NOTHING: Final = Note("Nothing was counted on any place-day: nothing can be said.", loud=True)
SIDE_EMPTY: Final = Note(
    "One side has no incident at all, so the interval is open on that side.", loud=True
)
VARIES: Final = Note(
    "The number of treated places varied by day: each side is held against what the draw expected "
    "of it, day by day, not against its place-days."
)
WAIT: Final = Note(
    "The draw kept a longest wait and balanced days: p is from drawing again within those limits; "
    "the interval is for days drawn each by itself, and as a rule somewhat too wide."
)
FEW: Final = 40
# from here on an interval for independent incidents holds the truth less than 93 times in 100
CLUSTERED: Final = 1.15


def crossover_rate_ratio(  # noqa: PLR0913 (what, drawn how, called what)
    counts: NDArray[np.int64],
    design: CrossoverDesign,
    *,
    outcome: str,
    drawn: NDArray[np.bool_] | None = None,
    mid: bool = False,
    name: str = "crossover_rate_ratio",
    level: float = LEVEL,
) -> Estimate:
    """Estimate the rate ratio with the interval that the draw itself gives.

    Parameters
    ----------
    counts
        Shape (days, places).
    drawn
        The draw made again under its limits (:func:`~.rerandomise.redraws`), for a design with a
        longest wait: then p is from these. None for the exact p of days drawn each by itself.
    mid
        Count half the chance of exactly what was observed: a shorter interval that is right on
        average, in place of one that is never too short by the draw.

    Returns
    -------
    p is twice the smaller tail, and refuses no change exactly where the interval leaves it out
    (unless p is from ``drawn``).

    Notes
    -----
    At no effect exact whatever the incidents' own distribution; see
    :meth:`~.null_sum.NullSum.limits` for how it carries over to other ratios. By simulation
    (``benchmarks/crossover.py``) at least 95% of the intervals hold the truth, within the error of
    simulation, for incidents one by one and in bursts, from 40 to 900 of them.
    """
    method = (
        "Rate on treated place-days over rate on control ones; p and interval from all draws that "
        "could have been made, worked out exactly" + (", mid-p." if mid else ".")
    )
    nulls = null_sum(counts, design)
    if nulls.total == 0 or nulls.mean in {0.0, float(nulls.total)}:
        return Estimate(name, outcome, "count", None, None, None, None, method, (NOTHING,))
    values = nulls.p_values()
    notes = (AS_DRAWN, *_notes(nulls, design))
    if drawn is not None:
        values = restricted_p(counts, design, drawn)
        notes = (*notes, WAIT)
        method = method.replace(
            "worked out exactly", f"p by {len(drawn):,} draws within its limits"
        )
    low, high = nulls.limits(level=level, mid=mid)
    return Estimate(
        name, outcome, "count", number(nulls.ratio(nulls.observed)), low, number(high),
        values.mid if mid else values.doubled, method, notes,
    )  # fmt: skip


def crossover_rate_ratio_poisson(
    counts: NDArray[np.int64], design: CrossoverDesign, *, outcome: str, level: float = LEVEL
) -> Estimate:
    """Estimate the rate ratio as if incidents were independent of each other, place by place.

    Given each place's total, its treated incidents are binomial. Too sure where incidents come in
    clusters, as the note then says; it is what published tables mostly show.
    """
    name, method = (
        "crossover_rate_ratio_poisson",
        "Exact for independent incidents, given each place's total and days (Clopper and Pearson).",
    )
    split, nulls = poisson_split(counts, design), null_sum(counts, design)
    total = int(split.totals.sum())
    if total == 0:
        return Estimate(name, outcome, "count", None, None, None, None, method, (NOTHING,))
    low, high = split.limits(level=level)
    notes: Notes = (AS_DRAWN,)
    if nulls.clustering > CLUSTERED:
        notes += (
            Note(
                "Incidents come in clusters here (the draw gives a variance "
                f"{nulls.clustering:.1f} times that of independent ones): this interval is too "
                "short. Read crossover_rate_ratio.",
                loud=True,
            ),
        )
    expected = float((split.totals * split.odds / (1 + split.odds)).sum())
    others = total - split.observed
    ratio = split.observed / others * (total - expected) / expected if others else float("inf")
    return Estimate(
        name, outcome, "count", number(ratio), low, number(high), split.p(), method, notes
    )


def crossover_rate_ratio_model(
    counts: NDArray[np.int64], design: CrossoverDesign, *, outcome: str, level: float = LEVEL
) -> Estimate:
    """Estimate the rate ratio with a term for every place and every day.

    Standard errors are widened by the square root of the clustering that the draw shows, never
    narrowed. A negative-binomial model with as many terms is biased by them; this one is not.
    """
    name = "crossover_rate_ratio_model"
    method = (
        "Poisson regression with a term for each place and day, widened for clusters; normal "
        "approximation."
    )
    found = fit(counts, design.treated[None].astype(np.float64))
    if found is None:
        empty = Note("The model has no answer: one side saw no incident, or too few.", loud=True)
        return Estimate(name, outcome, "count", None, None, None, None, method, (empty,))
    nulls = null_sum(counts, design)
    log = float(found.log_ratios[0])
    error = float(np.sqrt(found.covariance[0, 0] * max(1.0, nulls.clustering)))
    reach = float(norm.isf((1 - level) / 2)) * error
    return Estimate(
        name, outcome, "count", float(np.exp(log)), float(np.exp(log - reach)),
        float(np.exp(log + reach)), float(2 * norm.sf(abs(log) / error)), method,
        (AS_DRAWN, *_notes(nulls, design)),
    )  # fmt: skip


def restricted_p(
    values: NDArray[np.float64] | NDArray[np.int64],
    design: CrossoverDesign,
    drawn: NDArray[np.bool_],
) -> PValues:
    """Return the p-values of a treated sum among draws made as designed."""
    weighed = np.asarray(values, dtype=np.float64)
    mean = float((weighed.sum(axis=1) * design.each_day).sum() / weighed.shape[1])
    observed = float(weighed[design.treated].sum())
    return monte_carlo_p(observed, sums_of(drawn, weighed), mean=mean)


def _notes(nulls: NullSum, design: CrossoverDesign) -> Notes:
    notes: Notes = ()
    if nulls.total < FEW:
        notes += (
            Note(
                f"Small numbers: {nulls.total} incidents in all, {nulls.observed} of them on "
                "treated place-days.",
                loud=True,
            ),
        )
    if nulls.observed in {0, nulls.total}:
        notes += (SIDE_EMPTY,)
    if not design.constant:
        notes += (VARIES,)
    return notes
