"""The gravest event: the most harm that one incident brought to each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spatial.hexes.counts import HARM_UNITS
from spatial.incidents.schema import cell_column

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.window import Window


def gravest_harm(
    connection: duckdb.DuckDBPyConnection, condition: str, *, window: Window, grid: HexGrid
) -> NDArray[np.int64]:
    """Return the harm of each cell's gravest incident.

    Parameters
    ----------
    connection, condition, window, grid
        As :func:`spatial.hexes.counts.count_cells`.

    Returns
    -------
    Thousandths of a day, shape (n,); 0 where nothing with a weight happened.
    """
    column = cell_column(grid.resolution)
    rows = connection.execute(
        f"""
        SELECT {column} AS cell, max(harm_days) AS harm_days
        FROM incidents
        WHERE occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
              AND ({condition}) AND {column} IS NOT NULL AND harm_days IS NOT NULL
        GROUP BY 1
        """,  # noqa: S608 (the condition is built from checked profile models)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    positions = grid.positions(np.asarray(rows["cell"], dtype=np.uint64))
    inside = positions >= 0
    days = np.asarray(rows["harm_days"], dtype=np.float64)[inside]
    gravest = np.zeros(len(grid), dtype=np.int64)
    gravest[positions[inside]] = np.rint(days * HARM_UNITS).astype(np.int64)
    return gravest
