from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from config.basemap import Basemap
from layers import deck as deck_module
from layers.basemap import GROUND, map_style
from layers.context import Context
from layers.deck import Show, tasking_deck

if TYPE_CHECKING:
    from spatial.results import TaskingResult

TILES = "https://maps.force.example/{z}/{x}/{y}.png"


def basemap(kind: str, address: str, attribution: str = "Crown copyright") -> Basemap:
    return Basemap.model_validate(
        {"kind": kind, "address": address, "attribution": attribution, "max_zoom": 17}
    )


def test_none_is_no_style() -> None:
    assert map_style(basemap("none", "")) is None


def test_a_style_is_its_address() -> None:
    address = "https://maps.force.example/style.json"
    assert map_style(basemap("style", address)) == address


@pytest.mark.parametrize(
    ("kind", "address", "tiles", "scheme"),
    [
        ("xyz", TILES, TILES, "xyz"),
        ("xyz", TILES.replace("{y}", "{-y}"), TILES, "tms"),
        (
            "wmts", "http://m.example/{TileMatrix}/{TileRow}/{TileCol}",
            "http://m.example/{z}/{y}/{x}", "xyz",
        ),
    ],
)  # fmt: skip
def test_tiles_become_one_raster_source(kind: str, address: str, tiles: str, scheme: str) -> None:
    style = map_style(basemap(kind, address, "A <b>map</b> & more"))
    assert isinstance(style, list)
    (source,) = style[0]["sources"].values()
    assert source["tiles"] == [tiles]
    assert source["scheme"] == scheme
    assert source["maxzoom"] == 17
    # the corner of the map takes markup; what is written there is shown as written
    assert "<" not in source["attribution"]


def test_no_address_but_the_settings_own(
    invented_result: TaskingResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = Context(sea=({"rings": [[[1.4, 53.2], [1.41, 53.2], [1.41, 53.21]]]},))
    bare = tasking_deck(invented_result, context, show=Show(), selected=None).to_json()
    assert "://" not in bare
    monkeypatch.setattr(deck_module, "load_basemap", lambda: basemap("xyz", TILES))
    text = tasking_deck(invented_result, context, show=Show(), selected=None).to_json()
    assert text.count("://") == 1
    assert TILES in text
    named = {layer["id"] for layer in json.loads(text)["layers"][0]}
    # the ground would cover the map; names stay above the hexes, with their halo
    assert not named & GROUND
    assert {"beats", "border", "street-names", "beat-names", "violence-hot"} <= named
