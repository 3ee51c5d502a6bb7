"""Difference in differences: patrolled places against comparators, place by place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.evaluation.estimate import LEVEL, Estimate, number
from spatial.evaluation.harm_ratio import one_incident_note
from spatial.evaluation.panel import COUNT, HARM, Panel
from spatial.evaluation.reassignment import FEW, Reassignment, invert, reassign
from spatial.evaluation.two_way import fit_alpha, fit_two_way
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.notes import Notes

EXCHANGEABLE: Final = Note(
    "Takes it that, without patrols, patrolled and comparison places would have changed in the "
    "same proportion: look at the months before the start."
)
EMPTY_CORNER: Final = Note(
    "The patrolled places before, or the comparators before or after, had nothing at all, so there "
    "is no ratio.",
    loud=True,
)
_COUNT_METHOD: Final = (
    "Negative-binomial difference in differences with an effect of each place and period; interval "
    "from choosing the patrolled places anew"
)
_PLACE_METHOD: Final = (
    "Change of the patrolled places over the comparators' change; interval from choosing the "
    "patrolled places anew"
)
# where to begin when nothing is left to count: a twentieth
_NOTHING: Final = -3.0


def did_negative_binomial(panel: Panel, *, level: float = LEVEL) -> Estimate:
    """Return the rate ratio of a negative-binomial difference in differences.

    Parameters
    ----------
    panel
        Its counts; periods that places were chosen on are left out.
    level
        Of the interval.

    Returns
    -------
    ``did_negative_binomial``. Counts of place and period have a level of their place, one of their
    period, and, in patrolled places from the start on, the effect; the logarithm of days is the
    offset. Interval and p are not the model's: they come from choosing the patrolled places anew
    (:func:`spatial.evaluation.reassignment.reassign`) and setting the actual places' score, its
    variance clustered by place, among the others'. The interval holds every ratio that this test
    does not rule out. Under no effect, and places as alike as if drawn, it is right for any number
    of places and any way in which a place's incidents hang together.

    Notes
    -----
    Place and period effects, clustering, and few places: Bertrand, Duflo and Mullainathan (2004)
    doi:10.1162/003355304772839588; MacKinnon and Webb (2020) doi:10.1016/j.jeconom.2020.04.024.

    How it can mislead: neighbouring places that move together are counted as independent; a
    recording change in patrolled places only is an effect to it; with three patrolled places of six
    there are 20 ways to choose, and nothing can come out below p of 0.1.
    """
    counts = panel.values()[:, panel.used]
    after = panel.after[panel.used]
    filled = counts.sum(axis=1) > 0
    periods = counts.sum(axis=0) > 0
    treated = panel.treated[filled]
    notes: Notes = (EXCHANGEABLE, *_left_out(panel, filled))
    if _no_ratio(panel.by_place(), panel.treated):
        return _unknown("did_negative_binomial", panel.outcome, COUNT, _COUNT_METHOD, notes)
    ways = reassign(treated)
    counts, after = counts[np.ix_(filled, periods)], after[periods]
    days = np.log(panel.days[panel.used][periods])[None, :]
    marked = np.outer(treated, after)
    if counts[marked].sum() > 0:
        fitted = fit_alpha(counts, days, after=after, treated=treated)
        ratio, around = math.exp(fitted.effect), fitted.effect
    else:
        # fallen to nothing: no finite effect fits, and the test still tells which are ruled out
        fitted = fit_two_way(counts, days, after=after, treated=None, alpha=0.0)
        ratio, around = 0.0, _NOTHING

    def tails(log: float) -> tuple[float, float]:
        supposed = fit_two_way(
            counts, days + log * marked, after=after, treated=None, alpha=fitted.alpha, start=fitted
        )
        return ways.tails(supposed.scores, supposed.weights)

    low, high = invert(tails, around=around, level=level)
    if fitted.alpha > 0:
        notes += (
            Note(
                "Counts scatter more than chance alone: variance is taken as mean + "
                f"{fitted.alpha:.2f} mean squared."
            ),
        )
    return Estimate(
        "did_negative_binomial",
        panel.outcome,
        COUNT,
        ratio,
        low,
        high,
        min(1.0, 2 * min(tails(0.0))),
        f"{_COUNT_METHOD} ({ways.words}).",
        (*notes, *few_places_notes(ways, level)),
    )


def did_by_place(panel: Panel, *, measure: str = HARM, level: float = LEVEL) -> Estimate:
    """Return the ratio of changes with an interval from the places themselves.

    Parameters
    ----------
    panel
        Its harm, or counts.
    measure
        ``harm`` or ``count``.
    level
        Of the interval.

    Returns
    -------
    ``did_harm`` or ``did_by_place``: [(T1 / T0) / (C1 / C0)]. Each place is collapsed to before and
    after (Bertrand, Duflo and Mullainathan 2004), and the patrolled places are chosen anew as in
    :func:`did_negative_binomial`. Nothing is taken for granted of how harm is distributed, so this
    is the harm figure that few serious incidents deceive least.

    Notes
    -----
    How it can mislead: as :func:`did_negative_binomial`; and where one homicide holds most of the
    harm, the interval is as wide as it ought to be, which is very wide.
    """
    name = "did_harm" if measure == HARM else "did_by_place"
    table = panel.by_place(measure)
    filled = table.sum(axis=1) > 0
    notes: Notes = (EXCHANGEABLE, *_left_out(panel, filled))
    if measure == HARM:
        groups = [panel.totals(HARM, treated=mine) for mine in (True, False)]
        notes = (*one_incident_note(*groups), *notes)
    if _no_ratio(table, panel.treated):
        return _unknown(name, panel.outcome, measure, _PLACE_METHOD, notes)
    table, treated = table[filled], panel.treated[filled]
    ways = reassign(treated)
    own, other = table[treated].sum(axis=0), table[~treated].sum(axis=0)
    ratio = float(own[1] / own[0] * other[0] / other[1])

    def tails(log: float) -> tuple[float, float]:
        scores, weights = collapsed_scores(table, treated, ratio=math.exp(log))
        return ways.tails(scores, weights)

    around = math.log(ratio) if ratio > 0 else _NOTHING
    low, high = invert(tails, around=around, level=level)
    return Estimate(
        name,
        panel.outcome,
        measure,
        number(ratio),
        low,
        high,
        min(1.0, 2 * min(tails(0.0))),
        f"{_PLACE_METHOD} ({ways.words}).",
        (*notes, *few_places_notes(ways, level)),
    )


def collapsed_scores(
    table: NDArray[np.float64], treated: NDArray[np.bool_], *, ratio: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each place's residual after the start, under a supposed ratio, and its information.

    Parameters
    ----------
    table
        Before and after, shape (places, 2); both groups hold something.
    treated
        Shape (places,).
    ratio
        The supposed ratio of changes.

    Returns
    -------
    Scores and weights, shape (places,): what is after less what the place's own total, the common
    change and the ratio lead to expect; and total x share x (1 - share).
    """
    totals = table.sum(axis=1)
    own, other, late = totals[treated].sum(), totals[~treated].sum(), table[:, 1].sum()
    # the common odds of after against before solve a quadratic: own share + other share = late
    a, b, c = ratio * (own + other - late), own * ratio + other - late * (1 + ratio), -late
    odds = (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)
    mine = np.where(treated, ratio * odds, odds)
    share = mine / (1 + mine)
    return table[:, 1] - totals * share, totals * share * (1 - share)


