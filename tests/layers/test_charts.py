"""Every chart is a valid Vega-Lite specification, and shows what its table says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd
import pytest

from layers import palette
from layers.charts.corrections import CORRECTION_WORDS, corrections_chart
from layers.charts.intervals import interval_chart
from layers.charts.lorenz import lorenz_chart
from layers.charts.steadiness import steadiness_chart
from spatial.hotspots.calls import calls_by_correction
from spatial.hotspots.changed.change import change_table
from spatial.hotspots.changed.comparison import Comparison
from tests.layers.invented import WINDOW

if TYPE_CHECKING:
    from layers.charts.vega import Spec


def curves(*, chance: bool = True) -> pd.DataFrame:
    along = np.linspace(0.0, 1.0, 11)
    tables = [
        pd.DataFrame(
            {
                "measure": measure,
                "by": "area",
                "share_of_places": along,
                "share_held": np.minimum(along * steep, 1.0),
                "chance_held": along if chance else np.nan,
            }
        )
        for measure, steep in (("incidents", 2.5), ("harm", 5.0))
    ]
    return pd.concat(tables, ignore_index=True)


def figures() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("incidents", "area", "held", 0.2, 0.5, 0.5),
            ("incidents", "area", "places", 0.1, 0.25, 0.1),
            ("harm", "area", "held", 0.1, 0.5, 0.5),
        ],
        columns=["measure", "by", "given", "share_of_places", "share_held", "chance"],
    )


def changes() -> pd.DataFrame:
    comparison = Comparison(WINDOW, WINDOW.before(), same_season=True, notes=())
    return change_table(
        ["Up", "Down", "Same", "Few", "From nothing", "Nothing"],
        [200, 50, 100, 1, 30, 0],
        [100, 100, 100, 1, 0, 0],
        comparison=comparison,
    )


def values(spec: Spec, layer: int) -> list[dict[str, Any]]:
    here = spec["layer"][layer]
    found: list[dict[str, Any]] = here.get("data", spec.get("data"))["values"]
    return found


def all_charts() -> dict[str, Spec]:
    calls = calls_by_correction(np.array([3.0, 0.5, -2.0]), np.array([0.001, 0.3, 0.02]))
    return {
        "lorenz": lorenz_chart(curves(), figures(), by="area", harm_words="serious-violence harm"),
        "intervals": interval_chart(changes()),
        "corrections": corrections_chart(calls),
        "steadiness": steadiness_chart(pd.DataFrame({"place": ["A", "B"], "stays": [1.0, 0.4]})),
    }


@pytest.mark.parametrize("name", list(all_charts()))
def test_every_chart_is_valid_and_asks_for_nothing(name: str) -> None:
    spec = all_charts()[name]
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    checked = {key: value for key, value in spec.items() if key != "$schema"}
    alt.Chart.from_dict(checked, validate=True)
    assert "url" not in json.dumps(checked)


def test_the_half_is_where_the_figures_say() -> None:
    spec = lorenz_chart(curves(), figures(), by="area", harm_words="serious-violence harm")
    halves = {point["words"]: point["places"] for point in values(spec, 2)}
    assert halves["Incidents: half in 20%"] == 0.2
    assert halves["Serious-violence harm: half in 10%"] == 0.1


def test_the_axis_ends_where_nearly_everything_is_held() -> None:
    spec = lorenz_chart(curves(), figures(), by="area", harm_words="harm")
    # incidents hold everything from 40% of the cells on; the axis leaves a quarter more
    assert spec["layer"][1]["encoding"]["x"]["scale"]["domain"] == [0, pytest.approx(0.5)]
    lines = {row["line"] for row in values(spec, 1)}
    assert lines == {
        "Harm", "Incidents", "Harm, dealt by chance", "Incidents, dealt by chance",
    }  # fmt: skip


def test_chance_that_was_not_worked_out_is_not_drawn() -> None:
    spec = lorenz_chart(curves(chance=False), figures(), by="area", harm_words="harm")
    assert {row["line"] for row in values(spec, 1)} == {"Harm", "Incidents"}


def test_intervals_say_their_verdict_by_shape() -> None:
    spec = interval_chart(changes())
    rows = {row["name"]: row for row in values(spec, 1)}
    assert rows["Up"]["verdict"] == "rose"
    assert rows["Down"]["verdict"] == "fell"
    # nothing in either window is nothing to draw
    assert "Nothing" not in rows
    shapes = spec["layer"][2]["encoding"]["shape"]["scale"]
    assert len(set(shapes["range"])) == len(shapes["domain"]) == 4


def test_an_interval_without_an_end_runs_to_the_edge() -> None:
    spec = interval_chart(changes())
    low, high = spec["layer"][2]["encoding"]["x"]["scale"]["domain"]
    row = next(row for row in values(spec, 1) if row["name"] == "From nothing")
    assert row["ratio"] is None
    assert row["high"] == high
    assert low * high == pytest.approx(1.0)
    # two incidents in all would stretch the scale for nothing
    few = next(row for row in values(spec, 1) if row["name"] == "Few")
    assert (few["low"], few["high"]) == (low, high)


def test_corrections_show_chance_beside_the_uncorrected_calls_only() -> None:
    calls = calls_by_correction(np.full(100, 2.0), np.full(100, 0.2))
    rows = values(corrections_chart(calls), 0)
    assert {row["rule"] for row in rows if row["chance"] is not None} == {CORRECTION_WORDS["none"]}
    assert next(row["chance"] for row in rows if row["level"] == "95%") == 5.0


def test_nearly_always_does_not_read_as_always() -> None:
    table = pd.DataFrame({"place": ["A", "A", "B"], "stays": [1.0, 0.996, 0.004]})
    rows = values(steadiness_chart(table), 0)
    assert [row["label"] for row in rows] == ["100%", "over 99%", "0.4%"]
    # two places of one name stay two bars
    assert len({row["name"] for row in rows}) == 3


def test_disorder_has_its_own_hue() -> None:
    table = pd.DataFrame({"place": ["A"], "stays": [0.5]})
    spec = steadiness_chart(table, disorder=True)
    assert spec["layer"][0]["mark"]["color"] in palette.DISORDER_STEPS
