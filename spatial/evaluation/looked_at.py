"""Looked at: the figures that the checklist of threats rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from config.operation import Operation, Span
from spatial.evaluation.periods import operation_periods
from spatial.evaluation.threats import Facts
from spatial.incidents.moments import PRECISIONS

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from spatial.evaluation.crossover.dose import Dose
    from spatial.evaluation.placed import Placed
    from spatial.evaluation.recorded import Recorded
    from spatial.evaluation_results import Outcome

_HALF: Final = 0.5


def look_at(  # noqa: PLR0913 (what a checklist looks at)
    placed: Placed,
    operation: Operation,
    outcome: Outcome,
    *,
    recorded: Recorded,
    data_through: dt.date,
    dose: Dose | None,
    others: tuple[str, ...] | None,
    held_since: dt.date | None,
) -> Facts:
    """Gather the figures of the primary outcome."""
    own = placed.chosen(outcome.profile.name) & (placed.row >= 0)
    moment = _moments(placed, operation)
    own &= moment >= 0
    patrolled = own & (placed.row < placed.places)
    day = placed.occurrences.day[patrolled].astype(np.int64)
    pairs = np.unique(np.stack([placed.row[patrolled], day]), axis=1, return_counts=True)[1]
    return Facts(
        operation,
        outcome,
        (int(pairs.max(initial=0)), int(patrolled.sum())),
        _unit(placed, patrolled),
        _chosen_on(placed, operation, outcome.profile.name),
        _gravest(placed, own, moment) if outcome.profile.weighs_harm else None,
        recorded,
        data_through,
        dose,
        others,
        held_since,
    )


def _unit(placed: Placed, patrolled: NDArray[np.bool_]) -> str:
    monthly = placed.occurrences.precision[patrolled] == PRECISIONS.index("month")
    return "month" if monthly.any() and monthly.mean() > _HALF else "day"


def _chosen_on(placed: Placed, operation: Operation, name: str) -> tuple[float, float] | None:
    """Return incidents a day in the patrolled places while they were chosen, and before."""
    if operation.design == "crossover" or operation.selection is None or not placed.choice_held:
        return None
    periods = operation_periods(operation)
    place = periods.of(placed.occurrences)
    own = placed.chosen(name) & (placed.row >= 0) & (placed.row < placed.places) & (place >= 0)
    counts = np.bincount(place[own], minlength=len(periods.spans))
    before = ~periods.after & ~periods.chosen_on
    if not before.any() or not periods.chosen_on.any():
        return None
    rates = [
        float(counts[which].sum() / periods.days[which].sum())
        for which in (periods.chosen_on, before)
    ]
    return rates[0], rates[1]


def _moments(placed: Placed, operation: Operation) -> NDArray[np.int64]:
    """Return 0 for before, 1 for the operation, -1 for dates that are not compared."""
    if operation.design == "crossover":
        span = Span(first=operation.first_date, last=operation.last_date)
        return np.where(placed.occurrences.within(span), 1, -1)
    periods = operation_periods(operation)
    found = periods.of(placed.occurrences)
    known = np.maximum(found, 0)
    moment = np.where(periods.after[known], 1, 0)
    return np.where((found < 0) | periods.chosen_on[known], -1, moment)


def _gravest(
    placed: Placed, own: NDArray[np.bool_], moment: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the gravest incident of the side on which it weighs most, and that side's harm."""
    harm = np.nan_to_num(placed.occurrences.harm_days, nan=0.0)
    found = (0.0, 0.0)
    for mine in (True, False):
        for when in (0, 1):
            side = own & ((placed.row < placed.places) == mine) & (moment == when)
            total, most = float(harm[side].sum()), float(harm[side].max(initial=0.0))
            if total > 0 and (found[1] == 0 or most / total > found[0] / found[1]):
                found = (most, total)
    return found
