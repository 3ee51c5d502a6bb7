"""The parts of a risk terrain: factors, where and why, later months, what was tried, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.settings import load_settings
from layers.risk.map import FILLS, risk_deck, risk_legend
from layers.risk.places import cell_rows, place_reasons, place_rows, unlisted_cells
from layers.risk.words import WAYS, factor_rows, paired_rows, score_rows, tried_table
from layers.rows import rows_html
from layers.wording import escaped
from spatial.results import TaskingRequest
from views import access, answers, frame, screen, tables, weights
from views.in_force import in_force
from views.risk_terrain import answers as risk_answers
from views.risk_terrain.kept import keeping

if TYPE_CHECKING:
    import pandas as pd

    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskResult

MAP: Final = "risk_map"
_UNLISTED: Final = 12
_OFFERED: Final = (
    ("factors.csv", "Factors (CSV)", "text/csv", "One row for each kind of place in the model"),
    ("candidates.csv", "Everything tried (CSV)", "text/csv", "With what became of it"),
    (
        "risk_terrain.geojson",
        "Cells (GeoJSON)",
        "application/geo+json",
        "Score and reasons of each",
    ),
    ("validation.csv", "Later months (CSV)", "text/csv", "What each way to choose places held"),
    ("validation_differences.csv", "Differences (CSV)", "text/csv", "Against each of the others"),
    ("result.json", "Result (JSON)", "application/json", "As harmhex risk-terrain writes it"),
)


def factors(result: RiskResult) -> None:
    """Show the factors of the model, strongest first."""
    if not result.model.terms:
        st.html(
            '<p class="hx-absent">No kind of place helps to tell busy cells from quiet ones.</p>'
        )
        return
    _download(result, "factors.csv", "Kinds of places in the model", key="risk_factor_file")
    st.html(rows_html(*factor_rows(result)))
    st.html(
        '<p class="hx-words">Incidents, times: how many times the incidents of cells without it, '
        "with all other kinds alike. Chosen in: the ground was drawn again in blocks and the "
        "choice made anew. Steady says that it would be chosen again on this ground, not that it "
        "matters: what merely stands beside what matters can be as steady.</p>"
    )


def places(store: IncidentStore, result: RiskResult) -> None:
    """Show the map, and why each place of the current list is risky."""
    areas = list_of(store, result)
    left, right = st.columns([1.35, 1], gap="small")
    with left:
        fill = st.selectbox(
            "Cells show", list(FILLS), format_func=FILLS.__getitem__, key="risk_fill"
        )
        with st.container(key="risk_map_pane"):
            st.pydeck_chart(
                risk_deck(
                    result, areas, answers.ground(store), fill=str(fill), screen=screen.screen()
                ),
                height="stretch",
                key=MAP,
                alt="Map of risk by what stands near. The tables beside it list the places of the "
                "list and the riskiest cells that are on none.",
            )
            st.html(risk_legend(result, fill=str(fill), places=len(areas)))
    with right, st.container(key="risk_side"):
        keeping(store, result)
        st.html(
            '<h2 class="hx-h2">The places of the list, and what stands near'
            '<span class="hx-by">the list of the Tasking page for this profile and window; '
            "it is ranked by harm, not by this</span></h2>"
        )
        if areas.empty:
            st.html('<p class="hx-absent">There is no list of places to say it of.</p>')
        else:
            found = place_reasons(result, areas)
            st.html(rows_html(*place_rows(found, cells=len(result.grid))))
        rest = unlisted_cells(result, areas, most=_UNLISTED)
        if len(rest):
            st.html(
                '<h2 class="hx-h2">Riskiest cells on no list<span class="hx-by">places to look at '
                "and to change, not places where harm was</span></h2>"
            )
            st.html(rows_html(*cell_rows(rest)))


def later(result: RiskResult) -> None:
    """Show how the model did on months it had not seen, beside simpler ways."""
    found = result.validation
    if found.scores.empty:
        st.html('<p class="hx-absent">There is nothing later to try it on.</p>')
        return
    _download(
        result, "validation.csv", "What each way to choose places held", key="risk_later_file"
    )
    st.html(rows_html(*score_rows(found)))
    st.html(
        '<p class="hx-words">Each way chooses the same share of the area on the months before, and '
        "is scored on what came after. PAI: how many times its share of the area it held; 1 is "
        f"choosing at random. {escaped(WAYS['risk_times_harm'])} is shown beside them, and is not "
        "tested.</p>"
    )
    st.html('<h2 class="hx-h2">The risk terrain against the others</h2>')
    st.html(rows_html(*paired_rows(found)))
    st.html(
        '<p class="hx-words">Points are per cent of all later incidents or harm. The last column: '
        "how far luck of place may move the difference, drawn anew from blocks of ground. Where it "
        "reaches from fewer to more, neither is shown to be better.</p>"
    )


def tried(result: RiskResult) -> None:
    """Show every candidate and every kind that was rejected, with the reason."""
    _download(
        result, "candidates.csv", "Everything tried, and what became of it", key="risk_tried_file"
    )
    shown = tried_table(result.model, result.rules)
    tables.grid(
        shown,
        key="risk_tried",
        factor=tables.text("Kind of place", 190),
        where=tables.text("Counts", 170),
        cells_on=tables.whole("Cells"),
        incidents_on=tables.whole("Incidents there"),
        redraws=tables.whole(f"Redraws of {result.model.resamples}, this way"),
        outcome=tables.text("What became of it", 380),
    )


def files(result: RiskResult) -> None:
    """Offer every file of the risk terrain, to who may take them away."""
    held = risk_answers.files_of(result.run_id, _result=result)
    st.html(
        '<h2 class="hx-h2">Files</h2><p class="hx-words">The same as harmhex risk-terrain writes: '
        "run id, window, marking and notes are in each.</p>"
    )
    with st.container(key="risk_files", horizontal=True):
        access.download_each(
            _OFFERED, held, stem=f"harmhex_risk_{result.run_id}", run_id=result.run_id
        )


def list_of(store: IncidentStore, result: RiskResult) -> pd.DataFrame:
    """Return the places of the Tasking page's list for the same profile, window and study area."""
    state = st.session_state
    request = TaskingRequest(
        profile=result.request.profile,
        window=result.window,
        study_area=result.request.study_area,
        places=int(state.get("places") or load_settings().places),
        weights=result.request.weights,
        measure=weights.ranked_by(),
    )
    held = in_force(store, request)
    if held.trouble:
        frame.say(held.trouble)
    return answers.answer(store, request, held).targets.areas


def _download(result: RiskResult, name: str, title: str, *, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="table_head"):
        st.html(f'<h2 class="hx-h2">{escaped(title)}</h2>')
        access.download(
            "CSV",
            risk_answers.files_of(result.run_id, _result=result)[name],
            file_name=f"harmhex_risk_{result.run_id}_{name}",
            mime="text/csv",
            run_id=result.run_id,
            key=key,
        )
