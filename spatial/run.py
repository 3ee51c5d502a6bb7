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
from spatial.risk_terrain.near import chosen_risk
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
    from collections.abc import Callable, Sequence

    import pandas as pd

    from config.profile import Profile
    from spatial.incidents.store import IncidentStore
    from spatial.risk_terrain.near import NearFactors
    from spatial.targets.kept.previous import PreviousList
    from spatial.targets.overridden.override_list import Override

_DISORDER_PROFILE = "asb"
_LAYING = "Laying the grid over the study area"
_COUNTING = "Counting incidents into its cells"
_EXPECTING = "Working out the harm expected of each cell"
_TESTING = "Testing every cell against chance"


def hotspots(
    store: IncidentStore,
    request: HotspotRequest,
    *,
    progress: Callable[[str], None] | None = None,
) -> HotspotResult:
    """Test one profile and window for hot spots.

    Parameters
    ----------
    progress
        Told each step; what it raises ends the work there.

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
    tell = progress or _nobody
    tell(_LAYING)
    scene = _scene(store, request, request.resolution)
    tell(_COUNTING)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    ring = request.ring or scene.settings.ring
    run_id = identify_run(
        "hotspots", scene, [profile], replace(request, measure=measure, ring=ring)
    )
    tell(_EXPECTING)
    expected = expect_harm(subject)
    tell(_TESTING)
    result = tested(subject, expected, measure=measure, ring=ring, run_id=run_id)
    return replace(result, quality=_quality(subject))


def targets(  # noqa: PLR0913 (what a list is made of)
    store: IncidentStore,
    request: TargetRequest,
    *,
    previous: PreviousList | None = None,
    fixed: PreviousList | None = None,
    overrides: Sequence[Override] = (),
    risk: NearFactors | None = None,
    kept_risk: Sequence[NearFactors] = (),
    progress: Callable[[str], None] | None = None,
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
    risk
        What stands near places, by a risk terrain: named in their reasons, ranks nothing.
    kept_risk
        Those that the store's people chose: the one of this profile, area and resolution is named
        where none is given.
    progress
        As :func:`hotspots`.

    Raises
    ------
    BadInputError
        As :func:`hotspots`; or as :func:`spatial.listing.asked.asked_of` and
        :func:`spatial.listing.listed.list_places`.
    """
    profile = load_profile(request.profile)
    before = Before(previous, fixed, tuple(overrides))
    result, *_ = _listed(
        "targets", store, request, profile, request.resolution, before, (risk, kept_risk),
        progress or _nobody,
    )  # fmt: skip
    return result


def tasking(  # noqa: PLR0913 (what a list is made of)
    store: IncidentStore,
    request: TaskingRequest,
    *,
    previous: PreviousList | None = None,
    fixed: PreviousList | None = None,
    overrides: Sequence[Override] = (),
    risk: NearFactors | None = None,
    kept_risk: Sequence[NearFactors] = (),
    progress: Callable[[str], None] | None = None,
) -> TaskingResult:
    """Answer a tasking meeting: both surfaces, and the ranked places, from one run.

    Cells are tested on counts, so that one homicide cannot make a hot spot; places are ranked by
    expected harm unless another measure is asked for, and say whether they hold a significant cell.

    Parameters
    ----------
    previous, fixed, overrides, risk, kept_risk, progress
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
        "tasking", store, asked, profile, resolution, before, (risk, kept_risk),
        progress or _nobody,
    )  # fmt: skip
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


def sensitivity(
    store: IncidentStore,
    request: TargetRequest,
    *,
    progress: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """Say how many of the places that a request ranks stay when harm is weighed in another way.

    The list is that of the whole day, of areas grown from cells, before people's changes.

    Parameters
    ----------
    progress
        As :func:`hotspots`.

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
    tell = progress or _nobody
    tell(_LAYING)
    scene = set_apart(_scene(store, request, request.resolution), request)
    tell(_COUNTING)
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
    tell(_EXPECTING)
    for variant, value in alternative_values(subject, asked.measure).items():
        tell(f"Ranking the places by {variant.replace('_', ' ')}")
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
    risks: tuple[NearFactors | None, Sequence[NearFactors]],
    tell: Callable[[str], None],
) -> tuple[TargetResult, HotspotResult, HotspotResult, Subject]:
    disorder = load_profile(_DISORDER_PROFILE)
    tell(_LAYING)
    scene = set_apart(_scene(store, request, resolution), request)
    asked = asked_of(request, scene, profile)
    area = scene.grid.study_area
    risk = chosen_risk(*risks, profile=profile, study_area=area, resolution=resolution)
    tell(_COUNTING)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    run_id = identify_run(
        kind,
        scene,
        [profile, disorder],
        as_computed(request, asked),
        layers=LIST_LAYERS,
        rules=list_rules(
            asked,
            previous=before.previous,
            fixed=before.fixed,
            overrides=before.overrides,
            risk=risk,
        ),
    )
    tell(_EXPECTING)
    expected = expect_harm(subject)
    quality = _quality(subject)
    tell(_TESTING)
    hot = replace(tested_on_counts(subject, expected, run_id), quality=quality)
    beside = tested_on_counts(count_subject(scene, disorder, request.window), None, run_id)
    beside = replace(beside, quality=quality)
    tell("Growing, ranking and naming the patrol areas")
    result = list_places(
        subject, expected, asked, before, hot=hot, disorder=beside, quality=quality, risk=risk
    )
    return result, hot, beside, subject


def _scene(
    store: IncidentStore, request: HotspotRequest | TargetRequest | TaskingRequest, resolution: int
) -> Scene:
    return open_scene(store, request.study_area, resolution, weights=request.weights)


def _quality(subject: Subject) -> Banner:
    return quality_banner(subject.scene.store, profile=subject.profile, window=subject.window)


def _nobody(_sentence: str) -> None:
    """Tell nobody."""
