"""What the Tasking page asks: profile, window, places, ranking, hours, and what the map shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.settings import load_settings
from config.shifts import load_shifts
from layers.deck import Show
from layers.tasking.hours import DAYS, HoursAsked
from spatial.results import TaskingRequest
from views import access, choices, records, weights
from views.tasking import partner_choice

if TYPE_CHECKING:
    from layers.overlays import Mark
    from spatial.incidents.store import IncidentStore

MOST_PLACES: Final = 60
UNREAD: Final = "overlays_unread"
LAST_PERIOD: Final = "show_last_period"
OVER_TIME: Final = "show_over_time"
SHIFT: Final = "task_shift"
DAY: Final = "task_day"

_ALL: Final = ""
_ANY: Final = -1
_SHOWN: Final = ("show_violence", "show_disorder", "show_areas", "show_overlays")


def controls(store: IncidentStore) -> tuple[TaskingRequest | None, Show]:
    """Draw the controls; return what is asked, None without a study area, and what is shown."""
    choices.begin(store)
    state = st.session_state
    state.setdefault("places", load_settings().places)
    for name in _SHOWN:
        state.setdefault(name, True)
    profile = choices.profile_box(store)
    study_area = choices.study_area_box(store)
    choices.window_boxes(store)
    # no bounds here: a number that the box refuses would leave another number's list beside it
    places = st.number_input("Places", step=1, key="places")
    weights.rank_box()
    _hours_boxes()
    show = _show(store)
    if study_area is None:
        return None, show
    request = TaskingRequest(
        profile=profile,
        window=choices.window(),
        study_area=study_area,
        resolution=choices.resolution(store, profile),
        places=int(places or 0),
        weights=weights.chosen(store),
        measure=weights.ranked_by(),
    )
    return request, show


def hours_asked() -> HoursAsked:
    """Return the hours that are chosen; a shift that the settings no longer know is none."""
    shifts = load_shifts()
    named = {one.name: one for one in shifts.shift}
    day = st.session_state.get(DAY, _ANY)
    return HoursAsked(
        named.get(str(st.session_state.get(SHIFT, _ALL))),
        int(day) if day in range(len(DAYS)) else None,
        shifts.day_starts,
    )


def require_places(request: TaskingRequest) -> None:
    """Refuse a number of places that cannot be shown.

    Raises
    ------
    BadInputError
        It is none, or too large.
    """
    if not 1 <= request.places <= MOST_PLACES:
        msg = (
            f"Places: {request.places:,} cannot be shown. Ask for a number from 1 to {MOST_PLACES}."
        )
        raise BadInputError(msg)


def _hours_boxes() -> None:
    state, words = st.session_state, {one.name: one.words for one in load_shifts().shift}
    if state.get(SHIFT, _ALL) not in words:
        state[SHIFT] = _ALL
    if state.get(DAY, _ANY) not in range(len(DAYS)):
        state[DAY] = _ANY
    st.selectbox(
        "Shift",
        [_ALL, *words],
        format_func=lambda name: words[name].replace(" shift", "").capitalize() if name else "All",
        key=SHIFT,
        help="Says what each place holds in these hours. Places and ranks stay those of the whole "
        "week; the page Targets ranks for one shift.",
    )
    st.selectbox(
        "Day",
        [_ANY, *range(len(DAYS))],
        format_func=lambda day: "Any" if day == _ANY else DAYS[day][:3],
        key=DAY,
    )


def _show(store: IncidentStore) -> Show:
    with st.popover("Show", key="show_panel"):
        shown = Show(
            violence=st.checkbox("Violence", key="show_violence"),
            disorder=st.checkbox("Antisocial behaviour", key="show_disorder"),
            two_way=st.checkbox(
                "Two-way: hot for one, the other or both",
                key="show_two_way",
                help="In place of how much violence each cell holds; needs both of the above.",
            ),
            areas=st.checkbox("Patrol areas", key="show_areas"),
            overlays=_overlays(store),
        )
        st.checkbox(
            "Last period",
            key=LAST_PERIOD,
            help="Which places are new, kept and moved since the last adopted list, and where "
            "those dropped lay.",
        )
        st.checkbox(
            "Over time: step through the months",
            key=OVER_TIME,
            help="In place of the map: one window after another, with a table of them all.",
        )
        partner_choice.choose(store)
        choices.detail_box()
    return shown


def _overlays(store: IncidentStore) -> tuple[Mark, ...] | None:
    """Offer the overlays; without the register the page is shown all the same, and says so."""
    if not access.may(Action.SEE_OVERLAYS):
        return None
    if not st.checkbox("Overlays", key="show_overlays"):
        return None
    try:
        return records.marks(store)
    except BadInputError as error:
        st.session_state[UNREAD] = str(error)
        return None
