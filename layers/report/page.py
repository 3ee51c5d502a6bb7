"""The report as one page to read or print: plain sentences first, everything in the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.banner import GRADE_WORDS
from layers.report.tables import PART_TITLES, readable
from layers.report.words import TITLES, section_sentence
from layers.wording import PRODUCT, counted, escaped
from spatial.window import day_words

if TYPE_CHECKING:
    import pandas as pd

    from spatial.notes import Note
    from spatial.report_results import ReportResult, Section

MOST_ROWS: Final = 24
"""Rows of a table on the page; all of them are in the files beside it."""

# hours of the week, five steps of one hue, dark enough apart for a greyscale print
_STEPS: Final = (("#FFFFFF", 0.5), ("#DCEBF8", 1.0), ("#AFD0EF", 2.0), ("#6BACE6", 3.0))
_DARKEST: Final = "#12436D"
_DAY_HOURS: Final = 24

_STYLE: Final = """
body{font:16px/1.45 system-ui,'Segoe UI',Arial,sans-serif;color:#0B0C0C;background:#FFF;
max-width:62rem;margin:0 auto;padding:0 1.2rem 2rem}
h1{font-size:1.7rem;margin:.4rem 0}h2{font-size:1.25rem;margin:1.8rem 0 .3rem;
border-top:2px solid #12436D;padding-top:.6rem}h3{font-size:1rem;margin:.9rem 0 .2rem}
.mark{text-align:center;font-weight:700;letter-spacing:.06em;padding:.4rem}
.lead{font-size:1.1rem;margin:.2rem 0 .5rem}.meta{color:#505A5F;margin:.1rem 0}
.loud{border-left:5px solid #F46A25;padding:.3rem .8rem;margin:.5rem 0}
.loud ul,details ul{margin:.2rem 0;padding-left:1.2rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;margin:.2rem 0;font-size:.9rem}
th,td{border-bottom:1px solid #C4C7CE;padding:.22rem .6rem .22rem 0;text-align:left;
vertical-align:top}th{color:#505A5F;font-weight:600}
table.week{font-size:.72rem}table.week td,table.week th{padding:.2rem .15rem;text-align:center;
border:1px solid #E4E6E9;min-width:1.5rem}
details{margin:.4rem 0;color:#33393D}summary{cursor:pointer}
@media print{details{display:block}h2{break-after:avoid}table{break-inside:auto}}
"""


def report_html(result: ReportResult) -> bytes:
    """Write the whole report as one HTML file: no script, no address, nothing from outside."""
    sections = "".join(_section(section) for section in result.sections)
    mark = f'<div class="mark">{escaped(result.marking)}</div>'
    title = f"{result.profile.title}: {result.study_area.name}"
    page = (
        "<!DOCTYPE html>\n"
        '<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaped(title)}</title><style>{_STYLE}</style></head><body>"
        f"{mark}<header>{_head(result, title)}</header><main>{_answers(result)}{sections}"
        f"{_made(result)}</main>{mark}</body></html>\n"
    )
    return page.encode()


def _head(result: ReportResult, title: str) -> str:
    quality = result.quality
    lines = [
        (
            f"{result.window.words} · {counted(result.incidents, 'incident')} · study area "
            f"{result.study_area.name}, {result.cells:,} cells at H3 resolution {result.resolution}"
        ),
        f"{GRADE_WORDS[quality.grade]}. {quality.sentence}",
        f"Run {result.run_id} · {PRODUCT} {result.version}"
        + (f" · {result.harm_edition}" if result.harm_edition else ""),
    ]
    meta = "".join(f'<p class="meta">{escaped(line)}</p>' for line in lines)
    return f"<h1>{escaped(title)}</h1>{meta}{_loud(result.notes)}"


def _answers(result: ReportResult) -> str:
    """Return every section's sentence at the top: the report in a minute."""
    items = "".join(
        f"<li><b>{escaped(TITLES[section.name])}.</b> {escaped(section_sentence(section))}</li>"
        for section in result.sections
    )
    return f"<h2>In short</h2><ul>{items}</ul>"


def _section(section: Section) -> str:
    blocks = []
    for part in section.parts:
        if (section.name, part.name) == ("timing", "hours") and part.table is not None:
            blocks.append(_week(part.table))
        elif (section.name, part.name) not in PART_TITLES or section.why_not:
            continue
        elif part.table is None:
            blocks.append(f"<p>{escaped(part.why_not)}</p>")
        else:
            blocks.append(_table(section, part.name))
    quiet = [note for note in section.notes if not note.loud]
    made = "".join(f"<li>{escaped(note.text)}</li>" for note in quiet)
    return (
        f"<section><h2>{escaped(TITLES[section.name])}</h2>"
        f'<p class="lead">{escaped(section_sentence(section))}</p>{_loud(section.notes)}'
        f"{''.join(blocks)}<details><summary>How this was made</summary>"
        f"<p>{escaped(section.method)} (docs/methods/{escaped(section.page)}).</p><ul>{made}</ul>"
        "</details></section>"
    )


def _table(section: Section, part: str) -> str:
    head, rows = readable(section, part)
    if not rows:
        return ""
    top = "".join(f"<th>{escaped(words)}</th>" for words in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escaped(words)}</td>' for words in row)}</tr>"
        for row in rows[:MOST_ROWS]
    )
    more = len(rows) - MOST_ROWS
    rest = f'<p class="meta">{more:,} more rows in the file.</p>' if more > 0 else ""
    return (
        f"<h3>{escaped(PART_TITLES[section.name, part])}</h3>"
        f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
        f"{rest}"
    )


def _week(hours: pd.DataFrame) -> str:
    """Return the hours of the week as a shaded table, a policing day to a row."""
    clock = [f"{hour:02d}" for hour in hours["hour"].head(_DAY_HOURS)]
    top = "".join(f"<th>{hour}</th>" for hour in clock)
    rows = []
    for day, group in hours.groupby("day", sort=False):
        cells = "".join(
            f'<td style="background:{fill};color:{ink}">{value:.0f}</td>'
            for value, (fill, ink) in (
                (row["incidents"], _shade(row["times_even"])) for row in group.to_dict("records")
            )
        )
        rows.append(f"<tr><th>{escaped(day)}</th>{cells}</tr>")
    return (
        "<h3>Incidents by hour of the week</h3>"
        f'<div class="wide"><table class="week"><thead><tr><td></td>{top}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f'<p class="meta">Each row is a policing day from {clock[0]}:00. Darker: more than '
        "0.5, 1, 2 and 3 times an even spread. Spans are shared out over their hours.</p>"
    )


def _shade(times: float) -> tuple[str, str]:
    for fill, below in _STEPS:
        if times < below:
            return fill, "#0B0C0C"
    return _DARKEST, "#FFFFFF"


def _loud(notes: tuple[Note, ...]) -> str:
    items = "".join(f"<li>{escaped(note.text)}</li>" for note in notes if note.loud)
    return f'<div class="loud"><ul>{items}</ul></div>' if items else ""


def _made(result: ReportResult) -> str:
    texts = [
        f"{result.profile.title}: {result.profile.description}",
        f"Profile's source: {result.profile.source}",
        *result.harm_sources,
        *(note.text for note in result.notes if not note.loud),
        f"The data hold {day_words(result.data_from)} to {day_words(result.data_through)}.",
        (
            "It says where and when, not why, and nothing about any person. It must not be used "
            "to justify a stop or a search."
        ),
        f"Run {result.run_id}: the same id always means the same numbers.",
    ]
    items = "".join(f"<li>{escaped(text)}</li>" for text in texts)
    return f"<section><h2>What this rests on</h2><ul>{items}</ul></section>"
