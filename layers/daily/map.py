"""The daily map: filled dots for violence, hollow squares for disorder, dashed ground to watch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk
import shapely

from layers import palette
from layers.context import Context, border_layer, ground_layers, label_layers
from layers.daily.words import incident_rows
from layers.deck import CompactDeck, first_view, metres_per_pixel
from layers.rows import legend_key
from layers.wording import counted
from spatial.window import day_words

if TYPE_CHECKING:
    import pandas as pd

    from spatial.daily.results import DailyResult

Row = dict[str, Any]

_DECIMALS: Final = 6
_DOT_PX: Final = 6
_SQUARE_PX: Final = 6.0


def daily_deck(
    result: DailyResult, context: Context, *, incidents: bool, pane: tuple[int, int]
) -> pdk.Deck:
    """Draw the day over its ground.

    Parameters
    ----------
    incidents
        Whether single incidents may be shown to whoever looks, and the ground round them.
    pane
        Width and height of the map, pixels.
    """
    view = first_view(result.study_area.polygon, pane=pane)
    layers = [
        *ground_layers(context),
        border_layer(result.study_area.polygon),
        # a circle of 25 m is the point itself
        *(_grounds(result.near_repeats.areas) if incidents else []),
        *label_layers(context),
    ]
    if incidents:
        half = _SQUARE_PX * metres_per_pixel(view)
        layers += [
            _squares(result.disorder.incidents, half),
            _dots(result.violence.incidents),
        ]
    return CompactDeck(
        layers=[layers],
        initial_view_state=view,
        map_provider=None,
        tooltip={"text": "{tip}"},
    )


def daily_legend(result: DailyResult, *, incidents: bool) -> str:
    """Return the legend as HTML: our own words, names escaped."""
    keys = []
    if incidents:
        violence = counted(len(result.violence.incidents), "incident")
        disorder = counted(len(result.disorder.incidents), "incident")
        keys.append(legend_key("hx-dot", f"{result.violence.profile.title}: {violence}"))
        keys.append(legend_key("hx-square", f"Antisocial behaviour: {disorder}"))
    if incidents and len(result.near_repeats.areas):
        keys.append(legend_key("hx-watch", "ground to watch, near a recent incident"))
    if not keys:
        keys.append("<p>Nothing is drawn: see the tables.</p>")
    return (
        '<div class="hx-legend" role="note" aria-label="Legend"><b>24 hours from '
        f"{result.day.begins:%H:%M} on {day_words(result.day.date)}</b>{''.join(keys)}</div>"
    )


def _placed(table: pd.DataFrame) -> list[Row]:
    located = table[table["longitude"].notna()]
    return [
        {
            "at": [round(float(x), _DECIMALS), round(float(y), _DECIMALS)],
            "tip": "\n".join([row[1], row[0], row[2]]),
        }
        for x, y, row in zip(
            located["longitude"], located["latitude"], incident_rows(located), strict=True
        )
    ]


def _dots(table: pd.DataFrame) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        _placed(table),
        id="violence-dots",
        get_position="at",
        get_radius=_DOT_PX,
        radius_units=pdk.types.String("pixels"),
        get_fill_color=palette.rgba(palette.VIOLENCE_STEPS[4]),
        get_line_color=palette.rgba(palette.WHITE),
        get_line_width=1.5,
        line_width_units=pdk.types.String("pixels"),
        filled=True,
        stroked=True,
        pickable=True,
    )


def _squares(table: pd.DataFrame, half_m: float) -> pdk.Layer:
    rows = _placed(table)
    for row in rows:
        longitude, latitude = row["at"]
        north = half_m / 111_320
        east = north / max(math.cos(math.radians(latitude)), 0.01)
        row["ring"] = [
            [round(longitude + x * east, _DECIMALS), round(latitude + y * north, _DECIMALS)]
            for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        ]
    return pdk.Layer(
        "PolygonLayer",
        rows,
        id="disorder-squares",
        get_polygon="ring",
        get_fill_color=[255, 255, 255, 1],
        get_line_color=palette.rgba(palette.DISORDER_STEPS[3]),
        get_line_width=2,
        line_width_units=pdk.types.String("pixels"),
        filled=True,
        stroked=True,
        pickable=True,
    )


def _grounds(table: pd.DataFrame) -> list[pdk.Layer]:
    rows = []
    for row in table.to_dict("records"):
        for part in shapely.get_parts(row["geometry"]):
            ring = [[round(x, _DECIMALS), round(y, _DECIMALS)] for x, y in part.exterior.coords]
            tip = f"Ground to watch until {day_words(row['open_until'])}"
            place = str(row["place"])
            rows.append({"ring": ring, "tip": f"{tip}\n{place}" if place else tip})
    return [
        pdk.Layer(
            "PolygonLayer",
            rows,
            id="watch-surfaces",
            get_polygon="ring",
            get_fill_color=palette.rgba(palette.SELECTED, 0.1),
            stroked=False,
            filled=True,
            pickable=True,
        ),
        pdk.Layer(
            "PathLayer",
            rows,
            id="watch-outlines",
            get_path="ring",
            get_color=palette.rgba(palette.SELECTED),
            get_width=2,
            width_units=pdk.types.String("pixels"),
            extensions=[{"@@type": "PathStyleExtension", "dash": True}],
            get_dash_array=[4, 3],
            dash_justified=True,
        ),
    ]
