"""Settings as people read them: parts, names and units, in the order of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["number", "percent", "text", "choice", "words"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting.

    Attributes
    ----------
    section
        Table of a force's file; empty for the top level.
    key
        Within the section.
    label
        With its unit.
    kind
        How it is entered: a number, a share written per cent, a text, one of some choices, or words
        with commas between them.
    """

    section: str
    key: str
    label: str
    kind: Kind = "number"

    @property
    def path(self) -> str:
        """The key as it stands in a force's file."""
        return f"{self.section}.{self.key}" if self.section else self.key


@dataclass(frozen=True, slots=True)
class Part:
    """Some settings that belong together."""

    title: str
    lead: str
    entries: tuple[Entry, ...]


def _top(key: str, label: str, kind: Kind = "number") -> Entry:
    return Entry("", key, label, kind)


def _quality(key: str, label: str, kind: Kind = "percent") -> Entry:
    return Entry("", f"quality.{key}", label, kind)


def _dose(key: str, label: str, kind: Kind = "number") -> Entry:
    return Entry("dose", key, label, kind)


def _kept(key: str, label: str) -> Entry:
    return Entry("register", f"retention.{key}.days", label)


MARKING: Final = _top("marking", "Security marking", "text")
HANDLING: Final = _top("handling", "Handling line", "text")
CREST: Final = Entry("force", "crest", "Crest", "text")
SHIFTS: Final = Entry("shifts", "shift", "Shifts")

_IN_RUNS: Final = ("", "dose", "shifts")
"""Sections that decide numbers, or are said with them: they are part of every run id or list."""

FORCE: Final = "Force and marking"
DUTY: Final = "Shifts and patrols"

