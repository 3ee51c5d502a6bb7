"""The small line on every page which says that the sample town is not real."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from config.errors import BadInputError
from layers.fictional import fictional_words
from views import answers


def draw() -> None:
    """Say in the frame that the open store is the sample town, whatever its folder is called.

    It takes no room, and cannot be put away: a picture of the page carries it.
    """
    words = ""
    # a store that cannot be opened is said by the page
    with suppress(BadInputError, OSError):
        words = fictional_words(answers.forces(answers.open_store()))
    if words:
        text = f"{words[:1].upper()}{words[1:]}: no place, person or incident in it is real"
        if words.startswith("partly"):
            text = f"{words[:1].upper()}{words[1:]}: some of these incidents are not real"
        st.html(f'<div class="hx-fictional" role="note">{text}</div>')
