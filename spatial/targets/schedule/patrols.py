"""Patrols: each day's places made into rounds on foot, and the rounds into visits at times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.shifts import day_starts
from spatial.targets.schedule.hours import on_the_clock
from spatial.targets.schedule.tours import cut, length, tour
from spatial.targets.schedule.visit_times import Round, set_outs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from config.dose import DoseRules
    from spatial.targets.schedule.bases import Group
    from spatial.targets.schedule.hours import Hours, Spans
    from spatial.targets.schedule.walking import Legs


@dataclass(frozen=True, slots=True)
class Dose:
    """What a treated place gets on a day.

    Attributes
    ----------
    minutes
        Of a visit.
    visits
        How many.
    spacing
        Minutes between them on average: the hours in force shared evenly.
    gap
        Least minutes between their starts.
    longest_round
        Minutes a round may take, so that chance can still move it.
    """

    minutes: int
    visits: int
    spacing: int
    gap: int
    longest_round: int


def spread_over(span: int, visits: int, minutes: int, rules: DoseRules) -> Dose:
    """Return the dose of so many visits of so many minutes, spread over a span of minutes."""
    spacing = span // visits
    gap = min(rules.least_gap_minutes, spacing // 2)
    return Dose(minutes, visits, spacing, gap, int(rules.fullest_round * spacing))


@dataclass(frozen=True, slots=True)
class Patrol:
    """One patrol's round on one day; walked as often as a place is visited.

    Attributes
    ----------
    day, team
        The day's number from 0; the patrol's from 1.
    stops
        Places by their number in the list, from nought, in the order visited.
    legs
        Minutes to each stop, and back to the base: one more than stops.
    driven
        Which of the legs are driven.
    minutes
        From the base and back, visits included.
    """

    day: int
    team: int
    stops: tuple[int, ...]
    legs: tuple[int, ...]
    driven: tuple[bool, ...]
    minutes: int


def patrols(
    table: NDArray[np.bool_],
    groups: Sequence[Group],
    dose: Dose,
    *,
    exact_stops: int,
    names: tuple[str, ...],
) -> list[Patrol]:
    """Make each day's places into as few rounds as can be walked between two visits.

    Parameters
    ----------
    table
        Which places on which day, shape (days, m).
    groups
        The places of each base; no patrol goes from one to another.
    names
        Of the places, for what cannot be done.

    Raises
    ------
    BadInputError
        A place is so far that no round to it ends before the next must begin.
    """
    found: list[Patrol] = []
    teams = np.zeros(len(table), dtype=np.int64)
    for group in groups:
        treated = table[:, group.members]
        called = tuple(names[one] for one in group.members)
        _require_reach(group.legs, dose, called, np.asarray(treated.any(axis=0)))
        for one in _group_patrols(treated, group, dose, exact_stops):
            teams[one.day] += 1
            found.append(replace(one, team=int(teams[one.day])))
    return found


def _group_patrols(
    table: NDArray[np.bool_], group: Group, dose: Dose, exact_stops: int
) -> Iterator[Patrol]:
    legs = group.legs
    # one good way round all places; each day keeps its order and drops who is not visited
    order = np.array(tour(legs.minutes, exact_stops=exact_stops), dtype=np.int64)
    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    for day, treated in enumerate(table):
        way = order[treated[order - 1]].tolist()
        for stops in cut(way, legs.minutes, visit=dose.minutes, longest=dose.longest_round):
            key = tuple(stops)
            if key not in known:
                known[key] = _shortest_first(key, legs.minutes, exact_stops)
            yield _patrol(day, known[key], group, dose)


def day_minutes(found: list[Patrol], dose: Dose, days: int) -> NDArray[np.int64]:
    """Return the minutes on duty of each day, all rounds of all patrols: shape (days,)."""
    minutes = np.zeros(days, dtype=np.int64)
    for one in found:
        minutes[one.day] += one.minutes * dose.visits
    return minutes


def visits_of(  # noqa: PLR0913 (rounds, when they may be walked, and chance)
    found: list[Patrol],
    dose: Dose,
    hours: Hours,
    spans: Spans,
    *,
    peaks: NDArray[np.bool_],
    weekdays: NDArray[np.int64],
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Give every round its times, and list the visits.

    Parameters
    ----------
    peaks
        Shape (m, 7, 24), by weekday and hour of the policing day.
    weekdays
        Of each day, 0 Monday.

    Returns
    -------
    ``day, place, visit, start, starts_at, team, stop, walk_minutes``: numbers of day and place, the
    visit's number at that place from 1, its clock time, the moment with its distance from UTC, the
    patrol, and the stop's number and the minutes to it on that patrol's round. Whether a round is
    walked forth or back is drawn once a day.
    """
    parts = []
    for one in found:
        back = bool(rng.integers(2))
        stops = np.array(one.stops[::-1] if back else one.stops)
        legs = np.array(one.legs[::-1] if back else one.legs)
        arrivals = np.cumsum(legs[:-1]) + dose.minutes * np.arange(len(stops))
        span, apart = int(spans.minutes[one.day]), max(dose.gap, one.minutes)
        # the night on which an hour is lost may have room for a round less
        visits = min(dose.visits, max(0, (span - one.minutes) // apart + 1))
        times, clear = set_outs(
            Round(arrivals, one.minutes, peaks[stops, weekdays[one.day]]),
            visits=visits,
            span=span,
            gap=dose.gap,
            unclear=(int(spans.unclear[one.day, 0]), int(spans.unclear[one.day, 1])),
            begins_after=hours.first - day_starts() * 60,
            draws=draws,
            rng=rng,
        )
        starts = (times[:, None] + arrivals)[clear]
        place = np.broadcast_to(np.arange(len(stops)), clear.shape)[clear]
        parts.append(np.column_stack([
            np.full(len(place), one.day), stops[place], starts, np.full(len(place), one.team),
            place + 1, legs[place],
        ]))  # fmt: skip
    columns = ["day", "place", "after", "team", "stop", "walk_minutes"]
    rows = np.concatenate(parts) if parts else np.zeros((0, len(columns)), dtype=np.int64)
    table = pd.DataFrame(rows, columns=columns).sort_values(["day", "place", "after"])
    table["visit"] = table.groupby(["day", "place"]).cumcount() + 1
    begins = spans.begins[table["day"].to_numpy()]
    moments = on_the_clock(begins + table.pop("after").to_numpy().astype("timedelta64[m]"))
    table["start"] = moments.strftime("%H:%M")
    told = pd.Series(moments.strftime("%Y-%m-%dT%H:%M%z"), index=table.index, dtype=str)
    table["starts_at"] = told.str[:-2] + ":" + told.str[-2:]
    return table.reset_index(drop=True)


def _shortest_first(
    stops: tuple[int, ...], minutes: NDArray[np.int64], exact_stops: int
) -> tuple[int, ...]:
    inner = np.array([0, *stops])
    placed = [
        int(inner[one]) for one in tour(minutes[np.ix_(inner, inner)], exact_stops=exact_stops)
    ]
    # a good order is not always better than the one it was cut from
    return min(stops, tuple(placed), key=lambda way: length(way, minutes))


def _patrol(day: int, stops: tuple[int, ...], group: Group, dose: Dose) -> Patrol:
    way, legs = np.array([0, *stops, 0]), group.legs
    walked = legs.minutes[way[:-1], way[1:]]
    return Patrol(
        day=day,
        team=0,
        stops=tuple(int(group.members[one - 1]) for one in stops),
        legs=tuple(walked.tolist()),
        driven=tuple(legs.driven[way[:-1], way[1:]].tolist()),
        minutes=int(walked.sum()) + dose.minutes * len(stops),
    )


def _require_reach(
    legs: Legs, dose: Dose, names: tuple[str, ...], visited: NDArray[np.bool_]
) -> None:
    alone = np.where(visited, 2 * legs.minutes[0, 1:] + dose.minutes, 0)
    furthest = int(np.argmax(alone))
    if alone[furthest] > dose.spacing:
        # longer than all the hours in force, no visit is possible, however seldom
        remedy = (
            f"Visit every {alone[furthest]} minutes, or give a nearer base."
            if alone[furthest] <= dose.spacing * dose.visits
            else "That is more than the hours in force: give a nearer base, its longitude first."
        )
        msg = (
            f"A round from the base to {names[furthest]} and back takes {alone[furthest]:,} "
            f"minutes, and a visit is due every {dose.spacing}. {remedy}"
        )
        raise BadInputError(msg)
