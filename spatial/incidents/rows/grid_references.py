"""Grid references: National Grid letters and figures to the middle of the square they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from spatial.incidents.rows.words import indices_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COARSE_M: Final = 1_000.0
"""A square of this side or more holds whole neighbourhoods."""

_SHAPE: Final = r"^(?P<letters>[A-HJ-Z]{2}) *(?P<left>[0-9]{1,16})(?: +(?P<right>[0-9]{1,8}))?$"
_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # no I
_HUNDRED_KM: Final = 100_000
_WIDE, _HIGH = 7, 13  # squares of 100 km: Ordnance Survey's lettered grid


def read_references(column: pa.DictionaryArray) -> tuple[Floats, Floats, Floats]:
    """Read references such as ``TG 2711 7142`` or ``tg27117142``.

    Parameters
    ----------
    column
        Two letters and an even number of figures (2 to 16), the halves together or apart.

    Returns
    -------
    Easting and northing of the middle of the square (EPSG:27700, metres), and its side (metres):
    eight figures name a square of 10 m, six of 100 m. NaN in all three where the text is no
    reference, its halves differ in length, or its letters lie off the grid (0-700 km east,
    0-1,300 km north).

    Notes
    -----
    The middle and not the corner: by the corner every incident would lie up to a side to the
    south-west of where it happened. Source of the letters: Ordnance Survey, A guide to coordinate
    systems in Great Britain.
    """
    texts = pc.utf8_upper(pc.utf8_trim_whitespace(column.dictionary))
    parts = pc.extract_regex(texts, _SHAPE).to_pylist()
    placed = np.array([_square(part) for part in [*parts, None]], dtype=np.float64)
    x, y, side = placed[indices_of(column)].T
    return x, y, side


def _square(part: dict[str, str] | None) -> tuple[float, float, float]:
    """Return the middle and side of one square."""
    nothing = (np.nan, np.nan, np.nan)
    if part is None:
        return nothing
    figures = part["left"] + (part["right"] or "")
    half, odd = divmod(len(figures), 2)
    if odd or (part["right"] and len(part["left"]) != half):
        return nothing
    first, second = (_LETTERS.index(letter) for letter in part["letters"])
    # five by five letters, from west to east and north to south, twice over
    east = first % 5 * 5 + second % 5 - 10
    north = (4 - first // 5) * 5 + (4 - second // 5) - 5
    if not (0 <= east < _WIDE and 0 <= north < _HIGH):
        return nothing
    side = _HUNDRED_KM / 10**half
    return (
        east * _HUNDRED_KM + (int(figures[:half]) + 0.5) * side,
        north * _HUNDRED_KM + (int(figures[half:]) + 0.5) * side,
        side,
    )
