"""The plan: which places on which days, visited when, in what order, and what that takes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.version import VERSION
from spatial.notes import Note, Notes, merged
from spatial.targets.schedule.allocation import allocate, predictability, rotate
from spatial.targets.schedule.bases import groups_of
from spatial.targets.schedule.budget import require_hours
from spatial.targets.schedule.hours import on_the_clock, spans
from spatial.targets.schedule.patrols import day_minutes, patrols, visits_of
from spatial.targets.schedule.peaks import peak_hours
from spatial.targets.schedule.request import ScheduleRequest, Settled, settled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.dose import DoseRules
    from spatial.projection import MetricSystem
    from spatial.targets.names import NamedLines
    from spatial.targets.schedule.allocation import Predictability
    from spatial.targets.schedule.bases import Group
    from spatial.targets.schedule.hours import Spans
    from spatial.targets.schedule.patrols import Patrol
    from spatial.targets.schedule.places import SchedulePlaces

SCHEDULE_COLUMNS: Final = (
    "date", "area_id", "treated", "visit", "start", "minutes", "name", "starts_at", "team", "stop",
    "walk_minutes", "run_id",
)  # fmt: skip
_DAYS, _TIMES = 0, 1
_BACK: Final = "no visit begins between 01:00 and 02:00, which come twice."
_FORWARD: Final = "the hours in force are an hour shorter, and no visit begins from 01:00 to 02:00."


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A schedule.

    Attributes
    ----------
    run_id
        Hash of everything it was made of.
    table
        ``SCHEDULE_COLUMNS``: a row for every visit, and one for every place on a day on which it is
        not treated (``treated`` and ``visit`` 0, no ``start``); by date, place and visit.
        ``date`` is the policing day, ``start`` the clock time, ``starts_at`` the moment.
    allocation
        Which place on which day, shape (days, m).
    dates, area_ids
        What its rows and columns stand for.
    patrols
        Each patrol's round of each day.
    officer_hours
        Of each day, walking included, shape (days,).
    guess
        How much of a crossover could be told beforehand; None for other designs.
    request, choices
        As asked, and as settled.
    notes
        The automatic choices.
    """

    run_id: str
    table: pd.DataFrame
    allocation: NDArray[np.bool_]
    dates: tuple[dt.date, ...]
    area_ids: tuple[str, ...]
    patrols: tuple[Patrol, ...]
    officer_hours: NDArray[np.float64]
    guess: Predictability | None
    request: ScheduleRequest
    choices: Settled
    notes: Notes


def schedule(
    places: SchedulePlaces,
    request: ScheduleRequest,
    *,
    streets: NamedLines | None,
    metric_system: MetricSystem,
    rules: DoseRules,
) -> Plan:
    """Make a schedule.

    Parameters
    ----------
    places
        In the order of their list.
    request
        What is asked.
    streets, metric_system
        On which patrols walk; streets None where none are loaded.
    rules
        The dose.

    Raises
    ------
    BadInputError
        What is asked cannot be; it names the nearest that can.

    Notes
    -----
    Chance comes in two streams of the one seed, so that another dose leaves the days as they were.
    """
    chosen = settled(request, len(places), rules)
    groups, told = groups_of(
        places, request.bases, streets=streets, metric_system=metric_system, rules=rules
    )
    times = np.random.default_rng([request.seed, _TIMES])

    def draw(k: int) -> NDArray[np.bool_]:
        return _days_of(chosen, k, len(places), request)

    table = draw(chosen.k)
    found = patrols(table, groups, chosen.dose, exact_stops=rules.exact_stops, names=places.names)
    minutes = day_minutes(found, chosen.dose, request.days)
    if request.officer_hours is not None:
        require_hours(
            minutes, chosen, draw, groups, request.officer_hours, rules=rules, names=places.names
        )
    dates = tuple(request.start + dt.timedelta(days=one) for one in range(request.days))
    in_force = spans(chosen.hours, dates)
    visits = visits_of(
        found, chosen.dose, chosen.hours, in_force,
        peaks=peak_hours(places.peaks), weekdays=np.array([one.weekday() for one in dates]),
        draws=rules.peak_draws, rng=times,
    )  # fmt: skip
    run_id = _run_id(places, request, groups, rules)
    return Plan(
        run_id=run_id,
        table=_written(visits, table, places, dates=dates, chosen=chosen, run_id=run_id),
        allocation=table,
        dates=dates,
        area_ids=places.area_ids,
        patrols=tuple(found),
        officer_hours=minutes * chosen.officers / 60,
        guess=predictability(table, wait=chosen.wait) if chosen.design == "crossover" else None,
        request=request,
        choices=chosen,
        notes=merged(
            chosen.notes,
            told,
            _clock_notes(in_force, dates, visits, int(table.sum()) * chosen.dose.visits),
        ),
    )


