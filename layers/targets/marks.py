"""How the places of a list stand to the one before: outline, letter and words for each status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pydeck as pdk
import shapely

from layers import palette
from spatial.hexes.grid import merge_cells
from spatial.targets.kept.identity import ADDED, KEPT, MOVED, NEW
from spatial.targets.kept.previous import numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, Any]

DROPPED: Final = "dropped"


@dataclass(frozen=True, slots=True)
class Look:
    """How one status is drawn: never by colour alone.

    Attributes
    ----------
    letter
        Beside the circle.
    words
        For the legend and the list.
    metres, pixels
        Width of the outline on the ground, and the least and most of it on the screen.
    dash
        Lengths of stroke and gap in widths; None for a whole line.
    """

    letter: str
    words: str
    metres: float
    pixels: tuple[float, float]
    dash: tuple[int, int] | None = None


LOOKS: Final[dict[str, Look]] = {
    KEPT: Look("K", "kept from the last list", 16, (2.0, 3.6)),
    NEW: Look("N", "new on the list", 30, (4.0, 7.0)),
    MOVED: Look("M", "moved: less than half of its ground is kept", 16, (2.4, 4.2), (4, 1)),
    ADDED: Look("A", "added by hand", 16, (2.4, 4.2), (1, 1)),
    DROPPED: Look("D", "dropped since the last list", 12, (1.6, 2.6), (3, 2)),
}
"""By status; a place of a first list has none, and is drawn as a kept one without a letter."""


def status_of(value: object) -> str:
    """Return a status as it stands in the table; empty where there is none."""
    known = value is not None and value == value  # noqa: PLR0124 (null is not itself)
    return str(value) if known and str(value) in LOOKS else ""


def dropped_areas(dropped: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return dropped places with their outlines as they lay.

    Parameters
    ----------
    dropped
        :data:`spatial.targets.kept.compared.DROPPED_COLUMNS`.
    earlier
        The earlier list: ``area_id, cells`` (space-separated).

    Returns
    -------
    The same rows with ``geometry`` (degrees, WGS84).
    """
    cells = dict(zip(earlier["area_id"], earlier["cells"], strict=True)) if len(earlier) else {}
    held = dropped[dropped["area_id"].isin(list(cells))] if len(dropped) else dropped
    outlines = [merge_cells(numbers_of(str(cells[key]))) for key in held["area_id"]]
    return held.assign(geometry=pd.Series(outlines, index=held.index, dtype=object))


def outline_layer(name: str, shapes: Iterable[Any], look: Look, *, colour: str) -> list[pdk.Layer]:
    """Return the outlines of some places (polygons, degrees, WGS84) on a white halo."""
    paths = [
        {"path": [[round(x, 6), round(y, 6)] for x, y, *_ in ring.coords]}
        for shape in shapes
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
    least, most = look.pixels
    dash: Row = {}
    if look.dash is not None:
        dash = {
            "extensions": [{"@@type": "PathStyleExtension", "dash": True}],
            "get_dash_array": list(look.dash),
            "dash_justified": True,
        }
    parts: tuple[tuple[str, palette.Colour, float, tuple[float, float], Row], ...] = (
        ("halo", palette.rgba(palette.WHITE, 0.9), look.metres + 14, (least + 1.8, most + 2.4), {}),
        ("line", palette.rgba(colour), look.metres, (least, most), dash),
    )
    return [
        pdk.Layer(
            "PathLayer",
            paths,
            id=f"{name}-{part}",
            get_path="path",
            get_color=ink,
            get_width=width,
            width_min_pixels=low,
            width_max_pixels=high,
            joint_rounded=True,
            **more,
        )
        for part, ink, width, (low, high), more in parts
    ]


def dropped_layer(rows: Sequence[Row]) -> pdk.Layer:
    """Return a spot in the middle of each place no longer on the list: rows ``at, tip``."""
    return pdk.Layer(
        "ScatterplotLayer",
        [{"at": one["at"], "tip": one["tip"]} for one in rows],
        id="dropped-marks",
        get_position="at",
        get_radius=30,
        radius_min_pixels=5,
        radius_max_pixels=8,
        get_fill_color=palette.rgba(palette.WHITE),
        get_line_color=palette.rgba(palette.GREY_INK),
        get_line_width=2,
        line_width_units=pdk.types.String("pixels"),
        stroked=True,
        filled=True,
        pickable=True,
    )


def letter_layer(rows: Sequence[Row], *, metres: float = 62) -> pdk.Layer:
    """Return the letters beside the circles: rows ``at, letter`` (degrees, WGS84)."""
    return pdk.Layer(
        "TextLayer",
        [{"at": row["at"], "letter": row["letter"]} for row in rows if row["letter"]],
        id="status-letters",
        get_position="at",
        get_text="letter",
        get_size=metres * 1.1,
        size_units=pdk.types.String("meters"),
        size_min_pixels=11,
        size_max_pixels=16,
        get_pixel_offset=[17, -12],
        get_color=palette.rgba(palette.INK),
        background=True,
        get_background_color=palette.rgba(palette.WHITE, 0.92),
        get_border_color=palette.rgba(palette.INK),
        get_border_width=1,
        background_padding=[3, 1, 3, 1],
        font_family=pdk.types.String("Source Sans, Helvetica, Arial, sans-serif"),
        font_weight=700,
        character_set=pdk.types.String("".join(look.letter for look in LOOKS.values())),
        font_settings={"fontSize": 64},
    )


def middle(shape: Any) -> list[float]:  # noqa: ANN401 (any polygon)
    """Return the point of a polygon farthest from its edge, degrees."""
    found = np.asarray(shapely.maximum_inscribed_circle(shape).coords[0])
    return [round(float(found[0]), 6), round(float(found[1]), 6)]
