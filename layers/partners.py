"""Partner layers: a lettered diamond in each cell with enough records, never a hexagon's fill."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import h3
import numpy as np
import pydeck as pdk

from layers import palette, wording
from spatial.hexes.grid import cell_names
from spatial.projection import metric_system_at
from spatial.window import day_words

if TYPE_CHECKING:
    from spatial.partners.counts import PartnerCounts

Row = dict[str, Any]

LETTERS: Final = {"ambulance": "A", "emergency_department": "E", "deaths": "D"}
"""What tells one kind from another without colour."""

# half the width of a diamond of the fewest records shown, and of the largest, metres: its area says
# how many, and the largest stays inside its cell
_LEAST_M: Final = 62.0
_MOST_M: Final = 150.0
_DECIMALS: Final = 6


def partner_layers(counts: PartnerCounts) -> list[pdk.Layer]:
    """Return the diamonds of one source, and their letters.

    Cells with fewer records than may be shown are not sent, so that no browser can read them.
    """
    rows = partner_rows(counts)
    return [
        pdk.Layer(
            "PolygonLayer",
            rows,
            id="partner-diamonds",
            get_polygon="ring",
            get_fill_color=palette.rgba(palette.PARTNER, 0.9),
            get_line_color=palette.rgba(palette.WHITE),
            get_line_width=2,
            line_width_units=pdk.types.String("pixels"),
            filled=True,
            stroked=True,
            pickable=True,
        ),
        pdk.Layer(
            "TextLayer",
            [{key: row[key] for key in ("at", "letter", "size")} for row in rows],
            id="partner-letters",
            get_position="at",
            get_text="letter",
            get_size="size",
            size_units=pdk.types.String("meters"),
            size_max_pixels=22,
            get_color=palette.rgba(palette.INK),
            font_family=pdk.types.String("Source Sans, Helvetica, Arial, sans-serif"),
            font_weight=700,
            character_set=pdk.types.String("".join(sorted(LETTERS.values()))),
            font_settings={"fontSize": 64},
        ),
    ]


def partner_rows(counts: PartnerCounts) -> list[Row]:
    """Return what draws each cell that may be shown: ring, letter, size and tooltip."""
    shown = counts.shown
    places = np.flatnonzero(np.isfinite(shown))
    if not len(places):
        return []
    cells = cell_names(counts.grid.cells[places]).tolist()
    middles = np.array([h3.cell_to_latlng(cell) for cell in cells])
    plane = metric_system_at(float(middles[0, 1]), float(middles[0, 0]))
    x, y = plane.forward(middles[:, 1], middles[:, 0])
    numbers = shown[places].astype(int).tolist()
    half = [_half_width(number, counts.fewest) for number in numbers]
    source = counts.source
    rows = []
    for cell_x, cell_y, middle, number, reach in zip(
        x.tolist(), y.tolist(), middles.tolist(), numbers, half, strict=True
    ):
        corners = [(0.0, reach), (-reach, 0.0), (0.0, -reach), (reach, 0.0), (0.0, reach)]
        across, up = plane.inverse(
            [cell_x + east for east, _ in corners], [cell_y + north for _, north in corners]
        )
        rows.append(
            {
                "ring": np.round(np.column_stack([across, up]), _DECIMALS).tolist(),
                "at": [round(middle[1], _DECIMALS), round(middle[0], _DECIMALS)],
                "letter": LETTERS[source.kind],
                "size": round(reach, 1),
                "tip": f"{source.title}: {number:,}\n{source_words(counts)}",
            }
        )
    return rows


def partner_legend(counts: PartnerCounts) -> str:
    """Return the layer's own entry in the legend: HTML, with everybody's text made safe."""
    source = counts.source
    cells = int(np.isfinite(counts.shown).sum())
    letter = LETTERS[source.kind]
    title = wording.escaped(source.title)
    words = f"{title}: {counts.fewest} or more in a cell (larger: more)"
    if not cells:
        words = f"{title}: no cell has {counts.fewest} or more in this window"
    return (
        '<div class="hx-key"><span class="hx-mark hx-partner" aria-hidden="true">'
        f"<i></i><b>{letter}</b></span><span>{words}</span></div>"
        f"<p>{wording.escaped(source_words(counts))}{_lacking(counts)}. Not in police figures.</p>"
    )


def partner_notes(counts: PartnerCounts) -> str:
    """Return all that must be known of the layer, as HTML for "How this was made"."""
    items = "".join(f"<li>{wording.escaped(note.text)}</li>" for note in counts.notes)
    return f'<div class="hx-made"><p><b>Partner layer</b></p><ul>{items}</ul></div>'


def source_words(counts: PartnerCounts) -> str:
    """Write where a layer comes from, to what date, and how far it may be trusted."""
    source = counts.source
    return (
        f"Source: {source.source}, data to {day_words(source.data_through)}, "
        f"confidence {source.grade}"
    )


def _lacking(counts: PartnerCounts) -> str:
    """Say from when the layer may be incomplete, and how many records are in no cell."""
    said = ""
    if counts.window.last > counts.source.complete_to:
        said += f"; may lack some after {day_words(counts.source.complete_to)}"
    nowhere = counts.unlocated + counts.coarse
    if nowhere >= counts.fewest:
        said += f"; {nowhere:,} without an exact place are in no cell"
    return said


def _half_width(number: int, fewest: int) -> float:
    return min(_LEAST_M * math.sqrt(number / max(fewest, 1)), _MOST_M)
