"""Invented places for the tests of this room."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from config.dose import load_dose_rules
from spatial.projection import national_grid
from spatial.targets.schedule.places import SchedulePlaces, places_of
from spatial.targets.schedule.plan import Plan, schedule
from spatial.targets.schedule.request import ScheduleRequest

START = dt.date(2026, 12, 1)


def invented_places(m: int, *, peaks: str = "", spread: float = 0.004) -> SchedulePlaces:
    """So many places within a walk of each other."""
    rng = np.random.default_rng(4)
    areas = pd.DataFrame(
        {
            "area_id": [f"PA-{one:02d}" for one in range(m)],
            "name": [f"Street {one}" for one in range(m)],
            "longitude": 1.40 + rng.normal(0, spread, m),
            "latitude": 53.20 + rng.normal(0, spread / 2, m),
            "incidents": rng.poisson(9, m),
            "peak_windows": [peaks] * m,
        }
    )
    return places_of(areas, window_days=365)


def made(
    places: SchedulePlaces | int,
    *,
    start: dt.date = START,
    days: int = 14,
    seed: int = 7,
    **asked: object,
) -> Plan:
    """A schedule of invented places, straight lines between them."""
    request = ScheduleRequest(start=start, days=days, seed=seed, **asked)  # type: ignore[arg-type]
    listed = invented_places(places) if isinstance(places, int) else places
    return schedule(
        listed, request, streets=None, metric_system=national_grid(), rules=load_dose_rules()
    )
