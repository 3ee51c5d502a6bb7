"""Counting: incidents of a profile into the cells of a study area, zeros included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import Measure, Tier
from spatial.incidents.schema import cell_column

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid
    from spatial.window import Window

# harm is summed in thousandths of a day, square roots in billionths: whole numbers add up to the
# same total in any order, and ties stay ties
HARM_UNITS: Final = 1_000
ROOT_UNITS: Final = 1_000_000_000

_IN_WINDOW: Final = """
    occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
"""


@dataclass(frozen=True, slots=True, eq=False)
class CellCounts:
    """What a profile's incidents of one window come to in each cell of a grid.

    Attributes
    ----------
    incidents
        int64, in the grid's order, shape (n,).
    harm
        Thousandths of a day, int64, shape (n,).
    root_harm
        Sum over incidents of the square root of their days, billionths, int64, shape (n,).
    without_weight
        Incidents whose offence has no weight: in ``incidents``, in no harm figure, shape (n,).
    by_tier
        One row per cell and tier with an incident: ``position, tier, incidents, harm, root_harm``.
    outside
        Incidents of the profile and window with a location outside the study area.
    unlocated
        Incidents of the profile and window without a location: on no map.
    """

    incidents: NDArray[np.int64]
    harm: NDArray[np.int64]
    root_harm: NDArray[np.int64]
    without_weight: NDArray[np.int64]
    by_tier: pd.DataFrame
    outside: int
    unlocated: int

    def values(self, measure: Measure) -> NDArray[np.int64]:
        """Return the whole numbers that a measure sums, shape (n,).

        Raises
        ------
        BadInputError
            The measure is expected harm, which is no sum of incidents.
        """
        if measure is Measure.EXPECTED_HARM:
            msg = (
                f"Measure {measure.value!r} is no sum of incidents: it is learnt from them. Ask "
                "for 'count', 'harm' or 'sqrt_harm'."
            )
            raise BadInputError(msg)
        if measure is Measure.COUNT:
            return self.incidents
        return self.harm if measure is Measure.HARM else self.root_harm

    @property
    def known_harm_days(self) -> NDArray[np.float64]:
        """Harm in days, null where there are incidents and none of them has a weight, shape (n,).

        A cell of one strangulation, which the scheme does not weigh, has harm that nobody knows:
        not none.
        """
        unknown = (self.incidents > 0) & (self.without_weight == self.incidents)
        return np.where(unknown, np.nan, self.harm_days)

    @property
    def harm_days(self) -> NDArray[np.float64]:
        """Harm in days, shape (n,)."""
        return self.harm / HARM_UNITS


def count_cells(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    window: Window,
    grid: HexGrid,
) -> CellCounts:
    """Count the incidents that meet a condition into a grid.

    Parameters
    ----------
    connection
        Has the view ``incidents`` (columns of :mod:`spatial.incidents.schema`).
    condition
        SQL over that view: see :func:`spatial.incidents.select.profile_condition`.
    window
        Inclusive dates of ``occurred_from``.
    grid
        Each point was indexed at the grid's resolution itself when it was loaded.

    Notes
    -----
    Counts conserve: incidents in cells + outside + unlocated = incidents selected.
    """
    column = cell_column(grid.resolution)
    # plain SQL over the store's columns, so that another engine can run the same text
    rows = connection.execute(
        f"""
        SELECT coalesce({column}, 0) AS cell, CAST(tier AS VARCHAR) AS tier,
               coalesce(harm_days, 'nan') AS harm_days, count(*) AS incidents
        FROM incidents
        WHERE {_IN_WINDOW} AND ({condition})
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3
        """,  # noqa: S608 (the condition is built from checked profile models, not from user text)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    cells = np.asarray(rows["cell"], dtype=np.uint64)
    numbers = np.asarray(rows["incidents"], dtype=np.int64)
    weights = np.asarray(rows["harm_days"], dtype=np.float64)
    located = cells != 0
    positions = grid.positions(cells[located])
    inside = positions >= 0
    position = positions[inside]
    incidents, days = numbers[located][inside], weights[located][inside]
    weighted = ~np.isnan(days)
    days = np.where(weighted, days, 0.0)
    harm = np.rint(days * HARM_UNITS).astype(np.int64) * incidents
    root = np.rint(np.sqrt(days) * ROOT_UNITS).astype(np.int64) * incidents
    by_tier = (
        pd.DataFrame(
            {
                "position": position,
                "tier": np.asarray(rows["tier"], dtype=np.str_)[located][inside],
                "incidents": incidents,
                "harm": harm,
                "root_harm": root,
            }
        )
        .groupby(["position", "tier"], as_index=False)
        .sum()
    )
    size = len(grid)
    return CellCounts(
        incidents=_total(position, incidents, size),
        harm=_total(position, harm, size),
        root_harm=_total(position, root, size),
        without_weight=_total(position, np.where(weighted, 0, incidents), size),
        by_tier=by_tier,
        outside=int(numbers[located][~inside].sum()),
        unlocated=int(numbers[~located].sum()),
    )


def capped_homicide_harm(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    cap_days: float,
    window: Window,
    grid: HexGrid,
) -> NDArray[np.int64]:
    """Return the harm of homicides where none weighs more than a cap.

    Parameters
    ----------
    connection, condition, window, grid
        As :func:`count_cells`.
    cap_days
        The most that one homicide may weigh, days.

    Returns
    -------
    Thousandths of a day, shape (n,). A homicide without a weight stays without one.
    """
    column = cell_column(grid.resolution)
    rows = connection.execute(
        f"""
        SELECT {column} AS cell, harm_days, count(*) AS incidents
        FROM incidents
        WHERE {_IN_WINDOW} AND ({condition}) AND {column} IS NOT NULL
              AND tier = '{Tier.HOMICIDE}' AND harm_days IS NOT NULL
        GROUP BY 1, 2
        ORDER BY 1, 2
        """,  # noqa: S608 (as above)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    positions = grid.positions(np.asarray(rows["cell"], dtype=np.uint64))
    inside = positions >= 0
    days = np.minimum(np.asarray(rows["harm_days"], dtype=np.float64), cap_days)
    harm = np.rint(days * HARM_UNITS).astype(np.int64) * np.asarray(rows["incidents"], np.int64)
    return _total(positions[inside], harm[inside], len(grid))


def incident_harm(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    window: Window,
    grid: HexGrid,
) -> NDArray[np.int64]:
    """Return the harm of every incident inside a grid, thousandths of a day, ascending.

    Parameters
    ----------
    connection, condition, window, grid
        As :func:`count_cells`.

    Returns
    -------
    Shape (incidents,); 0 for an incident without a weight.
    """
    column = cell_column(grid.resolution)
    rows = connection.execute(
        f"""
        SELECT {column} AS cell, coalesce(harm_days, 0) AS harm_days, count(*) AS incidents
        FROM incidents
        WHERE {_IN_WINDOW} AND ({condition}) AND {column} IS NOT NULL
        GROUP BY 1, 2
        """,  # noqa: S608 (as above)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    inside = grid.positions(np.asarray(rows["cell"], dtype=np.uint64)) >= 0
    harm = np.rint(np.asarray(rows["harm_days"], np.float64)[inside] * HARM_UNITS)
    numbers = np.asarray(rows["incidents"], dtype=np.int64)[inside]
    return np.sort(np.repeat(harm.astype(np.int64), numbers))


def cell_dates(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    *,
    window: Window,
    grid: HexGrid,
) -> pd.DataFrame:
    """Return the distinct dates of non-fatal incidents in each cell.

    Homicides are left out: the table answers whether a place has trouble on enough different days
    to patrol, which one event must not decide.

    Returns
    -------
    ``position`` (in the grid's order), ``date`` and ``incidents``, one row per cell and date; for
    month-only records the date is the first of the month.
    """
    column = cell_column(grid.resolution)
    rows = connection.execute(
        f"""
        SELECT {column} AS cell, CAST(occurred_from AS DATE) AS date, count(*) AS incidents
        FROM incidents
        WHERE {_IN_WINDOW} AND ({condition}) AND {column} IS NOT NULL
              AND tier <> '{Tier.HOMICIDE}'
        GROUP BY 1, 2
        ORDER BY 1, 2
        """,  # noqa: S608 (as above)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    positions = grid.positions(np.asarray(rows["cell"], dtype=np.uint64))
    inside = positions >= 0
    return pd.DataFrame(
        {
            "position": positions[inside],
            "date": np.asarray(rows["date"])[inside],
            "incidents": np.asarray(rows["incidents"], dtype=np.int64)[inside],
        }
    )


def count_where(connection: duckdb.DuckDBPyConnection, condition: str, *, window: Window) -> int:
    """Return how many incidents of the window meet a condition, located or not."""
    row = connection.execute(
        f"SELECT count(*) FROM incidents WHERE {_IN_WINDOW} AND ({condition})",  # noqa: S608 (as above)
        {"first": window.first, "last": window.last},
    ).fetchone()
    return int(row[0]) if row else 0


def _total(
    positions: NDArray[np.int64], numbers: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    totals = np.zeros(size, dtype=np.int64)
    np.add.at(totals, positions, numbers)
    return totals


def ever_cells(connection: duckdb.DuckDBPyConnection, *, resolution: int) -> NDArray[np.uint64]:
    """Return every cell in which any incident of any kind was ever recorded, shape (m,)."""
    column = cell_column(resolution)
    rows = connection.execute(
        f"SELECT DISTINCT {column} AS cell FROM incidents WHERE {column} IS NOT NULL"  # noqa: S608 (a column of the schema)
    ).fetchnumpy()
    return np.asarray(rows["cell"], dtype=np.uint64)


def precision(
    connection: duckdb.DuckDBPyConnection, condition: str, *, window: Window
) -> tuple[bool, float]:
    """Return whether any selected record gives only its month, and the least exact location.

    Returns
    -------
    Month-only or not; metres, 0 where no record says.
    """
    row = connection.execute(
        f"""
        SELECT coalesce(bool_or(time_precision = 'month'), FALSE),
               coalesce(max(location_precision_m), 0)
        FROM incidents
        WHERE {_IN_WINDOW} AND ({condition})
        """,  # noqa: S608 (as above)
        {"first": window.first, "last": window.last},
    ).fetchone()
    return (bool(row[0]), float(row[1])) if row else (False, 0.0)


def located_rows(
    connection: duckdb.DuckDBPyConnection, condition: str, *, window: Window
) -> pd.DataFrame:
    """Return where each located incident lies, and how exactly that is known.

    Parameters
    ----------
    connection, condition, window
        As :func:`count_cells`.

    Returns
    -------
    One row per incident, inside the study area or not: ``longitude, latitude`` (EPSG:4326),
    ``precision_m`` (null where not recorded), ``harm`` (thousandths of a day, 0 without a weight).
    """
    rows = connection.execute(
        f"""
        SELECT longitude, latitude, CAST(location_precision_m AS DOUBLE) AS precision_m,
               coalesce(harm_days, 0) AS harm_days
        FROM incidents
        WHERE {_IN_WINDOW} AND ({condition}) AND longitude IS NOT NULL
        ORDER BY 1, 2, 3, 4
        """,  # noqa: S608 (as above)
        {"first": window.first, "last": window.last},
    ).df()
    harm = np.rint(rows.pop("harm_days").to_numpy() * HARM_UNITS).astype(np.int64)
    return rows.assign(harm=harm)
