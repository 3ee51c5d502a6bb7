"""The Settings page: every setting with its value, default and reason; changed by whoever may."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.force_file import FILE_NAME, Origin, force_file, said_in
from config.in_force import checked
from config.store_settings import DEFAULT, changed_tables
from layers.marking import download_name
from layers.settings_words import (
    DUTY,
    FORCE,
    HANDLING,
    MARKING,
    PARTS,
    consequence,
    entry_at,
    in_words,
    said,
)
from layers.wording import counted, escaped
from views import access, frame
from views.settings import crest, entry, saving, shifts

_PART: Final = "settings_part"
_HOW: Final = {
    Origin.SHIPPED: "Every setting has its default.",
    Origin.STORE: f"Set for this store, in its {FILE_NAME}; the rest have their defaults.",
}


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_SETTINGS)
        access.record_seen("settings", "")
        changing = access.may(Action.CHANGE_SETTINGS) and _can_save()
        with st.container(key="settings"):
            _head(changing=changing)
            titles = [part.title for part in PARTS]
            st.session_state.setdefault(_PART, titles[0])
            chosen = st.segmented_control("Settings of", titles, key=_PART, required=True)
            part = next((one for one in PARTS if one.title == chosen), PARTS[0])
            # said above, though it is known only once the boxes are drawn
            waiting = st.container()
            st.html(f'<p class="hx-words">{escaped(part.lead)}</p>')
            above = ""
            for one in part.entries:
                with frame.plain_errors():
                    above = entry.row(one, changing=changing, above=above)
            if part.title == FORCE:
                crest.draw(changing=changing)
                _preview()
            if part.title == DUTY:
                with frame.plain_errors():
                    shifts.draw(changing=changing)
            if changing:
                with waiting, frame.plain_errors():
                    _waiting()


def _can_save() -> bool:
    return force_file().origin is not Origin.NAMED


def _head(*, changing: bool) -> None:
    how = _HOW.get(force_file().origin) or saving.read_only()
    if not changing and _can_save():
        how += " An administrator may change them."
    st.html(f'<h2 class="hx-h2">Settings</h2><p class="hx-words">{escaped(how)}</p>')
    if words := st.session_state.pop(saving.SAID, ""):
        frame.say(words, kind="plain")


def _waiting() -> None:
    """Say what was entered and not yet saved, whether it will do, and offer to save it."""
    entered = entry.entered()
    if not entered:
        return
    problem = _problem(entered)
    lines = "".join(f"<li>{escaped(_line(path, value))}</li>" for path, value in entered.items())
    with st.container(key="settings_waiting"):
        st.html(
            f'<p class="hx-words"><b>{counted(len(entered), "change")} not saved yet</b></p>'
            f'<ul class="hx-setting-changes">{lines}</ul>'
            f'<p class="hx-words">{escaped(consequence(entered))}</p>'
        )
        if problem:
            frame.say(problem)
        left, right, _ = st.columns([2, 2, 8])
        left.button(
            "Save",
            key="settings_save",
            type="primary",
            disabled=bool(problem),
            on_click=frame.fenced(saving.save),
            args=(dict(entered),),
            width="stretch",
        )
        right.button("Discard", key="settings_discard", on_click=_discard, width="stretch")


def _problem(entered: dict[str, Any]) -> str:
    file = force_file()
    tables, _ = changed_tables(file.tables, entered)
    try:
        checked(said_in(tables, file.origin, file.path))
    except BadInputError as error:
        return in_words(str(error))
    return ""


def _line(path: str, value: object) -> str:
    found = entry_at(path)
    if found is None:
        return path
    now = said(entry.value_of(found), found.kind)
    new = (
        f"the default, {said(entry.default_of(found), found.kind)}"
        if value is DEFAULT
        else said(value, found.kind)
    )
    return f"{found.label}: {now}, to be {new}"


@frame.fenced
def _discard() -> None:
    st.session_state.pop(entry.ENTERED, None)
    entry.redraw()


def _preview() -> None:
    """Show how the marking that is entered or in force looks on a page and in a file's name."""
    marking, handling = (str(entry.shown(one)) for one in (MARKING, HANDLING))
    st.html(
        '<h3 class="hx-h3">How it looks</h3>'
        f'<div class="hx-marking-preview">{escaped(marking)}</div>'
        f'<p class="hx-words">{escaped(handling)}</p>'
        '<p class="hx-words">A file is named '
        f"<b>{escaped(download_name('targets.csv', marking or 'none', study_area='saltmere'))}</b>"
        "</p>"
    )
