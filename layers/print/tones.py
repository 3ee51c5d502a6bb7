"""Tones: fills and lines that keep their order when a colour page comes out of a grey printer.

Paler than the screen's, because streets and names must be read over them by torchlight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.palette import class_breaks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from layers.palette import Classes

CELLS: Final = ("#F0F6FC", "#D6E6F5", "#B3D0EC", "#87B1DA", "#5B8DBD")
"""Harm in a cell, lightest first."""
TAKEN: Final = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 2, 3, 4), 5: (0, 1, 2, 3, 4)}
"""Which of `CELLS` are used where there are fewer classes."""

HOURS: Final = ("#FFFFFF", "#DADADA", "#A3A3A3", "#4D4D4D")
"""An hour of the week, from none to most: grey on purpose."""
HOUR_BOUNDS: Final = (0.5, 1.5, 3.0)
"""Times an even week's share at which `HOURS` part."""

INK: Final = "#0B0C0C"
SOFT_INK: Final = "#3A3F43"
PAPER: Final = "#FFFFFF"
CHOSEN: Final = "#801650"
HATCH: Final = "#8A3A06"
LAND: Final = "#FAFAF8"
SEA: Final = "#D5DEE6"
PARK: Final = "#E7EFE2"
ROAD: Final = "#FFFFFF"
ROAD_EDGE: Final = "#7B8087"
RAIL: Final = "#5B5F66"
BEAT: Final = "#5B5F66"

# points; each kind of outline differs from the next by half as much again
AREA_LINE: Final = 1.6
CHOSEN_LINE: Final = 3.4


def classes_of(values: ArrayLike) -> tuple[Classes, tuple[str, ...]]:
    """Return the screen's own classes of a measure, and the fill of each on paper."""
    classes = class_breaks(values)
    number = len(classes.lower)
    return classes, tuple(CELLS[at] for at in TAKEN[number]) if number else ()
