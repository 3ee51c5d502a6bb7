"""One analysis, from request to result: the run id is born here, and both doors call it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from config.errors import BadInputError
from config.profile import Family, Measure, Profile, load_profile
from config.settings import load_settings
from config.version import VERSION
from spatial.alternatives import alternative_values
from spatial.hexes.counts import cell_dates
from spatial.hexes.grid import cell_names
from spatial.hotspots.significance import HOT
from spatial.hotspots.surface import surface
from spatial.notes import Note, Notes
from spatial.results import (
    HOTSPOT_COLUMNS,
    HotspotRequest,
    HotspotResult,
    TargetRequest,
    TargetResult,
    TaskingRequest,
    TaskingResult,
)
from spatial.scene import (
    Scene,
    Subject,
    caveats,
    count_subject,
    finest_resolution,
    open_scene,
    require_incidents,
    schemes_used,
)
from spatial.targets.areas import AreaRules
from spatial.targets.names import read_named_lines
from spatial.targets.ranking import RankedAreas, best_areas, held_out, rank_areas
from spatial.targets.sensitivity import sensitivity_table
from spatial.targets.table import target_table
from spatial.window import day_words

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from spatial.incidents.store import IncidentStore

_DISORDER_PROFILE = "asb"


def hotspots(store: IncidentStore, request: HotspotRequest) -> HotspotResult:
    """Test one profile and window for hot spots.

    Raises
    ------
    BadInputError
        Unknown profile, no or unknown study area, a study area that misses the data, a window
        without an incident of the profile, a resolution that is not indexed, or harm asked of
        antisocial behaviour.
    """
    profile = load_profile(request.profile)
    measure = request.measure or profile.default_measure
    if measure is not Measure.COUNT and not profile.weighs_harm:
        msg = (
            f"Measure {measure.value!r} cannot be used with profile {profile.name!r}: antisocial "
            "behaviour has no harm weight. Use count."
        )
        raise BadInputError(msg)
    scene = _scene(store, request, request.resolution)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    ring = request.ring or scene.settings.ring
    run_id = _run_id("hotspots", scene, [profile], replace(request, measure=measure, ring=ring))
    return _hotspot_result(subject, measure=measure, ring=ring, run_id=run_id)


def targets(store: IncidentStore, request: TargetRequest) -> TargetResult:
    """Rank the places to patrol for one profile and window.

    Raises
    ------
    BadInputError
        As :func:`hotspots`; or ``places`` below 1.
    """
    profile, disorder = load_profile(request.profile), load_profile(_DISORDER_PROFILE)
    scene = _scene(store, request, request.resolution)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    run_id = _run_id("targets", scene, [profile, disorder], request)
    return _target_result(
        subject,
        hot=_tested_on_counts(subject, run_id),
        disorder=_tested_on_counts(count_subject(scene, disorder, request.window), run_id),
        places=request.places,
        run_id=run_id,
    )


def tasking(store: IncidentStore, request: TaskingRequest) -> TaskingResult:
    """Answer a tasking meeting: both surfaces, and the ranked places, from one run.

    Cells are tested on counts, so that one homicide cannot make a hot spot; places are ranked by
    harm, and say whether they hold a significant cell.

    Raises
    ------
    BadInputError
        As :func:`targets`; or a profile of antisocial behaviour, which the page draws beside the
        violence in any case.
    """
    profile, disorder = load_profile(request.profile), load_profile(_DISORDER_PROFILE)
    if profile.family is not Family.SERIOUS_VIOLENCE:
        msg = (
            f"Profile {profile.name!r} is antisocial behaviour, which is always drawn beside the "
            "violence. Choose a profile of serious violence."
        )
        raise BadInputError(msg)
    resolution = request.resolution or finest_resolution(
        store, profile, request.window, load_settings()
    )
    scene = _scene(store, request, resolution)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    run_id = _run_id("tasking", scene, [profile, disorder], replace(request, resolution=resolution))
    violence = _tested_on_counts(subject, run_id)
    beside = _tested_on_counts(count_subject(scene, disorder, request.window), run_id)
    ranked = _target_result(
        subject, hot=violence, disorder=beside, places=request.places, run_id=run_id
    )
    editions, schemes = schemes_used(scene)
    return TaskingResult(
        run_id=run_id,
        version=VERSION,
        request=request,
        profile=profile,
        study_area=scene.grid.study_area,
        violence=violence,
        disorder=beside,
        targets=ranked,
        incidents=int(subject.counts.incidents.sum()),
        harm_edition=", ".join(editions),
        harm_sources=tuple(scheme.attribution for scheme in schemes),
        data_through=store.data_through,
        notes=_merged(violence.notes, ranked.notes, beside.notes),
    )


def sensitivity(store: IncidentStore, request: TargetRequest) -> pd.DataFrame:
    """Say how many of the places that a request ranks stay when harm is weighed in another way.

    Returns
    -------
    ``variant, kept, of, share``: see :func:`spatial.targets.sensitivity.sensitivity_table`, one row
    for each of :func:`spatial.alternatives.alternative_values`.

    Raises
    ------
    BadInputError
        As :func:`targets`.
    """
    profile = load_profile(request.profile)
    scene = _scene(store, request, request.resolution)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    if request.places < 1:
        raise BadInputError(_no_places(request.places))
    dates = cell_dates(scene.connection, subject.condition, window=subject.window, grid=scene.grid)
    ranked = {
        variant: best_areas(value, dates, scene.grid, rules=_rules(subject), places=request.places)
        for variant, value in alternative_values(subject).items()
    }
    return sensitivity_table(_ranked(subject, request.places).areas, ranked)


def _no_places(places: int) -> str:
    return f"places is {places!r}: ask for at least 1."


def _scene(
    store: IncidentStore, request: HotspotRequest | TargetRequest | TaskingRequest, resolution: int
) -> Scene:
    return open_scene(store, request.study_area, resolution, weights=request.weights)


def _tested_on_counts(subject: Subject, run_id: str) -> HotspotResult:
    ring = subject.scene.settings.ring
    return _hotspot_result(subject, measure=Measure.COUNT, ring=ring, run_id=run_id)


def _hotspot_result(subject: Subject, *, measure: Measure, ring: int, run_id: str) -> HotspotResult:
    scene, profile = subject.scene, subject.profile
    frame, notes = surface(subject.counts, scene.grid, measure=measure, ring=ring)
    shown = frame[(frame["incidents"] > 0) | (frame["class"] != "none")]
    cells = shown.assign(
        cell=cell_names(scene.grid.cells[shown.index]),
        layer=profile.family.value,
        expected_harm=float("nan"),
    )
    if not profile.weighs_harm:
        cells["harm_days"] = float("nan")
    return HotspotResult(
        run_id=run_id,
        profile=profile,
        window=subject.window,
        measure=measure,
        resolution=scene.grid.resolution,
        ring=ring,
        study_area=scene.grid.study_area,
        n_cells=len(scene.grid),
        cells=cells.loc[:, list(HOTSPOT_COLUMNS)].reset_index(drop=True),
        data_through=scene.store.data_through,
        notes=_merged(scene.notes, notes, caveats(subject)),
    )


def _target_result(
    subject: Subject, *, hot: HotspotResult, disorder: HotspotResult, places: int, run_id: str
) -> TargetResult:
    if places < 1:
        raise BadInputError(_no_places(places))
    scene, profile, counts = subject.scene, subject.profile, subject.counts
    ranked = _ranked(subject, places)
    streets = scene.store.context_layers().get("streets")
    metric_system = scene.grid.study_area.metric_system
    table = target_table(
        ranked,
        counts,
        scene.grid,
        profile=profile,
        hot=hot.cells,
        disorder=disorder.cells,
        streets=read_named_lines(streets, metric_system=metric_system) if streets else None,
        proxy=subject.monthly,
        run_id=run_id,
        data_through=scene.store.data_through,
        marking=scene.settings.marking,
    )
    share, sentence = _held_out(subject, places)
    harm = int(counts.harm.sum())
    weighed = profile.weighs_harm and harm > 0
    return TargetResult(
        run_id=run_id,
        profile=profile,
        window=subject.window,
        resolution=scene.grid.resolution,
        study_area=scene.grid.study_area,
        areas=table,
        incidents_share=float(counts.incidents[ranked.positions].sum() / counts.incidents.sum()),
        harm_share=float(counts.harm[ranked.positions].sum() / harm) if weighed else None,
        # by cells on both sides, so that what lies beyond the border cancels out
        area_share=len(ranked.positions) / len(scene.grid),
        held_out_share=share,
        held_out_note=sentence,
        data_through=scene.store.data_through,
        notes=_merged(hot.notes, ranked.notes, _not_hot(table)),
    )


def _not_hot(table: pd.DataFrame) -> Notes:
    places = table.loc[~table["significance"].isin(HOT), "rank"].tolist()
    if not places:
        return ()
    listed = ", ".join(map(str, places))
    sentence = (
        f"Place{'s' if len(places) > 1 else ''} {listed}: ranked by what happened there; the cells "
        "are not high together with their neighbours after correction (Gi*)."
    )
    return (Note(sentence),)


def _ranked(subject: Subject, places: int) -> RankedAreas:
    scene = subject.scene
    dates = cell_dates(scene.connection, subject.condition, window=subject.window, grid=scene.grid)
    return rank_areas(
        subject.counts,
        dates,
        scene.grid,
        measure=subject.profile.default_measure,
        rules=_rules(subject),
        places=places,
    )


def _rules(subject: Subject) -> AreaRules:
    settings = subject.scene.settings
    # one cell of the coarse grid is as large as several of the fine one
    fine = subject.scene.grid.resolution > settings.coarse_resolution
    return AreaRules(
        fewest_cells=settings.fewest_cells if fine else 1,
        most_cells=settings.most_cells if fine else 1,
        fewest_incidents=settings.fewest_incidents,
        fewest_dates=settings.fewest_months if subject.monthly else settings.fewest_dates,
        dates_are_months=subject.monthly,
    )


def _held_out(subject: Subject, places: int) -> tuple[float | None, str]:
    reach = subject.scene.store.data_from
    if subject.window.first <= reach:
        return None, "No out-of-sample figure: the data begin with this window or in it."
    before = subject.window.before()
    if reach > before.first:
        return None, (
            f"No out-of-sample figure: it needs data from {day_words(before.first)}, and the "
            f"store begins on {day_words(reach)}."
        )
    earlier = count_subject(subject.scene, subject.profile, before)
    chosen = _ranked(earlier, places)
    return held_out(chosen, subject.counts, measure=subject.profile.default_measure, before=before)


def _merged(*groups: Notes) -> Notes:
    # each sentence once, where it first stood
    return tuple(dict.fromkeys(note for group in groups for note in group))


def _run_id(
    kind: str,
    scene: Scene,
    profiles: list[Profile],
    request: HotspotRequest | TargetRequest | TaskingRequest,
) -> str:
    # whichever way the profile, the area and the weights were named, their content stands for them
    named = {"study_area", "profile", "weights"}
    asked = {key: value for key, value in asdict(request).items() if key not in named}
    content = {
        "kind": kind,
        "version": VERSION,
        "data": scene.store.fingerprint,
        "study_area": scene.grid.study_area.digest,
        "cells": scene.grid.digest,
        "profiles": [profile.content for profile in profiles],
        "settings": scene.settings.model_dump(mode="json"),
        "streets": _file_digest(scene.store.context_layers().get("streets")),
        "request": asked,
    }
    if scene.scheme is not None:
        content["weights"] = hashlib.sha256(scene.scheme.digest_source).hexdigest()
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _file_digest(path: Path | None) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
