"""Peaks: the days and hours at which a place is at its worst, where the data can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import betainc, xlogy
from scipy.stats import beta

from config.shifts import day_starts as policing_day
from spatial.timing.aoristic import HOURS, policing_week

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.timing.aoristic import HourOfWeek

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK: Final = len(_DAYS)
# (first day, how many): every day, the working week and the weekend as shifts know them, one day
_DAY_TYPES: Final = (
    (0, 7), (0, 5), (0, 4), (6, 5), (4, 2), (4, 3), (5, 2), *((day, 1) for day in range(_WEEK)),
)  # fmt: skip
# a bound on p this small needs no draws
_SURELY: Final = 1e-3
# even weeks drawn before it is asked whether more are needed
_AT_ONCE: Final = 111


@dataclass(frozen=True, slots=True)
class PeakRules:
    """What may be called a peak.

    Attributes
    ----------
    day_starts
        Hour at which the policing day starts; no window runs past it.
    shortest, longest
        Hours of a window, both included.
    most
        Windows named for one place.
    fewest
        Incidents of a place that must be known to within a shift before anything is said.
    level
        Largest chance (0-1) that an even spread would show such a window somewhere in the week.
    draws
        Even weeks drawn where that chance has no quick bound.
    """

    day_starts: int = field(default_factory=policing_day)
    shortest: int = 3
    longest: int = 8
    most: int = 2
    fewest: int = 20
    level: float = 0.05
    draws: int = 999


@dataclass(frozen=True, slots=True)
class PeakWindow:
    """Some hours on some days.

    Attributes
    ----------
    first_day, days
        The first policing day (0 Monday) and how many in a row.
    start_hour, hours
        Clock hour at which it starts, and its length.
    share
        Share (0-1) of the place's incidents that falls in it.
    low, high
        95% interval of the share. The window was found on the very incidents it is measured on, so
        share and interval flatter it.
    even_share
        Share of the week's hours: what an even spread would give.
    p
        Chance that an even spread shows a window as marked anywhere in the week, or a bound of it.
    words
        ``Fri-Sat 21:00-02:00``: the days on which it starts.
    """

    first_day: int
    days: int
    start_hour: int
    hours: int
    share: float
    low: float
    high: float
    even_share: float
    p: float
    words: str


@dataclass(frozen=True, slots=True)
class Peaks:
    """What can be said of when.

    Attributes
    ----------
    windows
        Most marked first; empty where there is none or the data cannot tell.
    words
        The windows with their shares, or why there are none.
    """

    windows: tuple[PeakWindow, ...]
    words: str


def peak_windows(
    weights: NDArray[np.float64],
    by_the_hour: int,
    *,
    rng: np.random.Generator,
    rules: PeakRules | None = None,
) -> Peaks:
    """Find a place's peak windows.

    Parameters
    ----------
    weights
        Incidents by hour of the week (:class:`spatial.timing.aoristic.HourOfWeek`), shape (168,).
    by_the_hour
        How many of them are known to within a shift.
    rng
        For the even weeks.
    rules
        Lengths, and how much is enough.

    Notes
    -----
    Every run of hours is tried on every kind of days (every day, Mon-Fri, Mon-Thu, Sun-Thu,
    Fri-Sat, Fri-Sun, Sat-Sun, each single day), and the window whose incidents are the least like
    an even spread is taken (Kulldorff 1997, doi:10.1080/03610929708831995, likelihood ratio).
    Because the best of many is taken, p is the chance that the best window of an even week is as
    marked: by drawing such weeks, or by the bound tail x windows tried. A second window is sought
    in the hours that are left, and must be busier than the whole week's even share too. An incident
    spread over several hours is drawn as if in one, which makes p too large rather than too small.
    """
    rules = rules or PeakRules()
    total = float(weights.sum())
    known = f"{by_the_hour:,} of {round(total):,} incidents have a time"
    if 2 * by_the_hour < total:
        return Peaks((), f"cannot say when: only {known}")
    if by_the_hour < rules.fewest:
        return Peaks((), f"too few to say when ({known}; {rules.fewest} are needed)")
    free = np.ones(HOURS, dtype=bool)
    week = policing_week(weights, day_starts=rules.day_starts).reshape(HOURS)
    found: list[PeakWindow] = []
    while len(found) < rules.most:
        window, cells = _best(week, free, total=total, rng=rng, rules=rules)
        if window is None:
            break
        found.append(window)
        free = free & ~cells
    if not found:
        return Peaks((), "no hours stand out")
    named = "; ".join(f"{window.words} ({window.share:.0%})" for window in found)
    return Peaks(tuple(found), named)


def peaks_of_places(
    found: HourOfWeek, *, rng: np.random.Generator, rules: PeakRules | None = None
) -> list[Peaks]:
    """Find every place's peak windows; what one place shows does not hang on the others."""
    streams = rng.spawn(len(found.weights))
    return [
        peak_windows(weights, int(known), rng=stream, rules=rules)
        for weights, known, stream in zip(found.weights, found.by_the_hour, streams, strict=True)
    ]


