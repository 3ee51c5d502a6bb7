"""What may be wrong with an evaluation: displacement, other offences, delivery, threats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.evaluation.rows import (
    balance_rows,
    compliance_rows,
    displacement_rows,
    dose_rows,
    drawn_rows,
    switching_rows,
    threat_rows,
)
from layers.findings import loud_html, notes_html, why_not_html
from layers.rows import rows_html
from layers.wording import escaped, percent
from views import frame

if TYPE_CHECKING:
    from spatial.evaluation_results import EvaluationResult, Outcome


def draw(result: EvaluationResult, outcome: Outcome) -> None:
    """Draw every check of one outcome, the checklist first."""
    _head("What could make it wrong", "Every item is looked at every time.")
    st.html(rows_html(*threat_rows(result.threats)))
    _head("Did it move next door?", "Distances were fixed beforehand, or are said to be tried.")
    if outcome.displacement:
        st.html(rows_html(*displacement_rows(outcome.displacement)))
        frame.put(loud_html(*(one.notes for one in outcome.displacement)))
    else:
        frame.put(why_not_html(["No distance can be looked at."]))
    if result.switching:
        _head("Did other offences change?", "Described, never added up with the outcome.")
        st.html(rows_html(*switching_rows(result.switching)))
    if result.matching is not None:
        _balance(result)
    if result.operation.crossover is not None:
        _crossover(result, outcome)


def _balance(result: EvaluationResult) -> None:
    matches = result.matching
    if matches is None:
        return
    _head("Were the matched places alike?", matches.method)
    st.html(rows_html(*balance_rows(matches)))
    frame.put(loud_html(matches.notes), notes_html(matches.notes))


def _crossover(result: EvaluationResult, outcome: Outcome) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        if outcome.achieved is not None:
            _head("What it could have found", outcome.achieved.words)
        if outcome.balance is not None:
            _head("Was it drawn evenly?", "Place-days and incidents by weekday and half.")
            st.html(rows_html(*drawn_rows(outcome.balance)))
        if outcome.dose is not None:
            _head(
                "Minutes of patrol",
                "Observed, not drawn: officers stay longer where there is trouble.",
            )
            st.html(rows_html(*dose_rows(outcome.dose)))
    with right:
        if result.compliance is None:
            _head("Were the patrols made?", "")
            st.html(
                why_not_html(
                    ["No visit is recorded for it. Enter or upload visits on the page Targets."]
                )
            )
        else:
            made = result.compliance
            _head(
                "Were the patrols made?",
                f"{percent(made.delivered_share)} of the drawn place-days had a patrol, and "
                f"{percent(made.control_share_visited)} of the others.",
            )
            # a row for each place: it scrolls in its own frame, by keyboard too
            st.html(
                '<div class="hx-long" role="region" tabindex="0" aria-label="Patrols by place">'
                f"{rows_html(*compliance_rows(made))}</div>"
            )
        if result.delivered is not None:
            frame.put(loud_html(result.delivered.notes) + notes_html(result.delivered.notes))


def _head(title: str, words: str) -> None:
    st.html(
        f'<h3 class="hx-h3">{escaped(title)}</h3>'
        + (f'<p class="hx-words">{escaped(words)}</p>' if words else "")
    )
