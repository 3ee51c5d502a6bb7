"""The Register page: adopting, withdrawing and deciding, each as each role, on each database."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Action, Role
from config.profile import profile_title
from layers.wording import escaped
from register import decisions, overrides, targets
from register.archive import archive_beside, archive_troubles, files_of
from register.opening import Register, open_register
from register.overrides import OverrideDraft
from tests.config.test_access import MAY
from tests.register.conftest import place  # noqa: F401 (a fixture)
from tests.views.conftest import APP, words_of
from tests.views.people import NOW, box, claims, opened, places_of


def run_register_page() -> None:
    from views.register import page as register  # noqa: PLC0415 (AppTest runs this function alone)

    register.page()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_adopt(held: Register, role: Role) -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims(role)
    app.run()
    buttons = [button for button in app.button if button.label == "Adopt this list"]
    assert bool(buttons) is (Action.ADOPT in MAY[role])
    if not buttons:
        return
    buttons[0].click().run()
    assert not app.exception
    assert "Adopted." in words_of(app)
    with held.reading() as session:
        (one,) = targets.listed(session)
        files = files_of(session, one.id)
        areas = targets.areas_of(session, one.id)
    assert [area.area_id for area in areas] == [row["id"] for row in places_of(app)]
    kept = {file.path.split("/")[1] for file in files}
    assert {"targets.csv", "targets.geojson", "manifest.json"} <= kept
    assert held.file is not None
    folder = archive_beside(held.file)
    assert archive_troubles(folder, files) == ()
    page = opened(run_register_page, role.value)
    assert f"{len(kept)} files, as archived" in words_of(page)
    assert f"<td>{escaped(profile_title(one.profile))}</td>" in words_of(page)
    assert f"<td>{escaped(one.profile)}</td>" not in words_of(page)
    # a file that was touched is told
    (folder / files[0].path).write_bytes(b"else")
    assert "is not what was archived" in words_of(page.run())
    next(button for button in app.button if button.label == "Adopt this list").click().run()
    assert "archived with other content" in words_of(app)


@pytest.mark.parametrize("role", list(Role))
def test_the_register_page_as_each_role(held: Register, role: Role) -> None:
    page = opened(run_register_page, role.value)
    said = words_of(page)
    if Action.SEE_REGISTER not in MAY[role]:
        assert "you may not see the register" in said
        assert "Adopted lists" not in said
        return
    assert "No list was adopted" in said
    decides = Action.ADOPT in MAY[role]
    assert any(button.key == "send_decision" for button in page.button) is decides
    verifies = Action.VERIFY_AUDIT in MAY[role]
    assert any(button.key == "verify_audit" for button in page.button) is verifies
    assert ('<h2 class="hx-h2">Audit</h2>' in said) is verifies
    if verifies:
        page.button(key="verify_audit").click().run()
        assert "The audit is whole" in words_of(page)
    assert held.dialect == "sqlite"


def test_a_decision_is_entered_and_closed_with_an_outcome(held: Register) -> None:
    page = opened(run_register_page, "tasking_lead")
    box(page, "text").set_value("High visibility at the market on the day")
    box(page, "owner").set_value("Neighbourhood team")
    page.button(key="send_decision").click().run()
    assert "Kept." in words_of(page)
    with held.reading() as session:
        (made,) = decisions.listed(session)
    page.selectbox(key="decision_entry").select(made.id).run()
    box(page, "state").select("done")
    page.button(key="send_decision").click().run()
    assert "needs an outcome" in words_of(page)
    box(page, "outcome").set_value("Patrolled, quiet")
    page.button(key="send_decision").click().run()
    assert not page.exception
    with held.reading() as session:
        assert decisions.listed(session)[0].state == "done"


def test_a_list_is_adopted_and_withdrawn_again(
    held: Register,
    place: str,  # noqa: F811 (the fixture)
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    assert held.dialect == "sqlite"
    monkeypatch.setenv("HARMHEX_REGISTER", place)
    monkeypatch.setenv("HARMHEX_AUDIT_ANCHOR", str(tmp_path / "audit.anchor"))
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims(Role.TASKING_LEAD)
    app.run()
    next(button for button in app.button if button.label == "Adopt this list").click().run()
    assert "Adopted." in words_of(app)
    page = opened(run_register_page, "tasking_lead")
    assert "No list was adopted" not in words_of(page)
    now = "withdraw_list_now"
    assert page.button(key=now).disabled
    next(one for one in page.checkbox if str(one.key).startswith("withdraw_list_sure")).check()
    page.run()
    page.button(key=now).click().run()
    assert not page.exception
    assert "No list was adopted" in words_of(page)
    register = open_register(place)
    with register.reading() as session:
        assert targets.listed(session) == ()
    register.close()


def test_an_override_is_withdrawn_by_who_may_decide(held: Register) -> None:
    draft = OverrideDraft(
        kind="drop", areas=("PA-000001",), reason="Covered by the transport police"
    )
    with held.writing() as session:
        overrides.add(session, draft, now=NOW, by="tasking.lead")
    assert not [
        one for one in opened(run_register_page, "analyst").button if "Withdraw" in one.label
    ]
    page = opened(run_register_page, "tasking_lead")
    assert "Covered by the transport police" in words_of(page)
    next(one for one in page.checkbox if str(one.key).startswith("withdraw_override_sure")).check()
    page.run()
    page.button(key="withdraw_override_now").click().run()
    assert "No override is in force" in words_of(page)
