"""The map on the Tasking page, with its title, legend, and the notes that must be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from config.access import Action
from layers.deck import PANES, not_drawn, require_sendable, tasking_deck
from layers.hexes import violence_classes
from layers.legend import legend_html, title_html
from layers.summary import loud_notes
from layers.two_way import reading_counts, two_way_cells
from views import access, answers, choices, frame
from views.tasking import controls, drawer, partner_choice, period

if TYPE_CHECKING:
    from layers.deck import Show
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult
    from views.in_force import InForce


def map_pane(
    store: IncidentStore, result: TaskingResult, held: InForce, show: Show, selected: str | None
) -> None:
    """Draw the map; where it cannot be sent, say so in its place and keep the legend."""
    show = replace(
        show,
        partner=partner_choice.chosen_counts(store, result),
        last_period=held.previous if st.session_state.get(controls.LAST_PERIOD) else None,
    )
    if st.session_state.get(controls.OVER_TIME):
        with frame.plain_errors():
            period.moving(store, result)
        return
    cells, window = result.violence.cells, result.request.window
    st.html(title_html(show, window=window, profile=result.profile, against=choices.against(store)))
    with frame.plain_errors():
        deck = tasking_deck(
            result, answers.ground(store), show=show, selected=selected, screen=screen()
        )
        require_sendable(deck, most_mb=float(st.get_option("server.maxMessageSize")))
        st.pydeck_chart(
            deck,
            height="stretch",
            key="map",
            on_select=_take_click,
            alt=(
                "Map of hot spots of serious violence, antisocial behaviour and patrol areas. "
                "The list beside it says the same in words."
            ),
        )
    readings = None
    if show.both_ways:
        both = two_way_cells(cells, result.disorder.cells)
        readings = reading_counts(both, n_cells=result.violence.n_cells)
    st.html(
        legend_html(
            violence_classes(cells),
            show=show,
            cells=result.violence.n_cells,
            window=window,
            profile=result.profile,
            readings=readings,
            left_out=not_drawn(result, show),
            targets=result.targets,
        )
    )
    loud = loud_notes(result, by_whom=access.may(Action.SEE_REGISTER))
    if loud:
        st.html(loud)


def screen() -> str:
    """Return the screen that the map is fitted to: a wall's until the browser says otherwise."""
    return str(st.session_state.get("screen", "wall"))


def take_screen(said: str) -> None:
    """Keep the screen that the browser says it has."""
    st.session_state["screen"] = said if said in PANES else "wall"


@frame.fenced
def _take_click() -> None:
    """Open the area of whatever was clicked on the map; the ground has none."""
    objects = st.session_state["map"]["selection"]["objects"]
    for picked in objects.values():
        for item in picked:
            if item.get("area_id"):
                drawer.open_at(str(item["area_id"]))
