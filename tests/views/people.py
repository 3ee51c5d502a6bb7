"""Who asks in tests of the pages: claims of a role, the clock they ask by, the trail they leave."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from config.access import Action
from register import audit, journal
from register.errors import RegisterGoneError

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


class Clock:
    """The server's clock, which a test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> dt.datetime:
        return self.at

    def later(self, **how: float) -> None:
        self.at += dt.timedelta(**how)


class Kept:
    """A trail that remembers, or one whose register is gone."""

    def __init__(self) -> None:
        self.gone = False
        self.facts: list[dict[str, Any]] = []

    def ready(self) -> None:
        if self.gone:
            msg = "The register cannot be reached. Nothing of this was kept."
            raise RegisterGoneError(msg)

    def keep(self, entry: Callable[..., object], **facts: object) -> None:
        assert entry in {audit.record, journal.note_export, journal.note_load, journal.note_sign_in}
        self.ready()
        self.facts.append(facts)

    def of(self, action: str) -> list[dict[str, Any]]:
        return [one for one in self.facts if action in {one.get("action"), one.get("outcome")}]


def claims(role: str, *, issued: dt.datetime = NOW, **more: object) -> dict[str, Any]:
    return {
        "is_logged_in": True,
        "iss": "https://login.example",
        "sub": f"sub-{role}",
        "iat": int(issued.timestamp()),
        "preferred_username": f"{role}@force.example",
        "roles": [f"harmhex.{role}"],
        **more,
    }


def ask_everything() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from config.access import Action  # noqa: PLC0415
    from config.errors import BadInputError  # noqa: PLC0415
    from views import access  # noqa: PLC0415

    for action in Action:
        try:
            access.require(action)
        except BadInputError as error:
            st.text(f"{action} {access.may(action)} {error}")
        else:
            st.text(f"{action} {access.may(action)}")


def asked(user: dict[str, Any] | None) -> AppTest:
    page = AppTest.from_function(ask_everything)
    if user is not None:
        page.user = user
    return page.run()


def allowed(page: AppTest) -> set[Action]:
    """Return what require let pass; may must have said the same."""
    assert not page.exception
    said = [text.value.split(" ", 2) for text in page.text]
    assert len(said) == len(Action)
    assert all((len(words) == 2) == (words[1] == "True") for words in said)
    return {Action(words[0]) for words in said if len(words) == 2}


def opened(run: Callable[[], None], role: str) -> AppTest:
    page = AppTest.from_function(run, default_timeout=60)
    page.user = claims(role)
    page.run()
    assert not page.exception
    return page


def box(page: AppTest, ending: str) -> Any:  # noqa: ANN401 (any element)
    kinds = (page.text_input, page.number_input, page.selectbox, page.date_input)
    (found,) = (one for kind in kinds for one in kind if str(one.key).endswith(f"_{ending}"))
    return found


def places_of(page: AppTest) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(page.get("bidi_component")[0].proto.json)["rows"]
    return rows
