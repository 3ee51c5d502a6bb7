"""Risk terrain as a rival: one fit, on the past of the first origin, and no leak from later."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from config.errors import BadInputError
from spatial.backtest import backtest
from spatial.backtest_results import BacktestRequest
from spatial.backtest_risk import RISK_TERRAIN, risk_rivals
from spatial.incidents.store import IncidentStore
from spatial.risk_results import RiskRequest
from spatial.window import Window

ASKED = BacktestRequest("ark", "saltmere", known_months=33, area_shares=(0.01, 0.05), places=(10,))


def _model(store: IncidentStore) -> RiskRequest:
    return RiskRequest(
        "ark",
        Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31)),
        (store.context_layers()["places"],),
        distances_m=(200.0, 400.0),
        operationalisations=("proximity",),
        kinds=("club", "takeaway"),
        exposure="none",
    )


@pytest.mark.slow
def test_it_is_tried_beside_the_others_and_named_in_the_run(saltmere_store: IncidentStore) -> None:
    fitted = risk_rivals(saltmere_store, ASKED, _model(saltmere_store))
    with_it = backtest(saltmere_store, ASKED, fitted_once=fitted)
    without = backtest(saltmere_store, ASKED)
    scores = with_it.scores.set_index(["method", "area_share"])
    assert (scores.loc[RISK_TERRAIN, "captured"] > 0).any()
    assert (scores.loc[RISK_TERRAIN, "captured"] <= scores.loc["oracle", "captured"] + 1e-9).all()
    ours = with_it.paired.query("method == 'expected_harm' and against == 'risk_terrain'")
    assert len(ours) == 2 * 3
    # the others are as they were
    both = with_it.scores[with_it.scores["method"] != RISK_TERRAIN].reset_index(drop=True)
    np.testing.assert_allclose(both["captured"], without.scores["captured"])
    assert with_it.run_id != without.run_id
    assert with_it.recommendation is not None
    assert with_it.recommendation.method != RISK_TERRAIN


def test_what_happened_later_changes_nothing_in_the_fit(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(saltmere_store.path, folder)
    changed = 0
    # every incident from the first origin on lies where the first of them did
    for file in sorted(folder.rglob("*.parquet")):
        table = pq.read_table(file)
        if "occurred_from" not in table.column_names:
            continue
        # wall-clock, as the store keeps it
        begins = dt.datetime(2026, 8, 1)  # noqa: DTZ001
        later = pc.greater_equal(table["occurred_from"], begins)
        names = [name for name in table.column_names if name.startswith("h3_")]
        known = pc.and_(later, pc.is_valid(table[names[0]]))
        first = table.filter(known).slice(0, 1)
        for name in (*names, "longitude", "latitude"):
            at = table.column_names.index(name)
            moved = pc.if_else(known, first[name][0], table[name])
            table = table.set_column(at, table.schema.field(name), moved)
        changed += pc.sum(known).as_py()
        pq.write_table(table, file)
    assert changed > 400
    other = IncidentStore.open(folder)
    ours = risk_rivals(saltmere_store, ASKED, _model(saltmere_store))[9][RISK_TERRAIN]
    theirs = risk_rivals(other, ASKED, _model(saltmere_store))[9][RISK_TERRAIN]
    assert np.ptp(ours.scores) > 0
    np.testing.assert_array_equal(ours.scores, theirs.scores)


def test_an_area_that_tells_of_later_months_is_refused(saltmere_store: IncidentStore) -> None:
    with pytest.raises(BadInputError, match="cells tell of later months"):
        risk_rivals(
            saltmere_store, replace(ASKED, study_area="ever-incident"), _model(saltmere_store)
        )
