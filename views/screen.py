"""Which screen a page is on, a wall's or a laptop's: maps are fitted to it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

SCREENS: Final = ("laptop", "wall")
KEY: Final = "screen"
_ASKED: Final = "screen_asked"


def screen() -> str:
    """Return the screen as the browser last said it is; a laptop's until then."""
    said = str(st.session_state.get(KEY, SCREENS[0]))
    return said if said in SCREENS else SCREENS[0]


def ask() -> None:
    """Have the browser say how large its window is, where that is not what is known."""
    component = st.components.v2.component(
        "harmhex_screen",
        html="<span></span>",
        js=(Path(__file__).parent / "screen.js").read_text(encoding="utf-8"),
    )
    component(key=_ASKED, data={"screen": screen()}, height=1, on_screen_change=_take)


def _take() -> None:
    said = st.session_state[_ASKED].get("screen")
    if said in SCREENS:
        st.session_state[KEY] = said
