"""The patrol-area sheet: what its two sides say, as plain values for the template."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from config.shifts import load_shifts
from layers.banner import GRADE_WORDS
from layers.print import week
from layers.print.area_map import AreaMap, draw_area
from layers.print.codes import form_code
from layers.print.town_map import HEIGHT_MM, WIDTH_MM, Town
from layers.print.visit_times import visit_times
from layers.print.ways_in import ways_sentence
from layers.print.words import (
    changed_lines,
    day_range,
    mix_lines,
    patrolled_line,
    peak_sentence,
    prompts,
)
from layers.wording import DRIVER_WORDS, PRODUCT, counted, run_words
from spatial.incidents.checks.banner import Grade
from spatial.window import day_words

if TYPE_CHECKING:
    import pandas as pd

    from layers.print.material import Material

# what one side can hold: beyond it, the list and the app have the rest
_MOST_KINDS: Final = 6
_MOST_DUE: Final = 5
_MOST_CHANGED: Final = 4
_LONG: Final = 320
_LONG_CHANGE: Final = 150
_LONGEST_NAME: Final = 90
_UNWATCHED: Final = "No register at hand: look for anniversaries and tension elsewhere."


def sheet_values(
    at: int, material: Material, *, town: Town, town_file: str, files: dict[str, bytes]
) -> dict[str, Any]:
    """Return what one place's sheet says, and put its drawings among the files.

    Parameters
    ----------
    at
        Position of the place in the list.
    material
        Everything known.
    town, town_file
        The small map, and the name under which it is among the files.
    files
        By name; this adds to it.
    """
    row, ring, facts = material.rows[at], material.rings[at], material.facts
    settings, occasion = material.settings, material.occasion
    drawn = draw_area(
        ring,
        material.rings,
        ground=material.ground,
        surface=material.surface,
        border=material.border,
        settings=settings,
    )
    name = f"area{at}.svg"
    files[name] = drawn.svg
    kinds = None if facts.kinds is None else _counts(facts.kinds.iloc[at])
    look, fix = prompts(kinds, settings)
    x, y = town.at(*ring.middle)
    code = form_code(settings, str(row["area_id"]))
    if code is not None:
        files[f"code{at}.svg"] = code[1]
    return {
        "rank": int(row["rank"]),
        "name": _cut(_text(row["name"]) or str(row["area_id"]), _LONGEST_NAME),
        "short": f"{int(row['rank'])}  {_cut(_text(row['name']), 28)}",
        "area_id": _text(row["area_id"]),
        "grid_ref": _text(row["grid_ref"])
        or f"{float(row['latitude']):.5f}, {float(row['longitude']):.5f}",
        "grid_words": "Grid ref" if _text(row["grid_ref"]) else "Latitude, longitude",
        "what3words": _text(occasion.what3words.get(str(row["area_id"]))),
        "about": _about(row, material.beats[at]),
        "why": _ended(_cut(_text(row["why"]) or "not said on the list", 260)),
        "cautions": _ended(_cut(_text(row.get("cautions")), 170)),
        "driver": DRIVER_WORDS.get(_text(row.get("driver")), ""),
        "map": {"file": name, "alt": _map_alt(row, drawn, material)},
        "key": _key(drawn, material),
        "town": {
            "file": town_file,
            "x": round(x, 2),
            "y": round(y, 2),
            "alt": _town_alt(row, material),
        },
        "town_mm": [WIDTH_MM, HEIGHT_MM],
        "week": _week(at, row, material, files),
        "peaks": peak_sentence(_text(row["peak_windows"])),
        "visits": _visits(str(row["area_id"]), material),
        "mix": _mix(kinds, material),
        "look": look,
        "fix": fix,
        "due": _due(str(row["area_id"]), material),
        "changed": _changed(row, material),
        "ways": ways_sentence(drawn.ways) or "No named street crosses its edge on the map loaded.",
        "missing": _missing(material),
        "code": None if code is None else {"file": f"code{at}.svg", "address": code[0]},
    }


def common_values(material: Material) -> dict[str, Any]:
    """Return what every page of a printout says: marking, period, run, quality."""
    folder, occasion = material.folder, material.occasion
    patrol, quality = folder.patrol, folder.patrol.quality or {}
    grade = str(quality.get("grade", ""))
    last_use = occasion.first + dt.timedelta(days=material.settings.expiry_days - 1)
    known = {one.value: words for one, words in GRADE_WORDS.items()}
    return {
        "marking": material.marking.marking,
        "handling": material.marking.handling,
        "period": day_range(occasion.first, occasion.last),
        "use_until": day_words(last_use),
        "window": patrol.window.words,
        "data_through": day_words(patrol.data_through),
        "run": run_words(patrol.run_id),
        "product": f"{PRODUCT} {patrol.version}",
        "study_area": " · ".join(filter(None, (material.force, material.where))),
        "fictional": material.fictional,
        "quality": {
            "words": known.get(grade, "Data quality: not said"),
            "sentence": str(quality.get("sentence", "")),
            "loud": grade not in {Grade.OK.value, ""},
        },
        "version_note": folder.version_note,
        "team": material.team_name,
        "shift": "" if occasion.shift is None else occasion.shift.words,
        "no_grounds": material.settings.no_grounds,
        "record_rows": material.settings.record_rows,
        "logo": None if material.logo is None else material.logo[0],
        "date": patrol.data_through.isoformat(),
    }


def _about(row: dict[str, Any], beat: str) -> list[str]:
    said = [f"Area {_text(row['area_id'])}"]
    if (size := row.get("area_ha")) is not None:
        said.append(f"{float(size):.1f} ha")
    return [*said, *([beat] if beat else [])]


def _week(
    at: int, row: dict[str, Any], material: Material, files: dict[str, bytes]
) -> dict[str, Any]:
    facts, peaks = material.facts, _text(row["peak_windows"])
    if facts.times is None:
        return {"file": None, "why_not": "Hours are not drawn: see the note on the other side."}
    starts = load_shifts().day_starts
    drawn = week.week_svg(facts.times[at], day_starts=starts, shift=material.occasion.shift)
    if drawn is None:
        unknown = peaks.startswith("cannot say when")
        why_not = _ended(f"{peaks[:1].upper()}{peaks[1:]}") if unknown else "Too few to draw hours."
        return {"file": None, "why_not": why_not}
    files[f"week{at}.svg"] = drawn
    alt = f"Incidents by day and hour of the week. Peaks: {peaks or 'none named'}."
    return {"file": f"week{at}.svg", "alt": alt, "dots": bool(facts.times[at].windows)}


def _visits(area_id: str, material: Material) -> dict[str, Any]:
    said = visit_times(area_id, material.occasion)
    how = f" {material.settings.how}" if said.due else ""
    return {"title": said.title, "times": list(said.times), "words": f"{said.words}{how}"}


def _mix(kinds: dict[str, int] | None, material: Material) -> list[list[Any]]:
    if kinds is None:
        return []
    lines = mix_lines(kinds, monthly=material.facts.monthly)
    shown = [[words, number] for words, number in lines[:_MOST_KINDS]]
    rest = sum(number for _, number in lines[_MOST_KINDS:])
    return [*shown, *([["of other kinds", rest]] if rest else [])]


def _due(area_id: str, material: Material) -> list[str]:
    if material.occasion.marks is None:
        return [_UNWATCHED]
    line = material.near.get(area_id, "")
    said = [f"{part[:1].upper()}{part[1:]}" for part in line.split("; ") if part]
    return said[:_MOST_DUE] or ["Nothing entered for these days. Silence is no all-clear."]


def _changed(row: dict[str, Any], material: Material) -> list[str]:
    said = changed_lines(row, previous=material.folder.previous)
    visited = patrolled_line(str(row["area_id"]), material.occasion, days=material.period_days)
    removal = _text(row.get("removal"))
    lines = [*said, *([visited] if visited else []), *([removal] if removal else [])]
    return [_cut(line, _LONG_CHANGE) for line in lines[:_MOST_CHANGED]]


def _missing(material: Material) -> list[str]:
    said = []
    if material.ground.missing:
        said.append(f"Not on the map, because not loaded: {', '.join(material.ground.missing)}.")
    if material.facts.why_not:
        said.append(material.facts.why_not)
    if material.folder.version_note:
        said.append(material.folder.version_note)
    return [_cut(line) for line in said]


def _key(drawn: AreaMap, material: Material) -> dict[str, Any]:
    surface = material.surface
    fills = list(surface.fills) if surface is not None and drawn.shades else []
    what = "harm" if material.facts.weighs_harm else "incidents"
    return {
        "fills": fills,
        "fills_words": f"less to more {what}",
        "hatched": drawn.hatched,
        "others": drawn.others,
        "ways": bool(drawn.ways),
        "letters": [list(pair) for pair in drawn.marked],
    }


def _map_alt(row: dict[str, Any], drawn: AreaMap, material: Material) -> str:
    marked = ", ".join(words for _, words in drawn.marked)
    parts = [
        f"Map of place {row['rank']}, {_text(row['name'])}, with its outline",
        "named streets" if "streets" not in material.ground.missing else "no streets (none loaded)",
        f"{counted(len(drawn.ways), 'way')} in" if drawn.ways else "",
        f"marked places: {marked}" if marked else "",
    ]
    return "; ".join(part for part in parts if part) + "."


def _town_alt(row: dict[str, Any], material: Material) -> str:
    where = material.where
    return f"Small map of {where}; a ring shows where place {row['rank']} is."


def _cut(text: str, longest: int = _LONG) -> str:
    # the whole of it is in the list; a sheet that spills over is not read
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    # at a space, unless that would throw away most of it
    whole, space, _ = kept.rpartition(" ")
    return f"{whole if space and 2 * len(whole) > longest else kept} \N{HORIZONTAL ELLIPSIS}"


def _counts(row: pd.Series[int]) -> dict[str, int]:
    return {str(tier): int(number) for tier, number in row.items()}


def _ended(text: str) -> str:
    return text if not text or text[-1] in ".!?\N{HORIZONTAL ELLIPSIS}" else f"{text}."


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 (what is not a number is not there)
