"""The Tasking page: where the harm is, which places to patrol and why, and files to carry off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
from config.settings import load_settings
from layers.deck import PANES, Show, tasking_deck
from layers.hexes import violence_classes
from layers.legend import legend_html
from layers.listing import list_rows
from layers.summary import foot_html, loud_notes, made_html, summary_html
from spatial.hexes.grid import EVER_INCIDENT
from spatial.results import TaskingRequest
from spatial.window import Window
from views import answers, frame
from views.place_list import place_list
from views.windows import CHOSEN_DATES, preset_of, presets

if TYPE_CHECKING:
    import datetime as dt

    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult

MOST_PLACES: Final = 60


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
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
            _result(store, answers.answer(store, request), show)


def _controls(store: IncidentStore) -> tuple[TaskingRequest | None, Show]:
    data_through = store.data_through
    profiles = answers.violence_profiles()
    named = presets(data_through)
    first = next(iter(named))
    state = st.session_state
    state.setdefault("profile", "ark" if "ark" in profiles else next(iter(profiles)))
    state.setdefault("preset", first)
    state.setdefault("dates", (named[first].first, named[first].last))
    state.setdefault("places", load_settings().places)
    for name in ("show_violence", "show_disorder", "show_areas"):
        state.setdefault(name, True)

    profile = st.selectbox(
        "Profile",
        list(profiles),
        format_func=lambda name: profiles[name].title,
        key="profile",
    )
    study_area = _study_area(store)
    st.selectbox(
        "Window",
        [*named, CHOSEN_DATES],
        key="preset",
        on_change=_take_preset,
        args=(data_through,),
    )
    st.date_input(
        "Dates",
        key="dates",
        format="DD/MM/YYYY",
        min_value=store.data_from,
        max_value=data_through,
        label_visibility="collapsed",
        on_change=_take_dates,
        args=(data_through,),
    )
    places = st.number_input("Places", min_value=1, max_value=MOST_PLACES, step=1, key="places")
    st.html('<span class="hx-label">Show</span>')
    show = Show(
        violence=st.checkbox("Violence", key="show_violence"),
        disorder=st.checkbox("Antisocial behaviour", key="show_disorder"),
        areas=st.checkbox("Patrol areas", key="show_areas"),
    )
    if study_area is None:
        return None, show
    request = TaskingRequest(
        profile=profile, window=_window(), study_area=study_area, places=int(places)
    )
    return request, show


def _study_area(store: IncidentStore) -> str | None:
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


def _take_preset(data_through: dt.date) -> None:
    chosen = presets(data_through).get(st.session_state["preset"])
    if chosen is not None:
        st.session_state["dates"] = (chosen.first, chosen.last)


def _take_dates(data_through: dt.date) -> None:
    # cleared dates match no named window; the page asks for them
    if st.session_state["dates"]:
        st.session_state["preset"] = preset_of(_window(), data_through)


def _window() -> Window:
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


def _result(store: IncidentStore, result: TaskingResult, show: Show) -> None:
    frame.name_place(result.study_area.name, answers.forces(store))
    st.html(summary_html(result))
    selected = _selected(result)
    left, right = st.columns([1.98, 1], gap="small")
    with left, st.container(key="map_pane"):
        _map(store, result, show, selected)
    with right, st.container(key="list_pane"):
        _files(result)
        place_list(
            list_rows(result.targets.areas),
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


def _map(store: IncidentStore, result: TaskingResult, show: Show, selected: str | None) -> None:
    cells = result.violence.cells
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


def _files(result: TaskingResult) -> None:
    with st.container(key="files", horizontal=True):
        st.html('<h2 class="hx-h2">Where to patrol</h2>')
        csv, geojson = answers.target_files(result)
        stem = f"harmhex_targets_{result.profile.name}_{result.request.window.last.isoformat()}"
        st.download_button(
            "CSV",
            csv,
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
            help="The list as a spreadsheet, every column",
        )
        st.download_button(
            "GeoJSON",
            geojson,
            file_name=f"{stem}.geojson",
            mime="application/geo+json",
            on_click="ignore",
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
