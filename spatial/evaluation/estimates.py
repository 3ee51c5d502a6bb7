"""Estimates: every answer that a panel of places and periods allows, in the order they are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spatial.evaluation.difference import did_by_place, did_negative_binomial
from spatial.evaluation.dispersion import change_dispersion
from spatial.evaluation.displacement_quotient import displacement_quotient
from spatial.evaluation.e_test import e_test
from spatial.evaluation.estimate import LEVEL, Estimate
from spatial.evaluation.harm_ratio import harm_ratio, harm_ratio_delta
from spatial.evaluation.panel import HARM, Panel
from spatial.evaluation.rate_ratio import naive_before_after, rate_ratio, rate_ratio_log
from spatial.evaluation.totals import Totals, whole
from spatial.evaluation.wdd import wdd, wdd_by_place
from spatial.notes import Note, merged

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Around = tuple[Totals | None, Totals | None]

INDEPENDENT: Final = frozenset(
    {
        "rate_ratio",
        "rate_ratio_log",
        "wdd",
        "wdd_harm",
        "harm_ratio",
        "harm_ratio_delta",
        "e_test",
        "naive_before_after",
    }
)
"""Estimates that take incidents to be independent; their intervals are too narrow where not."""

CHOICE_WINDOW: Final = Note(
    "For comparison only: the window that places were chosen on is in the baseline, which tilts "
    "the figure toward a fall. Leaving it out can tilt toward a rise, where places that had just "
    "risen stayed so. If the two disagree, the choice of places decides the answer.",
    loud=True,
)


def every_estimate(
    panel: Panel,
    *,
    treated_around: Totals | None = None,
    control_around: Totals | None = None,
    harm_around: tuple[Totals | None, Totals | None] = (None, None),
    level: float = LEVEL,
) -> tuple[Estimate, ...]:
    """Return every before-and-after estimate of one outcome, for its count and for its harm.

    Parameters
    ----------
    panel
        Places by periods.
    treated_around, control_around
        Counts of the buffers around patrolled and comparison places, with the panel's days; the
        quotients need the first, the displacement in the difference both.
    harm_around
        The harm of the same two buffers.
    level
        Of the intervals.

    Returns
    -------
    First the ones to read (place by place), then those that take incidents for independent (with a
    loud note where the places' changes say that they are not), then descriptions, and the naive
    before-after last. Harm where the panel has it.

    Notes
    -----
    How it can mislead: they answer one question in several ways from the same incidents. To pick
    the one that pleases is to choose the result: fix beforehand which is read.
    """
    scatter = change_dispersion(panel)
    return tuple(
        replace(one, notes=merged(scatter.notes, one.notes)) if one.name in INDEPENDENT else one
        for one in _every(panel, (treated_around, control_around), harm_around, level)
    )


def _every(panel: Panel, around: _Around, harm_around: _Around, level: float) -> Iterator[Estimate]:
    outcome = panel.outcome
    treated, control = (panel.totals(treated=mine) for mine in (True, False))
    yield did_negative_binomial(panel, level=level)
    if panel.chosen_on is not None and panel.chosen_on.any():
        yield _with_choice_window(panel, level)
    yield wdd_by_place(panel, level=level)
    if panel.harm is not None:
        yield did_by_place(panel, measure=HARM, level=level)
        yield wdd_by_place(panel, measure=HARM, level=level)
    yield rate_ratio(treated, control, outcome=outcome, level=level)
    yield rate_ratio_log(treated, control, outcome=outcome, level=level)
    yield _wdd(treated, control, around, outcome=outcome, level=level)
    if panel.harm is not None:
        harm = [panel.totals(HARM, treated=mine) for mine in (True, False)]
        yield _wdd(harm[0], harm[1], harm_around, outcome=outcome, level=level)
        yield harm_ratio(*harm, outcome=outcome, level=level)
        yield harm_ratio_delta(*harm, outcome=outcome, level=level)
    if around[0] is not None:
        yield from displacement_quotient(treated, around[0], control, outcome=outcome)
    before, after = whole(treated)
    if before + after > 0:
        days_before, days_after = panel.exposure
        yield e_test(after, before, days_after=days_after, days_before=days_before, outcome=outcome)
    yield naive_before_after(treated, outcome=outcome, level=level)


def _wdd(
    treated: Totals, control: Totals, around: _Around, *, outcome: str, level: float
) -> Estimate:
    # the buffers of both sides, or of neither
    own, other = (None, None) if None in around else around
    return wdd(
        treated, control, outcome=outcome, treated_around=own, control_around=other, level=level
    )


def _with_choice_window(panel: Panel, level: float) -> Estimate:
    # the same estimate with the window of choice back in the baseline: what leaving it out changes
    whole_past = did_negative_binomial(replace(panel, chosen_on=None), level=level)
    return replace(whole_past, name="did_with_choice_window", notes=(CHOICE_WINDOW,))
