"""The page Method and limits: what goes in, how it is made, what it must not be used for."""

from __future__ import annotations

import streamlit as st

from config.access import Action
from config.force_file import settings_key
from layers.method.chapter import chapters_html
from layers.method.document import TITLE, chapters, method_html
from layers.wording import escaped
from views import access, frame

LEAD = (
    "For everybody who sees a map or a list. The first eight chapters take about ten minutes; the "
    "tables after them say exactly what is in force."
)


def page() -> None:
    """Draw the page; it needs no data."""
    with frame.plain_errors():
        access.require(Action.SEE_METHOD)
        body, file = _kept(settings_key())
        with st.container(key="method"):
            st.html(f'<h1 class="hx-h1">{TITLE}</h1><p class="hx-words">{escaped(LEAD)}</p>')
            access.download(
                "This page as a file",
                file,
                file_name="harmhex_method_and_limits.html",
                mime="text/html",
                help="To print, send or keep: one file that needs nothing else",
                key="method_file",
            )
            st.html(body)


@st.cache_data(show_spinner=False, max_entries=4)
def _kept(key: str) -> tuple[str, bytes]:
    del key  # part of the key only
    return chapters_html(chapters(), label="Contents"), method_html()
