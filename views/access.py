"""Who is signed in, what they may do, and the record of it: asked by every page and action."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
from typing import TYPE_CHECKING, Final

import streamlit as st
from streamlit.errors import StreamlitAuthError, StreamlitMissingAuthlibError

from config.access import Action, Role, access_rules
from config.errors import BadInputError
from config.settings import load_settings
from layers.marking import download_name
from layers.wording import escaped
from register import audit, journal
from views import frame
from views.signed_in import identity, sign_ins
from views.signed_in.trail import trail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from streamlit.navigation.page import StreamlitPage

    from views.signed_in.identity import Person

_LOG: Final = logging.getLogger("harmhex.access")
_SIGN_INS: Final = sign_ins.SignIns()
_SAID: Final = "access_said"
_SHOWN: Final = "access_shown"
_LOOK_SECONDS: Final = 30
_ONLY_LOOKS: Final = "see_"


def now() -> dt.datetime:
    """Return the server's clock."""
    return dt.datetime.now(dt.UTC)


def person() -> Person:
    """Return who is asking.

    Raises
    ------
    BadInputError
        Nobody is signed in, the sign-in is over or cannot be believed, or it gives no role.
    """
    found, why = _found()
    if found is None:
        raise BadInputError(why)
    return found


def may(action: Action) -> bool:
    """Return whether whoever is asking may do this: for what is offered on a page."""
    found, _ = _found()
    return found is not None and access_rules().allows(found.roles, action)


def require(action: Action) -> Person:
    """Let pass only who may do this, and only where it can be recorded: for what is done.

    Raises
    ------
    BadInputError
        They may not, nobody is signed in, or the register cannot be written.
    """
    asking = person()
    if access_rules().allows(asking.roles, action):
        if not action.value.startswith(_ONLY_LOOKS):
            trail().ready()
        return asking
    _LOG.warning("Refused: %s", action.value)
    with contextlib.suppress(BadInputError):
        _keep(asking, audit.record, action="refused", noun="action", item=action.value)
    msg = f"As {asking.role_words} you may not {action.words}. Ask whoever gives roles."
    raise BadInputError(msg)


def view_key() -> str:
    """Return which kinds of data whoever is asking may see, to stand in the key of a cache.

    Needed wherever what is kept differs by role: two people share it only if they may see the same.
    """
    return " ".join(action for action in Action if action.startswith(_ONLY_LOOKS) and may(action))


def record(action: str, noun: str, item: str = "", **details: str | int) -> None:
    """Write into the audit what whoever is asking has done; see :func:`note`.

    Parameters
    ----------
    action
        One of ``register.audit.ACTIONS``.
    noun, item
        What was acted on, and which.
    details
        Counts and hashes; never incident details.
    """
    note(audit.record, action=action, noun=noun, item=item, details=details)


def note(entry: Callable[..., object], **facts: object) -> None:
    """Write an entry of the register about what whoever is asking has done.

    Parameters
    ----------
    entry
        A function of the register that takes a session, these facts, ``now`` and ``by``.

    Raises
    ------
    BadInputError
        Nobody is signed in, or the register cannot be written.
    """
    who = person()
    try:
        _keep(who, entry, **facts)
    except BadInputError as error:
        _LOG.exception("Not recorded: %s", facts)
        # the register says that nothing was kept, and means its entry
        msg = (
            "This was done, but the register could not be written, so that the audit does not hold "
            "it. Tell whoever runs this app."
        )
        raise BadInputError(msg) from error


def record_seen(page: str, run_id: str) -> None:
    """Write into the audit, once for each session and run, that a result was looked at.

    Where the register cannot be written the page is shown all the same, with that said on it: a
    meeting must not lose its map to a lost connection.
    """
    shown: set[tuple[str, str]] = st.session_state.setdefault(_SHOWN, set())
    if (page, run_id) in shown:
        return
    try:
        _keep(person(), audit.record, action="seen", noun="page", item=page, run_id=run_id)
    except BadInputError as error:
        frame.say(f"That this is looked at is not recorded. {error}", kind="plain")
    else:
        shown.add((page, run_id))


def shown(page: str) -> bool:
    """Return whether this session looked at a page."""
    return any(page == one for one, _ in st.session_state.get(_SHOWN, ()))


def download(  # noqa: PLR0913 (Streamlit's own options)
    label: str,
    data: bytes,
    *,
    file_name: str,
    mime: str,
    run_id: str = "",
    action: Action = Action.EXPORT,
    help: str | None = None,  # noqa: A002 (Streamlit's own name)
    key: str | None = None,
) -> None:
    """Offer a file to who may take it away, and write into the audit that they did.

    Nobody else's browser is given the file's address. The name that is offered, and recorded,
    begins with the marking.
    """
    if not may(action):
        return
    marked = download_name(file_name)
    st.download_button(
        label,
        data,
        file_name=marked,
        mime=mime,
        on_click=_taken,
        args=(action, marked, run_id, data),
        help=help,
        key=key,
    )


