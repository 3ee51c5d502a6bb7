"""One resolution of a backtest: its area as it was known, its record, and what may be left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from config.errors import BadInputError
from spatial.accuracy.ground import BacktestGround, backtest_ground
from spatial.accuracy.known import Known
from spatial.accuracy.patrolled import (
    WHY,
    PlaceDays,
    lost_days,
    raised,
    unpatrolled_condition,
)
from spatial.accuracy.record import Record, read_record
from spatial.accuracy.timeline import Horizon, Origin, Timeline, plan_timeline
from spatial.hexes.counts import precision
from spatial.hexes.grid import EVER_INCIDENT, grid_of_cells
from spatial.incidents.schema import cell_column
from spatial.notes import Note, Notes, merged
from spatial.scene import caveats, count_subject, open_scene, require_incidents
from spatial.window import Window, day_words

if TYPE_CHECKING:
    import duckdb
    from numpy.typing import NDArray

    from config.profile import Profile
    from spatial.backtest_results import BacktestRequest
    from spatial.incidents.store import IncidentStore
    from spatial.scene import Scene

FEW_EVENTS: Final = 100
"""Fewer scored incidents are called small numbers."""
_DAY: Final = dt.timedelta(days=1)
_IN_WORDS: Final = {
    "anti-social-behaviour": "antisocial behaviour", "disorder": "antisocial behaviour",
    "possession-of-weapons": "possession of weapons",
}  # fmt: skip
_PATROLLED: Final = "patrolled"
_AS_LOADED: Final = "incidents_patrolled_too"


@dataclass(frozen=True, slots=True, eq=False)
class BacktestScene:
    """What one resolution's trial needs.

    Attributes
    ----------
    scene
        Its grid is the area as it was known on the first origin.
    weighs_harm
        Whether any incident of the profile has a weight.
    patrolled
        Place-days that are not in the record; None for none.
    """

    scene: Scene
    horizon: Horizon
    timeline: Timeline
    ground: BacktestGround
    record: Record
    weighs_harm: bool
    patrolled: PlaceDays | None
    notes: Notes

    @property
    def resolution(self) -> int:
        """Of the grid."""
        return self.scene.grid.resolution

    def lost(self, origin: Origin) -> NDArray[np.float64]:
        """Return the days of an origin's horizon on which each cell was patrolled, shape (n,)."""
        if self.patrolled is None:
            return np.zeros(len(self.scene.grid))
        return lost_days(self.patrolled, self.scene.grid, first=origin.day, until=origin.until)

    def after_the_data(self) -> Known:
        """Return what is known on the day after the data."""
        return Known(
            self.ground, self.record, self.timeline, self.timeline.ends, self.horizon.in_months
        )


def open_backtest(
    store: IncidentStore,
    profile: Profile,
    request: BacktestRequest,
    resolution: int,
    *,
    patrolled: PlaceDays | None = None,
) -> BacktestScene:
    """Read what one resolution's trial needs.

    Raises
    ------
    BadInputError
        As :func:`spatial.backtest.backtest`.
    """
    horizon = _horizon(request)
    scene = open_scene(store, request.study_area, resolution, weights=request.weights)
    months_only = _months_only(store, scene.connection)
    _require_dates(patrolled, horizon, months_only=months_only)
    timeline = _plan(store, request, horizon, months_only=months_only)
    scene = area_known(scene, timeline.origins[0].day)
    subject = count_subject(scene, profile, covered(timeline))
    require_incidents(subject)
    if patrolled is not None:
        _hide(scene, patrolled)
    record = read_record(
        scene.connection,
        subject.condition,
        begins=timeline.begins,
        ends=timeline.ends,
        grid=scene.grid,
        without=scene.settings.untelling if profile.weighs_harm else (),
        months_only=months_only,
    )
    if patrolled is not None:
        record = _made_whole(record, scene, timeline, patrolled)
    own = record.kind < record.tiers
    return BacktestScene(
        scene=scene,
        horizon=horizon,
        timeline=timeline,
        ground=backtest_ground(scene.grid, record.points),
        record=record,
        weighs_harm=profile.weighs_harm and bool((record.harm[own] > 0).any()),
        patrolled=patrolled,
        notes=merged(
            scene.notes,
            timeline.notes,
            caveats(subject),
            _scored_notes(record, timeline, profile, horizon),
            _made_notes(scene, horizon, patrolled, weighs_harm=profile.weighs_harm),
        ),
    )


