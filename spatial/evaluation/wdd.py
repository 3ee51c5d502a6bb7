"""Weighted displacement difference: incidents fewer than the comparators lead to expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm, t

from config.errors import BadInputError
from spatial.evaluation.estimate import LEVEL, Estimate
from spatial.evaluation.panel import COUNT, Panel
from spatial.evaluation.rate_ratio import CLUSTERS
from spatial.evaluation.totals import Totals, same_measure
from spatial.notes import Note

if TYPE_CHECKING:
    from spatial.notes import Notes

FEWEST_PLACES: Final = 2
LEVELS_DIFFER: Final = Note(
    "Takes it that patrolled and comparison places would have changed by as many incidents, so "
    "they must be of about one size."
)
# comparators whose baseline is further from the patrolled places' than this are not alike
_UNLIKE: Final = 1.5


@dataclass(frozen=True, slots=True)
class WddParts:
    """The weighted displacement difference and what it is made of.

    Attributes
    ----------
    local, displaced, total
        Incidents (or days of harm) in as many days as there were after: within the places, around
        them, and both.
    local_se, displaced_se, total_se
        Standard errors, Poisson.
    """

    local: float
    displaced: float
    total: float
    local_se: float
    displaced_se: float
    total_se: float

    @property
    def z(self) -> float:
        """The total over its standard error."""
        return self.total / self.total_se if self.total_se > 0 else float("nan")


def wdd_parts(
    treated: Totals,
    control: Totals,
    *,
    treated_around: Totals | None = None,
    control_around: Totals | None = None,
) -> WddParts:
    """Compute the weighted displacement difference.

    Parameters
    ----------
    treated, control
        Patrolled places and comparators.
    treated_around, control_around
        The buffers around each, both or neither.

    Returns
    -------
    (dT - dC) + (dDT - dDC), where d is after less before. Counts before are divided by how many
    times as long that time was, and both by the group's area; variances by the squares. Of harm,
    each incident's variance is its weight squared. Wheeler and Ratcliffe (2018),
    doi:10.1186/s40163-018-0085-5.

    Raises
    ------
    BadInputError
        One buffer without the other, or counts among harm.
    """
    if (treated_around is None) != (control_around is None):
        msg = "Only one side has its surroundings: give both or neither."
        raise BadInputError(msg)
    around = [group for group in (treated_around, control_around) if group is not None]
    same_measure(treated, control, *around)
    local, local_variance = _difference(treated, control)
    displaced, displaced_variance = 0.0, 0.0
    if treated_around is not None and control_around is not None:
        displaced, displaced_variance = _difference(treated_around, control_around)
    return WddParts(
        local,
        displaced,
        local + displaced,
        float(np.sqrt(local_variance)),
        float(np.sqrt(displaced_variance)),
        float(np.sqrt(local_variance + displaced_variance)),
    )


def wdd(  # noqa: PLR0913 (four groups, two settings)
    treated: Totals,
    control: Totals,
    *,
    outcome: str,
    treated_around: Totals | None = None,
    control_around: Totals | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Return the weighted displacement difference with its Poisson interval, as published.

    Parameters
    ----------
    treated, control, treated_around, control_around
        As :func:`wdd_parts`.
    outcome
        The profile counted.
    level
        Of the interval.

    Returns
    -------
    ``wdd``, or ``wdd_harm``. Below 0: fewer than expected.

    Notes
    -----
    How it can mislead: it subtracts, so comparators must be of about the patrolled places' size
    (or weighed to it by ``area``); where all of crime rises by a third, large places rise by more
    incidents than small ones. Under overdispersion its interval is too narrow: with three times
    Poisson variance about one null operation in four is called an effect. See
    :func:`spatial.evaluation.dispersion.change_dispersion` and :func:`wdd_by_place`.
    """
    parts = wdd_parts(
        treated, control, treated_around=treated_around, control_around=control_around
    )
    measure = same_measure(treated, control)
    reach = float(norm.isf((1 - level) / 2)) * parts.total_se
    notes = [LEVELS_DIFFER, CLUSTERS]
    notes += _unlike_note(treated, control)
    if parts.total_se == 0:
        notes.append(Note("Nothing was counted anywhere, so there is no interval.", loud=True))
    return Estimate(
        "wdd" if measure == COUNT else "wdd_harm",
        outcome,
        measure,
        parts.total,
        parts.total - reach if parts.total_se > 0 else None,
        parts.total + reach if parts.total_se > 0 else None,
        float(2 * norm.sf(abs(parts.z))) if parts.total_se > 0 else None,
        "Weighted displacement difference: change of the patrolled places"
        + (" and their surroundings" if treated_around is not None else "")
        + " less the comparators' change; Poisson interval.",
        tuple(notes),
    )


