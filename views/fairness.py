"""The Fairness page: who lives under the patrol areas, what fed the list, forms to complete."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.force_file import settings_key
from config.settings import load_settings
from layers.fairness.assessment_facts import facts_of, place_rows
from layers.fairness.charts import decile_chart, decile_rows, group_chart, group_rows
from layers.fairness.files import document_files, documents, tables_csv
from layers.fairness.words import LIMITS, headline, kept_back_words, listed_words
from layers.findings import loud_html, notes_html, run_html, sentence_html, why_not_html
from layers.rows import rows_html
from layers.wording import counted, escaped, run_words
from spatial.fairness import fairness
from spatial.patrol_list import patrol_list
from spatial.results import TaskingRequest
from views import access, answers, choices, frame, waiting, weights
from views.finding import chart
from views.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.fairness import FairnessResult
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult

MOST_PLACES: Final = 60


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_FAIRNESS)
        store = answers.open_store()
        with st.container(key="controls", horizontal=True, vertical_alignment="center"):
            request = _controls(store)
        if request is None:
            frame.say("Choose a study area: its residents are what is compared with.", kind="plain")
            return
        with frame.plain_errors():
            _draw(store, _answer(store, request))
            return
        weights.way_back()


def _controls(store: IncidentStore) -> TaskingRequest | None:
    """Ask for the Tasking page's list, and no other."""
    choices.begin(store)
    st.session_state.setdefault("places", load_settings().places)
    profile = choices.profile_box(store)
    study_area = choices.study_area_box(store)
    choices.window_boxes(store)
    places = int(st.number_input("Places", step=1, key="places") or 0)
    if not 1 <= places <= MOST_PLACES:
        msg = f"Places: {places:,} cannot be shown. Ask for a number from 1 to {MOST_PLACES}."
        raise BadInputError(msg)
    if study_area is None:
        return None
    return TaskingRequest(
        profile=profile,
        window=choices.window(),
        study_area=study_area,
        places=places,
        weights=weights.chosen(store),
        measure=weights.ranked_by(),
    )


def _answer(store: IncidentStore, request: TaskingRequest) -> FairnessResult:
    held = in_force(store, request)
    if held.trouble:
        frame.say(held.trouble)
    result = answers.answer(store, request, held)
    frame.name_place(result.study_area.name, answers.forces(store))
    uploads = st.session_state.get("earlier_lists") or []
    contents = tuple(upload.getvalue() for upload in uploads)
    digest = hashlib.sha256(b"\n".join(contents)).hexdigest()
    key = f"{store.fingerprint} {store.extras_fingerprint} {result.run_id} {digest}"
    return _kept(key, _store=store, _result=result, _earlier=contents)


def _draw(store: IncidentStore, result: FairnessResult) -> None:
    del store  # the answer holds all that is shown
    access.record_seen("fairness", result.run_id)
    patrol = result.patrol
    basis = " · ".join(
        (
            counted(len(patrol.areas), "patrol area"),
            patrol.window.words,
            patrol.study_area_name,
            f"list {run_words(patrol.run_id)}",
            f"this page {run_words(result.run_id)}",
        )
    )
    st.html(
        sentence_html("Who lives under the patrol areas?", headline(result))
        + f'<p class="hx-words">{escaped(basis)}</p>'
    )
    if loud := loud_html(result.notes):
        st.html(loud)
    with st.container(key="fairness"):
        left, right = st.columns([1.15, 1], gap="large")
        with left:
            _deciles(result)
        with right:
            _groups(result)
        left, right = st.columns([1.15, 1], gap="large")
        with left:
            _places(result)
        with right:
            _limits()
            _fed(result)
    _forms(result)


def _deciles(result: FairnessResult) -> None:
    _head("By deprivation", "deciles", result)
    if result.deciles is None:
        st.html(why_not_html([result.why_not["deciles"]]))
        return
    chart(
        decile_chart(result.deciles),
        key="decile_chart",
        alt="Share of residents in each tenth of deprivation, under patrol areas and in the study "
        "area, and share of harm. The table below says the same.",
    )
    st.html(rows_html(*decile_rows(result.deciles)))
    frame.put(why_not_html([kept_back_words(result), result.why_not.get("recorded", "")]))


