from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Role
from tests.views.conftest import deck_of, run_tasking_page, words_of
from tests.views.lists import adopt, earlier_list, plan_of, visit_all
from tests.views.people import claims, places_of

if TYPE_CHECKING:
    from register.opening import Register
    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetResult


@pytest.fixture(scope="module")
def earlier(saltmere_store: IncidentStore) -> TargetResult:
    return earlier_list(saltmere_store)


@pytest.fixture
def after(held: Register, earlier: TargetResult) -> Register:
    """The sample's register with a list, its schedule and most of its visits."""
    plan = plan_of(earlier)
    adopt(held, earlier, plan)
    visit_all(held, plan, leave_out=3)
    return held


def opened(role: Role, **chosen: object) -> AppTest:
    page = AppTest.from_function(run_tasking_page, default_timeout=60)
    page.user = claims(role.value)
    for name, value in chosen.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    return page


@pytest.mark.usefixtures("after")
def test_last_period_is_drawn_said_and_listed(earlier: TargetResult) -> None:
    page = opened(Role.TASKING_LEAD)
    said = words_of(page)
    assert "dropped" in said
    assert "since the list of" in said
    assert "patrol hours" in said
    assert "delivered of those planned until" in said
    assert "status-letters" not in deck_of(page)
    columns = json.loads(page.get("bidi_component")[0].proto.json)["columns"]
    assert "status" in [key for key, *_ in columns]

    page.checkbox(key="show_last_period").check().run()
    assert not page.exception
    drawn = deck_of(page)
    letters = {row["letter"] for row in drawn["status-letters"]["data"]}
    assert letters <= set("KNMD")
    assert "kept from the last list" in words_of(page)

    kept = {str(one) for one in earlier.areas["area_id"]}
    row = next(one for one in places_of(page) if one["id"] in kept)
    page.session_state["area"] = row["id"]
    page.session_state["drawer_open"] = True
    page.run()
    told = words_of(page)
    assert "planned visits made" in told
    assert "Latest visits" in told
    assert "On 1 list" in told
    assert "number" in told


@pytest.mark.usefixtures("after")
def test_a_viewer_sees_the_list_and_takes_nothing_away(earlier: TargetResult) -> None:
    page = opened(Role.VIEWER, area=str(earlier.areas["area_id"].iloc[0]), drawer_open=True)
    said = words_of(page)
    assert '<div class="hx-story">' in said
    # an account is the register's to show
    assert "lead@force.example" not in said
    assert "On 1 list" not in said
    # nor when each visit was, and what was seen
    assert "planned visits made" in said
    assert "Latest visits" not in said
    assert list(page.get("download_button")) == []
    assert not any(one.proto.label == "Adopt this list" for one in page.button)
    assert "prediction" not in said.lower()
