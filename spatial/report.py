"""The report: concentration, change, timing and the rest of one profile and window, one run id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from config.errors import BadInputError
from config.profile import load_profile
from config.settings import load_settings
from config.version import VERSION
from config.watch import load_watch_list
from spatial.hexes.grid import EVER_INCIDENT
from spatial.incidents.checks.banner import quality_banner
from spatial.listing.asked import LIST_LAYERS
from spatial.notes import merged
from spatial.places import require_places
from spatial.report_results import SECTIONS, ReportRequest, ReportResult, Section
from spatial.run_id import identify_run
from spatial.scene import (
    caveats,
    count_subject,
    finest_resolution,
    open_scene,
    require_incidents,
    schemes_used,
)
from spatial.sections.change import change
from spatial.sections.concentration import concentration
from spatial.sections.emerging import emerging
from spatial.sections.ground import Ground
from spatial.sections.near_repeat import near_repeat
from spatial.sections.place_stability import stability
from spatial.sections.timing import timing
from spatial.sections.two_way import DISORDER, two_way
from spatial.sections.watch_list import watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from spatial.incidents.store import IncidentStore

_MADE_BY: Final[dict[str, Callable[[Ground], Section]]] = {
    "concentration": concentration,
    "change": change,
    "watch_list": watched,
    "timing": timing,
    "near_repeat": near_repeat,
    "emerging": emerging,
    "two_way": two_way,
    "place_stability": stability,
}


def report(store: IncidentStore, request: ReportRequest) -> ReportResult:
    """Work out every section.

    Raises
    ------
    BadInputError
        Unknown profile or study area, a study area that misses the data, a window without an
        incident of the profile, a resolution that is not indexed, or ``places`` below 1.
    """
    ground = _ground(store, request)
    subject, scene = ground.subject, ground.scene
    editions, schemes = schemes_used(scene)
    return ReportResult(
        run_id=ground.run_id,
        version=VERSION,
        request=ground.request,
        profile=subject.profile,
        window=subject.window,
        measure=ground.measure,
        study_area=scene.grid.study_area,
        resolution=scene.grid.resolution,
        cells=len(scene.grid),
        incidents=int(subject.counts.incidents.sum()),
        data_from=store.data_from,
        data_through=store.data_through,
        marking=scene.settings.marking,
        sections=tuple(_made(ground, name) for name in SECTIONS),
        harm_edition=", ".join(editions) if ground.weighed else "",
        harm_sources=tuple(scheme.attribution for scheme in schemes) if ground.weighed else (),
        notes=merged(scene.notes, caveats(subject), ground.place_notes),
        quality=quality_banner(store, profile=subject.profile, window=subject.window),
    )


def section(
    store: IncidentStore,
    request: ReportRequest,
    name: str,
    *,
    progress: Callable[[str], None] | None = None,
) -> Section:
    """Work out one section alone: the same numbers and run id as in the whole report.

    Parameters
    ----------
    progress
        Told each step; what it raises ends the work there.

    Raises
    ------
    BadInputError
        As :func:`report`; or there is no section of that name.
    """
    if name not in _MADE_BY:
        msg = f"There is no section {name!r} in a report. Choose one of: {', '.join(SECTIONS)}."
        raise BadInputError(msg)
    tell = progress or (lambda _: None)
    tell("Counting incidents into the cells of the study area")
    ground = _ground(store, request)
    tell("Working out the answer")
    return _made(ground, name)


def _made(ground: Ground, name: str) -> Section:
    # what every section's sentence may need to name
    made = _MADE_BY[name](ground)
    common = {
        "area": "the study area" if ground.area == EVER_INCIDENT else ground.area,
        "window": ground.covered.words,
        "harm_words": ground.subject.profile.harm_words,
    }
    return replace(made, facts={**common, **made.facts})


def _ground(store: IncidentStore, request: ReportRequest) -> Ground:
    require_places(request.places)
    profile = load_profile(request.profile)
    resolution = request.resolution or finest_resolution(
        store, profile, request.window, load_settings()
    )
    asked = replace(request, resolution=resolution)
    scene = open_scene(store, request.study_area, resolution, weights=request.weights)
    subject = count_subject(scene, profile, request.window)
    require_incidents(subject)
    run_id = identify_run(
        "report",
        scene,
        [profile, load_profile(DISORDER)],
        asked,
        layers=("beats", "population", *LIST_LAYERS),
        rules={"watch_list": load_watch_list().model_dump(mode="json")},
    )
    return Ground(asked, subject, run_id)
