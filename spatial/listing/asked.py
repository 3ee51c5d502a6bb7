"""What is asked of a list: how many places, which, when, how far apart, checked and whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from config.dose import load_dose_rules
from config.errors import BadInputError
from config.shifts import load_shifts
from spatial.places import ranking_measure
from spatial.results import DEFAULT_PLACES, TargetRequest
from spatial.targets.areas.drawn import DrawnAreas, read_drawn
from spatial.targets.budget import Budget, Dose, dose_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.profile import Measure, Profile
    from spatial.results import TaskingRequest
    from spatial.risk_terrain.near import NearFactors
    from spatial.scene import Scene
    from spatial.targets.kept.previous import PreviousList
    from spatial.targets.overridden.override_list import Override

LIST_LAYERS: Final = ("barriers", "water", "sea", "coastline", "places")
"""Context layers that decide a list, beside the streets."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A request as it is computed.

    Attributes
    ----------
    budget
        How many places.
    dose
        What patrolling one takes.
    measure
        What ranks them.
    shift
        The shift they are ranked for; None for the whole day.
    drawn
        A force's own polygons, and their file's SHA-256; None and empty where areas are grown.
    """

    budget: Budget
    dose: Dose
    measure: Measure
    shift: str | None = None
    drawn: DrawnAreas | None = None
    drawn_digest: str = ""


def asked_of(request: TargetRequest | TaskingRequest, scene: Scene, profile: Profile) -> Asked:
    """Check what a request asks of its list, and read what it names.

    Raises
    ------
    BadInputError
        How many is said in two ways, or is not positive; there is no such shift, measure or file of
        polygons; or polygons are to be ranked for one shift.
    """
    settings = scene.settings
    dose = dose_of(
        load_dose_rules(), travel_minutes=settings.travel_minutes, days=settings.period_days
    )
    measure = ranking_measure(profile, request.measure)
    if not isinstance(request, TargetRequest):
        return Asked(Budget(places=request.places), dose, measure)
    said = (request.places, request.officer_hours, request.harm_share)
    budget = Budget(*said) if said != (None, None, None) else Budget(places=DEFAULT_PLACES)
    if request.shift is not None:
        load_shifts().named(request.shift)
    if request.drawn is None:
        return Asked(budget, dose, measure, request.shift)
    if request.shift is not None:
        msg = (
            f"Areas drawn by hand cannot be ranked for the {request.shift!r} shift. Rank them for "
            "the whole day, or leave out the areas."
        )
        raise BadInputError(msg)
    path = _drawn_file(request.drawn, scene)
    drawn = read_drawn(path, study_area=scene.grid.study_area)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Asked(budget, dose, measure, None, drawn, digest)


def set_apart(scene: Scene, request: TargetRequest | TaskingRequest) -> Scene:
    """Return the scene with the separation that is asked for in place of the setting.

    Raises
    ------
    BadInputError
        It is below 0.
    """
    wanted = request.separation_m if isinstance(request, TargetRequest) else None
    if wanted is None:
        return scene
    if not 0 <= wanted < float("inf"):
        msg = f"separation_m is {wanted!r}: give metres, 0 for places as they come."
        raise BadInputError(msg)
    settings = scene.settings.model_copy(update={"separation_m": float(wanted)})
    return replace(scene, settings=settings)


def as_computed(
    request: TargetRequest | TaskingRequest, asked: Asked
) -> TargetRequest | TaskingRequest:
    """Return the request with its defaults filled in, for the run id: the same list, the same id.

    The separation is among the settings that a run id covers, whichever way it was given.
    """
    if not isinstance(request, TargetRequest):
        return replace(request, measure=asked.measure)
    return replace(request, measure=asked.measure, places=asked.budget.places, separation_m=None)


def list_rules(
    asked: Asked,
    *,
    previous: PreviousList | None,
    fixed: PreviousList | None,
    overrides: Sequence[Override],
    risk: NearFactors | None = None,
) -> dict[str, object]:
    """Return what decides a list beside data, study area, settings and request: for the run id."""
    # nothing where none is named, so that such a list keeps the id it always had
    named = {} if risk is None else {"risk_terrain": risk.digest}
    return {
        **named,
        "shifts": load_shifts().model_dump(mode="json"),
        "dose": load_dose_rules().model_dump(mode="json"),
        "drawn": asked.drawn_digest,
        "previous": _list_content(previous),
        "fixed": _list_content(fixed),
        "overrides": [_override_content(one) for one in overrides],
    }


def _drawn_file(name: str, scene: Scene) -> Path:
    kept = scene.store.context_layers()
    if name in kept:
        return kept[name]
    if Path(name).suffix:
        return Path(name)
    listed = ", ".join(sorted(kept)) or "none are stored"
    msg = f"There is no layer {name!r} to take areas from. Give a map file, or one of: {listed}."
    raise BadInputError(msg)


def _list_content(one: PreviousList | None) -> list[object] | None:
    if one is None:
        return None
    rows = one.table.astype(object).where(one.table.notna(), None)
    return [
        rows.to_dict("list"), one.resolution, one.called, one.run_id, str(one.window),
        str(one.data_through), [note.text for note in one.notes], one.profile,
    ]  # fmt: skip


def _override_content(one: Override) -> dict[str, Any]:
    return {
        "override_id": one.override_id,
        "kind": one.kind,
        "areas": list(one.areas),
        "cells": [group.tolist() for group in one.groups],
        "name": one.name,
        "reason": one.reason,
        "by": one.by,
        "at": one.at,
    }
