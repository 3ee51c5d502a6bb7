"""What is done with the list on the Tasking page: adopt it, print it, carry it away."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.force_file import settings_key
from layers.targets.files import target_files
from layers.wording import RANKED_WORDS
from views import access, answers, frame, records, waiting
from views.signed_in.trail import register_in_force
from views.targets import adoption, files, printing
from views.targets import page as targets_page
from views.tasking.strip import held_out_sentence

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult

_PRINTED: Final = "tasking_printed"
_BEGUN: Final = "tasking_printing"
_KINDS: Final = {"tasking": "The meeting's pack", "sheets": "A sheet for each place"}
# the meeting read it on the strip: it is there, or nearly
_PATIENT_SECONDS: Final = 20.0
_MORE: Final = ("targets.kml", "targets.gpx", "targets.gpkg")


def actions(store: IncidentStore, result: TaskingResult) -> None:
    """Offer what whoever is asking may do with the list; nothing takes more than two clicks."""
    with st.container(key="files", horizontal=True):
        # the harm in the list is what happened, so the rows need not fall by it
        by = RANKED_WORDS[result.targets.measure].lower()
        st.html(f'<h2 class="hx-h2">Where to patrol<span class="hx-by">by {by}</span></h2>')
        if result.targets.areas.empty:
            return
        adoption.panel(
            store,
            result.targets,
            beside=lambda: held_out_sentence(store, result, wait_seconds=_PATIENT_SECONDS),
        )
        if not access.may(Action.EXPORT):
            return
        _print(store, result)
        csv, geojson = answers.target_files(result)
        stem = f"harmhex_targets_{result.profile.name}_{result.request.window.last.isoformat()}"
        access.download(
            "CSV",
            csv,
            file_name=f"{stem}.csv",
            mime="text/csv",
            run_id=result.run_id,
            help="The list as a spreadsheet, every column",
        )
        access.download(
            "GeoJSON",
            geojson,
            file_name=f"{stem}.geojson",
            mime="application/geo+json",
            run_id=result.run_id,
            help="The areas for a mapping or patrol-planning system",
        )
        _more(store, result)


def sheet(store: IncidentStore, result: TaskingResult, area_id: str) -> None:
    """Offer the sheet of one place on paper, drawn when it is asked for."""
    if not access.may(Action.EXPORT):
        return
    with st.popover("Its sheet", on_change="rerun", key="sheet_panel") as opened:
        if opened.open:
            with frame.plain_errors():
                _paper(store, result, "sheets", area_id)


def targets_link(label: str) -> None:
    """Offer the page Targets, which opens on the place selected here."""
    if access.may(Action.SEE_TARGETS):
        st.page_link(st.Page(targets_page.page, title="Targets", url_path="targets"), label=label)


def _print(store: IncidentStore, result: TaskingResult) -> None:
    with st.popover("Print", on_change="rerun", key="print_panel") as opened:
        kind = str(
            st.radio("Print", list(_KINDS), format_func=_KINDS.__getitem__, key="tasking_print")
        )
        if opened.open:
            with frame.plain_errors():
                _paper(store, result, kind)
        st.html(
            '<p class="hx-words">As it is now, from today. Teams, shifts and a map for partners '
            "are on the page Targets.</p>"
        )


def _paper(store: IncidentStore, result: TaskingResult, kind: str, area_id: str = "") -> None:
    first = records.today(store)
    # anniversaries, tension and settings are printed too
    wanted = (result.run_id, kind, area_id, first, settings_key(), _overlays(store))
    made = st.session_state.get(_PRINTED)
    if made is None or made[0] != wanted:
        state = st.session_state
        if state.get(_BEGUN, (None,))[0] != wanted:
            # each time is a print of its own: what was visited may have changed
            state[_BEGUN] = (wanted, f"print {secrets.token_hex(8)}")
        work = printing.quick_work(
            store,
            target_files(result.targets, request=answers.list_request(result), formats=()),
            kind=kind,
            first=first,
            area_id=area_id,
        )
        made = (wanted, waiting.answer(state[_BEGUN][1], work, doing="Drawing the pages"))
        del state[_BEGUN]
        state[_PRINTED] = made
    access.download(
        "Download the PDF",
        made[1],
        file_name=f"harmhex_{'sheet_' + area_id if area_id else kind}_{result.profile.name}"
        f"_{first.isoformat()}.pdf",
        mime="application/pdf",
        run_id=result.run_id,
        key=f"tasking_pdf_{bool(area_id)}",
    )


def _overlays(store: IncidentStore) -> str:
    """Tell one state of what is due and tense from another; nothing without a register."""
    if register_in_force() is None or not access.may(Action.SEE_OVERLAYS):
        return ""
    said = records.due_and_tense(store)
    return f"{said.due!r} {said.tension!r}"


def _more(store: IncidentStore, result: TaskingResult) -> None:
    with st.popover("More", on_change="rerun", key="more_panel") as opened:
        if opened.open:
            with frame.plain_errors():
                every, partners = files.written(store, answers.list_request(result), result.targets)
                titles = {name: files.TITLES[name] for name in _MORE}
                files.single_files(result.targets, every, titles=titles)
                files.sets(result.targets, every, partners)
        targets_link("Schedule, compare and change on the page Targets")
