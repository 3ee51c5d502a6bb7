"""The map of one tasking result: every layer in its order, and where the camera stands."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize

from layers.areas import area_rows, area_under_layer, circle_layers, outline_layers
from layers.context import Context, border_layer, ground_layers, label_layers
from layers.disorder import disorder_layers
from layers.hexes import violence_classes, violence_layers
from layers.overlays import overlay_layers
from layers.partners.layer import partner_layers
from spatial.partners.standing_counts import BeatNumbers

if TYPE_CHECKING:
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from layers.overlays import Mark
    from layers.partners.layer import PartnerLayer
    from spatial.results import TaskingResult

PANES: Final = {"wall": (1200, 770), "laptop": (850, 500)}
"""Width and height, in pixels, of the map on the screens it is fitted to."""


@dataclass(frozen=True, slots=True)
class Show:
    """What the person has switched on; of partners one source at most, counted.

    ``overlays`` is None where they are off, and empty where there are none.
    """

    violence: bool = True
    disorder: bool = True
    areas: bool = True
    partner: PartnerLayer | None = None
    overlays: tuple[Mark, ...] | None = None


class CompactDeck(pdk.Deck):  # type: ignore[misc]  # pydeck has no types
    """A deck written without pydeck's indentation, which is most of what would be sent."""

    def to_json(self) -> str:
        """Return the same document as pydeck's, in a third of the bytes."""
        return json.dumps(self, sort_keys=True, default=default_serialize, separators=(",", ":"))


def tasking_deck(
    result: TaskingResult,
    context: Context,
    *,
    show: Show,
    selected: str | None,
    screen: str = "wall",
) -> pdk.Deck:
    """Draw a result over its ground, with one patrol area selected.

    Notes
    -----
    Streamlit dims every layer but the clicked one while a selection stands, which would fade the
    very classes that must stay readable. It leaves layers inside a nested list alone, and deck.gl
    flattens such lists, so all layers are handed over in one. No basemap is asked for: pydeck must
    keep its own mark for "none", because Streamlit fetches one from the internet when the style is
    simply absent.
    """
    rows = area_rows(result.targets.areas) if show.areas else []
    layers = [
        *ground_layers(context),
        border_layer(result.study_area.polygon),
        area_under_layer(rows),
    ]
    if show.violence:
        cells = result.violence.cells
        ranks = cell_ranks(result.targets.areas) if show.areas else {}
        layers += violence_layers(cells, classes=violence_classes(cells), ranks=ranks)
    if show.disorder:
        layers += disorder_layers(result.disorder.cells)
    view = first_view(result.study_area.polygon, pane=PANES[screen])
    partner = []
    if show.partner is not None:
        partner = partner_layers(show.partner, metres_per_pixel=metres_per_pixel(view))
    # marks of whole beats are few, and stand where the beats' names do
    on_top = isinstance(show.partner, BeatNumbers)
    layers += [] if on_top else partner
    layers += [*outline_layers(rows, selected=selected), *label_layers(context)]
    layers += partner if on_top else []
    if show.overlays:
        layers += overlay_layers(show.overlays, metres_per_pixel=metres_per_pixel(view))
    # the ranks lie above all else
    layers += circle_layers(rows, selected=selected)
    return CompactDeck(
        layers=[layers],
        initial_view_state=view,
        map_provider=None,
        tooltip={"text": "{tip}"},  # plain text: place names are shown as written
    )


def cell_ranks(areas: pd.DataFrame) -> dict[str, tuple[int, str]]:
    """Return which patrol area (rank, id) holds each cell."""
    return {
        cell: (int(record["rank"]), str(record["area_id"]))
        for record in areas[["rank", "area_id", "cells"]].to_dict("records")
        for cell in str(record["cells"]).split()
    }


def first_view(polygon: BaseGeometry, *, pane: tuple[int, int]) -> pdk.ViewState:
    """Return the camera that fits a study area (degrees, WGS84) into a pane (pixels).

    It depends on these alone, so that a changed window or selection never moves the map
    under somebody's hand.
    """
    west, south, east, north = polygon.bounds
    middle = math.radians((south + north) / 2)
    across = max((east - west) / 360, 1e-9)
    along = max((north - south) / 360 / math.cos(middle), 1e-9)
    width, height = pane
    zoom = min(math.log2(width / (512 * across)), math.log2(height / (512 * along)))
    return pdk.ViewState(
        longitude=round((west + east) / 2, 6),
        latitude=round((south + north) / 2, 6),
        zoom=round(zoom, 2),
        min_zoom=8,
        max_zoom=18,
    )


def metres_per_pixel(view: pdk.ViewState) -> float:
    """Return how many metres a pixel of a view spans on the ground, at its middle."""
    around = 40_075_017 * math.cos(math.radians(view.latitude))
    return float(around / (512 * 2**view.zoom))
