"""Change: this window against the last comparable one, by exact ratios of rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.stats import beta, binom

from config.errors import BadInputError
from spatial.hotspots.significance import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from spatial.hexes.counts import CellCounts
    from spatial.hotspots.changed.comparison import Comparison

ROSE: Final = "rose"
FELL: Final = "fell"
NO_CLEAR_CHANGE: Final = "no clear change"
TOO_FEW: Final = "too few to say"
VERDICTS: Final = (ROSE, FELL, NO_CLEAR_CHANGE, TOO_FEW)
"""The only words for a change."""

LEVEL: Final = 0.95
CHANGE_COLUMNS: Final = (
    "place", "now", "before", "ratio", "low", "high", "p", "p_adjusted", "verdict", "words",
)  # fmt: skip

# R's poisson.test and binom.test take outcomes as equally likely within this factor
_AS_LIKELY: Final = 1 + 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class RateRatio:
    """Ratios of two Poisson rates, one per pair of counts, shape (n,).

    Attributes
    ----------
    ratio
        Rate now over rate before; null where nothing was counted before.
    low, high
        Limits of the exact interval. Where one count is zero only one of them exists, the other is
        0 or null; both are null where both counts are zero.
    p
        Exact two-sided p of equal rates; null where both counts are zero.
    """

    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p: NDArray[np.float64]


def rate_ratios(
    now: ArrayLike,
    before: ArrayLike,
    *,
    days_now: float,
    days_before: float,
    level: float = LEVEL,
) -> RateRatio:
    """Compare pairs of Poisson counts exactly.

    Parameters
    ----------
    now, before
        Whole numbers, shape (n,).
    days_now, days_before
        Exposure of each column, days.
    level
        Of the intervals, 0-1.

    Raises
    ------
    BadInputError
        A count is negative or no whole number, or an exposure is not positive.

    Notes
    -----
    Given the two counts' sum, the count now is binomial with share days_now / (days_now +
    days_before) if the rates are equal: Przyborowski and Wilenski (1940),
    doi:10.1093/biomet/31.3-4.313. Limits are Clopper and Pearson's of that share, carried over to
    the ratio: at least ``level`` of such intervals hold the truth, usually more. p adds up every
    split that is no likelier than the one observed. A single limit (one count zero) is the same
    limit that the two-sided interval has, so it holds with (1 + level) / 2. Records that come in
    clusters (one fight, three victims) make the interval too narrow.
    """
    x, y = _counts(now), _counts(before)
    if days_now <= 0 or days_before <= 0:
        msg = f"An exposure of {min(days_now, days_before)!r} days cannot be compared: give days."
        raise BadInputError(msg)
    scale = days_before / days_now
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        lowest = np.where(x > 0, beta.ppf(tail, np.maximum(x, 1), y + 1), 0.0)
        highest = np.where(y > 0, beta.ppf(1 - tail, x + 1, np.maximum(y, 1)), 1.0)
        low, high = lowest / (1 - lowest) * scale, highest / (1 - highest) * scale
        ratio = np.where(y > 0, x / y * scale, np.nan)
    none = (x + y) == 0
    return RateRatio(
        ratio=ratio,
        low=np.where(none, np.nan, low),
        high=np.where(y > 0, high, np.nan),
        p=_two_sided(x, y, share=days_now / (days_now + days_before)),
    )


def change_table(
    places: Sequence[str],
    now: ArrayLike,
    before: ArrayLike,
    *,
    comparison: Comparison,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Say of each place whether incidents rose or fell.

    Parameters
    ----------
    places
        Names or ids, in the order of the counts. The places must have been fixed before either
        window was seen: see
        :func:`spatial.hotspots.changed.comparison.in_sample_note`.
    now, before
        Incidents in each window, shape (n,).
    comparison
        The windows; their days are the exposure.
    level
        Of the intervals; 1 - level is the false discovery rate of the verdicts.

    Returns
    -------
    ``CHANGE_COLUMNS``, a row per place in the order given. ``p_adjusted`` is Benjamini-Hochberg
    over the places that could tell anything. The verdict is ``rose`` or ``fell`` where the adjusted
    p is at most 1 - level and the interval lies on one side of 1; ``too few to say`` where the two
    counts together are so small that no split of them could have been significant; else ``no clear
    change``, which does not mean that nothing changed: the interval says what may have.
    """
    x, y = _counts(now), _counts(before)
    days_now, days_before = comparison.now.days, comparison.before.days
    found = rate_ratios(x, y, days_now=days_now, days_before=days_before, level=level)
    share = days_now / (days_now + days_before)
    enough = _could_tell(x + y, share=share, alpha=1 - level)
    # how many there were in all says nothing of how they split, so it may decide who is tested
    adjusted = np.full(len(x), np.nan)
    adjusted[enough] = benjamini_hochberg(found.p[enough])
    clear = enough & (np.nan_to_num(adjusted, nan=1.0) <= 1 - level)
    verdict = np.select(
        [~enough, clear & (found.low > 1), clear & (found.high < 1)],
        [TOO_FEW, ROSE, FELL],
        NO_CLEAR_CHANGE,
    )
    table = pd.DataFrame(
        {
            "place": list(places),
            "now": x,
            "before": y,
            "ratio": found.ratio,
            "low": found.low,
            "high": found.high,
            "p": found.p,
            "p_adjusted": adjusted,
            "verdict": verdict.astype(object),
        }
    )
    table["words"] = [_sentence(row, level) for row in table.to_dict("records")]
    return table.loc[:, list(CHANGE_COLUMNS)]


