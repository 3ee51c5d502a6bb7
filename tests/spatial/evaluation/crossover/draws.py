"""Crossovers drawn for tests: places, days, chance, and a true effect."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from spatial.evaluation.crossover.design import CrossoverDesign

FIRST = dt.date(2026, 8, 1)


def design_of(treated: NDArray[np.bool_], wait: int | None = None) -> CrossoverDesign:
    days, places = treated.shape
    dates = tuple(FIRST + dt.timedelta(days=day) for day in range(days))
    return CrossoverDesign(dates, tuple(f"P{one:02d}" for one in range(places)), treated, wait)


def each_day(
    rng: np.random.Generator, *, days: int = 90, places: int = 20, k: int = 8
) -> NDArray[np.bool_]:
    return rng.random((days, places)).argsort(axis=1).argsort(axis=1) < k


def counts_of(
    rng: np.random.Generator,
    treated: NDArray[np.bool_],
    *,
    total: float = 40,
    ratio: float = 1.0,
    bursts: bool = False,
) -> NDArray[np.int64]:
    """Unequal places and days; in bursts, incidents come two or more at a time."""
    days, places = treated.shape
    place, day = rng.gamma(2, size=places), rng.gamma(4, size=days)
    rate = total * np.outer(day / day.sum(), place / place.sum()) * np.where(treated, ratio, 1)
    if not bursts:
        return rng.poisson(rate)
    some = rng.poisson(rate / 2)
    return some + rng.poisson(some)
