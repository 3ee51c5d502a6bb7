"""Safeguarding by beat: a diamond S and its class at the beat's middle, small numbers kept back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from config.settings import load_settings
from layers import wording
from layers.partners.diamonds import Row, diamond_rows, legend_mark
from layers.suppression import suppress
from spatial.notes import Note
from spatial.partners.beat_table import period_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.notes import Notes
    from spatial.partners.standing_counts import BeatNumbers

LETTER: Final = "S"

# half the width of a diamond, metres, by class from the first; and the least on the first view
_HALVES_M: Final = (110.0, 130.0, 150.0, 170.0, 190.0)
_HALF_PX: Final = 13.0
_MOST_NAMED: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class ShownBeats:
    """What of a table may be shown.

    Attributes
    ----------
    classes
        The class of each beat from 1, 0 where nothing is shown; int64, shape (n,).
    ranges
        What each class stands for, in words.
    total
        The sum of all beats, where the table gave one and it gives nothing away; else None.
    """

    classes: NDArray[np.int64]
    ranges: tuple[str, ...]
    total: int | None


def shown_beats(beats: BeatNumbers, *, fewest: int | None = None) -> ShownBeats:
    """Class the numbers that may be shown.

    Parameters
    ----------
    fewest
        The least number that is shown; None for the setting ``fewest_shown``.

    Notes
    -----
    None, few and kept back by the partner look the same. Where the table came with a total, its
    readers could work a number out, so that larger ones are kept back with it
    (`layers.suppression`); the total is given if that is enough. What a reader who has the total of
    another table, or of another period, could work out is not looked into.
    """
    least = load_settings().fewest_shown if fewest is None else fewest
    numbers = np.nan_to_num(beats.numbers, nan=0.0).astype(np.int64)
    visible = numbers >= least
    total = None
    if beats.source.total_given:
        found = suppress(numbers, fewest=least)
        visible &= ~found.kept_back
        # of numbers that the partner keeps back, or of beats that are gone, the sum is not known
        is_whole = bool(np.isfinite(beats.numbers).all()) and not beats.gone
        total = found.total if is_whole else None
    starts = [least, *(each for each in beats.source.classes if each > least)]
    classes = np.searchsorted(starts, numbers, side="right")
    ends = [f"{start:,} to {end - 1:,}" for start, end in pairwise(starts)]
    return ShownBeats(
        np.where(visible, classes, 0).astype(np.int64),
        (*ends, f"{starts[-1]:,} or more"),
        total,
    )


def safeguarding_rows(beats: BeatNumbers, *, metres_per_pixel: float = 0.0) -> list[Row]:
    """Return what draws each beat that may be shown; no number leaves, only its class."""
    shown = shown_beats(beats)
    places = np.flatnonzero(shown.classes)
    least_m = _HALF_PX * metres_per_pixel
    said, halves = [], []
    for place, number in zip(places.tolist(), shown.classes[places].tolist(), strict=True):
        tip = (
            f"{beats.source.title}: {beats.names[place]}, {shown.ranges[number - 1]}\n"
            f"{safeguarding_source(beats)}"
        )
        said.append((f"{LETTER}{number}", tip))
        half = _HALVES_M[number - 1]
        halves.append(max(half, least_m * half / _HALVES_M[0]))
    return diamond_rows(beats.middles[places], halves, said)


def safeguarding_legend(beats: BeatNumbers) -> str:
    """Return the layer's entries in the legend: HTML, with everybody's text made safe."""
    shown = shown_beats(beats)
    least = load_settings().fewest_shown
    items = [f"<p><b>{wording.escaped(beats.source.title)}</b></p>"]
    for number, words in enumerate(shown.ranges, start=1):
        mark = legend_mark(f"{LETTER}{number}")
        items.append(f'<div class="hx-key">{mark}<span>{words} in the beat</span></div>')
    total = f" All beats: {shown.total:,}." if shown.total is not None else ""
    return (
        f"{''.join(items)}<p>No mark: fewer than {least}, kept back, or not in the table.{total} "
        f"Numbers, not rates. {wording.escaped(safeguarding_source(beats))}. "
        "Not in police figures.</p>"
    )


def safeguarding_notes(beats: BeatNumbers) -> Notes:
    """Return what must be known of the layer."""
    source = beats.source
    least = load_settings().fewest_shown
    said = [
        Note(f"{source.title}: {source.counts}. Never added to police figures."),
        Note(f"Confidence {source.grade}: {source.reason}."),
        Note(
            f"Numbers under {least} are not shown, nor larger ones from which they could be worked "
            "out; a beat without a mark is not a safe one. Numbers, not rates: a beat with more "
            "people has more concerns."
        ),
        Note(
            f"The table holds {period_words(source.since, source.through)}, whatever the window of "
            "the list."
        ),
    ]
    for what, names in (
        ("Beats of which the table says nothing", beats.absent),
        ("Beats of the table that the store no longer has", beats.gone),
    ):
        if names:
            listed = ", ".join(names[:_MOST_NAMED])
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            said.append(Note(f"{what}: {len(names):,}: {listed}{more}.", loud=True))
    return tuple(said)


def safeguarding_source(beats: BeatNumbers) -> str:
    """Write where the layer comes from, of what period, and how far it may be trusted."""
    source = beats.source
    return (
        f"Source: {source.source}, {period_words(source.since, source.through)}, "
        f"confidence {source.grade}"
    )
