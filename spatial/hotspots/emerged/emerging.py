"""Emerging hot spots: how each cell was hot or cold over periods, and whether with a trend."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from config.errors import BadInputError
from spatial.hotspots.emerged.trend import Trend, mann_kendall
from spatial.hotspots.getis_ord import gi_star
from spatial.hotspots.significance import (
    benjamini_hochberg,
    one_sided,
    randomisation_tails,
    two_sided,
)
from spatial.notes import Note, Notes
from spatial.window import Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.hexes.neighbours import Neighbours

Group = Literal["long-standing", "emerging", "on-and-off", "former", "none"]

HOT_AT: Final = 0.05
"""Hot or cold in a period: p adjusted over all cells within the period, two-sided, at most this."""
TREND_AT: Final = 0.05
"""A trend: Mann-Kendall p of the cell's own series, two-sided, not adjusted, below this."""
MOST_PERIODS_PERCENT: Final = 90
FEWEST_PERIODS: Final = 4
FULL_PERIODS: Final = 10
NO_PATTERN: Final = "no pattern"

_MONTHS_A_YEAR: Final = 12

_GROUPS: Final[dict[str, Group]] = {
    "new": "emerging",
    "consecutive": "emerging",
    "intensifying": "long-standing",
    "persistent": "long-standing",
    "diminishing": "long-standing",
    "oscillating": "on-and-off",
    "sporadic": "on-and-off",
    "historical": "former",
}
_HOT_WORDS: Final = {
    "new": "Hot in the last period only.",
    "consecutive": "Hot in one unbroken run of periods up to the last, never before it, and in "
    "under 90% of all periods.",
    "intensifying": "Hot in at least 90% of periods, the last among them, and ever more so.",
    "persistent": "Hot in at least 90% of periods, the last among them, without a trend.",
    "diminishing": "Hot in at least 90% of periods, the last among them, and ever less so.",
    "oscillating": "Hot in the last period, cold in some earlier one, hot in under 90% of periods.",
    "sporadic": "Hot on and off, in under 90% of periods, and never cold.",
    "historical": "Hot in at least 90% of periods, but not in the last.",
}


def _mirrored(words: str) -> str:
    swap = {"Hot": "Cold", "hot": "cold", "cold": "hot"}
    return re.sub(r"\b(Hot|hot|cold)\b", lambda found: swap[found[0]], words)


@dataclass(frozen=True, slots=True)
class Category:
    """One way of having been hot or cold.

    Attributes
    ----------
    name
        Such as ``new hot spot``.
    definition
        What it means, to be printed beside it.
    group
        The plain group that screens show.
    """

    name: str
    definition: str
    group: Group


CATEGORIES: Final = (
    *(Category(f"{kind} hot spot", words, _GROUPS[kind]) for kind, words in _HOT_WORDS.items()),
    *(
        Category(f"{kind} cold spot", _mirrored(words), _GROUPS[kind])
        for kind, words in _HOT_WORDS.items()
    ),
    Category(NO_PATTERN, "None of the sixteen patterns.", "none"),
)
"""The 17 categories, hot then cold: a cell that fits two has that of the side it was last on, and
on one side that named first."""


def split_window(window: Window, *, months: int) -> tuple[Window, ...]:
    """Cut a window into periods that follow one another without overlap.

    Parameters
    ----------
    window
        Whole months.
    months
        Length of a period: 3, or 6 where serious violence is rarer.

    Raises
    ------
    BadInputError
        The window is not of whole months, or not of a whole number of periods, or holds fewer than
        four.
    """
    first = window.first.year * _MONTHS_A_YEAR + window.first.month - 1
    last = window.last.year * _MONTHS_A_YEAR + window.last.month - 1
    length = last - first + 1
    if not window.whole_months or months < 1 or length % months:
        msg = (
            f"The window {window.words} does not divide into periods of {months!r} whole months. "
            "Choose one that begins on the first of a month and ends with a period."
        )
        raise BadInputError(msg)
    starts = range(first, last + 1, months)
    _require_periods(len(starts))
    return tuple(Window(_first_day(start), _last_day(start + months - 1)) for start in starts)


def emerging_hot_spots(
    counts: NDArray[np.int64], neighbours: Neighbours, *, rng: np.random.Generator
) -> tuple[pd.DataFrame, Notes]:
    """Test every period with Gi*, and name what each cell has been over them.

    Parameters
    ----------
    counts
        Incidents (or harm in thousandths) by period and cell, periods in order and not overlapping,
        int64, shape (periods, n). Not expected harm: see :func:`spatial.hotspots.surface.surface`.
    neighbours
        Binary, self included, of the same n cells.
    rng
        Used only where a null must be sampled: see
        :func:`spatial.hotspots.significance.randomisation_tails`.

    Returns
    -------
    One row per cell in the grid's order, ``position, category, group, hot_periods, cold_periods,
    hot_last, z_last, trend_z, trend_p``; and the choices made.

    Raises
    ------
    BadInputError
        There are fewer than four periods, or no incident in any.

    Notes
    -----
    Each period is corrected over all its cells (Benjamini-Hochberg), not over periods: where
    nothing goes on, one cell may still be called new now and then. z compares a cell with its
    own study area in the same period, so a hot spot may intensify while its incidents fall, where
    they fall faster elsewhere.
    """
    _require_periods(len(counts))
    if not counts.any():
        msg = "No incident lies in any of the periods. Choose another window or profile."
        raise BadInputError(msg)
    z = np.empty(counts.shape)
    adjusted = np.empty(counts.shape)
    for period, values in enumerate(counts):
        z[period] = gi_star(values, neighbours)
        tails = randomisation_tails(values, neighbours, rng=rng)
        p = np.where(z[period] == 0, 1.0, one_sided(z[period], tails))
        adjusted[period] = benjamini_hochberg(two_sided(p))
    states = np.where(adjusted <= HOT_AT, np.sign(z), 0).astype(np.int8)
    trend = mann_kendall(z.T)
    named = classify(states.T, trend)
    names = np.array([category.name for category in CATEGORIES])
    groups = np.array([category.group for category in CATEGORIES])
    frame = pd.DataFrame(
        {
            "position": np.arange(counts.shape[1]),
            "category": names[named],
            "group": groups[named],
            "hot_periods": (states == 1).sum(axis=0),
            "cold_periods": (states == -1).sum(axis=0),
            "hot_last": states[-1] == 1,
            "z_last": z[-1],
            "trend_z": trend.z,
            "trend_p": trend.p,
        }
    )
    return frame, _period_notes(counts)


