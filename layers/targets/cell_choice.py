"""Cells that may be taken into a place: where each lies, in words that a person can choose by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import h3
import pandas as pd
import pyarrow as pa

from config.errors import BadInputError
from layers.wording import counted
from spatial.incidents.rows.grid_references import COARSE_M, read_references
from spatial.projection import grid_reference, in_national_grid, national_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CHOICE_COLUMNS: Final = ("cell", "words", "taken")
_COMPASS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_NEAR_M: Final = 25


def cell_choice(
    around: Iterable[str],
    incidents: Mapping[str, int],
    *,
    taken: Iterable[str],
    ring: int,
    held: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the cells that may be taken into a place, nearest first.

    Parameters
    ----------
    around
        Cells of the place as it is (hexadecimal, one resolution), or the one that was pointed at.
    incidents
        Of the window, by cell; a cell that is not in it holds none.
    taken
        Cells that are taken now; offered even where they lie beyond the ring.
    ring
        Steps round ``around`` that are offered; 0 for those cells alone.
    held
        What other places are called that hold a cell.

    Returns
    -------
    `CHOICE_COLUMNS`: words such as ``TG 2711 7142, 130 m NE, 4 incidents``, distances from the
    middle of ``around``.
    """
    own = list(dict.fromkeys(around))
    if not own:
        return pd.DataFrame(columns=list(CHOICE_COLUMNS))
    chosen = set(taken)
    offered = chosen.union(*(h3.grid_disk(cell, ring) for cell in own))
    centres = {cell: h3.cell_to_latlng(cell) for cell in offered.union(own)}
    middle = tuple(sum(centres[cell][at] for cell in own) / len(own) for at in (0, 1))
    rows = []
    for cell in offered:
        metres = h3.great_circle_distance(middle, centres[cell], unit="m")
        where = "in the middle" if metres < _NEAR_M else _towards(middle, centres[cell], metres)
        said = [_position(*centres[cell]), where, counted(incidents.get(cell, 0), "incident")]
        if (other := (held or {}).get(cell)) is not None:
            said.append(f"belongs to {other}")
        rows.append((round(metres), cell, ", ".join(filter(None, said)), cell in chosen))
    return pd.DataFrame([row[1:] for row in sorted(rows)], columns=list(CHOICE_COLUMNS))


def cell_at(reference: str, *, resolution: int) -> str:
    """Return the cell in which a grid reference lies.

    Raises
    ------
    BadInputError
        It is no reference, or its square is too large to name a cell.
    """
    longitude, latitude = point_at(reference)
    return str(h3.latlng_to_cell(latitude, longitude, resolution))


def point_at(reference: str) -> tuple[float, float]:
    """Return the longitude and latitude (degrees, WGS84) of the middle of a grid reference.

    Raises
    ------
    BadInputError
        As :func:`cell_at`.
    """
    x, y, side = read_references(pa.array([reference]).dictionary_encode())
    if not math.isfinite(float(x[0])):
        msg = f"{reference!r} is no grid reference. Write it like TG 2711 7142."
        raise BadInputError(msg)
    if float(side[0]) >= COARSE_M / 2:
        msg = f"{reference!r} names a square of {side[0]:,.0f} m. Give six figures at least."
        raise BadInputError(msg)
    longitude, latitude = national_grid().inverse(float(x[0]), float(y[0]))
    return float(longitude), float(latitude)


def _position(latitude: float, longitude: float) -> str:
    if not bool(in_national_grid([longitude], [latitude])[0]):
        return f"{latitude:.5f}, {longitude:.5f}"
    east, north = national_grid().forward(longitude, latitude)
    return grid_reference(float(east), float(north))


def _towards(start: tuple[float, ...], end: tuple[float, ...], metres: float) -> str:
    east = (end[1] - start[1]) * math.cos(math.radians(start[0]))
    angle = math.degrees(math.atan2(east, end[0] - start[0])) % 360
    return f"{metres:,.0f} m {_COMPASS[round(angle / 45) % 8]}"
