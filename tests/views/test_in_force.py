"""What the register adds to a list: on the Tasking page, when files are gone, when it is gone."""

from __future__ import annotations

import datetime as dt

import h3
import pytest
from streamlit.testing.v1 import AppTest

from config.access import Action, Role
from config.errors import BadInputError
from register import overrides
from register.archive import archive_beside
from register.opening import Register
from register.overrides import OverrideDraft
from spatial.incidents.store import IncidentStore
from spatial.results import TargetRequest, TargetResult
from spatial.window import Window
from tests.config.test_access import MAY
from tests.views.conftest import APP, words_of
from tests.views.lists import adopt, earlier_list, plan_of, visit_all
from tests.views.people import NOW, claims, places_of
from views import access, in_force, records
from views.windows import CHOSEN_DATES

WINDOW = Window(dt.date(2023, 11, 1), dt.date(2024, 1, 31))
REQUEST = TargetRequest("ark", WINDOW, study_area=None, places=3)
REASON = "Private grounds"


@pytest.fixture(scope="module")
def earlier(saltmere_store: IncidentStore) -> TargetResult:
    return earlier_list(saltmere_store)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TASKING_LEAD])
def test_tasking_compares_applies_and_says_what_was_delivered(
    held: Register, earlier: TargetResult, role: Role
) -> None:
    plan = plan_of(earlier)
    adopt(held, earlier, plan)
    entered = visit_all(held, plan, leave_out=4)
    gone, called = earlier.areas["area_id"].iloc[0], earlier.areas["area_id"].iloc[1]
    with held.writing() as session:
        for draft in (
            OverrideDraft(kind="drop", areas=(gone,), reason=REASON),
            OverrideDraft(kind="rename", areas=(called,), name="The front", reason=REASON),
        ):
            overrides.add(session, draft, now=NOW, by="analyst@force.example")
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims(role.value)
    app.session_state["places"] = 3
    app.session_state["preset"] = CHOSEN_DATES
    app.session_state["dates"] = (WINDOW.first, WINDOW.last)
    app.run()
    assert not app.exception
    said = words_of(app)
    assert "since the list of 17 Oct 2026" in said
    # 15 minutes each, in hours on the strip
    assert f"<b>{entered / 4:g} of {(entered + 4) / 4:g} patrol hours</b>" in said
    rows = {row["id"]: row for row in places_of(app)}
    assert gone not in rows
    assert rows[called]["name"] == "The front"
    details = dict(rows[called]["details"])
    assert "planned visits made" in details["Last period"]
    # who changed it is shown to those who may see the register
    assert ("By hand" in details) is (Action.SEE_REGISTER in MAY[role])


def test_only_a_list_of_the_same_kind_before_today_is_compared_with(
    held: Register,
    earlier: TargetResult,
    saltmere_store: IncidentStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert in_force.in_force(saltmere_store, REQUEST).previous is None
    adopt(held, earlier, None)
    found = in_force.in_force(saltmere_store, REQUEST)
    assert found.previous is not None
    assert found.previous.called == "The list of 17 Oct 2026"
    assert found.previous.window == earlier.window
    # read whole: the areas just below the list keep their ids too
    assert set(earlier.also_known["area_id"]) <= set(found.previous.table["area_id"])
    other = TargetRequest("robbery", WINDOW, places=3)
    assert in_force.in_force(saltmere_store, other).previous is None
    assert in_force.in_force(saltmere_store, REQUEST, compare=in_force.NONE).previous is None
    monkeypatch.setattr(records, "today", lambda _: dt.date(2026, 10, 17))
    assert in_force.in_force(saltmere_store, REQUEST).previous is None


def test_files_that_were_touched_are_not_believed(
    held: Register, earlier: TargetResult, saltmere_store: IncidentStore
) -> None:
    adopt(held, earlier, None)
    assert held.file is not None
    (archive_beside(held.file) / earlier.run_id / "targets.csv").write_bytes(b"else")
    found = in_force.in_force(saltmere_store, REQUEST)
    assert found.previous is not None
    assert list(found.previous.listed["area_id"]) == list(earlier.areas["area_id"])
    assert found.previous.window is None
    assert [note.loud for note in found.previous.notes] == [True]


def test_without_the_register_the_list_stands_and_the_page_says_so(
    saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        msg = "The register cannot be reached."
        raise BadInputError(msg)

    monkeypatch.setattr(in_force, "register_in_force", gone)
    found = in_force.in_force(saltmere_store, REQUEST)
    assert found.previous is None
    assert not found.overrides
    assert "people's changes count" in found.trouble
    assert "cannot be reached" in found.trouble


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_who_drew_what_overlaps_is_told_to_who_may_see_the_register(
    held: Register, saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    cells = tuple(sorted(h3.grid_disk(h3.latlng_to_cell(51.5, -0.1, 10), 1)))
    with held.writing() as session:
        for name in ("The pier", "The front"):
            draft = OverrideDraft(kind="add", cells=(cells,), name=name, reason=REASON)
            overrides.add(session, draft, now=NOW, by="pc(north)@force.example")
    monkeypatch.setattr(access, "may", lambda action: action in MAY[role])
    trouble = in_force.in_force(saltmere_store, REQUEST).trouble
    assert "add of 'The front'" in trouble
    assert "overlap in 7 of 7 cells" in trouble
    assert ("pc(north)@force.example" in trouble) is (Action.SEE_REGISTER in MAY[role])
