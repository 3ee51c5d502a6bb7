"""One place in full on the Tasking page: why, when, what changed, what was done, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from config.shifts import clock, load_shifts
from layers.listing import list_rows
from layers.print.words import changed_lines, peak_sentence, prompts
from layers.rows import rows_html
from layers.targets.details import small_week_html
from layers.tasking.hours import shift_rows
from layers.wording import escaped, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from config.dose import DoseRules
    from config.print import PrintSettings
    from layers.tasking.hours import HeldHours
    from spatial.targets.when.windows import PlaceTimes

_WHY: Final = ("Expected harm", "Chance to be on this list", "Rests on", "Driver")
_WHERE: Final = ("Grid reference", "Area", "Id")
# as spatial.risk_terrain.reasons says how much risk a factor goes with
_TIMES: Final = re.compile(r" within [\d.,e+]+ m \(x(\d+\.\d)")
_HEAD_WINDOWS: Final = ("Hours", "Of its incidents (95%)", "Of its harm", "Even week")
_HEAD_SHIFTS: Final = ("Shift", "Of its incidents", "Even week")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceStory:
    """What is known of a place beside its row of the list.

    Attributes
    ----------
    previous
        The list it is compared with; empty for a first list.
    times
        When it is at its worst; None where that was not worked out.
    held
        What it holds in the hours chosen, and their words; None where none are or too little is
        known.
    hours_words
        The hours chosen, such as ``In the late shift``; empty where none are.
    kinds
        Its incidents by tier; None where they were not counted.
    done
        What was done there: label and words, the newest first.
    near
        What is due or tense near it, a line each; None for who may not see overlays.
    partners
        What partners saw near it; empty without.
    by_whom
        Whether what people changed may be shown with their accounts.
    """

    previous: str = ""
    times: PlaceTimes | None = None
    held: HeldHours | None = None
    hours_words: str = ""
    kinds: Mapping[str, int] | None = None
    done: Sequence[tuple[str, str]] = ()
    near: Sequence[str] | None = None
    partners: str = ""
    by_whom: bool = True
    disorder: bool = False


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    parts: list[str] = field(default_factory=list)

    def html(self) -> str:
        body = "".join(self.parts)
        return f'<section><h3 class="hx-h3">{escaped(self.title)}</h3>{body}</section>'


def place_story_html(
    areas: pd.DataFrame, at: int, story: PlaceStory, *, rules: DoseRules, settings: PrintSettings
) -> str:
    """Return all that is known of one place, as HTML of our own escaped words.

    Parameters
    ----------
    areas
        The list: ``TargetResult.areas``.
    at
        Position of the place in it.
    story
        What is known beside it.
    rules
        Of visits.
    settings
        Of what is printed: what to look for and to mend.
    """
    record = areas.iloc[at].to_dict()
    (row,) = list_rows(areas.iloc[[at]], by_whom=story.by_whom)
    sections = [
        _why(row, record),
        _when(story, str(record.get("peak_windows") or "")),
        _changed(record, story, dict(row["details"])),
        _done(story),
        _to_do(story, record, rules, settings),
    ]
    if story.near is not None or story.partners:
        sections.append(_near(story))
    told = f'<div class="hx-story">{"".join(one.html() for one in sections)}</div>'
    # longer than the drawer: reached by keyboard, it scrolls
    return f'<div class="hx-reach" role="region" tabindex="0" aria-label="This place">{told}</div>'


def visit_words(times: PlaceTimes | None, rules: DoseRules) -> str:
    """Say how long, how often and when a place is visited, its fullest hours first."""
    hours = f"{clock(rules.from_hour)} to {clock(rules.to_hour)}"
    said = (
        f"Visits of {rules.minutes} minutes ({rules.fewest_minutes} to {rules.most_minutes}), "
        f"about every {rules.every_minutes / 60:g} hours, {hours}, {rules.officers} officers, at "
        "times nobody can foresee."
    )
    if times is not None and times.windows:
        return f"{said} First of all in {times.windows[0].words}."
    if times is not None and times.shift is not None:
        return f"{said} First of all in the {times.shift.shift.words}."
    return said


def times_words(why: str) -> str:
    """Say what ``(x5.8)`` behind a factor of a reason means; empty where none is named."""
    found = _TIMES.search(why)
    if found is None:
        return ""
    return (
        f"x{found[1]}: such ground had {found[1]} times the incidents of ground without, other "
        "things near it alike; an association, not a cause. It ranks nothing."
    )


def _why(row: Mapping[str, Any], record: Mapping[Any, Any]) -> _Section:
    details = dict(row["details"])
    found = _Section("Why here", [f'<p class="hx-why">{escaped(_ended(row["why"]))}</p>'])
    if told := times_words(str(row["why"])):
        found.parts.append(f'<p class="hx-words">{escaped(told)}</p>')
    if care := details.get("Read with care"):
        said = f"<b>Read with care:</b> {escaped(care)}"
        found.parts.append(f'<p class="hx-care-line">{said}</p>')
    harm = f"{row['harm']} of the harm, " if str(record.get("harm_share")) != "nan" else ""
    facts = [("Holds", f"{harm}{row['incidents']} incidents (in sample)")]
    facts += [(label, details[label]) for label in _WHY if label in details]
    where = " · ".join(details[label] for label in _WHERE if label in details)
    found.parts.append(_facts([*facts, ("Where", where)]))
    return found


def _when(story: PlaceStory, peaks: str) -> _Section:
    found = _Section("When", [f"<p>{escaped(_ended(peak_sentence(peaks)))}</p>"])
    times = story.times
    if story.hours_words:
        held = "too few of its incidents are known to the hour to say"
        if story.held is not None:
            held = f"{story.held.sentence}; number {story.held.order} of the places then"
        found.parts.append(f"<p><b>{escaped(story.hours_words)}:</b> {escaped(held)}.</p>")
    if times is None:
        return found
    found.parts.append(small_week_html(times, disorder=story.disorder))
    windows = [
        (
            one.words,
            f"{percent(one.share)} ({percent(one.low)} to {percent(one.high)})",
            "not said" if harm != harm else percent(harm),  # noqa: PLR0124 (not a number)
            percent(one.even_share),
        )
        for one, harm in zip(times.windows, times.harm_shares, strict=True)
    ]
    if windows:
        found.parts.append(rows_html(_HEAD_WINDOWS, windows))
    if shifts := shift_rows(times, load_shifts().shift):
        found.parts.append(rows_html(_HEAD_SHIFTS, shifts))
    return found


def _changed(record: Mapping[Any, Any], story: PlaceStory, details: Mapping[str, str]) -> _Section:
    shown = {**record, "changed": record.get("changed") if story.by_whom else None}
    lines = changed_lines(shown, previous=story.previous)
    if details.get("To look at"):
        lines.append(details["To look at"])
    return _Section("What changed", [_lines(lines or ["Nothing that can be said."])])


def _done(story: PlaceStory) -> _Section:
    if not story.done:
        words = "No visit, earlier list, change or operation is recorded here."
        return _Section("What was done", [f"<p>{words}</p>"])
    return _Section("What was done", [_facts(story.done)])


def _to_do(
    story: PlaceStory, record: Mapping[Any, Any], rules: DoseRules, settings: PrintSettings
) -> _Section:
    look, fix = prompts(story.kinds, settings)
    told = [f"<p>{escaped(visit_words(story.times, rules))} {escaped(settings.how)}</p>"]
    # what to look for hangs on what happened: without it nothing is better than a guess
    if story.kinds:
        told += [
            f"<p><b>{title}</b></p>{_lines(lines)}"
            for title, lines in (("Look for", look), ("Ask and mend", fix))
            if lines
        ]
    if str(record.get("driver")) == "both":
        told.append("<p>Antisocial behaviour is high here too: it has its own list.</p>")
    told.append(f'<p class="hx-care-line">{escaped(settings.no_grounds)}</p>')
    return _Section("What to do", told)


def _near(story: PlaceStory) -> _Section:
    lines = list(story.near or ())
    if story.near is not None and not lines:
        lines.append("Nothing entered for these weeks. What is not entered is not known.")
    if story.partners:
        lines.append(f"Partners, within 100 m: {story.partners}")
    said = "<p>Never part of the ranking.</p>"
    return _Section("Near it", [_lines(lines), said])


def _facts(pairs: Sequence[tuple[str, str]]) -> str:
    body = "".join(
        f"<dt>{escaped(label)}</dt><dd>{escaped(value)}</dd>" for label, value in pairs if value
    )
    return f'<dl class="hx-facts">{body}</dl>'


def _lines(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escaped(line)}</li>' for line in lines)}</ul>"


def _ended(text: str) -> str:
    said = f"{text[:1].upper()}{text[1:]}"
    return said if not said or said[-1] in ".!?" else f"{said}."