def planned(store: IncidentStore, request: BacktestRequest) -> Timeline:
    """Return the origins of a backtest, which takes no time, before it is run.

    Raises
    ------
    BadInputError
        As :func:`spatial.accuracy.timeline.plan_timeline`.
    """
    months_only = _months_only(store, store.connect())
    return _plan(store, request, _horizon(request), months_only=months_only)


def nearest(store: IncidentStore, request: BacktestRequest) -> BacktestRequest | None:
    """Return the backtest that is possible with the longest horizon up to the one asked for.

    None where the data allow none at all. The months known are then as many as there are.
    """
    most = request.horizon_months or max(round(request.horizon_days / 30), 1)
    for months in range(most, 0, -1):
        asked = replace(
            request, horizon_months=months, horizon_days=0, step_months=None, known_months=None
        )
        try:
            planned(store, asked)
        except BadInputError:
            continue
        return asked
    return None


def covered(timeline: Timeline) -> Window:
    """Return the days of the data that are used."""
    return Window(timeline.begins, timeline.ends - _DAY)


def scored(record: Record, timeline: Timeline, origin: Origin) -> tuple[float, float]:
    """Return the profile's incidents and harm in an origin's horizon, in the study area."""
    first, until = ((day - timeline.begins).days for day in (origin.day, origin.until))
    after = record.between(first, until)
    own = after.kind < after.tiers
    return float(after.incidents[own].sum()), float(after.harm[own].sum())


def area_known(scene: Scene, first: dt.date) -> Scene:
    """Return the scene as it was known on the first origin.

    An ever-incident area is cut to the cells in which anything was recorded before that day, with a
    loud note; a boundary stays as it is.
    """
    # cells in which something happens only later would tell of the future
    if scene.grid.study_area.name != EVER_INCIDENT:
        return scene
    column = cell_column(scene.grid.resolution)
    rows = scene.connection.execute(
        f"SELECT DISTINCT {column} AS cell FROM incidents "  # noqa: S608 (a column of the schema)
        f"WHERE {column} IS NOT NULL AND occurred_from < $first",
        {"first": first},
    ).fetchnumpy()
    grid = grid_of_cells(
        np.asarray(rows["cell"], dtype=np.uint64),
        name=EVER_INCIDENT,
        resolution=scene.grid.resolution,
    )
    note = Note(
        f"Study area: the {len(grid):,} cells in which anything was recorded before "
        f"{day_words(first)}, the first origin; what happened elsewhere later is not scored, which "
        "flatters every ranking alike.",
        loud=True,
    )
    return replace(scene, grid=grid, notes=(note,))


def _months_only(store: IncidentStore, connection: duckdb.DuckDBPyConnection) -> bool:
    whole = Window(store.data_from, store.data_through)
    return precision(connection, "TRUE", window=whole)[0]


def _plan(
    store: IncidentStore, request: BacktestRequest, horizon: Horizon, *, months_only: bool
) -> Timeline:
    return plan_timeline(
        store.data_from,
        store.data_through,
        horizon=horizon,
        months_only=months_only,
        step_months=request.step_months,
        known_months=request.known_months,
    )


def _horizon(request: BacktestRequest) -> Horizon:
    return Horizon(months=request.horizon_months, days=request.horizon_days)


def _require_dates(patrolled: PlaceDays | None, horizon: Horizon, *, months_only: bool) -> None:
    if patrolled is None:
        return
    if months_only:
        msg = (
            "Patrolled place-days cannot be left out: some records give only their month. The "
            "nearest backtest leaves nothing out."
        )
        raise BadInputError(msg)
    if horizon.days:
        msg = (
            "Patrolled place-days are left out month by month, so they cannot be left out of a "
            f"horizon of {horizon.words}. The nearest backtest is a horizon of 1 month."
        )
        raise BadInputError(msg)


