"""The Analysis page: one question at a time, its answer in a sentence, a picture and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.profile import Measure
from config.settings import load_settings
from layers.banner import banner_html
from layers.questions import QUESTIONS, question_named
from spatial.report_results import ReportRequest
from spatial.results import HotspotRequest
from views import access, answers, choices, frame, screen, surfaces, weights
from views.analysis import sections

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

MOST_PLACES: Final = 60
_AUTO: Final = 0
_RESOLUTIONS: Final = {
    _AUTO: "As fine as the data carry",
    10: "Resolution 10, about 1.5 ha",
    9: "Resolution 9, about 10 ha",
    8: "Resolution 8, about 70 ha",
}
_SURFACES: Final = {"surface": surfaces.surface, "significance": surfaces.significance}


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_ANALYSIS)
        store = answers.open_store()
        with st.container(key="controls", horizontal=True, vertical_alignment="center"):
            request = _controls(store)
        if request is None:
            frame.say(
                "Choose a study area: significance is worked out over all of its cells.",
                kind="plain",
            )
            return
        with st.container(key="analysis", horizontal=True):
            with st.container(key="questions"):
                name = _question()
                screen.ask()
            with st.container(key="answer"), frame.plain_errors():
                _answer(store, request, name)
                banner = answers.window_banner(store, request.profile, request.window)
                st.html(banner_html(banner))
                return
        weights.way_back()


def _controls(store: IncidentStore) -> ReportRequest | None:
    choices.begin(store)
    state = st.session_state
    state.setdefault("places", load_settings().places)
    state.setdefault("resolution", _AUTO)
    profile = choices.any_profile_box(store)
    study_area = choices.study_area_box(store)
    choices.window_boxes(store)
    resolution = st.selectbox(
        "Cells", list(_RESOLUTIONS), format_func=_RESOLUTIONS.__getitem__, key="resolution"
    )
    places = st.number_input("Places", step=1, key="places")
    if study_area is None:
        return None
    return ReportRequest(
        profile=profile,
        window=choices.window(),
        study_area=study_area,
        resolution=resolution or None,
        places=int(places or 0),
        weights=weights.chosen(store),
    )


def _question() -> str:
    labels = {question.name: question.label for question in QUESTIONS}
    if st.session_state.get("question") not in labels:
        st.session_state["question"] = QUESTIONS[0].name
    chosen: str = st.radio(
        "Question",
        list(labels),
        format_func=labels.__getitem__,
        key="question",
        label_visibility="collapsed",
    )
    return question_named(chosen).name


def _answer(store: IncidentStore, request: ReportRequest, name: str) -> None:
    if not 1 <= request.places <= MOST_PLACES:
        msg = (
            f"Places: {request.places:,} cannot be shown. Ask for a number from 1 to {MOST_PLACES}."
        )
        raise BadInputError(msg)
    finest = answers.finest(store, request.profile, request.window)
    counted = HotspotRequest(
        profile=request.profile,
        window=request.window,
        study_area=request.study_area,
        resolution=request.resolution or finest,
        measure=Measure.COUNT,
        weights=request.weights,
    )
    basis = answers.surface(store, counted)
    frame.name_place(basis.study_area.name, answers.forces(store))
    access.record_seen(f"analysis {name}", basis.run_id)
    if name in _SURFACES:
        _SURFACES[name](store, counted, basis)
    else:
        sections.draw(store, request, basis, name)
