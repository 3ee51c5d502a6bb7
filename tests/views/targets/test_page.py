"""The Targets page: what it shows, and each of its actions as each role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Action, Role
from register import overrides, targets, visits
from register.opening import Register
from register.overrides import OverrideDraft
from spatial.incidents.store import IncidentStore
from spatial.results import TargetResult
from tests.config.test_access import MAY
from tests.views.conftest import deck_of, words_of
from tests.views.lists import adopt, earlier_list, on_part, plan_of, visit_all
from tests.views.people import NOW, claims
from views.targets import build as targets_build

SEES = [role for role in Role if Action.SEE_TARGETS in MAY[role]]
REASON = "Private grounds, patrolled by the harbour"


def do_changes() -> None:
    import os  # noqa: PLC0415 (AppTest runs this function alone)

    from config.access import Action  # noqa: PLC0415
    from register import overrides, visits  # noqa: PLC0415
    from register.visits import VisitDraft  # noqa: PLC0415
    from views import frame, records  # noqa: PLC0415

    item, version = os.environ["ITEM"].split()
    with frame.plain_errors():
        records.change(Action.OVERRIDE, overrides.withdraw, item, version=int(version))
    with frame.plain_errors():
        draft = VisitDraft(area_id="PA-000000", start="2026-10-20 18:00", minutes=15)
        records.change(Action.ENTER_VISITS, visits.add, draft)


def click_twice() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from views.targets import cells as targets_cells  # noqa: PLC0415

    st.session_state["change_cells_nudge_PA-1"] = ["b"]
    for _ in range(2):
        targets_cells.clicked("nudge", "PA-1", "c")
        st.text(str(st.session_state["change_cells_nudge_PA-1"]))
    layers = [("nudge", "choice"), ("nudge", "list-cells"), ("drop", "choice")]
    st.text(" ".join(str(targets_cells.takes(*one)) for one in layers))


def rows_of(page: AppTest) -> list[dict[str, Any]]:
    found = [json.loads(one.proto.json) for one in page.get("bidi_component")]
    rows: list[dict[str, Any]] = next(one["rows"] for one in found if "rows" in one)
    return rows


@pytest.fixture(scope="module")
def earlier(saltmere_store: IncidentStore) -> TargetResult:
    return earlier_list(saltmere_store)


@pytest.fixture
def after(held: Register, earlier: TargetResult) -> Iterator[Register]:
    """The sample's register with a list adopted a fortnight ago, without a schedule."""
    adopt(held, earlier, None)
    return held


def kept_changes(register: Register) -> list[overrides.Override]:
    with register.reading() as session:
        return list(overrides.listed(session))


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_the_page(held: Register, role: Role) -> None:
    page = on_part("places", role)
    said = words_of(page)
    sees = Action.SEE_TARGETS in MAY[role]
    assert ("officer-hours" in said) is sees
    assert ("you may not see the Targets page" in said) is not sees
    assert held.dialect == "sqlite"


def test_a_first_list_says_so_and_shows_the_week_of_its_best_place(held: Register) -> None:
    page = on_part("places")
    said = words_of(page)
    assert "A first list" in said
    assert "In-sample" in said
    assert "Out of sample: not known" in said
    assert "hx-facts" in said
    assert len(rows_of(page)) == 3
    assert "prediction" not in said.lower()
    assert "http" not in page.get("deck_gl_json_chart")[0].proto.json
    assert held.file is not None


def test_hours_and_shares_say_how_many(held: Register) -> None:
    # 46.7 officer-hours a place: 100 pay for two
    page = on_part("places", list_by="hours", list_hours=100)
    assert len(rows_of(page)) == 2
    page = on_part("places", list_by="share", list_share=15)
    assert 0 < len(rows_of(page)) < 10
    page = on_part("places", list_by="hours", list_hours=0)
    assert 'role="alert"' in words_of(page)
    assert held.file is not None


def test_a_number_that_cannot_be_shown_is_one_sentence(held: Register) -> None:
    page = on_part("curve", places=targets_build.MOST_PLACES + 1)
    assert "cannot be shown" in words_of(page)
    assert held.file is not None


def test_the_curve_says_what_more_hours_would_buy(held: Register) -> None:
    page = on_part("curve")
    said = words_of(page)
    assert "more officer-hours" in said
    assert "3 places (this list)" in said
    spec = page.get("vega_lite_chart")[0].proto.spec
    assert "In sample" in spec
    assert "http" not in spec.replace("https://vega.github.io/schema", "")
    assert held.file is not None


