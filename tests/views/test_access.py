"""Each page and each action as each role, and sign-ins that are over, forged or of no role."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from streamlit.navigation.page import StreamlitPage
from streamlit.testing.v1 import AppTest

from config.access import Action, Role
from register import audit, journal
from register.anchor import verify
from register.opening import open_register
from spatial.incidents.store import IncidentStore
from spatial.partners.store import PartnerStore
from tests.config.test_access import MAY
from tests.views.conftest import APP, words_of
from tests.views.people import Kept, allowed, asked, claims
from views import access, answers

PAGES = {
    Action.SEE_TASKING: "Tasking",
    Action.SEE_EVALUATION: "Evaluation",
    Action.SEE_ANALYSIS: "Analysis",
    Action.SEE_QUALITY: "Data and quality",
    Action.LOAD_DATA: "Load data",
}


def run_load_page() -> None:
    from views.loading import page as loading  # noqa: PLC0415 (AppTest runs this function alone)

    loading.page()


def run_analysis_page() -> None:
    from views.analysis import page as analysis  # noqa: PLC0415 (AppTest runs this function alone)

    analysis.page()


def do_suspect_decision() -> None:
    import os  # noqa: PLC0415 (AppTest runs this function alone)
    from pathlib import Path  # noqa: PLC0415

    from spatial.incidents.decided.decisions import Choice, Reason  # noqa: PLC0415
    from views import frame  # noqa: PLC0415
    from views.quality import suspect_points  # noqa: PLC0415

    point = {"longitude": 1.3, "latitude": 52.6, "source": "invented", "incidents": 0}
    store = Path(os.environ["HARMHEX_STORE"])
    with frame.plain_errors():
        suspect_points._record(  # noqa: SLF001 (what the button does)
            store, point, Choice.KEEP, Reason.OTHER, ""
        )
    with frame.plain_errors():
        suspect_points._withdraw(store, point)  # noqa: SLF001 (what the button does)


@pytest.mark.parametrize("role", list(Role))
def test_each_action_as_each_role(by_oidc: Kept, role: Role) -> None:
    assert allowed(asked(claims(role))) == MAY[role]
    refused = {entry["item"] for entry in by_oidc.of("refused")}
    assert refused == {action.value for action in set(Action) - MAY[role]}


@pytest.mark.usefixtures("on_saltmere")
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.slow
def test_each_page_as_each_role(by_oidc: Kept, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.views.conftest import run_quality_page, run_tasking_page  # noqa: PLC0415

    shown: list[str] = []
    real = access.pages

    def remembered(offered: Sequence[tuple[Action, StreamlitPage]]) -> list[StreamlitPage]:
        pages = real(offered)
        shown.extend(page.title for page in pages)
        return pages

    monkeypatch.setattr(access, "pages", remembered)
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims(role)
    app.run()
    assert not app.exception
    assert {title for title in shown if title in PAGES.values()} == {
        title for action, title in PAGES.items() if action in MAY[role]
    }
    assert f"{role}@force.example · {role.words}" in words_of(app)
    assert [entry["item"] for entry in by_oidc.of("seen")] == ["tasking"]
    assert len(by_oidc.of("accepted")) == 1
    labels = {button.label for button in app.get("download_button")}
    assert ({"CSV", "GeoJSON"} <= labels) is (Action.EXPORT in MAY[role])

    # an address typed by hand is answered by the page itself
    monkeypatch.setattr(answers, "open_store", lambda: pytest.fail("the store was opened"))
    for action, run in (
        (Action.SEE_TASKING, run_tasking_page),
        (Action.SEE_ANALYSIS, run_analysis_page),
        (Action.SEE_QUALITY, run_quality_page),
        (Action.LOAD_DATA, run_load_page),
    ):
        if action not in MAY[role]:
            page = AppTest.from_function(run)
            page.user = claims(role)
            assert f"As {role.words} you may not {action.words}" in words_of(page.run())
            assert not page.button
            assert not page.selectbox


@pytest.mark.parametrize("role", list(Role))
def test_location_decisions_are_checked_where_they_are_made(
    by_oidc: Kept,
    role: Role,
    saltmere_store: IncidentStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = tmp_path / "store"
    shutil.copytree(saltmere_store.path, store)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    page = AppTest.from_function(do_suspect_decision)
    page.user = claims(role)
    said = words_of(page.run())
    done = [(entry["action"], entry["noun"]) for entry in by_oidc.facts]
    if Action.DECIDE_LOCATIONS in MAY[role]:
        assert "you may not" not in said
        assert done == [("changed", "location"), ("withdrawn", "location")]
    else:
        assert said.count("you may not decide about doubtful locations") == 2
        assert done == [("refused", "action")] * 2
        assert not IncidentStore.open(store).decisions


def test_a_button_of_somebody_else_does_nothing(
    by_oidc: Kept,
    rules: Callable[[str], None],
    saltmere_store: IncidentStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules('[sign_in]\nmethod = "oidc"\n[may]\nload_data = ["viewer", "analyst"]')
    store = tmp_path / "store"
    shutil.copytree(saltmere_store.path, store)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    (load,) = saltmere_store.loads
    page = AppTest.from_function(run_load_page, default_timeout=60)
    page.user = claims("analyst")
    page.run()
    page.checkbox(key=f"undo_sure_{load.load_id}").check().run()
    undo = page.button(key="undo")
    page.user = claims("viewer")
    undo.click().run()
    assert not page.exception
    assert not any(button.key in {"undo", "keep_weights"} for button in page.button)
    assert len(IncidentStore.open(store).loads) == 1

    page.user = claims("analyst")
    page.run()
    page.checkbox(key=f"undo_sure_{load.load_id}").check().run()
    page.button(key="undo").click().run()
    assert IncidentStore.open(store).loads == ()
    (entry,) = by_oidc.of("withdrawn")
    assert (entry["noun"], entry["item"]) == ("load", load.load_id)


def test_what_analysts_see_of_partners_no_viewer_sees(
    by_oidc: Kept, partner_store: PartnerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMHEX_STORE", str(partner_store.path))
    for role, sees in ((Role.ANALYST, True), (Role.VIEWER, False)):
        page = AppTest.from_file(APP, default_timeout=60)
        page.user = claims(role)
        # a session may say that it chose what it may not see
        page.session_state["partner"] = "ambulance service"
        page.run()
        assert not page.exception
        assert ("confidence medium" in words_of(page)) is sees
        assert any(box.key == "partner" for box in page.selectbox) is sees
    assert by_oidc.facts


def test_caches_are_told_apart_by_what_may_be_seen(by_oidc: Kept) -> None:
    keys = {}
    for role in Role:
        page = AppTest.from_function(_write_view_key)
        page.user = claims(role)
        keys[role] = page.run().text[0].value
    assert keys[Role.VIEWER] != keys[Role.ANALYST]
    assert "see_restricted_tension" not in keys[Role.VIEWER]
    assert keys[Role.ANALYST] == keys[Role.TASKING_LEAD] == keys[Role.ADMINISTRATOR]
    assert not by_oidc.facts


def _write_view_key() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from views import access  # noqa: PLC0415

    st.text(access.view_key())


@pytest.mark.usefixtures("on_saltmere")
def test_with_the_register_gone_nothing_is_changed_and_looking_says_so(by_oidc: Kept) -> None:
    by_oidc.gone = True
    page = asked(claims("administrator"))
    assert allowed_looks(page) == {action for action in Action if action.value.startswith("see_")}
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims("viewer")
    app.run()
    assert not app.exception
    said = words_of(app)
    assert "Your sign-in is not recorded" in said
    assert "That this is looked at is not recorded" in said
    assert "Where to patrol" in said


def allowed_looks(page: AppTest) -> set[Action]:
    said = [text.value.split(" ", 2) for text in page.text]
    return {Action(words[0]) for words in said if len(words) == 2}


@pytest.mark.usefixtures("on_saltmere", "clock")
def test_the_register_holds_who_saw_and_took_what(
    rules: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules('[sign_in]\nmethod = "oidc"')
    place = tmp_path / "register" / "register.sqlite"
    monkeypatch.setenv("HARMHEX_REGISTER", str(place))
    page = AppTest.from_file(APP, default_timeout=60)
    page.user = claims("tasking_lead")
    page.run()
    page.run()
    button = next(one for one in page.get("download_button") if one.label == "CSV")
    button.click().run()
    assert not page.exception
    register = open_register(place)
    try:
        with register.reading() as session:
            entries = audit.entries(session)[::-1]
            (export,) = journal.exports(session)
            (sign_in,) = journal.sign_ins(session)
            verdict = verify(session, register.anchor)
    finally:
        register.close()
    assert [entry.action for entry in entries] == ["signed_in", "seen", "exported"]
    assert {entry.by for entry in entries} == {"tasking_lead@force.example"}
    seen, taken = entries[1:]
    assert seen.run_id == taken.run_id == export.run_id != ""
    assert export.file.startswith("OFFICIAL-SENSITIVE_harmhex_targets_ark_")
    assert export.marking == "OFFICIAL-SENSITIVE"
    assert (sign_in.role, sign_in.method) == ("tasking_lead", "oidc")
    assert verdict.whole
