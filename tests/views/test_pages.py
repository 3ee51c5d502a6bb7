"""The list of pages: what bookmarks and links rely on."""

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Action
from tests.views.people import claims
from views import waiting
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
