"""Where the keyboard is: a panel that it opens takes the focus, and gives it back when left."""

from __future__ import annotations

from pathlib import Path

import streamlit as st


def keep() -> None:
    """Have the browser lead the keyboard into panels and back, on every page."""
    component = st.components.v2.component(
        "harmhex_focus",
        html="<span></span>",
        js=(Path(__file__).parent / "focus.js").read_text(encoding="utf-8"),
    )
    component(key="focus_kept", height=1)
