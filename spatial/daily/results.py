"""What the daily meeting asks, and what it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from config.profile import Profile
    from spatial.daily.policing_days import PolicingDay
    from spatial.hexes.study_area import StudyArea
    from spatial.incidents.checks.banner import Banner
    from spatial.notes import Notes

COUNT_COLUMNS: Final = (
    "period", "tier", "incidents", "before", "last_year", "usual", "usual_low", "usual_high",
    "reading", "small", "ratio", "ratio_low", "ratio_high",
    "year_ratio", "year_ratio_low", "year_ratio_high",
)  # fmt: skip
INCIDENT_COLUMNS: Final = (
    "layer", "tier", "day", "time_band", "place", "beat", "patrol_area", "longitude", "latitude",
)  # fmt: skip
OPEN_COLUMNS: Final = (
    "place", "beat", "patrol_area", "incidents", "latest", "open_until", "radius_m", "geometry",
)  # fmt: skip
PATROLLED_COLUMNS: Final = (
    "area_id", "rank", "name", "violence_day", "violence_week", "violence_since", "disorder_day",
    "disorder_week", "disorder_since",
)  # fmt: skip
ALL_TIERS: Final = "all"


@dataclass(frozen=True, slots=True)
class DailyRequest:
    """What is asked.

    Attributes
    ----------
    profile
        Of serious violence: a shipped name, or path of a TOML file.
    day
        The date on which the policing day begins; None for the last whole one of the data.
    study_area
        A file, a stored name, ``ever-incident``, or None for the only stored one.
    """

    profile: str
    day: dt.date | None = None
    study_area: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PatrolledList:
    """The list of places that is patrolled, as a plain table.

    Attributes
    ----------
    areas
        ``area_id, rank, name, cells`` (space-separated H3 cells of one resolution).
    since
        The first date from which incidents at them are counted.
    called
        What it is called beside its numbers.
    """

    areas: pd.DataFrame
    since: dt.date
    called: str


@dataclass(frozen=True, slots=True, eq=False)
class DayLayer:
    """One of the two layers: serious violence, or antisocial behaviour. They are never summed.

    Attributes
    ----------
    counts
        ``COUNT_COLUMNS``: first the row of all tiers, then one per tier seen in the last five
        weeks, gravest first; ``period`` is ``day`` or ``week``. ``before`` is the day before, or
        the 7 days before; ``last_year`` the same 7 days 52 weeks earlier. ``usual`` is the mean of
        the four same weekdays, or four weeks, before. ``reading`` is ``above``, ``within`` or
        ``below``, empty where nothing can be compared; ``ratio`` and its exact 95% limits set the
        7 days against the 7 before, ``year_ratio`` against last year's. Null: not known.
    incidents
        ``INCIDENT_COLUMNS``, the policing day's, gravest first; ``place`` is the nearest street,
        else a square of some 100 m.
    unlocated, outside
        Of the 7 days: incidents without a location, and outside the study area. Not counted.
    monthly
        Incidents of the past year that give only the month, and are in no number.
    why_not
        Why this layer cannot be counted by day; empty where it can.
    """

    profile: Profile
    counts: pd.DataFrame
    incidents: pd.DataFrame
    unlocated: int
    outside: int
    monthly: int = 0
    why_not: str = ""

    def row(self, period: str, tier: str = ALL_TIERS) -> dict[str, object]:
        """Return one row of the counts by name."""
        table = self.counts
        found = table[(table["period"] == period) & (table["tier"] == tier)]
        return {str(key): value for key, value in found.iloc[0].items()}


@dataclass(frozen=True, slots=True, eq=False)
class NearRepeats:
    """Where one incident makes another more likely for some days, by this town's own record.

    Attributes
    ----------
    areas
        ``OPEN_COLUMNS``, most incidents first; ``geometry`` in degrees (WGS84). Empty: none open.
    rule
        The distance, the days and how clear they are, in a sentence; empty where nothing is clear.
    why_not
        Why there is no rule; empty where there is one.
    """

    areas: pd.DataFrame
    rule: str
    why_not: str


@dataclass(frozen=True, slots=True, eq=False)
class DailyResult:
    """The answer for one policing day.

    Attributes
    ----------
    last_record
        The last moment of any incident in the store, Europe/London wall-clock.
    patrolled
        ``PATROLLED_COLUMNS`` by rank; None where no list was given.
    patrolled_called
        What that list is called.
    """

    run_id: str
    version: str
    day: PolicingDay
    study_area: StudyArea
    violence: DayLayer
    disorder: DayLayer
    near_repeats: NearRepeats
    patrolled: pd.DataFrame | None
    patrolled_called: str
    data_from: dt.date
    data_through: dt.date
    last_record: dt.datetime
    notes: Notes
    quality: Banner
