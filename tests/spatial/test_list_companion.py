"""The companion of a list's share: the same lists as those asked for, on the past alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from config.errors import BadInputError
from config.profile import Measure
from spatial.accuracy.timeline import Horizon
from spatial.backtest import backtest
from spatial.backtest_results import BacktestRequest
from spatial.hexes.grid import cell_names
from spatial.incidents.store import IncidentStore
from spatial.list_companion import list_companion
from spatial.results import TargetRequest
from spatial.run import targets
from spatial.scene import count_subject, open_scene
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
COUNTED = TargetRequest("ark", YEAR, resolution=10, places=12, measure=Measure.COUNT)


@pytest.mark.slow
def test_it_is_what_the_lists_themselves_went_on_to_hold(saltmere_store: IncidentStore) -> None:
    asked = replace(COUNTED, window=Window(dt.date(2024, 5, 1), dt.date(2026, 10, 31)))
    found = list_companion(saltmere_store, asked, resolution=10, places=12)
    assert (found.origins, found.horizon_words, found.known_months) == (2, "3 months", (30, 30))
    scene = open_scene(saltmere_store, None, 10)
    held = everything = 0
    for first, begins, after in (
        (dt.date(2023, 11, 1), dt.date(2026, 5, 1), dt.date(2026, 8, 1)),
        (dt.date(2024, 2, 1), dt.date(2026, 8, 1), dt.date(2026, 11, 1)),
    ):
        past = Window(first, begins - dt.timedelta(days=1))
        listed = targets(saltmere_store, replace(COUNTED, window=past))
        ahead = Window(begins, after - dt.timedelta(days=1))
        counts = count_subject(scene, listed.profile, ahead).counts
        named = {cell for cells in listed.areas["cells"] for cell in cells.split()}
        inside = np.isin(cell_names(scene.grid.cells), sorted(named))
        held += int(counts.harm[inside].sum())
        everything += int(counts.harm.sum())
    assert found.share == pytest.approx(held / everything)
    assert found.low < found.share < found.high
    assert found.measure == "harm"


def test_single_cells_hold_what_the_backtest_says_of_them(saltmere_store: IncidentStore) -> None:
    asked = replace(COUNTED, resolution=9, measure=Measure.HARM)
    found = list_companion(saltmere_store, asked, resolution=9, places=20)
    request = BacktestRequest("ark", places=(20,), area_shares=())
    scores = backtest(saltmere_store, replace(request, known_months=33)).scores
    own = scores.set_index("method").loc["raw_harm", "captured_harm"]
    # the same rule on the last quarter alone, but for homicide, which ranks no place
    last = list_companion(
        saltmere_store,
        replace(asked, window=Window(dt.date(2023, 11, 1), dt.date(2026, 7, 31))),
        resolution=9,
        places=20,
    )
    assert last.origins == 1
    assert last.share == pytest.approx(own, abs=0.1)
    assert found.share == pytest.approx(own, abs=0.15)


def test_short_data_are_said_by_the_months_known(saltmere_store: IncidentStore) -> None:
    long = replace(COUNTED, window=Window(dt.date(2023, 11, 1), dt.date(2026, 10, 31)))
    found = list_companion(saltmere_store, long, resolution=10, places=12)
    # no quarter has 36 months before it: as much as there is before each, a year at least
    assert found.known_months == (12, 33)
    assert found.origins == 8


def test_disorder_is_scored_by_incidents(saltmere_store: IncidentStore) -> None:
    asked = TargetRequest("asb", YEAR, resolution=9, places=5)
    found = list_companion(saltmere_store, asked, resolution=9, places=5)
    assert found.measure == "incidents"
    assert 0 < found.low < found.high < 1


@pytest.mark.parametrize(
    ("asked", "horizon", "said"),
    [
        ({}, Horizon(months=30), "horizon of 24 months or less"),
        ({"drawn": "beats"}, Horizon(), "not of areas drawn by hand"),
        ({"measure": Measure.HARM, "profile": "asb"}, Horizon(), "has no harm weight"),
    ],
)
def test_what_cannot_be_said_is_refused(
    saltmere_store: IncidentStore, asked: dict[str, object], horizon: Horizon, said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        list_companion(
            saltmere_store, replace(COUNTED, **asked), resolution=10, places=12, horizon=horizon
        )
