"""The balance of a store in words: every row read was stored, rejected or is a duplicate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.wording import counted, escaped
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from spatial.incidents.store import LoadRecord
    from spatial.notes import Notes


def balance_sentence(loads: Sequence[LoadRecord]) -> str:
    """Return the one sentence that says where every row read went."""
    read, stored, rejected, duplicates, replaced = (
        sum(getattr(load, name) for load in loads)
        for name in ("read", "stored", "rejected", "duplicates", "replaced")
    )
    corrected = f" ({replaced:,} of them corrections of others)" if replaced else ""
    return (
        f"{counted(read, 'row')} read = {stored:,} stored{corrected} + {rejected:,} rejected + "
        f"{counted(duplicates, 'duplicate')}"
    )


def balance_html(loads: Sequence[LoadRecord], *, data_from: dt.date, through: dt.date) -> str:
    """Return the strip above the tables, as HTML of our own escaped words."""
    files = sum(len(load.files) for load in loads)
    boxes = (
        (
            balance_sentence(loads),
            f"{counted(len(loads), 'load')} of {counted(files, 'file')}; nothing is lost silently",
            " hx-lead",
        ),
        (f"Data to {day_words(through)}", f"from {day_words(data_from)}", ""),
        (_editions(loads), "weights of harm, in days of a starting-point sentence", ""),
    )
    inner = "".join(
        f'<div class="hx-box{css}"><b>{escaped(answer)}</b><span>{escaped(words)}</span></div>'
        for answer, words, css in boxes
    )
    return f'<div class="hx-strip">{inner}</div>'


def sources_html(loads: Sequence[LoadRecord]) -> str:
    """Return every load's files and notes, as HTML of escaped words."""
    parts = []
    for load in loads:
        names = ", ".join(file.name for file in load.files[:3])
        more = len(load.files) - 3
        named = f"{names} and {more:,} more" if more > 0 else names
        notes = "".join(f"<li>{escaped(note.text)}</li>" for note in load.notes)
        parts.append(
            f"<p><b>Load {escaped(load.load_id)}</b>: {escaped(named)}; read as "
            f"{escaped(load.mapping)}, {escaped(load.harm_edition)}.</p><ul>{notes}</ul>"
        )
    return f'<div class="hx-notes">{"".join(parts)}</div>'


def layers_html(notes: Mapping[str, Notes]) -> str:
    """Return what was said of each study area and layer, as HTML of escaped words."""
    parts = []
    for name, said in notes.items():
        items = "".join(f"<li>{escaped(note.text)}</li>" for note in said)
        parts.append(f"<p><b>{escaped(name)}</b></p><ul>{items}</ul>")
    return f'<div class="hx-notes">{"".join(parts)}</div>'


def _editions(loads: Sequence[LoadRecord]) -> str:
    return ", ".join(sorted({load.harm_edition for load in loads if load.harm_edition})) or "None"
