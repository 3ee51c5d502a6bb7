"""Fairness: residents compared, and nothing of it in any ranking."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from config.errors import BadInputError
from config.version import VERSION
from layers.targets.files import target_files
from spatial.fairness import fairness
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from spatial.patrol_list import PatrolList, patrol_list, read_patrol_list
from spatial.results import HotspotRequest, TargetRequest, TargetResult, TaskingRequest
from spatial.run import hotspots, targets, tasking
from spatial.window import Window

if TYPE_CHECKING:
    from pathlib import Path

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
REQUEST = TargetRequest("ark", YEAR, places=12)


@pytest.fixture(scope="module")
def listed(saltmere_store: IncidentStore) -> TargetResult:
    return targets(saltmere_store, REQUEST)


@pytest.fixture(scope="module")
def patrol(listed: TargetResult) -> PatrolList:
    return patrol_list(listed, version=VERSION)


@pytest.fixture
def without_census(saltmere_store: IncidentStore, tmp_path: Path) -> IncidentStore:
    """The sample town as if no census table had been loaded."""
    shutil.copytree(saltmere_store.path, tmp_path / "store")
    manifest = tmp_path / "store" / "store.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    del content["extras"]["context/census.geojson"]
    manifest.write_text(json.dumps(content), encoding="utf-8")
    return IncidentStore.open(tmp_path / "store")


@pytest.mark.slow
def test_the_census_table_changes_no_run_and_no_target(
    without_census: IncidentStore, tmp_path: Path
) -> None:
    asked = TaskingRequest("ark", YEAR, resolution=9, places=5)
    surface = HotspotRequest("ark", YEAR, resolution=8)
    request = TargetRequest("ark", YEAR, resolution=9)
    before = targets(without_census, request)
    ids = {
        before.run_id, tasking(without_census, asked).run_id,
        hotspots(without_census, surface).run_id,
    }  # fmt: skip
    table = tmp_path / "census.csv"
    table.write_text("code,decile,white,asian\n629000 370400,1,99,1\n", encoding="utf-8")
    load([table], without_census.path)
    store = IncidentStore.open(without_census.path)
    assert "census" in store.context_layers()
    after = targets(store, request)
    assert {after.run_id, tasking(store, asked).run_id, hotspots(store, surface).run_id} == ids
    columns = [name for name in before.areas if name != "geometry"]
    pd.testing.assert_frame_equal(before.areas[columns], after.areas[columns])


def test_residents_add_up(saltmere_store: IncidentStore, patrol: PatrolList) -> None:
    found = fairness(saltmere_store, patrol)
    assert found.residents is not None
    assert found.deciles is not None
    assert found.groups is not None
    # the borough's 95,000, less those of squares that reach over its border
    assert 94_000 < (found.residents_all or 0) <= 95_000
    assert found.deciles["residents_all"].sum() == pytest.approx(found.residents_all, abs=5)
    assert found.groups["residents_all"].sum() == pytest.approx(found.residents_all, abs=5)
    assert found.groups["share"].sum() == pytest.approx(1, abs=1e-3)
    assert found.deciles["share_all"].sum() == pytest.approx(1, abs=1e-3)
    assert found.places["residents"].sum() == pytest.approx(found.residents, abs=60)
    # harm in the deciles and in no census area is all there is
    assert 0.9 < found.deciles["incidents_share"].sum() <= 1
    assert "earlier" in found.why_not
    assert fairness(saltmere_store, patrol).run_id == found.run_id


def test_nothing_under_ten_is_shown(saltmere_store: IncidentStore, patrol: PatrolList) -> None:
    found = fairness(saltmere_store, patrol)
    assert found.deciles is not None
    shown = found.deciles["residents"].dropna()
    assert ((shown == 0) | (shown >= found.fewest_residents)).all()
    back = found.deciles["kept_back"]
    assert back.sum() != 1
    assert (
        found.deciles.loc[back, ["residents", "share", "low", "high", "ratio"]]
        .isna()
        .all(axis=None)
    )


def test_without_a_census_it_says_so(without_census: IncidentStore, patrol: PatrolList) -> None:
    found = fairness(without_census, patrol)
    assert found.residents is not None
    assert found.deciles is None
    assert found.groups is None
    assert "no census table with deciles" in found.why_not["deciles"]
    assert found.source == ""


def test_how_often_places_come_back(
    saltmere_store: IncidentStore, patrol: PatrolList, listed: TargetResult
) -> None:
    year_before = Window(dt.date(2024, 11, 1), dt.date(2025, 10, 31))
    before = targets(saltmere_store, replace(REQUEST, window=year_before))
    rows = pd.concat([pd.DataFrame(before.areas), pd.DataFrame(listed.areas)])
    found = fairness(saltmere_store, patrol, earlier=rows)
    # the list itself is not one of its own earlier ones
    assert set(found.places["of_lists"]) == {1}
    same = set(before.areas["area_id"]) & set(listed.areas["area_id"])
    again = found.places.set_index("area_id")["lists"]
    assert same
    assert (again[sorted(same)] == 1).all()


def test_a_list_read_back_from_its_folder_says_the_same(
    saltmere_store: IncidentStore, patrol: PatrolList, listed: TargetResult, tmp_path: Path
) -> None:
    for name, content in target_files(listed).items():
        (tmp_path / name).write_bytes(content)
    read = fairness(saltmere_store, read_patrol_list(tmp_path))
    here = fairness(saltmere_store, patrol)
    assert read.run_id == here.run_id
    assert read.why_not == here.why_not
    assert read.deciles is not None
    assert here.deciles is not None
    np.testing.assert_allclose(read.deciles["residents"], here.deciles["residents"], atol=1)
    areas = tmp_path / "targets.geojson"
    areas.write_bytes(areas.read_bytes().replace(b"High Street", b"Low Street"))
    with pytest.raises(BadInputError, match="somebody changed it"):
        read_patrol_list(tmp_path)
    areas.unlink()
    with pytest.raises(BadInputError, match=r"holds no targets\.geojson"):
        read_patrol_list(tmp_path)


def test_a_list_of_other_data_gets_no_harm_beside_it(
    saltmere_store: IncidentStore, patrol: PatrolList
) -> None:
    other = replace(patrol, areas=patrol.areas.assign(incidents=1))
    found = fairness(saltmere_store, other)
    assert "Make the list again" in found.why_not["recorded"]
    assert found.deciles is not None
    assert found.deciles["harm_share"].isna().all()
    weighed = replace(patrol, areas=patrol.areas.assign(harm_days=1.0))
    assert "--weights" in fairness(saltmere_store, weighed).why_not["recorded"]
    with pytest.raises(BadInputError, match="is not the one that list"):
        fairness(saltmere_store, replace(patrol, study_area_digest="0"))


def test_a_list_without_a_place_falls_on_nobody(
    saltmere_store: IncidentStore, patrol: PatrolList
) -> None:
    found = fairness(saltmere_store, replace(patrol, areas=patrol.areas.iloc[:0]))
    assert found.residents == 0
    assert found.places.empty
