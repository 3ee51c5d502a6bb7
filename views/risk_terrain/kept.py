"""The risk terrain that the lists of a store name: which one it is, kept and let go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from config.access import Action
from layers.wording import escaped
from spatial.risk_terrain.kept import keep_risk, kept_risk_files, let_go_risk
from spatial.risk_terrain.near import NearFactors, read_near
from views import access, frame

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskResult

_SAID = "risk_kept_said"


def kept_near(store: IncidentStore) -> tuple[NearFactors, ...]:
    """Return the kept risk terrains of a store, read once while they stay the same."""
    files = kept_risk_files(store.path)
    return _read(tuple((str(path), path.stat().st_mtime_ns) for path in files))


def keeping(store: IncidentStore, result: RiskResult) -> None:
    """Say whether the lists name this risk terrain, and offer to begin or to end that."""
    if not result.model.terms:
        return
    now = next(
        (
            one
            for one in kept_near(store)
            if one.fits(result.profile, result.grid.study_area, result.resolution)
        ),
        None,
    )
    named = now is not None and now.run_id == result.run_id
    with st.container(key="risk_keeping", horizontal=True, vertical_alignment="center"):
        if named:
            said = "The lists of this profile, study area and cells say what stands near by this."
        elif now is not None:
            said = f"The lists say what stands near by another risk terrain, run {now.run_id}."
        else:
            said = "The lists on Tasking and Targets do not say yet what stands near their places."
        st.html(f'<p class="hx-words">{escaped(said)}</p>')
        if access.may(Action.KEEP_RISK_TERRAIN):
            if named:
                st.button(
                    "No longer name it",
                    key="risk_let_go",
                    on_click=_let_go,
                    args=(store.path, result),
                )
            else:
                st.button(
                    "Use in the why of targets",
                    key="risk_keep",
                    on_click=_keep,
                    args=(store.path, result),
                    help="The reasons of each place then name what stands near, with how many "
                    "times the incidents of cells without it: an association, no cause. No rank "
                    "changes. It stays until another takes its place.",
                )
    if message := st.session_state.pop(_SAID, ""):
        frame.say(message, kind="plain")


@frame.fenced
def _keep(store: Path, result: RiskResult) -> None:
    access.require(Action.KEEP_RISK_TERRAIN)
    keep_risk(store, result)
    access.record("added", "risk_terrain", result.run_id, profile=result.profile.name)
    st.session_state[_SAID] = "Kept. Lists worked out from now on name what stands near."


@frame.fenced
def _let_go(store: Path, result: RiskResult) -> None:
    access.require(Action.KEEP_RISK_TERRAIN)
    let_go_risk(store, result)
    access.record("withdrawn", "risk_terrain", result.run_id, profile=result.profile.name)
    st.session_state[_SAID] = "Lists worked out from now on no longer name what stands near."


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(files: tuple[tuple[str, int], ...]) -> tuple[NearFactors, ...]:
    return tuple(read_near(Path(name)) for name, _ in files)
