"""The record of automatic choices that travels with every result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Note:
    """One automatic choice, omission or warning, in a plain sentence.

    Attributes
    ----------
    text
        The sentence, as screen, sheet and export show it.
    loud
        Whether it must be seen beside the result without a click (an unknown flag that left
        incidents out, a statistic that the data cannot carry), rather than under
        "How this was made".
    """

    text: str
    loud: bool = False


Notes = tuple[Note, ...]


def texts(notes: Notes) -> list[str]:
    """Return the sentences alone, for files, in the order they were made."""
    return [note.text for note in notes]


def merged(*groups: Notes) -> Notes:
    """Join groups of notes, each sentence once, where it first stood."""
    return tuple(dict.fromkeys(note for group in groups for note in group))
