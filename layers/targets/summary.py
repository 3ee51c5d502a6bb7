"""The answers above a list on the Targets page, and the notes below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers import wording
from layers.targets.status_words import status_words
from layers.wording import escaped, percent

if TYPE_CHECKING:
    from spatial.results import TargetResult


def list_strip_html(result: TargetResult) -> str:
    """Return what the list holds, takes and changed, the most asked first."""
    held_out = (
        "Out of sample: not known"
        if result.held_out_share is None
        else f"{percent(result.held_out_share)} out of sample"
    )
    sentence = wording.share_sentence(
        places=len(result.areas),
        harm_share=result.harm_share,
        incidents_share=result.incidents_share,
        area_share=result.area_share,
        study_area=result.study_area.name,
        harm_words=result.profile.harm_words,
    )
    boxes = [
        ("hx-lead", sentence, f"In-sample: chosen and measured on {result.window.words}"),
        ("", held_out, result.held_out_note),
        ("", f"{result.officer_hours:,.0f} officer-hours", result.dose_words),
        ("", *_before(result)),
    ]
    said = "".join(
        f'<div class="hx-box {css}"><b>{escaped(answer)}</b><span>{escaped(words)}</span></div>'
        for css, answer, words in boxes
    )
    return f'<div class="hx-strip hx-list-strip">{said}</div>'


def list_notes_html(result: TargetResult) -> str:
    """Return the notes that must be read, and the others folded away."""
    loud = [note.text for note in result.notes if note.loud]
    quiet = [note.text for note in result.notes if not note.loud]
    parts = []
    if loud:
        parts.append(
            '<div class="hx-loud hx-beside" role="note"><b>Read with this</b>'
            f"<ul>{_items(loud)}</ul></div>"
        )
    run = (
        f"Run {result.run_id}: the same id always means the same numbers. Cells: H3 resolution "
        f"{result.resolution}."
    )
    parts.append(
        '<details class="hx-notes"><summary>How this was made</summary>'
        f"<ul>{_items([run, *quiet])}</ul></details>"
    )
    return "".join(parts)


def _before(result: TargetResult) -> tuple[str, str]:
    if not result.previous:
        return "A first list", "No list was adopted before it, so nothing is new or dropped."
    against = result.previous[:1].lower() + result.previous[1:]
    return status_words(result), f"since {against}"


def _items(texts: list[str]) -> str:
    return "".join(f"<li>{escaped(text)}</li>" for text in texts)
