"""What the Targets page is asked: profile, window, how many places, which kind, for which shift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
from config.settings import load_settings
from config.shifts import load_shifts
from spatial.results import TargetRequest
from spatial.window import day_words
from views import answers, choices, in_force, weights

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

MOST_PLACES: Final = 60
_BY: Final = {"places": "places", "hours": "officer hours", "share": "share of harm"}
_GROWN, _ONE, _OWN = "grown", "one", "own"
_KINDS: Final = {
    _GROWN: "Areas grown from cells",
    _ONE: "One larger cell each",
    _OWN: "Our own polygons (the layer beats)",
}
_ALL_DAY: Final = ""
_LAYER: Final = "beats"


def controls(store: IncidentStore) -> TargetRequest | None:
    """Ask for the list; None while no study area is chosen."""
    choices.begin(store)
    state, settings = st.session_state, load_settings()
    state.setdefault("places", settings.places)
    state.setdefault("list_hours", 20 * settings.period_days)
    state.setdefault("list_share", 25)
    profile = choices.profile_box(store)
    study_area = choices.study_area_box(store)
    choices.window_boxes(store)
    by = str(st.selectbox("How many by", list(_BY), format_func=_BY.__getitem__, key="list_by"))
    # no bounds here: what is refused is said in a sentence, in place of the list
    if by == "places":
        st.number_input("Places", step=1, key="places")
    elif by == "hours":
        st.number_input(f"Hours in {settings.period_days} days", step=10, key="list_hours")
    else:
        st.number_input("Per cent of the harm", step=1, key="list_share")
    with st.popover("More", key="list_more"):
        shift, kind, metres = _more(store)
        compare = _compare(store, profile, study_area)
    state["list_compare_now"] = compare
    if study_area is None:
        return None
    _require(by)
    window = choices.window()
    finest = answers.finest(store, profile, window)
    return TargetRequest(
        profile=profile,
        window=window,
        study_area=study_area,
        resolution=settings.coarse_resolution if kind == _ONE else finest,
        places=int(state["places"] or 0) if by == "places" else None,
        officer_hours=float(state["list_hours"] or 0) if by == "hours" else None,
        harm_share=float(state["list_share"] or 0) / 100 if by == "share" else None,
        weights=weights.chosen(store),
        measure=weights.ranked_by(),
        shift=shift or None,
        separation_m=float(metres),
        drawn=_LAYER if kind == _OWN else None,
    )


def _more(store: IncidentStore) -> tuple[str, str, int]:
    state = st.session_state
    shifts = {one.name: one.words for one in load_shifts().shift}
    kinds = [kind for kind in _KINDS if kind != _OWN or _LAYER in store.context_layers()]
    if state.get("list_kind") not in kinds:
        state["list_kind"] = _GROWN
    state.setdefault("list_separation", int(load_settings().separation_m))
    shift = st.selectbox(
        "Ranked for",
        [_ALL_DAY, *shifts],
        format_func=lambda name: shifts.get(name, "the whole day"),
        key="list_shift",
    )
    kind = st.selectbox("Places are", kinds, format_func=_KINDS.__getitem__, key="list_kind")
    metres = st.number_input(
        "Metres between places, at least",
        step=50,
        key="list_separation",
        help="0 to patrol; 500 to try an operation out. What that costs: docs/methods/targets.md.",
    )
    weights.boxes(store)
    return str(shift), str(kind), int(metres or 0)


def _compare(store: IncidentStore, profile: str, study_area: str | None) -> str:
    try:
        lists = {
            one.id: one
            for one in in_force.adopted_lists(store, profile=profile, study_area=study_area)
        }
    except BadInputError:
        # the page says why: see views.in_force
        lists = {}
    offered = [in_force.LAST, *lists, in_force.NONE]
    words = {in_force.LAST: "the last list before today", in_force.NONE: "no list"}
    if st.session_state.get("list_compare") not in offered:
        st.session_state["list_compare"] = in_force.LAST
    chosen = st.selectbox(
        "Compare with",
        offered,
        format_func=lambda item: (
            words.get(item) or f"the list from {day_words(lists[item].first_date)}"
        ),
        key="list_compare",
    )
    return str(chosen)


def _require(by: str) -> None:
    state = st.session_state
    places = int(state["places"] or 0)
    if by == "places" and not 1 <= places <= MOST_PLACES:
        msg = f"Places: {places:,} cannot be shown. Ask for a number from 1 to {MOST_PLACES}."
        raise BadInputError(msg)
