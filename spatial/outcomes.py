"""Outcomes: what happened in the areas of a list, by profile and calendar day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.profile import load_profile
from spatial.hexes.counts import count_where
from spatial.incidents.moments import read_moments
from spatial.incidents.select import profile_condition
from spatial.scene import open_scene
from spatial.targets.kept.previous import numbers_of
from spatial.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spatial.incidents.store import IncidentStore

OUTCOME_COLUMNS: Final = ("profile", "date", "incidents", "harm_days")


def outcomes_at(  # noqa: PLR0913 (what is counted, where, when)
    store: IncidentStore,
    profiles: Iterable[str],
    *,
    cells: Iterable[str],
    window: Window,
    study_area: str | None,
    resolution: int,
    weights: str | None = None,
) -> pd.DataFrame:
    """Count what happened in some cells, for a return to whoever funds the patrols.

    Parameters
    ----------
    store
        The incidents.
    profiles
        Which to count, each for itself: an incident may be of several.
    cells
        Of all areas together (hexadecimal, of ``resolution``); an incident counts once.
    window
        Inclusive dates of ``occurred_from``.
    study_area, resolution, weights
        As in :class:`spatial.results.TargetRequest`.

    Returns
    -------
    `OUTCOME_COLUMNS`: one row per profile and day with an incident (the first of the month where
    data are by month), by profile as given and date; ``harm_days`` is null where nothing of that
    day has a weight. A profile without any has one row of 0, on the window's first day. One of
    which the store holds no incident at all has no row: that is unknown, not none (open data
    cannot tell a public place, so nothing of it is ever of such a profile).

    Raises
    ------
    BadInputError
        As :func:`spatial.scene.open_scene`; or a profile is unknown.

    Notes
    -----
    Places are chosen after bad months and fall by themselves: a fall here says nothing about what
    patrols did.
    """
    scene = open_scene(store, study_area, resolution, weights=weights)
    held = numbers_of(" ".join(cells))
    ever = Window(store.data_from, store.data_through)
    tables = []
    for name in dict.fromkeys(profiles):
        profile = load_profile(name)
        if not count_where(scene.connection, profile_condition(profile), window=ever):
            continue
        moments = read_moments(
            scene.connection, profile_condition(profile), window=window, resolution=resolution
        )
        inside = np.isin(moments.cell, held)
        harm = moments.harm_days[inside] if profile.weighs_harm else np.nan
        rows = pd.DataFrame(
            {
                "date": moments.start[inside].astype("datetime64[D]").astype(str),
                "incidents": 1,
                "harm_days": harm,
            }
        )
        if rows.empty:
            nothing = 0.0 if profile.weighs_harm else np.nan
            rows = pd.DataFrame(
                {"date": [window.first.isoformat()], "incidents": [0], "harm_days": [nothing]}
            )
        sums = rows.groupby("date", as_index=False).agg(
            incidents=("incidents", "sum"), harm_days=("harm_days", _sum_of_known)
        )
        tables.append(sums.assign(profile=profile.name))
    if not tables:
        return pd.DataFrame(columns=list(OUTCOME_COLUMNS))
    return pd.concat(tables, ignore_index=True)[list(OUTCOME_COLUMNS)]


def _sum_of_known(values: pd.Series[float]) -> float:
    # nothing known is unknown, not none
    return float(values.sum(min_count=1))
