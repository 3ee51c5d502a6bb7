"""The moving map: one window after another, drawn in the browser from what was sent once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from layers.over_time import moving_map
from spatial.over_time import over_time
from spatial.window import Window
from views import answers, choices, waiting

if TYPE_CHECKING:
    from layers.context import Context
    from spatial.incidents.store import IncidentStore
    from spatial.over_time import OverTime
    from spatial.results import TaskingResult

_FOLDER: Final = Path(__file__).parent
_KEY: Final = "moving_map"
_HTML: Final = """
<div class="frame">
  <div class="top">
    <div class="said" aria-live="polite"><b></b><span></span></div>
    <label>Show <select class="subject" aria-label="Show"></select></label>
    <label>Each step <select class="length" aria-label="Each step"></select></label>
  </div>
  <div class="middle">
    <div class="side"><div class="pane">
      <canvas role="img" tabindex="0"></canvas>
      <div class="zoom">
        <button type="button" class="in" aria-label="Closer">+</button>
        <button type="button" class="out" aria-label="Further off">&minus;</button>
        <button type="button" class="whole" aria-label="Whole study area">All</button>
      </div>
    </div><div class="legend" role="note" aria-label="Legend"></div></div>
    <div class="scroll" tabindex="0" role="region" aria-label="Every step">
      <table><caption></caption><thead><tr></tr></thead><tbody></tbody></table>
    </div>
  </div>
  <div class="foot">
    <button type="button" class="main">Play</button>
    <button type="button" class="previous" aria-label="Step before">&#9664;</button>
    <button type="button" class="next" aria-label="Step after">&#9654;</button>
    <input type="range" min="0" step="1" aria-label="Window shown">
    <span class="ends"></span><span class="still"></span>
    <button type="button" class="use">Rank places for this window</button>
  </div>
</div>
"""


def moving(store: IncidentStore, result: TaskingResult) -> None:
    """Draw the months of the result's profile as a map that moves, with its table.

    The list beside it stays that of the result's own window until a person asks for the window
    shown, which puts its dates on the page.
    """
    found = _counted(store, result)
    data, key = _map(store, result, found)
    component = st.components.v2.component(
        "harmhex_moving_map",
        html=_HTML,
        css=(_FOLDER / "period.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "period.js").read_text(encoding="utf-8"),
    )
    component(
        key=_KEY,
        data={"key": key, "map": data},
        height="stretch",
        on_window_change=lambda: _take(store),
    )


def _counted(store: IncidentStore, result: TaskingResult) -> OverTime:
    asked = result.request
    key = (
        f"{answers.state_of(store)} {asked.profile} {asked.study_area} "
        f"{result.targets.resolution} {asked.weights}"
    )
    return waiting.answer(
        f"over time {key}",
        lambda _: over_time(
            store,
            asked.profile,
            study_area=asked.study_area,
            resolution=result.targets.resolution,
            weights=asked.weights,
        ),
        doing="Counting month by month",
    )


def _map(
    store: IncidentStore, result: TaskingResult, found: OverTime
) -> tuple[dict[str, Any], str]:
    """Return what the browser is sent, and a key that changes only with it."""
    key = f"{answers.state_of(store)} {result.run_id}"
    # outside of what is cached: it may be waited for
    ground = answers.ground(store)
    return _made(key, _found=found, _ground=ground, _result=result), key


@st.cache_data(show_spinner=False, max_entries=8)
def _made(
    key: str, *, _found: OverTime, _ground: Context, _result: TaskingResult
) -> dict[str, Any]:
    del key  # part of the key only
    return moving_map(_found, _ground, _result.targets.areas)


def _take(store: IncidentStore) -> None:
    """Put the window that was shown on the page, if the data can have it."""
    said = st.session_state[_KEY].get("window")
    try:
        first, last = (dt.date.fromisoformat(day) for day in said)
    except (TypeError, ValueError):
        return
    if store.data_from.replace(day=1) <= first <= last <= store.data_through:
        choices.take_window(store, Window(first, last))
