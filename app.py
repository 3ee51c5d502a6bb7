"""The browser's door: page, marking and navigation. Start it with ``harmhex app``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from layers.wording import PRODUCT
from views import frame, quality, tasking

MARK = str(Path(__file__).parent / "views" / "harmhex.svg")

st.set_page_config(page_title=PRODUCT, page_icon=MARK, layout="wide")
st.logo(MARK, size="large")
frame.keep_choices()

page = st.navigation(
    [
        st.Page(tasking.page, title="Tasking", url_path="tasking", default=True),
        st.Page(quality.page, title="Data and quality", url_path="data"),
    ],
    position="top",
)
frame.dress()
page.run()
