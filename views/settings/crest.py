"""The crest on the Settings page: shown, given, taken away."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import streamlit as st

from config.crest import MOST_BYTES, checked_crest, load_crest
from config.store_settings import DEFAULT
from layers.settings_words import CREST
from layers.wording import escaped
from views import frame
from views.settings import entry
from views.settings.saving import save

if TYPE_CHECKING:
    from config.crest import Crest


def draw(*, changing: bool) -> None:
    """Draw the crest in force, and, for whoever may change it, the way to give another."""
    box, told, why = st.columns([5, 4, 9], gap="medium")
    with box, frame.plain_errors():
        held = load_crest()
        if changing:
            _upload()
        elif held is None:
            st.html('<div class="hx-setting"><span>Crest</span><b>none</b></div>')
    with told, frame.plain_errors():
        held = load_crest()
        words = entry.origin_words(CREST) if entry.is_own(CREST) else ""
        st.html(entry.told_html(words, "none") + ("" if held is None else crest_image(held)))
        if changing and entry.is_own(CREST):
            st.button(
                "Take the crest away",
                key="settings_crest_away",
                on_click=frame.fenced(save),
                args=({CREST.path: DEFAULT},),
            )
    why.html(f'<p class="hx-setting-why">{escaped(entry.reason(CREST))}</p>')


def crest_image(crest: Crest) -> str:
    """Return a crest as HTML: as a picture, in which nothing runs."""
    held = base64.b64encode(crest.content).decode()
    return f'<img class="hx-crest" alt="Crest" src="data:{crest.mime};base64,{held}">'


def _upload() -> None:
    given = st.file_uploader(
        "Crest (PNG or SVG)",
        type=["png", "svg"],
        key=f"settings_crest_{entry.value_of(CREST)}",
        max_upload_size=1,
        help=f"At most {MOST_BYTES // 1000} kB.",
    )
    if given is None:
        return
    crest = checked_crest(given.getvalue(), name=given.name)
    st.html(f'<p class="hx-setting-told">This is what is shown: {crest_image(crest)}</p>')
    st.button(
        "Save the crest",
        key="settings_crest_save",
        type="primary",
        on_click=frame.fenced(save),
        args=({CREST.path: crest.file_name},),
        kwargs={"crest": crest},
    )
