"""The report's request and result: sections, each of parts that are there or say why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd

    from config.profile import Measure, Profile
    from spatial.hexes.study_area import StudyArea
    from spatial.incidents.checks.banner import Banner
    from spatial.notes import Notes
    from spatial.window import Window

_CHANGE: Final = (
    "place", "now", "before", "ratio", "low", "high", "p", "p_adjusted", "verdict", "words",
)  # fmt: skip

PART_COLUMNS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "concentration": {
        # measure: incidents or harm; by: area or population; given: which share was looked up
        "figures": ("measure", "by", "given", "share_of_places", "share_held", "chance"),
        # chance_held: what chance alone would put there; null by population
        "curves": ("measure", "by", "share_of_places", "share_held", "chance_held"),
        "gini": (
            "plain", "generalised", "plain_unbiased", "generalised_unbiased", "cells", "incidents",
        ),
        # sample: in or out
        "accuracy": (
            "measure", "area_share", "cells_chosen", "sample", "captured", "best_possible", "pai",
            "pei", "recapture_ratio", "chosen_on", "scored_on",
        ),
    },
    "change": {
        "whole": _CHANGE,
        "tiers": ("place", "tier", *_CHANGE[1:]),
        "beats": _CHANGE,
        "places": _CHANGE,
    },
    "watch_list": {
        "series": (
            "series", "title", "status", "span_days", "events", "expected", "years_before", "p",
            "last_event", "event_before", "untested", "words",
        ),
    },
    "timing": {
        # 168 rows by policing day: day is the day on which it begins, hour the clock's
        "hours": ("day", "hour", "incidents", "share", "times_even"),
        # a row for every place and window; a place without one has its reason in words
        "peaks": (
            "place", "area_id", "incidents", "by_the_hour", "window", "share", "low", "high",
            "even_share", "p", "words",
        ),
    },
    "near_repeat": {
        "knox": (
            "distance", "time", "observed", "expected", "expected_median", "ratio", "p",
            "p_adjusted",
        ),
    },
    "emerging": {
        # cells with a pattern or an incident
        "cells": (
            "cell", "category", "group", "incidents", "hot_periods", "cold_periods", "hot_last",
            "z_last", "trend_z", "trend_p",
        ),
        "groups": ("group", "hot_cells", "cold_cells"),
        "categories": ("category", "group", "cells", "definition"),
        "periods": ("first", "last", "incidents"),
    },
    "two_way": {
        # cells that hold either or are hot for either
        "cells": (
            "cell", "reading", "violence", "disorder", "violence_class", "disorder_class", "moran",
            "p_adjusted", "association",
        ),
        "readings": ("reading", "meaning", "cells", "violence", "disorder"),
    },
    "place_stability": {
        "places": (
            "place", "area_id", "cells", "value", "in_top", "stays", "value_low", "value_high",
        ),
    },
}  # fmt: skip
"""Every section with its parts and their columns, in the order they are read."""

SECTIONS: Final = tuple(PART_COLUMNS)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What ``report`` is asked.

    Attributes
    ----------
    profile
        Name of a shipped profile, or path of a TOML file.
    window
        Inclusive dates.
    study_area
        A file, a stored name, ``ever-incident``, or None for the only stored one.
    resolution
        8, 9 or 10; None for the finest that the data can carry.
    places
        How many patrol areas are timed, followed and tested for stability.
    weights
        A shipped harm scheme's name, or the path of one's own; None for those stored at load.
    """

    profile: str
    window: Window
    study_area: str | None = None
    resolution: int | None = None
    places: int = 12
    weights: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One plain table of a section, or the reason why there is none.

    Attributes
    ----------
    name
        One of the section's in :data:`PART_COLUMNS`.
    table
        Its columns are in :data:`PART_COLUMNS`; None where the data cannot carry it.
    why_not
        One sentence; empty where the table is there.
    """

    name: str
    table: pd.DataFrame | None
    why_not: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One question of the report.

    Attributes
    ----------
    name
        One of :data:`SECTIONS`.
    run_id
        Of the report it belongs to, computed alone or with the others.
    parts
        Every part of the section, in order.
    facts
        Single numbers and words that its sentence is made of (``area``, ``window`` and
        ``harm_words`` in every section; the rest is in the section's own module). Shares are 0-1.
    method
        What was done, in one line.
    page
        The page of ``docs/methods`` that says more.
    notes
        Choices made, and what the data cannot carry.
    """

    name: str
    run_id: str
    parts: tuple[Part, ...]
    facts: Mapping[str, Any]
    method: str
    page: str
    notes: Notes

    def part(self, name: str) -> Part:
        """Return a part by its name."""
        return next(part for part in self.parts if part.name == name)

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a part's table, None where there is none."""
        return self.part(name).table

    @property
    def why_not(self) -> str:
        """Why the whole section is missing; empty where any part of it is there."""
        if any(part.table is not None for part in self.parts):
            return ""
        return " ".join(dict.fromkeys(part.why_not for part in self.parts))


@dataclass(frozen=True, slots=True, eq=False)
class ReportResult:
    """The whole report, from one run.

    Attributes
    ----------
    resolution, cells
        Of the grid, and how many cells it has, empty ones included.
    incidents
        Of the profile and window, in the study area.
    measure
        The profile's own: harm for serious violence, count for antisocial behaviour.
    sections
        All of :data:`SECTIONS`, in that order.
    harm_edition, harm_sources
        The editions of the weights used, and what must be said of each.
    notes
        Of the data as a whole; each section has its own.
    quality
        How far the data under it can be trusted.
    """

    run_id: str
    version: str
    request: ReportRequest
    profile: Profile
    window: Window
    measure: Measure
    study_area: StudyArea
    resolution: int
    cells: int
    incidents: int
    data_from: dt.date
    data_through: dt.date
    marking: str
    sections: tuple[Section, ...]
    harm_edition: str
    harm_sources: tuple[str, ...]
    notes: Notes
    quality: Banner

    def section(self, name: str) -> Section:
        """Return a section by its name."""
        return next(section for section in self.sections if section.name == name)
