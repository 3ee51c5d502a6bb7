"""The Risk terrain page: which kinds of places go with harm near them, and where they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from layers.banner import banner_html
from layers.findings import loud_html, notes_html, run_html
from layers.risk.words import basis_html, fit_words, headline, verdict_html
from layers.wording import escaped
from spatial.risk_results import RiskRequest
from views import access, answers, choices, frame, screen, weights
from views.risk_terrain import answers as risk_answers
from views.risk_terrain import result as risk_terrain_result
from views.risk_terrain import setup as risk_terrain_setup
from views.risk_terrain import what_if as risk_terrain_what_if

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskResult
    from views.risk_terrain.answers import Asked

PARTS: Final = {
    "setup": "Set up",
    "factors": "What matters",
    "places": "Where, and why",
    "what_if": "What if",
    "later": "Later months",
    "tried": "Everything tried",
    "files": "Files",
}
_RESOLUTIONS: Final = {
    10: "Resolution 10, about 1.5 ha",
    9: "Resolution 9, about 10 ha",
    8: "Resolution 8, about 70 ha",
}
_AUTO: Final = 0
_MISLEADS: Final = (
    (
        "It finds what stands where incidents were recorded. A busy street is risky for everything "
        "that stands in it, and what is in no file is not seen."
    ),
    (
        "Kinds of places that stand side by side share what is found between them: one of them "
        "may be chosen for the other."
    ),
    (
        "The more kinds and distances are tried, the more are found by luck: read how often each "
        "was chosen when the ground was drawn again."
    ),
    (
        "A score says nothing of when, and nothing about any person. It must not be used to "
        "justify a stop or a search."
    ),
)


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_RISK_TERRAIN)
        store = answers.open_store()
        request = None
        with (
            st.container(key="controls", horizontal=True, vertical_alignment="center"),
            frame.plain_errors(),
        ):
            request = _controls(store)
        if request is None:
            if len(store.study_areas()) != 1:
                frame.say(
                    "Choose a study area: the model compares all of its cells, empty ones too.",
                    kind="plain",
                )
            return
        with st.container(key="risk", horizontal=True):
            with st.container(key="risk_parts"):
                part = _part()
                screen.ask()
            with st.container(key="risk_answer"), frame.plain_errors():
                _draw(store, request, part)
                return
        weights.way_back()


def _controls(store: IncidentStore) -> RiskRequest | None:
    choices.begin(store)
    st.session_state.setdefault("resolution", _AUTO)
    profile = choices.profile_box(store)
    study_area = choices.study_area_box(store)
    choices.window_boxes(store)
    words = {_AUTO: "As fine as the data carry", **_RESOLUTIONS}
    resolution = st.selectbox("Cells", list(words), format_func=words.__getitem__, key="resolution")
    if study_area is None:
        return None
    window = choices.window()
    return RiskRequest(
        profile=profile,
        window=window,
        factors=(),
        study_area=study_area,
        resolution=resolution or answers.finest(store, profile, window),
        weights=weights.chosen(store),
    )


def _part() -> str:
    state = st.session_state
    if following := state.pop("risk_part_next", ""):
        state["risk_part"] = following
    if state.get("risk_part") not in PARTS:
        state["risk_part"] = next(iter(PARTS))
    return str(
        st.radio(
            "Part",
            list(PARTS),
            format_func=PARTS.__getitem__,
            key="risk_part",
            label_visibility="collapsed",
        )
    )


def _draw(store: IncidentStore, request: RiskRequest, part: str) -> None:
    if part == "setup":
        frame.name_place(", ".join(answers.study_area_names(store)), answers.forces(store))
        access.record_seen("risk terrain setup", "")
        risk_terrain_setup.set_up(store, request)
        return
    key, asked = st.session_state.get(risk_terrain_setup.RUN, ("", None))
    if asked is None:
        frame.say("Nothing has been worked out yet. Begin under Set up.", kind="plain")
        return
    if asked.key(store) != key:
        frame.say("The data changed since this was worked out. Work it out again under Set up.")
        return
    result = _answer(store, asked)
    frame.name_place(result.grid.study_area.name, answers.forces(store))
    access.record_seen(f"risk terrain {part}", result.run_id)
    if _of(asked.request) != _of(request):
        frame.say(
            "The choices above were changed since this was worked out: it is of what the line "
            "below says. Work it out again under Set up.",
            kind="plain",
        )
    _head(result)
    if part == "factors":
        risk_terrain_result.factors(result)
    elif part == "places":
        risk_terrain_result.places(store, result)
    elif part == "what_if":
        risk_terrain_what_if.what_if_part(store, result)
    elif part == "later":
        risk_terrain_result.later(result)
    elif part == "tried":
        risk_terrain_result.tried(result)
    else:
        risk_terrain_result.files(result)
    _foot(result)


def _answer(store: IncidentStore, asked: Asked) -> RiskResult:
    """Return the answer; what cannot be worked out is said where it was asked."""
    try:
        return risk_answers.answer(store, asked)
    except BadInputError as error:
        state = st.session_state
        del state[risk_terrain_setup.RUN]
        state[risk_terrain_setup.SAID] = str(error)
        state["risk_part_next"] = "setup"
        st.rerun()


def _of(request: RiskRequest) -> tuple[object, ...]:
    """Return what the boxes above the page ask, which may have been changed since."""
    return (
        request.profile,
        request.window,
        request.study_area,
        request.resolution,
        request.weights,
    )


def _head(result: RiskResult) -> None:
    st.html(
        verdict_html(result.validation)
        + f'<p class="hx-sentence">{escaped(headline(result))}</p>'
        + basis_html(result)
    )


def _foot(result: RiskResult) -> None:
    # what later months say stands at the head already
    notes = tuple(note for note in result.notes if note.text != result.validation.sentence)
    frame.put(loud_html(notes))
    with st.container(key="one_click_away"):
        with st.expander("How this is worked out, and how it can mislead"):
            items = "".join(f"<li>{escaped(one)}</li>" for one in _MISLEADS)
            st.html(
                '<div class="hx-made"><p>Every kind of place is turned into a yes or no for each '
                "cell: near one, or among many, at several distances. Those that help to tell busy "
                "cells from quiet ones are kept, one way for each kind (elastic net, then stepwise "
                f"by BIC). {escaped(fit_words(result))} The negative binomial is the common one "
                "(NB2); reports of the tool RTMDx name another (NB1), so numbers may differ from "
                f"that tool's.</p><ul>{items}</ul>"
                "<p>More: docs/methods/risk-terrain.md.</p></div>"
            )
        with st.expander("How this was made"):
            frame.put(run_html(result.run_id), notes_html(notes))
    st.html(banner_html(result.quality))
