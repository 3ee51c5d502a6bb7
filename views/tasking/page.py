"""The Tasking page: where the harm is, which places to patrol and why, and files to carry off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from layers.listing import list_columns, list_rows
from layers.overlays import near_lines, with_lines
from layers.partners.layer import partner_notes
from layers.partners.near import LABEL
from layers.summary import foot_html, made_html
from layers.tasking.hours import held_hours, hours_sentence
from layers.wording import escaped
from views import access, answers, frame, weights
from views.in_force import in_force
from views.linked import PLACE_ASKED
from views.targets import delivery
from views.tasking import actions, controls, drawer, map_pane, partner_choice
from views.tasking.place_list import place_list
from views.tasking.strip import held_out_sentence, strip

if TYPE_CHECKING:
    from layers.deck import Show
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult
    from views.in_force import InForce
    from views.targets.delivery import Delivered

_STYLE: Final = Path(__file__).parent / "tasking.css"


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_TASKING)
        store = answers.open_store()
        st.html(_STYLE)
        with st.container(key="controls", horizontal=True, vertical_alignment="center"):
            request, show = controls.controls(store)
        if request is None:
            frame.say(
                "Choose a study area: significance is worked out over all of its cells.",
                kind="plain",
            )
            return
        with frame.plain_errors():
            controls.require_places(request)
            held = in_force(store, request)
            if held.trouble:
                frame.say(held.trouble)
            _result(store, answers.answer(store, request, held), held, show)
            return
        weights.way_back()


def _result(store: IncidentStore, result: TaskingResult, held: InForce, show: Show) -> None:
    frame.name_place(result.study_area.name, answers.forces(store))
    access.record_seen("tasking", result.run_id)
    if unread := st.session_state.pop(controls.UNREAD, ""):
        frame.say(f"Anniversaries, events and tension are not shown. {unread}", kind="plain")
    made = _made(store, held)
    strip(store, result, held, made)
    asked = controls.hours_asked()
    hours = held_hours(result.targets, asked)
    rows = list_rows(
        result.targets.areas,
        delivered=None if made is None else made.by_area,
        by_whom=access.may(Action.SEE_REGISTER),
        times=result.targets.times,
        hours=hours,
    )
    rows = with_lines(
        partner_choice.with_near(store, result, rows),
        near_lines(show.overlays or (), result.targets.areas),
    )
    selected = _selected(result)
    left, right = st.columns([1.98, 1], gap="small")
    with left, st.container(key="map_pane"):
        map_pane.map_pane(store, result, held, show, selected)
    with right, st.container(key="list_pane"):
        actions.actions(store, result)
        if said := hours_sentence(result.targets, asked, hours):
            st.html(f'<p class="hx-hours" role="status">{escaped(said)}</p>')
        _list(rows, selected, hours=bool(asked))
        drawer.drawer(
            store, result, selected=selected, held=held, made=made, show=show, hours=hours,
            partners=_partners(rows, selected),
        )  # fmt: skip
    with st.container(key="foot", horizontal=True, vertical_alignment="center"):
        st.html(foot_html(result))
        weights.panel(store, result)
        with st.popover("How this was made"):
            by_whom = access.may(Action.SEE_REGISTER)
            held_out = held_out_sentence(store, result)
            st.html(made_html(result, held_out=held_out, by_whom=by_whom))
            partner = partner_choice.chosen_counts(store, result)
            if partner is not None:
                st.html(partner_notes(partner))


def _list(rows: list[dict[str, Any]], selected: str | None, *, hours: bool) -> None:
    place_list(
        rows,
        selected=selected,
        screen=map_pane.screen(),
        key="place_list",
        on_pick=_pick,
        on_screen=map_pane.take_screen,
        on_open=drawer.open_at,
        on_close=drawer.close,
        drawer=bool(st.session_state.get(drawer.OPEN)),
        columns=list_columns(rows, hours=hours, room=map_pane.screen() == "wall"),
        # they are in the drawer
        folded=True,
    )


def _made(store: IncidentStore, held: InForce) -> Delivered | None:
    """Return what was made of the last list; a register that is gone takes that alone away."""
    try:
        return delivery.delivered(store, held)
    except BadInputError as error:
        frame.say(str(error), kind="plain")
        return None


def _selected(result: TaskingResult) -> str | None:
    """Return the selected area: the one picked if this result has it, else the first.

    Where an address asked for one that is not on the list, none is: another place's story must not
    open in its stead.
    """
    ids = [str(area_id) for area_id in result.targets.areas["area_id"]]
    picked = st.session_state.get("area")
    if picked in ids:
        return picked
    if picked and picked == st.session_state.get(PLACE_ASKED):
        frame.say(
            f"The address asks for the place {picked}, which is not on this list. Choose one that "
            "is, or ask for more places or another window.",
            kind="plain",
        )
        return None
    return next(iter(ids), None)


def _partners(rows: list[dict[str, Any]], selected: str | None) -> str:
    for row in rows:
        if row["id"] == selected:
            return str(dict(row["details"]).get(LABEL, ""))
    return ""


def _pick(area_id: str) -> None:
    st.session_state["area"] = area_id
