"""Surface and significance on the Analysis page: the map of Gi*, and what correction leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.profile import Family, Measure
from layers.charts.cell_legends import surface_legend, z_legend
from layers.charts.cell_maps import surface_layers, z_classes, z_layers
from layers.charts.corrections import (
    calls_table,
    corrections_chart,
    significance_sentence,
    strictest_words,
    surface_sentence,
)
from layers.questions import question_named
from spatial.notes import Note
from views import answers, finding

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import HotspotRequest, HotspotResult

_MEASURES: Final = {
    Measure.COUNT: "Incidents, as on the Tasking page",
    Measure.HARM: "Harm, days",
    Measure.SQRT_HARM: "Square root of harm",
}
_RINGS: Final = {1: "1 step", 2: "2 steps"}
_SHOWN: Final = {"classes": "Classes", "z": "z"}
_METHOD: Final = (
    "Gi* under total randomisation, ties in both tails; Benjamini-Hochberg over every cell"
)
_TABLE: Final = ["cell", "class", "incidents", "harm_days", "z", "p_adjusted", "p"]


def surface(store: IncidentStore, request: HotspotRequest, basis: HotspotResult) -> None:
    """Show the surface of the chosen measure and neighbourhood, as classes or as z."""
    top = st.container(key="answer_head")
    with st.container(key="answer_controls", horizontal=True, vertical_alignment="center"):
        result = _asked(store, request, basis)
        picked = st.segmented_control(
            "Fill", list(_SHOWN), format_func=_SHOWN.__getitem__, default="classes",
            required=True, key="surface_fill",
        )  # fmt: skip
    disorder = result.profile.family is Family.ANTISOCIAL_BEHAVIOUR
    told = _finding("surface", surface_sentence(result), result)
    with top:
        finding.head(told)
    if picked == "z":
        classes = z_classes(result.cells, disorder=disorder)
        layers = z_layers(result.cells, classes, disorder=disorder)
        legend = z_legend(result, classes)
    else:
        layers = surface_layers(result.cells, disorder=disorder)
        legend = surface_legend(result, disorder=disorder)
    left, right = st.columns([1.55, 1], gap="small")
    with left:
        finding.cell_map(
            store, layers, result, legend=legend,
            alt="Map of Gi* by cell. The table beside it lists the cells, hottest first.",
        )  # fmt: skip
    with right:
        columns = [name for name in _TABLE if not (disorder and name == "harm_days")]
        cells = result.cells.sort_values(["z", "cell"], ascending=[False, True])[columns]
        finding.tables(told, [("cells", f"{len(cells):,} cells, hottest first", cells)])
    finding.foot(told)


def significance(store: IncidentStore, request: HotspotRequest, basis: HotspotResult) -> None:
    """Show how many cells each correction would call, and what the null is."""
    top = st.container(key="answer_head")
    with st.container(key="answer_controls", horizontal=True, vertical_alignment="center"):
        result = _asked(store, request, basis)
    disorder = result.profile.family is Family.ANTISOCIAL_BEHAVIOUR
    told = _finding("significance", significance_sentence(result), result)
    why = strictest_words(result)
    if why:
        told = replace(told, notes=(Note(why, loud=True), *told.notes))
    with top:
        finding.head(told)
    if result.calls is not None:
        left, right = st.columns([1.2, 1], gap="medium")
        with left:
            finding.chart(
                corrections_chart(result.calls, disorder=disorder),
                key="corrections",
                alt="Bars: hot cells under each correction. The table beside says the same.",
            )
        with right:
            finding.tables(told, [("calls", "Cells called", calls_table(result.calls))])
    finding.foot(told)


def _asked(store: IncidentStore, request: HotspotRequest, basis: HotspotResult) -> HotspotResult:
    """Ask for measure and neighbourhood, and return their surface."""
    offered = [Measure.COUNT] if not basis.profile.weighs_harm else list(_MEASURES)
    if st.session_state.get("measure") not in offered:
        st.session_state["measure"] = Measure.COUNT
    measure = st.selectbox("Tested on", offered, format_func=_MEASURES.__getitem__, key="measure")
    st.session_state.setdefault("ring", basis.ring if basis.ring in _RINGS else 1)
    ring = st.selectbox("Neighbourhood", list(_RINGS), format_func=_RINGS.__getitem__, key="ring")
    return answers.surface(store, replace(request, measure=measure, ring=ring))


def _finding(name: str, sentence: str, result: HotspotResult) -> finding.Finding:
    return finding.Finding(
        question=question_named(name),
        sentence=sentence,
        basis=result,
        run_id=result.run_id,
        method=_METHOD,
        notes=result.notes,
    )
