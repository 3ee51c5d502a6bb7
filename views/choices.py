"""What pages ask in common: profile, study area, window; one person's choices on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from config.errors import BadInputError
from spatial.hexes.grid import EVER_INCIDENT
from spatial.window import Window
from views import answers
from views.windows import CHOSEN_DATES, preset_of, presets

if TYPE_CHECKING:
    import datetime as dt

    from spatial.incidents.store import IncidentStore


def begin(store: IncidentStore) -> None:
    """Set what nobody has chosen yet to what a meeting begins with."""
    state, named = st.session_state, presets(store.data_through)
    profiles = answers.violence_profiles()
    first = next(iter(named))
    state.setdefault("profile", "ark" if "ark" in profiles else next(iter(profiles)))
    state.setdefault("preset", first)
    state.setdefault("dates", (named[first].first, named[first].last))


def profile_box() -> str:
    """Ask for a profile of serious violence."""
    profiles = answers.violence_profiles()
    chosen: str = st.selectbox(
        "Profile",
        list(profiles),
        format_func=lambda name: profiles[name].title,
        key="profile",
    )
    return chosen


def study_area_box(store: IncidentStore) -> str | None:
    """Return the only stored study area, or the one chosen; there is no silent default."""
    stored = sorted(store.study_areas())
    if len(stored) == 1:
        return stored[0]
    chosen: str | None = st.selectbox(
        "Study area",
        [*stored, EVER_INCIDENT],
        index=None,
        placeholder="Choose",
        format_func=lambda name: "Wherever an incident ever was" if name == EVER_INCIDENT else name,
        key="study_area",
    )
    return chosen


def window_boxes(store: IncidentStore) -> None:
    """Ask for the window, by name or by dates."""
    named = presets(store.data_through)
    earliest, latest = _calendar(store, named)
    st.selectbox(
        "Window",
        [*named, CHOSEN_DATES],
        key="preset",
        on_change=_take_preset,
        args=(latest,),
    )
    st.date_input(
        "Dates",
        key="dates",
        format="DD/MM/YYYY",
        min_value=earliest,
        max_value=latest,
        label_visibility="collapsed",
        on_change=_take_dates,
        args=(latest,),
    )


def window() -> Window:
    """Return the window on the page; one date alone is a window of that day.

    Raises
    ------
    BadInputError
        Both dates were cleared.
    """
    dates = st.session_state["dates"]
    if not dates:
        msg = "Choose the first and the last date of the window, or one of the windows named."
        raise BadInputError(msg)
    return Window(dates[0], dates[-1])


def _calendar(store: IncidentStore, named: dict[str, Window]) -> tuple[dt.date, dt.date]:
    """Return the first and last date on offer; a window that a load or an undo left behind goes.

    A named window may begin before the data: the result says what it lacks.
    """
    state = st.session_state
    earliest = min(store.data_from, *(window.first for window in named.values()))
    latest = store.data_through
    dates = state["dates"]
    moved = state.get("seen_through", latest) != latest
    state["seen_through"] = latest
    outside = any(not earliest <= date <= latest for date in dates)
    if outside or (moved and state["preset"] in named):
        window = named.get(state["preset"]) or next(iter(named.values()))
        state["preset"] = preset_of(window, latest)
        state["dates"] = (window.first, window.last)
    return earliest, latest


def _take_preset(data_through: dt.date) -> None:
    chosen = presets(data_through).get(st.session_state["preset"])
    if chosen is not None:
        st.session_state["dates"] = (chosen.first, chosen.last)


def _take_dates(data_through: dt.date) -> None:
    # cleared dates match no named window; the page asks for them
    if st.session_state["dates"]:
        st.session_state["preset"] = preset_of(window(), data_through)
