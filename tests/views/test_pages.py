"""The list of pages: what bookmarks and links rely on."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from config.access import Action
from tests.views.conftest import APP, on_page, words_of
from tests.views.people import Kept, claims
from views import frame, waiting
from views.pages import PAGES
from views.workroom import Workroom

ADDRESSES = (
    "tasking", "daily", "targets", "evaluation", "analysis", "risk-terrain", "overlays", "data",
    "load", "register", "settings", "accuracy", "fairness", "method", "accessibility", "run",
)  # fmt: skip


def test_addresses_that_bookmarks_rely_on_stay() -> None:
    assert sorted(one.address for one in PAGES) == sorted(ADDRESSES)
    assert len({one.title for one in PAGES}) == len(PAGES)
    # the first is the one that opens
    assert PAGES[0].address == "tasking"
    assert [one.address for one in PAGES if not one.shown] == ["run"]


def test_every_page_asks_who_may_open_it() -> None:
    for one in PAGES:
        assert one.action in Action
        assert one.action.value.startswith("see_") or one.action is Action.LOAD_DATA


@pytest.mark.parametrize("address", ["tasking", "analysis", "fairness"])
def test_a_page_drawn_again_leaves_what_is_being_typed(
    on_saltmere: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert on_saltmere
    # who has just come may be told again
    monkeypatch.setattr(frame, "_ARRIVING_SECONDS", 0.0)
    app = on_page(address).run()
    # a value that comes with the page is put over what somebody has entered so far
    typed = [*app.number_input, *app.date_input, *app.text_input, *app.text_area]
    assert {one.key for one in typed} >= {"places"}
    assert [one.key for one in typed if one.proto.set_value] == []


def test_boxes_of_a_panel_that_opens_later_are_told_their_values(
    on_saltmere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_saltmere
    monkeypatch.setattr(frame, "_ARRIVING_SECONDS", 0.0)
    app = on_page().run()
    # a browser makes them when the panel opens: untold, a tick would be gone
    for name in ("show_violence", "show_disorder", "show_areas", "show_overlays"):
        box = app.checkbox(key=name)
        assert (box.value, box.proto.value, box.proto.set_value) == (True, True, True)


def keyed_by_role() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from tests.views import test_pages as here  # noqa: PLC0415, PLW0406 (likewise)
    from views import access, waiting  # noqa: PLC0415 (likewise)

    sees = access.view_key()
    st.text(waiting.answer(f"key {sees}", lambda _: here.worked_out(sees), doing="Looking"))


WORKED: list[str] = []


def worked_out(sees: str) -> str:
    WORKED.append(sees)
    return sees


@pytest.mark.usefixtures("by_oidc")
def test_answers_are_shared_between_people_but_not_between_what_roles_may_see(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "_ROOM", Workroom())
    WORKED.clear()
    said = {}
    for role in ("viewer", "analyst", "analyst", "tasking_lead", "viewer"):
        page = AppTest.from_function(keyed_by_role)
        page.user = claims(role)
        said[role] = page.run().text[0].value
    # an analyst and a tasking lead see the same kinds of data, and share one answer
    assert len(WORKED) == 2
    assert said["analyst"] == said["tasking_lead"]
    assert "see_register" in said["analyst"]
    assert "see_register" not in said["viewer"]


@pytest.mark.usefixtures("on_saltmere")
def test_a_page_that_a_role_may_not_open_is_one_sentence_and_recorded(by_oidc: Kept) -> None:
    app = AppTest.from_file(APP, default_timeout=30)
    app.user = claims("viewer")
    app._page_hash = calc_hash("targets")  # noqa: SLF001 (AppTest opens pages of files only)
    app.run()
    assert not app.exception
    assert "As viewer you may not see the Targets page." in words_of(app)
    assert not app.number_input
    assert [one["item"] for one in by_oidc.of("refused")] == ["see_targets"]


@pytest.mark.usefixtures("on_saltmere")
@pytest.mark.parametrize("asked", ["tagets", "overrun"])
def test_an_address_without_a_page_is_one_sentence(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = property(lambda _: f"http://127.0.0.1:8501/{asked}?window=x")
    monkeypatch.setattr(type(st.context), "url", where)
    app = AppTest.from_file(APP, default_timeout=30)
    app._page_hash = calc_hash(asked)  # noqa: SLF001 (as above)
    app.run()
    assert not app.exception
    assert "There is no page at this address." in words_of(app)
    assert not app.number_input
