"""Months: how much of a profile each cell held in each calendar month, counted once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.hexes.counts import HARM_UNITS
from spatial.incidents.schema import cell_column
from spatial.window import Window

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid

_MONTHS_IN_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class MonthlyCells:
    """Incidents and harm by cell and month, in long form: a row for each that is not zero.

    Attributes
    ----------
    cells
        uint64, ascending: every cell of the study area with an incident in any of the months.
    months
        The first day of each, oldest first, without a gap.
    position, month
        Which cell, and which month, of each row: int64, shape (m,), by month and then by cell.
    incidents
        int64, shape (m,).
    harm
        Thousandths of a day, int64, shape (m,); incidents without a weight add nothing.
    """

    cells: NDArray[np.uint64]
    months: tuple[dt.date, ...]
    position: NDArray[np.int64]
    month: NDArray[np.int64]
    incidents: NDArray[np.int64]
    harm: NDArray[np.int64]

    def by_month(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sum over all cells of some rows' values in each month, shape (months,)."""
        totals = np.zeros(len(self.months), dtype=np.int64)
        np.add.at(totals, self.month, values)
        return totals

    def rolled(self, values: NDArray[np.int64], *, length: int) -> NDArray[np.int64]:
        """Return each cell's sum over every run of so many months.

        Parameters
        ----------
        values
            ``incidents`` or ``harm``.
        length
            Months in a run.

        Returns
        -------
        Shape (cells, steps): a step for each month that ends a whole run, oldest first; none where
        the months are fewer than a run.
        """
        table = np.zeros((len(self.cells), len(self.months) + 1), dtype=np.int64)
        np.add.at(table, (self.position, self.month + 1), values)
        running = table.cumsum(axis=1)
        return running[:, length:] - running[:, :-length] if length else running[:, :0]

    def only(self, chosen: NDArray[np.bool_]) -> MonthlyCells:
        """Return these of some of the cells alone.

        Parameters
        ----------
        chosen
            One per cell, shape (cells,).
        """
        kept = chosen[self.position]
        place = np.cumsum(chosen) - 1
        return MonthlyCells(
            self.cells[chosen],
            self.months,
            place[self.position[kept]].astype(np.int64),
            self.month[kept],
            self.incidents[kept],
            self.harm[kept],
        )


def whole_months(data_from: dt.date, data_through: dt.date, *, most: int) -> Window:
    """Return the window of the whole months that data cover, at most so many and the latest.

    Raises
    ------
    BadInputError
        They cover no whole month.
    """
    first = _month(data_from)
    if data_from.day > 1:
        first += 1
    after = _month(data_through + dt.timedelta(days=1))
    if after <= first:
        msg = (
            f"The data run from {data_from.isoformat()} to {data_through.isoformat()}: no whole "
            "month, so there is nothing to show over time. Load a whole month or more."
        )
        raise BadInputError(msg)
    first = max(first, after - most)
    return Window(_first_day(first), _first_day(after) - dt.timedelta(days=1))


def months_of(window: Window) -> tuple[dt.date, ...]:
    """Return the first day of every calendar month that a window touches, oldest first."""
    return tuple(_first_day(n) for n in range(_month(window.first), _month(window.last) + 1))


def months_window(months: tuple[dt.date, ...], last: int, length: int) -> Window:
    """Return the window of so many months that ends with one of them; it may begin before them."""
    end = _month(months[last])
    return Window(_first_day(end - length + 1), _first_day(end + 1) - dt.timedelta(days=1))


def count_months(
    connection: duckdb.DuckDBPyConnection, condition: str, *, window: Window, grid: HexGrid
) -> MonthlyCells:
    """Count the incidents that meet a condition by cell and calendar month.

    Parameters
    ----------
    connection, condition, grid
        As :func:`spatial.hexes.counts.count_cells`.
    window
        Whole calendar months.

    Raises
    ------
    BadInputError
        The window is not one of whole months.

    Notes
    -----
    A month's sum over all cells is what :func:`spatial.hexes.counts.count_cells` counts inside the
    grid over that month. Months differ in length by up to a tenth.
    """
    if not window.whole_months:
        msg = f"The window {window.words} is not one of whole months. Choose whole months."
        raise BadInputError(msg)
    column = cell_column(grid.resolution)
    rows = connection.execute(
        f"""
        SELECT {column} AS cell,
               CAST(year(occurred_from) * 12 + month(occurred_from) - 1 AS BIGINT) AS month,
               CAST(count(*) AS BIGINT) AS incidents,
               CAST(sum(CAST(round(coalesce(harm_days, 0) * {HARM_UNITS}) AS BIGINT)) AS BIGINT)
                   AS harm
        FROM incidents
        WHERE occurred_from >= $first AND occurred_from < CAST($last AS DATE) + INTERVAL 1 DAY
              AND ({condition}) AND {column} IS NOT NULL
        GROUP BY 1, 2
        ORDER BY 2, 1
        """,  # noqa: S608 (the condition is built from checked profile models, not from user text)
        {"first": window.first, "last": window.last},
    ).fetchnumpy()
    cells = np.asarray(rows["cell"], dtype=np.uint64)
    inside = grid.positions(cells) >= 0
    held, position = np.unique(cells[inside], return_inverse=True)
    return MonthlyCells(
        held,
        months_of(window),
        position.astype(np.int64),
        np.asarray(rows["month"], dtype=np.int64)[inside] - _month(window.first),
        np.asarray(rows["incidents"], dtype=np.int64)[inside],
        np.asarray(rows["harm"], dtype=np.int64)[inside],
    )


def _month(day: dt.date) -> int:
    return day.year * _MONTHS_IN_A_YEAR + day.month - 1


def _first_day(number: int) -> dt.date:
    return dt.date(number // _MONTHS_IN_A_YEAR, number % _MONTHS_IN_A_YEAR + 1, 1)
