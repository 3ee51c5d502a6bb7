"""An answer on the Analysis page: sentence, picture, tables with their files, notes, method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from layers.charts.cell_maps import cell_deck
from layers.columns import columns_of, shown
from layers.findings import (
    basis_html,
    loud_html,
    notes_html,
    run_html,
    sentence_html,
    why_not_html,
)
from layers.formats.tables import table_csv
from layers.questions import Question, method_html
from views import access, answers, frame
from views.screen import screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import pydeck as pdk

    from layers.charts.vega import Spec
    from layers.columns import Column, Kind
    from spatial.incidents.store import IncidentStore
    from spatial.notes import Notes
    from spatial.results import HotspotResult

_ROW_PX: Final = 30
_HEAD_PX: Final = 38
MOST_ROWS: Final = 14
_FORMATS: Final = {"whole": "localized", "share": "%.1f%%", "chance": "%.2g"}
_WIDTHS: Final = {"words": 340, "definition": 420, "meaning": 230}
_NOTHING: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What every answer shows beside its picture and tables.

    Attributes
    ----------
    question
        Which of the page's list.
    sentence
        The answer.
    basis
        The surface of the same request, which carries what is said of the data as a whole.
    run_id
        Of the answer.
    method
        In one line.
    notes
        Of the answer.
    """

    question: Question
    sentence: str
    basis: HotspotResult
    run_id: str
    method: str
    notes: Notes


def head(finding: Finding) -> None:
    """Draw the question, its answer in a sentence, and what it rests on."""
    basis = basis_html(finding.basis, run_id=finding.run_id, whole_store=_of_whole_store(finding))
    st.html(sentence_html(finding.question.title, finding.sentence) + basis)


def foot(finding: Finding) -> None:
    """Draw the notes that must be read, and one click away the others and the method."""
    # the watch list is of the whole store: what is said of a profile does not concern it
    about = () if _of_whole_store(finding) else finding.basis.notes
    loud = loud_html(finding.notes, about)
    if loud:
        st.html(loud)
    with st.container(key="one_click_away"):
        with st.expander("How this is worked out, and how it can mislead"):
            st.html(method_html(finding.question, method=finding.method))
        with st.expander("How this was made"):
            frame.put(run_html(finding.run_id), notes_html(finding.notes))


def cell_map(
    store: IncidentStore,
    layers: Sequence[pdk.Layer],
    basis: HotspotResult,
    *,
    legend: str,
    alt: str,
) -> None:
    """Draw a map of cells over the ground, with its legend on it."""
    with st.container(key="analysis_map_pane"):
        st.pydeck_chart(
            cell_deck(layers, basis.study_area.polygon, answers.ground(store), screen=screen()),
            height="stretch",
            key="analysis_map",
            alt=alt,
        )
        st.html(legend)


def _of_whole_store(finding: Finding) -> bool:
    return finding.question.name == "watch_list"


def absent(*reasons: str) -> None:
    """Say why parts of an answer are not there; nothing where all are."""
    said = why_not_html(reasons)
    if said:
        st.html(said)


def chart(spec: Spec, *, key: str, alt: str, height: int | None = None) -> None:
    """Draw a chart as high as its rows, or so many pixels."""
    st.vega_lite_chart(
        spec,
        width="stretch",
        height="content" if height is None else height,
        theme=None,
        key=key,
        alt=alt,
    )


def tables(
    finding: Finding,
    parts: Sequence[tuple[str, str, pd.DataFrame]],
    *,
    most: int = MOST_ROWS,
    **kinds: Kind,
) -> None:
    """Draw one of several tables, chosen by its label, with its file.

    Parameters
    ----------
    finding
        Whose tables they are.
    parts
        Name in files, label, and table of each.
    most, kinds
        See :func:`grid`.
    """
    if not parts:
        return
    name = finding.question.name
    labels = {part: label for part, label, _ in parts}
    found = {part: table for part, _, table in parts}
    with st.container(horizontal=True, vertical_alignment="center", key="table_head"):
        if len(parts) == 1:
            chosen = parts[0][0]
            st.html(f'<h3 class="hx-h3">{labels[chosen]}</h3>')
        else:
            picked = st.segmented_control(
                "Table",
                list(labels),
                format_func=lambda part: labels[part],
                default=parts[0][0],
                required=True,
                key=f"table_{name}_{'_'.join(labels)}",
                label_visibility="collapsed",
            )
            chosen = picked if picked in found else parts[0][0]
        access.download(
            "CSV",
            _file(finding, chosen, found[chosen]),
            file_name=_file_name(finding, chosen),
            mime="text/csv",
            run_id=finding.run_id,
            help="This table with every column, the window and the run id",
            key="table_file",
        )
    grid(found[chosen], key=f"grid_{name}_{chosen}", most=most, **kinds)


def grid(table: pd.DataFrame, *, key: str, most: int = MOST_ROWS, **kinds: Kind) -> None:
    """Draw a table with plain heads, as high as its rows up to so many.

    Parameters
    ----------
    table
        Of a section.
    key
        Of the element.
    most
        Rows seen at once.
    kinds
        Columns that mean another thing here than elsewhere.
    """
    columns = columns_of(table, **kinds)
    st.dataframe(
        shown(table, columns),
        hide_index=True,
        column_config={name: _column(name, column) for name, column in columns.items()},
        row_height=_ROW_PX,
        height=min(max(len(table), 1), most) * _ROW_PX + _HEAD_PX,
        placeholder=_NOTHING,
        key=key,
    )


def _column(name: str, column: Column) -> Any:  # noqa: ANN401 (Streamlit's own column types)
    tip = column.meaning or None
    if column.kind == "text":
        return st.column_config.TextColumn(column.title, help=tip, width=_WIDTHS.get(name))
    return st.column_config.NumberColumn(
        column.title, help=tip, format=_FORMATS.get(column.kind, "%.2f")
    )


def _file(finding: Finding, part: str, table: pd.DataFrame) -> bytes:
    del part  # in the name alone
    window = finding.basis.window
    # a table is passed on without its page: every row says what it rests on
    return table_csv(
        table.assign(
            profile=finding.basis.profile.name,
            study_area=finding.basis.study_area.name,
            window_first=window.first.isoformat(),
            window_last=window.last.isoformat(),
            run_id=finding.run_id,
        )
    )


def _file_name(finding: Finding, part: str) -> str:
    last = finding.basis.window.last.isoformat()
    return f"harmhex_{finding.question.name}_{part}_{finding.basis.profile.name}_{last}.csv"
