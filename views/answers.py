"""Answers kept between clicks: the store, its ground and its results, by what they depend on."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import streamlit as st

from config.errors import BadInputError
from config.force_file import settings_key
from config.profile import Family, Profile, load_profile, profile_names
from config.settings import load_settings
from layers.context import Context, read_context
from layers.targets.files import targets_csv, targets_geojson
from spatial.hexes.study_area import read_study_area
from spatial.incidents.checks import quality
from spatial.incidents.checks.banner import Banner, quality_banner
from spatial.incidents.mappings.kept import kept_weight_files
from spatial.incidents.store import IncidentStore
from spatial.incidents.weighing import scheme_named
from spatial.layer_notes import layer_notes as notes_of_layers
from spatial.notes import Note, merged
from spatial.report import section
from spatial.results import TargetRequest
from spatial.run import hotspots, sensitivity, targets, tasking
from spatial.scene import finest_resolution
from views import frame, waiting
from views.empty import EmptyError
from views.risk_terrain.kept import kept_near

if TYPE_CHECKING:
    import pandas as pd

    from config.harm_scheme import HarmScheme
    from spatial.notes import Notes
    from spatial.report_results import ReportRequest, Section
    from spatial.results import (
        HotspotRequest,
        HotspotResult,
        TargetResult,
        TaskingRequest,
        TaskingResult,
    )
    from spatial.targets.overridden.override_list import Override
    from spatial.window import Window
    from views.in_force import InForce

_Listed = TypeVar("_Listed", "TaskingResult", "TargetResult")

STORE_VARIABLE: Final = "HARMHEX_STORE"
_JUDGING: Final = "Looking at how well things were recorded"
_WITHOUT_PEOPLE: Final = (
    "Neither the last list nor people's changes count in this list: the register could not be read "
    "when it was made. Places that people took off may stand on it again."
)


def open_store() -> IncidentStore:
    """Open the store that the app was started on.

    Raises
    ------
    EmptyError
        None was named, it is not there yet or any more, or it holds no incidents.
    BadInputError
        It cannot be opened.
    """
    named = os.environ.get(STORE_VARIABLE, "")
    if not named:
        msg = (
            "No incident store is open. Start the app with: harmhex app --store DIR "
            "(or harmhex app, for the sample town)."
        )
        raise EmptyError(msg)
    path = Path(named)
    if not path.exists():
        msg = (
            f"The store {path.name!r} does not exist. If it is new, load files into it on the page "
            "Load data; if it was there before, tell whoever runs this app."
        )
        raise EmptyError(msg)
    try:
        store = IncidentStore.open(path)
    except OSError as error:
        msg = (
            f"The store {path.name!r} cannot be read ({error.strerror or 'no answer'}). Tell "
            "whoever runs this app; nothing of it was changed."
        )
        raise BadInputError(msg) from error
    if not any(load.stored for load in store.loads):
        msg = (
            f"The store {path.name!r} holds no incidents yet. Load files into it on the page "
            "Load data: the page says how each would be read before anything is stored."
        )
        raise EmptyError(msg)
    return store


def answer(
    store: IncidentStore, request: TaskingRequest, held: InForce | None = None
) -> TaskingResult:
    """Return the result of a request, worked out once while store and register stay the same.

    ``held`` is what the register adds; None for the list as it would be ranked without people.
    """
    added = {} if held is None else _added(held)
    added["kept_risk"] = kept = kept_near(store)
    named = [one.digest for one in kept]
    return waiting.answer(
        f"tasking {state_of(store)} {named} {held.key if held else ''} {request!r}",
        lambda steps: _troubled(tasking(store, request, **added, progress=steps), held),
        doing="Working out the places",
    )


def target_list(
    store: IncidentStore, request: TargetRequest, held: InForce, more: tuple[Override, ...] = ()
) -> TargetResult:
    """Return the list of a request, worked out once while store and register stay the same.

    ``more`` are changes that nobody has kept yet, applied last: to see what they would do.
    """
    tried = [(one.override_id, one.kind, one.areas, one.name) for one in more]
    cells = [[group.tolist() for group in one.groups] for one in more]
    added = _added(held)
    # a force's own polygons are changed in their file, not cell by cell
    added["overrides"] = (*held.overrides, *more) if request.drawn is None else ()
    added["kept_risk"] = kept = kept_near(store)
    named = [one.digest for one in kept]
    return waiting.answer(
        f"targets {state_of(store)} {named} {held.key} {tried} {cells} {request!r}",
        lambda steps: _noted(targets(store, request, **added, progress=steps), held),
        doing="Working out the places",
    )


def surface(store: IncidentStore, request: HotspotRequest) -> HotspotResult:
    """Return a surface, worked out once for as long as the store stays the same."""
    return waiting.answer(
        f"surface {state_of(store)} {request!r}",
        lambda steps: hotspots(store, request, progress=steps),
        doing="Working out the surface",
    )


def report_section(store: IncidentStore, request: ReportRequest, name: str) -> Section:
    """Return one section of the report, worked out once for as long as the store stays the same."""
    return waiting.answer(
        f"section {name} {state_of(store)} {request!r}",
        lambda steps: section(store, request, name, progress=steps),
        doing="Working out the answer",
    )


def list_request(result: TaskingResult) -> TargetRequest:
    """Return what is asked of a list alone, for the list that a Tasking result holds."""
    asked = result.request
    return TargetRequest(
        profile=asked.profile,
        window=asked.window,
        study_area=asked.study_area,
        resolution=result.targets.resolution,
        places=asked.places,
        weights=asked.weights,
        measure=asked.measure,
    )


def weights_table(store: IncidentStore, result: TaskingResult) -> pd.DataFrame:
    """Return how many of the places on the list stay under other weights, worked out once."""
    request = list_request(result)
    return waiting.answer(
        f"weights {state_of(store)} {sorted(own_weights(store.path))} {request!r}",
        lambda steps: sensitivity(store, request, progress=steps),
        doing="Ranking the places under other weights",
    )


def state_of(store: IncidentStore) -> str:
    """Return what every answer depends on: the store's content, and the settings in force."""
    return f"{store.fingerprint} {store.extras_fingerprint} {settings_key()}"


