from __future__ import annotations

from pathlib import Path

import pytest

from config.access import Action, Role, access_rules, load_access
from config.errors import BadInputError

LOOKS = {action for action in Action if action.value.startswith("see_")}
# written out: a change of the shipped table is a decision, not a slip
MAY = {
    Role.VIEWER: {
        Action.SEE_TASKING, Action.SEE_DAILY, Action.SEE_OVERLAYS, Action.SEE_FAIRNESS,
        Action.SEE_METHOD, Action.SEE_SETTINGS,
    },
    Role.ANALYST: {
        *LOOKS, Action.LOAD_DATA, Action.UNDO_LOAD, Action.DECIDE_LOCATIONS, Action.SAVE_MAPPINGS,
        Action.KEEP_WEIGHTS, Action.KEEP_RISK_TERRAIN, Action.EXPORT, Action.EXPORT_PARTNERS,
        Action.OVERRIDE,
        Action.ENTER_VISITS, Action.REGISTER_OPERATION, Action.EDIT_OVERLAYS,
    },
    Role.TASKING_LEAD: {
        *LOOKS, Action.EXPORT, Action.ADOPT, Action.OVERRIDE, Action.ENTER_VISITS,
        Action.REGISTER_OPERATION, Action.EDIT_OVERLAYS,
    },
    Role.ADMINISTRATOR: set(Action),
}  # fmt: skip


def own(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_table_says_and_no_more(role: Role) -> None:
    rules = load_access()
    assert {action for action in Action if rules.allows([role], action)} == MAY[role]


def test_several_roles_may_do_what_any_may_and_none_nothing() -> None:
    rules = load_access()
    both = {Role.VIEWER, Role.TASKING_LEAD}
    assert rules.allows(both, Action.ADOPT)
    assert not rules.allows(both, Action.LOAD_DATA)
    assert not any(rules.allows([], action) for action in Action)


def test_every_action_has_words() -> None:
    assert all(action.words for action in Action)


def test_nobody_signs_in_by_default() -> None:
    assert not load_access().signs_in


def test_unknown_words_of_a_claim_give_no_role() -> None:
    rules = load_access()
    assert rules.roles_of(["harmhex.analyst", "finance"]) == {Role.ANALYST}
    assert rules.roles_of(["analyst", "HARMHEX.ANALYST", "harmhex.root"]) == frozenset()


def test_a_forces_file_holds_only_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
        [sign_in]
        method = "oidc"
        [claims.roles]
        "grp-tasking-readers" = "viewer"
        [may]
        export = ["tasking_lead"]
    """
    monkeypatch.setenv("HARMHEX_ACCESS", str(own(tmp_path, text)))
    rules = access_rules()
    assert rules.signs_in
    assert rules.sign_in.timeout_minutes == load_access().sign_in.timeout_minutes
    assert rules.claims.role == "roles"
    # the shipped words give nothing where a force has words of its own
    assert rules.roles_of(["harmhex.administrator", "grp-tasking-readers"]) == {Role.VIEWER}
    assert not rules.allows([Role.ADMINISTRATOR], Action.EXPORT)
    assert rules.allows([Role.ADMINISTRATOR], Action.ADOPT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[sign_in]\nmethod = "trust"', "sign_in.method"),
        ('[sign_in]\nclient_secret = "hunter2"', "sign_in.client_secret"),
        ("[sign_in]\ntimeout_minutes = 0", "timeout_minutes"),
        ('[sign_in]\nmethod = "proxy"', "addresses that the proxy connects from"),
        ('[proxy]\naddresses = ["0.0.0.0/0"]', "every address there is"),
        ('[proxy]\naddresses = ["proxy.example"]', "proxy.addresses"),
        ('[proxy]\nsign_out = "javascript:alert(1)"', "sign_out"),
        ('[proxy]\nsign_out = "//evil.example"', "sign_out"),
        ('[claims.roles]\n"boss" = "king"', "claims.roles.boss"),
        ("[claims.roles]", "claims.roles"),
        ('[may]\nexport = ["everybody"]', "may.export"),
        ('[may]\nfly = ["viewer"]', "may.fly"),
        ('[roles]\nfly = ["viewer"]', "roles"),
        ('sign_in = "oidc"', "sign_in"),
        ("[sign_in", "not readable TOML"),
    ],
)
def test_a_file_that_could_let_somebody_in_by_mistake_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadInputError, match=said) as caught:
        load_access(own(tmp_path, text))
    assert "own.toml" in str(caught.value)


def test_a_missing_file_lets_nobody_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARMHEX_ACCESS", str(tmp_path / "none.toml"))
    with pytest.raises(BadInputError, match=r"none\.toml cannot be opened"):
        access_rules()


@pytest.mark.parametrize(
    ("address", "trusted"),
    [
        ("10.20.0.7", True),
        ("::ffff:10.20.0.7", True),
        ("10.20.1.7", False),
        ("fd00::5", True),
        ("fd00::6", False),
        (None, False),
        ("127.0.0.1", False),
        ("10.20.0.7, 10.20.1.9", False),
        ("testclient", False),
    ],
)
def test_only_the_proxys_addresses_are_trusted(
    tmp_path: Path,
    address: str | None,
    trusted: bool,  # noqa: FBT001 (what is expected)
) -> None:
    text = '[proxy]\naddresses = ["10.20.0.0/24", "fd00::5"]'
    assert load_access(own(tmp_path, text)).proxy.trusts(address) is trusted


@pytest.mark.parametrize("network", ["127.0.0.0/8", "::1"])
def test_a_proxy_on_this_machine_may_be_named(tmp_path: Path, network: str) -> None:
    proxy = load_access(own(tmp_path, f'[proxy]\naddresses = ["{network}"]')).proxy
    assert proxy.trusts(None)
    assert not proxy.trusts("192.0.2.1")
