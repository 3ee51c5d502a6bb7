"""Event study: patrolled places against comparators, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from spatial.evaluation.difference import collapsed_scores
from spatial.evaluation.estimate import LEVEL
from spatial.evaluation.panel import COUNT, Panel
from spatial.evaluation.reassignment import invert, reassign
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.evaluation.reassignment import Reassignment
    from spatial.notes import Notes

EVENT_COLUMNS: Final = (
    "period", "lead", "treated", "control", "estimate", "low", "high", "reference",
)  # fmt: skip
FEWEST_BEFORE: Final = 3
FEWEST_EVENTS: Final = 30
_LEVEL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class EventStudy:
    """How patrolled places differed from comparators in each period.

    Attributes
    ----------
    table
        ``EVENT_COLUMNS``, a row per period: ``lead`` periods from the start (-1 the last before),
        totals of both groups, and the ratio of patrolled to comparison places against the reference
        with its interval. Ratios are null where a total is 0, in the reference, and in periods that
        the places were chosen on.
    pre_trend_p
        Joint: whether patrolled and comparison places moved differently anywhere before the start;
        None where it cannot be asked.
    slope, slope_p
        Change per period, before the start, of the ratio of patrolled to comparison places (1.02:
        two per cent more each period), and its p.
    method, notes
        How, and how it can mislead.
    """

    table: pd.DataFrame
    pre_trend_p: float | None
    slope: float | None
    slope_p: float | None
    method: str
    notes: Notes


def event_study(
    panel: Panel, *, measure: str = COUNT, level: float = LEVEL, reference: int | None = None
) -> EventStudy:
    """Compare patrolled places and comparators in each period before and after the start.

    Parameters
    ----------
    panel
        Periods of about one length; group months into quarters where incidents are few.
    measure
        ``count`` or ``harm``.
    level
        Of each interval by itself.
    reference
        The lead, below 0, that others are measured against; None for the whole baseline, which is
        steadier than the last period alone.

    Returns
    -------
    The table and a joint check of the periods before. Intervals and p choose the patrolled places
    anew, as :func:`spatial.evaluation.difference.did_by_place`. A period of the baseline is set
    against the rest of the baseline.

    Raises
    ------
    BadInputError
        The reference is not a period of the baseline.

    Notes
    -----
    How it can mislead: with few incidents a difference before the start is easily missed, so a high
    ``pre_trend_p`` is no proof that the groups moved alike (Roth 2022, doi:10.1257/aeri.20210236).
    Every twentieth interval misses by chance alone.
    """
    values = panel.values(measure)
    first = int(np.argmax(panel.after))
    lead = np.arange(len(panel.days)) - first
    base = panel.before
    if reference is not None:
        if not ((lead == reference) & panel.before).any():
            msg = (
                f"The reference {reference!r} is no period of the baseline: choose one of "
                f"{lead[panel.before].tolist()!r}."
            )
            raise BadInputError(msg)
        base = lead == reference
    rows = []
    for period in range(len(lead)):
        against = base & (np.arange(len(lead)) != period)
        shown: tuple[float | None, float | None, float | None] = (None, None, None)
        if panel.used[period] and against.any():
            pair = np.column_stack([values[:, against].sum(axis=1), values[:, period]])
            shown = _ratio(pair, panel.treated, level)
        own, other = values[panel.treated, period].sum(), values[~panel.treated, period].sum()
        rows.append((period, int(lead[period]), own, other, *shown, bool(base[period])))
    table = pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).astype(
        {"estimate": float, "low": float, "high": float}
    )
    joint, slope, slope_p, notes = _before(panel, values)
    return EventStudy(
        table,
        joint,
        slope,
        slope_p,
        "Ratio of patrolled to comparison places in each period against the baseline; intervals "
        "and check from choosing the patrolled places anew.",
        notes,
    )


def _ratio(
    pair: NDArray[np.float64], treated: NDArray[np.bool_], level: float
) -> tuple[float | None, float | None, float | None]:
    filled = pair.sum(axis=1) > 0
    pair, treated = pair[filled], treated[filled]
    own, other = pair[treated].sum(axis=0), pair[~treated].sum(axis=0)
    if min(own[0], own[1], other[0], other[1]) == 0:
        return None, None, None
    ratio = float(own[1] / own[0] * other[0] / other[1])
    ways = reassign(treated)
    low, high = invert(
        lambda log: ways.tails(*collapsed_scores(pair, treated, ratio=float(np.exp(log)))),
        around=float(np.log(ratio)),
        level=level,
    )
    return ratio, low, high


def _before(
    panel: Panel, values: NDArray[np.float64]
) -> tuple[float | None, float | None, float | None, Notes]:
    early = values[:, panel.before]
    filled = early.sum(axis=1) > 0
    early, treated = early[filled], panel.treated[filled]
    events = int(panel.counts[:, panel.before].sum())
    if early.shape[1] < FEWEST_BEFORE or not treated.any() or treated.all():
        why = Note(
            "Whether the groups moved alike before the start cannot be checked on "
            f"{early.shape[1]} periods: at least {FEWEST_BEFORE} are needed, with incidents in "
            "both groups.",
            loud=True,
        )
        return None, None, None, (why,)
    notes: Notes = ()
    if events < FEWEST_EVENTS:
        notes += (
            Note(
                f"Only {events} incidents before the start: a difference between the groups would "
                "hardly show.",
                loud=True,
            ),
        )
    seen = early.sum(axis=0) > 0
    early = early[:, seen]
    by_period = early.sum(axis=0)
    shares = by_period / by_period.sum()
    residual = early - np.outer(early.sum(axis=1), shares)
    ways = reassign(treated)
    joint = _joint(ways, residual, by_period)
    when = np.flatnonzero(panel.before)[seen].astype(np.float64)
    centred = when - (when * shares).sum()
    weights = early.sum(axis=1) * float((shares * centred**2).sum())
    low, high = ways.tails(residual @ centred, weights)
    share = weights[treated].sum() / weights.sum()
    total = float((residual @ centred)[treated].sum())
    slope = float(np.exp(total / (weights.sum() * share * (1 - share))))
    slope_p = min(1.0, 2 * min(low, high))
    if joint <= _LEVEL or slope_p <= _LEVEL:
        notes += (
            Note(
                "Patrolled and comparison places already moved differently before the start: the "
                "comparison after it cannot be trusted.",
                loud=True,
            ),
        )
    else:
        notes += (
            Note(
                "No difference between the groups stands out before the start. That is weak "
                "evidence that they would have moved alike after it."
            ),
        )
    return joint, slope, slope_p, notes


def _joint(
    ways: Reassignment, residual: NDArray[np.float64], by_period: NDArray[np.float64]
) -> float:
    # chi-square of the patrolled places' departures over periods, among the ways to choose them
    def statistic(chosen: NDArray[np.float64]) -> NDArray[np.float64]:
        gone = chosen @ residual
        size = chosen @ residual_size / residual_size.sum()
        spread = np.maximum(size * (1 - size), np.finfo(float).tiny)
        found: NDArray[np.float64] = (gone**2 / by_period).sum(axis=1) / spread
        return found

    residual_size = (residual**2 / by_period).sum(axis=1)
    actual = statistic(ways.treated[None, :].astype(np.float64))[0]
    return float((statistic(ways.ways) >= actual * (1 - 1e-9)).mean())
