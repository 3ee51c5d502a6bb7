"""Summary pages: the places of a team, and the tasking meeting's own pages, as plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from layers.overlays import short_day
from layers.print.town_map import draw_town, pack_frame
from layers.print.words import day_range, last_period, share_words
from layers.wording import counted, percent

if TYPE_CHECKING:
    from layers.print.material import Material
    from register.due import Due

PACK_MM: Final = (180.0, 105.0)
TASKING_MM: Final = (180.0, 100.0)
MOST_LISTED: Final = 12
"""Places on the meeting's first page; a longer list has a page of its own."""
_STATUS: Final = {"new": "new", "kept": "kept", "moved": "moved", "added": "by hand"}
_GROUPS: Final = (("new", "New"), ("kept", "Kept"), ("moved", "Moved"), ("added", "Added by hand"))
_LONG_NAME: Final = 56


def pack_values(material: Material, files: dict[str, bytes]) -> dict[str, Any]:
    """Return what a neighbourhood pack's first page says, and put its map among the files."""
    chosen, patrol = material.chosen, material.folder.patrol
    team = material.team_name
    of = f" of {len(material.rows)} on the list" if team else ""
    return {
        "kind": "pack",
        "title": team or f"Patrol areas, {material.where}",
        "sentence": (
            f"{counted(len(chosen), 'place')}{of}, {patrol.window.words}. One sheet for each "
            "follows, two sides."
        ),
        "map": _map(material, chosen, PACK_MM, files),
        "rows": [_row(material, at) for at in chosen],
        "harm": patrol.harm_share is not None,
        "lists": any(row.get("status") for row in material.rows),
        "notes": [material.facts.why_not] if material.facts.why_not else [],
    }


def tasking_values(material: Material, files: dict[str, bytes]) -> dict[str, Any]:
    """Return what the tasking pack says, and put its map among the files."""
    chosen, patrol = material.chosen, material.folder.patrol
    rows = [_row(material, at) for at in chosen]
    long = len(rows) > MOST_LISTED
    groups = _groups(material)
    return {
        "kind": "tasking",
        "title": f"Tasking, {material.team_name or material.where}",
        "sentence": _sentence(material),
        "map": _map(material, chosen, TASKING_MM, files),
        "rows": rows[:MOST_LISTED],
        "more": f"The first {MOST_LISTED} of {len(rows)}: all are on the next page."
        if long
        else "",
        "all": rows if long else [],
        "harm": patrol.harm_share is not None,
        "lists": any(row.get("status") for row in material.rows),
        "changed": _changed(material),
        "groups": groups,
        "dropped": [
            {
                "rank": str(row["previous_rank"]),
                "name": str(row["name"]) or str(row["area_id"]),
                "reason": str(row["reason"]),
            }
            for row in material.folder.dropped.to_dict("records")
        ],
        "calendar": [_due(one) for one in _within(material)],
        "no_calendar": (
            "No register at hand: look for anniversaries and events elsewhere."
            if material.occasion.due is None
            else "Nothing entered for these days. Silence is no all-clear."
        ),
        "delivered": _delivered(material),
        "notes": [
            *([patrol.out_of_sample] if patrol.out_of_sample else []),
            *([material.folder.version_note] if material.folder.version_note else []),
            *([material.facts.why_not] if material.facts.why_not else []),
            f"How the list was made: {counted(len(patrol.notes), 'note')} in its manifest.json.",
        ],
    }


def _map(
    material: Material, chosen: tuple[int, ...], size: tuple[float, float], files: dict[str, bytes]
) -> dict[str, str]:
    rings = [material.rings[at] for at in chosen]
    # a team's own map shows its own places; without any, where the others are
    frame = pack_frame(
        rings or material.rings, material.border, width_mm=size[0], height_mm=size[1]
    )
    drawn = draw_town(
        frame,
        rings,
        ground=material.ground,
        surface=material.surface,
        border=material.border,
        numbered=True,
    )
    files["summary.svg"] = drawn.svg
    where = material.team_name or material.where
    return {
        "file": "summary.svg",
        "alt": f"Map of {where} with {counted(len(rings), 'place')} by rank; the table lists them.",
    }


