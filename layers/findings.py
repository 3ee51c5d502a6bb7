"""The frame of an answer: its sentence, what it rests on, and the notes beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.wording import escaped, run_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spatial.notes import Notes
    from spatial.results import HotspotResult


def sentence_html(title: str, sentence: str) -> str:
    """Return the question and its answer in one plain sentence, as escaped HTML."""
    return f'<h2 class="hx-h2">{escaped(title)}</h2><p class="hx-sentence">{escaped(sentence)}</p>'


def basis_html(basis: HotspotResult, *, run_id: str, whole_store: bool = False) -> str:
    """Return the line that says what the numbers rest on: profile, window, study area, run.

    Parameters
    ----------
    basis
        The surface of the same profile, window and study area.
    run_id
        Of the answer shown.
    whole_store
        Whether the answer is of every incident in the store, whatever profile and study area.
    """
    parts = (
        [f"Whole store, to {basis.window.words.split(' to ')[1]}"]
        if whole_store
        else [
            basis.profile.title,
            basis.window.words,
            f"{basis.study_area.name}, {basis.n_cells:,} cells at resolution {basis.resolution}",
            f"{int(basis.cells['incidents'].sum()):,} incidents",
        ]
    )
    line = " · ".join([*parts, f"run {run_words(run_id)}"])
    return f'<p class="hx-words hx-basis">{escaped(line)}</p>'


def loud_html(*groups: Notes) -> str:
    """Return the notes that must be read beside an answer; empty where there are none."""
    loud = _texts(groups, loud=True)
    if not loud:
        return ""
    items = "".join(f"<li>{escaped(text)}</li>" for text in loud)
    return f'<div class="hx-loud hx-beside" role="note"><b>Read with this</b><ul>{items}</ul></div>'


def run_html(run_id: str) -> str:
    """Return the run that an answer comes of, for whoever asks how it was made."""
    return (
        f'<p class="hx-words">Run {escaped(run_id)}: the same id always means the same numbers.</p>'
    )


def notes_html(*groups: Notes) -> str:
    """Return every other note, for whoever asks how an answer was made."""
    items = "".join(f"<li>{escaped(text)}</li>" for text in _texts(groups, loud=False))
    return f'<div class="hx-notes"><ul>{items}</ul></div>' if items else ""


def why_not_html(reasons: Sequence[str]) -> str:
    """Return why a picture or a table is not there, each reason once."""
    return "".join(
        f'<p class="hx-absent">{escaped(reason)}</p>' for reason in dict.fromkeys(reasons) if reason
    )


def _texts(groups: Sequence[Notes], *, loud: bool) -> list[str]:
    return list(dict.fromkeys(note.text for group in groups for note in group if note.loud == loud))