def _troubled(result: TaskingResult, held: InForce | None) -> TaskingResult:
    return (
        result
        if held is None
        else replace(_noted(result, held), targets=_noted(result.targets, held))
    )


def _noted(result: _Listed, held: InForce) -> _Listed:
    """Return a list that says, in each of its files too, that the register could not be read."""
    if not held.trouble:
        return result
    return replace(result, notes=merged(result.notes, (Note(_WITHOUT_PEOPLE, loud=True),)))


def _added(held: InForce) -> dict[str, Any]:
    return {"previous": held.previous, "fixed": held.fixed, "overrides": held.overrides}


def finest(store: IncidentStore, profile: str, window: Window) -> int:
    """Return the finest resolution that a profile's locations in a window can carry."""
    return _finest(f"{store.fingerprint} {settings_key()}", profile, window, _store=store)


def own_weights(store: Path) -> dict[str, HarmScheme]:
    """Return the harm editions that people keep in a store: file to scheme."""
    # a kept workbook lies in a folder named by its content
    return _own_weights(tuple(map(str, kept_weight_files(store))))


def target_files(result: TaskingResult) -> tuple[bytes, bytes]:
    """Return the list as CSV and as GeoJSON, written before anybody asks.

    A file written on the click is lost when the page is being drawn anew at that moment.
    """
    # the same run says more where the register could not be read
    return _target_files(f"{result.run_id} {len(result.notes)}", _result=result)


def ground(store: IncidentStore) -> Context:
    """Return the store's context layers, read and simplified once; say which cannot be read."""
    found, unread = waiting.answer(
        f"ground {store.path} {store.extras_fingerprint}",
        lambda _: _ground(store),
        doing="Reading the layers of the map",
    )
    for name in unread:
        frame.say(
            f"The map is drawn without the layer {name!r}, which cannot be read. "
            "Load it again with harmhex load.",
            kind="plain",
        )
    return found


