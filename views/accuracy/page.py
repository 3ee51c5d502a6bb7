"""The Accuracy page: whether lists held on months that they had not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from layers.accuracy.words import MISLEADS, basis, headline, widened
from layers.banner import banner_html
from layers.findings import loud_html, notes_html, run_html
from layers.wording import counted, escaped
from spatial.backtest_results import BacktestRequest
from spatial.backtest_scene import nearest, planned
from spatial.window import day_words
from views import access, answers, choices, frame, screen, waiting, weights
from views.accuracy import parts, patrolled, rivals, use

if TYPE_CHECKING:
    from spatial.backtest_results import BacktestResult
    from spatial.incidents.store import IncidentStore
    from views.accuracy.patrolled import LeftOut

HORIZONS: Final = {1: "The next month", 3: "The next 3 months", 6: "The next 6 months"}
CELLS: Final = {
    (9,): "Middle (9 ha)",
    (10,): "Fine (1.3 ha)",
    (9, 10): "Middle and Fine",
    (8,): "Wide (65 ha)",
}
_BEGUN: Final = "accuracy_begun"
_NEXT: Final = "accuracy_horizon_next"


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_ACCURACY)
        store = answers.open_store()
        with st.container(key="controls", horizontal=True, vertical_alignment="center"):
            request = _controls(store)
        frame.name_place(", ".join(answers.study_area_names(store)), answers.forces(store))
        if request is None:
            frame.say(
                "Choose a study area: the first 1% of the area means 1% of all of its cells.",
                kind="plain",
            )
            return
        with st.container(key="analysis", horizontal=True):
            with st.container(key="questions"):
                part = parts.choose()
                screen.ask()
            with st.container(key="answer"), frame.plain_errors():
                left_out = patrolled.choose() if part == "patrols" else patrolled.chosen()
                result = _result(store, request, left_out)
                if result is not None:
                    _draw(store, result, part)
                return
        weights.way_back()


def _controls(store: IncidentStore) -> BacktestRequest | None:
    choices.begin(store)
    state = st.session_state
    if (following := state.pop(_NEXT, None)) in HORIZONS:
        state["accuracy_horizon"] = following
    state.setdefault("accuracy_horizon", 3)
    state.setdefault("accuracy_cells", (9,))
    profile = choices.any_profile_box(store)
    study_area = choices.study_area_box(store)
    cells = st.selectbox("Detail", list(CELLS), format_func=CELLS.__getitem__, key="accuracy_cells")
    horizon = st.selectbox(
        "Scored on",
        list(HORIZONS),
        format_func=HORIZONS.__getitem__,
        key="accuracy_horizon",
        help="Lists are chosen on the past, again and again, and scored on what came after.",
    )
    rivals.box()
    if study_area is None:
        return None
    return BacktestRequest(
        profile=profile,
        study_area=study_area,
        resolutions=cells,
        horizon_months=horizon,
        weights=weights.chosen(store),
    )


def _result(
    store: IncidentStore, request: BacktestRequest, left_out: LeftOut
) -> BacktestResult | None:
    """Return the answer, where it is kept or was asked for; else offer to work it out."""
    key = f"accuracy {answers.state_of(store)} {left_out.key} {rivals.key(store)} {request!r}"
    # a place of its own, which can be cleared while the work is waited for
    place = st.empty()
    if not waiting.done(key) and st.session_state.get(_BEGUN) != key:
        with place.container():
            _offer(store, request, key)
        return None
    place.empty()
    try:
        return waiting.answer(
            key,
            rivals.work(store, request, left_out),
            doing="Trying the rankings on past months",
        )
    except BadInputError as error:
        _nearest(store, request, str(error))
        return None


def _offer(store: IncidentStore, request: BacktestRequest, key: str) -> None:
    """Say what would be tried and offer to, or what is possible in its place."""
    try:
        timeline = planned(store, request)
    except BadInputError as error:
        _nearest(store, request, str(error))
        return
    origins = timeline.origins
    times = "once" if len(origins) == 1 else f"{len(origins)} times"
    st.html(
        '<h2 class="hx-h2">Does the list hold on months it had not seen?</h2>'
        f'<p class="hx-sentence">Places would be chosen {times}, each time on what was known by '
        f"then, and scored on the {counted(request.horizon_months, 'month')} that followed: from "
        f"{day_words(origins[0].day)} on.</p>"
        '<p class="hx-words">Last year\'s count, heat maps, harm, expected harm and others are '
        "tried side by side on the same months. That takes a few seconds for a town, and a minute "
        "or two for a county with years of data; you can cancel it.</p>"
    )
    st.button(
        "Try the rankings on past months",
        type="primary",
        key="accuracy_begin",
        on_click=_begin,
        args=(key,),
    )


def _nearest(store: IncidentStore, request: BacktestRequest, why: str) -> None:
    frame.say(why, kind="plain")
    near = nearest(store, request)
    if near is None or near.horizon_months >= request.horizon_months:
        return
    fits = max((months for months in HORIZONS if months <= near.horizon_months), default=1)
    st.button(
        f"Score {HORIZONS[fits].lower()} instead",
        type="primary",
        key="accuracy_nearest",
        on_click=_take_horizon,
        args=(fits,),
    )


def _draw(store: IncidentStore, result: BacktestResult, part: str) -> None:
    access.record_seen(f"accuracy {part}", result.run_id)
    st.html(
        '<h2 class="hx-h2">Does the list hold on months it had not seen?</h2>'
        f'<p class="hx-sentence">{escaped(headline(result))}</p>'
        + (f'<p class="hx-words">{escaped(said)}</p>' if (said := widened(result)) else "")
        + f'<p class="hx-words hx-basis">{escaped(basis(result))}</p>'
    )
    if part == "answer":
        use.offer(store, result)
    parts.draw(store, result, part)
    frame.put(loud_html(result.notes))
    with st.container(key="one_click_away"):
        with st.expander("How this is worked out, and how it can mislead"):
            items = "".join(f"<li>{escaped(one)}</li>" for one in MISLEADS)
            st.html(
                '<div class="hx-made"><p>The record is cut at the day on which places are chosen: '
                "nothing from later reaches the choice. Places that tie share what they hold. The "
                "range (95%) comes of drawing blocks of ground and time anew, the same draws for "
                f"every ranking.</p><ul>{items}</ul><p>More: docs/accuracy.md.</p></div>"
            )
        with st.expander("How this was made"):
            frame.put(run_html(result.run_id), notes_html(result.notes))
    st.html(banner_html(result.quality))


@frame.fenced
def _begin(key: str) -> None:
    st.session_state[_BEGUN] = key


@frame.fenced
def _take_horizon(months: int) -> None:
    st.session_state[_NEXT] = months
