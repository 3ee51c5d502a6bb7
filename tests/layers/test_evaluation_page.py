"""What the Evaluation page draws: estimates in words, forest plot, months, map and tables."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from config.published_operation import MARK, load_published, published_names
from layers.context import Context
from layers.evaluation.charts import event_chart, series_chart
from layers.evaluation.estimate_words import (
    DESCRIPTION,
    DIFFERENCE,
    MISLEADING,
    RATIO,
    chance_words,
    change_words,
    estimate_words,
    figure_words,
    interval_words,
)
from layers.evaluation.forest import forest_chart
from layers.evaluation.map import operation_deck, operation_legend
from layers.evaluation.rows import (
    count_rows,
    estimate_rows,
    figure_rows,
    published_design_words,
    published_rows,
    threat_rows,
)
from spatial.evaluation.estimate import Estimate
from spatial.evaluation.event_study import EventStudy
from spatial.evaluation.footprint import Footprint
from spatial.evaluation_results import CLEAR, SUSPECT, SideCounts, Threat
from spatial.notes import Note

BOX = shapely.box(0.0, 53.0, 0.01, 53.005)


def an_estimate(name: str = "rate_ratio", **changes: object) -> Estimate:
    given: dict[str, Any] = {
        "name": name, "outcome": "ark", "measure": "count", "estimate": 0.6, "low": 0.38,
        "high": 0.95, "p": 0.03, "method": "How.", "notes": (),
    }  # fmt: skip
    return Estimate(**{**given, **changes})


def rows_of(spec: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (any chart)
    found: list[dict[str, Any]] = spec["data"]["values"]
    return found


def test_a_figure_is_a_change_in_words() -> None:
    one = an_estimate()
    assert (figure_words(one), interval_words(one)) == ("40% lower", "62% lower to 5% lower")
    open_above = an_estimate(estimate=0.0, low=0.0, high=None)
    assert interval_words(open_above) == "100% lower to no limit"
    fewer = an_estimate("wdd", estimate=-118.0, low=-195.6, high=-40.4)
    assert (figure_words(fewer), interval_words(fewer)) == ("118 fewer", "196 fewer to 40 fewer")
    harm = an_estimate("wdd_harm", estimate=3.25, low=None, high=None, measure="harm")
    assert (figure_words(harm), interval_words(harm)) == ("3.2 days of harm more", "none")
    assert figure_words(an_estimate(estimate=None, low=None, high=None)) == "cannot be said"
    assert [chance_words(an_estimate(p=p)) for p in (0.0002, 0.0313, None)] == [
        "under 0.001", "0.031", "\N{EN DASH}",
    ]  # fmt: skip


@given(st.floats(0, 50))
def test_a_change_never_says_the_wrong_side(ratio: float) -> None:
    said = change_words(ratio)
    assert ("lower" in said) == (round((ratio - 1) * 100) < 0)
    assert said != "the same" or abs(ratio - 1) <= 0.005


def test_every_estimate_of_the_program_has_a_name() -> None:
    named = ("did_negative_binomial", "wdd_by_place", "harm_ratio", "naive_before_after",
             "crossover_rate_ratio", "crossover_harm_ratio", "crossover_trend")  # fmt: skip
    titles = [estimate_words(name).title for name in named]
    assert len(set(titles)) == len(named)
    assert estimate_words("crossover_carry_over_3").title == "Felt 3 days after a patrol"
    assert estimate_words("staggered_wave_2").title == "Wave 2 by itself"
    assert estimate_words("staggered_two_way").trust == MISLEADING
    assert estimate_words("wdd_unheard_of").kind == DIFFERENCE
    assert estimate_words("unheard_of").kind == DESCRIPTION


def test_the_forest_keeps_every_interval_inside() -> None:
    listed = (
        an_estimate(),
        an_estimate("naive_before_after", estimate=0.01, low=0.0, high=None),
        an_estimate("wdd", estimate=-10.0, low=-20.0, high=0.5),
        an_estimate("wdq", estimate=0.4, low=None, high=None),
    )
    ratios = forest_chart(listed, kind=RATIO)
    drawn = rows_of(ratios)
    assert [row["row"] for row in drawn] == ["Totals, exact", "Naive before and after"]
    low, high = ratios["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low * high == pytest.approx(1)
    for row in drawn:
        assert low <= row["low"] <= row["value"] <= row["high"] <= high
    # a side without limit runs to the edge; the words say that there is none
    assert drawn[1]["high"] == high
    assert drawn[1]["interval"].endswith("no limit")
    # shape as well as colour says what an interval takes for granted
    point = ratios["layer"][2]["encoding"]
    assert len(set(point["shape"]["scale"]["range"])) == 2
    (difference,) = rows_of(forest_chart(listed, kind=DIFFERENCE))
    assert difference["value"] == -10.0
    assert forest_chart(listed, kind=DIFFERENCE, measure="harm") is None
    assert ratios["layer"][0]["data"]["values"] == [{"value": 1.0}]


def test_months_are_held_against_their_own_average() -> None:
    months = pd.DataFrame(
        {
            "month": ["2025-01-01", "2025-02-01", "2025-03-01"] * 2,
            "group": ["treated"] * 3 + ["comparators"] * 3,
            "days": [31, 28, 31] * 2,
            "incidents": [31, 56, 31, 62, 28, 0],
            "harm_days": [None] * 6,
            "part": ["baseline", "chosen_on", "operation"] * 2,
        }
    )
    spec = series_chart(months)
    line = spec["layer"][-1]
    treated = [row["level"] for row in rows_of(line) if row["group"] == "Patrolled places"]
    assert treated == pytest.approx([1.0, 2.0, 1.0])
    words = [layer["data"]["values"][0].get("band") for layer in spec["layer"][:-1]]
    assert [one for one in words if one] == ["Chosen on"] * 2 + ["Operation"] * 2
    shade = spec["layer"][0]["data"]["values"][0]
    assert (shade["first"][:10], shade["last"][:10]) == ("2025-02-01", "2025-03-01")
    json.dumps(spec, allow_nan=False)


def test_periods_before_and_after_differ_in_shape() -> None:
    table = pd.DataFrame(
        {
            "period": [0, 1, 2], "lead": [-2, -1, 0], "treated": [4, 5, 2], "control": [4, 5, 4],
            "estimate": [1.1, np.nan, 0.5], "low": [0.4, np.nan, 0.0],
            "high": [3.0, np.nan, math.inf], "reference": [False, False, False],
        }
    )  # fmt: skip
    spec = event_chart(EventStudy(table, 0.6, None, None, "How.", ()))
    assert spec is not None
    assert [(row["period"], row["when"]) for row in rows_of(spec)] == [
        ("\N{MINUS SIGN}2", "before the start"), ("+1", "after the start"),
    ]  # fmt: skip
    json.dumps(spec, allow_nan=False)
    empty = EventStudy(table.assign(estimate=np.nan), None, None, None, "How.", ())
    assert event_chart(empty) is None


def test_the_map_tells_areas_apart_without_colour() -> None:
    treated = Footprint(("T<1>",), np.array([BOX], dtype=object))
    ring = Footprint(("T<1>",), np.array([BOX.buffer(0.002).difference(BOX)], dtype=object))
    shapes = [shapely.Polygon(), shapely.box(0.05, 53, 0.06, 53.01)]
    others = Footprint(("C1", "C2"), np.array(shapes, dtype=object))
    deck = operation_deck(
        treated, Context(), buffer=ring, comparators=others, said={"T<1>": "3 before, 1 after"},
        pane=(600, 450),
    )  # fmt: skip
    layers = {layer["id"]: layer for layer in json.loads(deck.to_json())["layers"][0]}
    # an empty shape is not drawn
    assert [row["tip"] for row in layers["comparators"]["data"]] == ["C2\nCompared with"]
    assert layers["patrolled"]["data"][0]["tip"] == "T<1>\nPatrolled\n3 before, 1 after"
    # the ring keeps its hole
    assert len(layers["buffers"]["data"][0]["rings"]) == 2
    assert "getDashArray" in layers["comparator-outlines"]
    assert "getDashArray" not in layers["patrolled-outlines"]
    assert layers["patrolled-names"]["data"][0]["name"] == "T<1>"
    legend = operation_legend(buffer_m=100, compared="<b>the rest</b>", listed=False)
    assert "&lt;b&gt;the rest" in legend
    assert "within 100 m" in legend
    assert "hx-compared" not in legend


def test_tables_hold_counts_cautions_and_marks() -> None:
    sides = (
        SideCounts("treated_days", "days drawn", 48, 11974.0, 20, 720),
        SideCounts("control_days", "other days", 111, None, 20, 1080),
    )
    head, rows = count_rows(sides)
    assert head[-1] == "Harm, days"
    assert rows[0] == ("days drawn", "48", "20", "720", "11,974")
    assert rows[1][-1] == "\N{EN DASH}"
    assert "Harm, days" not in count_rows(sides[1:])[0]
    loud = an_estimate(notes=(Note("Quiet."), Note("Loud.", loud=True)))
    assert estimate_rows([loud])[1][0][-1] == "Loud."
    # beside every figure stands when its interval holds
    wdd = figure_rows([replace(loud, name="wdd"), replace(loud, name="harm_ratio_delta")])[1]
    assert [row[-1] for row in wdd] == ["only if incidents come one by one", "misleading by itself"]
    threats = (Threat("season", "Season", CLEAR, "a"), Threat("shocks", "Shocks", SUSPECT, "b"))
    assert [row[0] for row in threat_rows(threats)[1]] == ["\N{CHECK MARK}", "!"]
    for name in published_names():
        example = load_published(name)
        assert all(row[2] == MARK and row[3] for row in published_rows(example)[1])
        assert f"{example.template.places} places" in published_design_words(example)
