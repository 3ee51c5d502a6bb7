"""Sign-in: whose word is taken, for how long, and what happens without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from config.access import Action, Role, access_rules
from tests.config.test_access import MAY
from tests.views.conftest import APP, words_of
from tests.views.people import NOW, Clock, Kept, allowed, asked, claims
from views.signed_in import identity
from views.signed_in.identity import Seen
from views.signed_in.sign_ins import SignIns

GOOD = {
    "x_forwarded_preferred_username": "p.lead",
    "x_forwarded_groups": "staff, harmhex.tasking_lead",
    "x_proxy_secret": "open sesame",
}


@pytest.mark.usefixtures("on_saltmere")
@pytest.mark.slow
def test_an_idle_sign_in_is_over_in_every_window(by_oidc: Kept, clock: Clock) -> None:
    page = AppTest.from_file(APP, default_timeout=60)
    page.user = claims("analyst")
    page.run()
    clock.later(minutes=29)
    assert page.run().selectbox
    clock.later(minutes=29)
    assert page.run().selectbox
    clock.later(minutes=31)
    page.run()
    assert "Nothing was done for 30 minutes. Sign in again." in words_of(page)
    assert [button.label for button in page.button] == ["Sign in"]
    assert not page.selectbox
    # nor does the provider's cookie, which lasts a month, open another window
    other = AppTest.from_file(APP, default_timeout=60)
    other.user = claims("analyst")
    assert "Sign in again" in words_of(other.run())
    assert allowed(asked(claims("analyst"))) == set()
    # a new sign-in does
    page.user = claims("analyst", issued=clock.at)
    assert page.run().selectbox
    assert len(by_oidc.of("accepted")) == 2


def test_a_sign_in_ends_however_busy(by_oidc: Kept, clock: Clock) -> None:
    rules = access_rules().sign_in
    sign_ins = SignIns()
    for _ in range(12 * 6):
        assert not sign_ins.why_over("a", made=NOW, now=clock.at, rules=rules)
        sign_ins.touch("a", now=clock.at, rules=rules)
        clock.later(minutes=10)
    clock.later(minutes=1)
    assert "12 hours" in sign_ins.why_over("a", made=NOW, now=clock.at, rules=rules)
    # forgotten by now, and over all the same
    sign_ins.touch("b", now=NOW + dt.timedelta(days=3), rules=rules)
    assert sign_ins.why_over("a", made=NOW, now=NOW + dt.timedelta(days=3), rules=rules)
    assert not by_oidc.facts


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"roles": ["harmhex.chief"]}, "has no role in this app"),
        ({"roles": []}, "has no role in this app"),
        ({"roles": {"harmhex.administrator": True}}, "has no role in this app"),
        ({"roles": None}, "has no role in this app"),
        ({"is_logged_in": False}, "Sign in to see this"),
        ({"is_logged_in": "true"}, "Sign in to see this"),
        ({"iat": int(NOW.timestamp()) - 31 * 60}, "Nothing was done for 30 minutes"),
        ({"iat": int(NOW.timestamp()) + 3600}, "of the future"),
        ({"iat": None}, "does not say when"),
        ({"preferred_username": None}, "names the account"),
        ({"preferred_username": "a\nb"}, "cannot be used"),
        ({"preferred_username": "x" * 121}, "cannot be used"),
    ],
)
def test_a_sign_in_that_says_too_little_opens_nothing(
    by_oidc: Kept, more: dict[str, Any], said: str
) -> None:
    page = asked(claims("administrator", **more))
    assert allowed(page) == set()
    assert all(said in text.value for text in page.text)
    assert not by_oidc.facts


def test_a_role_may_lie_within_another_claim(by_oidc: Kept, rules: Callable[[str], None]) -> None:
    rules('[sign_in]\nmethod = "oidc"\n[claims]\nrole = "realm_access.roles"')
    user = claims("viewer", realm_access={"roles": ["harmhex.analyst"]})
    assert allowed(asked(user)) == MAY[Role.ANALYST]
    assert by_oidc.of("refused")


@pytest.mark.usefixtures("on_saltmere")
def test_signing_out_ends_every_window(by_oidc: Kept) -> None:
    page, other = (AppTest.from_file(APP, default_timeout=60) for _ in range(2))
    for one in (page, other):
        one.user = claims("analyst")
        assert one.run().selectbox
    page.button(key="sign_out").click().run()
    assert not page.exception
    assert not page.selectbox
    assert "You have signed out" in words_of(other.run())
    assert not other.selectbox
    assert len(by_oidc.of("signed_out")) == 1


def test_the_proxys_word_is_taken(by_proxy: Callable[..., None]) -> None:
    by_proxy("10.20.0.7", **GOOD)
    assert allowed(asked(None)) == MAY[Role.TASKING_LEAD]


@pytest.mark.parametrize(
    ("address", "more", "said"),
    [
        ("10.20.0.8", {}, "through its sign-in only"),
        (None, {}, "through its sign-in only"),
        ("127.0.0.1", {}, "through its sign-in only"),
        ("10.20.0.8", {"x_forwarded_for": "10.20.0.7"}, "through its sign-in only"),
        ("10.20.0.7", {"x_proxy_secret": "open  sesame"}, "did not give its secret"),
        ("10.20.0.7", {"x_proxy_secret": ()}, "did not give its secret"),
        ("10.20.0.7", {"x_proxy_secret": ("open sesame", "x")}, "did not give its secret"),
        ("10.20.0.7", {"x_forwarded_groups": "staff"}, "has no role in this app"),
        ("10.20.0.7", {"x_forwarded_groups": ()}, "has no role in this app"),
        ("10.20.0.7", {"x_forwarded_preferred_username": " "}, "Sign in to see this"),
        ("10.20.0.7", {"x_forwarded_preferred_username": ("a", "b")}, "came twice"),
        (
            "10.20.0.7",
            {"x_forwarded_groups": ("staff", "harmhex.administrator")},
            "'X-Forwarded-Groups' came twice",
        ),
    ],
)
def test_a_forged_header_opens_nothing(
    by_proxy: Callable[..., None], kept: Kept, address: str | None, more: dict[str, Any], said: str
) -> None:
    by_proxy(address, **{**GOOD, **more})
    page = asked(None)
    assert allowed(page) == set()
    assert all(said in text.value for text in page.text)
    assert not kept.facts


def test_a_proxys_session_ends_too(by_proxy: Callable[..., None], clock: Clock) -> None:
    by_proxy("10.20.0.7", **GOOD)
    page = asked(None)
    assert allowed(page)
    clock.later(minutes=31)
    assert allowed(page.run()) == set()
    # left alone for so long that it is forgotten, it stays over
    clock.later(days=2)
    assert allowed(page.run()) == set()
    assert allowed(asked(None)) == MAY[Role.TASKING_LEAD]


def test_the_proxys_secret_must_be_set_on_the_server(
    by_proxy: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HARMHEX_PROXY_SECRET")
    by_proxy("10.20.0.7", **{**GOOD, "x_proxy_secret": ""})
    assert allowed(asked(None)) == set()


@pytest.mark.parametrize(
    ("address", "headers", "let_in"),
    [
        (None, {}, True),
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("192.0.2.9", {}, False),
        (None, {"X-Forwarded-For": ("192.0.2.9",)}, False),
        (None, {"Via": ("1.1 proxy",)}, False),
    ],
)
@pytest.mark.usefixtures("clock", "kept")
def test_without_sign_in_only_this_machine_is_answered(
    monkeypatch: pytest.MonkeyPatch,
    address: str | None,
    headers: dict[str, tuple[str, ...]],
    let_in: bool,  # noqa: FBT001 (what is expected)
) -> None:
    monkeypatch.delenv("HARMHEX_ACCESS", raising=False)
    monkeypatch.setattr(identity, "seen", lambda: Seen(address, headers))
    assert allowed(asked(None)) == (set(Action) if let_in else set())


@pytest.mark.usefixtures("on_saltmere")
def test_without_sign_in_the_foot_says_so(kept: Kept) -> None:
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert "No sign-in: this machine only" in words_of(page)
    assert not any(button.key == "sign_out" for button in page.button)
    assert [entry["by"] for entry in kept.of("seen")] == ["this machine"]


def test_a_broken_rules_file_lets_nobody_in(
    rules: Callable[[str], None], clock: Clock, kept: Kept
) -> None:
    rules("[sign_in]\nmethod = 'everybody'")
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception
    assert "sign_in.method" in words_of(page)
    assert not page.selectbox
    assert clock.at == NOW
    assert not kept.facts
