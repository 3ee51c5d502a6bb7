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
from spatial.incidents.checks.banner import Banner, quality_banner
from spatial.listing.asked import LIST_LAYERS, as_computed, asked_of, list_rules, set_apart
from spatial.listing.choice import number_of_places
from spatial.listing.listed import Before, list_places
from spatial.notes import merged
from spatial.places import area_rules, cell_worth, ranked_places, walked
from spatial.results import (
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
    count_subject,
    finest_resolution,
    open_scene,
    require_incidents,
    schemes_used,
)
from spatial.surfaces import tested, tested_on_counts
from spatial.targets.ranking import best_areas
from spatial.targets.sensitivity import is_expected, sensitivity_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from config.profile import Profile
    from spatial.incidents.store import IncidentStore
    from spatial.targets.kept.previous import PreviousList
    from spatial.targets.overridden.override_list import Override

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
    run_id = identify_run(
        "hotspots", scene, [profile], replace(request, measure=measure, ring=ring)
    )
    result = tested(subject, expect_harm(subject), measure=measure, ring=ring, run_id=run_id)
    return replace(result, quality=_quality(subject))


def targets(
    store: IncidentStore,
    request: TargetRequest,
    *,
    previous: PreviousList | None = None,
    fixed: PreviousList | None = None,
    overrides: Sequence[Override] = (),
) -> TargetResult:
    """Rank the places to patrol for one profile and window.

    Parameters
    ----------
    store, request
        The incidents, and what is asked.
    previous
        The list of an earlier fortnight, whose places keep their ids; None for a first list.
    fixed
        An older list, made on incidents before this window, whose areas tell how places fared
        since; None to try ``previous``.
    overrides
        What people changed about the areas, in the order of applying.

    Raises
    ------
    BadInputError
        As :func:`hotspots`; or as :func:`spatial.listing.asked.asked_of` and
        :func:`spatial.listing.listed.list_places`.
    """
    profile = load_profile(request.profile)
    before = Before(previous, fixed, tuple(overrides))
    result, *_ = _listed("targets", store, request, profile, request.resolution, before)
    return result


def tasking(
    store: IncidentStore,
    request: TaskingRequest,
    *,
    previous: PreviousList | None = None,
    fixed: PreviousList | None = None,
    overrides: Sequence[Override] = (),
) -> TaskingResult:
    """Answer a tasking meeting: both surfaces, and the ranked places, from one run.

    Cells are tested on counts, so that one homicide cannot make a hot spot; places are ranked by
    expected harm unless another measure is asked for, and say whether they hold a significant cell.

    Parameters
    ----------
    previous, fixed, overrides
        As :func:`targets`.

    Raises
    ------
    BadInputError
        As :func:`targets`; or a profile of antisocial behaviour, which the page draws beside the
        violence in any case.
    """
    profile = load_profile(request.profile)
    if profile.family is not Family.SERIOUS_VIOLENCE:
        msg = (
            f"Profile {profile.name!r} is antisocial behaviour, which is always drawn beside the "
            "violence. Choose a profile of serious violence."
        )
        raise BadInputError(msg)
    resolution = request.resolution or finest_resolution(
        store, profile, request.window, load_settings()
    )
    asked = replace(request, resolution=resolution)
    before = Before(previous, fixed, tuple(overrides))
    listed, violence, beside, subject = _listed(
        "tasking", store, asked, profile, resolution, before
    )
    editions, schemes = schemes_used(subject.scene)
    return TaskingResult(
        run_id=listed.run_id,
        version=VERSION,
        request=request,
        profile=profile,
        study_area=listed.study_area,
        violence=violence,
        disorder=beside,
        targets=listed,
        incidents=int(subject.counts.incidents.sum()),
        harm_edition=", ".join(editions),
        harm_sources=tuple(scheme.attribution for scheme in schemes),
        data_through=store.data_through,
        notes=merged(violence.notes, listed.notes, beside.notes),
        quality=listed.quality,
    )


def sensitivity(store: IncidentStore, request: TargetRequest) -> pd.DataFrame:
    """Say how many of the places that a request ranks stay when harm is weighed in another way.

    The list is that of the whole day, of areas grown from cells, before people's changes.

    Returns
    -------
    ``variant, kept, of, share``: see :func:`spatial.targets.sensitivity.sensitivity_table`, one row
    for each of :func:`spatial.alternatives.alternative_values`.

    Raises
    ------
    BadInputError
        As :func:`targets`; or the request is for one shift, or for polygons of one's own.
    """
    profile = load_profile(request.profile)
    scene = set_apart(_scene(store, request, request.resolution), request)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    asked = asked_of(request, scene, profile)
    if asked.shift is not None or asked.drawn is not None:
        msg = (
            "How far weights decide is worked out for areas of cells over the whole day. Leave "
            "out the shift and the areas drawn by hand."
        )
        raise BadInputError(msg)
    worth = cell_worth(subject, measure=asked.measure)
    places = number_of_places(subject, asked, worth)
    dates = cell_dates(scene.connection, subject.condition, window=subject.window, grid=scene.grid)
    ranked = {}
    for variant, value in alternative_values(subject, asked.measure).items():
        rules = area_rules(subject, Measure.EXPECTED_HARM if is_expected(variant) else Measure.HARM)
        adjoining, _ = walked(scene, rules)
        ranked[variant] = best_areas(
            value,
            dates,
            scene.grid,
            rules=rules,
            places=places,
            seeds=subject.counts.incidents > 0,
            adjoining=adjoining,
        )
    chosen = ranked_places(subject, places, worth=worth)
    return sensitivity_table(chosen.areas, ranked)


def _listed(  # noqa: PLR0913, PLR0917 (one list, for either page)
    kind: str,
    store: IncidentStore,
    request: TargetRequest | TaskingRequest,
    profile: Profile,
    resolution: int,
    before: Before,
) -> tuple[TargetResult, HotspotResult, HotspotResult, Subject]:
    disorder = load_profile(_DISORDER_PROFILE)
    scene = set_apart(_scene(store, request, resolution), request)
    asked = asked_of(request, scene, profile)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    run_id = identify_run(
        kind,
        scene,
        [profile, disorder],
        as_computed(request, asked),
        layers=LIST_LAYERS,
        rules=list_rules(
            asked, previous=before.previous, fixed=before.fixed, overrides=before.overrides
        ),
    )
    expected = expect_harm(subject)
    quality = _quality(subject)
    hot = replace(tested_on_counts(subject, expected, run_id), quality=quality)
    beside = tested_on_counts(count_subject(scene, disorder, request.window), None, run_id)
    beside = replace(beside, quality=quality)
    result = list_places(
        subject, expected, asked, before, hot=hot, disorder=beside, quality=quality
    )
    return result, hot, beside, subject


def _scene(
    store: IncidentStore, request: HotspotRequest | TargetRequest | TaskingRequest, resolution: int
) -> Scene:
    return open_scene(store, request.study_area, resolution, weights=request.weights)


def _quality(subject: Subject) -> Banner:
    return quality_banner(subject.scene.store, profile=subject.profile, window=subject.window)
