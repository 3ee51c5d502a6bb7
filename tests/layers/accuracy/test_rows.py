"""Tables, charts, map and report of a backtest: the numbers of the result, each in its row."""

from __future__ import annotations

import numpy as np
import pytest

from layers.accuracy.charts import capture_chart, origin_chart
from layers.accuracy.map import certainty_deck, certainty_legend
from layers.accuracy.report import backtest_html
from layers.accuracy.rows import (
    lengths_of,
    origin_rows,
    paired_rows,
    place_rows,
    ranking_rows,
    scores_at,
    short_rows,
    way_rows,
    yardstick_of,
)
from layers.context import read_context
from layers.wording import percent
from spatial.backtest_results import BacktestResult
from spatial.incidents.store import IncidentStore


def test_lengths_are_named_and_the_yardstick_is_one_per_cent(result: BacktestResult) -> None:
    words = list(lengths_of(result).values())
    assert words == [
        "0.5% of the area", "1% of the area", "2% of the area", "5% of the area", "10 places",
    ]  # fmt: skip
    assert words[yardstick_of(result)] == "1% of the area"


def test_a_row_holds_the_results_own_numbers(result: BacktestResult) -> None:
    scores = scores_at(result, resolution=9, length=1)
    assert scores["area_share"].to_numpy() == pytest.approx(0.01)
    assert scores["captured_harm"].is_monotonic_decreasing
    assert scores["method"].iloc[0] == "oracle"
    head, rows = ranking_rows(result, resolution=9, length=1)
    assert len(rows) == len(scores)
    assert all(len(row) == len(head) for row in rows)
    ours = next(row for row in rows if row[0] == "Expected harm *")
    own = scores.set_index("method").loc["expected_harm"]
    assert ours[1].startswith(f"{percent(own['captured_harm'])} (")
    assert ours[2].startswith(f"{percent(own['captured'])} (")
    paired = result.paired.query(
        "method == 'expected_harm' and against == 'last_year_count' and measure == 'harm'"
    ).iloc[1]
    shown = ours[3].partition(" ")[0].replace("\N{MINUS SIGN}", "-")
    assert float(shown) == pytest.approx(100 * paired["difference"], abs=0.051)
    _, short = short_rows(result, resolution=9, length=1)
    assert {row[0] for row in short} < {row[0].removesuffix(" *") for row in rows}
    _, against = paired_rows(result, resolution=9, length=1)
    assert {"Last year's count", "Heat map"} <= {row[0] for row in against}
    assert len(way_rows(result)[1]) == len(rows)


def test_each_list_is_a_row_and_a_point(result: BacktestResult) -> None:
    head, rows = origin_rows(result, resolution=9, length=1)
    assert [row[0] for row in rows] == [
        "1 May 2026 to 31 Jul 2026", "1 Aug 2026 to 31 Oct 2026",
    ]  # fmt: skip
    assert head[-1] == "The best there was"
    assert "Expected incidents" not in head
    drawn = origin_chart(result, resolution=9, length=1)["data"]["values"]
    assert {(one["line"], one["from"]) for one in drawn} == {
        (name, start) for name in head[2:] for start in ("May 2026", "Aug 2026")
    }


def test_the_chart_draws_the_table_in_its_order(result: BacktestResult) -> None:
    drawn = capture_chart(result, resolution=9, length=1)["data"]["values"]
    _, short = short_rows(result, resolution=9, length=1)
    assert [one["name"] for one in drawn] == [row[0] for row in short]
    assert all(one["low"] <= one["held"] <= one["high"] for one in drawn)
    kinds = {one["name"]: one["kind"] for one in drawn}
    assert kinds["Expected harm"] == "can rank your list"
    assert kinds["Heat map"] == "to compare"
    assert kinds["The best there was"] == "the best there was"


def test_a_place_says_how_sure_it_is_and_what_raised_it(result: BacktestResult) -> None:
    places = result.certain_places
    parts = places[["own_history", "neighbours", "related", "base"]].sum(axis=1)
    np.testing.assert_allclose(parts, places["expected"])
    assert places["name"].str.len().gt(0).mean() > 0.5
    head, rows = place_rows(places, weighs_harm=True)
    assert head[4] == "Expected harm, days a year"
    assert len(rows) == len(places)
    assert rows[0][0] == "1"
    listed = [row for row in rows if not row[0].endswith("(off)")]
    assert len(listed) == 10
    assert {row[2] for row in rows if row[0].endswith("(off)")} <= {"near miss"}
    assert all("%" in row[5] for row in listed)


def test_the_map_shows_every_place_once_and_its_legend_counts_them(
    result: BacktestResult, saltmere_store: IncidentStore
) -> None:
    places = result.certain_places
    context = read_context(saltmere_store.context_layers())
    deck = certainty_deck(result, places, context, screen="laptop")
    names = {"certain", "might_be", "near-misses"}
    drawn = [row["hex"] for one in deck.layers[0] if one.id in names for row in one.data]
    assert sorted(drawn) == sorted(places["cell"])
    legend = certainty_legend(places)
    for number in places["standing"].value_counts():
        assert f"<b>{number}</b>" in legend


def test_the_report_is_whole_and_asks_nothing_from_outside(result: BacktestResult) -> None:
    page = backtest_html(result).decode()
    assert page.count(result.marking) == 2
    assert result.run_id in page
    assert "What each ranking held in 1% of the area" in page
    assert "How it can mislead" in page
    for word in ("<script", "http://", "https://", "prediction", "nan"):
        assert word not in page.lower()
    assert backtest_html(result) == backtest_html(result)
