from __future__ import annotations

import pytest

from spatial.backtest import backtest
from spatial.backtest_results import BacktestRequest, BacktestResult
from spatial.incidents.store import IncidentStore


@pytest.fixture(scope="package")
def result(saltmere_store: IncidentStore) -> BacktestResult:
    return backtest(saltmere_store, BacktestRequest("ark", known_months=30, places=(10,)))
