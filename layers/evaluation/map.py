"""The map of an operation: patrolled areas, the buffer round them, and their comparators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk
import shapely

from layers import palette
from layers.context import SANS, Context, ground_layers, label_layers
from layers.deck import CompactDeck, first_view
from layers.rows import legend_key
from layers.wording import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from spatial.evaluation.footprint import Footprint

Row = dict[str, Any]

_DECIMALS: Final = 6
_ROOM: Final = 0.06
# some hundred metres, so that one small area alone is not all there is to see
_LEAST_DEGREES: Final = 0.004


def operation_deck(  # noqa: PLR0913 (the parts of one map)
    treated: Footprint,
    context: Context,
    *,
    buffer: Footprint | None,
    comparators: Footprint | None,
    said: Mapping[str, str],
    pane: tuple[int, int],
) -> pdk.Deck:
    """Draw an operation over its ground; the outline's style and the letter say which is which.

    Parameters
    ----------
    treated, buffer, comparators
        EPSG:4326; empty shapes are left out.
    said
        By area id, what the tooltip says beside its name.
    pane
        Width and height of the map, pixels.
    """
    patrolled = _rows(treated, "Patrolled", said)
    compared = [] if comparators is None else _rows(comparators, "Compared with", said)
    around = [] if buffer is None else _rows(buffer, "Around", {})
    layers = [
        *ground_layers(context),
        _surface("buffers", around, palette.PARTNER, alpha=0.22, line=palette.PARTNER),
        _surface("comparators", compared, palette.GREY_INK, alpha=0.18, line=palette.GREY_INK),
        _surface("patrolled", patrolled, palette.VIOLENCE_STEPS[2], alpha=0.55, line=palette.INK),
        _outline("comparator-outlines", compared, palette.GREY_INK, dash=[5, 3]),
        _outline("patrolled-outlines", patrolled, palette.INK, dash=None),
        *label_layers(context),
        _names("patrolled-names", patrolled, palette.INK),
    ]
    shapes = [one.shapes for one in (treated, comparators) if one is not None]
    return CompactDeck(
        layers=[layers],
        initial_view_state=first_view(_frame(shapes), pane=pane),
        map_provider=None,
        tooltip={"text": "{tip}"},
    )


def operation_legend(*, buffer_m: int, compared: str, listed: bool) -> str:
    """Return the legend as HTML: our own words, and those of the comparison escaped.

    Parameters
    ----------
    compared
        What the areas are compared with, in words.
    listed
        Whether that is drawn: the rest of the force is not.
    """
    keys = [
        legend_key("hx-patrolled", "patrolled"),
        legend_key("hx-around", f"within {buffer_m:,} m of a patrolled area"),
    ]
    if listed:
        keys.append(legend_key("hx-compared", "compared with"))
    words = f"<p>Compared with: {escaped(compared)}.</p>" if compared else ""
    return (
        '<div class="hx-legend" role="note" aria-label="Legend"><b>The operation</b>'
        f"{''.join(keys)}{words}</div>"
    )


def _rows(places: Footprint, kind: str, said: Mapping[str, str]) -> list[Row]:
    rows = []
    for area, shape in zip(places.area_ids, places.shapes, strict=True):
        if shape.is_empty:
            continue
        words = said.get(area, "")
        tip = f"{area}\n{kind}" + (f"\n{words}" if words else "")
        at = shapely.maximum_inscribed_circle(shape).coords[0]
        rows += [
            {
                "rings": [_rounded(ring.coords) for ring in (part.exterior, *part.interiors)],
                "outline": _rounded(part.exterior.coords),
                "tip": tip,
                "name": area if number == 0 else "",
                "at": _rounded([at])[0],
            }
            for number, part in enumerate(_polygons(shape))
        ]
    return rows


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]


def _rounded(coordinates: Iterable[Sequence[float]]) -> list[list[float]]:
    return [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y, *_ in coordinates]


def _frame(shapes: Sequence[Any]) -> BaseGeometry:
    west, south, east, north = shapely.total_bounds([one for part in shapes for one in part])
    across = max((east - west) * _ROOM, _LEAST_DEGREES)
    along = max((north - south) * _ROOM, _LEAST_DEGREES)
    framed: BaseGeometry = shapely.box(west - across, south - along, east + across, north + along)
    return framed


def _surface(name: str, rows: list[Row], colour: str, *, alpha: float, line: str) -> pdk.Layer:
    return pdk.Layer(
        "PolygonLayer",
        rows,
        id=name,
        get_polygon="rings",
        get_fill_color=palette.rgba(colour, alpha),
        get_line_color=palette.rgba(line, 0.9),
        get_line_width=1,
        line_width_units=pdk.types.String("pixels"),
        filled=True,
        stroked=True,
        pickable=True,
    )


def _outline(name: str, rows: list[Row], colour: str, *, dash: list[int] | None) -> pdk.Layer:
    options: Row = {}
    if dash:
        options = {
            "extensions": [{"@@type": "PathStyleExtension", "dash": True}],
            "get_dash_array": dash,
            "dash_justified": True,
        }
    return pdk.Layer(
        "PathLayer",
        rows,
        id=name,
        get_path="outline",
        get_width=2.4,
        width_units=pdk.types.String("pixels"),
        get_color=palette.rgba(colour),
        **options,
    )


def _names(name: str, rows: list[Row], colour: str) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        rows,
        id=name,
        get_position="at",
        get_text="name",
        get_size=60,
        size_units=pdk.types.String("meters"),
        size_min_pixels=9.5,
        size_max_pixels=14,
        get_color=palette.rgba(colour),
        font_family=pdk.types.String(SANS),
        font_weight=700,
        character_set=pdk.types.String("auto"),
        font_settings={"sdf": True, "fontSize": 48, "buffer": 8, "radius": 14, "cutoff": 0.2},
        outline_width=5,
        outline_color=palette.rgba(palette.WHITE, 0.95),
    )
