"""What would change if a place were added or taken away: a form, and the scores then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
from layers.findings import loud_html
from layers.risk.changes import point_of
from layers.risk.places import position_words
from layers.risk.what_if import (
    ASSOCIATION,
    PlaceChange,
    change_words,
    changed_rows,
    feature_names,
    place_rows,
    what_if_deck,
    what_if_legend,
    what_if_sentence,
)
from layers.rows import rows_html
from layers.wording import escaped
from spatial.risk_changes import feature_table, what_would_change
from views import answers, frame, screen
from views.risk_terrain.result import list_of

if TYPE_CHECKING:
    import pandas as pd

    from spatial.incidents.store import IncidentStore
    from spatial.risk_results import RiskResult

_CHANGES: Final = "risk_changes"
_ADD, _REMOVE = "add", "remove"
_WORDS: Final = {_ADD: "One more", _REMOVE: "One fewer"}
_TYPED, _LISTED = "typed", "listed"
_FROM: Final = {_TYPED: "typed in", _LISTED: "the middle of a place on the list"}
_MOST_ROWS: Final = 15
_ROUND: Final = "risk_change_turn"


def what_if_part(store: IncidentStore, result: RiskResult) -> None:
    """Ask for changes, and show what the scores would be with all of them."""
    st.html(f'<div class="hx-loud hx-beside" role="note"><p>{escaped(ASSOCIATION)}</p></div>')
    if not result.model.factors:
        st.html('<p class="hx-absent">There is no kind of place to change.</p>')
        return
    areas = list_of(store, result)
    left, right = st.columns([1, 1.35], gap="medium")
    with left, st.container(key="risk_side"):
        with frame.plain_errors():
            _entry(result, areas)
        changes = _changes(result)
        if changes:
            _listed(result, changes)
    if not changes:
        with right:
            st.html('<p class="hx-absent">Add or take away a place to see what would change.</p>')
        return
    with frame.plain_errors():
        changed, found = what_would_change(
            result,
            added=[
                (one.kind, one.longitude, one.latitude) for one in changes if one.removed is None
            ],
            removed=[(one.kind, one.removed) for one in changes if one.removed is not None],
        )
        with left, st.container(key="risk_changed"):
            st.html(f'<p class="hx-sentence">{escaped(what_if_sentence(result, found))}</p>')
            # the first note says what stands at the head already
            frame.put(loud_html(found.notes[1:]))
            if len(found.changed):
                head, rows = place_rows(result, found, areas)
                if rows:
                    st.html('<h3 class="hx-h3">Places of the list, by their riskiest cell</h3>')
                    st.html(rows_html(head, rows))
                st.html('<h3 class="hx-h3">Cells that change most</h3>')
                st.html(rows_html(*changed_rows(result, changed, most=_MOST_ROWS)))
        with right, st.container(key="risk_map_pane"):
            st.pydeck_chart(
                what_if_deck(
                    result, found, changes, areas, answers.ground(store), screen=screen.screen()
                ),
                height="stretch",
                key="risk_what_if_map",
                alt="Map of the cells whose score would change. The tables beside it say the same.",
            )
            st.html(what_if_legend(found))


def _entry(result: RiskResult, areas: pd.DataFrame) -> None:
    state = st.session_state
    rules = result.rules
    chosen = [term.factor for term in result.model.terms]
    kinds = [*dict.fromkeys([*chosen, *sorted(result.model.factors)])]
    turn = state.setdefault(_ROUND, 0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = st.segmented_control(
            "Change", list(_WORDS), format_func=_WORDS.__getitem__, default=_ADD, required=True,
            key="risk_change_way",
        )  # fmt: skip
        if state.get("risk_change_kind") not in kinds:
            state["risk_change_kind"] = kinds[0]
        kind = str(
            st.selectbox(
                "Kind of place",
                kinds,
                format_func=lambda one: (
                    rules.words_of(one)[1].capitalize()
                    + ("" if one in chosen else " (not in the model)")
                ),
                key="risk_change_kind",
            )
        )
    change = (
        _removal(result, kind, turn) if way == _REMOVE else _addition(result, kind, areas, turn)
    )
    if st.button("See what would change", type="primary", key="risk_change_add"):
        if change is None:
            msg = "Say which place: choose it, or type where it would be."
            raise BadInputError(msg)
        run, held = state.get(_CHANGES, ("", ()))
        before = held if run == result.run_id else ()
        if change.removed is not None and any(
            (one.kind, one.removed) == (change.kind, change.removed) for one in before
        ):
            msg = "That place is taken away already."
            raise BadInputError(msg)
        state[_CHANGES] = (result.run_id, (*before, change))
        state[_ROUND] = turn + 1
        st.rerun()


def _removal(result: RiskResult, kind: str, turn: int) -> PlaceChange | None:
    features = _features(result.run_id, kind, _result=result)
    names = feature_names(features)
    picked = st.selectbox(
        "Which one",
        range(len(names)),
        index=None,
        placeholder=f"Choose from {len(names):,}",
        format_func=names.__getitem__,
        key=f"risk_change_which_{kind}_{turn}",
    )
    if picked is None:
        return None
    one = features.iloc[int(picked)]
    return PlaceChange(
        kind, float(one["longitude"]), float(one["latitude"]), int(picked), str(one["name"])
    )


def _addition(result: RiskResult, kind: str, areas: pd.DataFrame, turn: int) -> PlaceChange | None:
    way = _TYPED
    if len(areas):
        way = str(
            st.radio(
                "Where",
                list(_FROM),
                format_func=_FROM.__getitem__,
                horizontal=True,
                key="risk_change_from",
            )
        )
    if way == _LISTED:
        spots = {
            f"{row['rank']}. {row['name']}": (float(row["longitude"]), float(row["latitude"]))
            for row in areas.to_dict("records")
        }
        place = st.selectbox(
            "Place", list(spots), index=None, placeholder="Choose", key=f"risk_change_place_{turn}"
        )
        point = spots.get(place) if place else None
    else:
        text = st.text_input(
            "A grid reference like TG 2711 7142, or longitude and latitude",
            key=f"risk_change_text_{turn}",
        )
        point = point_of(text, result) if text.strip() else None
    if point is None:
        return None
    st.html(f'<p class="hx-words">At {escaped(position_words(*point))}.</p>')
    return PlaceChange(kind, *point)


def _changes(result: RiskResult) -> tuple[PlaceChange, ...]:
    """Return the changes made so far; those of another run are of other features."""
    run, held = st.session_state.get(_CHANGES, ("", ()))
    return held if run == result.run_id else ()


def _listed(result: RiskResult, changes: tuple[PlaceChange, ...]) -> None:
    items = "".join(f"<li>{escaped(change_words(result.rules, one))}</li>" for one in changes)
    st.html(f'<div class="hx-notes"><ul>{items}</ul></div>')
    with st.container(horizontal=True):
        st.button("Take the last one back", key="risk_change_undo", on_click=_undo)
        st.button("Begin anew", key="risk_change_clear", on_click=_clear)


@frame.fenced
def _undo() -> None:
    run, held = st.session_state[_CHANGES]
    st.session_state[_CHANGES] = (run, held[:-1])


@frame.fenced
def _clear() -> None:
    st.session_state.pop(_CHANGES, None)


@st.cache_data(show_spinner=False, max_entries=24)
def _features(run_id: str, kind: str, *, _result: RiskResult) -> pd.DataFrame:
    del run_id  # part of the key only
    return feature_table(_result, kind)
