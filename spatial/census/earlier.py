"""Earlier lists: how often a place was on the lists before this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

NEEDED: Final = ("run_id", "wkt")


def times_listed(
    places: Sequence[BaseGeometry], earlier: pd.DataFrame, *, same_place: float
) -> pd.DataFrame:
    """Count the earlier lists on which each place was.

    Parameters
    ----------
    places
        Polygons, EPSG:4326.
    earlier
        Rows of earlier lists, any number of lists in one table: ``run_id`` says which list a row is
        of, ``wkt`` its outline (EPSG:4326); ``data_through``, where there is one, when. The columns
        of ``targets.csv`` are these.
    same_place
        A place was on a list if at least this share of its ground lay under it.

    Returns
    -------
    ``lists, of_lists, first, last``, a row to each place: on how many lists it was, of how many,
    and the ``data_through`` of the first and last of them (empty where there is none).

    Raises
    ------
    BadInputError
        A column is missing, or an outline cannot be read.

    Notes
    -----
    A list that was made but never patrolled counts too, and so does one made twice for a fortnight:
    give those that were adopted.
    """
    missing = [name for name in NEEDED if name not in earlier]
    if missing:
        msg = (
            f"The table of earlier lists has no column {missing[0]!r}. Give the targets.csv of "
            "each list as it was written."
        )
        raise BadInputError(msg)
    listed = np.zeros(len(places), dtype=np.int64)
    first = np.full(len(places), "", dtype=object)
    last = first.copy()
    ground = np.array([place.area for place in places])
    lists = list(earlier.groupby("run_id", sort=True))
    dated = sorted(lists, key=lambda one: (_date_of(one[1]), str(one[0])))
    for run_id, rows in dated:
        union = shapely.union_all(_outlines(rows["wkt"], str(run_id)))
        shared = np.array([shapely.intersection(place, union).area for place in places])
        there = shared >= same_place * ground
        listed += there
        last[there] = _date_of(rows)
        first[there & (listed == 1)] = _date_of(rows)
    return pd.DataFrame({"lists": listed, "of_lists": len(dated), "first": first, "last": last})


def _date_of(rows: pd.DataFrame) -> str:
    if "data_through" not in rows:
        return ""
    return max((str(value) for value in rows["data_through"].dropna()), default="")


def _outlines(wkt: pd.Series, run_id: str) -> np.ndarray:
    shapes = shapely.from_wkt(wkt.astype(str).to_numpy(object), on_invalid="ignore")
    wrong = np.flatnonzero(shapely.is_missing(shapes) | ~shapely.is_valid(shapes))
    if len(wrong):
        msg = (
            f"The earlier list {run_id!r} has an outline that cannot be read (its place "
            f"{wrong[0] + 1}: {str(wkt.iloc[wrong[0]])[:40]!r}). Give the file as it was written."
        )
        raise BadInputError(msg)
    return np.asarray(shapes, dtype=object)
