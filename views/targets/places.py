"""The list on the Targets page: its places one by one, how many there are, how they compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.listing import list_rows
from layers.rows import rows_html
from layers.targets.compare import compared_rows, coverage_rows, dropped_rows
from layers.targets.coverage import coverage_chart
from layers.targets.details import place_html
from layers.targets.status_words import status_words
from layers.wording import RANKED_WORDS, escaped
from views import finding, screen
from views.targets import delivery
from views.tasking.place_list import place_list

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetResult
    from views.in_force import InForce


def selected(result: TargetResult) -> str | None:
    """Return the chosen place: the one picked if this list has it, else the first."""
    ids = [str(area_id) for area_id in result.areas["area_id"]]
    picked = st.session_state.get("area")
    return str(picked) if picked in ids else next(iter(ids), None)


def places(store: IncidentStore, held: InForce, result: TargetResult) -> None:
    """Show every place in order, and all that is known of the chosen one."""
    by = RANKED_WORDS[result.measure].lower()
    st.html(f'<h2 class="hx-h2">Places<span class="hx-by">by {escaped(by)}</span></h2>')
    chosen = selected(result)
    if chosen is None:
        st.html('<p class="hx-absent">No place qualifies in this window.</p>')
        return
    made = delivery.delivered(store, held)
    notes = {} if made is None else made.by_area
    with st.container(key="target_list"):
        place_list(
            # what is known of the chosen one stands below
            [{**row, "details": []} for row in list_rows(result.areas)],
            selected=chosen,
            screen=screen.screen(),
            key="target_place_list",
            on_pick=_pick,
            on_screen=_take_screen,
        )
    at = list(result.areas["area_id"]).index(chosen)
    st.html(
        place_html(
            result.areas.iloc[at].to_dict(),
            times=result.times[at] if at < len(result.times) else None,
            delivered=notes.get(chosen, ""),
            disorder=not result.profile.weighs_harm,
        )
    )


def curve(result: TargetResult) -> None:
    """Show what further places would hold, and what they would take."""
    if result.coverage.empty:
        st.html('<p class="hx-absent">No place qualifies, so there is no curve.</p>')
        return
    st.html(
        f'<p class="hx-sentence">{escaped(result.more_hours)}</p><p class="hx-words">'
        f"{escaped(result.dose_words)}. Read the curve over five places or more: it is rough from "
        "one to the next.</p>"
    )
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        finding.chart(
            coverage_chart(
                result.coverage, places=len(result.areas), harm_words=result.profile.harm_words
            ),
            key="coverage",
            alt="Curve of harm covered against officer-hours. The table beside it says the same.",
        )
    with right:
        st.html(rows_html(*coverage_rows(result.coverage, places=len(result.areas))))


def compared(result: TargetResult, held: InForce) -> None:
    """Show what is new, kept, moved and dropped since the list before, and why."""
    if not result.previous:
        st.html(
            '<h2 class="hx-h2">A first list</h2><p class="hx-words">No list of this profile and '
            "study area was adopted before today, so there is nothing to compare with. Choose one "
            "under More, if there is one.</p>"
        )
        return
    first = "" if held.adopted is None else held.adopted.remark
    st.html(
        f'<h2 class="hx-h2">{escaped(status_words(result))}</h2><p class="hx-words">Against '
        f"{escaped(result.previous[:1].lower() + result.previous[1:])}. {escaped(first)}</p>"
    )
    if len(result.dropped):
        st.html(rows_html(*dropped_rows(result)))
    st.html(rows_html(*compared_rows(result)))
    if len(result.change_whole):
        st.html('<p class="hx-words">How the areas of an earlier list fared is in the notes.</p>')


def _pick(area_id: str) -> None:
    st.session_state["area"] = area_id


def _take_screen(said: str) -> None:
    if said in screen.SCREENS:
        st.session_state[screen.KEY] = said
