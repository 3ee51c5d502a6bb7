"""What an evaluation is made from: profiles, ground and occurrences, each checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.errors import BadInputError
from config.operation import Operation, Span
from config.operation_rules import check_precision
from config.profile import Family, Profile, load_profile
from spatial.evaluation.footprint import Footprint, check_apart, footprint
from spatial.evaluation.occurrences import Occurrences, coarsest, in_force, read_occurrences
from spatial.evaluation.periods import operation_periods
from spatial.evaluation.placed import MATCHED_MONTHS, Placed, matched, put_in_place, tried_distances
from spatial.evaluation.placing import (
    REST_RESOLUTION,
    candidate_cells,
    candidate_resolution,
    ground_round,
    place_of,
)
from spatial.evaluation.recorded import UNTESTED
from spatial.evaluation.waves.plan import read_plan
from spatial.incidents.moments import PRECISIONS
from spatial.incidents.select import profile_condition, untested_condition
from spatial.incidents.weighing import scheme_named, weigh_incidents
from spatial.notes import Note, Notes
from spatial.scene import open_scene
from spatial.window import day_words

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme
    from spatial.evaluation.matching import Matches
    from spatial.evaluation.waves.plan import WavePlan
    from spatial.hexes.study_area import StudyArea
    from spatial.incidents.store import IncidentStore

OTHER_OFFENCES: Final = "other_offences"
DISORDER: Final = "asb"
_YEAR: Final = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Everything an evaluation looks at.

    Attributes
    ----------
    profiles
        The outcomes by name, the primary one first.
    placed
        Occurrences in their places.
    largest_days
        By outcome: the greatest weight of a single incident that the store holds.
    switched
        Name and title of what else is looked at in the places.
    study_area
        Where the rest of the force, or candidates, were looked for; None where none was needed.
    scheme
        The weights chosen for this evaluation; None for those stored at load.
    plan
        The waves of a staggered operation, else None.
    """

    profiles: dict[str, Profile]
    placed: Placed
    largest_days: dict[str, float | None]
    switched: tuple[tuple[str, str], ...]
    study_area: StudyArea | None
    matching: Matches | None
    scheme: HarmScheme | None
    notes: Notes
    plan: WavePlan | None = None


def read_inputs(
    store: IncidentStore,
    operation: Operation,
    *,
    study_area: str | None = None,
    weights: str | None = None,
) -> Inputs:
    """Read and check what an operation is judged by.

    Parameters
    ----------
    operation
        As :func:`config.operation_file.read_operation` returns it.
    study_area
        Where comparators are looked for, if they are matched or the rest of the force.
    weights
        A harm scheme in place of the weights stored at load.

    Raises
    ------
    BadInputError
        The data do not reach over the dates, are too coarse in time for the design, or hold nothing
        in a place; comparators lie in a buffer; a profile, map or study area cannot be used.
    """
    profiles = {_name(one): one for one in map(load_profile, operation.profiles)}
    treated = footprint(operation.areas)
    plan = read_plan(operation, treated.area_ids) if operation.design == "staggered" else None
    against = operation.comparators
    kind = None if against is None or operation.design == "crossover" else against.kind
    listed = footprint(against) if kind == "areas" and against is not None else None
    check_apart(treated, listed, buffer_m=max(operation.distances_m), name=operation.name)
    span = _span(operation)
    _check_reach(store, operation)
    scheme = None if weights is None else scheme_named(weights)
    resolution = candidate_resolution(treated) if kind == "matched" else REST_RESOLUTION
    scene = (
        open_scene(store, study_area, resolution) if kind in {"matched", "rest_of_force"} else None
    )
    connection = store.connect() if scene is None else scene.connection
    if scheme is not None:
        weigh_incidents(connection, scheme)
    conditions, switched = _conditions(profiles)
    everywhere = [*treated.shapes, *(() if listed is None else listed.shapes)]
    bounds = (
        shapely.union_all(everywhere).bounds if scene is None else _bounds(scene.grid.study_area)
    )
    occurrences = read_occurrences(
        connection,
        conditions,
        first=_read_from(operation, span, store, kind),
        last=operation.last_date,
        bounds=_wider(bounds, treated, max(tried_distances(operation), default=0)),
        day_starts=operation.day_starts,
        resolution=resolution,
    )
    usable, notes = _usable(occurrences, operation, treated, next(iter(profiles)))
    _check_places(occurrences, treated, operation)
    matching = None
    if kind == "matched" and scene is not None:
        barred = ground_round(treated, metres=max(tried_distances(operation), default=0))
        candidates = candidate_cells(scene.grid, barred=barred)
        listed, matching = matched(
            occurrences,
            usable & occurrences.counts_as[next(iter(profiles))],
            operation,
            treated=treated,
            candidates=candidates,
            data_from=store.data_from,
        )
        notes = (*notes, *matching.notes)
    area = None if scene is None else scene.grid.study_area
    placed = put_in_place(
        occurrences,
        usable,
        operation,
        treated=treated,
        comparators=listed,
        rest_of=area if kind == "rest_of_force" else None,
        span=span,
    )
    chosen_on = operation.selection
    if chosen_on is not None and chosen_on.first < store.data_from:
        placed = replace(placed, choice_held=False)
        sentence = (
            f"The data begin on {day_words(store.data_from)}, after {day_words(chosen_on.first)}, "
            "when the dates begin that the places were chosen on: figures against those dates are "
            "left out."
        )
        notes = (*notes, Note(sentence, loud=operation.design != "crossover"))
    largest = {name: _largest(connection, conditions[name]) for name in profiles}
    return Inputs(profiles, placed, largest, switched, area, matching, scheme, notes, plan)


