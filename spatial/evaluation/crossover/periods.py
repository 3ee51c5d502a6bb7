"""Periods: whether the effect held, and whether the draw was even over weekdays and halves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from spatial.evaluation.crossover.null_sum import null_sum
from spatial.evaluation.crossover.panel import part
from spatial.evaluation.crossover.place_day_model import fit
from spatial.evaluation.crossover.rate_ratio import AS_DRAWN, crossover_rate_ratio
from spatial.evaluation.estimate import LEVEL, Estimate
from spatial.notes import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.evaluation.crossover.panel import CrossoverPanel

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BALANCE_COLUMNS: Final = (
    "period", "place_days_treated", "place_days_control", "treated", "control",
)  # fmt: skip
HALF: Final = Note(
    "Half the days hold half the incidents: a half by itself says little, and a difference between "
    "halves is found only where it is great."
)
BY_ITSELF: Final = Note(
    "For a half, p and interval take each day as drawn by itself, without the longest wait."
)
NO_MODEL: Final = Note("The model has no answer: one side of a half saw no incident.", loud=True)


def period_effects(panel: CrossoverPanel, *, level: float = LEVEL) -> tuple[Estimate, ...]:
    """Estimate the rate ratio of each half, and how it changed over the operation.

    Returns
    -------
    ``crossover_first_half`` and ``crossover_second_half``, exact; ``crossover_half_change``, the
    second half's ratio over the first's; ``crossover_trend``, the factor by which the ratio changed
    from the first day to the last, both from the model with a term for each place and day.
    """
    days = len(panel.design.dates)
    if days < 4:  # noqa: PLR2004 (two halves of two days)
        return ()
    middle = days // 2
    halves = []
    for name, some in (("first", slice(0, middle)), ("second", slice(middle, days))):
        half = part(panel, some)
        found = crossover_rate_ratio(
            half.counts, half.design, outcome=panel.outcome, name=f"crossover_{name}_half",
            level=level,
        )  # fmt: skip
        if panel.design.longest_wait is not None:
            found = replace(found, notes=(*found.notes, BY_ITSELF))
        halves.append(found)
    day = np.arange(days)
    late = (day >= middle).astype(np.float64)
    gone = day / (days - 1) - 0.5
    return (
        *halves,
        _change(panel, late, name="crossover_half_change", level=level),
        _change(panel, gone, name="crossover_trend", level=level),
    )


def balance(panel: CrossoverPanel) -> pd.DataFrame:
    """Count place-days and incidents of both sides by weekday, and by half.

    Returns
    -------
    ``BALANCE_COLUMNS``: weekdays in force from Monday on, then the two halves. So many places each
    day make weekdays even by themselves; a table that is not even was not drawn so.
    """
    design, counts = panel.design, panel.counts
    weekday = np.array([day.weekday() for day in design.dates])
    half = np.arange(len(design.dates)) >= len(design.dates) // 2
    groups = [(WEEKDAYS[one], weekday == one) for one in sorted(set(weekday.tolist()))]
    groups += [("first half", ~half), ("second half", half)]
    rows = [
        (
            name,
            int(design.treated[days].sum()),
            int((~design.treated[days]).sum()),
            int(counts[days][design.treated[days]].sum()),
            int(counts[days][~design.treated[days]].sum()),
        )
        for name, days in groups
    ]
    return pd.DataFrame(rows, columns=list(BALANCE_COLUMNS))


def _change(
    panel: CrossoverPanel, moment: NDArray[np.float64], *, name: str, level: float
) -> Estimate:
    method = "Poisson regression with a term for each place and day, widened for clusters."
    treated = panel.design.treated.astype(np.float64)
    found = fit(panel.counts, np.stack([treated, treated * moment[:, None]]))
    if found is None:
        return Estimate(name, panel.outcome, "count", None, None, None, None, method, (NO_MODEL,))
    wider = max(1.0, null_sum(panel.counts, panel.design).clustering)
    log, error = float(found.log_ratios[1]), float(np.sqrt(found.covariance[1, 1] * wider))
    reach = float(norm.isf((1 - level) / 2)) * error
    return Estimate(
        name, panel.outcome, "count", float(np.exp(log)), float(np.exp(log - reach)),
        float(np.exp(log + reach)), float(2 * norm.sf(abs(log) / error)), method, (AS_DRAWN, HALF),
    )  # fmt: skip
