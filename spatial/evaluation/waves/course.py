"""Course: waves against places not yet patrolled, by time since each wave's own start."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.evaluation.estimate import LEVEL
from spatial.evaluation.event_study import EVENT_COLUMNS, FEWEST_BEFORE, FEWEST_EVENTS, EventStudy
from spatial.evaluation.reassignment import invert
from spatial.evaluation.waves.estimates import ways_of
from spatial.evaluation.waves.stacks import Comparison, Stacks, not_yet
from spatial.evaluation.waves.tables import common_ratio, departure
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.evaluation.waves.panel import WavePanel
    from spatial.notes import Notes

_WAYS: Final = 1_000
_LEVEL: Final = 0.05


def staggered_course(
    panel: WavePanel, leads: NDArray[np.int64], *, level: float = LEVEL
) -> EventStudy:
    """Compare waves with places not yet patrolled, month by month from each wave's own start.

    Parameters
    ----------
    panel
        Places by periods.
    leads
        Months (or quarters) from each wave's start to each period, shape (waves, periods).
    level
        Of each interval by itself.

    Returns
    -------
    A row for each time since the start. A time before is set against the rest of the wave's time
    before; a time after against all of it. ``treated`` and ``control`` add up what the comparisons
    hold: a place that serves several waves is in ``control`` several times.

    Notes
    -----
    How it can mislead: late times rest on the waves that began early, early ones on all, so that a
    course may bend because other places are looked at. With few incidents a difference before the
    start is easily missed (Roth 2022, doi:10.1257/aeri.20210236).
    """
    ways = ways_of(panel).ways[-_WAYS:]
    values = panel.values()
    rows, early = [], []
    for period, lead in enumerate(np.unique(leads).tolist()):
        listed = _at(panel, leads, lead)
        if not listed:
            continue
        stacks = Stacks(panel, listed, ways)
        tables = stacks.tables(values)
        sums = tables.sum(axis=0)
        shown: tuple[float | None, float | None, float | None] = (None, None, None)
        ratio = float(common_ratio(tables[None], stacks.weights())[0])
        if math.isfinite(ratio) and ratio > 0:
            # a supposed ratio before the start is that of this time alone
            marked = (leads == lead) & (np.arange(len(panel.days)) < panel.starts[:, None])
            own = np.vstack([marked, np.zeros_like(marked[:1])])[panel.wave]
            tails = partial(stacks.tails, values, marked=own if lead < 0 else None)
            shown = (ratio, *invert(tails, around=math.log(ratio), level=level))
        rows.append((period, lead, sums[0, 0], sums[1, 0], *shown, lead < 0))
        if lead < 0:
            early.append((lead, stacks))
    table = pd.DataFrame(rows, columns=list(EVENT_COLUMNS)).astype(
        {"estimate": float, "low": float, "high": float}
    )
    joint, slope, slope_p, notes = _before(panel, early, values)
    return EventStudy(
        table,
        joint,
        slope,
        slope_p,
        "Ratio of patrolled places to those not yet patrolled, by time since each wave's own "
        "start, against its time before; intervals and check from sharing out the starts anew.",
        notes,
    )


def _at(panel: WavePanel, leads: NDArray[np.int64], lead: int) -> tuple[Comparison, ...]:
    period = np.arange(len(panel.days))
    found = []
    for wave in range(panel.waves):
        waiting = period < panel.starts[wave]
        after = (leads[wave] == lead) & (waiting if lead < 0 else ~waiting)
        before = waiting & ~after
        if not after.any() or not before.any():
            continue
        others = not_yet(panel, after | before)
        others[wave] = False
        if others[panel.wave].any():
            found.append(Comparison(wave, before, after, others))
    return tuple(found)


def _before(
    panel: WavePanel, early: list[tuple[int, Stacks]], values: NDArray[np.float64]
) -> tuple[float | None, float | None, float | None, Notes]:
    events = int(panel.counts[:, : panel.starts[0]].sum())
    if len(early) < FEWEST_BEFORE or events == 0:
        why = Note(
            f"Whether waves moved alike before their starts cannot be checked on {len(early)} "
            f"periods with {events} incidents: at least {FEWEST_BEFORE} periods are needed.",
            loud=True,
        )
        return None, None, None, (why,)
    notes: Notes = ()
    if events < FEWEST_EVENTS:
        notes += (
            Note(
                f"Only {events} incidents before the first start: a difference between the waves "
                "would hardly show.",
                loud=True,
            ),
        )
    each = np.array([stacks.statistics(values) for _, stacks in early])
    joint = _share((each**2).sum(axis=0))
    slope, slope_p = _slope(early, values)
    if min(joint, slope_p) <= _LEVEL:
        notes += (
            Note(
                "Waves already moved differently from the places not yet patrolled before they "
                "began: the comparison after it cannot be trusted.",
                loud=True,
            ),
        )
    else:
        notes += (
            Note(
                "No difference between the waves stands out before their starts. That is weak "
                "evidence that they would have moved alike after them."
            ),
        )
    return joint, slope, slope_p, notes


def _slope(early: list[tuple[int, Stacks]], values: NDArray[np.float64]) -> tuple[float, float]:
    # one line through all the times before, each by its weight
    panel, ways = early[0][1].panel, early[0][1].ways
    listed = tuple(one for _, stacks in early for one in stacks.listed)
    lead = np.array([at for at, stacks in early for _ in stacks.listed], dtype=np.float64)
    plain = Stacks(panel, listed, ways)
    weights = plain.weights()
    centred = lead - float((weights * lead).sum() / weights.sum())
    # a time set against the rest departs more than from the whole
    rest = [float(panel.days[one.before].sum()) for one in listed]
    whole = [float(panel.days[one.before | one.after].sum()) for one in listed]
    kept = np.array(rest) / np.array(whole)
    found = departure(plain.tables(values))
    weights = found.counts_for(weights)
    change = found.change * kept
    slope = math.exp(float((weights * centred * change).sum() / (weights * centred**2).sum()))
    each = Stacks(panel, listed, ways, centred * kept).statistics(values)
    return slope, _share(np.abs(each))


def _share(found: NDArray[np.float64]) -> float:
    return float((found >= found[-1] * (1 - 1e-9)).mean())
