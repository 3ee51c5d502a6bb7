"""Answers kept between clicks: the store, its ground and its results, by what they depend on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
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
from spatial.report import section
from spatial.results import TargetRequest
from spatial.run import hotspots, sensitivity, targets, tasking
from spatial.scene import finest_resolution

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

STORE_VARIABLE: Final = "HARMHEX_STORE"


def open_store() -> IncidentStore:
    """Open the store that the app was started on.

    Raises
    ------
    BadInputError
        None was named, or it cannot be opened.
    """
    named = os.environ.get(STORE_VARIABLE, "")
    if not named:
        msg = (
            "No incident store is open. Start the app with: harmhex app --store DIR "
            "(or harmhex app, for the sample town)."
        )
        raise BadInputError(msg)
    path = Path(named)
    if not path.exists():
        msg = (
            f"The store {path.name!r} does not exist yet. Load files into it on the page Load data."
        )
        raise BadInputError(msg)
    store = IncidentStore.open(path)
    if not any(load.stored for load in store.loads):
        msg = f"The store {path.name!r} holds no incidents yet. Load files on the page Load data."
        raise BadInputError(msg)
    return store


def answer(
    store: IncidentStore, request: TaskingRequest, held: InForce | None = None
) -> TaskingResult:
    """Return the result of a request, worked out once while store and register stay the same.

    ``held`` is what the register adds; None for the list as it would be ranked without people.
    """
    key = f"{store.fingerprint} {store.extras_fingerprint} {held.key if held else ''}"
    return _answer(key, request, _store=store, _held=held)


def target_list(
    store: IncidentStore, request: TargetRequest, held: InForce, more: tuple[Override, ...] = ()
) -> TargetResult:
    """Return the list of a request, worked out once while store and register stay the same.

    ``more`` are changes that nobody has kept yet, applied last: to see what they would do.
    """
    tried = [(one.override_id, one.kind, one.areas, one.name) for one in more]
    cells = [[group.tolist() for group in one.groups] for one in more]
    key = f"{store.fingerprint} {store.extras_fingerprint} {held.key} {tried} {cells}"
    return _target_list(key, request, _store=store, _held=held, _more=more)


def surface(store: IncidentStore, request: HotspotRequest) -> HotspotResult:
    """Return a surface, worked out once for as long as the store stays the same."""
    key = f"{store.fingerprint} {store.extras_fingerprint}"
    return _surface(key, request, _store=store)


def report_section(store: IncidentStore, request: ReportRequest, name: str) -> Section:
    """Return one section of the report, worked out once for as long as the store stays the same."""
    key = f"{store.fingerprint} {store.extras_fingerprint}"
    return _section(key, request, name, _store=store)


def finest(store: IncidentStore, profile: str, window: Window) -> int:
    """Return the finest resolution that a profile's locations in a window can carry."""
    return _finest(store.fingerprint, profile, window, _store=store)


def weights_table(store: IncidentStore, result: TaskingResult) -> pd.DataFrame:
    """Return how many of the places on the list stay under other weights, worked out once."""
    key = f"{store.fingerprint} {store.extras_fingerprint} {sorted(own_weights(store.path))}"
    return _weights_table(f"{key} {result.run_id}", _store=store, _result=result)


def own_weights(store: Path) -> dict[str, HarmScheme]:
    """Return the harm editions that people keep in a store: file to scheme."""
    # a kept workbook lies in a folder named by its content
    return _own_weights(tuple(map(str, kept_weight_files(store))))


def target_files(result: TaskingResult) -> tuple[bytes, bytes]:
    """Return the list as CSV and as GeoJSON, written before anybody asks.

    A file written on the click is lost when the page is being drawn anew at that moment.
    """
    return _target_files(result.run_id, _result=result)


def ground(store: IncidentStore) -> Context:
    """Return the store's context layers, read and simplified once."""
    return _ground(store.extras_fingerprint, _store=store)


def study_area_names(store: IncidentStore) -> tuple[str, ...]:
    """Return the study areas' names as they are printed, not as they are filed."""
    return _names(store.extras_fingerprint, _store=store)


