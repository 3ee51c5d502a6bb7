"""The background map: none by default, and only what a browser may ask for."""

from __future__ import annotations

import pytest

from config.basemap import load_basemap
from config.errors import BadInputError
from config.force_file import Origin, held, said_in

_TILES = "https://maps.force.example:8443/{z}/{x}/{y}.png"


def test_no_map_unless_one_is_named() -> None:
    found = load_basemap()
    assert (found.kind, found.address, found.host, found.shown) == ("none", "", "", False)


@pytest.mark.parametrize(
    ("kind", "address", "match"),
    [
        ("xyz", "", "no address is given"),
        ("xyz", "ftp://maps/{z}/{x}/{y}", "no web address"),
        ("style", "javascript:alert(1)", "no web address"),
        ("style", "maps.force.example/style.json", "no web address"),
        ("style", "https://", "no web address"),
        ("style", "https://a:port/style.json", "no web address"),
        ("style", "https://me:secret@maps.force.example/s.json", "name or password"),
        ("style", "https://maps.force.example/my style.json", "a space"),
        ("xyz", "https://maps.force.example/{z}/{x}.png", "lacks {y}"),
        ("wmts", "https://maps.force.example/{TileMatrix}/{TileCol}", "lacks {TileRow}"),
    ],
)
def test_what_no_browser_should_ask_for_is_refused(kind: str, address: str, match: str) -> None:
    tables = {"basemap": {"kind": kind, "address": address, "attribution": "OS"}}
    with (
        held(said_in(tables, Origin.NAMED, None)),
        pytest.raises(BadInputError, match=match) as refused,
    ):
        load_basemap()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("xyz", _TILES),
        ("style", "http://maps.force.example/style.json"),
        ("wmts", "https://m.example/{TileMatrix}/{TileCol}/{TileRow}.png"),
        ("wmts", "https://m.example/{z}/{x}/{y}.png"),
    ],
)
def test_a_map_inside_the_network_is_taken(kind: str, address: str) -> None:
    tables = {"basemap": {"kind": kind, "address": address, "attribution": "OS"}}
    with held(said_in(tables, Origin.NAMED, None)):
        assert load_basemap().shown
    tables["basemap"]["attribution"] = " "
    with held(said_in(tables, Origin.NAMED, None)), pytest.raises(BadInputError, match="licence"):
        load_basemap()
