"""What a store keeps, to look after: its loads, which may be taken out, and weights of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from config.access import Action
from layers.wording import counted, escaped
from spatial.incidents.mappings.kept import keep_weights
from spatial.incidents.store import MANIFEST, IncidentStore
from spatial.incidents.undo import undo_load
from views import access, answers

if TYPE_CHECKING:
    from pathlib import Path


def loads(store: Path) -> None:
    """List the loads, and offer to take one out."""
    st.html('<h2 class="hx-h2">Loads in this store</h2>')
    held = IncidentStore.open(store).loads if (store / MANIFEST).is_file() else ()
    if not held:
        st.html('<p class="hx-words">None yet.</p>')
        return
    by_id = {load.load_id: load for load in reversed(held)}

    def words(load_id: str) -> str:
        load = by_id[load_id]
        first = load.files[0].name if load.files else ""
        more = f" and {len(load.files) - 1} more" if len(load.files) > 1 else ""
        return f"{first}{more}: {load.stored:,} stored, {load.data_from} to {load.data_through}"

    if not access.may(Action.UNDO_LOAD):
        for load_id in by_id:
            st.html(f'<p class="hx-words">{escaped(words(load_id))}</p>')
        return
    picked = st.selectbox("Load", list(by_id), format_func=words, key=f"undo_of_{len(by_id)}")
    sure = st.checkbox("Yes, take this load out of the store", key=f"undo_sure_{picked}")
    if st.button("Take it out", disabled=not sure, key="undo"):
        access.require(Action.UNDO_LOAD)
        gone, notes = undo_load(store, picked)
        access.record("withdrawn", "load", gone.load_id, incidents=gone.stored)
        said = (
            f"The load {gone.load_id} is taken out: {counted(gone.stored, 'incident')}. "
            "Study areas and context layers stay."
        )
        st.session_state["load_said"] = " ".join([said, *(note.text for note in notes)])
        st.session_state.pop("load_result", None)
        st.rerun()


def weights(store: Path) -> None:
    """List the harm editions kept in the store, and take in another."""
    st.html(
        '<h2 class="hx-h2">Harm weights of your own</h2>'
        '<p class="hx-words">The Cambridge workbook (.xlsx) of another year becomes an edition '
        "that can be chosen on the Tasking page.</p>"
    )
    for scheme in answers.own_weights(store).values():
        st.html(f'<p class="hx-words">{escaped(scheme.edition)}: {escaped(scheme.title)}</p>')
    if not access.may(Action.KEEP_WEIGHTS):
        return
    turn = st.session_state.setdefault("weights_turn", 0)
    book = st.file_uploader("Harm workbook", type=["xlsx"], key=f"workbook_{turn}")
    if book is not None and st.button("Keep these weights", key="keep_weights"):
        access.require(Action.KEEP_WEIGHTS)
        scheme = keep_weights(store, book.name, book.getvalue())
        access.record("added", "weights", scheme.edition)
        st.session_state["weights_turn"] += 1
        st.session_state["load_said"] = f"{scheme.title} is kept, as {scheme.edition}."
        st.rerun()
