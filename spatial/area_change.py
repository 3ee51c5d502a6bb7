"""Area change: a whole study area against its last comparable window, in one line.

The area was not chosen for what it holds, so that its change is a fair one; places on a list were,
and theirs is not unless an older list named them (:mod:`spatial.targets.kept.fixed_change`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from config.profile import load_profile
from spatial.hexes.counts import count_cells
from spatial.hotspots.changed.change import change_table
from spatial.hotspots.changed.comparison import comparable
from spatial.incidents.moments import read_moments
from spatial.incidents.select import profile_condition
from spatial.scene import open_scene
from spatial.targets.kept.previous import numbers_of

if TYPE_CHECKING:
    from spatial.hotspots.changed.comparison import Comparison
    from spatial.incidents.store import IncidentStore
    from spatial.window import Window


@dataclass(frozen=True, slots=True)
class AreaChange:
    """The change of a study area.

    Attributes
    ----------
    now, before
        Incidents in either window.
    ratio, low, high
        Rate now over rate before and its exact 95% interval; None where there is none.
    verdict
        One of ``spatial.hotspots.changed.change.VERDICTS``.
    comparison
        Which windows; its notes say where the season differs.
    """

    now: int
    before: int
    ratio: float | None
    low: float | None
    high: float | None
    verdict: str
    comparison: Comparison


def area_change(
    store: IncidentStore,
    profile: str,
    *,
    window: Window,
    study_area: str | None,
    resolution: int,
) -> AreaChange | None:
    """Count a profile in a study area now and in the last comparable window.

    Parameters
    ----------
    store
        The incidents.
    profile, window, study_area
        As in :class:`spatial.results.TaskingRequest`.
    resolution
        Of the cells that make up the study area: that of the list beside it, so that both count the
        same incidents.

    Returns
    -------
    None where the data hold no comparable window.

    Raises
    ------
    BadInputError
        As :func:`spatial.scene.open_scene`.

    Notes
    -----
    Exact ratio of Poisson rates: see :func:`spatial.hotspots.changed.change.change_table`. Where
    one event is several records the interval is too narrow, and a change of recording counts as a
    change.
    """
    comparison = comparable(window, data_from=store.data_from, data_through=store.data_through)
    if comparison is None:
        return None
    scene = open_scene(store, study_area, resolution)
    condition = profile_condition(load_profile(profile))
    now, before = (
        int(count_cells(scene.connection, condition, window=one, grid=scene.grid).incidents.sum())
        for one in (comparison.now, comparison.before)
    )
    (row,) = change_table(
        [scene.grid.study_area.name], [now], [before], comparison=comparison
    ).to_dict("records")
    ratio, low, high = (
        None if row[name] is None or row[name] != row[name] else float(row[name])
        for name in ("ratio", "low", "high")
    )
    return AreaChange(now, before, ratio, low, high, str(row["verdict"]), comparison)


def kinds_at(
    store: IncidentStore, profile: str, *, cells: str, window: Window, resolution: int
) -> dict[str, int]:
    """Count a profile's incidents in some cells by tier.

    Parameters
    ----------
    cells
        Hexadecimal, space-separated, of ``resolution``.

    Notes
    -----
    For choosing what a patrol is told to look for. One or two of a kind may be known to somebody:
    shares of them are shown, never the numbers.
    """
    moments = read_moments(
        store.connect(),
        profile_condition(load_profile(profile)),
        window=window,
        resolution=resolution,
    )
    inside = np.isin(moments.cell, numbers_of(cells))
    tiers, numbers = np.unique(moments.tier[inside], return_counts=True)
    return dict(zip(tiers.tolist(), numbers.tolist(), strict=True))