def _groups(result: FairnessResult) -> None:
    _head("By ethnic group", "groups", result)
    if result.groups is None:
        st.html(why_not_html([result.why_not["groups"]]))
        return
    chart(
        group_chart(result.groups),
        key="group_chart",
        alt="Share of residents by ethnic group, under patrol areas and in the study area. The "
        "table below says the same.",
    )
    st.html(rows_html(*group_rows(result.groups)))
    st.html(
        '<p class="hx-words">Shares of residents by the census, not of people met, searched or '
        f"arrested. {escaped(result.source)}</p>"
    )


def _places(result: FairnessResult) -> None:
    _head("The places, and how often they come back", "places", result)
    st.html(f'<p class="hx-words">{escaped(listed_words(result))}</p>')
    st.file_uploader(
        "Earlier lists: the targets.csv of each",
        type=["csv"],
        accept_multiple_files=True,
        key="earlier_lists",
    )
    with st.container(key="places_table"):
        st.html(rows_html(*place_rows(result.places)))


def _limits() -> None:
    items = "".join(f"<li>{escaped(text)}</li>" for text in LIMITS)
    st.html(
        '<h3 class="hx-h3">What these figures cannot say</h3>'
        f'<div class="hx-notes"><ul>{items}</ul></div>'
    )


def _fed(result: FairnessResult) -> None:
    facts = facts_of(result)
    st.html('<h3 class="hx-h3">What data fed the list</h3>' + _paragraphs(facts.data))
    frame.put(_paragraphs((f"{facts.quality[0]}",) if facts.quality else ()))
    with st.expander("How this is worked out, and what was left out"):
        st.html(_paragraphs((*facts.method, *facts.quality[1:])))
    with st.expander("How this was made"):
        frame.put(run_html(result.run_id), notes_html(result.notes))


def _forms(result: FairnessResult) -> None:
    st.html(
        '<h3 class="hx-h3">Forms, filled as far as the run can fill them</h3><p class="hx-words">'
        "What the run knows is filled in; the rest are questions to the force.</p>"
    )
    if not access.may(Action.EXPORT):
        return
    files = _forms_kept(result.run_id, _result=result)
    stem = f"harmhex_{result.patrol.run_id}"
    with st.container(key="fairness_forms", horizontal=True):
        for document in documents(result):
            for ending, mime in (("html", "text/html"), ("md", "text/markdown")):
                name = f"{document.name}.{ending}"
                words = document.title.partition(":")[0]
                access.download(
                    f"{words} ({'page' if ending == 'html' else 'Markdown'})",
                    files[name],
                    file_name=f"{stem}_{name}",
                    mime=mime,
                    run_id=result.run_id,
                    help=f"{counted(document.open_questions, 'question')} left to answer",
                    key=f"form_{document.name}_{ending}",
                )


def _head(title: str, table: str, result: FairnessResult) -> None:
    with st.container(key=f"{table}_head", horizontal=True, vertical_alignment="center"):
        st.html(f'<h3 class="hx-h3">{escaped(title)}</h3>')
        access.download(
            "CSV",
            tables_csv(result)[f"{table}.csv"],
            file_name=f"harmhex_fairness_{table}_{result.patrol.run_id}.csv",
            mime="text/csv",
            run_id=result.run_id,
            help="This table with the list and run ids",
            key=f"{table}_file",
        )


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f'<p class="hx-words">{escaped(text)}</p>' for text in texts)


def _kept(
    key: str, *, _store: IncidentStore, _result: TaskingResult, _earlier: tuple[bytes, ...]
) -> FairnessResult:
    asked = _result.request
    patrol = patrol_list(
        _result.targets,
        version=_result.version,
        study_area=asked.study_area,
        profile=asked.profile,
        weights=asked.weights,
    )
    before = _read(_earlier)
    return waiting.answer(
        f"fairness {settings_key()} {key}",
        lambda _: fairness(_store, patrol, earlier=before),
        doing="Counting who lives there",
    )


@st.cache_data(show_spinner=False, max_entries=12)
def _forms_kept(run_id: str, *, _result: FairnessResult) -> dict[str, bytes]:
    del run_id  # part of the key only
    return document_files(_result)


def _read(contents: Sequence[bytes]) -> pd.DataFrame | None:
    if not contents:
        return None
    try:
        tables = [
            pd.read_csv(io.BytesIO(one), dtype=str, keep_default_na=False, encoding="utf-8-sig")
            for one in contents
        ]
    except ValueError as error:
        msg = f"An earlier list cannot be read as CSV ({error}). Give the targets.csv of each list."
        raise BadInputError(msg) from error
    return pd.concat(tables)