def classify(states: NDArray[np.int8], trend: Trend) -> NDArray[np.int64]:
    """Name each cell's pattern.

    Parameters
    ----------
    states
        1 hot, -1 cold, 0 neither, one row per cell, periods in order, shape (n, periods).
    trend
        Of the same cells' z.

    Returns
    -------
    Index into :data:`CATEGORIES`, shape (n,). Cold mirrors hot: with every sign turned, a cell has
    the same pattern on the other side.

    Notes
    -----
    The patterns are those of Esri's Emerging Hot Spot Analysis in our words, with its ties settled:
    the side of the last period, then the order of :data:`CATEGORIES`. Two differ from its present
    help pages.
    A cell hot in the last period only is new even where it was once cold; and sporadic does not ask
    that the last period be hot (``hot_last`` says whether it was).
    """
    kinds = len(_GROUPS)
    hot = _patterns(states, trend.z > 0, trend.p < TREND_AT)
    cold = _patterns(-states, trend.z < 0, trend.p < TREND_AT)
    neither = np.full(len(states), 2 * kinds)
    # new hot and historically cold at once: the side of the last period is the one that counts
    hot_first = np.where(hot < kinds, hot, np.where(cold < kinds, cold + kinds, neither))
    cold_first = np.where(cold < kinds, cold + kinds, np.where(hot < kinds, hot, neither))
    return np.where(states[:, -1] == -1, cold_first, hot_first).astype(np.int64)


def _patterns(
    states: NDArray[np.int8], away: NDArray[np.bool_], trending: NDArray[np.bool_]
) -> NDArray[np.int64]:
    # the hot side; `away` says whether z moves away from zero on this side
    periods = states.shape[1]
    hot, cold = states == 1, states == -1
    number = hot.sum(axis=1)
    last = hot[:, -1]
    # whole numbers, so that 9 of 10 is 90%
    mostly = 100 * number >= MOST_PERIODS_PERCENT * periods
    # hot in one run up to the last: from the first hot period on, all are
    since_first = np.logical_or.accumulate(hot, axis=1).sum(axis=1)
    fits = {
        "new": last & (number == 1),
        "consecutive": last & (number == since_first) & ~mostly,
        "intensifying": mostly & last & trending & away,
        "persistent": mostly & last & ~trending,
        "diminishing": mostly & last & trending & ~away,
        "oscillating": last & cold[:, :-1].any(axis=1) & ~mostly,
        "sporadic": (number > 0) & ~mostly & ~cold.any(axis=1),
        "historical": mostly & ~last,
    }
    kinds = list(_GROUPS)
    return np.select([fits[kind] for kind in kinds], list(range(len(kinds))), len(kinds))


def _period_notes(counts: NDArray[np.int64]) -> Notes:
    periods, cells = counts.shape
    notes = [
        Note(
            f"Gi* in each of {periods} periods, which do not overlap; hot or cold where p, "
            f"corrected for testing {cells:,} cells in that period, is at most {HOT_AT}. A trend "
            f"is a Mann-Kendall p below {TREND_AT} of the cell's own series of z, not corrected "
            "for the number of cells."
        )
    ]
    best = mann_kendall(np.arange(periods)[None, :]).p[0]
    if best >= TREND_AT:
        sentence = (
            f"{periods} periods are too few to show a trend (a perfect one has p = {best:.2f}): no "
            "place can come out as intensifying or diminishing."
        )
        notes.append(Note(sentence, loud=True))
    elif periods < FULL_PERIODS:
        sentence = (
            f"{periods} periods are few: only a nearly perfect rise or fall shows as a trend, and "
            "90% of them means all of them."
        )
        notes.append(Note(sentence, loud=True))
    empty = int((counts.sum(axis=1) == 0).sum())
    if empty:
        sentence = (
            f"{empty} of {periods} periods hold no incident at all, so that no place is hot in "
            "them. Use longer periods."
        )
        notes.append(Note(sentence, loud=True))
    return tuple(notes)


def _require_periods(periods: int) -> None:
    if periods < FEWEST_PERIODS:
        msg = (
            f"There are {periods!r} periods: emerging hot spots need at least {FEWEST_PERIODS}. "
            "Choose a longer window or shorter periods."
        )
        raise BadInputError(msg)


def _first_day(month: int) -> dt.date:
    return dt.date(month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1, 1)


def _last_day(month: int) -> dt.date:
    first = _first_day(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
