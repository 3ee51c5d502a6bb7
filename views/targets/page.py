"""The Targets page: build a list, compare it, change it, schedule it, adopt it, carry it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from config.access import Action
from config.profile import Measure
from layers.banner import banner_html
from layers.targets.map import target_deck, target_legend
from layers.targets.summary import list_notes_html, list_strip_html
from spatial.results import HotspotRequest
from views import access, answers, frame, screen, weights
from views.in_force import LAST, in_force
from views.targets import build as targets_build
from views.targets import cells as targets_cells
from views.targets import changes as targets_changes
from views.targets import files as targets_files
from views.targets import places as targets_places
from views.targets import schedule as targets_schedule
from views.targets import visits as targets_visits

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import HotspotResult, TargetRequest, TargetResult
    from views.in_force import InForce

PARTS: Final = {
    "places": "Places",
    "curve": "How many",
    "compared": "Compare",
    "change": "Change",
    "schedule": "Schedule",
    "visits": "Visits",
    "files": "Adopt and files",
}
_MAPPED: Final = ("places", "compared", "change")


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_TARGETS)
        store = answers.open_store()
        request = None
        with (
            st.container(key="controls", horizontal=True, vertical_alignment="center"),
            frame.plain_errors(),
        ):
            request = targets_build.controls(store)
        if request is None:
            if len(store.study_areas()) != 1:
                frame.say(
                    "Choose a study area: shares and separation are of its cells.", kind="plain"
                )
            return
        with st.container(key="targets", horizontal=True):
            with st.container(key="target_parts"):
                part = _part()
                screen.ask()
            with st.container(key="target_answer"), frame.plain_errors():
                _draw(store, request, part)
                return
        weights.way_back()


def _part() -> str:
    if st.session_state.get("list_part") not in PARTS:
        st.session_state["list_part"] = next(iter(PARTS))
    return str(
        st.radio(
            "Part",
            list(PARTS),
            format_func=PARTS.__getitem__,
            key="list_part",
            label_visibility="collapsed",
        )
    )


def _draw(store: IncidentStore, request: TargetRequest, part: str) -> None:
    compare = str(st.session_state.get("list_compare_now", LAST))
    held = in_force(store, request, compare=compare)
    if held.trouble:
        frame.say(held.trouble)
    result = answers.target_list(store, request, held)
    frame.name_place(result.study_area.name, answers.forces(store))
    access.record_seen(f"targets {part}", result.run_id)
    st.html(list_strip_html(result))
    if part in _MAPPED:
        left, right = st.columns([1.35, 1], gap="small")
        surface = _surface(store, request)
        with left:
            _map(store, held, result, surface, part)
        with right, st.container(key="target_side"):
            if part == "places":
                targets_places.places(store, held, result)
            elif part == "compared":
                targets_places.compared(result, held)
            else:
                targets_changes.form(store, request, held, result, surface)
    elif part == "curve":
        targets_places.curve(result)
    elif part == "schedule":
        targets_schedule.schedule_part(store, result)
    elif part == "visits":
        targets_visits.visits_part(store, held, result)
    else:
        plan = targets_schedule.made(store, result)
        targets_files.files_part(store, request, held, result, plan)
    st.html(list_notes_html(result))
    if result.quality is not None:
        st.html(banner_html(result.quality))


def _surface(store: IncidentStore, request: TargetRequest) -> HotspotResult:
    return answers.surface(
        store,
        HotspotRequest(
            profile=request.profile,
            window=request.window,
            study_area=request.study_area,
            resolution=request.resolution,
            measure=Measure.COUNT,
            weights=request.weights,
        ),
    )


def _map(
    store: IncidentStore,
    held: InForce,
    result: TargetResult,
    surface: HotspotResult,
    part: str,
) -> None:
    earlier = pd.DataFrame(columns=["area_id", "cells"])
    if held.previous is not None:
        earlier = held.previous.listed
    choice = targets_changes.choice(result, surface) if part == "change" else None
    with st.container(key="target_map_pane"):
        st.pydeck_chart(
            target_deck(
                result,
                surface,
                answers.ground(store),
                earlier=earlier,
                selected=targets_places.selected(result),
                screen=screen.screen(),
                choice=choice,
            ),
            height="stretch",
            key=targets_cells.MAP,
            on_select=_take_click,
            alt="Map of the list's places, and those dropped. The lists beside it say the same.",
        )
        st.html(target_legend(result, surface, choosing=choice is not None))


@frame.fenced
def _take_click() -> None:
    """Select the place that was clicked on; where the list is changed, take or leave a cell."""
    state = st.session_state
    changing = state.get("list_part") == "change"
    kind = str(state.get(targets_changes.KIND, ""))
    for layer, picked in state[targets_cells.MAP]["selection"]["objects"].items():
        for item in picked:
            if changing and item.get("hex") and targets_cells.takes(kind, layer):
                place = str(state.get(targets_changes.PLACE) or "")
                targets_cells.clicked(kind, place, str(item["hex"]))
            elif item.get("area_id"):
                state["area"] = str(item["area_id"])
