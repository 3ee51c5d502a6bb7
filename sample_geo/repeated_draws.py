"""Repeated draws: the two operations and a town of risks, drawn anew as often as a test likes.

The committed town is one draw. Whether an interval covers the truth as often as it says is seen
over hundreds: these draw only the counts, from rates like the town's, with the truth beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sample_geo.chance import Chance
from sample_geo.operations import TREATED_DAILY, allocate

if TYPE_CHECKING:
    from numpy.typing import NDArray

# shares of Saltmere's serious violence in public, and days of harm each (Cambridge index, 2020)
KINDS: Final = ("actual bodily harm", "robbery", "supply", "wounding", "wounding with intent")
SHARES: Final = (0.65, 0.2, 0.05, 0.06, 0.04)
HARM_DAYS: Final = (10.0, 365.0, 547.5, 547.5, 1460.0)

_WEEKEND: Final = (0.9, 0.9, 0.9, 1.0, 1.2, 1.3, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfterDraw:
    """One before-after operation on the places that topped the list.

    Attributes
    ----------
    treated
        Which places were patrolled, shape (places,): the hottest of the time they were chosen on.
    baseline, chosen_on, during
        Incidents by place and kind (``KINDS``), shape (places, kinds): the same season a year
        before; the months the list was made of, just before; and the operation.
    baseline_days, chosen_on_days, during_days
        How long each lasted.
    truth
        The rate ratio that the operation caused: 0.8 is a fifth less; 1 is none.
    """

    treated: NDArray[np.bool_]
    baseline: NDArray[np.int64]
    chosen_on: NDArray[np.int64]
    during: NDArray[np.int64]
    baseline_days: int
    chosen_on_days: int
    during_days: int
    truth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverDraw:
    """One randomised crossover.

    Attributes
    ----------
    treated, delivered
        Shape (days, places): drawn to be patrolled, and patrolled.
    counts
        Incidents, shape (days, places, kinds).
    buffer_counts
        Incidents close by, shape (days, places): nothing is moved there.
    truth
        The rate ratio of days drawn to the others.
    """

    treated: NDArray[np.bool_]
    delivered: NDArray[np.bool_]
    counts: NDArray[np.int64]
    buffer_counts: NDArray[np.int64]
    truth: float


def harm_of(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return days of harm of counts whose last axis is ``KINDS``."""
    return np.asarray(counts @ np.array(HARM_DAYS), dtype=np.float64)


def draw_operation_before_after(  # noqa: PLR0913 (each a property of the operation)
    seed: int,
    *,
    places: int = 60,
    treated: int = 12,
    truth: float = 0.8,
    yearly: float = 11.0,
    spread: float = 0.5,
    shocks: float = 0.0,
    season: float = 1.0,
) -> BeforeAfterDraw:
    """Draw an operation that starts because places were hot.

    Parameters
    ----------
    seed
        Another seed, another operation.
    places, treated
        How many might have been chosen, and how many were.
    truth
        Rate ratio in treated places while it lasts.
    yearly, spread
        Incidents that a middling place sees in a year, and how far places differ (standard
        deviation of the logarithm): Saltmere's second dozen by default.
    shocks
        How far each place's rate wanders from one time to the next, for reasons of its own
        (standard deviation of the logarithm): 0 is Poisson.
    season
        How much busier the operation's season and its baseline's is than the list's.
    """
    chance = Chance(seed, "before and after")
    rate = yearly / 365.25 * np.exp(chance.bell(places, spread))
    days = (181, 92, 181)
    busy = (season, 1.0, season)
    means = [
        rate * n * level * np.exp(chance.bell(places, shocks) - shocks**2 / 2)
        for n, level in zip(days, busy, strict=True)
    ]
    shares = np.array(SHARES)
    baseline, chosen_on = (chance.counts(mean[:, None] * shares) for mean in means[:2])
    # ties by lot, as places' numbers say nothing
    order = np.lexsort((chance.uniform(places), -chosen_on.sum(axis=1)))
    patrolled = np.zeros(places, dtype=bool)
    patrolled[order[:treated]] = True
    during = chance.counts((means[2] * np.where(patrolled, truth, 1.0))[:, None] * shares)
    return BeforeAfterDraw(
        treated=patrolled,
        baseline=baseline,
        chosen_on=chosen_on,
        during=during,
        baseline_days=days[0],
        chosen_on_days=days[1],
        during_days=days[2],
        truth=truth,
    )


def draw_crossover(  # noqa: PLR0913 (each a property of the trial)
    seed: int,
    *,
    places: int = 20,
    days: int = 90,
    daily: int = TREATED_DAILY,
    truth: float = 0.6,
    total: float = 180.0,
    spread: float = 0.7,
    shocks: float = 0.0,
    compliance: float = 0.98,
) -> CrossoverDraw:
    """Draw a randomised crossover: so many of the places treated each day, every day anew.

    Parameters
    ----------
    seed
        Another seed, another trial.
    places, days, daily
        The design.
    truth
        Rate ratio on days drawn to be treated, whether or not every visit was made.
    total
        Incidents expected in all, were nothing done: Saltmere's by default; 40 is Operation Ark's
        order of size.
    spread
        How far places differ (standard deviation of the logarithm).
    shocks
        The same of each place-day, for reasons of its own: 0 is Poisson.
    compliance
        Share of place-days drawn that were patrolled.
    """
    chance = Chance(seed, "crossover")
    level = np.exp(chance.bell(places, spread))
    week = np.array(_WEEKEND)[np.arange(days) % len(_WEEKEND)]
    rate = week[:, None] * level
    rate *= total / rate.sum()
    if shocks:
        wander = chance.bell(days * places, shocks).reshape(days, places)
        rate = rate * np.exp(wander - shocks**2 / 2)
    treated = allocate(chance, places=places, days=days, daily=daily)
    delivered = treated & chance.happens(np.full((days, places), compliance))
    lowered = rate * np.where(treated, truth, 1.0)
    return CrossoverDraw(
        treated=treated,
        delivered=delivered,
        counts=chance.counts(lowered[:, :, None] * np.array(SHARES)),
        buffer_counts=chance.counts(0.6 * rate),
        truth=truth,
    )
