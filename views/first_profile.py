"""The profile that a store is opened on: the first in order of preference that it can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.profile import load_profile
from layers.wording import counted, escaped
from spatial.daily.daily import DISORDER_PROFILE
from spatial.incidents.checks.shortfall import shortfall
from spatial.window import Window, year_to
from views import answers

if TYPE_CHECKING:
    from config.profile import Profile
    from spatial.incidents.store import IncidentStore

PREFERENCE: Final = (
    "ark", "community_violence", "violence_proxy", "near_miss", "robbery", "knife_enabled",
    "homicide",
)  # fmt: skip
"""Profiles of serious violence, the one to begin with first: offences before categories of open
data, which hold much that is no serious violence, and those before single kinds of it."""


def first_profile(store: IncidentStore) -> tuple[str, str]:
    """Return the profile to begin with, and why it is not the preferred one.

    Returns
    -------
    The name of the first profile of `PREFERENCE` with an incident in the last 12 months of the
    store, the preferred one where none has any; and a sentence that says why the preferred one
    cannot be told from these data, empty where it can.
    """
    return _first(store.fingerprint, _store=store)


def no_violence(store: IncidentStore) -> str:
    """Say that a store tells of antisocial behaviour alone, and where to look at it; else nothing.

    Of every date it holds: another window would not help. Not said where an incident could be
    serious violence but what tells was not recorded.
    """
    return _no_violence(store.fingerprint, _store=store)


def say_why(store: IncidentStore, shown: str) -> None:
    """Say why the preferred profile is not shown, where the page shows the one in its place."""
    name, why = first_profile(store)
    if shown in answers.violence_profiles():
        why = why or no_violence(store)
    if why and shown == name:
        st.html(f'<p class="hx-begun" role="note">{escaped(why)}</p>')


@st.cache_data(show_spinner=False, max_entries=8)
def _first(fingerprint: str, *, _store: IncidentStore) -> tuple[str, str]:
    del fingerprint  # part of the key only
    profiles = answers.violence_profiles()
    ordered = [name for name in PREFERENCE if name in profiles]
    ordered += [name for name in profiles if name not in ordered]
    window = year_to(_store.data_through)
    for name in ordered:
        if shortfall(_store, profile=profiles[name], window=window).counted:
            why = _why_not(_store, profiles[ordered[0]]) if name != ordered[0] else ""
            return name, why and f"{why} Shown in its place: {profiles[name].title}."
    return ordered[0], ""


@st.cache_data(show_spinner=False, max_entries=8)
def _no_violence(fingerprint: str, *, _store: IncidentStore) -> str:
    del fingerprint  # part of the key only
    for profile in answers.violence_profiles().values():
        found = shortfall(_store, profile=profile, window=None)
        if found.counted or found.left_out:
            return ""
    disorder = load_profile(DISORDER_PROFILE)
    held = shortfall(_store, profile=disorder, window=None).counted
    if not held:
        return ""
    span = Window(_store.data_from, _store.data_through).words
    return (
        f"These data hold no serious violence: of what this app looks at, they hold "
        f"{counted(held, 'incident')} of antisocial behaviour ({span}). Look at "
        f"{'it' if held == 1 else 'them'} on the page Analysis, profile {disorder.title}; or load "
        "data with serious violence."
    )


def _why_not(store: IncidentStore, wanted: Profile) -> str:
    found = shortfall(store, profile=wanted, window=year_to(store.data_through))
    if not found.left_out:
        return f"No incident of {wanted.title} is in the last 12 months of these data."
    lacking = ", ".join(found.left_out_for)
    may = "may be one" if found.left_out == 1 else "may be"
    return (
        f"{wanted.title} cannot be told from these data: {counted(found.left_out, 'incident')} of "
        f"the last 12 months {may}, but what tells was not recorded ({lacking})."
    )
