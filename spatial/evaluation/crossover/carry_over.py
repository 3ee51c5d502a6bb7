"""Carry-over: whether a patrol is still felt on the days after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm

from spatial.evaluation.crossover.design import CrossoverDesign
from spatial.evaluation.crossover.null_sum import null_sum
from spatial.evaluation.crossover.place_day_model import fit
from spatial.evaluation.crossover.rate_ratio import AS_DRAWN, crossover_rate_ratio
from spatial.evaluation.estimate import LEVEL, Estimate
from spatial.notes import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LAGS: Final = (1, 2, 3, 4)
MEANING: Final = Note(
    "Below 1, places stayed quieter after a patrol, and the main figure understates what patrols "
    "did, since days without one still gain; above 1, trouble was put off rather than stopped."
)
MANY: Final = Note(
    "Several days after are looked at, so that one of them may stand out by chance alone."
)
TOO_SHORT: Final = Note("There are too few days for this many days after.", loud=True)
NO_MODEL: Final = Note("The model has no answer: too few incidents for so many terms.", loud=True)


def carry_over(
    counts: NDArray[np.int64],
    design: CrossoverDesign,
    *,
    outcome: str,
    lags: Sequence[int] = LAGS,
    level: float = LEVEL,
) -> tuple[Estimate, ...]:
    """Estimate what a patrol leaves behind, one to four days later.

    Parameters
    ----------
    counts
        Shape (days, places).
    lags
        Days after.

    Returns
    -------
    ``crossover_carry_over_1`` and so on: the rate on place-days so many days after a treated one,
    over that on others. Where each day was drawn by itself, with exact p and interval, for what
    happened on other days is independent of it. Where the draw kept a longest wait it is not: then
    from the model with today's and all earlier treatments. Last,
    ``crossover_rate_ratio_carry_over``: today's treatment with all these held equal.

    Notes
    -----
    How it can mislead: places recover at their own pace (in Perth after four days), and forty
    incidents tell next to nothing about each of four days. Only days that were in force are lagged.
    """
    joint = _joint(counts, design, outcome=outcome, lags=lags, level=level)
    if design.longest_wait is not None:
        return joint
    alone = []
    for lag, modelled in zip(lags, joint, strict=False):
        later, earlier = _pairs(design.dates, lag)
        if later.size < 2:  # noqa: PLR2004 (a design needs two days)
            alone.append(modelled)
            continue
        before = CrossoverDesign(
            tuple(design.dates[day] for day in later), design.area_ids, design.treated[earlier]
        )
        found = crossover_rate_ratio(
            counts[later], before, outcome=outcome, name=f"crossover_carry_over_{lag}", level=level
        )
        alone.append(_noted(found))
    return (*alone, joint[-1])


def _noted(found: Estimate) -> Estimate:
    method = found.method.replace("treated place-days", "place-days so long after a treated one")
    return replace(found, method=method, notes=(*found.notes, MEANING, MANY))


def _joint(
    counts: NDArray[np.int64],
    design: CrossoverDesign,
    *,
    outcome: str,
    lags: Sequence[int],
    level: float,
) -> tuple[Estimate, ...]:
    method = (
        "Poisson regression with a term for each place and day, today's treatment and those of the "
        "days before, widened for clusters."
    )
    names = [f"crossover_carry_over_{lag}" for lag in lags] + ["crossover_rate_ratio_carry_over"]
    later, earlier = _all_before(design.dates, lags)
    if later.size == 0:
        return tuple(
            Estimate(name, outcome, "count", None, None, None, None, method, (TOO_SHORT,))
            for name in names
        )
    terms = np.stack([*(design.treated[days] for days in earlier), design.treated[later]])
    found = fit(counts[later], terms.astype(np.float64))
    if found is None:
        return tuple(
            Estimate(name, outcome, "count", None, None, None, None, method, (NO_MODEL,))
            for name in names
        )
    wider = max(1.0, null_sum(counts, design).clustering)
    errors = np.sqrt(np.diag(found.covariance) * wider)
    reach = norm.isf((1 - level) / 2) * errors
    return tuple(
        Estimate(
            name, outcome, "count", float(np.exp(log)), float(np.exp(log - far)),
            float(np.exp(log + far)), float(2 * norm.sf(abs(log) / error)), method,
            (AS_DRAWN, MEANING, MANY),
        )
        for name, log, far, error in zip(names, found.log_ratios, reach, errors, strict=True)
    )  # fmt: skip


def _pairs(dates: Sequence[dt.date], lag: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # days whose date so many days earlier was in force too
    at = {day: number for number, day in enumerate(dates)}
    step = dt.timedelta(days=lag)
    later = [number for number, day in enumerate(dates) if day - step in at]
    earlier = [at[dates[number] - step] for number in later]
    return np.array(later, dtype=np.int64), np.array(earlier, dtype=np.int64)


def _all_before(
    dates: Sequence[dt.date], lags: Sequence[int]
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    pairs = [_pairs(dates, lag) for lag in lags]
    common = sorted(set.intersection(*(set(later.tolist()) for later, _ in pairs)))
    kept = np.array(common, dtype=np.int64)
    return kept, [earlier[np.searchsorted(later, kept)] for later, earlier in pairs]
