"""Barriers: in the words of map layers, and crossed where streets cross them."""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import shape

from sample_geo.write import FOLDER
from spatial.context import read_layer
from spatial.layer_words import BARRIER_KINDS

Features = dict[str, list[dict[str, Any]]]


def test_they_are_a_railway_and_a_river_in_the_words_of_layers(features: Features) -> None:
    kinds = [feature["properties"]["kind"] for feature in features["barriers"]]
    assert kinds == ["railway", "river"]
    assert set(kinds) <= set(BARRIER_KINDS)
    content, notes = read_layer(FOLDER / "barriers.geojson", "barriers")
    assert content == (FOLDER / "barriers.geojson").read_bytes()
    assert not notes


@pytest.mark.parametrize(("number", "least", "most"), [(0, 6, 40), (1, 4, 20)])
def test_streets_cross_here_and_there(
    features: Features, number: int, least: int, most: int
) -> None:
    line = shape(features["barriers"][number]["geometry"])
    crossing = [
        feature["properties"]["name"]
        for feature in features["streets"]
        if feature["properties"]["class"] != "rail" and shape(feature["geometry"]).crosses(line)
    ]
    assert least <= len(crossing) <= most, crossing


def test_the_underpass_leads_under_the_railway(features: Features) -> None:
    railway = shape(features["barriers"][0]["geometry"])
    (underpass,) = (
        shape(feature["geometry"])
        for feature in features["streets"]
        if feature["properties"]["name"] == "Station Underpass"
    )
    assert underpass.crosses(railway)
