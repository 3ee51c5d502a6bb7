"""What pages ask in common: profile, study area, window; one person's choices on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.periods import NamedPeriod, load_periods
from config.profile import Family
from config.settings import load_settings
from layers.fictional import fictional_words
from register import operations
from spatial.hexes.grid import EVER_INCIDENT
from spatial.window import Window
from views import access, answers, frame, records
from views.empty import EmptyError
from views.first_profile import first_profile, no_violence, say_why
from views.windows import CHOSEN_DATES, comparison_words, preset_of, presets

if TYPE_CHECKING:
    import datetime as dt

    from spatial.incidents.store import IncidentStore

DETAIL: Final = {
    0: "As fine as the data",
    8: "Wide (65 ha)",
    9: "Middle (9 ha)",
    10: "Fine (1.3 ha)",
}
"""How fine the cells are, by H3 resolution; 0 is the finest that the locations can carry."""
_NAME_LENGTH: Final = 60
_DETAIL_HELP: Final = (
    "How large the hexagons are. Fine needs exact locations; patrol areas are made of Fine "
    "hexagons, or are one Middle or Wide hexagon each."
)


def begin(store: IncidentStore) -> None:
    """Set what nobody has chosen yet to what a meeting begins with."""
    state, named = st.session_state, named_windows(store)
    first = next(iter(named))
    if "profile" not in state:
        state["profile"], _ = first_profile(store)
    state.setdefault("detail", 0)
    state.setdefault("preset", first)
    state.setdefault("dates", (named[first].first, named[first].last))


def named_windows(store: IncidentStore) -> dict[str, Window]:
    """Return the windows that a person may pick by name, the one to begin with first."""
    periods = load_periods()
    if not fictional_words(answers.forces(store)):
        # the terms of a town that does not exist are nobody else's
        periods = periods.without_examples()
    return presets(
        store.data_through,
        periods=periods,
        own=_last_operation(store),
        data_from=store.data_from,
    )


def against(store: IncidentStore) -> str:
    """Say what the window on the page is compared with."""
    return comparison_words(window(), data_from=store.data_from, data_through=store.data_through)


def detail_box() -> None:
    """Ask how fine the cells are."""
    st.selectbox(
        "Detail", list(DETAIL), format_func=DETAIL.__getitem__, key="detail", help=_DETAIL_HELP
    )


def resolution(store: IncidentStore, profile: str) -> int | None:
    """Return the resolution asked for on the page; None for the finest the locations can carry.

    Raises
    ------
    BadInputError
        The locations of the profile in the window are too coarse for it.
    """
    asked = st.session_state.get("detail") or 0
    if asked not in DETAIL:
        known = ", ".join(DETAIL.values())
        msg = f"Detail {asked!r} does not exist. Choose one of: {known}."
        raise BadInputError(msg)
    if not asked:
        return None
    finest = answers.finest(store, profile, window())
    coarse = load_settings().coarse_resolution
    if asked > max(finest, coarse):
        msg = (
            f"{DETAIL[asked]} is finer than these locations are known: some are only exact to the "
            f"nearest map point. Choose {DETAIL[coarse]} or wider."
        )
        raise BadInputError(msg)
    return int(asked)


def profile_box(store: IncidentStore) -> str:
    """Ask for a profile of serious violence; say why it is not the preferred one.

    Raises
    ------
    EmptyError
        The store tells of antisocial behaviour alone.
    """
    profiles = answers.violence_profiles()
    chosen: str = st.selectbox(
        "Profile",
        list(profiles),
        format_func=lambda name: profiles[name].title,
        key="profile",
    )
    if said := no_violence(store):
        raise EmptyError(said)
    say_why(store, chosen)
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
    named = named_windows(store)
    earliest, latest = _calendar(store, named)
    st.selectbox(
        "Window",
        [*named, CHOSEN_DATES],
        key="preset",
        on_change=_take_preset,
        args=(named,),
    )
    st.date_input(
        "Dates",
        key="dates",
        format="DD/MM/YYYY",
        min_value=earliest,
        max_value=latest,
        label_visibility="collapsed",
        on_change=_take_dates,
        args=(named,),
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


def _last_operation(store: IncidentStore) -> tuple[NamedPeriod, ...]:
    """Return the dates of the operation that began last, for whoever may know of it."""
    if not access.may(Action.SEE_EVALUATION):
        return ()
    try:
        with records.register().reading() as session:
            found = operations.listed(session)
    except BadInputError:
        # the page says what it lacks where the register is asked for itself
        return ()
    begun = [one for one in found if one.first_date <= store.data_through]
    if not begun:
        return ()
    last = max(begun, key=lambda one: (one.first_date, one.name))
    name = f"Last operation: {' '.join(last.name.split())}"[:_NAME_LENGTH]
    return (NamedPeriod(name=name, first=last.first_date, last=last.last_date),)


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
    gone = state["preset"] not in named and state["preset"] != CHOSEN_DATES
    if gone and not outside:
        state["preset"] = preset_of(Window(dates[0], dates[-1]), named) if dates else CHOSEN_DATES
    if outside or (moved and state["preset"] in named):
        window = named.get(state["preset"]) or next(iter(named.values()))
        state["preset"] = preset_of(window, named)
        state["dates"] = (window.first, window.last)
    return earliest, latest


@frame.fenced
def _take_preset(named: dict[str, Window]) -> None:
    chosen = named.get(st.session_state["preset"])
    if chosen is not None:
        st.session_state["dates"] = (chosen.first, chosen.last)


@frame.fenced
def _take_dates(named: dict[str, Window]) -> None:
    # cleared dates match no named window; the page asks for them
    if st.session_state["dates"]:
        st.session_state["preset"] = preset_of(window(), named)


def take_window(store: IncidentStore, taken: Window) -> None:
    """Put a window on the page, by its name where it has one; from a callback only."""
    st.session_state["dates"] = (taken.first, taken.last)
    st.session_state["preset"] = preset_of(taken, named_windows(store))


def any_profile_box(store: IncidentStore) -> str:
    """Ask for a profile of either family; one of violence is the Tasking page's too."""
    profiles = answers.profiles()
    state = st.session_state
    known = profiles.get(state.get("analysis_profile", ""))
    if known is None or known.family is Family.SERIOUS_VIOLENCE:
        state["analysis_profile"] = state["profile"]
    chosen: str = st.selectbox(
        "Profile",
        list(profiles),
        format_func=lambda name: profiles[name].title,
        key="analysis_profile",
        on_change=_take_any_profile,
    )
    say_why(store, chosen)
    return chosen


@frame.fenced
def _take_any_profile() -> None:
    chosen = st.session_state["analysis_profile"]
    if answers.profiles()[chosen].family is Family.SERIOUS_VIOLENCE:
        st.session_state["profile"] = chosen
