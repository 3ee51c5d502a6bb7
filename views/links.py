"""Addresses that open a view: what is chosen is written into them, and read back with care.

An address grants nothing: the page asks who may see it, as ever. What it says that will not do is
told in a sentence, and the page shows what it usually shows.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import streamlit as st

from config.errors import BadInputError
from views import answers, frame
from views.linked import WINDOW, WINDOW_PAGES, UnfitError, links_of

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

_PAGE: Final = "links_page"
_WRITTEN: Final = "links_written"
_BEFORE: Final = "links_before"
_AT: Final = "links_at"
_BARE: Final = "links_bare"
_SAID: Final = "links_said"
_LONGEST: Final = 200
_SHOWN: Final = 40
_IN_FLIGHT_SECONDS: Final = 1.0


def follow(address: str) -> None:
    """Make the choices that the address of a page says, where somebody else than we wrote it."""
    state = st.session_state
    found = {name: st.query_params[name] for name in st.query_params}
    before, written = state.get(_PAGE), state.get(_WRITTEN, {})
    store = _store()
    if store is None:
        return
    if not linked(address):
        # whoever comes back from here comes from elsewhere: what they chose still stands
        state[_PAGE] = address
        return
    if before != address:
        state[_PAGE] = address
        # what the address alone means from here on: what was chosen on the way here
        state.setdefault(_BARE, {})[address] = {} if before is None else _chosen(address, store)
        # taken once: a run that is cut short by a click must not take it again
        state[_WRITTEN] = found
        if found:
            _take(address, found, store)
    elif found not in (written, *_in_flight()):
        # back, forward, or typed over
        state[_WRITTEN] = found
        _take(address, found or state[_BARE].get(address, {}), store)
    said = state.get(_SAID)
    if said is not None and said[1] not in (None, _chosen(address, store)):
        # something else was chosen since
        state.pop(_SAID)
    elif said is not None:
        frame.say(said[0], kind="plain")


def keep(address: str) -> None:
    """Write what is chosen on a page into its address, but for what it shows in any case."""
    store = _store()
    if store is None or not linked(address):
        return
    state = st.session_state
    chosen = _chosen(address, store)
    found = {name: st.query_params[name] for name in st.query_params}
    if chosen != found:
        state[_BEFORE], state[_AT] = found, time.monotonic()
        st.query_params.from_dict(chosen)
    state[_WRITTEN] = chosen
    if _SAID in state and state[_SAID][1] is None:
        state[_SAID] = (state[_SAID][0], chosen)


def linked(address: str) -> bool:
    """Return whether the address of a page can say what is chosen on it."""
    return address in WINDOW_PAGES or bool(links_of(address))


def copy_button(address: str) -> None:
    """Offer to copy an address that opens this very view, on later data too."""
    store = _store()
    if store is None or not linked(address):
        return
    component = st.components.v2.component(
        "harmhex_link",
        html='<button type="button" class="hx-copy">Copy link</button><span role="status"></span>',
        css=(Path(__file__).parent / "link.css").read_text(encoding="utf-8"),
        js=(Path(__file__).parent / "link.js").read_text(encoding="utf-8"),
    )
    with st.container(key="copy_link_place"):
        component(
            key="copy_link",
            data={"query": urlencode(_chosen(address, store, always=True))},
            height=20,
        )


def _in_flight() -> tuple[dict[str, str], ...]:
    """Return the address before ours, while the browser may not have shown ours yet."""
    state = st.session_state
    if time.monotonic() - state.get(_AT, 0.0) > _IN_FLIGHT_SECONDS:
        return ()
    return (state[_BEFORE],)


def _take(address: str, found: dict[str, str], store: IncidentStore) -> None:
    troubles = []
    for link in links_of(address):
        link.reset()
    if address in WINDOW_PAGES:
        WINDOW.reset()
        dates = {name: found[name] for name in WINDOW.names if name in found}
        if dates:
            shown = " to ".join(_short(text) for text in dates.values())
            try:
                WINDOW.take(dates, store)
            except UnfitError as error:
                troubles.append(f"the window {shown}, which {error}")
    for link in links_of(address):
        text = found.get(link.name)
        if text is None:
            continue
        try:
            link.take(_of_fair_length(text), store)
        except UnfitError as error:
            troubles.append(f"{link.words} {_short(text)}, which {error}")
    # a run that is cut short now must not bring back what the address took away
    frame.keep_choices()
    st.session_state.pop(_SAID, None)
    if troubles:
        words = "; and ".join(troubles)
        st.session_state[_SAID] = (
            f"The address asks for {words}. The page shows what it usually shows instead.",
            None,
        )


def _chosen(address: str, store: IncidentStore, *, always: bool = False) -> dict[str, str]:
    found = WINDOW.text(store, always=always) if address in WINDOW_PAGES else {}
    for link in links_of(address):
        text = link.text(store, always=always)
        if text is not None:
            found[link.name] = text
    return found


def _of_fair_length(text: str) -> str:
    if len(text) > _LONGEST:
        msg = "is far too long"
        raise UnfitError(msg)
    return text


def _short(text: str) -> str:
    clean = "".join(letter if letter.isprintable() else " " for letter in text[:_SHOWN])
    return repr(clean + ("..." if len(text) > _SHOWN else ""))


def _store() -> IncidentStore | None:
    try:
        return answers.open_store()
    except BadInputError:
        # the page says why; there is nothing to choose from
        return None
