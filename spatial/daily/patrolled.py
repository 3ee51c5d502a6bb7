"""Places now patrolled: what each saw in the day, the week, and since its list began."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import h3
import numpy as np
import pandas as pd

from spatial.daily.counting import WEEK
from spatial.daily.policing_days import day_of
from spatial.daily.results import PATROLLED_COLUMNS
from spatial.incidents.moments import read_moments
from spatial.incidents.select import profile_condition
from spatial.targets.kept.previous import numbers_of
from spatial.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.profile import Profile
    from spatial.daily.policing_days import PolicingDay
    from spatial.daily.results import PatrolledList
    from spatial.scene import Scene


def at_places(
    scene: Scene, patrolled: PatrolledList, profiles: Sequence[Profile], *, day: PolicingDay
) -> pd.DataFrame:
    """Count each layer at each place of a list: the day, the week, and since the list began.

    Parameters
    ----------
    profiles
        Of serious violence, then of antisocial behaviour: they are counted apart.

    Returns
    -------
    ``PATROLLED_COLUMNS`` by rank. Places are few and chosen for what they were: a number here says
    where something happened, and nothing about patrols.
    """
    areas = patrolled.areas.sort_values("rank", kind="stable").reset_index(drop=True)
    # a rank that may be missing is read as a fraction
    table = areas[["area_id", "rank", "name"]].astype({"rank": int})
    cells = [numbers_of(str(text)) for text in areas["cells"]]
    if not any(len(one) for one in cells):
        return pd.DataFrame(columns=list(PATROLLED_COLUMNS))
    last = np.datetime64(day.date, "D")
    first = np.datetime64(patrolled.since, "D")
    week = day.date - dt.timedelta(days=WEEK)
    window = Window(min(patrolled.since, week), day.ends.date())
    (resolution,) = {h3.get_resolution(str(text).split()[0]) for text in areas["cells"] if text}
    for layer, one in zip(("violence", "disorder"), profiles, strict=True):
        found = read_moments(
            scene.connection, profile_condition(one), window=window, resolution=resolution
        )
        days = day_of(found.start, found.precision, starts=day.starts)
        dated = (found.precision != "month") & (days <= last)
        within = {
            "day": dated & (days == last),
            "week": dated & (days > last - WEEK),
            "since": dated & (days >= first),
        }
        for period, chosen in within.items():
            here = found.cell[chosen]
            table[f"{layer}_{period}"] = [int(np.isin(here, held).sum()) for held in cells]
    return table[list(PATROLLED_COLUMNS)]
