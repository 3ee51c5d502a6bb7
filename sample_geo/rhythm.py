"""Rhythm: the hours, days and seasons at which things happen, and how long they last."""

# ruff: noqa: E501 (a table is read a row at a time)

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sample_geo.chance import Chance

FIRST: Final = dt.date(2023, 11, 1)
LAST: Final = dt.date(2026, 10, 31)
DAYS: Final = (LAST - FIRST).days + 1
DAY_STARTS: Final = 6
"""Hour at which a policing day starts: Saturday night runs into Sunday's small hours."""

# Visitors: how full the town is from January to December, against an average month.
_SEASON: Final = (0.84, 0.86, 0.9, 0.98, 1.06, 1.12, 1.26, 1.32, 1.05, 0.94, 0.86, 0.88)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When something happens.

    Attributes
    ----------
    hours
        Weight of each hour from 06:00 to 05:00.
    days
        Weight of each policing day, Monday first.
    summer
        How far it follows the visitors: 0 not at all, 1 fully, more than 1 a seafront in August.
    """

    hours: tuple[float, ...]
    days: tuple[float, ...]
    summer: float


#                      06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 00 01 02 03 04 05
RHYTHMS: Final = {
    "night":   Rhythm((0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 6, 8, 11, 15, 24, 38, 44, 40, 31, 14, 4, 1),
                      (0.35, 0.35, 0.45, 0.7, 1.9, 2.7, 0.75), 1.0),
    "late":    Rhythm((2, 4, 5, 3, 3, 3, 3, 4, 4, 6, 9, 12, 11, 10, 11, 14, 19, 21, 12, 4, 2, 1, 1, 1),
                      (0.9, 0.9, 0.9, 1.0, 1.3, 1.2, 0.8), 0.3),
    "school":  Rhythm((0, 2, 8, 1, 1, 2, 4, 4, 9, 30, 27, 18, 12, 7, 5, 3, 2, 1, 0, 0, 0, 0, 0, 0),
                      (1.2, 1.2, 1.2, 1.25, 1.25, 0.5, 0.25), -0.5),
    "evening": Rhythm((1, 1, 2, 2, 3, 4, 5, 5, 6, 8, 10, 12, 14, 16, 18, 18, 15, 11, 7, 4, 2, 1, 1, 1),
                      (0.9, 0.9, 0.95, 1.0, 1.2, 1.2, 0.9), 0.5),
    "market":  Rhythm((1, 2, 4, 7, 10, 12, 13, 12, 11, 9, 8, 8, 8, 9, 10, 11, 12, 10, 7, 4, 2, 1, 0, 0),
                      (0.6, 0.7, 1.0, 0.8, 1.6, 1.6, 0.6), 0.4),
    "day":     Rhythm((1, 2, 6, 9, 11, 12, 12, 12, 12, 12, 12, 11, 8, 6, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0),
                      (1.0, 1.0, 1.0, 1.05, 1.15, 1.15, 0.7), 0.3),
    "home":    Rhythm((3, 4, 5, 5, 5, 6, 6, 6, 6, 7, 8, 9, 10, 11, 12, 13, 13, 12, 11, 8, 6, 4, 3, 2),
                      (0.95, 0.9, 0.9, 0.9, 1.0, 1.2, 1.2), 0.2),
    "online":  Rhythm((2, 3, 5, 7, 8, 8, 8, 8, 7, 7, 8, 8, 9, 9, 9, 9, 8, 6, 4, 2, 1, 1, 1, 1),
                      (1.05, 1.05, 1.0, 1.0, 1.0, 0.95, 0.95), 0.0),
    "dark":    Rhythm((3, 3, 2, 2, 2, 2, 2, 2, 2, 3, 5, 8, 11, 12, 12, 12, 14, 14, 13, 13, 13, 11, 8, 5),
                      (1.0, 1.0, 1.0, 1.0, 1.1, 1.05, 0.9), -0.4),
    "classes": Rhythm((0, 1, 8, 6, 7, 8, 12, 10, 8, 12, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                      (1.0, 1.0, 1.0, 1.0, 1.0, 0.03, 0.02), -1.2),
    "beach":   Rhythm((1, 1, 1, 2, 4, 6, 8, 9, 10, 11, 12, 12, 13, 14, 15, 14, 12, 8, 5, 3, 2, 1, 1, 1),
                      (0.8, 0.8, 0.85, 0.9, 1.2, 1.5, 1.3), 2.4),
}  # fmt: skip


def draw_starts(
    chance: Chance, rhythm: Rhythm, n: int, *, trend: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """Draw when n things start, minutes from the first day's midnight.

    Parameters
    ----------
    chance
        The stream to draw from.
    rhythm
        Hours, days and season.
    n
        How many.
    trend
        Weight of each day of the 36 months; even when not given.
    """
    days = [FIRST + dt.timedelta(days=i) for i in range(DAYS)]
    weights = np.array([rhythm.days[day.weekday()] for day in days])
    season = np.array([_SEASON[day.month - 1] - 1 for day in days]) * rhythm.summer
    weights = weights * np.maximum(1 + season, 0.05)
    if trend is not None:
        weights = weights * trend
    day = chance.pick(weights, n)
    hour = chance.pick(rhythm.hours, n) + DAY_STARTS
    start: NDArray[np.int64] = day * 1440 + hour * 60 + chance.integers(n, 0, 59)
    # the small hours after the last day belong to no month here: a week earlier instead
    late = np.where(start >= DAYS * 1440, 7 * 1440, 0)
    return np.asarray(start - late, dtype=np.int64)


def told_time(chance: Chance, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Round times as people tell them: many to the quarter hour, more to five minutes."""
    draw = chance.uniform(len(minutes))
    grain = np.select([draw < 0.38, draw < 0.72], [15, 5], 1)  # noqa: PLR2004 (shares of callers)
    return np.asarray(minutes // grain * grain, dtype=np.int64)


def on_clock(minutes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Move times out of the hour that summer time leaves out: 01:00-01:59, late in March."""
    moved = np.asarray(minutes, dtype=np.int64)
    for year in range(FIRST.year, LAST.year + 1):
        last = dt.date(year, 3, 31)
        sunday = last - dt.timedelta(days=(last.weekday() + 1) % 7)
        one = (sunday - FIRST).days * 1440 + 60
        moved = np.where((moved >= one) & (moved < one + 60), moved + 60, moved)
    return moved


def draw_lengths(chance: Chance, span: str, n: int) -> NDArray[np.int64]:
    """Draw how long n things lasted, minutes; 0 for a moment.

    ``span`` is moment (most have no length), hours, night (left in the evening, found in the
    morning; some after a weekend away) or course (days to weeks of conduct).
    """
    if span == "moment":
        some = chance.happens(np.full(n, 0.42))
        lasted = np.where(some, 5 * chance.integers(n, 1, 6), 0)
    elif span == "hours":
        lasted = 15 + chance.waits(n, 150.0).astype(np.int64)
    elif span == "night":
        lasted = 180 + chance.waits(n, 420.0).astype(np.int64)
    else:
        lasted = 600 + chance.waits(n, 60.0 * 24 * 12).astype(np.int64)
    # now and then a holiday, or a loss found late
    away = chance.happens(np.full(n, 0.0 if span == "moment" else 0.03))
    return lasted + np.where(away, 1440 * chance.integers(n, 3, 24), 0)
