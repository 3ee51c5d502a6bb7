"""Colours and classes: one blue hue in five ordered steps, orange for disorder, plum for choice.

The hues are those of the Government Analysis Function palette. Every pair of neighbouring classes
differs in lightness, so a greyscale print keeps their order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

# serious violence, lightest first
VIOLENCE_STEPS: Final = ("#DCEBF8", "#AFD0EF", "#6BACE6", "#2073BC", "#12436D")
DISORDER: Final = "#F46A25"
# antisocial behaviour on a surface of its own, lightest first
DISORDER_STEPS: Final = ("#FDEADC", "#F9C6A3", "#F48B54", "#C24A10", "#7A2E0A")
# what is newly hot is the loudest on a map of patterns over time
EMERGING: Final = "#FFDD00"
SELECTED: Final = "#801650"
PARTNER: Final = "#28A197"
INK: Final = "#0B0C0C"
GREY_INK: Final = "#505A5F"
WHITE: Final = "#FFFFFF"

# the ground, kept paler than the palest class
LAND: Final = "#F7F6F3"
SEA: Final = "#DDE7EF"
COAST: Final = "#8EA3B4"
PARK: Final = "#E4EEDD"
ROAD: Final = "#FFFFFF"
ROAD_EDGE: Final = "#C4C7CE"
ROAD_LOCAL: Final = "#D9DBE0"
RAIL: Final = "#9A9CA5"
BEAT: Final = "#7C8591"

# what is not recorded: the more is missing, the darker; neighbours differ in greyscale too
GAP_STEPS: Final = ("#FFFFFF", "#E9E5EE", "#CBC2D6", "#A596B8", "#46355F")
GAP_BOUNDS: Final = (0.99, 0.9, 0.75, 0.5)
"""A share (0-1) below the first bound takes the second step, below the last the darkest."""

MOST_CLASSES: Final = len(VIOLENCE_STEPS)

# a plain number is one of these times a power of ten
_PLAIN: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0, 10.0)

# where classes part: harm is heavy-tailed, so the upper ones are narrow
_QUANTILES: Final = (0.4, 0.65, 0.85, 0.95)

# which of the five fills are taken when the values only carry fewer classes
_FILLS_TAKEN: Final = {1: (3,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 2, 3, 4), 5: (0, 1, 2, 3, 4)}

Colour = list[int]


@dataclass(frozen=True, slots=True)
class Classes:
    """Ordered classes of a measure.

    Attributes
    ----------
    lower
        The lower bound of each class, ascending; a value belongs to the last class whose bound it
        reaches. At most five.
    fills
        The fill of each class as ``#RRGGBB``, lightest first, as many as ``lower``.
    """

    lower: tuple[float, ...]
    fills: tuple[str, ...]

    def of(self, values: ArrayLike) -> list[int]:
        """Return the class (0 is the lightest) of each value; below the first bound counts as 0."""
        found = np.searchsorted(np.asarray(self.lower), np.asarray(values, float), side="right") - 1
        return [int(index) for index in np.maximum(found, 0)]


def class_breaks(values: ArrayLike) -> Classes:
    """Cut positive values into at most five ordered classes with plain bounds.

    Bounds are the quantiles 40, 65, 85 and 95% of the values, so that the darkest class is the
    fewest cells, rounded to plain numbers (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5
    or 8 times a power of ten). Bounds that round to the same number are merged, so tied or few
    values give fewer classes. The order of the values does not matter.

    Notes
    -----
    Classes by rank show where a value stands among the others drawn, not how far apart two values
    are: the darkest class may span a hundredfold. The tooltip and the list carry the values.
    """
    kept = np.asarray(values, dtype=float)
    kept = np.sort(kept[np.isfinite(kept) & (kept > 0)])
    if kept.size == 0:
        return Classes(lower=(), fills=())
    bounds = np.quantile(kept, _QUANTILES, method="lower")
    lower = [plain_floor(float(kept[0]))]
    for exact in bounds:
        bound = _nearest_plain(float(exact))
        # a class nobody belongs to would be a swatch without a meaning
        if bound > lower[-1] and bound <= kept[-1] and np.any((kept >= lower[-1]) & (kept < bound)):
            lower.append(bound)
    fills = tuple(VIOLENCE_STEPS[index] for index in _FILLS_TAKEN[len(lower)])
    return Classes(lower=tuple(lower), fills=fills)


def plain_floor(value: float) -> float:
    """Return the largest plain number that a positive value reaches."""
    scale = _scale(value)
    return _tidy(max(step * scale for step in _PLAIN if step * scale <= value))


def _nearest_plain(value: float) -> float:
    scale = _scale(value)
    return _tidy(min((step * scale for step in _PLAIN), key=lambda bound: abs(bound - value)))


def _scale(value: float) -> float:
    scale = 10.0 ** math.floor(math.log10(value))
    # the logarithm of 999,999.9999 may round up to that of a million
    return scale / 10 if scale > value else scale


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")


def gap_fill(share: float) -> str:
    """Return the fill of a share recorded (0-1): white when nearly all is."""
    return GAP_STEPS[sum(share < bound for bound in GAP_BOUNDS)]


def rgba(colour: str, alpha: float = 1.0) -> Colour:
    """Return ``#RRGGBB`` and an opacity (0-1) as four whole numbers 0-255."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return [red, green, blue, round(alpha * 255)]


def lightness(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB``, 0 black to 1 white: what greyscale keeps.

    Source: Web Content Accessibility Guidelines 2.2, definition of relative luminance.
    """
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004 (the sRGB curve's own constants)
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
