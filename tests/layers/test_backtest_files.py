"""A backtest's files: the contract's keys, plain values, and the same bytes twice."""

from __future__ import annotations

import json

import pytest

from layers.backtest_files import REPORT_FILE, RESULT_FILE, TABLE_FILES, backtest_files
from spatial.backtest import backtest
from spatial.backtest_results import BacktestRequest, BacktestResult
from spatial.incidents.store import IncidentStore


@pytest.fixture(scope="module")
def result(saltmere_store: IncidentStore) -> BacktestResult:
    return backtest(
        saltmere_store, BacktestRequest("ark", known_months=33, area_shares=(0.01,), places=(10,))
    )


def test_the_contracts_keys_are_there(result: BacktestResult) -> None:
    content = json.loads(backtest_files(result)[RESULT_FILE])
    assert {"origins", "scores", "paired", "recommendation"} <= content.keys()
    contract = {
        "method", "resolution", "area_share", "captured", "captured_harm", "pai", "pei", "low",
        "high",
    }  # fmt: skip
    assert contract <= content["scores"][0].keys()
    assert {"method", "against", "difference", "low", "high"} <= content["paired"][0].keys()
    named = {row["method"] for row in content["scores"]}
    assert {"last_year_count", "kde", "raw_harm", "expected_harm", "oracle"} <= named
    assert content["origins"][0]["scored_from"] == "2026-08-01"
    assert content["marking"] == result.marking
    assert content["recommendation"]["words"]
    oracle = next(row for row in content["scores"] if row["method"] == "oracle")
    assert oracle["recapture_ratio"] is None


def test_every_table_is_a_file_with_run_and_marking(result: BacktestResult) -> None:
    files = backtest_files(result)
    assert set(files) == {*TABLE_FILES.values(), REPORT_FILE, RESULT_FILE}
    for name in TABLE_FILES.values():
        lines = files[name].decode("utf-8-sig").splitlines()
        assert lines[0].endswith("run_id,data_through,marking")
        assert all(line.endswith(result.marking) for line in lines[1:])
        assert all(result.run_id in line for line in lines[1:])
    assert len(files["scores.csv"].splitlines()) == 1 + len(result.scores)
    assert files == backtest_files(result)
