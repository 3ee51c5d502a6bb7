"""The accessibility statement's page."""

from __future__ import annotations

import streamlit as st

from config.access import Action
from layers.accessibility import TITLE, heading_html, lead, statement
from layers.method.chapter import chapters_html
from layers.method.document import document_html
from views import access, frame


def page() -> None:
    """Draw the page; it needs no data."""
    with frame.plain_errors():
        access.require(Action.SEE_METHOD)
        with st.container(key="accessibility"):
            st.html(heading_html())
            access.download(
                "This page as a file",
                document_html(TITLE, statement(), lead=lead()),
                file_name="harmhex_accessibility_statement.html",
                mime="text/html",
                help="To print, send or keep: one file that needs nothing else",
                key="accessibility_file",
            )
            st.html(chapters_html(statement(), label="Contents"))
