"""The answers above and below the map: the one sentence, its honest neighbours, the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.profile import Measure
from layers import wording
from layers.banner import banner_line
from layers.hexes import hot_cells
from layers.targets.change_words import unsigned
from layers.targets.status_words import status_words
from layers.wording import counted, escaped, percent
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.tasking.strip import Said
    from spatial.notes import Note, Notes
    from spatial.results import TaskingResult


def summary_html(
    result: TaskingResult,
    *,
    held_out: Said | None = None,
    change: Said | None = None,
    delivered: Said | None = None,
    due: Said | None = None,
) -> str:
    """Return the strip of answers, the most asked first, as HTML of our own escaped words.

    Parameters
    ----------
    result
        The run.
    held_out
        What lists chosen the same way went on to hold; None for the run's own figure.
    change
        How earlier places, or the study area, changed; None where nothing may be compared.
    delivered
        What was made of the last list.
    due
        The overlays that are due near a place.

    Notes
    -----
    Each is an answer and the words below it.
    """
    window, targets = result.request.window, result.targets
    length = wording.length_words(window)
    boxes = [
        _box(
            _sentence(result),
            f"In-sample: chosen and measured on the same {length}, so it flatters",
            css="hx-lead",
        ),
        _box(*(held_out or (_held_out(result), targets.held_out_note))),
        _box(
            *(
                change
                or (
                    counted(result.incidents, "incident"),
                    f"{percent(targets.incidents_share)} of them in these places; {window.words}",
                )
            )
        ),
        _box(*_against_last(result)),
    ]
    boxes += [_box(*said) for said in (delivered, due) if said is not None]
    return f'<div class="hx-strip">{"".join(boxes)}</div>'


def _against_last(result: TaskingResult) -> Said:
    targets = result.targets
    if targets.previous:
        against = targets.previous[:1].lower() + targets.previous[1:]
        return status_words(targets), f"since {against}"
    hot = counted(len(hot_cells(result.violence.cells)), "cell")
    return "A first list", (
        f"none was adopted before it; {hot} of {result.violence.n_cells:,} hot for serious "
        f"violence, {len(hot_cells(result.disorder.cells)):,} for antisocial behaviour"
    )


def loud_notes(result: TaskingResult, *, by_whom: bool = True) -> str:
    """Return the notes that must be read beside the result, or nothing where there are none.

    ``by_whom`` is whether people's accounts may be shown.
    """
    loud = [note for note in result.notes if note.loud]
    if not loud:
        return ""
    items = _items(loud, by_whom=by_whom)
    # it scrolls where it is long: by keyboard too
    return (
        '<div class="hx-loud" role="note" tabindex="0" aria-label="Read with this">'
        f"<b>Read with this</b><ul>{items}</ul></div>"
    )


def foot_html(result: TaskingResult) -> str:
    """Return the foot line: quality of the data, study area, run, version, the weights' source."""
    area = escaped(result.study_area.name)
    data = (
        f"<span>Data to {day_words(result.data_through)}</span>"
        if result.quality is None
        else banner_line(result.quality)
    )
    where = (
        f"Study area: {area}, "
        f"{result.violence.n_cells:,} cells · {counted(len(result.notes), 'note')}"
    )
    right = (
        f'Run <span title="{escaped(result.run_id)}">{escaped(wording.run_words(result.run_id))}'
        f"</span> · {wording.PRODUCT} {escaped(result.version)} · {escaped(result.harm_edition)}"
    )
    return f'<div class="hx-foot">{data}<span>{where}</span><span>{right}</span></div>'


