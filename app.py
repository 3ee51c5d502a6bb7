"""The browser's door: page, marking, sign-in and navigation. Start it with ``harmhex app``."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from config.access import Action
from layers.wording import PRODUCT
from views import access, fairness, frame
from views.analysis import page as analysis
from views.evaluation import page as evaluation
from views.loading import page as loading
from views.overlays import page as overlays
from views.quality import page as quality
from views.register import page as register
from views.risk_terrain import page as risk_terrain
from views.targets import page as targets
from views.tasking import page as tasking

MARK = str(Path(__file__).parent / "views" / "harmhex.svg")

st.set_page_config(page_title=PRODUCT, page_icon=MARK, layout="wide")
st.logo(MARK, size="large")
frame.keep_choices()

if access.begin():
    page = st.navigation(
        access.pages(
            [
                (
                    Action.SEE_TASKING,
                    st.Page(tasking.page, title="Tasking", url_path="tasking", default=True),
                ),
                (Action.SEE_TARGETS, st.Page(targets.page, title="Targets", url_path="targets")),
                (
                    Action.SEE_EVALUATION,
                    st.Page(evaluation.page, title="Evaluation", url_path="evaluation"),
                ),
                (
                    Action.SEE_ANALYSIS,
                    st.Page(analysis.page, title="Analysis", url_path="analysis"),
                ),
                (
                    Action.SEE_RISK_TERRAIN,
                    st.Page(risk_terrain.page, title="Risk terrain", url_path="risk-terrain"),
                ),
                (
                    Action.SEE_OVERLAYS,
                    st.Page(overlays.page, title="Overlays", url_path="overlays"),
                ),
                (
                    Action.SEE_REGISTER,
                    st.Page(register.page, title="Register", url_path="register"),
                ),
                (
                    Action.SEE_FAIRNESS,
                    st.Page(fairness.page, title="Fairness", url_path="fairness"),
                ),
                (
                    Action.SEE_QUALITY,
                    st.Page(quality.page, title="Data and quality", url_path="data"),
                ),
                (Action.LOAD_DATA, st.Page(loading.page, title="Load data", url_path="load")),
            ]
        ),
        position="top",
    )
    frame.dress()
    access.foot()
    page.run()
else:
    frame.dress()
    access.sign_in_page()
