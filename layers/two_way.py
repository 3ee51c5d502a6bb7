"""Two-way reading on the map: where serious violence and antisocial behaviour are hot, or both.

Violence is a fill, disorder a hatch with an outline; where both are, the fill is darker, so that
the four kinds of cell differ in lightness and in texture and not in colour alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from layers import palette, wording
from layers.charts.cell_marks import filled_cells, thinning_hatch
from layers.disorder import disorder_layers
from spatial.hotspots.emerged.two_way import READINGS, two_way_reading

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pydeck as pdk

FILLS: Final = {"both": palette.VIOLENCE_STEPS[4], "violence only": palette.VIOLENCE_STEPS[3]}
"""Fill of the cells hot for violence, by reading."""

_NOT: Final = "none"
_ALPHA: Final = 0.88


def two_way_cells(violence: pd.DataFrame, disorder: pd.DataFrame) -> pd.DataFrame:
    """Set the cells of two surfaces of the same area side by side.

    Parameters
    ----------
    violence, disorder
        ``cell``, ``incidents`` and ``class``: each surface's cells with an incident or significant.

    Returns
    -------
    ``cell, reading, violence, disorder`` (the last two are incidents), ascending by cell; a cell of
    one table alone has no incident of the other and is not hot for it.
    """
    wanted = ["cell", "incidents", "class"]
    both = violence[wanted].merge(
        disorder[wanted], on="cell", how="outer", suffixes=("_violence", "_disorder")
    )
    classes = both[["class_violence", "class_disorder"]].fillna(_NOT)
    found = pd.DataFrame(
        {
            "cell": both["cell"],
            "reading": two_way_reading(classes["class_violence"], classes["class_disorder"]),
            "violence": both["incidents_violence"].fillna(0).astype(int),
            "disorder": both["incidents_disorder"].fillna(0).astype(int),
        }
    )
    return found.sort_values("cell", ignore_index=True)


def reading_counts(cells: pd.DataFrame, *, n_cells: int) -> dict[str, int]:
    """Return how many of a study area's cells have each reading, those without an incident too."""
    sizes = cells["reading"].value_counts()
    counts = {reading: int(sizes.get(reading, 0)) for reading in READINGS}
    counts["neither"] = n_cells - sum(n for name, n in counts.items() if name != "neither")
    return counts


def two_way_map_layers(
    cells: pd.DataFrame, *, ranks: Mapping[str, tuple[int, str]]
) -> list[pdk.Layer]:
    """Return the layers of the four kinds of cell.

    Parameters
    ----------
    cells
        Of :func:`two_way_cells`.
    ranks
        Cell to the rank and the id of the patrol area that holds it.
    """
    neither = cells[(cells["reading"] == "neither") & (cells["violence"] > 0)]
    pale = palette.rgba(palette.VIOLENCE_STEPS[1], 0.7)
    disorderly = cells[cells["reading"].isin(["both", "disorder only"])]
    alone = cells[cells["reading"] == "disorder only"]
    marked = disorderly[["cell"]].assign(**{"class": "hot 95"})

    def tip(row: Mapping[Hashable, Any]) -> str:
        said = _cell_words(row)
        held = ranks.get(str(row["cell"]))
        return said if held is None else f"{said}\nIn patrol area {held[0]}"

    drawn = [
        filled_cells("two-way-neither", neither, [pale] * len(neither), tip, small=True),
        # nothing to see, but something to point at under the hatch
        filled_cells("two-way-disorder", alone, [[255, 255, 255, 60]] * len(alone), tip),
    ]
    for reading, fill in FILLS.items():
        here = cells[cells["reading"] == reading]
        shown = [palette.rgba(fill, _ALPHA)] * len(here)
        drawn.append(filled_cells(f"two-way-{reading.replace(' ', '-')}", here, shown, tip))
    for layer in drawn:
        for row in layer.data:
            if row["hex"] in ranks:
                row["area_id"] = ranks[row["hex"]][1]
    return [*drawn, *thinning_hatch(disorder_layers(marked), marked)]


def two_way_key(counts: Mapping[str, int]) -> str:
    """Return the legend's two-by-two table, with the number of cells in each, as HTML."""

    def square(reading: str, css: str) -> str:
        return (
            f'<td><span class="hx-mark hx-pair {css}" aria-hidden="true"><i></i></span>'
            f"<b>{counts[reading]:,}</b><span>{wording.escaped(reading)}</span></td>"
        )

    violent = square("both", "hx-filled hx-hatched") + square("violence only", "hx-filled")
    calm = square("disorder only", "hx-hatched") + square("neither", "hx-empty")
    return (
        "<b>Cells hot for</b>"
        '<table class="hx-two"><thead><tr><td></td><th scope="col">antisocial behaviour</th>'
        '<th scope="col">not</th></tr></thead><tbody>'
        f'<tr><th scope="row">serious violence</th>{violent}</tr>'
        f'<tr><th scope="row">not</th>{calm}</tr></tbody></table>'
    )


def _cell_words(row: Mapping[Hashable, Any]) -> str:
    said = {"neither": "hot for neither", "both": "hot for both"}.get(
        str(row["reading"]), f"hot for {row['reading']}"
    )
    return (
        f"{said[:1].upper()}{said[1:]}\n"
        f"Serious violence: {wording.counted(int(row['violence']), 'incident')}\n"
        f"Antisocial behaviour: {wording.counted(int(row['disorder']), 'incident')}"
    )