def download_each(
    offered: Iterable[tuple[str, str, str, str]],
    files: Mapping[str, bytes],
    *,
    stem: str,
    run_id: str,
) -> None:
    """Offer those of some files that there are.

    Parameters
    ----------
    offered
        Of each: its name, what the button says, its media type, and what the button's help says.
    stem
        Stands before each name, and tells its button from all others on the page.
    """
    for name, label, mime, words in offered:
        if name in files:
            download(
                label,
                files[name],
                file_name=f"{stem}_{name}",
                mime=mime,
                run_id=run_id,
                help=words,
                key=f"file_{stem}_{name}",
            )


def pages(offered: Sequence[tuple[Action, StreamlitPage]]) -> list[StreamlitPage]:
    """Return the pages that whoever is asking may open; each of them asks again."""
    return [page for action, page in offered if may(action)]


def begin() -> bool:
    """Begin a run of the app: return whether somebody is signed in, who has now been active."""
    found, _ = _found()
    if found is None:
        return False
    rules = access_rules()
    moment = now()
    if rules.signs_in and _SIGN_INS.touch(found.sign_in, now=moment, rules=rules.sign_in):
        try:
            _keep_sign_in(found, "accepted")
        except BadInputError as error:
            st.session_state[_SAID] = f"Your sign-in is not recorded. {error}"
    if said := st.session_state.pop(_SAID, ""):
        frame.say(said)
    return True


def foot() -> None:
    """Say at the foot of the page who is signed in, or that nobody has to; offer to sign out."""
    rules = access_rules()
    if not rules.signs_in:
        st.html('<div class="hx-who">No sign-in: this machine only, every role</div>')
        return
    asking = person()
    words = escaped(f"{asking.account} · {asking.role_words}")
    st.html(f'<div class="hx-who">{words}</div>')
    with st.container(key="sign_out_place"):
        st.button("Sign out", key="sign_out", on_click=_sign_out)
    _look()


def sign_in_page() -> None:
    """Say why nobody is signed in, and offer what there is to do about it."""
    with frame.plain_errors():
        rules = access_rules()
        found, why = _found()
        if found is not None:
            st.rerun()
        frame.say(why, kind="plain")
        if rules.sign_in.method == "oidc" and st.button("Sign in", type="primary", key="sign_in"):
            _log_in(rules.sign_in.provider)
        if rules.sign_in.method == "proxy" and rules.proxy.sign_out:
            st.link_button("Sign in anew", rules.proxy.sign_out)


def _found() -> tuple[Person | None, str]:
    """Return who is asking, or why nobody is."""
    moment = now()
    try:
        rules = access_rules()
        asking = identity.asking(rules, now=moment)
    except BadInputError as error:
        _LOG.warning("Refused: %s", error)
        return None, str(error)
    if asking is None:
        return None, "Sign in to see this."
    if not rules.signs_in:
        return asking, ""
    if identity.too_early(asking, moment):
        return None, "The sign-in is of the future: the clocks of the server and provider differ."
    why = _SIGN_INS.why_over(
        asking.sign_in, made=asking.signed_in_at, now=moment, rules=rules.sign_in
    )
    return (None, f"{why} Sign in again.") if why else (asking, "")


def _keep(who: Person, entry: Callable[..., object], **facts: object) -> None:
    trail().keep(entry, **facts, now=now(), by=who.account)


def _keep_sign_in(who: Person, outcome: str) -> None:
    method = access_rules().sign_in.method
    highest = max(who.roles, key=list(Role).index)
    _keep(who, journal.note_sign_in, role=highest.value, method=method, outcome=outcome)


def _taken(action: Action, file_name: str, run_id: str, data: bytes) -> None:
    """Record a download; it is under way by now, so that a failure is said on the page."""
    try:
        require(action)
        digest = hashlib.sha256(data).hexdigest()
        note(
            journal.note_export,
            what="file",
            file=file_name,
            sha256=digest,
            marking=load_settings().marking,
            run_id=run_id,
        )
    except BadInputError as error:
        st.session_state[_SAID] = str(error)


def _log_in(provider: str) -> None:
    try:
        st.login(provider or None)
    except StreamlitMissingAuthlibError as error:
        msg = "The server lacks what signing in needs. Install Harmhex there as 'harmhex[sign-in]'."
        raise BadInputError(msg) from error
    except StreamlitAuthError as error:
        _LOG.exception("Sign-in is not set up")
        msg = (
            "Sign-in is not set up on the server: its secrets lack something. Its log says what; "
            "docs/access.md says how."
        )
        raise BadInputError(msg) from error


def _sign_out() -> None:
    """End the sign-in in every window, then at the provider."""
    found, _ = _found()
    if found is None:
        return
    try:
        _keep_sign_in(found, "signed_out")
    except BadInputError:
        _LOG.exception("A sign-out is not recorded")
    _SIGN_INS.end(found.sign_in, now=now())
    # nothing that was chosen or shown is left for whoever comes next
    for name in list(st.session_state):
        if name != identity.SESSION:
            del st.session_state[name]
    if access_rules().sign_in.method == "oidc":
        st.logout()


@st.fragment(run_every=_LOOK_SECONDS)
def _look() -> None:
    """Clear the screen once the sign-in is over, though nobody clicks."""
    found, _ = _found()
    if found is None:
        st.rerun()
