"""The backtest: places chosen on the past of a store, scored on what came next, against rivals."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from config.errors import BadInputError
from config.profile import load_profile
from config.version import VERSION
from spatial.accuracy.certainty import staying
from spatial.accuracy.recommendation import recommend
from spatial.accuracy.rivals import rivals_for
from spatial.accuracy.scores import origin_table, paired_table, pool, score_table
from spatial.accuracy.trial import Lengths, Trial, certain_places, known_on, run_trial
from spatial.backtest_results import (
    ORIGIN_COLUMNS,
    PLACE_COLUMNS,
    STAYING_COLUMNS,
    BacktestRequest,
    BacktestResult,
)
from spatial.backtest_scene import BacktestScene, covered, open_backtest, scored
from spatial.hexes.grid import cell_names, merge_cells
from spatial.incidents.checks.banner import quality_banner
from spatial.notes import Notes, merged
from spatial.run_id import identify_run
from spatial.scene import schemes_used
from spatial.targets.names import name_areas, read_named_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from config.profile import Profile
    from spatial.accuracy.patrolled import PlaceDays
    from spatial.accuracy.rivals import Rival
    from spatial.accuracy.scores import Pooled
    from spatial.incidents.store import IncidentStore

_DAY: Final = dt.timedelta(days=1)


def backtest(
    store: IncidentStore,
    request: BacktestRequest,
    *,
    fitted_once: Mapping[int, Mapping[str, Rival]] | None = None,
    patrolled: PlaceDays | None = None,
    progress: Callable[[str], None] | None = None,
) -> BacktestResult:
    """Choose places on the past, again and again, and score them on what came next.

    Parameters
    ----------
    store, request
        Whose data, and how.
    fitted_once
        Further rankings by resolution and name (``risk_terrain``, where factors are loaded): each
        is given what was known on the first origin, and its scores serve all origins.
    patrolled
        Place-days to leave out of what is known and of what is scored.
    progress
        Told each step.

    Raises
    ------
    BadInputError
        The data are too short for the horizon, give months only where days are asked for, or hold
        nothing in any window that is scored; a list is longer than the area; or as
        :func:`spatial.scene.open_scene`. The message names the nearest backtest that is possible.

    Notes
    -----
    Nothing from an origin on reaches a choice: the record is cut there, the weights of tiers are
    means of the known, and an ever-incident study area is that of the first origin.
    """
    asked = _checked(request)
    profile = load_profile(asked.profile)
    further = fitted_once or {}
    scenes: list[BacktestScene] = []
    pools: list[Pooled] = []
    notes: Notes = ()
    for resolution in asked.resolutions:
        place = open_backtest(store, profile, asked, resolution, patrolled=patrolled)
        found, said = _tried(place, asked, further.get(resolution, {}), progress)
        scenes.append(place)
        pools.append(found)
        notes = merged(notes, place.notes, said)
    lead = scenes[0]
    editions, schemes = schemes_used(lead.scene)
    certain, stay = [_certain(one, asked) for one in scenes], [_staying(p.trial) for p in pools]
    return BacktestResult(
        run_id=_run_id(lead, profile, asked, further, patrolled),
        version=VERSION,
        request=asked,
        profile=profile,
        study_area=lead.scene.grid.study_area,
        origins=_origins(lead),
        scores=_stacked(asked, [score_table(one) for one in pools]),
        paired=_stacked(asked, [paired_table(one) for one in pools]),
        stability=_stacked(asked, [one.trial.stability for one in pools]),
        by_origin=_stacked(asked, [origin_table(one) for one in pools]),
        recommendation=recommend(
            pools[0], resolution=lead.resolution, horizon_words=lead.horizon.words
        ),
        certain_places=_stacked(asked, certain)[list(PLACE_COLUMNS)],
        staying=_stacked(asked, stay)[list(STAYING_COLUMNS)],
        cells={one.resolution: len(one.scene.grid) for one in scenes},
        horizon_words=lead.horizon.words,
        left_out_days=0 if patrolled is None else len(patrolled.days),
        data_from=store.data_from,
        data_through=store.data_through,
        harm_edition=", ".join(editions) if lead.weighs_harm else "",
        harm_sources=tuple(one.attribution for one in schemes) if lead.weighs_harm else (),
        marking=lead.scene.settings.marking,
        notes=notes,
        quality=quality_banner(store, profile=profile, window=covered(lead.timeline)),
    )


def _tried(
    place: BacktestScene,
    request: BacktestRequest,
    fitted_once: Mapping[str, Rival],
    progress: Callable[[str], None] | None,
) -> tuple[Pooled, Notes]:
    last = place.timeline.origins[-1]
    most = known_on(place.ground, place.record, place.timeline, last, horizon=place.horizon).periods
    rivals, notes = rivals_for(weighs_harm=place.weighs_harm, periods=most)
    cells = len(place.scene.grid)
    for number in request.places:
        if number >= cells:
            msg = (
                f"A list of {number!r} places is the whole study area: it has {cells:,} cells at "
                f"resolution {place.resolution}. Ask for fewer places."
            )
            raise BadInputError(msg)
    if progress is not None:
        progress(f"Resolution {place.resolution}: {cells:,} cells, {len(rivals)} rankings.")
    trial = run_trial(
        place.ground,
        place.record,
        place.timeline,
        horizon=place.horizon,
        rivals=rivals,
        lengths=Lengths(request.area_shares, request.places, cells),
        weighs_harm=place.weighs_harm,
        fitted_once=fitted_once,
        lost=None if place.patrolled is None else place.lost,
        progress=progress,
    )
    return pool(trial, overlap=place.timeline.overlap), notes


def _checked(request: BacktestRequest) -> BacktestRequest:
    if not request.resolutions:
        msg = "No resolution was given. Ask for 8, 9 or 10."
        raise BadInputError(msg)
    for share in request.area_shares:
        if not 0 < share < 1:
            msg = f"The area share {share!r} is none: give one between 0 and 1, such as 0.01."
            raise BadInputError(msg)
    for number in request.places:
        if number < 1:
            msg = f"A list of {number!r} places holds none. Ask for at least 1."
            raise BadInputError(msg)
    if not request.area_shares and not request.places:
        msg = "No length of list was given. Ask for a share of the area or a number of places."
        raise BadInputError(msg)
    return replace(request, resolutions=tuple(dict.fromkeys(request.resolutions)))


def _run_id(
    lead: BacktestScene,
    profile: Profile,
    request: BacktestRequest,
    fitted_once: Mapping[int, Mapping[str, Rival]],
    patrolled: PlaceDays | None,
) -> str:
    rules: dict[str, object] = {
        "further": {
            str(at): {name: str(getattr(ranks, "digest", "")) for name, ranks in names.items()}
            for at, names in sorted(fitted_once.items())
        }
    }
    if patrolled is not None:
        held = patrolled.cells.tobytes() + patrolled.days.astype(np.int64).tobytes()
        rules["patrolled"] = hashlib.sha256(held).hexdigest()
    return identify_run("backtest", lead.scene, [profile], request, rules=rules)


def _origins(lead: BacktestScene) -> pd.DataFrame:
    rows = [
        (
            lead.timeline.begins,
            one.day - _DAY,
            one.day,
            one.until - _DAY,
            *scored(lead.record, lead.timeline, one),
        )
        for one in lead.timeline.origins
    ]
    return pd.DataFrame(rows, columns=list(ORIGIN_COLUMNS))


def _stacked(request: BacktestRequest, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    named = [
        table.assign(resolution=resolution)
        for resolution, table in zip(request.resolutions, tables, strict=True)
    ]
    filled = [table for table in named if len(table)] or named[:1]
    return pd.concat(filled, ignore_index=True)


def _certain(place: BacktestScene, request: BacktestRequest) -> pd.DataFrame:
    """Return the list that would be made now, by how sure each place is."""
    empty = pd.DataFrame(columns=[*PLACE_COLUMNS])
    if not request.places:
        return empty
    found = certain_places(
        place.after_the_data(), places=request.places[0], weighs_harm=place.weighs_harm
    )
    if found is None:
        return empty
    cells = place.scene.grid.cells[found["position"].to_numpy(np.int64)]
    return found.assign(cell=cell_names(cells), name=_names(place, cells))


def _names(place: BacktestScene, cells: NDArray[np.uint64]) -> list[str]:
    """Return what the streets call cells; empty where none is known."""
    system = place.scene.grid.study_area.metric_system
    path = place.scene.store.context_layers().get("streets")
    streets = None if path is None else read_named_lines(path, metric_system=system)
    outlines = [merge_cells(cells[at : at + 1]) for at in range(len(cells))]
    return name_areas(outlines, streets, metric_system=system)


def _staying(trial: Trial) -> pd.DataFrame:
    counted: dict[str, tuple[int, int]] = {}
    for before, after in zip(trial.certain[:-1], trial.certain[1:], strict=True):
        if before is None or after is None:
            continue
        for name, (places, stayed) in staying(before, after).items():
            so_far = counted.get(name, (0, 0))
            counted[name] = (so_far[0] + places, so_far[1] + stayed)
    rows = [
        (name, places, stayed, stayed / places if places else np.nan)
        for name, (places, stayed) in counted.items()
    ]
    return pd.DataFrame(rows, columns=list(STAYING_COLUMNS[1:]))
