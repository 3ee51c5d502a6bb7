"""The map of one tasking result: every layer in its order, and where the camera stands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk

from config.basemap import load_basemap
from config.errors import BadInputError
from layers.areas import area_rows, area_under_layer, circle_layers, outline_layers
from layers.basemap import lay_under
from layers.context import Context, border_layer, ground_layers, label_layers
from layers.disorder import disorder_layers
from layers.hexes import most_telling, violence_classes, violence_layers
from layers.kept_layers import compact_json, made_once
from layers.overlays import overlay_layers
from layers.partners.layer import partner_layers
from layers.tasking.last_period import last_period_layers
from layers.two_way import two_way_cells, two_way_map_layers
from layers.wording import number
from spatial.hotspots.significance import HOT
from spatial.partners.standing_counts import BeatNumbers

if TYPE_CHECKING:
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from layers.overlays import Mark
    from layers.partners.layer import PartnerLayer
    from spatial.results import TaskingResult
    from spatial.targets.kept.previous import PreviousList

PANES: Final = {"wall": (1200, 770), "laptop": (850, 500)}
"""Width and height, in pixels, of the map on the screens it is fitted to."""
MOST_CELLS: Final = 20_000
"""Cells that a map draws at most: beyond that a browser labours, and no eye parts them."""

_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Show:
    """What the person has switched on; of partners one source at most, counted.

    ``overlays`` is None where they are off, and empty where there are none. ``two_way`` draws which
    cells are hot for violence, for disorder or for both, in place of how much violence each holds;
    it needs both, and counts only where both are on. ``last_period`` is the list this one was
    compared with; None draws nothing of it.
    """

    violence: bool = True
    disorder: bool = True
    areas: bool = True
    partner: PartnerLayer | None = None
    overlays: tuple[Mark, ...] | None = None
    two_way: bool = False
    last_period: PreviousList | None = None

    @property
    def both_ways(self) -> bool:
        """Whether the map is the two-way reading."""
        return self.two_way and self.violence and self.disorder


class CompactDeck(pdk.Deck):  # type: ignore[misc]  # pydeck has no types
    """A deck over the background map in force, written without pydeck's indentation.

    The indentation is most of what would be sent.
    """

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 (pydeck's own)
        """Make the deck, and lay the background map of the settings under it."""
        super().__init__(**given)
        lay_under(self, load_basemap())

    def to_json(self) -> str:
        """Return the same document as pydeck's, in a third of the bytes."""
        return compact_json(self)


def require_sendable(deck: pdk.Deck, *, most_mb: float) -> None:
    """Refuse a map that is larger than one message to the browser may be.

    Parameters
    ----------
    deck
        The map.
    most_mb
        The server's limit, megabytes.

    Raises
    ------
    BadInputError
        It is larger.
    """
    size = len(deck.to_json().encode()) / _MEGABYTE
    if size > most_mb:
        msg = (
            f"This map takes {size:,.0f} MB, and one message to the browser may take "
            f"{most_mb:,.0f} MB. Choose a wider detail, fewer things to show, or a smaller study "
            "area; the list and the files are not affected."
        )
        raise BadInputError(msg)


def not_drawn(result: TaskingResult, show: Show) -> str:
    """Say how many cells a map leaves out to stay usable; nothing where it has them all."""
    cells = _drawable(result, show)
    over = len(cells) - len(most_telling(cells, MOST_CELLS))
    if not over:
        return ""
    return (
        f"The {number(over)} cells with the least are not drawn: the map shows at most "
        f"{number(MOST_CELLS)}, hot spots first. The numbers count them all."
    )


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
    areas, polygon = result.targets.areas, result.study_area.polygon
    rows, under = made_once("areas", areas, make=lambda: _areas(areas)) if show.areas else _areas()
    seen = (show.violence, show.disorder, show.areas, show.both_ways, MOST_CELLS)
    # all that a selection leaves as it is
    layers = [
        *made_once("ground", context, make=lambda: ground_layers(context)),
        made_once("border", polygon, make=lambda: border_layer(polygon)),
        under,
        *made_once("cells", result, choices=seen, make=lambda: _cell_layers(result, show)),
    ]
    view = first_view(result.study_area.polygon, pane=PANES[screen])
    partner = []
    if show.partner is not None:
        partner = partner_layers(show.partner, metres_per_pixel=metres_per_pixel(view))
    # marks of whole beats are few, and stand where the beats' names do
    on_top = isinstance(show.partner, BeatNumbers)
    layers += [] if on_top else partner
    layers += outline_layers(rows, selected=selected)
    layers += made_once("labels", context, make=lambda: label_layers(context))
    layers += partner if on_top else []
    if show.overlays:
        layers += overlay_layers(show.overlays, metres_per_pixel=metres_per_pixel(view))
    if show.last_period is not None:
        layers += last_period_layers(result.targets, show.last_period)
    # the ranks lie above all else
    layers += circle_layers(rows, selected=selected)
    return CompactDeck(
        layers=[layers],
        initial_view_state=view,
        map_provider=None,
        tooltip={"text": "{tip}"},  # plain text: place names are shown as written
    )


def _areas(areas: pd.DataFrame | None = None) -> tuple[list[dict[str, Any]], pdk.Layer]:
    """Return the rows that draw the areas, and the layer under them; none for no areas."""
    rows = [] if areas is None else area_rows(areas)
    return rows, area_under_layer(rows)


def _cell_layers(result: TaskingResult, show: Show) -> list[pdk.Layer]:
    ranks = cell_ranks(result.targets.areas) if show.areas else {}
    cells = most_telling(_drawable(result, show), MOST_CELLS)
    if show.both_ways:
        return list(two_way_map_layers(cells, ranks=ranks))
    layers: list[pdk.Layer] = []
    if show.violence:
        classes = violence_classes(result.violence.cells)
        layers += violence_layers(cells, classes=classes, ranks=ranks)
    if show.disorder:
        layers += disorder_layers(result.disorder.cells)
    return layers


def _drawable(result: TaskingResult, show: Show) -> pd.DataFrame:
    """Return the cells of what is switched on, those that nothing would be drawn for left out."""
    if show.both_ways:
        cells = two_way_cells(result.violence.cells, result.disorder.cells)
        return cells[(cells["reading"] != "neither") | (cells["violence"] > 0)]
    cells = result.violence.cells
    if not show.violence:
        return cells.iloc[:0]
    return cells[cells["class"].isin(HOT) | (cells["incidents"] > 0)]


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