def wdd_by_place(panel: Panel, *, measure: str = COUNT, level: float = LEVEL) -> Estimate:
    """Return the weighted displacement difference with the places' own scatter as its error.

    Parameters
    ----------
    panel
        At least two patrolled and two comparison places.
    measure
        ``count`` or ``harm``.
    level
        Of the interval.

    Returns
    -------
    ``wdd_by_place`` or ``wdd_harm_by_place``: the same estimate as :func:`wdd` of the panel's
    totals. Its variance is the number of places times the variance of their changes, group by
    group, and Student's t has Welch's degrees of freedom (Welch 1947,
    doi:10.1093/biomet/34.1-2.28). No limits where a group has one place only.

    Notes
    -----
    It allows for incidents that come in clusters and places that go their own ways; it does not
    allow for neighbouring places that move together. How it can mislead: one place with an extreme
    change, or one homicide, decides it.
    """
    days_before, days_after = panel.exposure
    before, after = panel.by_place(measure).T
    change = after - before * days_after / days_before
    groups = [change[panel.treated], change[~panel.treated]]
    estimate = float(groups[0].sum() - groups[1].sum())
    name = "wdd_by_place" if measure == COUNT else "wdd_harm_by_place"
    method = (
        "Weighted displacement difference; interval from how much the places' own changes scatter."
    )
    few = min(len(group) for group in groups) < FEWEST_PLACES
    parts = [0.0 if few else float(len(group) * group.var(ddof=1)) for group in groups]
    if sum(parts) == 0:
        why = Note(
            "Too few places, or all changed alike, so their scatter gives no interval.", loud=True
        )
        return Estimate(name, panel.outcome, measure, estimate, None, None, None, method, (why,))
    error = float(np.sqrt(sum(parts)))
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(group) - 1) for part, group in zip(parts, groups, strict=True)
    )
    reach = float(t.isf((1 - level) / 2, freedom)) * error
    return Estimate(
        name,
        panel.outcome,
        measure,
        estimate,
        estimate - reach,
        estimate + reach,
        float(2 * t.sf(abs(estimate) / error, freedom)),
        method,
        (
            *_unlike_note(*(panel.totals(measure, treated=mine) for mine in (True, False))),
            LEVELS_DIFFER,
        ),
    )


def _difference(treated: Totals, control: Totals) -> tuple[float, float]:
    changes, variances = [], []
    for group in (treated, control):
        variance_before, variance_after = group.variances
        changes.append((group.after - group.before / group.time) / group.area)
        variances.append((variance_after + variance_before / group.time**2) / group.area**2)
    return changes[0] - changes[1], sum(variances)


def _unlike_note(treated: Totals, control: Totals) -> Notes:
    own, other = treated.before / treated.area, control.before / control.area
    if max(own, other) <= _UNLIKE * min(own, other):
        return ()
    return (
        Note(
            f"The comparators had {other:,.0f} before and the patrolled places {own:,.0f}: too "
            "unlike for a difference. Read the ratios.",
            loud=True,
        ),
    )