def _name(profile: Profile) -> str:
    return profile.name


def _span(operation: Operation) -> Span:
    """Return the dates to draw: a year before a crossover, at most, or the whole time before."""
    firsts = [operation.first_date]
    firsts += [one.first for one in (operation.baseline, operation.selection) if one is not None]
    first = min(firsts)
    if operation.design == "crossover":
        first = max(first, operation.first_date - _YEAR)
    return Span(first=first, last=operation.last_date)


def _read_from(operation: Operation, span: Span, store: IncidentStore, kind: str | None) -> dt.date:
    if kind != "matched":
        return span.first
    until = operation.selection.first if operation.selection else operation.first_date
    # the baseline's months are left out of the matching, and others taken in their place
    baseline = 0 if operation.baseline is None else operation.baseline.days + 62
    back = until - dt.timedelta(days=31 * MATCHED_MONTHS + baseline)
    return max(store.data_from, min(span.first, back))


def _check_reach(store: IncidentStore, operation: Operation) -> None:
    if operation.last_date > store.data_through:
        msg = (
            f"{operation.name}: last_date: the operation ends on {operation.last_date}, and the "
            f"data end on {store.data_through}: what happened since is missing and would pass for "
            "a fall. Load later incidents."
        )
        raise BadInputError(msg)
    before = operation.baseline
    if operation.design != "crossover" and before is not None and before.first < store.data_from:
        msg = (
            f"{operation.name}: baseline: it begins on {before.first}, and the data on "
            f"{store.data_from}: the time before is not whole. Load earlier incidents, or begin it "
            "later."
        )
        raise BadInputError(msg)
    if operation.design == "crossover" and operation.first_date < store.data_from:
        msg = (
            f"{operation.name}: first_date: {operation.first_date} is before the data begin "
            f"({store.data_from}). Load earlier incidents."
        )
        raise BadInputError(msg)


