"""The Data and quality page: did every row arrive, and how far can the data be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from config.access import Action
from layers.banner import banner_html
from layers.data.balance import balance_html, layers_html, sources_html
from spatial.incidents.checks import quality
from views import access, answers, frame
from views.quality.suspect_points import suspect_points
from views.register import recording
from views.tables import day, grid, head, table_of, text, whole

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_QUALITY)
        store = answers.open_store()
        access.record_seen("data", "")
        with frame.plain_errors():
            areas = ", ".join(answers.study_area_names(store)) or "No study area stored"
            frame.name_place(areas, answers.forces(store))
        through = store.data_through
        st.html('<div class="hx-gap"></div>')
        st.html(banner_html(answers.banner(store)))
        st.html(balance_html(store.loads, data_from=store.data_from, through=through))
        left, middle, right = st.columns([1.15, 1, 1], gap="medium")
        with left:
            recording.by_month(store)
            recording.gaps(store)
            recording.changes(store)
            recording.sources(store)
            _rejects(store)
        with middle:
            recording.overall(store)
            recording.flags(store)
        with right:
            _codes(store)
            _miscodings(store)
            with frame.plain_errors():
                suspect_points(store)
        recording.heat(store)
        _loads(store)
        left, right = st.columns([1.6, 1], gap="medium")
        with left:
            st.html(sources_html(store.loads))
        with right:
            _layers(store)


def _loads(store: IncidentStore) -> None:
    head("Loads", "Read is always stored, rejected and duplicates together.")
    table = table_of(store, quality.balance)
    for column in ("data_from", "data_through"):
        table[column] = [day(text) for text in table[column]]
    grid(
        table[
            [
                "source",
                "files",
                "read",
                "stored",
                "replaced",
                "rejected",
                "duplicates",
                "data_from",
                "data_through",
                "load_id",
            ]
        ],
        key="loads",
        source="Source",
        files=whole("Files"),
        read=whole("Read"),
        stored=whole("Stored"),
        replaced=whole("Corrections"),
        rejected=whole("Rejected"),
        duplicates=whole("Duplicates"),
        data_from="From",
        data_through="To",
        load_id="Load",
    )


def _rejects(store: IncidentStore) -> None:
    reasons = table_of(store, quality.rejected_by_reason)
    if reasons.empty:
        head("Rejected rows", "None: every row was stored or is a duplicate of a named row.")
        return
    head("Rejected rows", "Each is kept with its file, row number and reason, to be mended.")
    grid(
        reasons[["reason", "rows", "load_id"]],
        key="rejects",
        reason="Reason",
        rows=whole("Rows"),
        load_id="Load",
    )
    with st.container(horizontal=True, key="rejected_files"):
        for load in store.loads:
            path = store.rejected_file(load.load_id)
            if path is not None:
                access.download(
                    f"Rejected rows of load {load.load_id} (CSV)",
                    path.read_bytes(),
                    file_name=f"rejected_{load.load_id}.csv",
                    mime="text/csv",
                    key=f"rejected_{load.load_id}",
                )


def _layers(store: IncidentStore) -> None:
    notes = answers.layer_notes(store)
    if notes:
        head("Study areas and layers", "What was converted, mended or found when they were loaded.")
        st.html(layers_html(notes))


def _codes(store: IncidentStore) -> None:
    unknown = table_of(store, quality.unknown_codes)
    head(
        "Codes in no list",
        "A mistyped code can hide a stabbing. Where a class is given, it decides the tier."
        if len(unknown)
        else "None: every offence code is known.",
    )
    if len(unknown):
        grid(
            unknown, key="unknown_codes", ho_code="Home Office code", prc_code="Class",
            incidents=whole("Incidents"),
        )  # fmt: skip
    bare = table_of(store, quality.codes_without_weight)
    head(
        "Codes without a harm weight",
        "They count as incidents and add no harm, which is not the same as no harm."
        if len(bare)
        else "None: every offence has a weight.",
    )
    if len(bare):
        grid(
            bare[["ho_code", "title", "incidents"]], key="bare_codes", ho_code=text("Code", 62),
            title=text("Offence", 240), incidents=whole("Incidents", 70),
        )  # fmt: skip


def _miscodings(store: IncidentStore) -> None:
    table = table_of(store, quality.miscodings)
    found = table[table["incidents"] > 0]
    head(
        "Records that contradict themselves",
        "Questions to ask of the records, each with a row to look at; not always errors."
        if len(found)
        else "None of those looked for.",
    )
    if len(found):
        grid(
            found[["miscoding", "incidents", "example"]], key="miscodings",
            miscoding=text("What", 225), incidents=whole("Incidents", 66),
            example=text("For example", 118),
        )  # fmt: skip
