"""Diamonds: the lettered shape of every partner layer, which no hexagon and no overlay has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pydeck as pdk

from layers import palette
from spatial.projection import metric_system_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Row = dict[str, Any]

_DECIMALS: Final = 6
_LETTERS: Final = "ADELS0123456789"


def diamond_rows(
    middles: NDArray[np.float64], halves_m: Sequence[float], said: Sequence[tuple[str, str]]
) -> list[Row]:
    """Return what draws each diamond: ring, letter, size and tooltip.

    Parameters
    ----------
    middles
        Longitude and latitude of each, degrees, shape (n, 2).
    halves_m
        Half the width of each, metres.
    said
        The letter and the tooltip of each, plain text.
    """
    if not len(middles):
        return []
    plane = metric_system_at(float(middles[0, 0]), float(middles[0, 1]))
    x, y = plane.forward(middles[:, 0], middles[:, 1])
    rows = []
    for cell_x, cell_y, middle, reach, (letter, tip) in zip(
        x.tolist(), y.tolist(), middles.tolist(), halves_m, said, strict=True
    ):
        corners = [(0.0, reach), (-reach, 0.0), (0.0, -reach), (reach, 0.0), (0.0, reach)]
        across, up = plane.inverse(
            [cell_x + east for east, _ in corners], [cell_y + north for _, north in corners]
        )
        rows.append(
            {
                "ring": np.round(np.column_stack([across, up]), _DECIMALS).tolist(),
                "at": [round(middle[0], _DECIMALS), round(middle[1], _DECIMALS)],
                "letter": letter,
                "size": round(reach, 1),
                "tip": tip,
            }
        )
    return rows


def diamond_layers(rows: list[Row]) -> list[pdk.Layer]:
    """Return the diamonds and their letters."""
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
            character_set=pdk.types.String(_LETTERS),
            font_settings={"fontSize": 64},
        ),
    ]


def legend_mark(letter: str) -> str:
    """Return a diamond with its letter, as the legend shows it: HTML."""
    return f'<span class="hx-mark hx-partner" aria-hidden="true"><i></i><b>{letter}</b></span>'
