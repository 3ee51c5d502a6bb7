"""Who is asking: from the identity provider's token, a trusted proxy's headers, or this machine."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import SECRET_VARIABLE, Role
from config.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.access import AccessRules

LOCAL: Final = "this machine"
_LONGEST_ACCOUNT: Final = 120
SESSION: Final = "sign_in_session"
"""Where a session keeps what tells it from others."""
# what a proxy adds to a request that it passes on
_PASSED_ON: Final = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")
_CLOCKS_DIFFER: Final = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server sees of a connection.

    Attributes
    ----------
    address
        The address it comes from; None from this machine.
    headers
        Every value of each header, by the header's name in Http-Header-Case.
    """

    address: str | None
    headers: Mapping[str, tuple[str, ...]]

    def all_of(self, name: str) -> tuple[str, ...]:
        """Return every value of one header."""
        return self.headers.get("-".join(part.capitalize() for part in name.split("-")), ())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in.

    Attributes
    ----------
    account
        The name the sign-in gives; nothing else is known of the person.
    roles
        At least one.
    sign_in
        Tells this sign-in from others, without saying whose it is.
    signed_in_at
        When, by the provider's word; behind a proxy, when the session began; None without sign-in.
    """

    account: str
    roles: frozenset[Role]
    sign_in: str
    signed_in_at: dt.datetime | None = None

    @property
    def role_words(self) -> str:
        """The roles as they are written on a screen, least first."""
        return ", ".join(role.words for role in Role if role in self.roles)


def asking(rules: AccessRules, *, now: dt.datetime) -> Person | None:
    """Return who is asking now; None where nobody has signed in yet.

    Raises
    ------
    BadInputError
        The sign-in cannot be believed, or gives no role.
    """
    if rules.sign_in.method == "oidc":
        return by_claims(rules, claims())
    if rules.sign_in.method == "proxy":
        session, since = _session(now)
        secret = os.environ.get(SECRET_VARIABLE, "")
        return by_headers(rules, seen(), secret=secret, session=session, since=since)
    return by_machine(seen())


def by_machine(seen: Seen) -> Person:
    """Let in whoever sits at this machine, with every role.

    Raises
    ------
    BadInputError
        The connection comes from elsewhere, or was passed on by a proxy.
    """
    if not _is_here(seen.address) or any(seen.all_of(name) for name in _PASSED_ON):
        msg = (
            "No sign-in is set up, so that this app answers only the machine it runs on. "
            "Whoever runs it finds in docs/access.md how to set one up."
        )
        raise BadInputError(msg)
    return Person(LOCAL, frozenset(Role), LOCAL)


def by_claims(rules: AccessRules, claims: Mapping[str, Any]) -> Person | None:
    """Read an identity token's claims.

    Raises
    ------
    BadInputError
        A claim that is needed is missing or odd, or none gives a role.
    """
    if claims.get("is_logged_in") is not True:
        return None
    account = _claim(claims, rules.claims.account)
    if not isinstance(account, str):
        msg = (
            f"The sign-in says nothing in the claim {rules.claims.account!r}, which names the "
            "account. Whoever runs this app sets claims.account to one that it says."
        )
        raise BadInputError(msg)
    if rules.claims.account == "email" and claims.get("email_verified") is False:
        msg = (
            f"The provider has not verified the address {account!r}. Ask it to, and sign in again."
        )
        raise BadInputError(msg)
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        msg = "The sign-in does not say when it was made (claim 'iat'), so it cannot be believed."
        raise BadInputError(msg)
    said = _claim(claims, rules.claims.role)
    words = [said] if isinstance(said, str) else said if isinstance(said, list | tuple) else []
    whose = [str(claims.get(name, "")) for name in ("iss", "sub", "provider", "iat", "nonce")]
    return Person(
        _account(account),
        _roles(rules, [word for word in words if isinstance(word, str)], account),
        _key(*whose),
        dt.datetime.fromtimestamp(issued, dt.UTC),
    )


def by_headers(
    rules: AccessRules, seen: Seen, *, secret: str, session: str, since: dt.datetime
) -> Person | None:
    """Read the headers of a trusted proxy.

    Parameters
    ----------
    rules
        Which proxy, which headers.
    seen
        The connection.
    secret
        What the proxy must repeat, where a header is named for it.
    session, since
        Tells this session from others, and when it began.

    Raises
    ------
    BadInputError
        The connection does not come from the proxy, the secret is wrong, a header is given twice,
        or none gives a role.
    """
    proxy = rules.proxy
    if not seen.headers or not proxy.trusts(seen.address):
        msg = "This app is reached through its sign-in only. Use the address that signs you in."
        raise BadInputError(msg)
    if proxy.secret_header:
        given = seen.all_of(proxy.secret_header)
        # compared in a time that does not tell how much of it was right
        right = len(given) == 1 and hmac.compare_digest(given[0].encode(), secret.encode())
        if not secret or not right:
            msg = "The proxy did not give its secret, so that its word on who you are is not taken."
            raise BadInputError(msg)
    accounts, said = seen.all_of(proxy.account_header), seen.all_of(proxy.role_header)
    if len(accounts) > 1 or len(said) > 1:
        msg = (
            f"The header {proxy.account_header if len(accounts) > 1 else proxy.role_header!r} came "
            "twice. The proxy must remove what a browser sends under that name."
        )
        raise BadInputError(msg)
    if not accounts or not accounts[0].strip():
        return None
    words = [word.strip() for word in said[0].split(proxy.separator)] if said else []
    account = _account(accounts[0])
    return Person(account, _roles(rules, words, account), _key(account, session), since)


def seen() -> Seen:
    """Return what the server sees of the connection of this session."""
    headers = st.context.headers
    address = st.context.ip_address
    return Seen(
        address if isinstance(address, str) else None,
        {name: tuple(headers.get_all(name)) for name in headers},
    )


def claims() -> dict[str, Any]:
    """Return the claims of the identity token of this session.

    Raises
    ------
    BadInputError
        Headers would be taken for claims.
    """
    if st.get_option("server.trustedUserHeaders"):
        msg = (
            "Streamlit's setting server.trustedUserHeaders is on: anybody's headers would be taken "
            "for a sign-in. Remove it, or sign people in by proxy (docs/access.md)."
        )
        raise BadInputError(msg)
    return dict(st.user.to_dict())


def too_early(person: Person, now: dt.datetime) -> bool:
    """Return whether a sign-in claims to be of the future."""
    return person.signed_in_at is not None and person.signed_in_at > now + _CLOCKS_DIFFER


def _session(now: dt.datetime) -> tuple[str, dt.datetime]:
    state = st.session_state
    if SESSION not in state:
        state[SESSION] = (secrets.token_hex(16), now)
    name, since = state[SESSION]
    return str(name), since


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, or by its path where claims lie inside others."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


def _account(said: str) -> str:
    account = said.strip()
    if not account or len(account) > _LONGEST_ACCOUNT or not account.isprintable():
        msg = f"The sign-in gives an account name that cannot be used ({account[:40]!r})."
        raise BadInputError(msg)
    return account


def _roles(rules: AccessRules, words: list[str], account: str) -> frozenset[Role]:
    roles = rules.roles_of(words)
    if not roles:
        msg = (
            f"The account {account[:_LONGEST_ACCOUNT]!r} has no role in this app. "
            "Ask whoever gives them."
        )
        raise BadInputError(msg)
    return roles


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_here(address: str | None) -> bool:
    if address is None:
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
