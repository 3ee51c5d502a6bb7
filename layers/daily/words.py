"""The daily meeting in words: two blocks that are never summed, each with its usual range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from layers.wording import counted, number
from spatial.daily.results import ALL_TIERS
from spatial.daily.usual import SMALL
from spatial.window import day_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from spatial.daily.results import DailyResult, DayLayer, NearRepeats

READING_WORDS: Final = {
    "above": "▲ more than usual",
    "within": "● as usual",
    "below": "▼ fewer than usual",
}
DAY_HEAD: Final = (
    "Kind", "Last 24 hours", "The day before", "Usual (range)", "Reading",
)  # fmt: skip
WEEK_HEAD: Final = (
    "Kind", "Last 7 days", "7 days before", "Same 7 days last year", "Usual (range)", "Reading",
    "Times the 7 before (95% interval)",
)  # fmt: skip
INCIDENT_HEAD: Final = ("When", "Kind", "Near", "Beat", "Patrol area")
OPEN_HEAD: Final = (
    "Near", "Beat", "Patrol area", "Incidents of late", "Latest", "Watch until", "Within",
)  # fmt: skip
PATROLLED_HEAD: Final = (
    "Place",
    "Violence: 24 hours", "7 days", "since",
    "Antisocial behaviour: 24 hours", "7 days", "since",
)  # fmt: skip

_UNKNOWN: Final = "not known"


def tier_words(tier: str) -> str:
    """Write a tier as words: ``Serious injury``."""
    if tier == ALL_TIERS:
        return "All"
    words = tier.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}"


def lag_words(result: DailyResult, today: dt.date) -> str:
    """Say which 24 hours these are, and how far they lie back when that is not last night."""
    last = f"{result.last_record:%H:%M} on {day_words(result.last_record.date())}"
    said = f"The 24 hours are {result.day.words}. The last record in the store is of {last}."
    lag = (today - result.day.ends.date()).days
    if lag <= 0:
        return said
    return (
        f"{said} They ended {counted(lag, 'day')} before today, {day_words(today)}: this is not "
        "last night."
    )


def headline(layer: DayLayer, result: DailyResult) -> str:
    """Say in one sentence what the day and the week brought, and whether that is usual."""
    if layer.why_not:
        return layer.why_not
    day, week = layer.row("day"), layer.row("week")
    weekday = f"a {result.day.date:%A}"
    return (
        f"{counted(int(str(day['incidents'])), 'incident')} in the last 24 hours"
        f"{_usual_words(day, weekday)}; {int(str(week['incidents'])):,} in the last 7 days"
        f"{_usual_words(week, 'such a week')}."
    )


def count_rows(layer: DayLayer, period: str) -> list[tuple[str, ...]]:
    """Return the rows of one block's table, as ``DAY_HEAD`` or ``WEEK_HEAD`` has them."""
    table = layer.counts[layer.counts["period"] == period]
    rows = []
    for row in table.to_dict("records"):
        cells = [
            tier_words(str(row["tier"])),
            f"{row['incidents']:,}",
            _whole(row["before"]),
            *([_whole(row["last_year"])] if period == "week" else []),
            _range(row),
            reading(row),
        ]
        rows.append((*cells, *([ratio_words(row)] if period == "week" else [])))
    return rows


def reading(row: Mapping[Any, Any]) -> str:
    """Return how a count stands to its usual range, and whether it is too small to tell."""
    if not _known(row["usual"]):
        return "not compared"
    said = READING_WORDS[str(row["reading"])]
    return f"{said}, small" if row["small"] else said


def ratio_words(row: Mapping[Any, Any]) -> str:
    """Write a ratio with its interval; where nothing was before there is none."""
    low, high = row["ratio_low"], row["ratio_high"]
    if not _known(low) and not _known(high):
        # nothing now and nothing before, or nothing to compare with
        return "none in either" if row["before"] == 0 else _UNKNOWN
    if not _known(row["ratio"]):
        return "none before"
    return f"{row['ratio']:.1f} ({low:.1f} to {high:.1f})"


