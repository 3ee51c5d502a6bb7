"""Saving settings: for whoever may, into the store's file, with old and new value in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.force_file import Origin, force_file
from config.store_settings import save_settings
from layers.settings_words import consequence, entry_at, said
from views import access
from views.settings import held
from views.settings.entry import ENTERED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.crest import Crest
    from config.store_settings import Change

SAID: Final = "settings_said"
_LONGEST: Final = 200


def save(changes: Mapping[str, object], *, crest: Crest | None = None) -> None:
    """Save changes, record each of them, and put them in force.

    Raises
    ------
    BadInputError
        Whoever asks may not, the settings are read from a file that was named at the start, or a
        setting will not do; nothing is changed then.
    """
    access.require(Action.CHANGE_SETTINGS)
    store = held.store_folder()
    if force_file().origin is Origin.NAMED or store is None:
        raise BadInputError(read_only())
    made = save_settings(store, changes, crest=crest)
    st.session_state.pop(ENTERED, None)
    held.begin()
    st.session_state[SAID] = _sentence(made)
    for one in made:
        access.record(
            "changed", "setting", one.key, old=_kept(one.old, one.key), new=_kept(one.new, one.key)
        )


def read_only() -> str:
    """Say why nothing can be saved where the settings come from a named file."""
    return (
        f"The settings come from the file {force_file().name!r}, named when the app was started. "
        "They are changed there, by whoever runs the app."
    )


def _sentence(made: tuple[Change, ...]) -> str:
    if not made:
        return "Nothing was changed: the store's file says so already."
    entries = [(one, entry_at(one.key)) for one in made]
    names = ", ".join(entry.label if entry else one.key for one, entry in entries)
    return f"Saved: {names}. {consequence(one.key for one in made)}"


def _kept(value: object, key: str) -> str:
    if value is None:
        return "default"
    entry = entry_at(key)
    return said(value, entry.kind if entry else "text")[:_LONGEST]
