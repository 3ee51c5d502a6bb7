from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from config.version import VERSION
from spatial.incidents.store import IncidentStore
from spatial.list_facts import list_facts
from spatial.patrol_list import PatrolList, patrol_list
from spatial.results import TargetRequest
from spatial.run import targets
from spatial.window import Window

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))


@pytest.fixture(scope="module")
def patrol(saltmere_store: IncidentStore) -> PatrolList:
    return patrol_list(
        targets(saltmere_store, TargetRequest("ark", YEAR, places=3)), version=VERSION
    )


def test_a_list_is_told_the_hours_and_kinds_it_was_made_with(
    saltmere_store: IncidentStore, patrol: PatrolList
) -> None:
    found = list_facts(saltmere_store, patrol)
    assert not found.why_not
    assert found.times is not None
    # the very words of the list: nothing was found anew
    assert [one.words for one in found.times] == patrol.areas["peak_windows"].tolist()
    assert found.kinds is not None
    assert found.kinds.sum(axis=1).tolist() == patrol.areas["incidents"].tolist()
    assert found.cells is not None
    assert found.weighs_harm
    named = {cell for cells in patrol.areas["cells"] for cell in cells.split()}
    own = found.cells[found.cells["cell"].isin(named)]
    # the cells of the places hold their harm, to the rounding of the list
    assert own["value"].sum() == pytest.approx(patrol.areas["harm_days"].sum(), abs=0.2)


def test_polygons_count_what_lies_inside_them(
    saltmere_store: IncidentStore, patrol: PatrolList
) -> None:
    # the outline of an area of cells holds what its cells hold
    found = list_facts(saltmere_store, patrol, drawn=True)
    assert not found.why_not
    assert found.kinds is not None
    assert found.kinds.sum(axis=1).tolist() == patrol.areas["incidents"].tolist()


def test_a_store_that_has_changed_prints_no_hours(
    saltmere_store: IncidentStore, patrol: PatrolList
) -> None:
    areas = patrol.areas.assign(incidents=np.array([1, 2, 3]))
    found = list_facts(saltmere_store, replace(patrol, areas=areas))
    assert found.times is None
    assert found.kinds is None
    assert "place 1 holds" in found.why_not
    assert "and 1 on the list" in found.why_not


def test_another_town_or_a_profile_that_is_gone_is_said(
    saltmere_store: IncidentStore, patrol: PatrolList
) -> None:
    other = list_facts(saltmere_store, replace(patrol, study_area_digest="elsewhere"))
    assert "is not the one the list was made on" in other.why_not
    gone = list_facts(saltmere_store, replace(patrol, profile="no_such_profile"))
    assert gone.why_not.startswith("Not counted again from the store:")
    assert gone.border is None
