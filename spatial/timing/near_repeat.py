"""Near repeats: whether one incident is followed by another, near by and soon (Knox)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from scipy.stats import false_discovery_control

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Distance = Literal["euclidean", "manhattan"]

SPACE_EDGES_M: Final = (0.0, 100.0, 200.0, 400.0)
TIME_EDGES_DAYS: Final = (0, 1, 8, 15, 29)
DRAWS: Final = 999
SAME_POINT: Final = "same point"
KNOX_COLUMNS: Final = (
    "distance", "time", "observed", "expected", "expected_median", "ratio", "p", "p_adjusted",
)  # fmt: skip

_MOST_PAIRS: Final = 30_000_000
_FEWEST_INCIDENTS: Final = 30
_FEWEST_PAIRS: Final = 5
_LEVEL: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Knox:
    """Pairs of incidents by distance and time, against dates dealt anew.

    Attributes
    ----------
    table
        ``KNOX_COLUMNS``, a row for every band of distance (``same point`` first) and of time, each
        ascending. ``expected`` is the mean over the deals, and ``ratio`` observed over it (null
        where it is 0); ``expected_median`` stands beside it because some tools divide by that.
        ``p`` is one-sided, for more pairs than chance; ``p_adjusted`` is Benjamini-Hochberg over
        all rows.
    incidents, pairs
        How many incidents, and pairs of them within the largest distance, at any time.
    distance
        How distance is measured.
    draws
        Deals of the dates.
    """

    table: pd.DataFrame
    incidents: int
    pairs: int
    distance: Distance
    draws: int


def knox(  # noqa: PLR0913 (the bands and the draws are the method's own inputs)
    x: ArrayLike,
    y: ArrayLike,
    dates: NDArray[np.datetime64],
    *,
    rng: np.random.Generator,
    space_edges_m: Sequence[float] = SPACE_EDGES_M,
    time_edges_days: Sequence[int] = TIME_EDGES_DAYS,
    distance: Distance = "euclidean",
    draws: int = DRAWS,
) -> Knox:
    """Count pairs by distance and time, and set them against dates dealt anew.

    Parameters
    ----------
    x, y
        Metres on a plane, shape (n,).
    dates
        The day each incident happened, shape (n,): see :func:`days_known`.
    rng
        Deals the dates.
    space_edges_m
        Edges of the bands, from 0, ascending. Each band holds its lower edge and not its upper:
        100 m apart is in the band that begins at 100. Distance zero is a band of its own.
    time_edges_days
        The same in whole days; 0, 1, 8 makes "same day" and "1 to 7 days".
    distance
        ``euclidean``, or ``manhattan`` (along a grid of streets).
    draws
        How many deals; p cannot fall below 1 / (draws + 1).

    Raises
    ------
    BadInputError
        Fewer than 30 incidents, a place or date that is missing, edges that do not ascend from 0,
        or so many pairs that counting them would not end.

    Notes
    -----
    Knox (1964), doi:10.2307/2985220. p = (1 + deals with as many pairs or more) / (1 + deals).
    Dealing the dates keeps every place and every date, and breaks only what ties them. A
    neighbourhood that grew or emptied within the window, or a hot place that moved, comes out as
    near repeats although nothing follows anything: keep windows to a year. Records of one incident
    (one attack, three victims) are pairs at distance zero on the same day: read that row as a count
    of such records.
    """
    points = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    days = np.asarray(dates, dtype="datetime64[D]")
    space, time = _edges(space_edges_m, time_edges_days)
    _require_usable(points, days)
    if distance not in ("euclidean", "manhattan"):
        msg = f"Distance {distance!r} is not known. Choose euclidean or manhattan."
        raise BadInputError(msg)
    one, other, near = _pairs(points, space, distance)
    number = (days - days.min()).astype(np.int64)
    # the narrowest whole numbers that hold the days: dealing them is mostly moving memory about
    number = number.astype(np.int16 if number.max() < np.iinfo(np.int16).max else np.int32)
    begins = np.searchsorted(near, np.arange(len(space) + 1))

    def counted(day: NDArray[np.signedinteger]) -> NDArray[np.int64]:
        apart = day[one]
        apart -= day[other]
        np.abs(apart, out=apart)
        sooner = [
            [np.count_nonzero(apart[first:last] < edge) for edge in time]
            for first, last in pairwise(begins.tolist())
        ]
        below: NDArray[np.int64] = np.array(sooner, dtype=np.int64)
        return below[:, 1:] - below[:, :-1]

    observed = counted(number)
    deals = np.array([counted(rng.permutation(number)) for _ in range(draws)])
    expected = deals.mean(axis=0)
    p = (1 + (deals >= observed).sum(axis=0)) / (1 + draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
    labels = [
        (far, soon) for far in space_labels(space_edges_m) for soon in time_labels(time_edges_days)
    ]
    table = pd.DataFrame(labels, columns=["distance", "time"]).assign(
        observed=observed.ravel(),
        expected=expected.ravel(),
        expected_median=np.median(deals, axis=0).ravel(),
        ratio=ratio.ravel(),
        p=p.ravel(),
        p_adjusted=false_discovery_control(p.ravel(), method="bh"),
    )
    return Knox(table.loc[:, list(KNOX_COLUMNS)], len(points), len(one), distance, draws)


def days_known(
    start: NDArray[np.datetime64], end: NDArray[np.datetime64], precision: NDArray[np.str_]
) -> NDArray[np.bool_]:
    """Say which incidents are known to the day.

    Parameters
    ----------
    start, end
        First and last moment, shape (n,); NaT ends are moments.
    precision
        minute, hour, day or month, shape (n,).

    Returns
    -------
    True where the span is at most a day long: a weekend burglary has no one day to permute. How
    many were left out belongs beside the result.

    Raises
    ------
    BadInputError
        Half or more of the incidents give only their month: days apart cannot be counted.
    """
    months = precision == "month"
    if len(months) and 2 * int(months.sum()) >= len(months):
        msg = (
            f"{int(months.sum()):,} of {len(months):,} incidents give only the month, so which of "
            "them came days apart is not known. Use data with dates."
        )
        raise BadInputError(msg)
    length = np.where(np.isnat(end), np.timedelta64(0, "s"), end - start)
    known: NDArray[np.bool_] = ~months & (length <= np.timedelta64(1, "D"))
    return known


def space_labels(edges_m: Sequence[float]) -> list[str]:
    """Name the bands of distance for what they hold: ``same point``, ``under 100 m`` ..."""
    named = [SAME_POINT]
    for low, high in pairwise(edges_m):
        named.append(f"under {high:g} m" if low == 0 else f"{low:g} m to under {high:g} m")
    return named


def time_labels(edges_days: Sequence[int]) -> list[str]:
    """Name the bands of time for what they hold: ``same day``, ``1 to 7 days`` ..."""
    named = []
    for low, high in pairwise(edges_days):
        last = high - 1
        if low == last:
            named.append("same day" if low == 0 else f"{low} day{'s' if low > 1 else ''}")
        else:
            named.append(f"{low} to {last} days")
    return named


def near_repeat_sentence(found: Knox) -> str:
    """Say in one sentence whether incidents are followed by others near by and soon.

    The same point on the same day is left out of the sentence: it is mostly one incident recorded
    twice.
    """
    table, clear = _beyond_one_record(found.table), clear_bands(found)
    if clear.empty:
        return (
            f"No near repeats found: among {found.incidents:,} incidents, none of the distances "
            "and times holds clearly more pairs than chance."
        )
    # ratio is null only where no deal had a pair: more marked than any number
    best = clear.iloc[int(np.argmax(clear["ratio"].fillna(np.inf).to_numpy()))]
    often = (
        "where chance has none" if np.isnan(best["ratio"]) else f"{best['ratio']:.1f} times chance"
    )
    return (
        f"Near repeats: {best['observed']:,} pairs {_where(best['distance'])}, "
        f"{_when(best['time'])}, {often}; {len(clear)} of {len(table)} distances and times hold "
        "clearly more pairs than chance."
    )


def clear_bands(found: Knox) -> pd.DataFrame:
    """Return the rows that hold clearly more pairs than chance, five at least.

    The same point on the same day is never among them.
    """
    table = _beyond_one_record(found.table)
    return table[(table["p_adjusted"] <= _LEVEL) & (table["observed"] >= _FEWEST_PAIRS)]


def _beyond_one_record(table: pd.DataFrame) -> pd.DataFrame:
    # one incident recorded twice is a pair at one point on one day
    return table[~((table["distance"] == SAME_POINT) & (table["time"] == "same day"))]


def _where(distance: str) -> str:
    return "at the same point" if distance == SAME_POINT else f"{distance} apart"


def _when(time: str) -> str:
    return "on the same day" if time == "same day" else f"{time} apart"


def _edges(
    space_m: Sequence[float], time_days: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    for name, edges in (("space_edges_m", space_m), ("time_edges_days", time_days)):
        values = np.asarray(edges, dtype=float)
        whole = name == "space_edges_m" or bool((values == np.rint(values)).all())
        if len(values) < 2 or values[0] != 0 or (np.diff(values) <= 0).any() or not whole:  # noqa: PLR2004 (a band has two edges)
            msg = f"{name} is {list(edges)!r}: give numbers that ascend from 0, days as whole ones."
            raise BadInputError(msg)
    return np.asarray(space_m, dtype=float), np.asarray(time_days, dtype=np.int64)


def _require_usable(points: NDArray[np.float64], days: NDArray[np.datetime64]) -> None:
    if len(points) != len(days):
        msg = f"{len(points):,} points and {len(days):,} dates were given. Give one date a point."
        raise BadInputError(msg)
    if len(points) < _FEWEST_INCIDENTS:
        msg = (
            f"Near repeats need at least {_FEWEST_INCIDENTS} incidents, and there are "
            f"{len(points)}. Choose a longer window or a wider profile."
        )
        raise BadInputError(msg)
    missing = ~np.isfinite(points).all(axis=1) | np.isnat(days)
    if missing.any():
        msg = (
            f"{int(missing.sum()):,} incidents have no place or no date. Leave them out before "
            "near repeats are counted."
        )
        raise BadInputError(msg)


def _pairs(
    points: NDArray[np.float64], space: NDArray[np.float64], distance: Distance
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return both ends of every pair nearer than the last edge, and its band: 0 is zero apart."""
    power = 2.0 if distance == "euclidean" else 1.0
    tree = cKDTree(points)
    many = int(tree.count_neighbors(tree, space[-1], p=power) - len(points)) // 2
    if many > _MOST_PAIRS:
        msg = (
            f"{many:,} pairs lie within {space[-1]:g} m, too many to deal anew. Choose a shorter "
            "distance, a shorter window or a narrower profile."
        )
        raise BadInputError(msg)
    pairs = tree.query_pairs(space[-1], p=power, output_type="ndarray")
    apart = np.abs(points[pairs[:, 0]] - points[pairs[:, 1]])
    metres = np.hypot(apart[:, 0], apart[:, 1]) if power > 1 else apart.sum(axis=1)
    band = np.where(metres == 0, 0, np.searchsorted(space, metres, side="right"))
    kept = band < len(space)
    # by band, and in it in the order of their first end: neighbours in memory are read together
    order = np.lexsort((pairs[kept, 0], band[kept]))
    return pairs[kept, 0][order], pairs[kept, 1][order], band[kept][order]