def change_by_tier(
    places: Sequence[str],
    now: pd.DataFrame,
    before: pd.DataFrame,
    *,
    comparison: Comparison,
) -> pd.DataFrame:
    """Say of each place and offence tier whether incidents rose or fell.

    Parameters
    ----------
    places
        As :func:`change_table`.
    now, before
        ``place`` (position in ``places``), ``tier`` and ``incidents``; a pair that is missing had
        none. See :func:`counts_of_places`.
    comparison
        The windows.

    Returns
    -------
    ``tier`` and the columns of :func:`change_table`, a row for every place and every tier that
    occurs anywhere in either window, corrected together over all of them.
    """
    tiers = sorted({*now["tier"], *before["tier"]})
    index = pd.MultiIndex.from_product([range(len(places)), tiers], names=["place", "tier"])
    columns = [
        side.groupby(["place", "tier"])["incidents"].sum().reindex(index, fill_value=0).to_numpy()
        for side in (now, before)
    ]
    names = [places[number] for number in index.get_level_values("place")]
    table = change_table(names, *columns, comparison=comparison)
    table.insert(1, "tier", index.get_level_values("tier").to_numpy())
    return table


def counts_of_places(counts: CellCounts, areas: Sequence[NDArray[np.int64]]) -> pd.DataFrame:
    """Add up a window's incidents by place and tier.

    Parameters
    ----------
    counts
        One profile and window, counted into a grid.
    areas
        Positions in that grid of each place's cells. Places may share cells.

    Returns
    -------
    ``place`` (position in ``areas``), ``tier``, ``incidents``; pairs without an incident are left
    out.
    """
    owners = pd.DataFrame(
        {
            "place": np.repeat(np.arange(len(areas)), [len(area) for area in areas]),
            "position": np.concatenate([*areas, np.zeros(0, dtype=np.int64)]).astype(np.int64),
        }
    )
    held = owners.merge(counts.by_tier, on="position")
    totals: pd.DataFrame = held.groupby(["place", "tier"], as_index=False)[["incidents"]].sum()
    return totals


def _counts(numbers: ArrayLike) -> NDArray[np.int64]:
    values = np.asarray(numbers, dtype=float)
    wrong = ~(np.isfinite(values) & (values >= 0) & (values == np.rint(values)))
    if wrong.any():
        msg = (
            f"A count of {values[wrong].flat[0].item()!r} cannot be compared: counts are whole "
            "numbers from 0. Weighted harm has no exact ratio; compare counts."
        )
        raise BadInputError(msg)
    return values.astype(np.int64)


def _two_sided(x: NDArray[np.int64], y: NDArray[np.int64], *, share: float) -> NDArray[np.float64]:
    p = np.full(len(x), np.nan)
    total = x + y
    # places with the same total share one distribution
    for n in np.unique(total[total > 0]).tolist():
        here = total == n
        likely = binom.pmf(np.arange(n + 1), n, share)
        order = np.argsort(likely, kind="stable")
        running = np.cumsum(likely[order])
        upto = np.searchsorted(likely[order], likely[x[here]] * _AS_LIKELY, side="right")
        p[here] = np.minimum(running[upto - 1], 1.0)
    return p


def _could_tell(totals: NDArray[np.int64], *, share: float, alpha: float) -> NDArray[np.bool_]:
    # the most extreme split of a total is everything in the window that is less likely to hold it
    return np.asarray(np.minimum(share, 1 - share) ** totals * 2 <= alpha) & (totals > 0)


def _sentence(row: dict[Hashable, Any], level: float) -> str:
    now, ratio, low, high = row["now"], row["ratio"], row["low"], row["high"]
    counted = f"{row['before']:,} before, {now:,} now"
    if row["verdict"] == TOO_FEW:
        return f"too few to say ({counted})"
    if np.isnan(ratio):
        return f"{row['verdict']}: {counted}; at least {low:.2g} times"
    if now == 0:
        return f"{row['verdict']}: {counted}; at most {high:.2g} times"
    change, least, most = (f"{100 * (value - 1):+.0f}%" for value in (ratio, low, high))
    return f"{row['verdict']}: {counted} ({change}; {level:.0%} interval {least} to {most})"
