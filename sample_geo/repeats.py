"""Repeats: robberies that follow one another, a street or two away and within the week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from sample_geo.beats import outline
from sample_geo.chance import Chance
from sample_geo.incidents import HOT_PLACE
from sample_geo.plane import EASTING, NORTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

OFFENCE: Final = "Robbery, personal"
SERIES: Final = 45
FOLLOWERS: Final = 2
WITHIN_M: Final = 85
DAYS: Final = (1, 6)
"""A follower happens so many days after the first of its series, and so far from it at the most."""

_NEAREST_M: Final = 12.0
_INSIDE_M: Final = 2.0


def plant_repeats(seed: int, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[list[str]]]:
    """Move some robberies next to one that happened a few days earlier.

    Parameters
    ----------
    seed
        The town's seed.
    rows
        As ``incidents.record_incidents`` gives them.

    Returns
    -------
    The rows, of which only Easting and Northing of the followers differ; and of every series the
    incident numbers, the first first. Times, numbers and everything else stay as they were.
    """
    chance = Chance(seed, "near repeats")
    fits = rows["Offence"].eq(OFFENCE) & rows["Location Type"].eq("STREET") & rows[HOT_PLACE].lt(0)
    place = np.flatnonzero(fits.to_numpy())
    when = pd.to_datetime(rows["From"].to_numpy()[place], format="%d/%m/%Y %H:%M")
    day = when.to_numpy().astype("datetime64[D]").astype(np.int64)
    series = _series(chance, day)
    xy = rows[["Easting", "Northing"]].to_numpy(dtype=np.int64, copy=True)
    inside = outline().buffer(-_INSIDE_M)
    for first, *followers in series:
        for follower in followers:
            xy[place[follower]] = _beside(chance, xy[place[first]], inside)
    numbers = rows["Incident Number"].to_numpy(dtype=object)[place]
    moved = rows.assign(Easting=xy[:, 0], Northing=xy[:, 1])
    return moved, [[str(numbers[one]) for one in members] for members in series]


def _series(chance: Chance, day: NDArray[np.int64]) -> list[list[int]]:
    """Choose a first robbery and those of the next days, none in two series."""
    free = np.ones(len(day), dtype=bool)
    chosen: list[list[int]] = []
    for first in chance.order(len(day)).tolist():
        after = day - day[first]
        soon = np.flatnonzero(free & (after >= DAYS[0]) & (after <= DAYS[1]))
        if free[first] and len(soon) >= FOLLOWERS and len(chosen) < SERIES:
            members = [first, *soon[chance.order(len(soon))[:FOLLOWERS]].tolist()]
            free[members] = False
            chosen.append(members)
    return chosen


def _beside(
    chance: Chance, point: NDArray[np.int64], inside: shapely.Polygon | shapely.MultiPolygon
) -> NDArray[np.int64]:
    """Return whole metres near a point, on land: the first direction of eight that fits."""
    away = chance.one(_NEAREST_M, WITHIN_M - 1.0)
    turn = chance.one(0.0, 2 * np.pi)
    for step in range(8):
        angle = turn + step * np.pi / 4
        tried = np.rint(point + away * np.array([np.cos(angle), np.sin(angle)])).astype(np.int64)
        if shapely.contains_xy(inside, *(tried - np.array([EASTING, NORTHING])).tolist()):
            return tried
    return point
