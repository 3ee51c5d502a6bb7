"""The report's plain sentences: one to a section, with its numbers, units and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layers.wording import counted, percent
from spatial.hotspots.changed.change import FELL, NO_CLEAR_CHANGE, ROSE, TOO_FEW
from spatial.hotspots.changed.watch_list import FIRST_SINCE, MORE_THAN_CHANCE, TOO_SHORT
from spatial.window import day_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from spatial.report_results import Section

TITLES: Final = {
    "concentration": "How concentrated it is",
    "change": "What changed",
    "watch_list": "Rare offences to watch",
    "timing": "When it happens",
    "near_repeat": "Whether one follows another",
    "emerging": "Which places are new, lasting or former",
    "two_way": "Violence and disorder side by side",
    "place_stability": "How sure the list of places is",
}
"""What each section is called on page and screen."""

SMALL_CHANGE: Final = 0.05
"""Below so large a change (0-1) of many incidents, recording is the likelier reason."""

FEWEST_SHARED: Final = 30
"""Of fewer incidents no share is said: wherever they fall, they lie in few cells."""

_NAMED: Final = 3


def section_sentence(section: Section) -> str:
    """Say what a section found in a sentence or two, or why it found nothing."""
    if section.why_not:
        return section.why_not
    said = _SENTENCES[section.name](section)
    return f"{said[:1].upper()}{said[1:]}"


def _concentration(section: Section) -> str:
    facts = section.facts
    if facts["incidents"] < FEWEST_SHARED:
        return (
            f"{counted(facts['incidents'], 'incident')} in {facts['window']}: too few to speak of "
            "concentration."
        )
    said = (
        f"Half of the {facts['incidents']:,} incidents of {facts['window']} lie in "
        f"{percent(facts['half_of_incidents'])} of the {facts['cells']:,} cells of {facts['area']}"
        f" (chance alone would put half of them in "
        f"{percent(facts['half_of_incidents_by_chance'])})"
    )
    if "half_of_harm" in facts:
        said += (
            f", and half of the {facts['harm_words']} in {percent(facts['half_of_harm'])} "
            f"({percent(facts['half_of_harm_by_chance'])} by chance alone)"
        )
    if "captured_out" not in facts:
        return f"{said}. {section.part('accuracy').why_not}"
    return (
        f"{said}. The {facts['chosen_share']:.0%} of cells that held most incidents in "
        f"{facts['chosen_on']} held {percent(facts['captured_in'])} of them then, and "
        f"{percent(facts['captured_out'])} of this window's."
    )


def _change(section: Section) -> str:
    facts = section.facts
    first = _first_row(section, "whole")
    said = (
        f"{facts['area']} as a whole, {facts['now_window']} against {facts['before_window']}: "
        f"{first['words']}{'' if facts['equal_length'] else ', by rates a day'}."
    )
    if first["verdict"] in {ROSE, FELL} and abs(first["ratio"] - 1) < SMALL_CHANGE:
        said += " So small a shift may be one of recording."
    if not facts["same_season"]:
        said += " The two lie in different seasons, which alone may make the difference."
    for part, noun in (("tiers", "kind of offence"), ("beats", "beat"), ("places", "place")):
        table = section.table(part)
        if table is not None and len(table) > 1:
            said += f" {_moved(table, noun, 'tier' if part == 'tiers' else 'place')}"
    return said


def _moved(table: pd.DataFrame, noun: str, column: str) -> str:
    # how many of each verdict, and the names of those that moved
    plural = noun.replace("kind", "kinds") if noun.startswith("kind") else f"{noun}s"
    parts = []
    for verdict in (ROSE, FELL):
        names = [
            str(name).replace("_", " ") for name in table.loc[table["verdict"] == verdict, column]
        ]
        if names:
            parts.append(f"{len(names)} {verdict} ({_listed(names)})")
    unclear = int((table["verdict"] == NO_CLEAR_CHANGE).sum())
    few = int((table["verdict"] == TOO_FEW).sum())
    if unclear:
        parts.append(f"{unclear} had no clear change")
    if few:
        parts.append(f"{few} too few to say")
    return f"Of {len(table)} {plural}, {', '.join(parts)}."


def _watch_list(section: Section) -> str:
    facts, table = section.facts, section.table("series")
    if table is None:
        return section.why_not
    loud = table[table["status"].isin([MORE_THAN_CHANCE, FIRST_SINCE])]
    quiet, short = len(table) - len(loud), int((table["status"] == TOO_SHORT).sum())
    on = day_words(facts["day"])
    if loud.empty:
        if short == len(table):
            return f"The data are too short to say anything of {len(table)} rare offences on {on}."
        said = f"On {on} nothing unusual in the {counted(len(table), 'rare offence')} followed."
    else:
        rest = f" Nothing unusual in the other {quiet}." if quiet else ""
        said = f"On {on}: {' '.join(loud['words'])}{rest}"
    untested = int(table["untested"].sum())
    if untested:
        said += (
            f" {counted(untested, 'incident')} of the whole store could not be tested, because a "
            "mark such as firearm is blank."
        )
    return said


def _timing(section: Section) -> str:
    facts = section.facts
    known, total = facts["by_the_hour"], facts["incidents"]
    timed = f"{total:,} incidents" if known == total else f"{total:,} incidents ({known:,} timed)"
    where = f"{facts['area']}, {facts['window']}, {timed}"
    if not facts["found"]:
        return f"{where}: {facts['peak_words']}."
    return f"{where}: {facts['peak_sentence']}"


def _near_repeat(section: Section) -> str:
    facts = section.facts
    said = f"Among {facts['incidents']:,} incidents of {facts['window']}, "
    followed, same_day = facts["followed"], facts["same_day"]
    if followed:
        said += (
            f"more are followed by another near by and soon than chance would bring: "
            f"{_band(followed)}, {_often(followed)}."
        )
        if (followed["ratio"] or 0) < 1.2:  # noqa: PLR2004 (a fifth more is what a busy spell brings)
            said += " That is little: hot places that come and go within the window do as much."
    else:
        said += (
            "no sign that one is followed by another within 200 m and two weeks more than chance "
            "would bring."
        )
    if same_day:
        said += (
            f" On the same day pairs are commoner than chance ({_band(same_day)}, "
            f"{_often(same_day)}), as busy nights in busy streets make them."
        )
    return said


def _band(band: Mapping[str, Any]) -> str:
    where = "at the same point" if band["distance"] == "same point" else f"{band['distance']} apart"
    when = "on the same day" if band["time"] == "same day" else f"{band['time']} apart"
    return f"{counted(int(band['observed']), 'pair')} {where}, {when}"


def _often(band: Mapping[str, Any]) -> str:
    ratio = band["ratio"]
    return f"{ratio:.1f} times chance" if ratio and ratio == ratio else "where chance has none"  # noqa: PLR0124 (null is not itself)


def _emerging(section: Section) -> str:
    facts = section.facts
    periods = f"{facts['periods']} {'quarters' if facts['months'] == 3 else 'half-years'}"  # noqa: PLR2004
    if not any(facts[group] for group in ("long-standing", "emerging", "on-and-off", "former")):
        return (
            f"Over {periods}, {facts['periods_window']}, no cell of {facts['area']} was a hot spot "
            "in any of them."
        )
    return (
        f"{facts['area']} over {periods}, {facts['periods_window']}: "
        f"{counted(facts['long-standing'], 'cell')} hot in nearly every period (long-standing), "
        f"{facts['emerging']:,} only lately (emerging), {facts['on-and-off']:,} on and off, "
        f"{facts['former']:,} no longer (former), of {facts['cells']:,} cells."
    )


def _two_way(section: Section) -> str:
    facts = section.facts
    return (
        f"{facts['area']}, {facts['window']}: {counted(facts['both'], 'cell')} hot for both "
        f"serious violence and antisocial behaviour, {facts['violence only']:,} for violence only, "
        f"{facts['disorder only']:,} for antisocial behaviour only, of {facts['cells']:,} cells. "
        "The two are read side by side and never added up."
    )


def _stability(section: Section) -> str:
    facts = section.facts
    what = facts["harm_words"] if facts["unit"] == "harm" else "incidents"
    return (
        f"Points are exact to about {facts['precision_m']:.0f} m. Moved at random by as much, "
        f"{percent(facts['kept'])} of the first {counted(facts['places'], 'place')} stay on the "
        f"list on average; {facts['sure']} stay in nine draws of ten or more. They hold "
        f"{percent(facts['held_as_mapped'])} of the {what} as mapped and "
        f"{percent(facts['held_when_moved'])} when moved ({facts['window']})."
    )


def _first_row(section: Section, part: str) -> dict[Any, Any]:
    table = section.table(part)
    return {} if table is None else dict(table.iloc[0])


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


_SENTENCES: Final[dict[str, Callable[[Section], str]]] = {
    "concentration": _concentration,
    "change": _change,
    "watch_list": _watch_list,
    "timing": _timing,
    "near_repeat": _near_repeat,
    "emerging": _emerging,
    "two_way": _two_way,
    "place_stability": _stability,
}