PARTS: Final = (
    Part(
        FORCE,
        "Shown on every page, and on every sheet, report and file that leaves the app.",
        (
            Entry("force", "name", "Name of the force", "text"),
            Entry("force", "contact", "Whom to tell when a page cannot be used", "text"),
            MARKING,
            HANDLING,
        ),
    ),
    Part(
        "Places",
        "How a list of places is made.",
        (
            _top("places", "Places proposed"),
            _top("fewest_incidents", "Fewest incidents in a place"),
            _top("fewest_dates", "Fewest dates with an incident"),
            _top("fewest_months", "Fewest months with an incident (monthly data)"),
            _top("separation_m", "Least distance between places (metres)"),
            _top("resolution", "Cell size of places (8 coarse, 10 fine)"),
            _top("coarse_resolution", "Cell size on open data"),
            _top("precise_enough_m", "Exact enough for the finest cells (metres)"),
            _top("fewest_cells", "Fewest cells of a place"),
            _top("most_cells", "Most cells of a place"),
            _top("ring", "Neighbourhood tested (steps of cells)"),
            _top("untelling", "What tells expected harm nothing", "words"),
        ),
    ),
    Part(
        DUTY,
        "When the policing day starts, who is on duty when, and what a visit is.",
        (
            Entry("shifts", "day_starts", "Policing day starts at (hour, 0 to 23)"),
            _dose("minutes", "Length of a visit (minutes)"),
            _dose("fewest_minutes", "Shortest visit (minutes)"),
            _dose("most_minutes", "Longest visit (minutes)"),
            _dose("every_minutes", "A visit about every (minutes)"),
            _dose("least_gap_minutes", "Least time between visits (minutes)"),
            _dose("from_hour", "Patrols from (hour)"),
            _dose("to_hour", "Patrols until (hour)"),
            _dose("officers", "Officers on a visit"),
            _dose("wait_days", "Every place treated within (days)"),
            _top("travel_minutes", "On the way to a visit (minutes)"),
            _top("period_days", "A list is patrolled for (days)"),
            _dose("walk_metres_a_minute", "Walking (metres a minute)"),
            _dose("furthest_walk_minutes", "Longest walk between places (minutes)"),
        ),
    ),
    Part(
        "Small numbers and data quality",
        "What is kept back, and when the data line says care or poor.",
        (
            _top("fewest_shown", "Fewest partner records shown"),
            Entry("period_return", "fewest_shown", "Fewest counted in a funder's return"),
            _quality("care_unlocated", "Without a location: care (%)"),
            _quality("poor_unlocated", "Without a location: poor (%)"),
            _quality("care_untested", "A needed mark unknown: care (%)"),
            _quality("poor_untested", "A needed mark unknown: poor (%)"),
            _quality("care_rejected", "Rows rejected: care (%)"),
            _quality("poor_rejected", "Rows rejected: poor (%)"),
            _quality("poor_missing", "Months missing: poor (%)"),
            _quality("thin_month", "A month is thin below (% of its neighbours)"),
            _quality("expected_unseen", "Behind: incidents expected, none seen", "number"),
            _quality("recorded_step", "Recording of a mark moved by (points of %)"),
            _quality("marked_ratio", "Marked so many times more or less often", "number"),
            _quality("false_alarms", "False alarms accepted (%)"),
        ),
    ),
    Part(
        "Background map",
        "A map under the hexes, from an address inside the force's network. None by default: "
        "nothing is asked of any network.",
        (
            Entry("basemap", "kind", "Kind", "choice"),
            Entry("basemap", "address", "Address", "text"),
            Entry("basemap", "attribution", "Whose map it is", "text"),
            Entry("basemap", "max_zoom", "Most detailed zoom"),
        ),
    ),
    Part(
        "On paper",
        "Sheets and packs that are printed.",
        (
            Entry("print", "form_url", "Address behind the code on a sheet", "text"),
            Entry("print", "expiry_days", "A sheet may be used for (days)"),
            Entry("print", "near_m", "Named places marked within (metres)"),
            Entry("print", "most_marks", "Most places marked on a map"),
            Entry("print", "most_entries", "Most ways in marked"),
            Entry("print", "record_rows", "Rows to write in"),
            Entry("print", "no_grounds", "Said on every sheet", "text"),
        ),
    ),
    Part(
        "How long records are kept",
        "Days after they ended; 0 keeps them until somebody takes them out. Agree them with your "
        "records manager. Nothing is removed until harmhex register prune is run.",
        (
            _kept("anniversaries", "Anniversaries (days)"),
            _kept("events", "Events (days)"),
            _kept("tension", "Community tension (days)"),
            _kept("operations", "Operations (days)"),
            _kept("overrides", "Changes to lists (days)"),
            _kept("visits", "Visits (days)"),
            _kept("decisions", "Decisions (days)"),
            _kept("loads", "Record of loads (days)"),
            _kept("exports", "Record of exports (days)"),
            _kept("sign_ins", "Sign-ins (days)"),
        ),
    ),
)  # fmt: skip


def said(value: object, kind: Kind = "number") -> str:
    """Write a setting's value as people read it."""
    if kind == "percent" and isinstance(value, int | float):
        return f"{round(100 * value, 4):g}%"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {said(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(said, value)) if value else "none"
    return str(value) if value not in {None, ""} else "none"


def entry_at(path: str) -> Entry | None:
    """Return the setting of a key as it stands in a force's file; None where none is shown."""
    shown = [*(one for part in PARTS for one in part.entries), CREST, SHIFTS]
    return next((one for one in shown if one.path == path), None)


def in_words(message: str) -> str:
    """Return what is wrong with a setting as the page says it: labels in place of a file's keys."""
    words = re.sub(r"^\S+\.toml: ", "", message)
    for part in PARTS:
        for one in part.entries:
            for key in (one.path, one.key.rpartition(".")[2]):
                if "_" in key or "." in key:
                    words = re.sub(rf"(?<![\w.]){re.escape(key)}(?![\w.]\w)", one.label, words)
    words = words.replace("Mend it, or leave it out for the default.",
                          "Change it, or go back to the default.")  # fmt: skip
    return f"{words[:1].upper()}{words[1:]}"


def consequence(paths: Iterable[str]) -> str:
    """Say what a change of these settings does to what is made from now on."""
    found = [entry_at(path) for path in paths]
    if any(one is None or one.section in _IN_RUNS for one in found):
        return (
            "Lists and reports made from now on have these settings and another run id. Those "
            "already adopted stay as they were."
        )
    return "It shows from now on; no number changes, and no run id."
