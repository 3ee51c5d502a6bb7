"""The partner layer: which one lies on the map, if the store holds any, and what lies near."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.settings import load_settings
from layers.partners.near import partners_near, with_partners
from spatial.hexes.grid import fill
from spatial.partners.beats import Beats, read_beats
from spatial.partners.counts import count_cells
from spatial.partners.standing import StandingStore
from spatial.partners.standing_counts import beat_numbers, count_premises
from spatial.partners.store import PartnerStore
from views import access, frame

if TYPE_CHECKING:
    from layers.partners.layer import PartnerLayer
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult

KEY: Final = "partner"
_NONE: Final = ""


def choose(store: IncidentStore) -> None:
    """Offer the partner layers, one at a time: they count different things and are never summed."""
    if not access.may(Action.SEE_PARTNERS):
        return
    titles: dict[str, str] = {}
    # layers that cannot be read are said beside the list, and take nothing else away
    with suppress(BadInputError):
        titles = {one.source: one.title for one in PartnerStore.open(store.path).sources()}
        titles |= {one.source: one.title for one in StandingStore.open(store.path).current()}
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


def chosen_counts(store: IncidentStore, result: TaskingResult) -> PartnerLayer | None:
    """Count the layer chosen, for the window and study area of a result; None without one."""
    source = st.session_state.get(KEY, _NONE)
    # asked again: what a session says it chose is no proof that it might
    if not source or not access.may(Action.SEE_PARTNERS):
        return None
    try:
        partners, standing = PartnerStore.open(store.path), StandingStore.open(store.path)
    except BadInputError:
        return None
    if source in {one.source for one in partners.sources()}:
        key = f"{result.run_id} {partners.fingerprint}"
        return _counts(key, source, _partners=partners, _result=result)
    if source in {one.source for one in standing.current()}:
        key = f"{result.run_id} {standing.fingerprint} {store.extras_fingerprint}"
        return _standing(key, source, _layers=standing, _store=store, _result=result)
    return None


def with_near(
    store: IncidentStore, result: TaskingResult, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Add to the list's details what partners have near each place, for those who may see them."""
    if not access.may(Action.SEE_PARTNERS):
        return rows
    try:
        partners, standing = PartnerStore.open(store.path), StandingStore.open(store.path)
    except BadInputError as error:
        frame.say(f"What partners saw is not shown. {error}", kind="plain")
        return rows
    key = f"{result.run_id} {partners.fingerprint} {standing.fingerprint}"
    lines = _near(
        key, load_settings().fewest_shown, _partners=partners, _standing=standing, _result=result
    )
    return with_partners(rows, lines)


@st.cache_resource(show_spinner=False, max_entries=24)
def _counts(
    key: str, source: str, *, _partners: PartnerStore, _result: TaskingResult
) -> PartnerLayer:
    del key  # part of the key only
    # partners' places are known to a building at best: cells of patrol areas would be too fine
    grid = fill(_result.study_area, load_settings().coarse_resolution)
    return count_cells(_partners, source, window=_result.request.window, grid=grid)


@st.cache_resource(show_spinner=False, max_entries=24)
def _standing(
    key: str,
    source: str,
    *,
    _layers: StandingStore,
    _store: IncidentStore,
    _result: TaskingResult,
) -> PartnerLayer:
    del key  # part of the key only
    beats = _beats(_store.extras_fingerprint, _store=_store)
    if _layers.source(source).kind == "safeguarding":
        return beat_numbers(_layers, source, beats=beats)
    grid = fill(_result.study_area, load_settings().coarse_resolution)
    return count_premises(_layers, source, grid=grid, beats=beats)


@st.cache_resource(show_spinner=False, max_entries=4)
def _beats(extras_fingerprint: str, *, _store: IncidentStore) -> Beats:
    del extras_fingerprint  # part of the key only
    return read_beats(_store.context_layers())


@st.cache_data(show_spinner=False, max_entries=24)
def _near(
    key: str,
    fewest: int,
    *,
    _partners: PartnerStore,
    _standing: StandingStore,
    _result: TaskingResult,
) -> dict[str, str]:
    del key, fewest  # parts of the key only
    areas = _result.targets.areas
    return partners_near(_partners, _standing, areas, window=_result.request.window)
