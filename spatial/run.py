"""One analysis, from request to result: the run id is born here, and both doors call it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.errors import BadInputError
from config.profile import Family, Measure, load_profile
from config.settings import load_settings
from config.version import VERSION
from spatial.alternatives import alternative_values
from spatial.expected import expect_harm
from spatial.hexes.counts import cell_dates
from spatial.hexes.grid import cell_names
from spatial.hotspots.calls import calls_by_correction
from spatial.hotspots.significance import HOT
from spatial.hotspots.surface import surface
from spatial.incidents.checks.banner import Banner, quality_banner
from spatial.notes import Note, Notes, merged
from spatial.places import area_rules, ranked_places, ranking_measure, require_places
from spatial.results import (
    HOTSPOT_COLUMNS,
    HotspotRequest,
    HotspotResult,
    TargetRequest,
    TargetResult,
    TaskingRequest,
    TaskingResult,
)
from spatial.run_id import identify_run
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
from spatial.targets.expected import expect_in_areas
from spatial.targets.names import read_named_lines
from spatial.targets.ranking import best_areas, held_out
from spatial.targets.sensitivity import is_expected, sensitivity_table
from spatial.targets.table import target_table
from spatial.window import day_words

if TYPE_CHECKING:
    import pandas as pd

    from spatial.hotspots.expected.expected_harm import ExpectedHarm
    from spatial.incidents.store import IncidentStore

_DISORDER_PROFILE = "asb"
# so many times the places asked for contend for a rank
_CONTENDERS = 4


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
    run_id = identify_run(
        "hotspots", scene, [profile], replace(request, measure=measure, ring=ring)
    )
    result = _hotspot_result(
        subject, expect_harm(subject), measure=measure, ring=ring, run_id=run_id
    )
    return replace(result, quality=_quality(subject))


def targets(store: IncidentStore, request: TargetRequest) -> TargetResult:
    """Rank the places to patrol for one profile and window.

    Raises
    ------
    BadInputError
        As :func:`hotspots`; or ``places`` below 1.
    """
    profile, disorder = load_profile(request.profile), load_profile(_DISORDER_PROFILE)
    asked = replace(request, measure=ranking_measure(profile, request.measure))
    scene = _scene(store, request, request.resolution)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    run_id = identify_run("targets", scene, [profile, disorder], asked)
    expected = expect_harm(subject)
    result = _target_result(
        subject,
        expected,
        asked,
        hot=_tested_on_counts(subject, expected, run_id),
        disorder=_tested_on_counts(count_subject(scene, disorder, request.window), None, run_id),
    )
    return _with_quality(result, _quality(subject))


def tasking(store: IncidentStore, request: TaskingRequest) -> TaskingResult:
    """Answer a tasking meeting: both surfaces, and the ranked places, from one run.

    Cells are tested on counts, so that one homicide cannot make a hot spot; places are ranked by
    expected harm unless another measure is asked for, and say whether they hold a significant cell.

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
    asked = replace(
        request, resolution=resolution, measure=ranking_measure(profile, request.measure)
    )
    scene = _scene(store, request, resolution)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    run_id = identify_run("tasking", scene, [profile, disorder], asked)
    expected = expect_harm(subject)
    violence = _tested_on_counts(subject, expected, run_id)
    beside = _tested_on_counts(count_subject(scene, disorder, request.window), None, run_id)
    ranked = _target_result(subject, expected, asked, hot=violence, disorder=beside)
    editions, schemes = schemes_used(scene)
    quality = _quality(subject)
    return TaskingResult(
        run_id=run_id,
        version=VERSION,
        request=request,
        profile=profile,
        study_area=scene.grid.study_area,
        violence=replace(violence, quality=quality),
        disorder=replace(beside, quality=quality),
        targets=_with_quality(ranked, quality),
        incidents=int(subject.counts.incidents.sum()),
        harm_edition=", ".join(editions),
        harm_sources=tuple(scheme.attribution for scheme in schemes),
        data_through=store.data_through,
        notes=merged(violence.notes, ranked.notes, beside.notes),
        quality=quality,
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
    measure = ranking_measure(profile, request.measure)
    scene = _scene(store, request, request.resolution)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    require_places(request.places)
    dates = cell_dates(scene.connection, subject.condition, window=subject.window, grid=scene.grid)
    ranked = {
        variant: best_areas(
            value,
            dates,
            scene.grid,
            rules=area_rules(
                subject, Measure.EXPECTED_HARM if is_expected(variant) else Measure.HARM
            ),
            places=request.places,
            seeds=subject.counts.incidents > 0,
        )
        for variant, value in alternative_values(subject, measure).items()
    }
    chosen = ranked_places(subject, request.places, measure=measure)
    return sensitivity_table(chosen.areas, ranked)


def _scene(
    store: IncidentStore, request: HotspotRequest | TargetRequest | TaskingRequest, resolution: int
) -> Scene:
    return open_scene(store, request.study_area, resolution, weights=request.weights)


def _tested_on_counts(
    subject: Subject, expected: ExpectedHarm | None, run_id: str
) -> HotspotResult:
    ring = subject.scene.settings.ring
    return _hotspot_result(subject, expected, measure=Measure.COUNT, ring=ring, run_id=run_id)


def _hotspot_result(
    subject: Subject,
    expected: ExpectedHarm | None,
    *,
    measure: Measure,
    ring: int,
    run_id: str,
) -> HotspotResult:
    scene, profile = subject.scene, subject.profile
    frame, notes = surface(subject.counts, scene.grid, measure=measure, ring=ring)
    shown = frame[(frame["incidents"] > 0) | (frame["class"] != "none")]
    cells = shown.assign(
        cell=cell_names(scene.grid.cells[shown.index]),
        layer=profile.family.value,
        expected_harm=(
            float("nan") if expected is None else expected.harm_days[shown.index].round(3)
        ),
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
        notes=merged(
            scene.notes, notes, () if expected is None else expected.notes, caveats(subject)
        ),
        calls=calls_by_correction(frame["z"], frame["p"]),
    )


def _target_result(
    subject: Subject,
    expected: ExpectedHarm | None,
    request: TargetRequest | TaskingRequest,
    *,
    hot: HotspotResult,
    disorder: HotspotResult,
) -> TargetResult:
    places, run_id = request.places, hot.run_id
    require_places(places)
    scene, profile, counts = subject.scene, subject.profile, subject.counts
    ranked = ranked_places(
        subject,
        places,
        measure=request.measure,
        expected=expected,
        rivals=(_CONTENDERS - 1) * places,
    )
    streets = scene.store.context_layers().get("streets")
    metric_system = scene.grid.study_area.metric_system
    table = target_table(
        ranked,
        counts,
        scene.grid,
        profile=profile,
        expected=None if expected is None else expect_in_areas(expected, ranked),
        hot=hot.cells,
        disorder=disorder.cells,
        streets=read_named_lines(streets, metric_system=metric_system) if streets else None,
        proxy=subject.monthly,
        run_id=run_id,
        data_through=scene.store.data_through,
        marking=scene.settings.marking,
    )
    share, sentence = _held_out(subject, places, ranked.measure)
    harm = int(counts.harm.sum())
    weighed = profile.weighs_harm and harm > 0
    return TargetResult(
        run_id=run_id,
        profile=profile,
        window=subject.window,
        resolution=scene.grid.resolution,
        study_area=scene.grid.study_area,
        areas=table,
        measure=ranked.measure,
        incidents_share=float(counts.incidents[ranked.positions].sum() / counts.incidents.sum()),
        harm_share=float(counts.harm[ranked.positions].sum() / harm) if weighed else None,
        # by cells on both sides, so that what lies beyond the border cancels out
        area_share=len(ranked.positions) / len(scene.grid),
        held_out_share=share,
        held_out_note=sentence,
        data_through=scene.store.data_through,
        notes=merged(hot.notes, ranked.notes, _not_hot(table, ranked.measure)),
    )


def _quality(subject: Subject) -> Banner:
    return quality_banner(subject.scene.store, profile=subject.profile, window=subject.window)


def _with_quality(result: TargetResult, quality: Banner) -> TargetResult:
    # in every row too: a list is passed on without its manifest
    areas = result.areas.assign(quality=quality.sentence)
    return replace(result, areas=areas, quality=quality)


def _not_hot(table: pd.DataFrame, measure: Measure) -> Notes:
    places = table.loc[~table["significance"].isin(HOT), "rank"].tolist()
    if not places:
        return ()
    listed = ", ".join(map(str, places))
    reason = (
        "for the harm to be expected there"
        if measure is Measure.EXPECTED_HARM
        else "for what happened there"
    )
    sentence = (
        f"Place{'s' if len(places) > 1 else ''} {listed}: on the list {reason}; the cells are not "
        "high together with their neighbours after correction (Gi*)."
    )
    return (Note(sentence),)


def _held_out(subject: Subject, places: int, measure: Measure) -> tuple[float | None, str]:
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
    # from the earlier window alone: what is expected of it has seen nothing of this one
    chosen = ranked_places(earlier, places, measure=measure)
    return held_out(chosen, subject.counts, measure=_summed(subject), before=before)


def _summed(subject: Subject) -> Measure:
    """Return what shares are of: harm, or incidents where nothing weighs it."""
    return Measure.HARM if subject.counts.harm.any() else Measure.COUNT
