"""Answers kept between clicks: the store, its ground and its results, by what they depend on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
from config.profile import Family, Profile, load_profile, profile_names
from layers.context import Context, read_context
from layers.files import targets_csv, targets_geojson
from spatial.hexes.study_area import read_study_area
from spatial.incidents import quality
from spatial.incidents.store import IncidentStore
from spatial.run import tasking

if TYPE_CHECKING:
    from spatial.results import TaskingRequest, TaskingResult

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
    return IncidentStore.open(Path(named))


def answer(store: IncidentStore, request: TaskingRequest) -> TaskingResult:
    """Return the result of a request, worked out once for as long as the store stays the same."""
    key = f"{store.fingerprint} {store.extras_fingerprint}"
    return _answer(key, request, _store=store)


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


@st.cache_data(show_spinner=False)
def violence_profiles() -> dict[str, Profile]:
    """Return the shipped profiles of serious violence by name."""
    profiles = {name: load_profile(name) for name in profile_names()}
    return {
        name: profile
        for name, profile in profiles.items()
        if profile.family is Family.SERIOUS_VIOLENCE
    }


@st.cache_resource(show_spinner="Working out the places", max_entries=24)
def _answer(key: str, request: TaskingRequest, *, _store: IncidentStore) -> TaskingResult:
    del key  # part of the key only
    return tasking(_store, request)


@st.cache_data(show_spinner=False, max_entries=24)
def _target_files(run_id: str, *, _result: TaskingResult) -> tuple[bytes, bytes]:
    del run_id  # part of the key only
    return targets_csv(_result.targets), targets_geojson(_result.targets)


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