def incident_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the incidents of the day as rows: the hours, kind and place, and nothing more."""
    return [
        (
            f"{row['day']:%a} {row['time_band']}",
            tier_words(str(row["tier"])),
            str(row["place"]) or "no location",
            str(row["beat"]),
            str(row["patrol_area"]),
        )
        for row in table.to_dict("records")
    ]


def open_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the ground near recent incidents as rows, as ``OPEN_HEAD`` has them."""
    return [
        (
            str(row["place"]),
            str(row["beat"]),
            str(row["patrol_area"]),
            f"{row['incidents']:,}",
            f"{row['latest']:%a} {day_words(row['latest'])}",
            f"{row['open_until']:%a} {day_words(row['open_until'])}",
            f"{row['radius_m']:.0f} m",
        )
        for row in table.to_dict("records")
    ]


def filled(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Return a table without the columns in which nothing stands, such as beats where none are."""
    kept = [column for column in range(len(head)) if any(row[column] for row in rows)]
    return [head[column] for column in kept], [[row[column] for column in kept] for row in rows]


def open_words(found: NearRepeats) -> str:
    """Say how many grounds are open, for those who may not see near which incidents."""
    return (
        f"{found.rule} {counted(len(found.areas), 'place')} of this kind "
        f"{'is' if len(found.areas) == 1 else 'are'} open today; where is shown to those who work "
        "on single incidents."
    )


def patrolled_rows(table: pd.DataFrame, *, least: int = 0) -> list[tuple[str, ...]]:
    """Return what each place of the list saw, the two layers apart.

    ``least`` is the smallest count that is shown but for none: one incident of one day at a named
    corner is a single incident.
    """
    figures = [
        f"{layer}_{period}"
        for layer in ("violence", "disorder")
        for period in ("day", "week", "since")
    ]
    return [
        (
            f"{row['rank']}. {row['name']}",
            *(
                f"under {least}" if 0 < row[figure] < least else f"{row[figure]:,}"
                for figure in figures
            ),
        )
        for row in table.to_dict("records")
    ]


def under_words(layer: DayLayer) -> str:
    """Say what small means, where it is said, and what of the 7 days is in no number."""
    small = layer.counts["small"].eq(other=True).any()
    said = f"Small: fewer than {SMALL} happened and are usual, too few to tell." if small else ""
    return f"{said} {left_out_words(layer)}".strip()


def left_out_words(layer: DayLayer) -> str:
    """Say what of the 7 days is in no number; nothing where all is counted."""
    parts = []
    if layer.unlocated:
        parts.append(f"{counted(layer.unlocated, 'incident')} without a location")
    if layer.outside:
        parts.append(f"{layer.outside:,} outside the study area")
    return f"Not counted in the 7 days: {' and '.join(parts)}." if parts else ""


def made_words(result: DailyResult) -> Sequence[str]:
    """Return how the page was made: every automatic choice, with the run."""
    profile = result.violence.profile
    return [
        f"{profile.title}: {profile.description}",
        (
            "An incident belongs to the 24 hours of its first moment, and the list names whole "
            "hours only. The two layers are counted apart and never summed."
        ),
        (
            "Same 7 days last year: 52 weeks earlier, so that weekdays match. The ratio to the 7 "
            "days before is exact for counts that come one by one; incidents that come in clusters "
            "make its interval too narrow."
        ),
        *(note.text for note in result.notes if not note.loud),
        f"Run {result.run_id}: the same id always means the same numbers.",
    ]


def _usual_words(row: Mapping[str, Any], of: str) -> str:
    if not _known(row["usual"]):
        return " (not compared)"
    said = {"above": "more than", "within": "within", "below": "fewer than"}[str(row["reading"])]
    usual = f"the usual {row['usual_low']:.0f} to {row['usual_high']:.0f} of {of}"
    return f", {said} {usual}" + (" (small numbers)" if row["small"] else "")


def _range(row: Mapping[Any, Any]) -> str:
    if not _known(row["usual"]):
        return _UNKNOWN
    low, high = row["usual_low"], row["usual_high"]
    return f"{number(float(row['usual']))} ({low:.0f} to {high:.0f})"


def _whole(value: Any) -> str:  # noqa: ANN401 (a table's value is anything)
    return f"{value:.0f}" if _known(value) else _UNKNOWN


def _known(value: Any) -> bool:  # noqa: ANN401 (as above)
    return value is not None and not (isinstance(value, float) and math.isnan(value))