def test_compared_with_the_last_adopted_list(after: Register, earlier: TargetResult) -> None:
    page = on_part("compared")
    said = words_of(page)
    assert "kept" in said
    assert "since the list of 17 Oct 2026" in said
    layers = deck_of(page)
    assert layers["list-kept-line"]["data"]
    letters = {one["letter"] for one in layers["status-letters"]["data"]}
    assert "K" in letters
    # a place that is off the list is drawn where it lay, with a letter of its own
    gone = [one for one in letters if one == "D"]
    assert bool(gone) is ("Why it is gone" in said)
    ids = set(earlier.areas["area_id"])
    assert ids & {row["id"] for row in rows_of(on_part("places"))}
    page = on_part("compared", list_compare="none")
    assert "A first list" in words_of(page)
    assert after.file is not None


@pytest.mark.parametrize("role", list(Role))
def test_a_change_asks_for_the_role(
    held: Register, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held.writing() as session:
        draft = OverrideDraft(kind="drop", areas=("PA-000000",), reason=REASON)
        kept = overrides.add(session, draft, now=NOW, by="other")
    monkeypatch.setenv("ITEM", f"{kept.id} {kept.version}")
    page = AppTest.from_function(do_changes, default_timeout=60)
    page.user = claims(role.value)
    said = words_of(page.run())
    assert not page.exception
    with held.reading() as session:
        entered = [one for one in visits.listed(session) if one.area_id == "PA-000000"]
    assert bool(entered) is (Action.ENTER_VISITS in MAY[role])
    assert (not kept_changes(held)) is (Action.OVERRIDE in MAY[role])
    assert ("you may not enter visits" in said) is (Action.ENTER_VISITS not in MAY[role])
    assert ("you may not override the list of places" in said) is (Action.OVERRIDE not in MAY[role])


def test_a_place_is_dropped_with_a_reason_after_its_cost_was_shown(held: Register) -> None:
    role = Role.TASKING_LEAD
    page = on_part("change", role)
    first = page.selectbox(key="change_place").value
    page.text_input(key="change_reason_0").set_value(REASON)
    page.button(key="change_try").click().run()
    assert not page.exception
    said = words_of(page)
    assert "not kept yet" in said
    assert "Gives up" in said
    assert not kept_changes(held)
    page.button(key="change_keep").click().run()
    assert "Kept." in words_of(page)
    (kept,) = kept_changes(held)
    assert (kept.kind, kept.areas, kept.reason) == ("drop", (first,), REASON)
    assert kept.created_by == f"{role.value}@force.example"
    assert first not in {row["id"] for row in rows_of(on_part("places", role))}
    # withdrawn, it is back
    page.selectbox(key="change_withdraw").select(kept.id).run()
    page.button(key="change_withdraw_now").click().run()
    assert "Withdrawn." in words_of(page)
    assert first in {row["id"] for row in rows_of(on_part("places", role))}


def test_a_change_without_a_reason_is_refused(held: Register) -> None:
    page = on_part("change")
    page.button(key="change_try").click().run()
    assert "reason" in words_of(page)
    assert not any(button.key == "change_keep" for button in page.button)
    assert not kept_changes(held)


def test_a_change_that_somebody_else_withdrew_is_said(held: Register) -> None:
    with held.writing() as session:
        draft = OverrideDraft(kind="drop", areas=("PA-000000",), reason=REASON)
        kept = overrides.add(session, draft, now=NOW, by="other")
    page = on_part("change")
    assert "no place is found there" in words_of(page)
    page.selectbox(key="change_withdraw").select(kept.id).run()
    with held.writing() as session:
        mended = replace(draft, reason="Another reason")
        overrides.change(session, kept.id, mended, version=kept.version, now=NOW, by="other")
    page.button(key="change_withdraw_now").click().run()
    assert not page.exception
    assert "Reload" in words_of(page)
    assert kept_changes(held)


def test_cells_are_taken_from_a_list_and_the_place_grows(held: Register) -> None:
    page = on_part("change", change_kind="nudge")
    (box,) = (one for one in page.multiselect if "Cells" in one.label)
    own = list(box.value)
    # every offered cell is drawn, the taken ones among them
    drawn = deck_of(page)["choice"]["data"]
    assert sum(one["tip"].startswith("Taken") for one in drawn) == len(own)
    words = {one["hex"]: one["tip"] for one in drawn}
    free = next(cell for cell, tip in words.items() if cell not in own and "belongs" not in tip)
    box.set_value([*own, free]).run()
    page.text_input(key="change_reason_0").set_value("The corner where they meet")
    page.button(key="change_try").click().run()
    assert "not kept yet" in words_of(page)
    page.button(key="change_keep").click().run()
    (kept,) = kept_changes(held)
    # one that does not adjoin is refused by its outcome, never in silence
    assert kept.cells == (tuple(sorted([*own, free])),)


def test_a_click_on_an_offered_cell_takes_it_and_on_a_taken_one_leaves_it(held: Register) -> None:
    page = AppTest.from_function(click_twice, default_timeout=60).run()
    assert not page.exception
    assert [text.value for text in page.text] == ["['b', 'c']", "['b']", "True False False"]
    assert held.file is not None


def test_a_place_by_hand_begins_at_a_grid_reference(held: Register) -> None:
    page = on_part("change", change_kind="add")
    page.text_input(key="change_reference").set_value("TG 2600 7300").run()
    assert not page.exception
    page.text_input(key="change_name_0").set_value("Old mill")
    page.text_input(key="change_reason_0").set_value("Asked for by the parish")
    page.button(key="change_try").click().run()
    page.button(key="change_keep").click().run()
    (kept,) = kept_changes(held)
    assert (kept.kind, kept.name, len(kept.cells[0])) == ("add", "Old mill", 1)
    listed = {row["name"]: row["tag"] for row in rows_of(on_part("places"))}
    assert listed["Old mill"] == "by hand"
    assert len(listed) == 4
    # a second one on the same ground cannot stand beside it, and nothing of it is kept
    page = on_part("change", change_kind="add")
    page.text_input(key="change_reference").set_value("TG 2600 7300").run()
    page.text_input(key="change_name_0").set_value("Old mill again")
    page.text_input(key="change_reason_0").set_value("Asked for twice")
    page.button(key="change_try").click().run()
    assert "overlap" in words_of(page)
    assert len(kept_changes(held)) == 1


def test_a_grid_reference_that_is_none_is_one_sentence(held: Register) -> None:
    page = on_part("change", change_kind="add")
    page.text_input(key="change_reference").set_value("the old mill").run()
    assert "is no grid reference" in words_of(page)
    assert held.file is not None


@pytest.mark.parametrize("role", [Role.ANALYST, Role.TASKING_LEAD])
def test_a_schedule_is_made_and_adopted_with_the_list(held: Register, role: Role) -> None:
    page = on_part("schedule", role)
    page.button(key="schedule_make").click().run()
    assert not page.exception
    said = words_of(page)
    assert "told from chance" in said
    assert "officer hours a day" in said
    page.radio(key="list_part").set_value("files").run()
    decides = Action.ADOPT in MAY[role]
    buttons = [button for button in page.button if button.label == "Adopt this list"]
    assert bool(buttons) is decides
    if not decides:
        return
    buttons[0].click().run()
    assert "Adopted." in words_of(page)
    with held.reading() as session:
        (one,) = targets.listed(session)
    assert (one.last_date - one.first_date).days == 13


def test_a_schedule_that_cannot_be_is_one_sentence(held: Register) -> None:
    page = on_part("schedule")
    next(box for box in page.number_input if box.label == "Places a day").set_value(4)
    page.button(key="schedule_make").click().run()
    assert "the list holds 3" in words_of(page)
    assert held.file is not None


def test_nobody_is_given_files_who_may_not_take_them(
    held: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "own.toml"
    rules.write_text('[sign_in]\nmethod = "oidc"\n[may]\nexport = ["administrator"]')
    monkeypatch.setenv("HARMHEX_ACCESS", str(rules))
    page = on_part("files")
    assert not any(button.key == "files_write" for button in page.button)
    assert not page.get("download_button")
    assert any(one.key == "files_write" for one in on_part("files", Role.ADMINISTRATOR).button)
    assert held.file is not None


def test_files_are_written_when_asked_for(held: Register) -> None:
    page = on_part("files")
    page.button(key="files_write").click().run()
    assert not page.exception
    names = {one.proto.label for one in page.get("download_button")}
    assert {"CSV", "KML", "GeoPackage", "Shapefile", "MapInfo TAB"} <= names
    assert any("partners" in name for name in names)
    page.button(key="return_make").click().run()
    assert not page.exception
    assert 'role="alert"' not in words_of(page)
    assert held.file is not None


def test_a_visit_is_entered_and_withdrawn(after: Register, earlier: TargetResult) -> None:
    page = on_part("visits")
    turn = page.session_state["visits_round"]
    page.selectbox(key=f"visit_area_{turn}").select(str(earlier.areas["area_id"].iloc[0]))
    page.date_input(key=f"visit_day_{turn}").set_value(NOW.date().replace(month=10, day=20))
    page.multiselect(key=f"visit_seen_{turn}").set_value(["groups"])
    page.button(key="visit_send").click().run()
    assert not page.exception
    said = words_of(page)
    assert "Entered." in said
    assert "no schedule was adopted" in said
    with after.reading() as session:
        (made,) = [one for one in visits.listed(session) if one.source == "form"]
    assert made.start == "2026-10-20T18:00"
    page.selectbox(key="visit_withdraw").select(made.id).run()
    page.button(key="visit_withdraw_now").click().run()
    assert "Withdrawn." in words_of(page)


def test_visits_are_held_against_the_schedule(held: Register, earlier: TargetResult) -> None:
    plan = plan_of(earlier)
    adopt(held, earlier, plan)
    entered = visit_all(held, plan, leave_out=10)
    page = on_part("visits")
    planned = int((plan.table["visit"] > 0).sum())
    assert f"{entered:,} of {planned:,} visits" in words_of(page)
    said = words_of(on_part("places"))
    assert "planned visits made" in said
