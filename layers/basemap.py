"""The background map of a deck: none, or the address that the settings name and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pydeck as pdk

    from config.basemap import Basemap

GROUND: Final = frozenset(
    {"parks", "local-streets", "street-edges", "streets", "rail", "sea", "coast"}
)
"""Layers of our own ground that a background map takes the place of."""

_TILE_PX: Final = 256
# other names that tile servers give to the same three numbers
_SAME: Final = {"{TileCol}": "{x}", "{TileRow}": "{y}", "{TileMatrix}": "{z}"}


def lay_under(deck: pdk.Deck, basemap: Basemap) -> pdk.Deck:
    """Put a background map under a deck's layers; none leaves the deck as it is.

    Notes
    -----
    A deck without one must keep pydeck's mark for "none": Streamlit fetches a map from the internet
    where the style is simply absent. Picture tiles are handed over as a style of one raster layer;
    Streamlit takes a style that is no address only as the first of a list.
    """
    style = map_style(basemap)
    if style is not None:
        deck.map_style = style
        deck.layers = _uncovered(deck.layers)
    return deck


def map_style(basemap: Basemap) -> str | list[dict[str, Any]] | None:
    """Return the style to draw a background map by; None for none.

    The style names no address but the setting's own: no fonts, no symbols, no second source. What a
    MapLibre style at that address names in its turn is its owner's to answer for.
    """
    if not basemap.shown:
        return None
    if basemap.kind == "style":
        return basemap.address
    tiles = basemap.address
    for theirs, ours in _SAME.items():
        tiles = tiles.replace(theirs, ours)
    # rows counted from the south are told by a scheme, not by a placeholder
    southern = "{-y}" in tiles
    source: dict[str, Any] = {
        "type": "raster",
        "tiles": [tiles.replace("{-y}", "{y}")],
        "tileSize": _TILE_PX,
        "maxzoom": basemap.max_zoom,
        "scheme": "tms" if southern else "xyz",
        "attribution": _plain(basemap.attribution),
    }
    # paler than its makers meant it: the hexes are the subject
    layer = {
        "id": "background-map",
        "type": "raster",
        "source": "background-map",
        "paint": {"raster-saturation": -0.6, "raster-opacity": 0.75},
    }
    return [{"version": 8, "sources": {"background-map": source}, "layers": [layer]}]


def _uncovered(layers: list[Any]) -> list[Any]:
    """Return the layers without the ground that would cover the background map; names stay."""
    return [
        _uncovered(layer) if isinstance(layer, list) else layer
        for layer in layers
        if isinstance(layer, list) or layer.id not in GROUND
    ]


def _plain(text: str) -> str:
    """Return text that the map's own corner, which takes markup, shows as written."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
