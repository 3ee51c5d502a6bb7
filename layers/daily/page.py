"""The day on paper: one page to print, everything in the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.settings import load_settings
from layers.banner import GRADE_WORDS
from layers.daily.words import (
    DAY_HEAD,
    INCIDENT_HEAD,
    OPEN_HEAD,
    PATROLLED_HEAD,
    WEEK_HEAD,
    count_rows,
    filled,
    headline,
    incident_rows,
    lag_words,
    made_words,
    open_rows,
    open_words,
    patrolled_rows,
    under_words,
)
from layers.marking import marking_in_force
from layers.wording import PRODUCT, escaped
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from spatial.daily.results import DailyResult, DayLayer

DUE_HEAD: Final = ("Day", "What", "Where", "Note")
MOST_INCIDENTS: Final = 40
_MOST_OPEN: Final = 12
_STYLE: Final = """
@page{size:A4;margin:11mm}
body{font:12.5px/1.35 system-ui,'Segoe UI',Arial,sans-serif;color:#0B0C0C;background:#FFF;
max-width:60rem;margin:0 auto;padding:0 1rem 1rem}
h1{font-size:1.35rem;margin:.2rem 0}h2{font-size:1.05rem;margin:.7rem 0 .15rem}
h3{font-size:.9rem;margin:.4rem 0 .1rem}p{margin:.15rem 0}
.mark{text-align:center;font-weight:700;letter-spacing:.06em;padding:.2rem}
.lead{font-weight:600}.meta{color:#505A5F}
.block{border-left:6px solid #12436D;padding-left:.7rem;margin:.5rem 0;break-inside:avoid}
.block.disorder{border-left:6px double #C24A10}
.loud{border-left:5px solid #F46A25;padding:.1rem .7rem;margin:.3rem 0}
ul{margin:.1rem 0;padding-left:1.1rem}
table{border-collapse:collapse;margin:.1rem 0;width:100%;font-size:.82rem}
th,td{border-bottom:1px solid #C4C7CE;padding:.1rem .5rem .1rem 0;text-align:left;
vertical-align:top}th{color:#505A5F;font-weight:600}
details{margin-top:.5rem;color:#33393D}
td{white-space:nowrap}
@media print{html{font-size:11px}body{font-size:9.5px;padding:0}details{display:none}}
"""


def daily_html(
    result: DailyResult,
    *,
    today: dt.date,
    due: Sequence[Sequence[str]] | None = None,
    incidents: bool = True,
) -> bytes:
    """Write the day as one HTML file: no script, no address, nothing from outside.

    Parameters
    ----------
    today
        The date it is made on: a day that lies back is said to.
    due
        Rows of ``DUE_HEAD``: overlays of today and tomorrow; None where nobody looked them up.
    incidents
        Whether single incidents may be listed; without, nor may the ground round them, nor small
        counts of a place.
    """
    marking = marking_in_force()
    mark = f'<div class="mark">{escaped(marking.line)}</div>'
    title = f"Daily: {result.study_area.name}, 24 hours from {day_words(result.day.date)}"
    body = "".join(
        (
            f"<h1>{escaped(title)}</h1>",
            f'<p class="lead">{escaped(lag_words(result, today))}</p>',
            f'<p class="meta">{escaped(_quality(result))}</p>',
            _loud(result),
            _block("Serious violence", result.violence, result, css="violence"),
            _block("Antisocial behaviour", result.disorder, result, css="disorder"),
            _listed(result) if incidents else "",
            _open(result, incidents=incidents),
            _patrolled(result, least=0 if incidents else load_settings().fewest_shown),
            _due(due),
            _made(result),
        )
    )
    page = (
        "<!DOCTYPE html>\n"
        '<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaped(title)}</title><style>{_STYLE}</style></head><body>"
        f"{mark}<main>{body}</main>{mark}</body></html>\n"
    )
    return page.encode()


def _quality(result: DailyResult) -> str:
    quality = result.quality
    return (
        f"{result.violence.profile.title} · {GRADE_WORDS[quality.grade]}. {quality.sentence} · "
        f"run {result.run_id} · {PRODUCT} {result.version}"
    )


def _block(title: str, layer: DayLayer, result: DailyResult, *, css: str) -> str:
    head = f"<h2>{escaped(title)}</h2><p class=lead>{escaped(headline(layer, result))}</p>"
    if layer.why_not:
        return f'<section class="block {css}">{head}</section>'
    out = under_words(layer)
    return (
        f'<section class="block {css}">{head}{_table(DAY_HEAD, count_rows(layer, "day"))}'
        f"{_table(WEEK_HEAD, count_rows(layer, 'week'))}"
        + (f'<p class="meta">{escaped(out)}</p>' if out else "")
        + "</section>"
    )


def _listed(result: DailyResult) -> str:
    rows = incident_rows(result.violence.incidents)
    if not rows:
        return "<h2>Serious violence, last 24 hours</h2><p>None recorded.</p>"
    more = len(rows) - MOST_INCIDENTS
    rest = f"<p class=meta>{more:,} more in incidents.csv.</p>" if more > 0 else ""
    return (
        "<h2>Serious violence, last 24 hours</h2>"
        f"{_table(*filled(INCIDENT_HEAD, rows[:MOST_INCIDENTS]))}{rest}"
    )


def _open(result: DailyResult, *, incidents: bool) -> str:
    found = result.near_repeats
    head = "<h2>Ground to watch: near a recent incident</h2>"
    if found.why_not:
        return f"{head}<p>{escaped(found.why_not)}</p>"
    if not incidents:
        return f"{head}<p>{escaped(open_words(found))}</p>"
    rows = open_rows(found.areas)[:_MOST_OPEN]
    table = _table(*filled(OPEN_HEAD, rows)) if rows else "<p>None is open today.</p>"
    return f"{head}<p>{escaped(found.rule)}</p>{table}"


def _patrolled(result: DailyResult, *, least: int) -> str:
    head = "<h2>Places now patrolled</h2>"
    if result.patrolled is None:
        return f"{head}<p>No list of places was given.</p>"
    rows = patrolled_rows(result.patrolled, least=least)
    words = (
        f"{result.patrolled_called}. Small numbers: they say where something happened, not "
        "whether patrols work."
    )
    return f"{head}<p>{escaped(words)}</p>{_table(PATROLLED_HEAD, rows)}"


def _due(due: Sequence[Sequence[str]] | None) -> str:
    if due is None:
        return ""
    head = "<h2>Due today and tomorrow</h2>"
    if not due:
        return f"{head}<p>Nothing is entered. Silence is no all-clear.</p>"
    return f"{head}{_table(DUE_HEAD, due)}"


def _loud(result: DailyResult) -> str:
    items = "".join(f"<li>{escaped(note.text)}</li>" for note in result.notes if note.loud)
    return f'<div class="loud"><ul>{items}</ul></div>' if items else ""


def _made(result: DailyResult) -> str:
    items = "".join(f"<li>{escaped(text)}</li>" for text in made_words(result))
    return (
        "<details open><summary>How this was made (on screen only)</summary>"
        f"<ul>{items}</ul></details>"
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escaped(words)}</th>' for words in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escaped(words)}</td>' for words in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
