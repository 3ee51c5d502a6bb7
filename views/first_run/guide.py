"""The guided start: load your data, check it, see targets; gone once all three were done."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from layers.wording import escaped
from register import audit
from sample_geo.ready import is_ready_store
from spatial.incidents.store import IncidentStore
from views import access, answers, frame
from views.signed_in.trail import register_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.navigation.page import StreamlitPage

_HIDDEN: Final = "guide_hidden"
_DONE: Final = "guide_done"
_TOWN: Final = "Saltmere is a fictional town: no place, person or incident in it is real."


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the page it is done on, and what the audit calls looking at that page."""

    address: str
    words: str
    action: Action
    seen: str


STEPS: Final = (
    Step("load", "Load your data", Action.LOAD_DATA, ""),
    Step("data", "Check it", Action.SEE_QUALITY, "data"),
    Step("tasking", "See targets", Action.SEE_TASKING, "tasking"),
)


def draw(pages: Mapping[str, StreamlitPage]) -> None:
    """Draw the steps on one line: on the sample town, and on one's own store until all are done.

    Parameters
    ----------
    pages
        The pages that whoever is asking may open, by address.
    """
    with frame.plain_errors():
        state = st.session_state
        named = os.environ.get(answers.STORE_VARIABLE, "")
        sample = bool(named) and is_ready_store(Path(named))
        if state.get(_HIDDEN):
            return
        done = frozenset() if sample else _done(named)
        steps = [step for step in STEPS if step.address in pages]
        if not steps or all(step.address in done for step in steps):
            return
        with st.container(key="guide", horizontal=True, vertical_alignment="center"):
            first = _TOWN if sample else "To begin with your data:"
            st.html(f'<div class="hx-guide">{escaped(first)}</div>')
            for number, step in enumerate(steps, 1):
                mark = " (done)" if step.address in done else ""
                st.page_link(pages[step.address], label=f"{number}. {step.words}{mark}")
            st.button("Hide the steps", key="guide_hide", on_click=_hide)


@frame.fenced
def _hide() -> None:
    st.session_state[_HIDDEN] = True


def _done(named: str) -> frozenset[str]:
    """Return the addresses of the steps done on a store of one's own; kept once all are."""
    state = st.session_state
    if state.get(_DONE) == named:
        return frozenset(step.address for step in STEPS)
    try:
        loaded = bool(named) and any(load.stored for load in IncidentStore.open(Path(named)).loads)
    except (BadInputError, OSError):
        loaded = False
    if not loaded:
        return frozenset()
    done = {"load", *(step.address for step in STEPS if step.seen and _seen(step.seen))}
    if len(done) == len(STEPS):
        state[_DONE] = named
    return frozenset(done)


def _seen(page: str) -> bool:
    """Return whether anybody looked at a page of this store's register, or is looking now."""
    if access.shown(page):
        return True
    try:
        register = register_in_force()
        if register is None:
            return False
        with register.reading() as session:
            return audit.first(session, "seen", noun="page", item=page) is not None
    except BadInputError:
        # the pages that need the register say so
        return False