def peak_sentence(peaks: Peaks) -> str:
    """Say the peaks with intervals and what an even spread would give, for the analyst."""
    if not peaks.windows:
        return peaks.words
    parts = [
        f"{one.words} holds {one.share:.0%} ({one.low:.0%} to {one.high:.0%}), where an even "
        f"spread would give {one.even_share:.0%}"
        for one in peaks.windows
    ]
    return f"{'; '.join(parts)}. Found on the same incidents, so somewhat flattered."


def _best(
    week: NDArray[np.float64],
    free: NDArray[np.bool_],
    *,
    total: float,
    rng: np.random.Generator,
    rules: PeakRules,
) -> tuple[PeakWindow | None, NDArray[np.bool_]]:
    tried, masks = _candidates(rules.shortest, rules.longest)
    usable = ~(masks[:, ~free]).any(axis=1)
    left = float(week[free].sum())
    none = np.zeros(HOURS, dtype=bool)
    if not usable.any() or left <= 0:
        return None, none
    masks, tried = masks[usable], tried[usable]
    even = masks.sum(axis=1) / free.sum()
    held = masks.astype(np.float64) @ week
    marked = _marked(held, left, even)
    at = int(np.argmax(marked))
    if marked[at] <= 0:
        return None, none
    p = min(1.0, len(masks) * float(betainc(held[at], max(left - held[at], 0.0) + 1, even[at])))
    if p > _SURELY:
        p = _chance(float(marked[at]), round(left), masks[:, free], even, rng=rng, rules=rules)
    if p > rules.level:
        return None, none
    first_day, days, offset, hours = (int(number) for number in tried[at])
    inside = float(held[at])
    even_share, low = days * hours / HOURS, float(beta.ppf(0.025, inside, total - inside + 1))
    # the busiest of what a first window left over need not be busy
    if low <= even_share:
        return None, none
    window = PeakWindow(
        first_day=first_day,
        days=days,
        start_hour=(offset + rules.day_starts) % 24,
        hours=hours,
        share=inside / total,
        low=low,
        high=float(beta.ppf(0.975, inside + 1, total - inside)) if inside < total else 1.0,
        even_share=even_share,
        p=p,
        words=_words(first_day, days, offset + rules.day_starts, hours),
    )
    return window, masks[at]


def _chance(  # noqa: PLR0913 (the peak, and the weeks it is set against)
    marked: float,
    total: int,
    masks: NDArray[np.bool_],
    even: NDArray[np.float64],
    *,
    rng: np.random.Generator,
    rules: PeakRules,
) -> float:
    # among windows with one even share the fullest is the most marked, so only it is weighed
    order = np.argsort(even, kind="stable")
    shares, begins = np.unique(even[order], return_index=True)
    ordered = masks[order].T.astype(np.float64)
    hours = masks.shape[1]
    reached = drawn = 0
    # once so many weeks reach it that p can no longer come down to the level, enough is known
    while drawn < rules.draws and 1 + reached <= rules.level * (1 + rules.draws):
        weeks = rng.multinomial(
            total, np.full(hours, 1 / hours), min(_AT_ONCE, rules.draws - drawn)
        )
        fullest = np.maximum.reduceat(weeks.astype(np.float64) @ ordered, begins, axis=1)
        reached += int((_marked(fullest, float(total), shares).max(axis=1) >= marked - 1e-9).sum())
        drawn += len(weeks)
    return (1 + reached) / (1 + drawn)


def _marked(
    held: NDArray[np.float64], total: float, even: NDArray[np.float64]
) -> NDArray[np.float64]:
    # log likelihood ratio of a share above the even one; what is below it is no peak
    outside = np.maximum(total - held, 0.0)
    ratio = (
        xlogy(held, held / total)
        + xlogy(outside, outside / total)
        - held * np.log(even)
        - outside * np.log1p(-even)
    )
    result: NDArray[np.float64] = np.where(held > total * even, ratio, 0.0)
    return result


@lru_cache(maxsize=8)
def _candidates(shortest: int, longest: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    # (first day, days, first hour counted from the day's start, hours), and the hours of each
    tried, masks = [], []
    for hours in range(shortest, longest + 1):
        for offset in range(24 - hours + 1):
            for first, days in _DAY_TYPES:
                week = np.zeros((_WEEK, 24), dtype=bool)
                week[(first + np.arange(days)) % _WEEK, offset : offset + hours] = True
                tried.append((first, days, offset, hours))
                masks.append(week.reshape(HOURS))
    return np.array(tried), np.array(masks)


def _words(first_day: int, days: int, start: int, hours: int) -> str:
    # hours past midnight belong to the next day of the calendar: a window wholly after midnight is
    # named by it, one that only ends there by the day on which it begins
    late = start // 24
    clock = f"{start % 24:02d}:00-{(start + hours) % 24:02d}:00"
    if days == _WEEK:
        return f"every day {clock}"
    first = (first_day + late) % _WEEK
    last = (first + days - 1) % _WEEK
    return f"{_DAYS[first]} {clock}" if days == 1 else f"{_DAYS[first]}-{_DAYS[last]} {clock}"
