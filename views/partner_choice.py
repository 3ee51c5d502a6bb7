"""The partner layer: which one lies on the map, if the store holds any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.settings import load_settings
from spatial.hexes.grid import fill
from spatial.partners.counts import PartnerCounts, count_cells
from spatial.partners.store import PartnerStore
from views import access

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult

KEY: Final = "partner"
_NONE: Final = ""


def choose(store: IncidentStore) -> None:
    """Offer the partner layers, one at a time: they count different things and are never summed."""
    if not access.may(Action.SEE_PARTNERS):
        return
    titles = {one.source: one.title for one in PartnerStore.open(store.path).sources()}
    if not titles:
        return
    if st.session_state.get(KEY, _NONE) not in titles:
        st.session_state[KEY] = _NONE
    st.selectbox(
        "Partners",
        [_NONE, *titles],
        format_func=lambda source: titles.get(source, "None"),
        key=KEY,
    )


def chosen_counts(store: IncidentStore, result: TaskingResult) -> PartnerCounts | None:
    """Count the layer chosen, for the window and study area of a result; None without one."""
    source = st.session_state.get(KEY, _NONE)
    # asked again: what a session says it chose is no proof that it might
    if not source or not access.may(Action.SEE_PARTNERS):
        return None
    partners = PartnerStore.open(store.path)
    if source not in {one.source for one in partners.sources()}:
        return None
    key = f"{result.run_id} {partners.fingerprint}"
    return _counts(key, source, _partners=partners, _result=result)


@st.cache_resource(show_spinner=False, max_entries=24)
def _counts(
    key: str, source: str, *, _partners: PartnerStore, _result: TaskingResult
) -> PartnerCounts:
    del key  # part of the key only
    # partners' places are known to a building at best: cells of patrol areas would be too fine
    grid = fill(_result.study_area, load_settings().coarse_resolution)
    return count_cells(_partners, source, window=_result.request.window, grid=grid)