def study_area_names(store: IncidentStore) -> tuple[str, ...]:
    """Return the study areas' names as they are printed, not as they are filed."""
    return _names(store.extras_fingerprint, _store=store)


def forces(store: IncidentStore) -> tuple[str, ...]:
    """Return the names of the forces whose incidents the store holds."""
    return _forces(store.fingerprint, _store=store)


def banner(store: IncidentStore) -> Banner:
    """Return the quality banner of the whole store; a result carries that of its own window."""
    loads = " ".join(load.load_id for load in store.loads)
    return waiting.answer(
        f"banner {store.fingerprint} {loads} {settings_key()}",
        lambda _: quality_banner(store),
        doing=_JUDGING,
    )


def window_banner(store: IncidentStore, profile: str, window: Window) -> Banner:
    """Return the quality banner of one profile and window."""
    loads = " ".join(load.load_id for load in store.loads)
    key = f"{store.fingerprint} {loads} {settings_key()}"
    return waiting.answer(
        f"banner {key} {profile} {window}",
        lambda _: quality_banner(store, profile=load_profile(profile), window=window),
        doing=_JUDGING,
    )


def layer_notes(store: IncidentStore) -> dict[str, Notes]:
    """Return what was mended in each study area and layer when it was loaded, by its name."""
    return _layer_notes(store.extras_fingerprint, _store=store)


@st.cache_data(show_spinner=False)
def violence_profiles() -> dict[str, Profile]:
    """Return the shipped profiles of serious violence by name."""
    return {
        name: profile
        for name, profile in profiles().items()
        if profile.family is Family.SERIOUS_VIOLENCE
    }


@st.cache_data(show_spinner=False)
def profiles() -> dict[str, Profile]:
    """Return the shipped profiles by name, serious violence first."""
    found = {name: load_profile(name) for name in profile_names()}
    order = sorted(found, key=lambda name: found[name].family is not Family.SERIOUS_VIOLENCE)
    return {name: found[name] for name in order}


@st.cache_data(show_spinner=False, max_entries=48)
def _finest(fingerprint: str, profile: str, window: Window, *, _store: IncidentStore) -> int:
    del fingerprint  # part of the key only
    return finest_resolution(_store, load_profile(profile), window, load_settings())


@st.cache_resource(show_spinner=False, max_entries=8)
def _own_weights(files: tuple[str, ...]) -> dict[str, HarmScheme]:
    return {file: scheme_named(file) for file in files}


@st.cache_data(show_spinner=False, max_entries=24)
def _target_files(key: str, *, _result: TaskingResult) -> tuple[bytes, bytes]:
    del key  # part of the key only
    return targets_csv(_result.targets), targets_geojson(_result.targets)


@st.cache_data(show_spinner=False, max_entries=4)
def _layer_notes(extras_fingerprint: str, *, _store: IncidentStore) -> dict[str, Notes]:
    del extras_fingerprint  # part of the key only
    return notes_of_layers(_store)


@st.cache_data(show_spinner=False, max_entries=4)
def _forces(fingerprint: str, *, _store: IncidentStore) -> tuple[str, ...]:
    del fingerprint  # part of the key only
    return quality.forces(_store)


@st.cache_data(show_spinner=False, max_entries=4)
def _names(extras_fingerprint: str, *, _store: IncidentStore) -> tuple[str, ...]:
    del extras_fingerprint  # part of the key only
    return tuple(read_study_area(path).name for path in _store.study_areas().values())


def _ground(store: IncidentStore) -> tuple[Context, tuple[str, ...]]:
    layers = store.context_layers()
    unread: list[str] = []
    try:
        return read_context(layers), ()
    except BadInputError:
        for name, path in layers.items():
            try:
                read_context({name: path})
            except BadInputError:
                unread.append(name)
    readable = {name: path for name, path in layers.items() if name not in unread}
    return read_context(readable), tuple(unread)
