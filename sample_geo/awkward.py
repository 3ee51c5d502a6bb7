"""Awkward rows: the faults that real exports have, planted on purpose and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from sample_geo.chance import Chance
from sample_geo.coast import draw_coast
from sample_geo.places import POLICE_STATION
from sample_geo.plane import EASTING, NORTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLANTED: Final = {
    "no_location": 640,
    "police_station_default": 230,
    "over_the_border": 120,
    "in_the_sea": 45,
    "far_county": 30,
    "zero_coordinates": 12,
    "impossible_date": 36,
    "to_before_from": 48,
    "unknown_code": 64,
    "exact_duplicate": 120,
}
"""How many rows of each kind; the first nine alter rows, the last adds copies."""

_IMPOSSIBLE: Final = (
    "31/02/2025 21:30", "00/13/2024 10:00", "31/04/2026 23:15", "29/02/2025 02:10",
    "12/25/2024 18:00", "01/01/0000 00:00",
)  # fmt: skip
_CLEAR_M: Final = 30.0
_UNKNOWN: Final = ("999/99", "TBC", "XXX", "412/07")


def spoil(seed: int, rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Plant the awkward rows.

    Parameters
    ----------
    seed
        The town's seed.
    rows
        Sound rows, as ``incidents.record_incidents`` gives them.

    Returns
    -------
    The rows with Easting and Northing as text, awkward ones among them, and the incident numbers
    of each kind. No row is awkward in two ways.
    """
    chance = Chance(seed, "awkward rows")
    spoiled = rows.copy()
    east = spoiled["Easting"].astype(str).to_numpy(dtype=object)
    north = spoiled["Northing"].astype(str).to_numpy(dtype=object)
    start = spoiled["From"].to_numpy(dtype=object)
    end = spoiled["To"].to_numpy(dtype=object)
    code = spoiled["Home Office Code"].to_numpy(dtype=object)

    chosen = _choose(chance, spoiled)
    for kind, which in chosen.items():
        n = len(which)
        if kind == "no_location":
            east[which] = north[which] = ""
        elif kind == "police_station_default":
            east[which] = str(round(EASTING + POLICE_STATION[0]))
            north[which] = str(round(NORTHING + POLICE_STATION[1]))
        elif kind == "zero_coordinates":
            east[which] = north[which] = "0"
        elif kind in ("over_the_border", "in_the_sea", "far_county"):
            away = _outside(chance, kind, n)
            east[which] = away[:, 0].astype(str)
            north[which] = away[:, 1].astype(str)
        elif kind == "impossible_date":
            start[which] = np.array(_IMPOSSIBLE, dtype=object)[np.arange(n) % len(_IMPOSSIBLE)]
        elif kind == "to_before_from":
            start[which], end[which] = end[which], start[which]
        elif kind == "unknown_code":
            code[which] = np.array(_UNKNOWN, dtype=object)[np.arange(n) % len(_UNKNOWN)]
    spoiled = spoiled.assign(
        **{"Easting": east, "Northing": north, "From": start, "To": end, "Home Office Code": code}
    )
    numbers = spoiled["Incident Number"].to_numpy(dtype=object)
    listed = {kind: sorted(numbers[which].tolist()) for kind, which in chosen.items()}

    # copies turn up a little later in the file, as a second extract appended to the first would
    copied = chosen["exact_duplicate"]
    later = np.minimum(copied + chance.integers(len(copied), 1, 400), len(spoiled) - 1)
    place = np.concatenate([np.arange(len(spoiled)), later + 0.5])
    together = pd.concat([spoiled, spoiled.iloc[copied]], ignore_index=True)
    return together.iloc[np.argsort(place, kind="stable")].reset_index(drop=True), listed


def _choose(chance: Chance, rows: pd.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Choose which rows go wrong, none twice."""
    free = chance.order(len(rows))
    spans = (rows["To"] != "").to_numpy()
    is_crime = (rows["Incident Type"] == "Crime").to_numpy()
    grave = rows["Home Office Code"].str.contains(r"^0*0?[12]/|^00[12]").to_numpy()
    free = free[~grave[free]]
    chosen = {}
    for kind, count in PLANTED.items():
        fits = np.ones(len(free), dtype=bool)
        if kind == "to_before_from":
            fits = spans[free]
        elif kind == "unknown_code":
            fits = is_crime[free]
        taken = free[fits][:count]
        chosen[kind] = np.sort(taken)
        free = free[~np.isin(free, taken)]
    return chosen


def _outside(chance: Chance, kind: str, n: int) -> NDArray[np.int64]:
    """Return n positions outside the borough, whole metres on the National Grid."""
    coast = draw_coast()
    found: list[tuple[float, float]] = []
    if kind == "far_county":
        reach = (-26_000.0, -9_000.0, 8_000.0, 24_000.0)
    elif kind == "in_the_sea":
        reach = (-3_200.0, 3_200.0, -2_500.0, -1_300.0)
    else:
        reach = (-4_300.0, 4_300.0, -700.0, 3_700.0)
    while len(found) < n:
        x, y = chance.one(reach[0], reach[1]), chance.one(reach[2], reach[3])
        point = shapely.Point(x, y)
        from_borough = point.distance(coast.borough)
        if kind == "far_county":
            fits = True
        elif kind == "in_the_sea":
            fits = coast.sea.contains(point) and from_borough > _CLEAR_M
        else:
            fits = not coast.sea.contains(point) and from_borough > _CLEAR_M
        if fits:
            found.append((x, y))
    moved = np.array(found) + np.array([EASTING, NORTHING])
    return np.asarray(np.round(moved), dtype=np.int64)
