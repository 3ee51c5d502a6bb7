"""Risk changes: what the scores would be with a place more or fewer, asked in degrees and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from config.errors import BadInputError
from spatial.hexes.grid import cell_names
from spatial.risk_terrain.what_if import Change, WhatIf, what_if

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.risk_results import RiskResult

_FURTHEST = (180.0, 90.0)


def feature_table(result: RiskResult, kind: str) -> pd.DataFrame:
    """Return the features of a kind, to choose one to take away.

    Parameters
    ----------
    result
        A risk terrain.
    kind
        Of factor.

    Returns
    -------
    ``feature`` (its number), ``name`` (may be empty), ``longitude``, ``latitude`` (of a point of
    it, degrees), one row each.

    Raises
    ------
    BadInputError
        There is no such factor.
    """
    factor = result.model.factors.get(kind)
    if factor is None:
        listed = ", ".join(sorted(result.model.factors))
        msg = f"There is no factor {kind!r}. Choose one of: {listed}."
        raise BadInputError(msg)
    middles = shapely.get_coordinates(shapely.point_on_surface(factor.shapes))
    plane = result.grid.study_area.metric_system
    longitude, latitude = plane.inverse(middles[:, 0], middles[:, 1])
    return pd.DataFrame(
        {
            "feature": np.arange(len(factor)),
            "name": list(factor.names),
            "longitude": longitude.round(6),
            "latitude": latitude.round(6),
        }
    )


def what_would_change(
    result: RiskResult,
    *,
    added: Sequence[tuple[str, float, float]] = (),
    removed: Sequence[tuple[str, int]] = (),
) -> tuple[pd.DataFrame, WhatIf]:
    """Say which cells' scores would change with places added or taken away.

    Parameters
    ----------
    result
        A risk terrain; its model stays as it is.
    added
        Kind, longitude and latitude (degrees) of each new place.
    removed
        Kind and number (of :func:`feature_table`) of each place taken away.

    Returns
    -------
    ``cell, before, after, times`` of the cells that change, greatest change first, and the whole
    answer with its notes, which belong beside it: this is association, not cause.

    Raises
    ------
    BadInputError
        A kind or number is not there, or a position is not one of degrees.
    """
    plane = result.grid.study_area.metric_system
    changes = [Change(kind, removed=number) for kind, number in removed]
    for kind, longitude, latitude in added:
        if not (abs(longitude) <= _FURTHEST[0] and abs(latitude) <= _FURTHEST[1]):
            msg = f"{longitude!r}, {latitude!r} is no longitude and latitude. Give degrees."
            raise BadInputError(msg)
        east, north = plane.forward(longitude, latitude)
        changes.append(Change(kind, added=shapely.Point(float(east), float(north))))
    found = what_if(result.model, changes, line_step_m=result.rules.factors.line_step_m)
    at = found.changed
    table = pd.DataFrame(
        {
            "cell": cell_names(result.grid.cells[at]),
            "before": found.before[at],
            "after": found.after[at],
            "times": found.after[at] / found.before[at],
        }
    )
    order = np.argsort(-np.abs(np.log(table["times"].to_numpy())), kind="stable")
    return table.iloc[order].reset_index(drop=True), found
