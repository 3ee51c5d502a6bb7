"""Marks of cells: hexagons filled or hollow, and dots that stay visible from far off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import h3
import pydeck as pdk

from layers import palette

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    import pandas as pd

Row = dict[str, Any]

_SMALL: Final = 0.62
# on a map of a whole force a cell is a pixel: a dot of at least so many marks it
_DOT_PX: Final = 3.4
_RING_PX: Final = 5.2
# the lines between cells thin out with them
_LINE_OF_EDGE: Final = 0.08


def filled_cells(  # noqa: PLR0913 (one layer of cells, the ways in which it may differ)
    name: str,
    cells: pd.DataFrame,
    fills: Sequence[palette.Colour],
    tip: Callable[[Mapping[Hashable, Any]], str],
    *,
    small: bool = False,
    line: str = palette.WHITE,
    pixels: float = 1,
) -> pdk.Layer:
    """Return whole hexagons with a fill each, or small ones without a line.

    Parameters
    ----------
    name
        Of the layer.
    cells
        One row per cell, ``cell`` (hexadecimal) and whatever the tooltip says.
    fills
        In the order of the cells.
    tip
        Words of one row, as plain text.
    small
        Whether they are drawn smaller than the cell, for what is not the map's subject.
    line
        Colour between cells.
    pixels
        The line at its thickest; it thins out with the cells.
    """
    return _hexagons(
        name,
        _rows(cells, fills, tip),
        coverage=_SMALL if small else 1,
        stroked=not small,
        get_fill_color="fill",
        filled=True,
        get_line_color=palette.rgba(line, 0.95),
        get_line_width=_edge_m(cells) * _LINE_OF_EDGE,
        line_width_max_pixels=pixels,
    )


def hollow_cells(
    name: str,
    cells: pd.DataFrame,
    tip: Callable[[Mapping[Hashable, Any]], str],
    pixels: float,
) -> pdk.Layer:
    """Return hexagons of an outline alone, which a fill cannot be taken for."""
    return _hexagons(
        name,
        _rows(cells, [[255, 255, 255, 1]] * len(cells), tip),
        coverage=0.86,
        stroked=True,
        get_fill_color="fill",
        filled=True,
        get_line_color=palette.rgba(palette.GREY_INK, 0.9),
        get_line_width=_edge_m(cells) * _LINE_OF_EDGE * pixels,
        line_width_max_pixels=pixels,
    )


def cell_dots(
    name: str,
    cells: pd.DataFrame,
    fills: Sequence[palette.Colour] | None,
    *,
    line: str | None = None,
) -> pdk.Layer:
    """Mark cells by a dot that never gets smaller than can be seen; a ring of disorder's colour."""
    ring = fills is None
    rows = []
    for at, cell in enumerate(cells["cell"]):
        latitude, longitude = h3.cell_to_latlng(cell)
        rows.append(
            {
                "at": [round(longitude, 6), round(latitude, 6)],
                "fill": [255, 255, 255, 0] if fills is None else fills[at],
            }
        )
    edge_m = _edge_m(cells)
    return pdk.Layer(
        "ScatterplotLayer",
        rows,
        id=name,
        get_position="at",
        get_radius=edge_m * 0.6,
        radius_min_pixels=_RING_PX if ring else _DOT_PX,
        get_fill_color="fill",
        filled=not ring,
        stroked=ring or line is not None,
        get_line_color=palette.rgba(palette.DISORDER if ring else line or palette.WHITE),
        get_line_width=edge_m * _LINE_OF_EDGE,
        line_width_min_pixels=1.4,
        line_width_max_pixels=2,
    )


def thinning_hatch(layers: list[pdk.Layer], cells: pd.DataFrame) -> list[pdk.Layer]:
    """Let a hatch thin out with its cells: seen from far off it would bury the fill beneath it."""
    for layer in layers:
        if layer.id == "disorder-hatch":
            layer.get_width = _edge_m(cells) * _LINE_OF_EDGE
            layer.width_units = pdk.types.String("meters")
            layer.width_max_pixels = 1.25
    return layers


def _edge_m(cells: pd.DataFrame) -> float:
    """Return how long the edges of these cells are, in metres."""
    if cells.empty:
        return 1.0
    return float(
        h3.average_hexagon_edge_length(h3.get_resolution(str(cells["cell"].iloc[0])), unit="m")
    )


def _rows(
    cells: pd.DataFrame,
    fills: Sequence[palette.Colour],
    tip: Callable[[Mapping[Hashable, Any]], str],
) -> list[Row]:
    records = cells.to_dict("records")
    return [
        {"hex": record["cell"], "fill": fill, "tip": tip(record)}
        for record, fill in zip(records, fills, strict=True)
    ]


def _hexagons(name: str, rows: list[Row], **look: Any) -> pdk.Layer:  # noqa: ANN401 (deck.gl's own properties)
    return pdk.Layer(
        "H3HexagonLayer",
        rows,
        id=name,
        get_hexagon="hex",
        high_precision=True,
        extruded=False,
        pickable=True,
        **look,
    )
