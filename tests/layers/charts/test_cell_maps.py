from __future__ import annotations

import json

import h3
import numpy as np
import pandas as pd
import pytest

from layers import palette
from layers.charts.cell_legends import emerging_legend, surface_legend, two_way_legend, z_legend
from layers.charts.cell_maps import (
    GROUPS,
    OUTLINED,
    cell_deck,
    emerging_layers,
    group_fills,
    surface_layers,
    two_way_layers,
    z_classes,
    z_layers,
)
from layers.context import Context
from tests.layers.invented import BOUNDARY, CENTRE, hotspots

CELLS = sorted(h3.grid_disk(CENTRE, 1))
CLASSES = ["hot 99", "hot 95", "hot 90", "none", "cold 95", "cold 99", "none"]


def cells(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"cell": CELLS, "incidents": [9, 6, 4, 2, 0, 0, 0], **columns})


def surface() -> pd.DataFrame:
    return cells(
        harm_days=[90.0, 60.0, 40.0, 20.0, 0.0, 0.0, 0.0],
        z=[9.0, 5.0, 3.0, 0.5, -3.0, -4.0, -0.1],
        p=[0.001] * 7,
        p_adjusted=[0.001, 0.02, 0.08, 0.6, 0.03, 0.005, 1.0],
        **{"class": CLASSES},
    )


def drawn(layers: list[object]) -> dict[str, list[dict[str, object]]]:
    deck = json.loads(cell_deck(layers, BOUNDARY.polygon, Context(), screen="wall").to_json())  # type: ignore[arg-type]
    return {layer["id"]: layer["data"] for layer in deck["layers"][0]}


def test_every_class_is_told_apart_by_fill_or_form() -> None:
    layers = drawn(surface_layers(surface()))
    assert [len(layers[name]) for name in ("surface-hot", "surface-none")] == [3, 1]
    assert len(layers["surface-cold-95"]) == len(layers["surface-cold-99"]) == 1
    fills = [tuple(row["fill"]) for row in layers["surface-hot"]]  # type: ignore[arg-type]
    assert len(set(fills)) == 3
    # a hot cell of a whole force's map is a pixel: its dot is not
    assert len(layers["surface-hot-dots"]) == 3


def test_a_surface_of_disorder_is_never_blue() -> None:
    layers = drawn(surface_layers(surface(), disorder=True))
    for row in layers["surface-hot"]:
        red, _, blue, _ = row["fill"]  # type: ignore[misc]
        assert red > blue
        assert "harm" not in str(row["tip"])


def test_z_is_classed_above_the_mean_and_grey_below() -> None:
    found = surface()
    layers = drawn(z_layers(found, z_classes(found)))
    assert len(layers["z-above"]) == 4
    assert len(layers["z-below"]) == 3


def test_violence_is_a_fill_and_disorder_a_hatch() -> None:
    readings = ["both", "violence only", "disorder only", "neither", "neither", "neither", "both"]
    found = cells(reading=readings, violence=[9, 6, 1, 2, 0, 0, 3], disorder=[5, 0, 7, 0, 0, 0, 8])
    layers = drawn(two_way_layers(found))
    violent = {row["hex"] for row in layers["two-way-violence"]}
    assert violent == {CELLS[0], CELLS[1], CELLS[6]}
    assert [row["hex"] for row in layers["two-way-disorder"]] == [CELLS[2]]
    assert layers["disorder-hatch"]
    assert len(layers["two-way-disorder-rings"]) == 3
    # only cells with violence are marked where neither is hot
    assert [row["hex"] for row in layers["two-way-neither"]] == [CELLS[3]]
    assert "Antisocial behaviour: 7 incidents" in str(layers["two-way-disorder"][0]["tip"])


@pytest.mark.parametrize("disorder", [False, True])
def test_the_four_groups_keep_apart_in_greyscale(*, disorder: bool) -> None:
    fills = group_fills(disorder=disorder)
    shades = sorted(palette.lightness(fill) for fill in fills.values())
    assert np.diff(shades).min() > 0.2
    # the two that are palest are outlined
    palest = sorted(fills, key=lambda group: palette.lightness(fills[group]))[-2:]
    assert set(palest) == OUTLINED


def test_disorders_steps_keep_their_order_in_greyscale() -> None:
    shades = [palette.lightness(fill) for fill in palette.DISORDER_STEPS]
    assert np.diff(shades).max() < -0.09


def test_only_hot_patterns_are_on_the_map() -> None:
    found = cells(
        category=[
            "persistent hot spot", "new hot spot", "sporadic hot spot", "historical hot spot",
            "persistent cold spot", "no pattern", "no pattern",
        ],
        group=[*GROUPS, "long-standing", "none", "none"],
        hot_periods=[4, 1, 2, 4, 0, 0, 0],
    )  # fmt: skip
    layers = drawn(emerging_layers(found))
    for at, group in enumerate(GROUPS):
        assert [row["hex"] for row in layers[f"emerging-{group}"]] == [CELLS[at]]


@pytest.mark.parametrize("screen", ["wall", "laptop"])
def test_the_study_area_is_fitted_beside_the_legend(screen: str) -> None:
    deck = json.loads(cell_deck([], BOUNDARY.polygon, Context(), screen=screen).to_json())
    west, _, east, _ = BOUNDARY.polygon.bounds
    view = deck["initialViewState"]
    assert view["longitude"] < (west + east) / 2
    assert view["minZoom"] < view["zoom"]
    assert deck["mapStyle"] == "__MAP_STYLE__"


def test_legends_count_what_is_on_the_map() -> None:
    result = hotspots("ark", surface())
    said = surface_legend(result, disorder=False)
    assert "<b>1</b> cold, 99%" in said
    assert "<b>1</b> holds an incident" in said
    assert "3,000 cells" in said
    assert "cooler, 90%" not in said
    assert "not read as normal" in z_legend(result, z_classes(surface()))
    readings = pd.DataFrame(
        {"reading": ["both", "violence only", "disorder only", "neither"], "cells": [1, 2, 3, 2994]}
    )
    table = two_way_legend(readings, cells=3_000)
    assert table.count("<td><span") == 4
    assert "<b>2,994</b>" in table
    groups = pd.DataFrame({"group": list(GROUPS), "hot_cells": [10, 0, 14, 2]})
    assert "<b>14</b> On and off" in emerging_legend(groups, periods=12, title="Ark")
