"""Windows: when each place is at its worst, by hours and days, by shift, or that nobody can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import betainc
from scipy.stats import beta

from config.profile import Tier
from config.shifts import DAY_HOURS
from spatial.notes import Note, Notes
from spatial.targets.areas.belonging import own_seed, place_of
from spatial.targets.when.window_words import peak_spoken, shift_spoken
from spatial.timing.aoristic import HOURS, hour_of_week, policing_week, timing_notes
from spatial.timing.peaks import PeakRules, peak_windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from config.shifts import Shift, Shifts
    from spatial.hexes.grid import HexGrid
    from spatial.incidents.moments import Moments
    from spatial.timing.aoristic import HourOfWeek
    from spatial.timing.peaks import PeakWindow

FEWEST_BY_SHIFT: Final = 5
"""Incidents of a place known to within a shift, below which not even a shift is named; and those a
window must hold to be named."""

_WEEK: Final = 7
_LEVEL: Final = 0.05
_MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class ShiftPeak:
    """A shift that holds more of a place's incidents than its hours would.

    Attributes
    ----------
    shift
        Which.
    share, low, high
        Share (0-1) of the place's incidents in its hours, on any day, and its 95% interval.
    even_share
        Its share of the day.
    p
        Chance that an even day shows any shift as full, at most.
    """

    shift: Shift
    share: float
    low: float
    high: float
    even_share: float
    p: float

    @property
    def words(self) -> str:
        """``mostly late shift (14:00-22:00): 61% (41-79%)``."""
        often = "mostly" if self.share > _MOSTLY else "most often"
        return (
            f"{often} {self.shift.words}: {self.share:.0%} ({100 * self.low:.0f}-{self.high:.0%})"
        )


@dataclass(frozen=True, slots=True, eq=False)
class PlaceTimes:
    """When one place is at its worst.

    Attributes
    ----------
    hours
        Incidents by hour of the week, Monday 00:00 first, shape (168,).
    by_the_hour
        How many incidents are known to within a shift.
    windows
        Peak windows, the most marked first; empty where none can be named.
    harm_shares
        Of each window: the share (0-1) of the place's harm, homicide's own left out, that falls in
        it; NaN where nothing has a weight, or where one incident is more than half of that harm:
        it would say when that one happened.
    shift
        Where no window can be named: the shift that stands out, or None.
    words
        For the column ``peak_windows``.
    spoken
        For a sentence: ``peaks on Friday and Saturday nights``; empty where there is nothing.
    detailed
        Whether its hours may be drawn: enough incidents that none is seen singly.
    """

    hours: NDArray[np.float64]
    by_the_hour: int
    windows: tuple[PeakWindow, ...]
    harm_shares: tuple[float, ...]
    shift: ShiftPeak | None
    words: str
    spoken: str
    detailed: bool


def times_of_places(  # noqa: PLR0913 (incidents, places, and how they are asked)
    moments: Moments,
    areas: Sequence[NDArray[np.int64]],
    grid: HexGrid,
    *,
    shifts: Shifts,
    seed: int,
    place: NDArray[np.int64] | None = None,
    rules: PeakRules | None = None,
) -> tuple[tuple[PlaceTimes, ...], Notes]:
    """Say when each of a list of places is at its worst.

    Parameters
    ----------
    moments
        The incidents of profile and window, cells at the grid's resolution.
    areas
        Positions of each place's cells in the grid's order; no two places share a cell.
    grid
        The cells.
    shifts
        Named where too little is known for hours; and the hour at which the policing day starts.
    seed
        Of the even weeks. A place draws its own, whatever else is on the list.
    place
        Each incident's place, -1 for none, shape (incidents,), where places are not made of cells;
        None: by the cells.
    rules
        What may be called a peak; None: as shipped, with the policing day of ``shifts``.

    Returns
    -------
    A place each, in their order, and how times were taken.

    Notes
    -----
    Peak windows are found on counts (:func:`spatial.timing.peaks.peak_windows`): harm hangs on too
    few incidents to have a rhythm of its own, so its share is said beside and never chosen on. A
    shift is named where an even day would show any of them as full at most once in twenty (exact
    binomial tail times the number of shifts; parts of incidents make it too cautious).

    How it can mislead: a window's share is measured on the incidents it was found on. Places are
    not corrected for one another: of twenty places without a rhythm, one may show one. Records of
    one fight count as several incidents.
    """
    rules = rules or PeakRules(day_starts=shifts.day_starts)
    owner, k = place_of(moments.cell, areas, grid) if place is None else place, len(areas)
    located = (grid.positions(moments.cell) >= 0) | (owner >= 0)
    inside, owner = moments.where(located), owner[located]
    whole = hour_of_week(inside.start, inside.end, inside.precision)
    within = owner >= 0
    held = inside.where(within)
    place = owner[within]
    found = hour_of_week(held.start, held.end, held.precision, place=place, places=k)
    worth = np.where(held.tier == Tier.HOMICIDE, 0.0, np.nan_to_num(held.harm_days))
    harm = hour_of_week(held.start, held.end, held.precision, place=place, places=k, worth=worth)
    heaviest = np.zeros(k)
    np.maximum.at(heaviest, place, worth)
    coarse = {
        unit: np.bincount(place[held.precision == unit], minlength=k) for unit in ("month", "day")
    }
    made = tuple(
        _place(
            found, harm.weights[at], at,
            total=int((place == at).sum()),
            heaviest=float(heaviest[at]),
            coarse={unit: int(number[at]) for unit, number in coarse.items()},
            shifts=shifts,
            rng=np.random.default_rng(own_seed(seed, areas[at], grid)),
            rules=rules,
        )
        for at in range(k)
    )  # fmt: skip
    known = int(whole.by_the_hour.sum())
    notes = (*timing_notes(whole), *_notes(shifts, rules))
    if 2 * known < len(inside):
        unknown = _unknown(len(inside), known, whole)
        notes = (unknown, *notes) if any(one.spoken for one in made) else (unknown,)
    return made, notes


def _place(  # noqa: PLR0913 (one place's numbers, and the rules)
    found: HourOfWeek,
    harm: NDArray[np.float64],
    at: int,
    *,
    total: int,
    heaviest: float,
    coarse: dict[str, int],
    shifts: Shifts,
    rng: np.random.Generator,
    rules: PeakRules,
) -> PlaceTimes:
    weights, known = found.weights[at], int(found.by_the_hour[at])
    if 2 * known < total or not total:
        words = _why_not(total, known, coarse)
        return PlaceTimes(weights, known, (), (), None, words, "", detailed=False)
    peaks = peak_windows(weights, known, rng=rng, rules=rules)
    detailed = known >= rules.fewest
    # a second window may rest on hardly anything: the least likely hours of those that are left
    named = tuple(one for one in peaks.windows if one.share * total >= FEWEST_BY_SHIFT)
    if named:
        shares = tuple(
            _harm_share(harm, window, heaviest=heaviest, day_starts=rules.day_starts)
            for window in named
        )
        words = "; ".join(
            f"{window.words} ({window.share:.0%}{_harm_words(share)})"
            for window, share in zip(named, shares, strict=True)
        )
        spoken = peak_spoken(named[0], day_starts=rules.day_starts)
        return PlaceTimes(weights, known, named, shares, None, words, spoken, detailed)
    shift = _shift_peak(weights, known, shifts)
    if shift is None:
        few = f"too few to say when ({known:,} of {total:,} incidents have a time)"
        words = "no clear peak" if known >= FEWEST_BY_SHIFT else few
        return PlaceTimes(weights, known, (), (), None, words, "", detailed)
    spoken = shift_spoken(shift.shift, mostly=shift.share > _MOSTLY)
    return PlaceTimes(weights, known, (), (), shift, shift.words, spoken, detailed)


def _shift_peak(weights: NDArray[np.float64], known: int, shifts: Shifts) -> ShiftPeak | None:
    if known < FEWEST_BY_SHIFT:
        return None
    total = float(weights.sum())
    held = np.array([by_day(weights, one).sum() for one in shifts.shift])
    even = np.array([one.length / DAY_HOURS for one in shifts.shift])
    outside = np.maximum(total - held, 0.0)
    # an even day's chance of so much or more; a shift without anything cannot be a peak
    tail = np.where(held > total * even, betainc(np.maximum(held, 1e-9), outside + 1, even), 1.0)
    at = int(np.argmin(tail))
    p = min(1.0, len(held) * float(tail[at]))
    low = float(beta.ppf(0.025, held[at], outside[at] + 1)) if held[at] > 0 else 0.0
    if p > _LEVEL or low <= even[at]:
        return None
    high = float(beta.ppf(0.975, held[at] + 1, outside[at])) if outside[at] > 0 else 1.0
    share = float(held[at] / total)
    return ShiftPeak(shifts.shift[at], share, low, high, float(even[at]), p)


def by_day(hours: NDArray[np.float64], shift: Shift) -> NDArray[np.float64]:
    """Return what a shift holds on each day, Monday first, by the day on which it starts.

    Parameters
    ----------
    hours
        By hour of the week, Monday 00:00 first, shape (168,).
    shift
        Which.
    """
    begins = np.arange(_WEEK) * DAY_HOURS + shift.starts
    on_duty = (begins[:, None] + np.arange(shift.length)) % HOURS
    return np.asarray(hours[on_duty].sum(axis=1))


def _harm_share(
    harm: NDArray[np.float64], window: PeakWindow, *, heaviest: float, day_starts: int
) -> float:
    total = float(harm.sum())
    if total <= 0 or 2 * heaviest > total:
        return float("nan")
    days = (window.first_day + np.arange(window.days)) % _WEEK
    first = (window.start_hour - day_starts) % DAY_HOURS
    week = policing_week(harm, day_starts=day_starts)
    return float(week[days, first : first + window.hours].sum() / total)


def _harm_words(share: float) -> str:
    return "" if np.isnan(share) else f", harm {share:.0%}"


def _why_not(total: int, known: int, coarse: dict[str, int]) -> str:
    if not total:
        return "cannot say when: nothing is recorded here in these dates"
    for unit in ("month", "day"):
        if coarse[unit] == total:
            return f"cannot say when: the data give only the {unit}"
    return f"cannot say when: only {known:,} of {total:,} incidents have a time"


def _unknown(total: int, known: int, found: HourOfWeek) -> Note:
    for unit, number in (("month", found.month_only), ("day", found.day_only)):
        if number == total:
            sentence = (
                f"When to patrol cannot be said: all {total:,} incidents give only the {unit}."
            )
            return Note(sentence, loud=True)
    sentence = (
        f"Of most places it cannot be said when: only {known:,} of {total:,} incidents have a "
        "time known to within a shift."
    )
    return Note(sentence, loud=True)


def _notes(shifts: Shifts, rules: PeakRules) -> list[Note]:
    notes = [
        Note(
            f"Peak windows: days begin at {rules.day_starts:02d}:00; hours are named from "
            f"{rules.fewest} incidents known to within a shift, a shift from {FEWEST_BY_SHIFT}, "
            "and neither where an even week would show as much more than once in "
            f"{1 / _LEVEL:.0f} times. The harm beside a share leaves out homicide's own. Shares "
            "are measured on the incidents they were found on, and flatter."
        )
    ]
    if shifts.gaps:
        notes.append(Note(f"No shift covers {' and '.join(shifts.gaps)}."))
    return notes
