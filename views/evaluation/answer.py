"""The answer of an evaluation: verdict on top with its counts, then every picture and table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from layers.evaluation.charts import event_chart, series_chart
from layers.evaluation.estimate_words import (
    DIFFERENCE,
    MEASURED,
    RATIO,
    figure_words,
    interval_words,
)
from layers.evaluation.forest import forest_chart
from layers.evaluation.rows import count_rows, estimate_rows, figure_rows
from layers.findings import loud_html, notes_html, why_not_html
from layers.rows import rows_html
from layers.wording import counted, escaped, percent, run_words
from spatial.evaluation_results import PRIMARY
from spatial.window import day_words
from views import frame
from views.evaluation import checks as evaluation_checks
from views.evaluation import files as evaluation_files
from views.evaluation import plan as evaluation_plan
from views.finding import chart

if TYPE_CHECKING:
    from spatial.evaluation_results import EvaluationResult, Outcome
    from spatial.incidents.store import IncidentStore
    from views.evaluation.evaluated import Registered

_DIFFERENCES: Final = ("count", "harm")


def draw(store: IncidentStore, known: Registered, result: EvaluationResult) -> None:
    """Draw a result: of the outcome that decides, or of another that is chosen."""
    if words := evaluation_plan.changed_words(known):
        frame.say(words)
    outcome = _outcome(result)
    with st.container(key="evaluation_head", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<h2 class="hx-h2">{escaped(known.operation.name)}</h2>'
            f'<p class="hx-words">{escaped(result.design_words)}</p>'
        )
        files = st.container(key="evaluation_files", horizontal=True)
    _verdict(outcome)
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        _series(outcome)
        _counts(outcome)
    with right:
        _map(store, known, result, outcome)
    _estimates(outcome)
    _before_after(outcome)
    evaluation_checks.draw(result, outcome)
    _made(known, result, outcome)
    # written last: nobody waits for files to read the verdict
    with files, frame.plain_errors():
        evaluation_files.offer(known, result)


def _outcome(result: EvaluationResult) -> Outcome:
    if len(result.outcomes) == 1:
        return result.primary
    named = {one.profile.name: one for one in result.outcomes}
    chosen = st.radio(
        "Outcome",
        list(named),
        format_func=lambda name: (
            f"{named[name].profile.title}"
            f" ({'decides' if named[name].role == PRIMARY else 'beside it'})"
        ),
        horizontal=True,
        key=f"evaluation_outcome_{result.operation_digest[:8]}",
    )
    return named[str(chosen)]


def _verdict(outcome: Outcome) -> None:
    verdict = outcome.verdict
    cautions = "".join(f"<li>{escaped(words)}</li>" for words in verdict.cautions)
    beside = (
        ""
        if outcome.role == PRIMARY
        else '<p class="hx-words">A secondary outcome: it is one more chance of finding something '
        "that is not there.</p>"
    )
    st.html(
        f'<div class="hx-verdict hx-{escaped(verdict.direction)}">{beside}'
        f'<p class="hx-sentence">{escaped(f"{verdict.headline} {verdict.harm}".strip())}</p>'
        f"<p>{escaped(verdict.counts)}</p><p>{escaped(verdict.next_door)}</p>"
        + (f"<ul>{cautions}</ul>" if cautions else "")
        + "</div>"
    )


def _counts(outcome: Outcome) -> None:
    st.html('<h3 class="hx-h3">What was counted</h3>' + rows_html(*count_rows(outcome.counts)))


def _series(outcome: Outcome) -> None:
    st.html('<h3 class="hx-h3">Month by month</h3>')
    if outcome.series.empty:
        frame.put(why_not_html(["There are no months to draw."]))
        return
    chart(
        series_chart(outcome.series),
        key="evaluation_series",
        alt="Incidents month by month in the patrolled places and in what they are compared with, "
        "each against its own average before. The table below says the totals.",
    )


def _map(
    store: IncidentStore, known: Registered, result: EvaluationResult, outcome: Outcome
) -> None:
    ground = result.ground
    metres = known.operation.buffer_m
    evaluation_plan.ground(
        store,
        ground.treated,
        buffer=ground.buffers.get(metres),
        comparators=ground.comparators,
        buffer_m=metres,
        compared=ground.comparators_words,
        said=_places(result, outcome),
    )


def _places(result: EvaluationResult, outcome: Outcome) -> dict[str, str]:
    """Return by area what its tooltip says: its counts, and whether it was patrolled as drawn."""
    crossed = result.operation.crossover is not None
    first, second = ("on other days", "on drawn days") if crossed else ("before", "after")
    said = {
        str(row["area_id"]): f"{int(row['before'])} {first}, {int(row['after'])} {second}"
        for row in outcome.by_place.to_dict("records")
    }
    if result.compliance is not None:
        for row in result.compliance.by_place.to_dict("records"):
            share = row["delivered_share"]
            if share == share:  # noqa: PLR0124 (not a number)
                area = str(row["area_id"])
                said[area] = f"{said.get(area, '')}\n{percent(share)} of drawn days patrolled"
    return said


def _estimates(outcome: Outcome) -> None:
    lead = outcome.lead
    st.html(
        '<h3 class="hx-h3">Every estimate</h3><p class="hx-words">The first is the one to go by: '
        "which one leads was fixed by the design, not by its result. "
        f"{escaped(figure_words(lead).capitalize())}; the true one could be "
        f"{escaped(interval_words(lead))}.</p>"
    )
    left, right = st.columns([1, 1], gap="medium")
    with left:
        if (spec := forest_chart(outcome.estimates, kind=RATIO)) is not None:
            chart(spec, key="evaluation_forest", alt=_FOREST_ALT)
        for measure in _DIFFERENCES:
            spec = forest_chart(outcome.estimates, kind=DIFFERENCE, measure=measure)
            if spec is not None:
                chart(spec, key=f"evaluation_forest_{measure}", alt=_FOREST_ALT)
    with right:
        st.html(rows_html(*figure_rows(outcome.estimates)))
        st.html(f'<p class="hx-words">{escaped(MEASURED)}</p>')
    with st.expander("What each figure takes for granted"):
        st.html(rows_html(*estimate_rows(outcome.estimates)))


def _before_after(outcome: Outcome) -> None:
    study = outcome.event_study
    if study is None:
        return
    st.html('<h3 class="hx-h3">Period by period against comparators</h3>')
    if (spec := event_chart(study)) is None:
        frame.put(why_not_html([note.text for note in study.notes]))
        return
    chart(
        spec,
        key="evaluation_events",
        alt="Patrolled places against comparators, period by period. Before the start they should "
        "lie about the line of no change.",
    )
    # as the checklist reads it: together, and as one slope
    found = [one for one in (study.pre_trend_p, study.slope_p) if one is not None]
    if found:
        moved = (
            "moved differently already before the start"
            if min(found) <= 0.05  # noqa: PLR2004 (five in a hundred)
            else "did not clearly move differently before the start"
        )
        st.html(
            f'<p class="hx-words">Patrolled places and comparators {moved}, p '
            f"{min(found):.2f}. With few incidents that is easily missed.</p>"
        )
    frame.put(loud_html(study.notes))


def _made(known: Registered, result: EvaluationResult, outcome: Outcome) -> None:
    evaluation_plan.history(known)
    with st.expander("How this was made"):
        evaluation_plan.facts(known)
        texts = [
            result.registered_words,
            result.quality.sentence,
            f"The data hold {day_words(result.data_from)} to {day_words(result.data_through)}.",
            *result.harm_sources,
            f"Run {run_words(result.run_id)}: the same id always means the same numbers.",
        ]
        st.html("".join(f'<p class="hx-words">{escaped(text)}</p>' for text in texts if text))
        frame.put(notes_html(result.notes, outcome.notes))
    frame.put(loud_html(result.notes, outcome.notes))
    st.html(
        f'<p class="hx-words">{counted(len(result.outcomes), "outcome")} · run '
        f"{escaped(run_words(result.run_id))} · {escaped(result.registered_words)}</p>"
    )


_FOREST_ALT: Final = (
    "Estimates with their intervals and the line of no change. The table of figures says the same."
)
