"""The rivals: every way of ranking cells that is tried, each from what was known and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.accuracy.expectation import can_expect, expected_counts, expected_harm_of
from spatial.accuracy.ground import BANDWIDTHS_M
from spatial.accuracy.known import YEAR, Known
from spatial.accuracy.plain_poisson import plain_poisson
from spatial.accuracy.self_exciting import self_exciting
from spatial.hotspots.getis_ord import gi_star
from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from numpy.typing import NDArray

Rival = Callable[[Known], "NDArray[np.float64]"]
"""Scores of every cell, higher first; none may look at anything but what is known."""

QUARTER: Final = 3
BASELINE: Final = "last_year_count"
ORACLE: Final = "oracle"


def last_year_count(known: Known) -> NDArray[np.float64]:
    """Rank by the count of the last twelve months."""
    return known.last(YEAR).summed("incidents")


def ties_by_commoner(known: Known) -> NDArray[np.float64]:
    """Rank by the count of the last twelve months, ties by all other kinds together."""
    year = known.last(YEAR)
    commoner = year.summed_others()
    # always below one incident
    return np.asarray(year.summed("incidents") + commoner / (1.0 + commoner.max(initial=0.0)))


def last_three_months(known: Known) -> NDArray[np.float64]:
    """Rank by the count of the last three months."""
    return known.last(QUARTER).summed("incidents")


def raw_harm(known: Known) -> NDArray[np.float64]:
    """Rank by the days of harm of the last twelve months."""
    return known.last(YEAR).summed("harm")


def sqrt_harm(known: Known) -> NDArray[np.float64]:
    """Rank by the sum of the square roots of each incident's days over the last twelve months."""
    return known.last(YEAR).summed("root_harm")


def sqrt_harm_neighbour_lag(known: Known) -> NDArray[np.float64]:
    """Rank by square-root harm plus its mean over the six cells that adjoin.

    As the analyst's notebook ``hexseg`` does, which then takes the root of the sum: that changes no
    order.
    """
    own = sqrt_harm(known)
    around, _ = known.ground.rings.averages(own)
    return own + around


def gi_star_rank(known: Known) -> NDArray[np.float64]:
    """Rank by the z of Getis-Ord Gi* on the count of the last twelve months."""
    return gi_star(last_year_count(known), known.ground.near)


def density(known: Known, *, bandwidth_m: float, from_month: int = 0) -> NDArray[np.float64]:
    """Rank by quartic kernel density of the twelve months that end so many months before.

    Parameters
    ----------
    bandwidth_m
        One of :data:`BANDWIDTHS_M`.
    from_month
        0 for the year before the origin.
    """
    until = known.first_day(from_month) if from_month else None
    record = known.record.between(known.first_day(from_month + YEAR), _end(known, until))
    amounts = np.bincount(record.site, weights=record.site_incidents, minlength=len(record.points))
    surface = known.ground.kernels[bandwidth_m] @ amounts
    return np.asarray(surface, dtype=np.float64)


def best_bandwidth(known: Known) -> float:
    """Return the bandwidth that held most in 1% of the cells when it was last put to the test.

    The last quarter that is known is held back for it; where less than half a year is known, the
    middle one.
    """
    if known.periods < 2 * QUARTER:
        return BANDWIDTHS_M[len(BANDWIDTHS_M) // 2]
    happened = last_three_months(known)
    top = max(1, len(happened) // 100)

    def held(bandwidth_m: float) -> float:
        surface = density(known, bandwidth_m=bandwidth_m, from_month=QUARTER)
        return float(happened[np.argpartition(-surface, top - 1)[:top]].sum())

    # the narrower where two held the same
    return max(BANDWIDTHS_M, key=lambda one: (held(one), -one))


def kde(known: Known) -> NDArray[np.float64]:
    """Rank by kernel density of the last twelve months, with the bandwidth that did best before."""
    return density(known, bandwidth_m=best_bandwidth(known))


def near_repeat(known: Known) -> NDArray[np.float64]:
    """Rank by a self-exciting process: see :mod:`spatial.accuracy.self_exciting`."""
    return self_exciting(known)


def _end(known: Known, until: int | None) -> int:
    return (known.day - known.timeline.begins).days if until is None else until


def _fixed(bandwidth_m: float) -> Rival:
    def rank(known: Known) -> NDArray[np.float64]:
        return density(known, bandwidth_m=bandwidth_m)

    return rank


def _expected(months: int | None) -> Rival:
    def rank(known: Known) -> NDArray[np.float64]:
        if not can_expect(known, months=months):
            return np.zeros(known.record.cells)
        return expected_harm_of(known, months=months).harm_days

    return rank


COUNTED: Final[dict[str, Rival]] = {
    BASELINE: last_year_count,
    "last_year_count_commoner": ties_by_commoner,
    "last_three_months": last_three_months,
    "kde": kde,
    **{f"kde_{width:.0f}": _fixed(width) for width in BANDWIDTHS_M},
    "gi_star_rank": gi_star_rank,
    "near_repeat": near_repeat,
    "plain_poisson": plain_poisson,
    "expected_count": expected_counts,
}
"""Rankings that need no harm."""
WEIGHED: Final[dict[str, Rival]] = {
    "raw_harm": raw_harm,
    "sqrt_harm": sqrt_harm,
    "sqrt_harm_neighbour_lag": sqrt_harm_neighbour_lag,
    "expected_harm": _expected(YEAR),
    "expected_harm_24": _expected(2 * YEAR),
    "expected_harm_all": _expected(None),
}
"""Rankings that need harm: not of antisocial behaviour."""


def rivals_for(*, weighs_harm: bool, periods: int) -> tuple[dict[str, Rival], Notes]:
    """Return the rankings that can be tried, and what is left out.

    Parameters
    ----------
    weighs_harm
        Whether the profile's incidents have weights.
    periods
        Most months that any origin knows: windows longer than the data are the same ranking twice.
    """
    found = dict(COUNTED)
    notes = []
    if weighs_harm:
        found |= WEIGHED
        if periods <= YEAR:
            del found["expected_harm_24"], found["expected_harm_all"]
        elif periods <= 2 * YEAR:
            del found["expected_harm_24"]
    else:
        notes.append(
            Note("Nothing here has a harm weight: places are ranked and scored by the count alone.")
        )
    return found, tuple(notes)
