"""Counting: one layer's incidents of the day and the week, beside the same period before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from config.profile import Tier
from spatial.daily.results import ALL_TIERS, COUNT_COLUMNS
from spatial.daily.usual import REFERENCE, SMALL, readings, usual_range
from spatial.hotspots.changed.change import rate_ratios

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from spatial.daily.policing_days import PolicingDay

WEEK: Final = 7
YEAR: Final = 52 * WEEK
"""The same days last year, weekday for weekday."""
HISTORY: Final = 53 * WEEK
"""Days before the week looked back on that are read: a year, and the same week before it."""

_TIERS: Final = tuple(tier.value for tier in Tier)
_SEEN_WITHIN: Final = (REFERENCE + 1) * WEEK


def count_table(
    days: NDArray[np.datetime64],
    tiers: NDArray[np.str_],
    *,
    day: PolicingDay,
    data_from: dt.date,
) -> pd.DataFrame:
    """Return the counts of one layer: see :class:`spatial.daily.results.DayLayer`.

    Parameters
    ----------
    days
        Policing day of each incident, datetime64[D], shape (n,).
    tiers
        Severity of each, shape (n,).
    day
        The policing day looked back on; where the data do not hold all of it nothing is compared.
    data_from
        First date of the data: nothing is compared with days before it.
    """
    last = np.datetime64(day.date, "D")
    # whole days before the last one: 0 is the day itself
    ago = (last - days).astype(np.int64)
    inside = (ago >= 0) & (ago < HISTORY + WEEK)
    names, series = _series(ago[inside], tiers[inside])
    known = int((last - np.datetime64(data_from, "D")).astype(np.int64)) + 1
    compared = day.complete and known > REFERENCE * WEEK
    rows = [
        *_rows("day", names, series, known=known, compared=compared),
        *_rows(
            "week",
            names,
            series,
            known=known,
            compared=compared and known >= (REFERENCE + 1) * WEEK,
        ),
    ]
    return pd.DataFrame(rows, columns=list(COUNT_COLUMNS))


def _series(ago: NDArray[np.int64], tiers: NDArray[np.str_]) -> tuple[list[str], NDArray[np.int64]]:
    """Return counts by days ago, newest first: all tiers, then those seen of late."""
    number = np.array([_TIERS.index(one) for one in tiers], dtype=np.int64)
    by_tier = np.zeros((len(_TIERS), HISTORY + WEEK), dtype=np.int64)
    np.add.at(by_tier, (number, ago), 1)
    seen = np.flatnonzero(by_tier[:, :_SEEN_WITHIN].any(axis=1))
    # a layer of one tier has nothing to divide
    several = seen if len(seen) > 1 else seen[:0]
    names = [ALL_TIERS, *(_TIERS[one] for one in several)]
    return names, np.vstack([by_tier.sum(axis=0), by_tier[several]])


def _rows(
    period: str, names: list[str], series: NDArray[np.int64], *, known: int, compared: bool
) -> list[dict[str, Any]]:
    length = 1 if period == "day" else WEEK
    # as many periods as the data hold, newest first; a day is alike to the same day of the week
    periods = min(known, series.shape[1]) // length
    totals = series[:, : periods * length].reshape(len(series), periods, length).sum(axis=2)
    step = WEEK // length
    now = totals[:, 0]
    before = totals[:, 1] if periods > 1 else None
    year = totals[:, YEAR // length] if length == WEEK and periods > YEAR // WEEK else None
    rows: list[dict[str, Any]] = [
        {"period": period, "tier": name, "incidents": int(count)}
        for name, count in zip(names, now, strict=True)
    ]
    if before is not None:
        _put(rows, before=before)
    if year is not None:
        _put(rows, last_year=year)
    if not compared:
        return rows
    usual = usual_range(
        totals[:, step : REFERENCE * step + 1 : step], history=totals[:, :0:-1], lag=step
    )
    _put(
        rows,
        usual=usual.mean,
        usual_low=usual.low,
        usual_high=usual.high,
        reading=readings(now, usual),
        small=np.maximum(now, usual.mean) < SMALL,
    )
    if length == WEEK:
        for name, other in (("", before), ("year_", year)):
            if other is not None:
                found = rate_ratios(now, other, days_now=WEEK, days_before=WEEK)
                _put(
                    rows,
                    **{
                        f"{name}ratio": found.ratio,
                        f"{name}ratio_low": found.low,
                        f"{name}ratio_high": found.high,
                    },
                )
    return rows


def _put(rows: list[dict[str, Any]], **columns: NDArray[Any]) -> None:
    for name, values in columns.items():
        for row, value in zip(rows, values.tolist(), strict=True):
            row[name] = value
