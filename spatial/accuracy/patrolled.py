"""Patrolled place-days: left out, so that patrols do not judge the list that sent them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3_int
import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.shifts import day_starts
from spatial.accuracy.ground import parents
from spatial.hexes.disks import resolutions
from spatial.incidents.schema import RESOLUTIONS

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from numpy.typing import NDArray

    from spatial.hexes.grid import HexGrid

MOST_LOST: Final = 0.5
"""A cell patrolled on more than this share of the scored days is not scored at all."""
MOST_RAISED: Final = 4.0
"""What is left of a month is never raised by more than this."""
WHY: Final = (
    "Patrols change what is recorded where they go: they may prevent offences there, and they find "
    "others. A list that is judged by the places it sent patrols to judges itself."
)
_COLUMNS: Final = ("date", "cells")
_CHILDREN: Final = 7.0


@dataclass(frozen=True, slots=True, eq=False)
class PlaceDays:
    """Cells and the policing days on which they were patrolled.

    Attributes
    ----------
    cells
        uint64, all of one resolution that is indexed at load, shape (m,).
    days
        Policing days, datetime64[D], shape (m,).
    """

    cells: NDArray[np.uint64]
    days: NDArray[np.datetime64]

    @property
    def resolution(self) -> int:
        """Return the resolution of the cells."""
        return int(resolutions(self.cells[:1])[0])


def read_place_days(path: Path) -> PlaceDays:
    """Read patrolled place-days from a CSV file.

    Parameters
    ----------
    path
        Columns ``date`` (ISO, the policing day) and ``cells`` (H3 cells of one resolution, divided
        by spaces): a schedule's treated rows beside the cells of ``targets.csv``.

    Raises
    ------
    BadInputError
        The file or a column is missing, it has no row, or a date or cell cannot be read; cells are
        of several resolutions, or of one that is not indexed.
    """
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (OSError, ValueError) as error:
        msg = f"{path.name!r} cannot be read as CSV. Give columns {', '.join(_COLUMNS)}."
        raise BadInputError(msg) from error
    lacking = [name for name in _COLUMNS if name not in table.columns]
    if lacking or table.empty:
        what = f"has no column {lacking[0]!r}" if lacking else "has no row"
        msg = f"{path.name!r} {what}: give a row for each day and place, with date and cells."
        raise BadInputError(msg)
    days = pd.to_datetime(table["date"], format="%Y-%m-%d", errors="coerce")
    if days.isna().any():
        row = int(days.isna().argmax())
        msg = (
            f"{path.name!r}, row {row + 2}: the date {table['date'].iloc[row]!r} is none. Write "
            "it as 2026-11-21."
        )
        raise BadInputError(msg)
    names = table["cells"].str.split().explode()
    found = names.map(_cell)
    if found.isna().any():
        row = int(found.isna().to_numpy().argmax())
        msg = (
            f"{path.name!r}, row {int(names.index[row]) + 2}: {names.iloc[row]!r} is no H3 cell. "
            "Copy the column cells of targets.csv."
        )
        raise BadInputError(msg)
    cells = np.array(found.tolist(), dtype=np.uint64)
    levels = np.unique(resolutions(cells))
    if len(levels) > 1 or levels[0] not in RESOLUTIONS:
        msg = (
            f"{path.name!r} holds cells of resolution {', '.join(map(str, levels.tolist()))}: give "
            f"one of {', '.join(map(str, RESOLUTIONS))} throughout."
        )
        raise BadInputError(msg)
    dates = days.to_numpy(dtype="datetime64[D]")[names.index.to_numpy()]
    pairs = pd.DataFrame({"cell": cells, "day": dates}).drop_duplicates()
    return PlaceDays(
        pairs["cell"].to_numpy(np.uint64), pairs["day"].to_numpy().astype("datetime64[D]")
    )


def unpatrolled_condition(patrolled: PlaceDays) -> str:
    """Return SQL that is true of incidents outside every patrolled place-day.

    The view ``incidents`` is asked at the resolution of the place-days; a table ``patrolled``
    (``cell, day``) has to be there.
    """
    column = f"h3_{patrolled.resolution:02d}"
    day = f"CAST(occurred_from - INTERVAL {day_starts()} HOUR AS DATE)"
    held = "SELECT (cell, CAST(day AS DATE)) FROM patrolled"
    return f"({column} IS NULL OR ({column}, {day}) NOT IN ({held}))"


def lost_days(
    patrolled: PlaceDays, grid: HexGrid, *, first: dt.date, until: dt.date
) -> NDArray[np.float64]:
    """Return how many days of a span each cell was patrolled, shape (n,).

    A part of a cell counts for its part: one of the seven cells of resolution 10 that make up one
    of resolution 9 is a seventh of a day.
    """
    inside = (patrolled.days >= np.datetime64(first)) & (patrolled.days < np.datetime64(until))
    given, own = patrolled.resolution, grid.resolution
    cells = patrolled.cells[inside]
    share = 1.0
    if given > own:
        cells, share = parents(cells, resolution=own), _CHILDREN ** (own - given)
    elif given < own:
        cells = np.array(
            [child for cell in cells.tolist() for child in h3_int.cell_to_children(cell, own)],
            dtype=np.uint64,
        )
    position = grid.positions(cells)
    lost = np.bincount(position[position >= 0], minlength=len(grid)) * share
    return np.asarray(np.minimum(lost, float((until - first).days)))


def raised(lost: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Return by how much what was left of a span is raised to stand for all of it, shape (n,)."""
    left = np.maximum(1 - lost / days, 1 / MOST_RAISED)
    return np.asarray(1 / left)


def _cell(name: str) -> int | None:
    try:
        cell = h3_int.str_to_int(name)
    except ValueError:
        return None
    return int(cell) if h3_int.is_valid_cell(cell) else None
