"""The guided start: on the sample town, and on a store of one's own until all was done."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from config.access import Role
from register import audit
from register.opening import Register
from tests.views.conftest import APP, words_of
from tests.views.people import NOW, claims
from views.first_run import guide


def on(address: str, role: Role = Role.ANALYST) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.user = claims(role)
    app._page_hash = calc_hash(address)  # noqa: SLF001 (AppTest opens pages of files only)
    app.run()
    assert not app.exception
    return app


def steps(app: AppTest) -> list[str]:
    return [one.proto.label for one in app.get("page_link")]


def test_on_the_sample_town_the_steps_stay_until_hidden_and_the_banner_stays(
    held: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert held.dialect
    monkeypatch.setattr(guide, "is_ready_store", lambda _: True)
    app = on("method")
    assert steps(app) == ["1. Load your data", "2. Check it", "3. See targets"]
    assert "Saltmere is a fictional town" in words_of(app)
    app.button(key="guide_hide").click().run()
    assert steps(app) == []
    # the band above says it however often it was read
    assert "Fictional sample" in words_of(app)


def test_a_new_store_begins_with_loading(
    held: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert held.dialect
    monkeypatch.setenv("HARMHEX_STORE", str(tmp_path / "new"))
    app = on("method")
    assert steps(app) == ["1. Load your data", "2. Check it", "3. See targets"]
    assert "is a fictional town" not in words_of(app)


def test_what_was_done_is_marked_and_the_guide_ends(held: Register) -> None:
    assert steps(on("method")) == ["1. Load your data (done)", "2. Check it", "3. See targets"]
    for page in ("data", "tasking"):
        with held.writing() as session:
            audit.record(session, "seen", noun="page", item=page, now=NOW, by="somebody")
    # kept with the store's register: for everybody, in every session
    assert steps(on("method")) == []


def test_a_viewer_is_not_offered_what_a_viewer_may_not(held: Register) -> None:
    assert held.dialect
    assert steps(on("method", Role.VIEWER)) == ["1. See targets"]
