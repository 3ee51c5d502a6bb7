"""The request: what a schedule is asked, its defaults filled in, and what is impossible refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from spatial.notes import Note, Notes
from spatial.targets.schedule.allocation import shortest_wait
from spatial.targets.schedule.hours import Hours, hours_between
from spatial.targets.schedule.patrols import Dose, spread_over

if TYPE_CHECKING:
    import datetime as dt

    from config.dose import DoseRules

DESIGNS: Final = ("fixed", "rotating", "crossover")
_MOST_DAYS: Final = 366
_LATEST: Final = 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRequest:
    """What a schedule is asked; None stands for the setting's value.

    Attributes
    ----------
    start, days
        First policing day, and how many.
    seed
        Of all chance: the same request and seed give the same schedule.
    treated
        Places patrolled each day; None for all.
    design
        One of ``DESIGNS``; None for a crossover where fewer than all are treated, else fixed.
    wait
        D of a crossover: see :func:`spatial.targets.schedule.allocation.allocate`.
    minutes, every, visits
        Of a visit; between visits; how many a day (in place of ``every``).
    from_hour, to_hour
        Clock hours in force.
    officers
        On a visit.
    officer_hours
        The most of them on any day; None for no limit.
    bases
        Longitude and latitude (degrees, WGS84) of each place where patrols start and end; none for
        the middle of the places of each town.
    """

    start: dt.date
    days: int
    seed: int
    treated: int | None = None
    design: str | None = None
    wait: int | None = None
    minutes: int | None = None
    every: int | None = None
    visits: int | None = None
    from_hour: int | None = None
    to_hour: int | None = None
    officers: int | None = None
    officer_hours: float | None = None
    bases: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """A request whose every choice is made.

    Attributes
    ----------
    k, design, wait
        Places each day; how they are chosen; D, nought where no wait is promised.
    dose, hours, officers
        What each treated place gets, when, by how many.
    notes
        What was taken by default or stands outside what is known to work.
    """

    k: int
    design: str
    wait: int
    dose: Dose
    hours: Hours
    officers: int
    notes: Notes


def settled(request: ScheduleRequest, m: int, rules: DoseRules) -> Settled:
    """Fill in defaults and refuse what cannot be.

    Parameters
    ----------
    m
        Places in the list.

    Raises
    ------
    BadInputError
        What is asked cannot be; it names the nearest that can.
    """
    _require_days(request)
    k = m if request.treated is None else request.treated
    design = request.design or ("fixed" if k == m else "crossover")
    _require_design(design, k, m)
    wait, notes = _wait(request, design, k, m, rules)
    hours = hours_between(
        rules.from_hour if request.from_hour is None else request.from_hour,
        rules.to_hour if request.to_hour is None else request.to_hour,
    )
    dose, told = _dose(request, hours, rules)
    officers = rules.officers if request.officers is None else request.officers
    if officers < 1:
        msg = f"{officers!r} officers cannot make a visit. Send at least one; two walk as a pair."
        raise BadInputError(msg)
    return Settled(k, design, wait, dose, hours, officers, (*notes, *told))


def _require_days(request: ScheduleRequest) -> None:
    if not 1 <= request.days <= _MOST_DAYS:
        msg = f"A schedule of {request.days!r} days cannot be made. Give 1 to {_MOST_DAYS} days."
        raise BadInputError(msg)
    if not 1970 <= request.start.year < _LATEST:  # noqa: PLR2004 (the clock's rules begin there)
        msg = f"The schedule cannot start on {request.start.isoformat()!r}. Give a day before 2100."
        raise BadInputError(msg)
    if request.seed < 0:
        msg = f"The seed is {request.seed!r}. Give a whole number from 0."
        raise BadInputError(msg)


def _require_design(design: str, k: int, m: int) -> None:
    if design not in DESIGNS:
        msg = f"There is no design {design!r}. Choose one of: {', '.join(DESIGNS)}."
        raise BadInputError(msg)
    if not 1 <= k <= m:
        msg = (
            f"{k!r} places cannot be treated each day: the list holds {m}. Treat from 1 to {m}, or "
            "give a longer list."
        )
        raise BadInputError(msg)
    if design == "fixed" and k < m:
        msg = (
            f"A fixed schedule visits all {m} places every day, and {k} were asked for. Choose "
            f"crossover or rotating, or give a list of {k} places."
        )
        raise BadInputError(msg)
    if design == "crossover" and k == m:
        msg = (
            f"A crossover needs days without patrols: treat fewer than all {m} places a day, "
            f"{max(1, m // 2)} for the clearest answer; or choose fixed."
        )
        raise BadInputError(msg)


def _wait(
    request: ScheduleRequest, design: str, k: int, m: int, rules: DoseRules
) -> tuple[int, Notes]:
    if design != "crossover":
        if request.wait is not None and shortest_wait(m, k) > request.wait:
            msg = (
                f"With {k} of {m} places a day in turn each waits {shortest_wait(m, k)} days, and "
                f"{request.wait!r} were given. Treat {-(-m // max(1, request.wait))} places a day."
            )
            raise BadInputError(msg)
        return 0, ()
    if request.wait is not None:
        return request.wait, ()
    # room for chance: twice what turns alone would need
    needed = 2 * shortest_wait(m, k)
    if needed <= rules.wait_days:
        return rules.wait_days, ()
    text = (
        f"With {k} of {m} places a day a wait of {rules.wait_days} days would leave too little to "
        f"chance; {needed} days were taken."
    )
    return needed, (Note(text),)


def _dose(request: ScheduleRequest, hours: Hours, rules: DoseRules) -> tuple[Dose, Notes]:
    minutes = rules.minutes if request.minutes is None else request.minutes
    every = rules.every_minutes if request.every is None else request.every
    if minutes < 1:
        msg = f"A visit of {minutes!r} minutes is none. Give {rules.fewest_minutes} or more."
        raise BadInputError(msg)
    if minutes > hours.minutes:
        msg = (
            f"A visit of {minutes} minutes does not fit into {hours.words}, which are "
            f"{hours.minutes}. Give more hours, or visits of {hours.minutes} minutes."
        )
        raise BadInputError(msg)
    if every < minutes:
        msg = (
            f"A visit of {minutes} minutes cannot begin every {every!r} minutes. Visit every "
            f"{minutes} minutes or more; about every {rules.every_minutes} is usual."
        )
        raise BadInputError(msg)
    visits = max(1, hours.minutes // every) if request.visits is None else request.visits
    if visits < 1 or visits * minutes > hours.minutes:
        msg = (
            f"{visits!r} visits of {minutes} minutes do not fit into {hours.words}. Make from 1 to "
            f"{hours.minutes // minutes} visits."
        )
        raise BadInputError(msg)
    dose = spread_over(hours.minutes, visits, minutes, rules)
    notes = []
    if not rules.fewest_minutes <= minutes <= rules.most_minutes:
        text = (
            f"Visits of {minutes} minutes lie outside the {rules.fewest_minutes} to "
            f"{rules.most_minutes} minutes whose effect is known."
        )
        notes.append(Note(text, loud=True))
    if request.every is not None and request.visits is not None:
        text = (
            f"{visits} visits a day were asked for: the {every} minutes between them were not used."
        )
        notes.append(Note(text, loud=True))
    return dose, tuple(notes)