def few_places_notes(ways: Reassignment, level: float) -> Notes:
    """Say what few places cannot show."""
    notes: Notes = ()
    size = min(int(ways.treated.sum()), int((~ways.treated).sum()))
    if ways.smallest_p > 1 - level:
        notes += (
            Note(
                f"There are only {len(ways.ways):,} ways to choose these places, so no result "
                "could be told from chance, whatever it is.",
                loud=True,
            ),
        )
    if size < FEW:
        notes += (
            Note(
                f"Only {size} places on one side: one unusual place decides the result.", loud=True
            ),
        )
    return notes


def _no_ratio(table: NDArray[np.float64], treated: NDArray[np.bool_]) -> bool:
    own, other = table[treated].sum(axis=0), table[~treated].sum(axis=0)
    return bool(own[0] == 0 or (other == 0).any())


def _unknown(name: str, outcome: str, measure: str, method: str, notes: Notes) -> Estimate:
    return Estimate(
        name, outcome, measure, None, None, None, None, f"{method}.", (EMPTY_CORNER, *notes)
    )


def _left_out(panel: Panel, filled: NDArray[np.bool_]) -> Notes:
    notes: Notes = ()
    if not filled.all():
        notes += (
            Note(
                f"{int((~filled).sum()):,} of {len(filled):,} places had nothing before or after "
                "and say nothing of a change."
            ),
        )
    if panel.chosen_on is not None and panel.chosen_on.any():
        notes += (
            Note(
                f"The {int(panel.chosen_on.sum()):,} periods that the places were chosen on are "
                "left out of the baseline."
            ),
        )
    return notes