def _hide(scene: Scene, patrolled: PlaceDays) -> None:
    scene.connection.execute(
        f"CREATE TEMP TABLE {_PATROLLED} AS SELECT unnest($cells) AS cell, unnest($days) AS day",
        {"cells": patrolled.cells, "days": patrolled.days.astype("datetime64[us]")},
    )
    scene.connection.execute(f"ALTER VIEW incidents RENAME TO {_AS_LOADED}")
    scene.connection.execute(
        f"CREATE VIEW incidents AS SELECT * FROM {_AS_LOADED} "  # noqa: S608 (names of ours)
        f"WHERE {unpatrolled_condition(patrolled)}"
    )


def _made_whole(record: Record, scene: Scene, timeline: Timeline, patrolled: PlaceDays) -> Record:
    """Raise what is left of each cell's months to stand for whole ones: half the days, twice."""
    starts = np.arange(
        np.datetime64(timeline.begins, "M"), np.datetime64(timeline.ends, "M") + 1
    ).astype("datetime64[D]")
    factors = np.stack(
        [
            raised(
                lost_days(patrolled, scene.grid, first=first.item(), until=until.item()),
                int((until - first).astype(int)),
            )
            for first, until in pairwise(starts)
        ]
    )
    bounds = (starts - starts[0]).astype(np.int64)
    month = np.searchsorted(bounds, record.day, side="right") - 1
    factor = factors[month, record.position]
    return replace(
        record,
        incidents=record.incidents * factor,
        harm=record.harm * factor,
        root_harm=record.root_harm * factor,
    )


def _scored_notes(record: Record, timeline: Timeline, profile: Profile, horizon: Horizon) -> Notes:
    numbers = np.array([scored(record, timeline, one)[0] for one in timeline.origins])
    if not numbers.any():
        msg = (
            f"No incident of {profile.title!r} falls into any of the {len(numbers)} windows that "
            f"would be scored. The nearest backtest is a longer horizon than {horizon.words}, or a "
            "profile with more incidents."
        )
        raise BadInputError(msg)
    notes = []
    empty = [one for one, held in zip(timeline.origins, numbers, strict=True) if not held]
    if empty:
        which = ", ".join(day_words(one.day) for one in empty)
        sentence = (
            f"No incident of {profile.title} in the {horizon.words} from {which}: nothing there "
            "could be held or missed, so it adds nothing to the pooled shares."
        )
        notes.append(Note(sentence, loud=True))
    if numbers.sum() < FEW_EVENTS:
        sentence = (
            f"Small numbers: {numbers.sum():,.0f} incidents are scored in all, so a ranking can "
            "lead by luck alone. Read the intervals."
        )
        notes.append(Note(sentence, loud=True))
    if len(numbers) == 1:
        sentence = (
            "There is one origin: how far rankings differ from season to season cannot be seen, "
            "and is in no interval."
        )
        notes.append(Note(sentence, loud=True))
    return tuple(notes)


def _made_notes(
    scene: Scene, horizon: Horizon, patrolled: PlaceDays | None, *, weighs_harm: bool
) -> Notes:
    notes = [
        Note(
            f"On each origin places are chosen on what had happened by then and scored on the next "
            f"{horizon.words}; shares are pooled over origins, and places that tie share what "
            "they hold."
        ),
        Note(
            "Intervals (95%) come of drawing blocks of ground and time anew with replacement: they "
            "say what other months might have brought here, not what another force would find."
        ),
        Note("Recorded incidents are scored, not all that happened."),
    ]
    if weighs_harm and scene.settings.untelling:
        told = dict.fromkeys(_IN_WORDS.get(one, one) for one in scene.settings.untelling)
        notes.append(Note(f"No ranking was told of: {', '.join(told)}."))
    if patrolled is None:
        notes.append(Note(f"Patrolled place-days were not left out. {WHY}"))
    else:
        sentence = (
            f"{len(patrolled.days):,} patrolled place-days were left out of what is known and of "
            "what is scored, and what is left of each month was raised to the whole month."
        )
        notes.append(Note(f"{sentence} {WHY}", loud=True))
    return tuple(notes)
