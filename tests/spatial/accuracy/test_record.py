"""The record agrees with the counts that the product ranks by; the known, with its months."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from config.errors import BadInputError
from config.profile import load_profile
from spatial.accuracy.ground import backtest_ground, parents
from spatial.accuracy.known import Known, latest
from spatial.accuracy.record import Record, read_record
from spatial.accuracy.timeline import Horizon, plan_timeline
from spatial.hexes.history import count_history
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.scene import Scene, open_scene
from spatial.window import Window
from tests.spatial.accuracy.invented import BEGINS, QUARTER, ground, record, timeline, town

CONDITION = profile_condition(load_profile("ark"))
WINDOW = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))


@pytest.fixture(scope="module")
def scene(saltmere_store: IncidentStore) -> Scene:
    return open_scene(saltmere_store, None, 9)


@pytest.fixture(scope="module")
def read(scene: Scene) -> Record:
    return read_record(
        scene.connection,
        CONDITION,
        begins=WINDOW.first,
        ends=dt.date(2026, 11, 1),
        grid=scene.grid,
        without=("anti-social-behaviour", "disorder"),
    )


def test_it_counts_what_the_product_counts(scene: Scene, read: Record) -> None:
    counted = count_history(scene.connection, CONDITION, window=WINDOW, grid=scene.grid)
    plan = plan_timeline(WINDOW.first, WINDOW.last, horizon=Horizon(months=3), months_only=False)
    known = Known(
        backtest_ground(scene.grid, read.points), read, plan, dt.date(2026, 11, 1), ahead=3.0
    )
    assert known.periods == counted.history.periods
    for kind, name in enumerate(read.kinds):
        for period in (0, 5, 11):
            weights = (np.arange(12) == period).astype(float)
            np.testing.assert_array_equal(
                known.history.weighted([kind], weights),
                counted.history.weighted([counted.history.kinds.index(name)], weights),
            )
    gone = set(counted.history.kinds) - set(read.kinds)
    assert gone == {"other: anti-social-behaviour"}
    weights = read.weights()
    assert weights.keys() == counted.weights.keys()
    for name, days in weights.items():
        assert days == pytest.approx(counted.weights[name])


def test_points_hold_every_located_incident_of_the_profile(read: Record) -> None:
    own = read.kind < read.tiers
    assert read.site_incidents.sum() == read.incidents[own].sum()
    assert (np.diff(read.day) >= 0).all()
    assert (np.diff(read.site_day) >= 0).all()


def test_what_is_cut_is_gone() -> None:
    grid = town(3)
    held = record(grid, events=300)
    part = held.between(100, 200)
    assert ((part.day >= 100) & (part.day < 200)).all()
    assert ((part.site_day >= 100) & (part.site_day < 200)).all()
    rest = held.between(0, 100).summed("incidents") + held.between(200, 10**6).summed("incidents")
    np.testing.assert_array_equal(held.summed("incidents"), part.summed("incidents") + rest)


def test_periods_by_days_are_counted_back_from_the_origin() -> None:
    grid = town(3)
    held = record(grid, events=300)
    plan = plan_timeline(
        BEGINS, dt.date(2025, 12, 31), horizon=Horizon(months=0, days=14), months_only=False
    )
    origin = plan.origins[0]
    end = (origin.day - BEGINS).days
    known = Known(ground(grid, held), held.between(0, end), plan, origin.day, 14 / 30.4)
    assert known.period.max() == known.periods - 1
    newest = known.record.day >= end - 30
    assert (known.period[newest] == known.periods - 1).all()
    assert known.history.incidents.sum() <= known.record.incidents.sum()


def test_the_latest_periods_are_renumbered() -> None:
    grid = town(3)
    held = record(grid, events=300)
    plan = timeline()
    day = dt.date(2025, 7, 1)
    # a record that reaches beyond its origin is refused
    with pytest.raises(BadInputError, match="Leave out what lies outside"):
        _ = Known(ground(grid, held), held, plan, day, QUARTER.in_months).history
    past = held.between(0, (day - BEGINS).days)
    known = Known(ground(grid, held), past, plan, day, QUARTER.in_months)
    short = latest(known.history, 12)
    assert short.periods == 12
    weights = np.append(np.zeros(6), np.ones(12))
    np.testing.assert_array_equal(short.total([0]), known.history.weighted([0], weights))
    assert latest(known.history, 99) is known.history


def test_coarser_cells_are_h3s_own() -> None:
    import h3.api.basic_int as h3_int  # noqa: PLC0415 (only here)

    cells = town(4).cells
    for resolution in (8, 7, 5):
        peer = [h3_int.cell_to_parent(cell, resolution) for cell in cells.tolist()]
        np.testing.assert_array_equal(parents(cells, resolution=resolution), peer)
