from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from spatial.area_change import area_change, kinds_at
from spatial.report import section
from spatial.report_results import ReportRequest
from spatial.results import TargetRequest
from spatial.run import targets
from spatial.window import Window

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

QUARTER = Window(dt.date(2024, 11, 1), dt.date(2025, 1, 31))


def test_it_is_the_change_that_the_report_gives_of_the_whole(saltmere_store: IncidentStore) -> None:
    found = area_change(saltmere_store, "ark", window=QUARTER, study_area=None, resolution=9)
    assert found is not None
    request = ReportRequest("ark", QUARTER, resolution=9, places=1)
    facts = section(saltmere_store, request, "change").facts
    for name in ("now", "before", "ratio", "low", "high", "verdict"):
        assert getattr(found, name) == facts[name], name
    assert found.comparison.same_season


def test_without_an_earlier_window_there_is_none(saltmere_store: IncidentStore) -> None:
    ever = Window(saltmere_store.data_from, saltmere_store.data_through)
    assert area_change(saltmere_store, "ark", window=ever, study_area=None, resolution=9) is None


@pytest.mark.parametrize("profile", ["ark", "asb"])
def test_the_kinds_of_a_place_add_up_to_its_incidents(
    saltmere_store: IncidentStore, profile: str
) -> None:
    found = targets(saltmere_store, TargetRequest(profile, QUARTER, places=2))
    for row in found.areas.to_dict("records"):
        kinds = kinds_at(saltmere_store, profile, cells=row["cells"], window=QUARTER, resolution=10)
        assert sum(kinds.values()) == row["incidents"]
        assert (set(kinds) == {"disorder"}) is (profile == "asb")
