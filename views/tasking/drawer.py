"""The drawer: all that is known of the chosen place, over the map's edge until it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.dose import load_dose_rules
from config.print import load_print_settings
from layers.overlays import near_lines
from layers.tasking.place_words import PlaceStory, place_story_html
from layers.wording import escaped
from spatial.area_change import kinds_at
from views import access, answers, frame
from views.tasking import actions, controls, history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.deck import Show
    from layers.tasking.hours import HeldHours
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult
    from views.in_force import InForce
    from views.targets.delivery import Delivered

OPEN: Final = "drawer_open"


def drawer(  # noqa: PLR0913 (the place, and all that is known of it)
    store: IncidentStore,
    result: TaskingResult,
    *,
    selected: str | None,
    held: InForce,
    made: Delivered | None,
    show: Show,
    hours: Mapping[str, HeldHours],
    partners: str,
) -> None:
    """Draw the drawer where it is open and a place is chosen."""
    areas = result.targets.areas
    ids = [str(area_id) for area_id in areas["area_id"]]
    if not st.session_state.get(OPEN) or selected not in ids:
        return
    at = ids.index(str(selected))
    with st.container(key="drawer"):
        with st.container(key="drawer_head", horizontal=True, vertical_alignment="center"):
            name = f"{int(areas['rank'].iloc[at])}  {areas['name'].iloc[at]}"
            st.html(f'<h2 class="hx-h2">{escaped(name)}</h2>')
            st.button("Close", key="drawer_close", on_click=close)
        with st.container(key="drawer_body"), frame.plain_errors():
            _body(store, result, at, held, made, show, hours, partners)
        with st.container(key="drawer_foot", horizontal=True, vertical_alignment="center"):
            actions.sheet(store, result, str(selected))
            actions.targets_link("Open on Targets")


def open_at(area_id: str) -> None:
    """Select a place and show all of it."""
    st.session_state["area"] = area_id
    st.session_state[OPEN] = True


@frame.fenced
def close() -> None:
    """Put the drawer away; the place stays selected."""
    st.session_state[OPEN] = False


def _body(  # noqa: PLR0913, PLR0917 (as above)
    store: IncidentStore,
    result: TaskingResult,
    at: int,
    held: InForce,
    made: Delivered | None,
    show: Show,
    hours: Mapping[str, HeldHours],
    partners: str,
) -> None:
    targets = result.targets
    own = targets.areas.iloc[[at]]
    area_id, cells = str(own["area_id"].iloc[0]), str(own["cells"].iloc[0])
    asked = controls.hours_asked()
    near = None
    if show.overlays is not None:
        near = near_lines(show.overlays, own).get(area_id, "").split("; ")
    story = PlaceStory(
        previous=targets.previous,
        times=targets.times[at] if at < len(targets.times) else None,
        held=hours.get(area_id),
        hours_words=asked.when if asked else "",
        kinds=_kinds(f"{answers.state_of(store)} {result.run_id} {area_id}", cells,
                     _store=store, _result=result),
        done=history.done_at(own, held=held, made=made),
        near=None if near is None else [line for line in near if line],
        partners=partners,
        by_whom=access.may(Action.SEE_REGISTER),
        disorder=not result.profile.weighs_harm,
    )  # fmt: skip
    st.html(
        place_story_html(
            targets.areas, at, story, rules=load_dose_rules(), settings=load_print_settings()
        )
    )


@st.cache_data(show_spinner=False, max_entries=96)
def _kinds(
    key: str, cells: str, *, _store: IncidentStore, _result: TaskingResult
) -> dict[str, int]:
    del key  # part of the key only
    return kinds_at(
        _store,
        _result.request.profile,
        cells=cells,
        window=_result.request.window,
        resolution=_result.targets.resolution,
    )
