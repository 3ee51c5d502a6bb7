"""Partner layers: a lettered diamond in each cell with enough records, never a hexagon's fill."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import h3
import numpy as np

from layers import wording
from layers.partners.diamonds import Row, diamond_layers, diamond_rows, legend_mark
from layers.partners.premises import premises_legend, premises_rows
from layers.partners.safeguarding import safeguarding_legend, safeguarding_notes, safeguarding_rows
from spatial.hexes.grid import cell_names
from spatial.partners.counts import PartnerCounts
from spatial.partners.standing_counts import BeatNumbers, PremisesCounts
from spatial.window import day_words

if TYPE_CHECKING:
    import pydeck as pdk

PartnerLayer = PartnerCounts | PremisesCounts | BeatNumbers
"""One source as it may lie on the map: records, a register of premises, or a table by beat."""

LETTERS: Final = {"ambulance": "A", "emergency_department": "E", "deaths": "D"}
"""What tells one kind of records from another without colour; premises have L, beats S."""

# half the width of a diamond of the fewest records shown, and of the largest, metres: its area says
# how many, and the largest stays inside its cell
_LEAST_M: Final = 62.0
_MOST_M: Final = 150.0


def partner_layers(layer: PartnerLayer, *, metres_per_pixel: float = 0.0) -> list[pdk.Layer]:
    """Return the diamonds of one source, and their letters.

    Cells and beats with less than may be shown are not sent, so that no browser can read them.
    ``metres_per_pixel``, of the first view, keeps the marks of whole beats large enough to read.
    """
    if isinstance(layer, PremisesCounts):
        return diamond_layers(premises_rows(layer))
    if isinstance(layer, BeatNumbers):
        return diamond_layers(safeguarding_rows(layer, metres_per_pixel=metres_per_pixel))
    return diamond_layers(partner_rows(layer))


def partner_rows(counts: PartnerCounts) -> list[Row]:
    """Return what draws each cell that may be shown: ring, letter, size and tooltip."""
    shown = counts.shown
    places = np.flatnonzero(np.isfinite(shown))
    if not len(places):
        return []
    cells = cell_names(counts.grid.cells[places]).tolist()
    middles = np.array([h3.cell_to_latlng(cell)[::-1] for cell in cells])
    numbers = shown[places].astype(int).tolist()
    source = counts.source
    said = [
        (LETTERS[source.kind], f"{source.title}: {number:,}\n{source_words(counts)}")
        for number in numbers
    ]
    return diamond_rows(middles, [_half_width(number, counts.fewest) for number in numbers], said)


def partner_legend(layer: PartnerLayer) -> str:
    """Return the layer's own entry in the legend: HTML, with everybody's text made safe."""
    if isinstance(layer, PremisesCounts):
        return premises_legend(layer)
    if isinstance(layer, BeatNumbers):
        return safeguarding_legend(layer)
    counts = layer
    source = counts.source
    cells = int(np.isfinite(counts.shown).sum())
    letter = LETTERS[source.kind]
    title = wording.escaped(source.title)
    words = f"{title}: {counts.fewest} or more in a cell (larger: more)"
    if not cells:
        words = f"{title}: no cell has {counts.fewest} or more in this window"
    return (
        f'<div class="hx-key">{legend_mark(letter)}<span>{words}</span></div>'
        f"<p>{wording.escaped(source_words(counts))}{_lacking(counts)}. Not in police figures.</p>"
    )


def partner_notes(layer: PartnerLayer) -> str:
    """Return all that must be known of the layer, as HTML for "How this was made"."""
    notes = safeguarding_notes(layer) if isinstance(layer, BeatNumbers) else layer.notes
    items = "".join(f"<li>{wording.escaped(note.text)}</li>" for note in notes)
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
