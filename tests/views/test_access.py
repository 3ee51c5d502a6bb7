"""Each page and each action as each role, and sign-ins that are over, forged or of no role."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.navigation.page import StreamlitPage
from streamlit.testing.v1 import AppTest

from config.access import Action, Role, access_rules
from register import audit, journal
from register.anchor import verify
from register.errors import RegisterGoneError
from register.opening import open_register
from spatial.incidents.store import IncidentStore
from spatial.partners.store import PartnerStore
from tests.config.test_access import MAY
from tests.views.conftest import APP, words_of
from views import access, answers, identity
from views.identity import Seen
from views.sign_ins import SignIns

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PAGES = {
    Action.SEE_TASKING: "Tasking",
    Action.SEE_ANALYSIS: "Analysis",
    Action.SEE_QUALITY: "Data and quality",
    Action.LOAD_DATA: "Load data",
}


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


def run_load_page() -> None:
    from views import loading  # noqa: PLC0415 (AppTest runs this function alone)

    loading.page()


def run_analysis_page() -> None:
    from views import analysis  # noqa: PLC0415 (AppTest runs this function alone)

    analysis.page()


def do_suspect_decision() -> None:
    import os  # noqa: PLC0415 (AppTest runs this function alone)
    from pathlib import Path  # noqa: PLC0415

    from spatial.incidents.decided.decisions import Choice, Reason  # noqa: PLC0415
    from views import frame, suspect_points  # noqa: PLC0415

    point = {"longitude": 1.3, "latitude": 52.6, "source": "invented", "incidents": 0}
    store = Path(os.environ["HARMHEX_STORE"])
    with frame.plain_errors():
        suspect_points._record(  # noqa: SLF001 (what the button does)
            store, point, Choice.KEEP, Reason.OTHER, ""
        )
    with frame.plain_errors():
        suspect_points._withdraw(store, point)  # noqa: SLF001 (what the button does)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(access, "now", clock)
    monkeypatch.setattr(access, "_SIGN_INS", SignIns())
    return clock


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    kept = Kept()
    monkeypatch.setattr(access, "trail", lambda: kept)
    return kept


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put access rules in force."""

    def put(text: str) -> None:
        # a name of its own: rules are read once
        file = tmp_path / f"access-{len(list(tmp_path.glob('access-*')))}.toml"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setenv("HARMHEX_ACCESS", str(file))

    return put


@pytest.fixture
def by_oidc(rules: Callable[[str], None], clock: Clock, kept: Kept) -> Kept:
    assert clock.at == NOW
    rules('[sign_in]\nmethod = "oidc"')
    return kept


@pytest.fixture
def by_proxy(
    rules: Callable[[str], None], clock: Clock, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Sign-in by a proxy at 10.20.0.7, which gives a secret; returns how to set a connection."""
    assert clock.at == NOW
    assert not kept.facts
    rules(
        '[sign_in]\nmethod = "proxy"\n[proxy]\naddresses = ["10.20.0.7"]\n'
        'secret_header = "X-Proxy-Secret"\nsign_out = "/oauth2/sign_out"'
    )
    monkeypatch.setenv("HARMHEX_PROXY_SECRET", "open sesame")

    def connect(address: str | None, **headers: str | tuple[str, ...]) -> None:
        found = {
            name.replace("_", "-").title(): (given,) if isinstance(given, str) else given
            for name, given in headers.items()
        }
        monkeypatch.setattr(identity, "seen", lambda: Seen(address, found))

    return connect


GOOD = {
    "x_forwarded_preferred_username": "p.lead",
    "x_forwarded_groups": "staff, harmhex.tasking_lead",
    "x_proxy_secret": "open sesame",
}


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


@pytest.mark.parametrize("role", list(Role))
def test_each_action_as_each_role(by_oidc: Kept, role: Role) -> None:
    assert allowed(asked(claims(role))) == MAY[role]
    refused = {entry["item"] for entry in by_oidc.of("refused")}
    assert refused == {action.value for action in set(Action) - MAY[role]}


@pytest.mark.usefixtures("on_saltmere")
@pytest.mark.parametrize("role", list(Role))
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
    assert export.file.startswith("harmhex_targets_ark_")
    assert export.marking == "OFFICIAL-SENSITIVE"
    assert (sign_in.role, sign_in.method) == ("tasking_lead", "oidc")
    assert verdict.whole
