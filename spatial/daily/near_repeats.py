"""Near repeats now open: ground near a recent incident, as far and as long as the record shows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from config.errors import BadInputError
from spatial.daily.results import OPEN_COLUMNS, NearRepeats
from spatial.timing.near_repeat import (
    SPACE_EDGES_M,
    TIME_EDGES_DAYS,
    clear_bands,
    days_known,
    knox,
    space_labels,
    time_labels,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spatial.daily.nearby import Nearby
    from spatial.incidents.moments import Moments
    from spatial.timing.near_repeat import Knox

YEAR_DAYS: Final = 365
"""Days of record behind the rule: in more, places that became hot look like near repeats."""
LEAST_RATIO: Final = 1.5
"""Times chance below which a band is not followed: in a large record a tenth more is clear, and
nothing to send anybody for. Ours."""
SAME_POINT_M: Final = 25.0
"""Metres drawn round a point at which only the point itself is followed."""

# what follows near by comes a day or more later, within 200 m and two weeks
_NEAR: Final = 3
_SOON: Final = slice(1, 3)


def near_repeats(
    moments: Moments, *, last: dt.date, nearby: Nearby, rng: np.random.Generator
) -> NearRepeats:
    """Return the ground near incidents of late, by the distance and days that the year shows.

    Parameters
    ----------
    moments
        Incidents of one profile in the study area, at least of the year that ends on ``last``.
    last
        The last date looked back on; the areas are those open on the day after.
    nearby
        Names the places.
    rng
        Deals the dates: see :func:`spatial.timing.near_repeat.knox`.

    Notes
    -----
    Distances and times are those bands of Knox's count, within 200 m and 14 days, that hold clearly
    more pairs than chance in the year, and half as many again at least. It is an average over the
    town: most incidents are followed by nothing, wherever they were. A weekly rhythm of a few
    places looks the same.
    """
    calendar = moments.start.astype("datetime64[D]")
    final = np.datetime64(last, "D")
    year = moments.where((calendar <= final) & (calendar > final - YEAR_DAYS))
    try:
        known = days_known(year.start, year.end, year.precision) & np.isfinite(year.longitude)
        placed = year.where(known)
        x, y = nearby.metric_system.forward(placed.longitude, placed.latitude)
        found = knox(x, y, placed.start.astype("datetime64[D]"), rng=rng)
    except BadInputError as error:
        return NearRepeats(_none(), "", f"Near repeats are not worked out: {error}")
    reaches = _reaches(found)
    if not reaches:
        why = (
            f"Among the {found.incidents:,} incidents that the data hold of the past year, no "
            "distance up to 200 m and time up to 14 days holds clearly more pairs than chance, and "
            f"{LEAST_RATIO:g} times as many at least: no ground is marked."
        )
        return NearRepeats(_none(), "", why)
    areas = _open(placed, x, y, reaches=reaches, tomorrow=final + 1, nearby=nearby)
    return NearRepeats(areas, _rule(found), "")


def _reaches(found: Knox) -> dict[tuple[int, int], float]:
    """Return by first and last day after an incident the metres that are clearly followed."""
    clear = _marked(found)
    far = [SAME_POINT_M, *SPACE_EDGES_M[1:]]
    metres = dict(zip(space_labels(SPACE_EDGES_M)[:_NEAR], far[:_NEAR], strict=True))
    edges = list(pairwise(TIME_EDGES_DAYS))[_SOON]
    reaches = {}
    for (low, high), label in zip(edges, time_labels(TIME_EDGES_DAYS)[_SOON], strict=True):
        near = clear.loc[clear["time"] == label, "distance"]
        widths = [metres[one] for one in near if one in metres]
        if widths:
            reaches[low, high - 1] = max(widths)
    return reaches


def _marked(found: Knox) -> pd.DataFrame:
    clear = clear_bands(found)
    # ratio is null where no deal had a pair: more marked than any number
    return clear[clear["ratio"].fillna(np.inf) >= LEAST_RATIO]


def _open(  # noqa: PLR0913 (points, their reach, the day, their names)
    placed: Moments,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    reaches: Mapping[tuple[int, int], float],
    tomorrow: np.datetime64,
    nearby: Nearby,
) -> pd.DataFrame:
    days = placed.start.astype("datetime64[D]")
    since = (tomorrow - days).astype(np.int64)
    metres = np.zeros(len(since))
    until = days.copy()
    for (low, high), reach in reaches.items():
        within = (since >= low) & (since <= high)
        metres[within] = reach
        # still open on a later day that has a reach of its own
        until[since <= high] = np.maximum(until, days + high)[since <= high]
    kept = np.flatnonzero(metres > 0)
    if not len(kept):
        return _none()
    circles = shapely.buffer(shapely.points(x[kept], y[kept]), metres[kept])
    grounds = shapely.get_parts(shapely.union_all(circles))
    of_ground, position = shapely.STRtree(circles).query(grounds, predicate="intersects")[:2]
    return _table(placed.where(kept), grounds, of_ground, position, metres[kept], until[kept],
                  nearby)  # fmt: skip


def _table(  # noqa: PLR0913, PLR0917 (what one row is made of)
    placed: Moments,
    grounds: NDArray[np.object_],
    of_ground: NDArray[np.int64],
    position: NDArray[np.int64],
    metres: NDArray[np.float64],
    until: NDArray[np.datetime64],
    nearby: Nearby,
) -> pd.DataFrame:
    named = pd.DataFrame(
        {
            "ground": of_ground,
            "day": placed.start[position].astype("datetime64[D]"),
            "until": until[position],
            "radius_m": metres[position],
            "place": np.array(nearby.place(placed.longitude, placed.latitude), object)[position],
            "beat": np.array(nearby.beat(placed.longitude, placed.latitude), object)[position],
            "patrol_area": np.array(
                nearby.patrol_area(placed.longitude, placed.latitude), object
            )[position],
        }
    ).sort_values(["ground", "day"], kind="stable")  # fmt: skip
    groups = named.groupby("ground", sort=True)
    table = groups.agg(
        place=("place", "last"),
        beat=("beat", "last"),
        patrol_area=("patrol_area", "last"),
        incidents=("day", "size"),
        latest=("day", "max"),
        open_until=("until", "max"),
        radius_m=("radius_m", "max"),
    )
    shapes = [nearby.metric_system.unproject(one) for one in grounds[table.index]]
    table["geometry"] = np.array(shapes, dtype=object)
    for column in ("latest", "open_until"):
        table[column] = table[column].dt.date
    order = ["incidents", "latest", "place"]
    ranked = table.sort_values(order, ascending=[False, False, True], kind="stable")
    return ranked.reset_index(drop=True)[list(OPEN_COLUMNS)]


def _rule(found: Knox) -> str:
    """Say what followed an incident, near by and soon, and what chance alone would have brought."""
    clear = _marked(found)
    near, soon = space_labels(SPACE_EDGES_M)[:_NEAR], time_labels(TIME_EDGES_DAYS)[_SOON]
    parts = []
    for time in soon:
        bands = clear[(clear["time"] == time) & clear["distance"].isin(near)]
        if bands.empty:
            continue
        seen, chance = int(bands["observed"].sum()), float(bands["expected"].sum())
        where = " and ".join(str(one) for one in bands["distance"])
        times = f"{seen / chance:.1f} times as many" if chance > 0 else "chance gives none"
        parts.append(
            f"{time} after and {where} away, {100 * seen / found.incidents:.1f} followed for every "
            f"100 incidents, where chance gives {100 * chance / found.incidents:.1f} ({times})"
        )
    held = f"In the {found.incidents:,} incidents that the data hold of the past year"
    return f"{held}: {'; '.join(parts)}."


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=list(OPEN_COLUMNS))