def _conditions(
    profiles: dict[str, Profile],
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the SQL of every outcome, and of what else is looked at in the places."""
    conditions = {name: profile_condition(one) for name, one in profiles.items()}
    primary = next(iter(profiles.values()))
    disorder = load_profile(DISORDER)
    quiet = profile_condition(disorder)
    switched = []
    if all(one.family is not Family.ANTISOCIAL_BEHAVIOUR for one in profiles.values()):
        conditions.setdefault(DISORDER, quiet)
        switched.append((DISORDER, disorder.title))
    conditions[UNTESTED] = untested_condition(primary)
    conditions[OTHER_OFFENCES] = f"(NOT {profile_condition(primary)} AND NOT {quiet})"
    switched.append((OTHER_OFFENCES, f"Every other offence than {primary.title}"))
    return conditions, tuple(switched)


def _usable(
    occurrences: Occurrences, operation: Operation, treated: Footprint, primary: str
) -> tuple[NDArray[np.bool_], Notes]:
    """Return which occurrences may be counted, and say what was left out for want of a time."""
    own = occurrences.counts_as[primary]
    place = place_of(occurrences, treated.shapes) >= 0
    precision, _ = coarsest(occurrences.precision[own & (place if place.any() else own)])
    check_precision(operation, precision, name=operation.name)
    coarse = np.zeros(len(occurrences), dtype=bool)
    if not operation.all_day:
        coarse |= occurrences.clock < 0
    daily = operation.design == "crossover" or bool(operation.weekdays)
    if daily or precision != "month":
        # too few to stop for, and on no day: a first of the month that is not one
        coarse |= occurrences.precision == PRECISIONS.index("month")
    usable = in_force(occurrences, operation) & ~coarse
    left_out = int((own & place & coarse).sum())
    notes: Notes = ()
    if left_out:
        notes = (
            Note(
                f"{left_out:,} incidents in the places have too coarse a time for days and hours, "
                "and were left out.",
                loud=True,
            ),
        )
    return usable, notes


def _check_places(occurrences: Occurrences, treated: Footprint, operation: Operation) -> None:
    place = place_of(occurrences, treated.shapes)
    held = np.bincount(place[place >= 0], minlength=len(treated.shapes))
    if (held == 0).any():
        empty = treated.area_ids[int(np.argmin(held))]
        msg = (
            f"{operation.name}: areas: {empty!r} holds no incident of any kind from "
            f"{_read_words(occurrences)}. Check that the areas belong to these data, or take it "
            "out."
        )
        raise BadInputError(msg)


def check_outcome(placed: Placed, operation: Operation, profile: Profile) -> None:
    """Refuse a primary outcome of which the patrolled places had nothing on the dates compared.

    Raises
    ------
    BadInputError
        It names the profile, the dates and what could be done.
    """
    own = placed.chosen(profile.name) & (placed.row >= 0) & (placed.row < placed.places)
    inside = placed.occurrences.within(Span(first=operation.first_date, last=operation.last_date))
    if operation.design != "crossover":
        inside = operation_periods(operation).of(placed.occurrences) >= 0
    if not (own & inside).any():
        msg = (
            f"{operation.name}: profiles: the patrolled places had no incident of {profile.name!r} "
            "on the days and in the hours compared, so nothing can be said. Choose a profile that "
            "counts more, or a longer time."
        )
        raise BadInputError(msg)


def _read_words(occurrences: Occurrences) -> str:
    if not len(occurrences):
        return "the dates asked for"
    first, last = (occurrences.day[place].astype(dt.date) for place in (0, -1))
    return f"{day_words(first)} to {day_words(last)}"


def _largest(connection: duckdb.DuckDBPyConnection, condition: str) -> float | None:
    row = connection.execute(
        f"SELECT max(harm_days) FROM incidents WHERE {condition}"  # noqa: S608 (a condition of checked profile models)
    ).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def _bounds(area: StudyArea) -> tuple[float, float, float, float]:
    west, south, east, north = area.polygon.bounds
    return west, south, east, north


def _wider(
    bounds: tuple[float, float, float, float], treated: Footprint, metres: float
) -> tuple[float, float, float, float]:
    box = Footprint(("box",), np.array([shapely.box(*bounds)], dtype=object))
    # the same plane as the places, and a little more than the widest ring
    wide = treated.plane.unproject(
        shapely.box(*shapely.buffer(box.on_plane(treated.plane)[0], metres + 50.0).bounds)
    )
    west, south, east, north = wide.bounds
    return west, south, east, north
