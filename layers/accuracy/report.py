"""A backtest as one page to read or print: the answer first, everything in the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.accuracy.rows import (
    MEANINGS,
    lengths_of,
    origin_rows,
    paired_rows,
    place_rows,
    ranking_rows,
    way_rows,
    yardstick_of,
)
from layers.accuracy.words import (
    MISLEADS,
    basis,
    headline,
    patrolled_words,
    staying_words,
    widened,
)
from layers.banner import GRADE_WORDS
from layers.wording import PRODUCT, escaped

if TYPE_CHECKING:
    from layers.accuracy.rows import Rows
    from spatial.backtest_results import BacktestResult
    from spatial.notes import Notes

_STYLE: Final = """
body{font:16px/1.45 system-ui,'Segoe UI',Arial,sans-serif;color:#0B0C0C;background:#FFF;
max-width:64rem;margin:0 auto;padding:0 1.2rem 2rem}
h1{font-size:1.7rem;margin:.4rem 0}h2{font-size:1.25rem;margin:1.8rem 0 .3rem;
border-top:2px solid #12436D;padding-top:.6rem}
.mark{text-align:center;font-weight:700;letter-spacing:.06em;padding:.4rem}
.lead{font-size:1.15rem;font-weight:600}.meta{color:#505A5F;margin:.1rem 0}
.loud{border-left:5px solid #F46A25;padding:.3rem .8rem;margin:.5rem 0}
ul{margin:.2rem 0;padding-left:1.2rem}.wide{overflow-x:auto}
table{border-collapse:collapse;margin:.3rem 0;font-size:.86rem}
th,td{border-bottom:1px solid #C4C7CE;padding:.22rem .7rem .22rem 0;text-align:left;
vertical-align:top}th{color:#505A5F;font-weight:600}
@media print{h2{break-after:avoid}tr{break-inside:avoid}}
"""


def backtest_html(result: BacktestResult) -> bytes:
    """Write a backtest as one HTML file: no script, no address, nothing from outside."""
    title = f"Accuracy: {result.profile.title}, {result.study_area.name}"
    mark = f'<div class="mark">{escaped(result.marking)}</div>'
    parts = [
        f'<h1>{escaped(title)}</h1><p class="lead">{escaped(headline(result))}</p>',
        f"<p>{escaped(said)}</p>" if (said := widened(result)) else "",
        f'<p class="meta">{escaped(basis(result))}</p>',
        f'<p class="meta">{escaped(_quality(result))}</p>',
        _notes(result.notes, loud=True),
        *(_length(result, resolution) for resolution in result.request.resolutions),
        "<h2>What the columns mean</h2>",
        _table((("Column", "Meaning"), [*MEANINGS])),
        "<h2>List by list</h2>",
        _table(_lists(result)),
        *_places(result),
        "<h2>How each ranking chooses</h2>",
        _table(way_rows(result)),
        f"<h2>Where patrols went</h2><p>{escaped(patrolled_words(result))}</p>",
        f"<h2>How it can mislead</h2>{_items(MISLEADS)}",
        f"<h2>How this was made</h2>{_notes(result.notes, loud=False)}",
        f'<p class="meta">{escaped(_run(result))}</p>',
        *(f'<p class="meta">{escaped(one)}</p>' for one in result.harm_sources),
    ]
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaped(title)}</title><style>{_STYLE}</style></head><body>"
        f"{mark}<main>{''.join(parts)}</main>{mark}</body></html>\n"
    )
    return page.encode()


def _quality(result: BacktestResult) -> str:
    return f"{GRADE_WORDS[result.quality.grade]}. {result.quality.sentence}"


def _run(result: BacktestResult) -> str:
    edition = f" · {result.harm_edition}" if result.harm_edition else ""
    return f"Run {result.run_id} · {PRODUCT} {result.version}{edition}"


def _length(result: BacktestResult, resolution: int) -> str:
    at = yardstick_of(result)
    words = list(lengths_of(result).values())[at]
    return (
        f"<h2>What each ranking held in {escaped(words)} (resolution {resolution})</h2>"
        + _table(ranking_rows(result, resolution=resolution, length=at))
        + '<p class="meta">* can rank your list. In points: per cent of all, with a 95% range.</p>'
        + _table(paired_rows(result, resolution=resolution, length=at))
    )


def _lists(result: BacktestResult) -> Rows:
    first = result.request.resolutions[0]
    return origin_rows(result, resolution=first, length=yardstick_of(result))


def _places(result: BacktestResult) -> list[str]:
    first = result.request.resolutions[0]
    places = result.certain_places
    places = places[places["resolution"] == first]
    if places.empty:
        return []
    stays = result.staying[result.staying["resolution"] == first]
    return [
        "<h2>The list made now, by how sure each place is</h2>",
        "".join(f"<p>{escaped(one)}</p>" for one in staying_words(stays)),
        _table(place_rows(places, weighs_harm=result.weighs_harm)),
    ]


def _table(rows: Rows) -> str:
    head, body = rows
    top = "".join(f"<th>{escaped(words)}</th>" for words in head)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escaped(words)}</td>' for words in row)}</tr>" for row in body
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _notes(notes: Notes, *, loud: bool) -> str:
    said = [note.text for note in notes if note.loud == loud]
    if not said:
        return ""
    items = _items(said)
    return f'<div class="loud" role="note">{items}</div>' if loud else items


def _items(texts: tuple[str, ...] | list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escaped(text)}</li>' for text in texts)}</ul>"
