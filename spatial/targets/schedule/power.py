"""Power: the smallest fall that a design could tell from chance, said before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import binom, poisson

from config.errors import BadInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from spatial.targets.schedule.places import SchedulePlaces

# totals further out than this share no more than this chance
_TAIL: Final = 1e-9
_STEPS: Final = 24
_SURE: Final = 1e-9
# what rounds to more than one
_TWO: Final = 1.5


@dataclass(frozen=True, slots=True)
class Design:
    """A crossover before it starts.

    Attributes
    ----------
    expected
        Incidents expected in all places over all days if nobody were treated.
    treated_share
        Share (0-1) of place-days that are treated: k / m.
    days
        How long it runs.
    overdispersion
        Variance over mean of the counts; 1 for Poisson. Real places clump: 1.2 to 2 is common.
    """

    expected: float
    treated_share: float
    days: int
    overdispersion: float = 1.0


def design_of(
    per_place_day: ArrayLike, *, k: int, days: int, overdispersion: float = 1.0
) -> Design:
    """Return the design of a crossover over places with known rates.

    Parameters
    ----------
    per_place_day
        Incidents expected in each place on an untreated day, shape (m,).
    k
        Places treated each day.
    """
    rates = np.asarray(per_place_day, dtype=float)
    if not rates.size or not np.isfinite(rates).all() or (rates < 0).any():
        msg = (
            "The incidents expected of a place-day must be numbers from nought. Give one per place."
        )
        raise BadInputError(msg)
    return Design(float(rates.sum()) * days, k / rates.size, days, overdispersion)


def expected_incidents(
    places: SchedulePlaces, days: int, *, given: float | None = None
) -> float | None:
    """Return the incidents expected in all places over some days if nobody were treated.

    As many a day as in the window of the list, which flatters: places are listed because much
    happened there. None where the list does not say, and no number is given in its place.
    """
    if given is not None:
        if not (np.isfinite(given) and given >= 0):
            msg = f"{given!r} incidents cannot be expected. Give a number from nought."
            raise BadInputError(msg)
        return given
    if not places.window_days or not np.isfinite(places.incidents).all():
        return None
    return float(places.incidents.sum()) / places.window_days * days


def power_of(design: Design, fall: float, *, level: float = 0.05) -> float:
    """Return the chance (0-1) that the design tells a fall from none.

    Parameters
    ----------
    fall
        True fall (0-1) on treated place-days; 0.4 leaves 60%.
    level
        Two-sided level of the test.

    Notes
    -----
    Given the total, incidents on treated place-days are binomial (Przyborowski and Wilenski 1940,
    doi:10.1093/biomet/31.3-4.313); the exact test puts at most half the level in each tail, as the
    Clopper-Pearson interval of the rate ratio does. Power is its mean over the Poisson total.
    Counts that vary by a factor more than Poisson ones tell as much as so many times fewer would:
    they are divided by it. Power to find a fall: an apparent rise does not count.
    """
    _check(design, fall)
    share = design.treated_share
    on_treated = share * (1.0 - fall)
    mean = design.expected / design.overdispersion * (on_treated + 1.0 - share)
    if mean <= 0:
        return 0.0
    totals = np.arange(int(poisson.isf(_TAIL, mean)) + 1)
    below = _rejected_below(totals, share, level)
    found = binom.cdf(below - 1, totals, on_treated / (on_treated + 1.0 - share))
    return float((poisson.pmf(totals, mean) * found).sum())


def smallest_fall(design: Design, *, power: float = 0.8, level: float = 0.05) -> float | None:
    """Return the smallest fall (0-1) that is found with a given power; None where none is."""
    if power_of(design, 1.0, level=level) < power:
        return None
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (
            (low, middle) if power_of(design, middle, level=level) >= power else (middle, high)
        )
    return high


def power_curve(
    design: Design, falls: ArrayLike | None = None, *, level: float = 0.05
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return falls (0-1; every five per cent where none are given) and the power of each."""
    asked = np.arange(0.0, 1.0001, 0.05) if falls is None else np.asarray(falls, dtype=float)
    return asked, np.array([power_of(design, float(min(fall, 1.0)), level=level) for fall in asked])


def power_words(design: Design, *, power: float = 0.8, level: float = 0.05) -> str:
    """Say in a sentence what the design could find."""
    least = smallest_fall(design, power=power, level=level)
    expected = (
        f"{design.expected:,.0f} incidents" if design.expected >= _TWO else "1 incident or none"
    )
    start = f"With {expected} expected in {design.days:,} day{'s' * (design.days != 1)}"
    if least is None:
        return f"{start}, not even a fall to none would reliably be told from chance."
    # rounded up: what is said must be enough
    shown = int(np.ceil(least * 100 - _SURE))
    return f"{start}, only a fall of {shown}% or more would be told from chance ({_odds(power)})."


def _odds(power: float) -> str:
    return f"{power * 10:.0f} times in ten"


def _rejected_below(totals: NDArray[np.int64], share: float, level: float) -> NDArray[np.int64]:
    # the most treated incidents, plus one, that a test at half the level calls too few
    most = np.asarray(binom.ppf(level / 2, totals, share)).astype(np.int64)
    return most + (binom.cdf(most, totals, share) <= level / 2)


def _check(design: Design, fall: float) -> None:
    if not 0 <= fall <= 1:
        msg = f"A fall of {fall!r} is none. Give a share from 0 (none) to 1 (nothing left)."
        raise BadInputError(msg)
    if not 0 < design.treated_share < 1:
        msg = (
            "Where every place is treated every day there is nothing to compare with. Treat fewer."
        )
        raise BadInputError(msg)
    if not np.isfinite(design.expected) or design.expected < 0 or design.overdispersion < 1:
        msg = (
            f"{design.expected!r} incidents with a spread of {design.overdispersion!r} cannot be "
            "expected. Give a number from nought, and a spread of 1 or more."
        )
        raise BadInputError(msg)
