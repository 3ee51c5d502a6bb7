"""Who may do what: roles, actions, and how a sign-in says which; reasons in ``access.toml``."""

from __future__ import annotations

import os
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.toml_file import check_model, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).parent / "access.toml"
FILE_VARIABLE: Final = "HARMHEX_ACCESS"
SECRET_VARIABLE: Final = "HARMHEX_PROXY_SECRET"  # noqa: S105 (the variable's name, not its content)

_Word = Annotated[str, Field(min_length=1, max_length=200)]
_Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$", max_length=100)]


class Role(StrEnum):
    """What a person is to this app, from least to most."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    TASKING_LEAD = "tasking_lead"
    ADMINISTRATOR = "administrator"

    @property
    def words(self) -> str:
        """The role as it is written on a screen."""
        return self.value.replace("_", " ")


class Action(StrEnum):
    """What the app lets somebody see or do; ``access.toml`` says which roles may."""

    SEE_TASKING = "see_tasking"
    SEE_DAILY = "see_daily"
    SEE_INCIDENTS = "see_incidents"
    SEE_TARGETS = "see_targets"
    SEE_OVERLAYS = "see_overlays"
    SEE_EVALUATION = "see_evaluation"
    SEE_FAIRNESS = "see_fairness"
    SEE_ACCURACY = "see_accuracy"
    SEE_ANALYSIS = "see_analysis"
    SEE_RISK_TERRAIN = "see_risk_terrain"
    SEE_QUALITY = "see_quality"
    SEE_METHOD = "see_method"
    SEE_SETTINGS = "see_settings"
    SEE_PARTNERS = "see_partners"
    SEE_RESTRICTED_TENSION = "see_restricted_tension"
    SEE_REGISTER = "see_register"
    LOAD_DATA = "load_data"
    UNDO_LOAD = "undo_load"
    DECIDE_LOCATIONS = "decide_locations"
    SAVE_MAPPINGS = "save_mappings"
    KEEP_WEIGHTS = "keep_weights"
    KEEP_RISK_TERRAIN = "keep_risk_terrain"
    EXPORT = "export"
    EXPORT_PARTNERS = "export_partners"
    ADOPT = "adopt"
    OVERRIDE = "override"
    ENTER_VISITS = "enter_visits"
    REGISTER_OPERATION = "register_operation"
    EDIT_OVERLAYS = "edit_overlays"
    VERIFY_AUDIT = "verify_audit"
    CHANGE_SETTINGS = "change_settings"

    @property
    def words(self) -> str:
        """What is asked for, to stand after "may not"."""
        return _WORDS[self]


_WORDS: Final = {
    Action.SEE_TASKING: "see the Tasking page",
    Action.SEE_DAILY: "see the Daily page",
    Action.SEE_INCIDENTS: "see single incidents",
    Action.SEE_TARGETS: "see the Targets page",
    Action.SEE_OVERLAYS: "see anniversaries and tension",
    Action.SEE_EVALUATION: "see the Evaluation page",
    Action.SEE_FAIRNESS: "see the Fairness page",
    Action.SEE_ACCURACY: "see the Accuracy page",
    Action.SEE_ANALYSIS: "see the Analysis page",
    Action.SEE_RISK_TERRAIN: "see the Risk terrain page",
    Action.SEE_QUALITY: "see the page Data and quality",
    Action.SEE_METHOD: "see how this is made",
    Action.SEE_SETTINGS: "see the settings",
    Action.SEE_PARTNERS: "see partners' records",
    Action.SEE_RESTRICTED_TENSION: "see entries about ethnicity, religion or protest",
    Action.SEE_REGISTER: "see the register",
    Action.LOAD_DATA: "load data",
    Action.UNDO_LOAD: "take a load out",
    Action.DECIDE_LOCATIONS: "decide about doubtful locations",
    Action.SAVE_MAPPINGS: "save a mapping",
    Action.KEEP_WEIGHTS: "keep harm weights",
    Action.KEEP_RISK_TERRAIN: "choose the risk terrain that lists name",
    Action.EXPORT: "take files away",
    Action.EXPORT_PARTNERS: "take partners' files away",
    Action.ADOPT: "adopt a list of places",
    Action.OVERRIDE: "override the list of places",
    Action.ENTER_VISITS: "enter visits",
    Action.REGISTER_OPERATION: "register an operation",
    Action.EDIT_OVERLAYS: "change anniversaries and tension",
    Action.VERIFY_AUDIT: "verify the audit",
    Action.CHANGE_SETTINGS: "change settings",
}


class SignInRules(BaseModel):
    """How people sign in, and for how long that lasts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["none", "oidc", "proxy"]
    provider: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")]
    timeout_minutes: Annotated[int, Field(ge=1, le=720)]
    longest_hours: Annotated[int, Field(ge=1, le=24)]