def forces(store: IncidentStore) -> tuple[str, ...]:
    """Return the names of the forces whose incidents the store holds."""
    return _forces(store.fingerprint, _store=store)


def banner(store: IncidentStore) -> Banner:
    """Return the quality banner of the whole store; a result carries that of its own window."""
    loads = " ".join(load.load_id for load in store.loads)
    return _banner(f"{store.fingerprint} {loads}", _store=store)


def window_banner(store: IncidentStore, profile: str, window: Window) -> Banner:
    """Return the quality banner of one profile and window."""
    loads = " ".join(load.load_id for load in store.loads)
    return _window_banner(f"{store.fingerprint} {loads}", profile, window, _store=store)


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


@st.cache_resource(show_spinner="Working out the places", max_entries=24)
def _answer(
    key: str, request: TaskingRequest, *, _store: IncidentStore, _held: InForce | None
) -> TaskingResult:
    del key  # part of the key only
    if _held is None:
        return tasking(_store, request)
    return tasking(
        _store, request, previous=_held.previous, fixed=_held.fixed, overrides=_held.overrides
    )


@st.cache_resource(show_spinner="Working out the places", max_entries=16)
def _target_list(
    key: str,
    request: TargetRequest,
    *,
    _store: IncidentStore,
    _held: InForce,
    _more: tuple[Override, ...],
) -> TargetResult:
    del key  # part of the key only
    # a force's own polygons are changed in their file, not cell by cell
    changes = (*_held.overrides, *_more) if request.drawn is None else ()
    return targets(_store, request, previous=_held.previous, fixed=_held.fixed, overrides=changes)


@st.cache_resource(show_spinner="Working out the surface", max_entries=24)
def _surface(key: str, request: HotspotRequest, *, _store: IncidentStore) -> HotspotResult:
    del key  # part of the key only
    return hotspots(_store, request)


@st.cache_resource(show_spinner="Working out the answer", max_entries=48)
def _section(key: str, request: ReportRequest, name: str, *, _store: IncidentStore) -> Section:
    del key  # part of the key only
    return section(_store, request, name)


@st.cache_data(show_spinner=False, max_entries=48)
def _finest(fingerprint: str, profile: str, window: Window, *, _store: IncidentStore) -> int:
    del fingerprint  # part of the key only
    return finest_resolution(_store, load_profile(profile), window, load_settings())


@st.cache_data(show_spinner="Ranking the places under other weights", max_entries=24)
def _weights_table(key: str, *, _store: IncidentStore, _result: TaskingResult) -> pd.DataFrame:
    del key  # part of the key only
    asked = _result.request
    request = TargetRequest(
        profile=asked.profile,
        window=asked.window,
        study_area=asked.study_area,
        resolution=_result.targets.resolution,
        places=asked.places,
        weights=asked.weights,
        measure=asked.measure,
    )
    return sensitivity(_store, request)


@st.cache_resource(show_spinner=False, max_entries=8)
def _own_weights(files: tuple[str, ...]) -> dict[str, HarmScheme]:
    return {file: scheme_named(file) for file in files}


@st.cache_data(show_spinner=False, max_entries=24)
def _target_files(run_id: str, *, _result: TaskingResult) -> tuple[bytes, bytes]:
    del run_id  # part of the key only
    return targets_csv(_result.targets), targets_geojson(_result.targets)


@st.cache_data(show_spinner=False, max_entries=4)
def _banner(key: str, *, _store: IncidentStore) -> Banner:
    del key  # part of the key only
    return quality_banner(_store)


@st.cache_data(show_spinner=False, max_entries=64)
def _window_banner(key: str, profile: str, window: Window, *, _store: IncidentStore) -> Banner:
    del key  # part of the key only
    return quality_banner(_store, profile=load_profile(profile), window=window)


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


@st.cache_resource(show_spinner=False, max_entries=4)
def _ground(extras_fingerprint: str, *, _store: IncidentStore) -> Context:
    del extras_fingerprint  # part of the key only
    return read_context(_store.context_layers())
