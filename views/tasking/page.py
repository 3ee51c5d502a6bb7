"""The Tasking page: where the harm is, which places to patrol and why, and files to carry off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.settings import load_settings
from layers.deck import PANES, Show, tasking_deck
from layers.hexes import violence_classes
from layers.legend import legend_html
from layers.listing import list_rows
from layers.overlays import near_lines, with_lines
from layers.partners.layer import partner_notes
from layers.summary import foot_html, loud_notes, made_html, summary_html
from layers.wording import RANKED_WORDS
from spatial.results import TaskingRequest
from views import access, answers, choices, frame, records, weights
from views.in_force import in_force
from views.targets import adoption, delivery
from views.tasking import partner_choice
from views.tasking.place_list import place_list

if TYPE_CHECKING:
    from layers.overlays import Mark
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult
    from views.in_force import InForce
    from views.targets.delivery import Delivered

MOST_PLACES: Final = 60

_UNREAD: Final = "overlays_unread"


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_TASKING)
        store = answers.open_store()
        with st.container(key="controls", horizontal=True, vertical_alignment="center"):
            request, show = _controls(store)
        if request is None:
            frame.say(
                "Choose a study area: significance is worked out over all of its cells.",
                kind="plain",
            )
            return
        with frame.plain_errors():
            _require_places(request)
            held = in_force(store, request)
            if held.trouble:
                frame.say(held.trouble)
            _result(store, answers.answer(store, request, held), held, show)
            return
        weights.way_back()


def _controls(store: IncidentStore) -> tuple[TaskingRequest | None, Show]:
    choices.begin(store)
    state = st.session_state
    state.setdefault("places", load_settings().places)
    for name in ("show_violence", "show_disorder", "show_areas", "show_overlays"):
        state.setdefault(name, True)
    profile = choices.profile_box()
    study_area = choices.study_area_box(store)
    choices.window_boxes(store)
    # no bounds here: a number that the box refuses would leave another number's list beside it
    places = st.number_input("Places", step=1, key="places")
    st.html('<span class="hx-label">Show</span>')
    show = Show(
        violence=st.checkbox("Violence", key="show_violence"),
        disorder=st.checkbox("Antisocial behaviour", key="show_disorder"),
        areas=st.checkbox("Patrol areas", key="show_areas"),
        overlays=_overlays(store),
    )
    partner_choice.choose(store)
    if study_area is None:
        return None, show
    request = TaskingRequest(
        profile=profile,
        window=choices.window(),
        study_area=study_area,
        places=int(places or 0),
        weights=weights.chosen(store),
        measure=weights.ranked_by(),
    )
    return request, show


def _overlays(store: IncidentStore) -> tuple[Mark, ...] | None:
    """Offer the overlays; without the register the page is shown all the same, and says so."""
    if not access.may(Action.SEE_OVERLAYS):
        return None
    if not st.checkbox("Overlays", key="show_overlays"):
        return None
    try:
        return records.marks(store)
    except BadInputError as error:
        st.session_state[_UNREAD] = str(error)
        return None


def _require_places(request: TaskingRequest) -> None:
    if not 1 <= request.places <= MOST_PLACES:
        msg = (
            f"Places: {request.places:,} cannot be shown. Ask for a number from 1 to {MOST_PLACES}."
        )
        raise BadInputError(msg)


def _result(store: IncidentStore, result: TaskingResult, held: InForce, show: Show) -> None:
    frame.name_place(result.study_area.name, answers.forces(store))
    access.record_seen("tasking", result.run_id)
    if unread := st.session_state.pop(_UNREAD, ""):
        frame.say(f"Anniversaries, events and tension are not shown. {unread}", kind="plain")
    made = _made(store, held)
    st.html(summary_html(result, delivered=None if made is None else (made.answer, made.short)))
    rows = list_rows(
        result.targets.areas,
        delivered=None if made is None else made.by_area,
        by_whom=access.may(Action.SEE_REGISTER),
    )
    selected = _selected(result)
    left, right = st.columns([1.98, 1], gap="small")
    with left, st.container(key="map_pane"):
        _map(store, result, show, selected)
    with right, st.container(key="list_pane"):
        _files(store, result)
        place_list(
            with_lines(
                partner_choice.with_near(store, result, rows),
                near_lines(show.overlays or (), result.targets.areas),
            ),
            selected=selected,
            screen=_screen(),
            key="place_list",
            on_pick=_pick,
            on_screen=_take_screen,
        )
    with st.container(key="foot", horizontal=True, vertical_alignment="center"):
        st.html(foot_html(result))
        with st.popover("How this was made"):
            st.html(made_html(result))
            partner = partner_choice.chosen_counts(store, result)
            if partner is not None:
                st.html(partner_notes(partner))


def _made(store: IncidentStore, held: InForce) -> Delivered | None:
    """Return what was made of the last list; a register that is gone takes that alone away."""
    try:
        return delivery.delivered(store, held)
    except BadInputError as error:
        frame.say(str(error), kind="plain")
        return None


def _map(store: IncidentStore, result: TaskingResult, show: Show, selected: str | None) -> None:
    cells = result.violence.cells
    show = replace(show, partner=partner_choice.chosen_counts(store, result))
    st.pydeck_chart(
        tasking_deck(result, answers.ground(store), show=show, selected=selected, screen=_screen()),
        height="stretch",
        key="map",
        on_select=_take_click,
        alt=(
            "Map of hot spots of serious violence, antisocial behaviour and patrol areas. "
            "The list beside it says the same in words."
        ),
    )
    st.html(
        legend_html(
            violence_classes(cells),
            show=show,
            cells=result.violence.n_cells,
            window=result.request.window,
            profile=result.profile,
        )
    )
    loud = loud_notes(result)
    if loud:
        st.html(loud)


def _files(store: IncidentStore, result: TaskingResult) -> None:
    with st.container(key="files", horizontal=True):
        # the harm in the list is what happened, so the rows need not fall by it
        by = RANKED_WORDS[result.targets.measure].lower()
        st.html(f'<h2 class="hx-h2">Where to patrol<span class="hx-by">by {by}</span></h2>')
        weights.panel(store, result)
        adoption.panel(store, result.targets)
        if not access.may(Action.EXPORT):
            return
        csv, geojson = answers.target_files(result)
        stem = f"harmhex_targets_{result.profile.name}_{result.request.window.last.isoformat()}"
        access.download(
            "CSV",
            csv,
            file_name=f"{stem}.csv",
            mime="text/csv",
            run_id=result.run_id,
            help="The list as a spreadsheet, every column",
        )
        access.download(
            "GeoJSON",
            geojson,
            file_name=f"{stem}.geojson",
            mime="application/geo+json",
            run_id=result.run_id,
            help="The areas for a mapping or patrol-planning system",
        )


def _selected(result: TaskingResult) -> str | None:
    """Return the selected area: the one picked if this result has it, else the first."""
    ids = [str(area_id) for area_id in result.targets.areas["area_id"]]
    picked = st.session_state.get("area")
    return picked if picked in ids else next(iter(ids), None)


def _pick(area_id: str) -> None:
    st.session_state["area"] = area_id


def _screen() -> str:
    return str(st.session_state.get("screen", "wall"))


def _take_screen(screen: str) -> None:
    st.session_state["screen"] = screen if screen in PANES else "wall"


def _take_click() -> None:
    """Select the area of whatever was clicked on the map; the ground has none."""
    objects = st.session_state["map"]["selection"]["objects"]
    for picked in objects.values():
        for item in picked:
            if item.get("area_id"):
                _pick(str(item["area_id"]))