def _days_of(chosen: Settled, k: int, m: int, request: ScheduleRequest) -> NDArray[np.bool_]:
    rng = np.random.default_rng([request.seed, _DAYS])
    if chosen.design == "crossover":
        return allocate(m, k, request.days, wait=chosen.wait, rng=rng)
    if chosen.design == "rotating":
        return rotate(m, k, request.days, rng=rng)
    # a shorter list keeps its first places
    return np.tile(np.arange(m) < k, (request.days, 1))


def _written(  # noqa: PLR0913 (what a row says)
    visits: pd.DataFrame,
    table: NDArray[np.bool_],
    places: SchedulePlaces,
    *,
    dates: tuple[dt.date, ...],
    chosen: Settled,
    run_id: str,
) -> pd.DataFrame:
    # a place whose only visit fell into an unclear hour is treated all the same
    seen = np.zeros_like(table)
    seen[visits["day"], visits["place"]] = True
    day, place = np.nonzero(~seen)
    rest = pd.DataFrame({"day": day, "place": place, "visit": 0, "start": "", "starts_at": ""})
    visits = visits.assign(minutes=chosen.dose.minutes)
    rows = pd.concat([visits, rest.assign(minutes=0)], ignore_index=True)
    rows = rows.sort_values(["day", "place", "visit"], ignore_index=True)
    for column in ("team", "stop", "walk_minutes"):
        rows[column] = rows[column].astype("Int64")
    written = np.array([one.isoformat() for one in dates], dtype=object)
    days, at = rows["day"].to_numpy(), rows["place"].to_numpy()
    rows["date"] = written[days]
    rows["area_id"] = np.array(places.area_ids, dtype=object)[at]
    rows["name"] = np.array(places.names, dtype=object)[at]
    rows["treated"] = table[days, at].astype(int)
    rows["run_id"] = run_id
    return rows[list(SCHEDULE_COLUMNS)]


def _clock_notes(
    in_force: Spans, dates: tuple[dt.date, ...], visits: pd.DataFrame, wanted: int
) -> Notes:
    notes = []
    ends = in_force.begins + in_force.minutes.astype("timedelta64[m]")
    shifts = on_the_clock(ends).strftime("%z") != on_the_clock(in_force.begins).strftime("%z")
    unclear = (in_force.unclear[:, 0] < in_force.minutes) & (in_force.unclear[:, 1] > 0)
    for day in np.flatnonzero(np.asarray(shifts) | unclear):
        back = in_force.unclear[day, 1] > 0
        text = (
            f"The clocks go {'back' if back else 'forward'} in the night of "
            f"{dates[day].isoformat()}: " + (_BACK if back else _FORWARD)
        )
        notes.append(Note(text, loud=True))
    short = wanted - len(visits)
    if short:
        text = f"Of {wanted:,} visits {short:,} could not be placed in those nights."
        notes.append(Note(text, loud=True))
    return tuple(notes)


def _run_id(
    places: SchedulePlaces, request: ScheduleRequest, groups: tuple[Group, ...], rules: DoseRules
) -> str:
    content = {
        "kind": "schedule",
        "version": VERSION,
        "places": places.digest,
        "ids": places.area_ids,
        "request": {key: str(value) for key, value in asdict(request).items()},
        "legs": [[one.members.tolist(), one.legs.minutes.tolist()] for one in groups],
        "rules": rules.model_dump(mode="json"),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
