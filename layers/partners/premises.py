"""Licensed premises: a diamond L in each cell that has any, with how many of which kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import h3
import numpy as np

from config.standing import PREMISES_KINDS
from layers import wording
from layers.partners.diamonds import Row, diamond_rows, legend_mark
from spatial.hexes.grid import cell_names
from spatial.partners.beat_table import period_words

if TYPE_CHECKING:
    from spatial.partners.standing_counts import PremisesCounts

LETTER: Final = "L"
KIND_WORDS: Final = {
    "pub": ("pub", "pubs"),
    "club": ("club", "clubs"),
    "takeaway": ("takeaway", "takeaways"),
    "off_licence": ("off-licence", "off-licences"),
    "restaurant": ("restaurant", "restaurants"),
    "other": ("other", "other"),
}

# half the width of a diamond of one premises, and of the largest, metres
_LEAST_M: Final = 48.0
_MOST_M: Final = 150.0


def premises_rows(counts: PremisesCounts) -> list[Row]:
    """Return what draws each cell with premises: ring, letter, size and tooltip."""
    numbers = counts.counts.sum(axis=1)
    places = np.flatnonzero(numbers)
    cells = cell_names(counts.grid.cells[places]).tolist()
    middles = np.array([h3.cell_to_latlng(cell)[::-1] for cell in cells]).reshape(-1, 2)
    halves = [min(_LEAST_M * math.sqrt(one), _MOST_M) for one in numbers[places].tolist()]
    said = [(LETTER, _tip(counts, place)) for place in places.tolist()]
    return diamond_rows(middles, halves, said)


def premises_legend(counts: PremisesCounts) -> str:
    """Return the layer's entry in the legend: HTML, with everybody's text made safe."""
    title = wording.escaped(counts.source.title)
    words = f"{title} in a cell (larger: more)" if counts.total else f"{title}: none on record here"
    nowhere = counts.unlocated + counts.coarse
    lacking = f"; {nowhere:,} of the whole register have no exact place" if nowhere else ""
    return (
        f'<div class="hx-key">{legend_mark(LETTER)}<span>{words}</span></div>'
        f"<p>{wording.escaped(premises_source(counts))}; {counts.total:,} on record here{lacking}. "
        "Where the register is thin, it looks quiet. Not in police figures.</p>"
    )


def premises_source(counts: PremisesCounts) -> str:
    """Write where the layer comes from, as of what day, and how far it may be trusted."""
    source = counts.source
    return (
        f"Source: {source.source}, {period_words(source.since, source.through)}, "
        f"confidence {source.grade}"
    )


def _tip(counts: PremisesCounts, place: int) -> str:
    """Write ``Licensed premises: 7 (3 pubs, 4 clubs)``, and how many close late."""
    numbers = counts.counts[place].tolist()
    kinds = [
        f"{number:,} {KIND_WORDS[kind][number > 1]}"
        for kind, number in zip(PREMISES_KINDS, numbers, strict=True)
        if number
    ]
    lines = [f"{counts.source.title}: {sum(numbers):,} ({', '.join(kinds)})"]
    late = int(counts.late[place])
    if late:
        lines.append(f"{late:,} {'closes' if late == 1 else 'close'} between midnight and 6 am")
    return "\n".join([*lines, premises_source(counts)])
