"""Signs: what else the records show of a place: a trend, one soon after another, one event."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import hypergeom

from config.profile import Tier
from spatial.hotspots.significance import benjamini_hochberg
from spatial.targets.areas.belonging import own_seed, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.incidents.moments import Moments
    from spatial.window import Window

NEAR_M: Final = 100.0
SOON_DAYS: Final = 7
RECENT_DAYS: Final = 92
"""Near repeats are said only of a place whose last lies no further back: that state passes."""

_LEVEL: Final = 0.05
_DRAWS: Final = 999
_AT_ONCE: Final = 111
_FEWEST_PAIRS: Final = 3
_MOSTLY: Final = 0.5
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class PlaceSigns:
    """What else the records show of one place.

    Attributes
    ----------
    first_half, second_half
        Incidents of the place in each half of the window.
    trend_p
        Exact two-sided p that they divide as those of the rest of the study area do, adjusted over
        the list (Benjamini-Hochberg); NaN where that cannot be asked.
    trend
        ``rising faster than elsewhere (9 in the first half, 24 in the second)``, or empty.
    pairs, pairs_expected, pairs_p
        Events less than 100 m apart and 1 to 7 days after one another; how many dates dealt anew
        would give; the chance of so many, adjusted over the list. NaN where days are not known.
    repeats
        ``one often follows another within a week and 100 m, last in October``, or empty.
    one_event
        Whether more than half of the place's harm, homicide's own left out, is one event: records
        of one day at one point.
    """

    first_half: int
    second_half: int
    trend_p: float
    trend: str
    pairs: int
    pairs_expected: float
    pairs_p: float
    repeats: str
    one_event: bool


def signs_of_places(  # noqa: PLR0913 (incidents, places, and how they are asked)
    moments: Moments,
    areas: Sequence[NDArray[np.int64]],
    grid: HexGrid,
    *,
    window: Window,
    seed: int,
    place: NDArray[np.int64] | None = None,
) -> tuple[PlaceSigns, ...]:
    """Look for signs in each of a list of places.

    Parameters
    ----------
    moments
        The incidents of profile and window, cells at the grid's resolution.
    areas
        Positions of each place's cells in the grid's order; no two places share a cell.
    grid
        The cells.
    window
        Its inclusive dates.
    seed
        Of the dates dealt anew. A place draws its own, whatever else is on the list.
    place
        Each incident's place, -1 for none, shape (incidents,), where places are not made of cells;
        None: by the cells.

    Notes
    -----
    **Trend.** The places were chosen for what this window holds, so that a rise on the window
    before would be flattered. How the window's own incidents divide over its halves is not: the
    test (Fisher's, by the hypergeometric) takes the place's number as given, and asks whether it
    divides as the rest of the study area's does, so that a season which all share is no trend.
    Expected harm looks at recent months a little more, which may flatter a rise slightly.

    **One soon after another.** Events (records of one day at one point count once) are paired
    within the place; dates are drawn anew from those of the whole study area. Seven days in a row
    hold each weekday once, so a weekly rhythm alone makes no near repeats; a season that only this
    place has does.
    """
    owner, k = place_of(moments.cell, areas, grid) if place is None else place, len(areas)
    located = (grid.positions(moments.cell) >= 0) | (owner >= 0)
    inside, place = moments.where(located), owner[located]
    if not k:
        return ()
    halves, trend_p, said = _trends(inside, place, k, window)
    seeds = [own_seed(seed, area, grid) for area in areas]
    pairs, expected, pairs_p, last = _repeats(inside, place, grid, seeds)
    ended = np.datetime64(window.last, "D")
    recent = ended - last <= np.timedelta64(RECENT_DAYS, "D")
    clear = (np.nan_to_num(pairs_p, nan=1.0) <= _LEVEL) & (pairs >= _FEWEST_PAIRS) & recent
    alone = _one_event(inside, place, k)
    return tuple(
        PlaceSigns(
            int(halves[0, at]), int(halves[1, at]), float(trend_p[at]), said[at],
            int(pairs[at]), float(expected[at]), float(pairs_p[at]),
            _repeat_words(last[at]) if clear[at] else "",
            bool(alone[at]),
        )
        for at in range(k)
    )  # fmt: skip


def halfway(window: Window) -> dt.date | None:
    """Return the first date of a window's second half: of a month, where it is of whole months.

    None for a single month, which month-only records cannot divide, and for a single day.
    """
    if not window.whole_months:
        return window.first + dt.timedelta(days=window.days // 2) if window.days > 1 else None
    months = (
        (window.last.year - window.first.year) * 12 + window.last.month - window.first.month + 1
    )
    if months == 1:
        return None
    index = window.first.year * _DECEMBER + window.first.month - 1 + months // 2
    return dt.date(index // _DECEMBER, index % _DECEMBER + 1, 1)


def _trends(
    moments: Moments, place: NDArray[np.int64], k: int, window: Window
) -> tuple[NDArray[np.int64], NDArray[np.float64], list[str]]:
    middle = halfway(window)
    if middle is None or (
        not window.whole_months and (moments.precision == "month").any()
    ):  # the first of a month says nothing of its halves
        return np.zeros((2, k), dtype=np.int64), np.full(k, np.nan), [""] * k
    later = (moments.start >= np.datetime64(middle)).astype(np.int64)
    held = place >= 0
    halves = np.zeros((2, k), dtype=np.int64)
    np.add.at(halves, (later[held], place[held]), 1)
    total, second = len(later), int(later.sum())
    number = halves.sum(axis=0)
    low = hypergeom.cdf(halves[1], total, second, number)
    high = hypergeom.sf(halves[1] - 1, total, second, number)
    p = benjamini_hochberg(np.minimum(1.0, 2 * np.minimum(low, high)))
    days = np.array([(middle - window.first).days, (window.last - middle).days + 1])
    rate = halves / days[:, None]
    # slower to fall than the rest is no rise
    rising = (p <= _LEVEL) & (high < low) & (rate[1] > rate[0])
    falling = (p <= _LEVEL) & (low < high) & (rate[1] < rate[0])
    said = [
        _trend_words("rising" if up else "falling", int(early), int(late)) if up or down else ""
        for up, down, early, late in zip(rising, falling, *halves, strict=True)
    ]
    return halves, p, said


def _trend_words(verb: str, early: int, late: int) -> str:
    return f"{verb} faster than elsewhere ({early:,} in the first half, {late:,} in the second)"


def _repeats(
    moments: Moments, place: NDArray[np.int64], grid: HexGrid, seeds: Sequence[list[int]]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.datetime64]]:
    k = len(seeds)
    pairs = np.zeros(k, dtype=np.int64)
    expected, p = np.full(k, np.nan), np.full(k, np.nan)
    last = np.full(k, np.datetime64("1900-01-01", "D"))
    known = _day_known(moments)
    if 2 * int(known.sum()) <= len(known):
        return pairs, expected, p, last
    day = moments.start.astype("datetime64[D]").astype(np.int64)
    everyone = day[known]
    x, y = grid.study_area.metric_system.forward(moments.longitude, moments.latitude)
    for at, seed in enumerate(seeds):
        here = known & (place == at)
        events = np.unique(np.column_stack([x[here], y[here], day[here]]), axis=0)
        one, other = _near(events[:, :2])
        soon = _soon(events[one, 2], events[other, 2])
        pairs[at] = int(soon.sum())
        if pairs[at]:
            final = int(np.maximum(events[one, 2], events[other, 2])[soon].max())
            last[at] = np.datetime64(final, "D")
        expected[at], p[at] = _dealt(
            everyone, len(events), one, other, pairs[at], np.random.default_rng(seed)
        )
    return pairs, expected, benjamini_hochberg(p), last


def _day_known(moments: Moments) -> NDArray[np.bool_]:
    length = np.where(np.isnat(moments.end), np.timedelta64(0, "s"), moments.end - moments.start)
    return np.asarray((moments.precision != "month") & (length <= np.timedelta64(1, "D")))


def _near(points: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if len(points) < 2:  # noqa: PLR2004 (a pair)
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    found = cKDTree(points).query_pairs(NEAR_M, output_type="ndarray")
    apart = np.hypot(*(points[found[:, 0]] - points[found[:, 1]]).T)
    kept = found[apart < NEAR_M]
    return kept[:, 0], kept[:, 1]


def _soon(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    apart = np.abs(one - other)
    return np.asarray((apart >= 1) & (apart <= SOON_DAYS))


def _dealt(  # noqa: PLR0913, PLR0917 (the parts of one place's deal)
    everyone: NDArray[np.int64],
    events: int,
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    observed: int,
    rng: np.random.Generator,
) -> tuple[float, float]:
    if not len(one) or not observed:
        return 0.0, 1.0
    reached = drawn = total = 0
    while drawn < _DRAWS and 1 + reached <= _LEVEL * (1 + _DRAWS):
        dealt = everyone[rng.integers(0, len(everyone), (_AT_ONCE, events))].astype(np.int32)
        apart = np.abs(dealt[:, one] - dealt[:, other])
        held = ((apart >= 1) & (apart <= SOON_DAYS)).sum(axis=1)
        reached += int((held >= observed).sum())
        total += int(held.sum())
        drawn += _AT_ONCE
    return total / drawn, (1 + reached) / (1 + drawn)


def _repeat_words(last: np.datetime64) -> str:
    month = calendar.month_name[last.astype("datetime64[D]").item().month]
    return f"one often follows another within a week and {NEAR_M:.0f} m, last in {month}"


def _one_event(moments: Moments, place: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    held = np.flatnonzero(
        (place >= 0) & (moments.tier != Tier.HOMICIDE) & ~np.isnan(moments.harm_days)
    )
    day = moments.start[held].astype("datetime64[D]").astype(np.int64)
    # month-only records share their first of the month and a snapped point: each is its own
    own = np.where(moments.precision[held] == "month", held, -1)
    keys = np.column_stack([place[held], moments.longitude[held], moments.latitude[held], day, own])
    distinct, event = np.unique(keys, axis=0, return_inverse=True)
    harm = np.bincount(event.ravel(), moments.harm_days[held], minlength=len(distinct))
    heaviest, total = np.zeros(k), np.bincount(place[held], moments.harm_days[held], minlength=k)
    np.maximum.at(heaviest, distinct[:, 0].astype(np.int64), harm)
    return np.asarray((total > 0) & (heaviest > _MOSTLY * total))
