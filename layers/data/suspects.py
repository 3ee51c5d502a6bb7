"""Doubtful locations in words: what each check means, and one point in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from layers.wording import counted
from spatial.incidents.checks.suspects import (
    DECIDED,
    OFF_LAND,
    OUTSIDE,
    PILE_UP,
    SNAP_POINT,
    STAND_IN,
)
from spatial.incidents.decided.positions import write_position

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from spatial.incidents.checks.suspects import Suspects
    from spatial.incidents.decided.decisions import Decision

CHECKS: Final = {
    PILE_UP: "Pile-ups on one point: a geocoder's default, or a place where much happens",
    STAND_IN: "Stand-ins: coordinates that mean there were none",
    OFF_LAND: "Off the land",
    OUTSIDE: "Far outside the study area",
    SNAP_POINT: "Busiest map points of open data: shared by design, so not called doubtful",
    DECIDED: "Decided on, and not listed otherwise",
}
"""What each check is called, in the order of the list."""

_FAR_M: Final = 10_000.0
_KM: Final = 1_000.0


def point_words(point: Mapping[Hashable, Any]) -> str:
    """Say what is known of one suspect, a row of ``Suspects.points``, on one line."""
    parts = [counted(int(point["incidents"]), "incident")]
    if point["serious_violence"]:
        parts[0] += f" ({int(point['serious_violence']):,} of serious violence)"
    if point["check"] in {PILE_UP, SNAP_POINT}:
        parts.append(
            f"{float(point['times']):.0f} times what the busiest 1 in 100 other points hold"
        )
    if distance := distance_words(point):
        parts.append(distance)
    if point["near"]:
        parts.append(str(point["near"]))
    return ", ".join(parts)


def distance_words(point: Mapping[Hashable, Any]) -> str:
    """Say how far off one suspect lies; empty where that was not asked."""
    if pd.isna(point["distance_m"]):
        return ""
    kind = "from land" if point["check"] == OFF_LAND else "outside"
    return f"{_metres(float(point['distance_m']))} {kind}"


def decision_words(point: Mapping[Hashable, Any]) -> str:
    """Say what was decided about one suspect; empty where nothing was."""
    if not point["decision"]:
        return ""
    to = ""
    if pd.notna(point["to_longitude"]):
        to = f" to {write_position(float(point['to_longitude']), float(point['to_latitude']))}"
    return f"{point['decision']}{to} ({point['reason']}, {point['decided_on']})"


def suspects_lines(suspects: Suspects) -> list[str]:
    """Return the list for a terminal: check by check, each point with its coordinates first."""
    lines = [
        f"{counted(suspects.undecided, 'doubtful point')} without a decision."
        if suspects.undecided
        else "No doubtful point is without a decision."
    ]
    counts = {str(row["check"]): row for row in suspects.counts.to_dict("records")}
    for check, title in CHECKS.items():
        count = counts[check]
        if not count["points"]:
            continue
        lines.append(
            f"{title}: {counted(int(count['points']), 'point')}, "
            f"{counted(int(count['incidents']), 'incident')}"
        )
        rows = suspects.points[suspects.points["check"] == check]
        for point in rows.to_dict("records"):
            told = decision_words(point)
            written = write_position(float(point["longitude"]), float(point["latitude"]))
            where = " ".join(part for part in (f'"{written}"', point["grid_ref"]) if part)
            lines.append(f"  {where}: {point_words(point)}{f'; decided: {told}' if told else ''}")
        if more := int(count["points"]) - len(rows):
            lines.append(f"  and {counted(more, 'more point', 'more points')}")
    if suspects.bands["incidents"].sum():
        listed = "; ".join(
            f"{band.band} {band.incidents:,}" for band in suspects.bands.itertuples()
        )
        lines.append(f"Incidents outside the study area, by distance: {listed}.")
    return lines


def recorded_words(decisions: tuple[Decision, ...], incidents: int) -> str:
    """Say what was recorded."""
    kinds = {str(decision.choice): 0 for decision in decisions}
    for decision in decisions:
        kinds[str(decision.choice)] += 1
    listed = ", ".join(f"{kind} {number:,}" for kind, number in sorted(kinds.items()))
    return (
        f"Recorded: {listed} (on {counted(len(decisions), 'point')}, with "
        f"{counted(incidents, 'incident')} in the store). It holds at once and for later loads."
    )


def _metres(metres: float) -> str:
    if metres < _KM:
        return f"{metres:.0f} m"
    return f"{metres / _KM:.1f} km" if metres < _FAR_M else f"{metres / _KM:.0f} km"
