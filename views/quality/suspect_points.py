"""Doubtful locations on the page: the list, and a decision about the point that is chosen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.force_file import settings_key
from layers.data.suspects import (
    CHECKS,
    decision_words,
    distance_words,
    point_words,
    recorded_words,
)
from layers.wording import counted, escaped
from spatial.incidents.checks.suspects import PILE_UP, SNAP_POINT, Suspects, find_suspects
from spatial.incidents.decided.deciding import Asked, decide, withdraw
from spatial.incidents.decided.decision_files import decisions_csv
from spatial.incidents.decided.decisions import Choice, Reason
from spatial.incidents.decided.positions import read_position, write_position
from views import access, frame, waiting

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from spatial.incidents.store import IncidentStore

_ROW_PX: Final = 30
_HEAD_PX: Final = 38
_MOST_ROWS: Final = 8
_SAID: Final = "suspects_said"
_TURN: Final = "suspects_turn"
_DOING: Final = {
    Choice.KEEP: "Keep: it is right, ask no more",
    Choice.DROP: "Drop: count its incidents, on no map",
    Choice.MOVE: "Move its incidents elsewhere",
}


def suspect_points(store: IncidentStore) -> None:
    """Draw the doubtful points of a store, and record what a person decides about one."""
    suspects = _found(
        f"{store.path} {store.fingerprint} {store.extras_fingerprint}",
        repr(store.decisions),
        _store=store,
    )
    open_words = (
        f"{counted(suspects.undecided, 'doubtful point')} to look at. Choose a row to decide "
        "(by keyboard: arrows, then Shift and Space)."
        if suspects.undecided
        else "None without a decision."
    )
    st.html(
        '<h2 class="hx-h2">Pile-ups on one point, and other doubtful locations</h2>'
        f'<p class="hx-words">{open_words}</p>'
    )
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        frame.say(said, kind="plain")
    points = suspects.points
    if len(points):
        chosen = _choose(points)
        if chosen is not None and access.may(Action.DECIDE_LOCATIONS):
            _decide(store.path, points.iloc[chosen].to_dict())
    _around(suspects)
    if store.decisions:
        access.download(
            "Decisions (CSV)",
            decisions_csv(store.decisions),
            file_name="location_decisions.csv",
            mime="text/csv",
            key="location_decisions",
        )


def _choose(points: pd.DataFrame) -> int | None:
    """Show the list; return the place of the row that is chosen."""
    rows = points.to_dict("records")
    shown = pd.DataFrame(
        {
            "check": [str(point["check"]).capitalize() for point in rows],
            "incidents": points["incidents"],
            "decided": [decision_words(point) for point in rows],
            "near": [_where(point) for point in rows],
        }
    )
    if not (shown["decided"] != "").any():
        shown = shown.drop(columns="decided")
    # a new list after each decision: what was chosen in the old one is done with
    turn = st.session_state.setdefault(_TURN, 0)
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        row_height=_ROW_PX,
        height=min(len(shown), _MOST_ROWS) * _ROW_PX + _HEAD_PX,
        column_config={
            "check": "What",
            "incidents": st.column_config.NumberColumn("Incidents", format="localized"),
            "decided": "Decided",
            "near": "Where",
        },
        on_select="rerun",
        selection_mode="single-row",
        key=f"suspects_{turn}",
    )
    picked = event.selection.rows
    return int(picked[0]) if picked and picked[0] < len(points) else None


def _decide(store: Path, point: Mapping[Hashable, Any]) -> None:
    """Ask what is to be done with one point."""
    written = write_position(float(point["longitude"]), float(point["latitude"]))
    title = CHECKS[str(point["check"])].partition(":")[0]
    told = decision_words(point)
    st.html(
        f'<p class="hx-words"><b>{escaped(written)}</b> {escaped(point["grid_ref"])}<br>'
        f"{escaped(title)}: {escaped(point_words(point))}"
        f"{f'<br>Decided: {escaped(told)}' if told else ''}</p>"
    )
    of = f"{point['source']} {written}"
    choice = st.radio("What to do", list(Choice), format_func=_DOING.__getitem__, key=f"do {of}")
    to = ""
    if choice is Choice.MOVE:
        to = st.text_input(
            "Move to",
            placeholder="longitude, latitude or a grid reference",
            key=f"to {of}",
        )
    reason = st.selectbox(
        "Reason",
        list(Reason),
        index=list(Reason).index(_suggested(point)),
        format_func=str.capitalize,
        key=f"why {of}",
    )
    with st.container(horizontal=True):
        recorded = st.button("Record", key="suspect_record")
        withdrawn = bool(told) and st.button("Withdraw", key="suspect_withdraw")
    if not (recorded or withdrawn):
        return
    try:
        said = _withdraw(store, point) if withdrawn else _record(store, point, choice, reason, to)
    except BadInputError as error:
        frame.say(str(error))
        return
    st.session_state[_SAID] = said
    st.session_state[_TURN] += 1
    st.rerun()


def _suggested(point: Mapping[Hashable, Any]) -> Reason:
    if point["reason"] or point["suggested"]:
        return Reason(point["reason"] or point["suggested"])
    return Reason.SNAP_POINT if point["check"] == SNAP_POINT else Reason.OTHER


def _record(
    store: Path, point: Mapping[Hashable, Any], choice: Choice, reason: Reason, to: str
) -> str:
    access.require(Action.DECIDE_LOCATIONS)
    asked = Asked(
        float(point["longitude"]),
        float(point["latitude"]),
        choice,
        reason,
        to=read_position(to) if choice is Choice.MOVE else None,
        source=str(point["source"]),
        waits=point["incidents"] == 0,
    )
    recorded = decide(store, [asked], decided_on=dt.datetime.now().astimezone().date())
    access.record("changed", "location", decision=choice.value, incidents=recorded.incidents)
    words = recorded_words(recorded.decisions, recorded.incidents)
    return " ".join([words, *(note.text for note in recorded.notes)])


def _withdraw(store: Path, point: Mapping[Hashable, Any]) -> str:
    access.require(Action.DECIDE_LOCATIONS)
    longitude, latitude = float(point["longitude"]), float(point["latitude"])
    withdraw(store, longitude, latitude, source=str(point["source"]))
    access.record("withdrawn", "location")
    return f"Withdrawn: {write_position(longitude, latitude)} is again where its source put it."


def _around(suspects: Suspects) -> None:
    """Say what lies outside the study area, and what could not be checked."""
    words = [note.text for note in suspects.notes if note.loud]
    if suspects.bands["incidents"].sum():
        listed = ", ".join(
            f"{row.band} {row.incidents:,}" for row in suspects.bands.itertuples() if row.incidents
        )
        words.insert(0, f"Incidents outside the study area, by distance: {listed}.")
    if words:
        st.html(f'<p class="hx-words">{escaped(" ".join(words))}</p>')


def _where(point: Mapping[Hashable, Any]) -> str:
    """Say where a point is in a few words: what is near, else how far out, else its reference."""
    if point["check"] in {PILE_UP, SNAP_POINT} and point["near"]:
        return str(point["near"])
    place = str(point["grid_ref"]) or write_position(
        float(point["longitude"]), float(point["latitude"])
    )
    return ", ".join(part for part in (place, distance_words(point)) if part)


def _found(key: str, decisions: str, *, _store: IncidentStore) -> Suspects:
    return waiting.answer(
        f"suspects {settings_key()} {key} {decisions}",
        lambda _: find_suspects(_store),
        doing="Looking at locations",
    )
