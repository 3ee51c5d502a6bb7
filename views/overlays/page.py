"""The Overlays page: what is due and where tension is, as lists and a map, and forms for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.register import load_register_rules
from layers.context import border_layer, ground_layers, label_layers
from layers.deck import PANES, CompactDeck, first_view, metres_per_pixel
from layers.overlays import overlay_layers, overlay_legend, plain, short_day, since_words
from layers.rows import rows_html
from register.tension import for_review
from spatial.hexes.study_area import read_study_area
from spatial.window import day_words
from views import access, answers, choices, frame, records, screen
from views.overlays import entry as overlay_entry

if TYPE_CHECKING:
    import datetime as dt

    from register.due import Due
    from register.tension import Tension
    from register.tension_trend import BeatTension
    from spatial.incidents.store import IncidentStore

MOST_ROWS = 200


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_OVERLAYS)
        store = answers.open_store()
        access.record_seen("overlays", "")
        screen.ask()
        said = records.due_and_tense(store)
        day = said.day
        stale = for_review(said.tension, day)
        rules = load_register_rules()
        left, right = st.columns([1, 1], gap="medium")
        with left, st.container(key="overlay_lists"):
            st.html(
                f'<h2 class="hx-h2">Due around {day_words(day)}</h2><p class="hx-words">The next '
                f"{rules.next_days} and the past {rules.past_days} days. None of it is part of a "
                "ranking, and what nobody entered is not here: silence is no all-clear.</p>"
            )
            _due_table(said.due, day)
            _tension_tables(said.tension, stale, said.beats, day)
        with right:
            _map(store)
        if access.may(Action.EDIT_OVERLAYS):
            overlay_entry.panel(store, day)


def _due_table(soon: tuple[Due, ...], day: dt.date) -> None:
    if not soon:
        st.html('<p class="hx-absent">Nothing is due.</p>')
        return
    head = ("", "Day", "What", "Where", "Matters", "Note")
    rows = [
        (
            "A" if one.noun == "anniversaries" else "E",
            f"{one.date:%a} {short_day(one.date)}",
            one.label,
            f"{one.place}, {one.radius_m:,} m",
            _days(one),
            "; ".join((*(("today",) if one.date == day else ()), *one.notes)),
        )
        for one in soon[:MOST_ROWS]
    ]
    st.html(rows_html(head, rows))
    _cut(len(soon))


def _tension_tables(
    entries: tuple[Tension, ...],
    stale: tuple[Tension, ...],
    trend: tuple[BeatTension, ...],
    day: dt.date,
) -> None:
    st.html('<h3 class="hx-h3">Community tension</h3>')
    if trend:
        rows = [
            (
                one.beat or "at places on no beat",
                plain(one.level or "none now"),
                str(one.entries),
                since_words(one.since, day) if one.since else "",
                one.trend,
            )
            for one in trend[:MOST_ROWS]
        ]
        st.html(rows_html(("Beat", "Highest", "Entries", "Since", "Trend"), rows))
    if not entries:
        st.html('<p class="hx-absent">No entry counts today.</p>')
        return
    late = {one.id for one in stale}
    rows = [
        (
            plain(one.level_on(day) or ""),
            plain(one.theme) + (" (restricted)" if one.restricted else ""),
            one.place or one.beat,
            one.text,
            f"{one.source_grade}{one.information_grade}{one.handling}",
            f"{short_day(one.expires_on)}{', review it' if one.id in late else ''}",
        )
        for one in entries[:MOST_ROWS]
    ]
    st.html(rows_html(("Level", "Theme", "Where", "What", "Grade", "Expires"), rows))
    _cut(len(entries))


def _days(one: Due) -> str:
    first, last = short_day(one.from_date), short_day(one.to_date)
    return first if one.from_date == one.to_date else f"{first} to {last}"


def _cut(number: int) -> None:
    if number > MOST_ROWS:
        st.html(f'<p class="hx-words">The first {MOST_ROWS} of {number:,}.</p>')


def _map(store: IncidentStore) -> None:
    choices.begin(store)
    areas = store.study_areas()
    if not areas:
        msg = "The map needs a study area. Load a boundary on the page Load data."
        raise BadInputError(msg)
    chosen = str(st.session_state.get("study_area") or "")
    area = read_study_area(areas.get(chosen) or areas[min(areas)])
    marks = records.marks(store)
    ground = answers.ground(store)
    pane = PANES[screen.screen()]
    view = first_view(area.polygon, pane=(pane[0] * 3 // 4, pane[1]))
    layers = [
        *ground_layers(ground),
        border_layer(area.polygon),
        *label_layers(ground),
        *overlay_layers(marks, metres_per_pixel=metres_per_pixel(view)),
    ]
    with st.container(key="overlay_map_pane"):
        st.pydeck_chart(
            CompactDeck(
                layers=[layers],
                initial_view_state=view,
                map_provider=None,
                tooltip={"text": "{tip}"},  # plain text: what people typed is shown as written
            ),
            height="stretch",
            key="overlay_map",
            alt="Map of anniversaries, events and tension. The lists beside it say the same.",
        )
        st.html(f'<div class="hx-legend" role="note">{overlay_legend(marks)}</div>')