def _row(material: Material, at: int) -> dict[str, Any]:
    row = material.rows[at]
    name = str(row["name"] or row["area_id"])
    when = str(row["peak_windows"] or "")
    return {
        "rank": int(row["rank"]),
        "name": name
        if len(name) <= _LONG_NAME
        else f"{name[: _LONG_NAME - 1]}\N{HORIZONTAL ELLIPSIS}",
        "when": _short_peak(when),
        "share": share_words(row),
        "status": _status(row),
    }


def _short_peak(words: str) -> str:
    """Return the first window without its share: ``Fri-Sat 19:00-03:00``."""
    if words.startswith("cannot say when"):
        return "not known"
    first, _, _ = words.partition(";")
    return first.partition(" (")[0].strip()


def _status(row: dict[str, Any]) -> str:
    status = row.get("status")
    before = row.get("previous_rank")
    word = _STATUS.get(str(status), "")
    if before is None or math.isnan(float(before)) or not word:
        return word
    return f"{word}, was {int(float(before))}"


def _sentence(material: Material) -> str:
    patrol = material.folder.patrol
    share = patrol.incidents_share if patrol.harm_share is None else patrol.harm_share
    what = "incidents" if patrol.harm_share is None else "the harm"
    verb = "holds" if len(material.rows) == 1 else "hold"
    dose = (
        f" {material.folder.dose[:1].upper()}{material.folder.dose[1:]}."
        if material.folder.dose
        else ""
    )
    return (
        f"{counted(len(material.rows), 'place')} {verb} {percent(share)} of {what} in "
        f"{percent(patrol.area_share)} of {material.where} ({patrol.window.words}; "
        f"measured on the dates that chose them, which flatters).{dose}"
    )


def _groups(material: Material) -> list[list[str]]:
    found = []
    for status, words in _GROUPS:
        own = [str(row["rank"]) for row in material.rows if row.get("status") == status]
        if own:
            found.append([words, f"{'place' if len(own) == 1 else 'places'} {', '.join(own)}"])
    return found


def _changed(material: Material) -> str:
    if not material.folder.previous:
        return "first list, nothing to compare with."
    statuses = [str(row.get("status")) for row in material.rows]
    said = [
        f"{statuses.count(status)} {words.lower()}"
        for status, words in _GROUPS
        if statuses.count(status)
    ]
    return f"{', '.join([*said, f'{len(material.folder.dropped)} dropped'])}."


def _within(material: Material) -> list[Due]:
    first, last = material.occasion.first, material.occasion.last
    return [
        one for one in material.occasion.due or () if one.from_date <= last and one.to_date >= first
    ]


def _due(one: Due) -> dict[str, str]:
    kind = "Anniversary" if one.noun == "anniversaries" else "Event"
    day = f"{one.date:%a} {short_day(one.date)}"
    if one.last_date > one.date:
        day = day_range(one.date, one.last_date)
    return {"day": day, "what": f"{kind}: {one.label}", "place": one.place}


def _delivered(material: Material) -> list[str]:
    occasion, days = material.occasion, material.period_days
    said = []
    if occasion.visits is None:
        said.append("No register at hand: what was patrolled is not known here.")
    else:
        made = last_period(occasion, days=days)
        own = made[made["area_id"].isin([row["area_id"] for row in material.rows])]
        if made.empty:
            said.append(f"No visit was recorded in the {days} days before.")
        else:
            said.append(
                f"{counted(len(made), 'visit')} recorded in the {days} days before, "
                f"{int(made['minutes'].astype(int).sum()):,} minutes; {len(own):,} of them at "
                f"{own['area_id'].nunique()} of these {len(material.rows)} places. A visit nobody "
                "wrote down is not here."
            )
    said.append(occasion.evaluation or "No evaluation was given.")
    return said
