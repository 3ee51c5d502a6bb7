"""The ranking on the Tasking page: by what, under which harm scheme, and how much hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.harm_scheme import harm_scheme_names, load_harm_scheme
from config.profile import Measure
from layers.targets.sensitivity import sensitivity_html
from layers.wording import RANKED_WORDS
from views import answers, frame

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult

_AS_LOADED: Final = ""


def chosen(store: IncidentStore) -> str | None:
    """Return the weights chosen on the page, as a request names them; None for the load's."""
    state = st.session_state
    if state.get("weights", _AS_LOADED) not in _options(store):
        state["weights"] = _AS_LOADED
    return str(state.get("weights", _AS_LOADED)) or None


def ranked_by() -> Measure:
    """Return what is chosen to rank the places."""
    state = st.session_state
    if state.get("rank_by") not in RANKED_WORDS:
        state["rank_by"] = Measure.EXPECTED_HARM
    return Measure(state["rank_by"])


def panel(store: IncidentStore, result: TaskingResult) -> None:
    """Draw what ranks and, once it is opened, how many places stay when ranked another way."""
    with st.popover("Ranking", on_change="rerun", key="weights_panel") as opened:
        st.html('<h3 class="hx-h2">How much hangs on the ranking?</h3>')
        weight_box(store)
        if opened.open:
            table = answers.weights_table(store, result)
            st.html(sensitivity_html(table, measure=result.targets.measure))


def boxes(store: IncidentStore) -> None:
    """Ask what ranks the places, and how their harm is weighed."""
    rank_box()
    weight_box(store)


def rank_box() -> None:
    """Ask what ranks the places."""
    ranked_by()
    st.selectbox("Rank by", list(RANKED_WORDS), format_func=RANKED_WORDS.__getitem__, key="rank_by")


def weight_box(store: IncidentStore) -> None:
    """Ask how the places' harm is weighed."""
    options = _options(store)
    st.session_state.setdefault("weights", _AS_LOADED)
    st.selectbox(
        "Harm weighed by",
        list(options),
        format_func=lambda name: options.get(name, name),
        key="weights",
        help="For this look only: what is stored stays as it is.",
    )


def way_back() -> None:
    """Offer the weights of the load again, where the ones chosen gave no result."""
    if st.session_state.get("weights", _AS_LOADED) != _AS_LOADED:
        st.button("Use the weights the data were loaded with", key="way_back", on_click=_reset)


@frame.fenced
def _reset() -> None:
    st.session_state["weights"] = _AS_LOADED


def _options(store: IncidentStore) -> dict[str, str]:
    """Return what may be chosen, with its words: as loaded, shipped, and the store's own."""
    editions = sorted({one for load in store.loads for one in load.harm_edition.split("; ") if one})
    options = {_AS_LOADED: f"As loaded ({', '.join(editions)})"}
    for name in harm_scheme_names():
        scheme = load_harm_scheme(name)
        # an average over a category weighs only what was loaded by category
        if scheme.keyed_by != "category":
            options[name] = f"{scheme.title} ({scheme.edition})"
    own = answers.own_weights(store.path)
    return options | {file: f"{scheme.title} ({scheme.edition})" for file, scheme in own.items()}
