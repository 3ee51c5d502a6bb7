"""The evaluation as one page to read or print: the verdict first, everything in the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.banner import GRADE_WORDS
from layers.evaluation.estimate_words import (
    MEASURED,
    chance_words,
    estimate_words,
    figure_words,
    interval_words,
)
from layers.evaluation.ground import ground_svg
from layers.evaluation.pictures import course_svg, forest_svg, periods_svg, shares_svg
from layers.evaluation.rows import (
    balance_rows,
    count_rows,
    displacement_rows,
    dose_rows,
    drawn_rows,
    switching_rows,
    threat_rows,
)
from layers.rows import rows_html
from layers.wording import PRODUCT, escaped
from spatial.evaluation.crossover.dose import OBSERVATIONAL
from spatial.evaluation.panel import HARM
from spatial.evaluation_results import PRIMARY
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.evaluation.rows import Rows
    from spatial.evaluation_results import EvaluationResult, Outcome
    from spatial.notes import Note

_STYLE: Final = """
body{font:16px/1.45 system-ui,'Segoe UI',Arial,sans-serif;color:#0B0C0C;background:#FFF;
max-width:64rem;margin:0 auto;padding:0 1.2rem 2rem}
h1{font-size:1.7rem;margin:.4rem 0}h2{font-size:1.25rem;margin:1.8rem 0 .3rem;
border-top:2px solid #12436D;padding-top:.6rem}h3{font-size:1.02rem;margin:1.1rem 0 .2rem}
.mark{text-align:center;font-weight:700;letter-spacing:.06em;padding:.4rem}
.verdict{border-left:6px solid #12436D;background:#F3F6F9;padding:.6rem 1rem;margin:.8rem 0}
.verdict p{margin:.25rem 0}.verdict .lead{font-size:1.2rem;font-weight:600}
.meta{color:#505A5F;margin:.1rem 0}
.loud{border-left:5px solid #F46A25;padding:.3rem .8rem;margin:.5rem 0}
.loud ul,details ul{margin:.2rem 0;padding-left:1.2rem}
.hx-rows{overflow-x:auto}table{border-collapse:collapse;margin:.2rem 0;font-size:.9rem}
th,td{border-bottom:1px solid #C4C7CE;padding:.25rem .6rem .25rem 0;text-align:left;
vertical-align:top}th{color:#505A5F;font-weight:600}
figure{margin:.6rem 0}figcaption{color:#505A5F;font-size:.92rem}svg{font-family:inherit}
details{margin:.4rem 0;color:#33393D}summary{cursor:pointer}
@media print{h2,h3{break-after:avoid}figure,table{break-inside:avoid}}
"""
_COURSE: Final = (
    "Month by month, each group against its own average of the months before (1). With few "
    "incidents a line leaps by chance."
)
_PLACES_TOGETHER: Final = (
    "All places together, month by month in the hours in force, against their own average. A "
    "crossover is judged by days drawn against other days, not by this line."
)
_FOREST: Final = (
    "Every ratio with its 95% interval; the first is the one the verdict rests on, fixed before "
    "outcomes were looked at. A cross marks figures that mislead by themselves."
)
_PERIODS: Final = (
    "Patrolled against comparison places, period by period. Left of the dashed line they should "
    "scatter about no change; periods the places were chosen on are left open."
)


def evaluation_html(result: EvaluationResult) -> bytes:
    """Write the whole evaluation as one HTML file: no script, no address, nothing from outside."""
    mark = f'<div class="mark">{escaped(result.marking)}</div>'
    outcomes = "".join(_outcome(one, result) for one in result.outcomes)
    page = (
        "<!DOCTYPE html>\n"
        '<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaped(result.operation.name)}</title><style>{_STYLE}</style></head><body>"
        f"{mark}<header>{_head(result)}</header><main>{_ground(result)}{outcomes}"
        f"{_other_offences(result)}{_visits(result)}{_threats(result)}{_made(result)}</main>{mark}"
        "</body></html>\n"
    )
    return page.encode()


def _head(result: EvaluationResult) -> str:
    lines = [
        result.design_words,
        result.registered_words,
        f"{GRADE_WORDS[result.quality.grade]}. {result.quality.sentence}",
        f"Run {result.run_id} · {PRODUCT} {result.version}"
        + (f" · {result.harm_edition}" if result.harm_edition else ""),
    ]
    meta = "".join(f'<p class="meta">{escaped(line)}</p>' for line in lines)
    return (
        f"<h1>{escaped(result.operation.name)}</h1>{meta}{_verdict(result.primary)}"
        f"{_loud(result.notes)}"
    )


def _verdict(outcome: Outcome) -> str:
    said = outcome.verdict
    rest = "".join(
        f"<p>{escaped(text)}</p>" for text in (said.counts, said.next_door, *said.cautions) if text
    )
    lead = escaped(f"{said.headline} {said.harm}".strip())
    return f'<div class="verdict"><p class="lead">{lead}</p>{rest}</div>'


def _ground(result: EvaluationResult) -> str:
    picture = ground_svg(result.ground, buffer_m=result.operation.buffer_m)
    notes = [
        note
        for one in result.primary.displacement
        if one.distance_m == result.operation.buffer_m
        for note in one.notes
    ]
    extra = "".join(f'<p class="meta">{escaped(note.text)}</p>' for note in notes)
    words = f"Compared with {result.ground.comparators_words}."
    return (
        f"<section><h2>Where</h2><figure>{picture}<figcaption>{escaped(words)} North is up."
        f"</figcaption></figure>{extra}</section>"
    )


def _outcome(outcome: Outcome, result: EvaluationResult) -> str:
    primary, drawn = outcome.role == PRIMARY, outcome.balance is not None
    title = outcome.profile.title + ("" if primary else " (secondary)")
    blocks = [
        "" if primary else _verdict(outcome),
        _table(count_rows(outcome.counts)),
        _figure(course_svg(outcome.series), _PLACES_TOGETHER if drawn else _COURSE),
        "<h3>Every estimate</h3>",
        _figure(forest_svg(outcome.estimates), _FOREST),
        _table(_estimate_rows(outcome)),
        f"<p>{escaped(MEASURED)}</p>" if primary else "",
    ]
    if outcome.event_study is not None:
        blocks.append("<h3>Did they move alike before?</h3>")
        blocks.append(_figure(periods_svg(outcome.event_study), _PERIODS))
        blocks += [f"<p>{escaped(note.text)}</p>" for note in outcome.event_study.notes]
    blocks += ["<h3>Next door</h3>", _table(displacement_rows(outcome.displacement))]
    if outcome.achieved is not None:
        blocks += ["<h3>What it could have found</h3>", f"<p>{escaped(outcome.achieved.words)}</p>"]
    if outcome.balance is not None:
        blocks += ["<h3>Was it drawn evenly?</h3>", _table(drawn_rows(outcome.balance))]
    if outcome.dose is not None:
        observed = f"<p>{escaped(OBSERVATIONAL.text)}</p>"
        blocks += ["<h3>Minutes of patrol</h3>", observed, _table(dose_rows(outcome.dose))]
    if primary and result.matching is not None:
        blocks += [
            "<h3>How alike the comparison places were</h3>",
            f"<p>{escaped(result.matching.method)}</p>",
            _table(balance_rows(result.matching)),
        ]
    methods = dict.fromkeys(
        f"{one.name}: {one.method} {' '.join(note.text for note in one.notes if not note.loud)}"
        for one in outcome.estimates
    )
    listed = "".join(f"<li>{escaped(text.strip())}</li>" for text in methods)
    # said beside the table of minutes
    loud = [note for note in outcome.notes if note != OBSERVATIONAL]
    return (
        f"<section><h2>{escaped(title)}</h2>{_loud(loud)}{''.join(blocks)}"
        f"<details><summary>How this was made</summary><ul>{listed}</ul></details></section>"
    )


def _estimate_rows(outcome: Outcome) -> Rows:
    head = ("Estimate", "Of", "Figure", "The true one could be", "p", "Holds", "Read with it")
    rows = []
    for one in outcome.estimates:
        said = estimate_words(one.name)
        figures = (figure_words(one), interval_words(one), chance_words(one))
        of = "harm" if one.measure == HARM else "incidents"
        loud = " ".join(note.text for note in one.notes if note.loud)
        rows.append((said.title, of, *figures, said.trust, loud))
    return head, rows


def _other_offences(result: EvaluationResult) -> str:
    if not result.switching:
        return ""
    return (
        "<section><h2>Other offences in the same places</h2><p>Whether other trouble took its "
        "place. Never added to the outcome.</p>"
        f"{_table(switching_rows(result.switching))}</section>"
    )


def _visits(result: EvaluationResult) -> str:
    dose, made = result.delivered, result.compliance
    if dose is None:
        return ""
    said = [
        f"{int(dose.visits.sum()):,} visits, {dose.minutes.sum() / 60:,.0f} hours in the places."
    ]
    picture = ""
    if made is not None:
        said.append(
            f"{made.delivered_share:.0%} of the place-days drawn had a patrol, and "
            f"{made.control_share_visited:.0%} of the others. What was drawn is what is compared; "
            "what was made is shown beside it."
        )
        by_place = made.by_place
        picture = shares_svg(
            zip(
                by_place["area_id"].astype(str),
                by_place["delivered_share"].astype(float),
                by_place["control_share_visited"].astype(float),
                strict=True,
            )
        )
    words = "".join(f"<p>{escaped(text)}</p>" for text in said)
    return f"<section><h2>What was patrolled</h2>{words}{_figure(picture, '')}</section>"


def _threats(result: EvaluationResult) -> str:
    return (
        "<section><h2>What could make this wrong</h2>"
        f"{_table(threat_rows(result.threats))}</section>"
    )


def _made(result: EvaluationResult) -> str:
    texts = [
        *(f"{one.profile.title}: {one.profile.description}" for one in result.outcomes),
        *result.harm_sources,
        *(note.text for note in result.notes if not note.loud),
        (
            f"The data hold {day_words(result.data_from)} to {day_words(result.data_through)}. "
            "Intervals are 95%: one in twenty would miss the truth if all they take for granted "
            "held."
        ),
        (
            f"Operation digest {result.operation_digest[:12]}: the same before and after outcomes "
            "were known means that nothing was changed."
        ),
        (
            "It says what happened in places, and nothing about any person. It must not be used to "
            "justify a stop or a search."
        ),
        f"Run {result.run_id}: the same id always means the same numbers.",
    ]
    items = "".join(f"<li>{escaped(text)}</li>" for text in texts)
    return f"<section><h2>What this rests on</h2><ul>{items}</ul></section>"


def _table(rows: Rows) -> str:
    head, body = rows
    return rows_html(head, body) if body else ""


def _figure(picture: str, caption: str) -> str:
    if not picture:
        return ""
    said = f"<figcaption>{escaped(caption)}</figcaption>" if caption else ""
    return f"<figure>{picture}{said}</figure>"


def _loud(notes: Iterable[Note]) -> str:
    items = "".join(f"<li>{escaped(note.text)}</li>" for note in notes if note.loud)
    return f'<div class="loud"><ul>{items}</ul></div>' if items else ""
