"""Places on a risk terrain: why each place of a list is risky, and risky cells on no list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import h3
import numpy as np
import pandas as pd

from layers.wording import counted, number
from spatial.projection import grid_reference, in_national_grid, national_grid
from spatial.risk_terrain.reasons import risk_reasons

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.risk_results import RiskResult

PLACE_COLUMNS: Final = ("area_id", "rank", "name", "score", "risk_rank", "why")
CELL_COLUMNS: Final = ("cell", "where", "score", "incidents", "why")
OUTSIDE: Final = "Outside the cells of this risk terrain"


def place_reasons(result: RiskResult, areas: pd.DataFrame) -> pd.DataFrame:
    """Return how risky the riskiest cell of each place is, and what stands near: ``PLACE_COLUMNS``.

    Parameters
    ----------
    result
        A risk terrain.
    areas
        A list: ``area_id, rank, name, cells`` (hexadecimal, set apart by spaces, any resolution).
    """
    held = [positions_of(result, str(cells).split()) for cells in areas["cells"]]
    reasons = risk_reasons(result.model, held, rules=result.rules)
    ranks = result.cells["risk_rank"].to_numpy()
    rows = [
        (
            str(area["area_id"]),
            int(area["rank"]),
            str(area["name"]),
            float(result.model.scores[cells].max()) if len(cells) else np.nan,
            int(ranks[cells].min()) if len(cells) else 0,
            why if len(cells) else OUTSIDE,
        )
        for area, cells, why in zip(areas.to_dict("records"), held, reasons, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(PLACE_COLUMNS))


def unlisted_cells(result: RiskResult, areas: pd.DataFrame, *, most: int) -> pd.DataFrame:
    """Return the riskiest cells that no place of a list holds, ``CELL_COLUMNS``.

    Parameters
    ----------
    result, areas
        As :func:`place_reasons`.
    most
        How many. Of equal score, those with more incidents come first.
    """
    held = [positions_of(result, str(cells).split()) for cells in areas["cells"]]
    free = np.ones(len(result.grid), dtype=bool)
    free[np.concatenate([*held, np.zeros(0, dtype=np.int64)])] = False
    cells = result.cells[free & (result.model.scores > result.model.scores.min())]
    first = cells.sort_values(["risk_score", "incidents", "cell"], ascending=[False, False, True])
    shown = first.head(most)
    return pd.DataFrame(
        {
            "cell": shown["cell"].to_numpy(),
            "where": [cell_position(cell) for cell in shown["cell"]],
            "score": shown["risk_score"].to_numpy(),
            "incidents": shown["incidents"].to_numpy(),
            "why": shown["why"].to_numpy(),
        }
    )


def place_rows(
    places: pd.DataFrame, *, cells: int
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the head and rows of the list's places, in its order.

    Parameters
    ----------
    places
        Of :func:`place_reasons`.
    cells
        In the study area, of which the riskiest cell of each place has its rank.
    """
    rows: list[tuple[str, ...]] = [
        (
            str(row["rank"]),
            str(row["name"]),
            f"x{number(float(row['score']))}, {row['risk_rank']:,}" if row["risk_rank"] else "",
            str(row["why"]),
        )
        for row in places.to_dict("records")
    ]
    return ("Rank", "Place", f"Risk, rank of {cells:,}", "Near it"), rows


def cell_rows(cells: pd.DataFrame) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the head and rows of cells that are on no list."""
    rows: list[tuple[str, ...]] = [
        (
            str(row["where"]),
            f"x{number(float(row['score']))}",
            counted(int(row["incidents"]), "incident"),
            str(row["why"]),
        )
        for row in cells.to_dict("records")
    ]
    return ("Cell at", "Risk", "In the window", "Near it"), rows


def positions_of(result: RiskResult, cells: list[str]) -> NDArray[np.int64]:
    """Return where cells of any resolution stand in the grid; those outside are left out."""
    own = result.resolution
    alike: list[str] = []
    for cell in cells:
        resolution = h3.get_resolution(cell)
        if resolution > own:
            alike.append(h3.cell_to_parent(cell, own))
        elif resolution < own:
            alike += h3.cell_to_children(cell, own)
        else:
            alike.append(cell)
    numbers = np.array(sorted({int(cell, 16) for cell in alike}), dtype=np.uint64)
    found = result.grid.positions(numbers)
    return found[found >= 0]


def cell_position(cell: str) -> str:
    """Return where the middle of a cell is, in words: a grid reference where there is one."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return position_words(longitude, latitude)


def position_words(longitude: float, latitude: float) -> str:
    """Return a point's grid reference; outside Great Britain its longitude and latitude."""
    if not bool(in_national_grid([longitude], [latitude])[0]):
        return f"{longitude:.5f}, {latitude:.5f}"
    east, north = national_grid().forward(longitude, latitude)
    return grid_reference(float(east), float(north))
