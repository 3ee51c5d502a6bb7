"""The report's sections on the Analysis page: a sentence, a picture, the table, the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.profile import Family
from layers.charts.cell_legends import emerging_legend, two_way_legend
from layers.charts.cell_maps import emerging_layers, two_way_layers
from layers.charts.intervals import MOST_ROWS, interval_chart
from layers.charts.lorenz import lorenz_chart
from layers.charts.near_repeat import near_repeat_html
from layers.charts.steadiness import steadiness_chart
from layers.charts.week import week_html
from layers.palette import DISORDER_STEPS
from layers.questions import question_named
from layers.report.words import section_sentence
from layers.rows import rows_html
from views import answers, finding
from views.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from spatial.incidents.store import IncidentStore
    from spatial.report_results import ReportRequest, Section
    from spatial.results import HotspotResult

_CHANGED: Final = {
    "tiers": "By kind of offence", "beats": "By beat", "places": "By place", "whole": "Whole",
}  # fmt: skip
_PLACES: Final = {"area": "By area", "population": "By residents"}
_CHART_PX: Final = 430
_FEW_ROWS: Final = 8
_KNOX: Final = [
    "distance", "time", "observed", "expected", "ratio", "p_adjusted", "p", "expected_median",
]  # fmt: skip
_STEADY: Final = [
    "place", "stays", "value", "value_low", "value_high", "cells", "in_top", "area_id",
]  # fmt: skip
_READINGS: Final = ["reading", "cells", "violence", "disorder", "meaning"]


def draw(store: IncidentStore, request: ReportRequest, basis: HotspotResult, name: str) -> None:
    """Draw one section, worked out when it is looked at and not before."""
    section = answers.report_section(store, request, name)
    told = Finding(
        question=question_named(name),
        sentence=section_sentence(section),
        basis=basis,
        run_id=section.run_id,
        method=section.method,
        notes=section.notes,
    )
    finding.head(told)
    if not section.why_not:
        _PICTURES[name](store, section, told)
    finding.foot(told)


def _two_way(store: IncidentStore, section: Section, told: Finding) -> None:
    cells, readings = section.table("cells"), section.table("readings")
    if cells is None or readings is None:
        return
    left, right = st.columns([1.55, 1], gap="small")
    with left:
        finding.cell_map(
            store, two_way_layers(cells), told.basis,
            legend=two_way_legend(readings, cells=told.basis.n_cells),
            alt="Map of cells hot for violence (filled) and for antisocial behaviour (hatched).",
        )  # fmt: skip
    with right:
        order = ["both", "violence only", "disorder only", "neither"]
        ranked = cells.assign(at=cells["reading"].map(order.index)).sort_values(
            ["at", "violence", "cell"], ascending=[True, False, True]
        )
        finding.tables(
            told,
            [
                ("readings", "Four readings", readings[_READINGS]),
                ("cells", "Cells", ranked.drop(columns="at")),
            ],
        )


def _concentration(_: IncidentStore, section: Section, told: Finding) -> None:
    curves, figures = section.table("curves"), section.table("figures")
    if curves is None or figures is None:
        return
    offered = {key: label for key, label in _PLACES.items() if key in set(curves["by"])}
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        by = "area"
        if len(offered) > 1:
            picked = st.segmented_control(
                "Places", list(offered), format_func=offered.__getitem__, default="area",
                required=True, key="concentration_by", label_visibility="collapsed",
            )  # fmt: skip
            by = picked if picked in offered else "area"
        steps = _disorder_colour(told)
        finding.chart(
            lorenz_chart(
                curves, figures, by=by, harm_words=told.basis.profile.harm_words, colour=steps
            ),
            key=f"lorenz_{by}",
            height=_CHART_PX,
            alt="Curves: the share held by the fullest places. The table beside says the same.",
        )
    with right:
        finding.tables(
            told,
            _present(section, {"figures": "Shares", "accuracy": "In and out of sample",
                               "gini": "Gini"}),
        )  # fmt: skip


def _timing(_: IncidentStore, section: Section, told: Finding) -> None:
    hours = section.table("hours")
    if hours is not None:
        st.html(week_html(hours, disorder=_is_disorder(told)))
    finding.tables(
        told,
        _present(section, {"peaks": "Peak windows by place", "hours": "Hours of the week"}),
        most=_FEW_ROWS,
        low="share",
        high="share",
    )
    finding.absent(*(part.why_not for part in section.parts))


def _emerging(store: IncidentStore, section: Section, told: Finding) -> None:
    cells, groups, periods = (section.table(name) for name in ("cells", "groups", "periods"))
    if cells is None or groups is None or periods is None:
        return
    left, right = st.columns([1.55, 1], gap="small")
    with left:
        finding.cell_map(
            store, emerging_layers(cells), told.basis,
            legend=emerging_legend(
                groups, periods=len(periods), title=told.basis.profile.title,
                disorder=_is_disorder(told),
            ),
            alt="Map of hot cells by how they were hot over time. The table lists them.",
        )  # fmt: skip
    with right:
        named = cells[cells["group"] != "none"].sort_values(
            ["hot_periods", "z_last", "cell"], ascending=[False, False, True]
        )
        finding.tables(
            told,
            [
                ("groups", "Groups", groups),
                ("cells", "Cells", named),
                ("periods", "Periods", periods),
            ],
        )
    categories = section.table("categories")
    if categories is not None:
        with st.expander(f"The {len(categories)} patterns and what each means"):
            rows = [
                (row["category"], row["group"], f"{row['cells']:,}", row["definition"])
                for row in categories.to_dict("records")
            ]
            st.html(rows_html(("Pattern", "Group", "Cells", "Definition"), rows))


def _change(_: IncidentStore, section: Section, told: Finding) -> None:
    offered = dict(_present_names(section, _CHANGED))
    with st.container(key="answer_controls", horizontal=True, vertical_alignment="center"):
        picked = st.segmented_control(
            "Change", list(offered), format_func=offered.__getitem__,
            default=next(iter(offered)), required=True, key="change_by",
            label_visibility="collapsed",
        )  # fmt: skip
    chosen = picked if picked in offered else next(iter(offered))
    table = section.table(chosen)
    if table is None:
        return
    drawn = table.assign(tier=table["tier"].str.replace("_", " ")) if "tier" in table else table
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        finding.chart(
            interval_chart(drawn, label="tier" if chosen == "tiers" else "place"),
            key=f"change_{chosen}",
            alt="Ratios of rates with their intervals. The table beside says the same.",
        )
        hidden = len(table) - MOST_ROWS
        finding.absent(f"The first {MOST_ROWS} of {len(table):,} are drawn." if hidden > 0 else "")
    with right:
        # of kinds of offence there is one place: the whole
        first = "tier" if "tier" in table else "place"
        kept = [first, "now", "before", "verdict", "ratio", "low", "high", "p_adjusted", "words"]
        finding.tables(told, [(chosen, offered[chosen], table[kept])])
    finding.absent(*(part.why_not for part in section.parts))


def _watch_list(_: IncidentStore, section: Section, told: Finding) -> None:
    series = section.table("series")
    if series is None:
        return
    said = [
        (
            record["title"],
            record["status"],
            # the series and its status stand in their own columns
            record["words"]
            .removeprefix(f"{record['title']}: ")
            .removeprefix(f"{record['status']}: "),
        )
        for record in series.to_dict("records")
    ]
    st.html(rows_html(("Series", "Status", "What the records say"), said))
    kept = [name for name in series.columns if name not in {"series", "words"}]
    finding.tables(told, [("series", "Figures of every series", series[kept])])


def _near_repeat(_: IncidentStore, section: Section, told: Finding) -> None:
    table = section.table("knox")
    if table is None:
        return
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        st.html(near_repeat_html(table, disorder=_is_disorder(told)))
    with right:
        finding.tables(told, [("knox", "Pairs of incidents", table[_KNOX])])


def _stability(_: IncidentStore, section: Section, told: Finding) -> None:
    table = section.table("places")
    if table is None:
        return
    unit = "harm days" if section.facts.get("unit") == "harm" else "incidents"
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        finding.chart(
            steadiness_chart(table, disorder=_is_disorder(told)),
            key="steadiness",
            alt="Bars: how often each place stays among the first. The table says the same.",
        )
    with right:
        finding.tables(told, [("places", f"Places, best first; values in {unit}", table[_STEADY])])


def _present(section: Section, labels: Mapping[str, str]) -> list[tuple[str, str, pd.DataFrame]]:
    found = ((name, label, section.table(name)) for name, label in labels.items())
    return [(name, label, table) for name, label, table in found if table is not None]


def _present_names(section: Section, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, label) for name, label, _ in _present(section, labels)]


def _is_disorder(told: Finding) -> bool:
    return told.basis.profile.family is Family.ANTISOCIAL_BEHAVIOUR


def _disorder_colour(told: Finding) -> str:
    return DISORDER_STEPS[3] if _is_disorder(told) else ""


_PICTURES: Final[dict[str, Callable[[IncidentStore, Section, Finding], None]]] = {
    "two_way": _two_way,
    "concentration": _concentration,
    "timing": _timing,
    "emerging": _emerging,
    "change": _change,
    "watch_list": _watch_list,
    "near_repeat": _near_repeat,
    "place_stability": _stability,
}
