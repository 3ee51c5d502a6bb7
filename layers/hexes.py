"""Serious-violence hexes in five ordered classes: hot cells whole and strong, others small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pydeck as pdk

from layers import palette, wording
from spatial.hotspots.significance import HOT

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

Row = dict[str, Any]

_HOT_ALPHA: Final = 0.88
_QUIET_ALPHA: Final = 0.72
_QUIET_COVERAGE: Final = 0.74
_NEITHER: Final = "neither"


def hot_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a result's cells that are hot spots (95% or better, corrected)."""
    return cells.loc[cells["class"].isin(HOT)]


def shown_values(cells: pd.DataFrame) -> pd.Series[float]:
    """Return what the fill stands for: harm days, or incidents where nothing weighs harm."""
    column = "incidents" if cells["harm_days"].isna().all() else "harm_days"
    return cells[column].astype(float)


def violence_classes(cells: pd.DataFrame) -> palette.Classes:
    """Return the classes of the cells' values, from which map and legend are both drawn."""
    return palette.class_breaks(shown_values(cells).to_numpy())


def most_telling(cells: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return at most so many cells, in their order: hot ones first, then those that hold most.

    Parameters
    ----------
    cells
        Of a surface (``class``, ``harm_days``, ``incidents``), or two-way (``reading``,
        ``violence``, ``disorder``).
    most
        How many.
    """
    if len(cells) <= most:
        return cells
    if "reading" in cells:
        hot = cells["reading"] != _NEITHER
        size = cells["violence"] + cells["disorder"]
    else:
        hot, size = cells["class"].isin(HOT), shown_values(cells).fillna(0.0)
    order = pd.DataFrame({"hot": hot, "size": size, "cell": cells["cell"]})
    # ties by cell, so that the same cells are drawn whatever the order of the rows
    kept = order.sort_values(["hot", "size", "cell"], ascending=[False, False, True]).index[:most]
    return cells.loc[cells.index.isin(kept)]


def violence_layers(
    cells: pd.DataFrame, *, classes: palette.Classes, ranks: Mapping[str, tuple[int, str]]
) -> list[pdk.Layer]:
    """Return the faint layer of other cells with an incident and the filled layer of hot cells.

    The fill says how much, the size of the hexagon whether it is a hot spot: two channels, so that
    neither depends on the other, and neither on colour alone.

    Parameters
    ----------
    cells
        One row per cell: ``cell`` (hexadecimal), ``incidents``, ``harm_days``, ``class``.
    classes
        The classes of :func:`violence_classes`.
    ranks
        Cell to the rank and the id of the patrol area that holds it.
    """
    quiet = cells.loc[~cells["class"].isin(HOT) & (cells["incidents"] > 0)]
    return [
        _hexagons(
            "violence-quiet",
            _rows(quiet, classes=classes, alpha=_QUIET_ALPHA, ranks=ranks),
            coverage=_QUIET_COVERAGE,
            stroked=False,
        ),
        _hexagons(
            "violence-hot",
            _rows(hot_cells(cells), classes=classes, alpha=_HOT_ALPHA, ranks=ranks),
            coverage=1,
            stroked=True,
        ),
    ]


def cell_words(row: Mapping[Hashable, Any]) -> str:
    """Say in plain words what one cell holds."""
    said = wording.counted(int(row["incidents"]), "incident")
    harm = row.get("harm_days")
    if harm is not None and harm == harm:  # noqa: PLR0124 (harm that is not a number is unknown)
        said += f", {wording.number(float(harm))} harm days"
    else:
        said += ", no harm weight"
    return f"{said}\n{wording.CLASS_WORDS.get(str(row['class']), str(row['class']))}"


def _rows(
    cells: pd.DataFrame,
    *,
    classes: palette.Classes,
    alpha: float,
    ranks: Mapping[str, tuple[int, str]],
) -> list[Row]:
    # cells whose incidents have no weight have no value: they take the lightest class
    fills = [palette.rgba(fill, alpha) for fill in classes.fills or palette.VIOLENCE_STEPS[:1]]
    placed = classes.of(shown_values(cells).fillna(0.0))
    rows = []
    records = cells[["cell", "incidents", "harm_days", "class"]].to_dict("records")
    for record, index in zip(records, placed, strict=True):
        row: Row = {"hex": record["cell"], "fill": fills[index], "tip": cell_words(record)}
        if record["cell"] in ranks:
            rank, area_id = ranks[record["cell"]]
            row["tip"] += f"\nIn patrol area {rank}"
            row["area_id"] = area_id
        rows.append(row)
    return rows


def _hexagons(name: str, rows: list[Row], *, coverage: float, stroked: bool) -> pdk.Layer:
    return pdk.Layer(
        "H3HexagonLayer",
        rows,
        id=name,
        get_hexagon="hex",
        get_fill_color="fill",
        get_line_color=palette.rgba(palette.WHITE, 0.95),
        get_line_width=1,
        line_width_units=pdk.types.String("pixels"),
        coverage=coverage,
        high_precision=True,
        extruded=False,
        filled=True,
        stroked=stroked,
        pickable=True,
    )