def made_html(result: TaskingResult, *, held_out: str = "", by_whom: bool = True) -> str:
    """Return how the result was made: method in words, every note, where the numbers come from.

    ``held_out`` is what lists chosen the same way went on to hold, in full; empty for the run's own
    figure alone. ``by_whom`` is whether people's accounts may be shown.
    """
    profile = result.profile
    tested = "harm" if result.violence.measure is Measure.HARM else "incidents"
    steps = {
        "What is counted.": f"{profile.title}: {profile.description}",
        "Where.": (
            f"Every one of the {result.violence.n_cells:,} hexagons (H3 resolution "
            f"{result.violence.resolution}) that overlap {result.study_area.name}, those without "
            "an incident included."
        ),
        "Hot spots.": (
            f"A cell is hot when it and its neighbours hold more {tested} than chance would place "
            "there (Getis-Ord Gi*), corrected for testing every cell on the map "
            "(Benjamini-Hochberg, 95%). Antisocial behaviour is tested apart, on its count: the "
            "two are never added up."
        ),
        "Places.": _PLACES.format(**_RANKING[result.targets.measure]),
        "Shares.": (
            "The places were chosen on the incidents they are measured on, which flatters. Out of "
            f"sample: {held_out} For this window: {result.targets.held_out_note}"
        ),
        "Harm.": (f"{' '.join(result.harm_sources)} Antisocial behaviour has no weight."),
        **({"Data.": f"{result.quality.sentence}."} if result.quality else {}),
        "Profile's source.": profile.source,
        "Run.": f"{result.run_id}: the same id always means the same numbers.",
    }
    method = "".join(f"<p><b>{head}</b> {escaped(words)}</p>" for head, words in steps.items())
    choices = _notes(result.notes, by_whom=by_whom)
    # longer than its panel: reached by keyboard, it scrolls
    return (
        '<div class="hx-made" role="region" tabindex="0" aria-label="How this was made">'
        f"<h3>How this was made</h3>{method}{choices}</div>"
    )


_PLACES: Final = (
    "The cell with most {most} is joined with adjoining cells into a patrol area that can be "
    "walked in one visit, then the next, and the areas are ranked by their {most}. {more} A place "
    "need not be a hot spot: a single busy corner among quiet streets never is."
)
_SPARED: Final = "Homicide is said but does not rank, so that one event cannot make a place."
_RANKING: Final = {
    Measure.EXPECTED_HARM: {
        "most": "expected harm",
        "more": (
            "Expected harm is what its own record, the cells around it and related crime lead to "
            "expect of a place in a period as long as this one: a few grave incidents count for "
            "less than a steady record. A homicide counts as one incident like the others, so "
            "that one event cannot make a place. The shares and the list's harm are of what "
            "happened, so they do not fall from row to row."
        ),
    },
    Measure.HARM: {"most": "harm", "more": _SPARED},
    Measure.SQRT_HARM: {
        "most": "square root of harm",
        "more": f"The gravest incidents count for less. {_SPARED}",
    },
    Measure.COUNT: {
        "most": "incidents",
        "more": "Every incident counts the same, homicide too.",
    },
}


def _notes(notes: Notes, *, by_whom: bool) -> str:
    if not notes:
        return ""
    return f"<h3>Choices made on the way</h3><ul>{_items(notes, by_whom=by_whom)}</ul>"


def _items(notes: Iterable[Note], *, by_whom: bool) -> str:
    texts = [note.text if by_whom else unsigned(note.text) for note in notes]
    return "".join(f"<li>{escaped(text)}</li>" for text in texts)


def _sentence(result: TaskingResult) -> str:
    targets = result.targets
    return wording.share_sentence(
        places=len(targets.areas),
        harm_share=targets.harm_share,
        incidents_share=targets.incidents_share,
        area_share=targets.area_share,
        study_area=result.study_area.name,
        harm_words=result.profile.harm_words,
    )


def _held_out(result: TaskingResult) -> str:
    share = result.targets.held_out_share
    return "Out of sample: not known" if share is None else f"{percent(share)} out of sample"


def _box(answer: str, words: str, *, css: str = "") -> str:
    said = escaped(words)
    both = f"<b>{escaped(answer)}</b><span>{said}</span>"
    return f'<div class="hx-box {css}" title="{said}">{both}</div>'