class ClaimRules(BaseModel):
    """Which claims name the account and the roles, and which word gives which role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: _Word
    role: _Word
    roles: Annotated[dict[_Word, Role], Field(min_length=1)]


class ProxyRules(BaseModel):
    """Where a trusted reverse proxy connects from, and what it says in which header."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: tuple[IPv4Network | IPv6Network, ...]
    account_header: _Header
    role_header: _Header
    separator: Annotated[str, Field(min_length=1, max_length=3)]
    secret_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$", max_length=100)]
    sign_out: Annotated[str, Field(pattern=r"^(https://.+|/([^/\\].*)?)?$", max_length=300)]

    def trusts(self, address: str | None) -> bool:
        """Return whether a connection comes from the proxy; None is this machine itself."""
        try:
            asked = ip_address(address or "127.0.0.1")
        except ValueError:
            return False
        # an IPv4 peer of an IPv6 socket is written ::ffff:192.0.2.1
        asked = getattr(asked, "ipv4_mapped", None) or asked
        local = address is None and any(network.is_loopback for network in self.addresses)
        return local or any(asked in network for network in self.addresses)


class AccessRules(BaseModel):
    """The rules in force; each is explained beside its default in ``access.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sign_in: SignInRules
    claims: ClaimRules
    proxy: ProxyRules
    may: dict[Action, tuple[Role, ...]]

    @model_validator(mode="after")
    def _whole(self) -> AccessRules:
        missing = sorted(set(Action) - set(self.may))
        if missing:
            msg = f"the table [may] does not say who may {missing[0].value}"
            raise ValueError(msg)
        if self.sign_in.method == "proxy" and not self.proxy.addresses:
            msg = "sign-in by proxy needs the addresses that the proxy connects from"
            raise ValueError(msg)
        if any(network.prefixlen == 0 for network in self.proxy.addresses):
            msg = "proxy.addresses names every address there is: name those of the proxy alone"
            raise ValueError(msg)
        return self

    @property
    def signs_in(self) -> bool:
        """Whether anybody has to sign in at all."""
        return self.sign_in.method != "none"

    def roles_of(self, said: Iterable[str]) -> frozenset[Role]:
        """Return the roles that a claim's words give; words not in the table give none."""
        return frozenset(self.claims.roles[word] for word in said if word in self.claims.roles)

    def allows(self, roles: Iterable[Role], action: Action) -> bool:
        """Return whether any of the roles may do this."""
        return not frozenset(self.may[action]).isdisjoint(roles)


def access_rules() -> AccessRules:
    """Return the rules of the file named by ``HARMHEX_ACCESS``, else the shipped ones.

    Read once; a changed file counts from the next start.

    Raises
    ------
    BadInputError
        See :func:`load_access`.
    """
    named = os.environ.get(FILE_VARIABLE, "").strip()
    return load_access(Path(named) if named else None)


@lru_cache(maxsize=8)
def load_access(file: Path | None = None) -> AccessRules:
    """Read the shipped rules, and over them a force's own.

    Tables of the file are laid over the shipped ones key by key, but ``claims.roles``, which counts
    as a whole: a word of the shipped table must not give a role that nobody meant to give.

    Raises
    ------
    BadInputError
        The file is missing or unreadable, or a key is unknown or out of range.
    """
    rules = read_table(FILE)
    if file is None:
        return check_model(rules, AccessRules, name=FILE.name)
    for table, content in read_table(file).items():
        if table in rules and isinstance(content, dict):
            rules[table] = {**rules[table], **content}
        else:
            # unknown, or no table: refused below with its name
            rules[table] = content
    return check_model(rules, AccessRules, name=file.name)
