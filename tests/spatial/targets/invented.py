"""Invented incidents on a small grid, for the tests of when and why."""

from __future__ import annotations

import numpy as np
import shapely

from spatial.hexes.grid import HexGrid, fill
from spatial.hexes.study_area import study_area_from_polygons
from spatial.incidents.moments import Moments

GRID: HexGrid = fill(study_area_from_polygons("box", [shapely.box(1.39, 53.19, 1.41, 53.2)]), 10)
# 2 November 2026 is a Monday
MONDAY = np.datetime64("2026-11-02T00:00:00", "s")


def moments(  # noqa: PLR0913 (what an incident has)
    start: np.ndarray,
    position: np.ndarray,
    *,
    hours: np.ndarray | None = None,
    precision: str = "minute",
    tier: str = "injury",
    harm_days: np.ndarray | float = 10.0,
    metres: np.ndarray | None = None,
) -> Moments:
    """Make incidents: start, cell's position in the grid, span in hours, metres to the north."""
    n = len(start)
    never = np.full(n, np.datetime64("NaT", "s"))
    seconds = start.astype("datetime64[s]")
    end = never if hours is None else seconds + (hours * 3600).astype("timedelta64[s]")
    north = np.zeros(n) if metres is None else metres
    return Moments(
        start=seconds,
        end=end,
        precision=np.full(n, precision),
        longitude=np.full(n, 1.4),
        latitude=53.195 + north / 111_300,
        cell=np.where(position < 0, np.uint64(0), GRID.cells[position]),
        tier=np.full(n, tier),
        harm_days=np.broadcast_to(np.asarray(harm_days, dtype=float), n).copy(),
    )


def at_hours(hours_of_week: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    """Return moments by hour of the week (Monday 00:00 first) and week."""
    return MONDAY + ((weeks * 168 + hours_of_week) * 3600).astype("timedelta64[s]")
