"""Changing the list: what a change would give up or gain is said before it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from layers.rows import rows_html
from layers.targets.compare import KIND_WORDS, effect_rows, effect_sentence, outcome_rows
from layers.wording import escaped
from register import overrides
from register.errors import ChangedElsewhereError
from register.overrides import OverrideDraft
from spatial.targets.overridden.override_list import overrides_of
from spatial.targets.overridden.removals import DOUBTFUL_POINT
from spatial.window import day_words
from views import access, answers, frame, records
from views.targets import cells as targets_cells

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    from sqlalchemy.orm import Session

    from register.overrides import Override as KeptOverride
    from spatial.incidents.store import IncidentStore
    from spatial.results import HotspotResult, TargetRequest, TargetResult
    from spatial.targets.overridden.override_list import Override
    from views.in_force import InForce

PREVIEW: Final = "what is tried"
KIND: Final = "change_kind"
PLACE: Final = "change_place"
_TRIED: Final = "change_tried"
_SAID: Final = "change_said"
_ROUND: Final = "change_round"
_OPENED: Final = "change_opened"
_CHOSEN: Final = "change_withdraw"
_KINDS: Final = ("drop", "nudge", "merge", "split", "rename", "add")


def form(
    store: IncidentStore,
    request: TargetRequest,
    held: InForce,
    result: TargetResult,
    surface: HotspotResult,
) -> None:
    """Offer the changes, to who may make them; what stands is shown to everybody."""
    state = st.session_state
    if said := state.pop(_SAID, ""):
        st.html(f'<p class="hx-words" role="status"><b>{escaped(said)}</b></p>')
    if access.may(Action.OVERRIDE):
        with frame.plain_errors():
            _entry(result, surface)
        with frame.plain_errors():
            _tried(store, request, held, result)
    with frame.plain_errors():
        _proposals(result)
    with frame.plain_errors():
        _standing(held, result)


def choice(result: TargetResult, surface: HotspotResult) -> pd.DataFrame | None:
    """Return the cells that the map offers for the change that is being made; None elsewhere."""
    if not access.may(Action.OVERRIDE):
        return None
    kind, area = str(st.session_state.get(KIND, _KINDS[0])), _area_id(result)
    return targets_cells.offered(kind, area, result, surface)


def _entry(result: TargetResult, surface: HotspotResult) -> None:
    state = st.session_state
    turn = state.setdefault(_ROUND, 0)
    names = {
        str(row["area_id"]): f"{row['rank']}. {row['name']}"
        for row in result.areas.to_dict("records")
    }
    st.html('<h3 class="hx-h3">Change the list</h3>')
    with st.container(horizontal=True, vertical_alignment="bottom", key="change_head"):
        kind = str(st.selectbox("Change", _KINDS, format_func=KIND_WORDS.__getitem__, key=KIND))
        areas: tuple[str, ...] = ()
        if kind == "merge":
            areas = tuple(
                st.multiselect(
                    "Places, the one that stays first",
                    list(names),
                    format_func=names.__getitem__,
                    key=f"change_areas_{turn}",
                )
            )
        elif kind != "add":
            # the place that is chosen on the map and in the list too
            state[PLACE] = _area_id(result) or None
            picked = st.selectbox(
                "Place",
                list(names),
                format_func=names.__getitem__,
                key=PLACE,
                on_change=_take_place,
            )
            areas = (str(picked),) if picked else ()
    groups = targets_cells.ask(kind, areas[0] if areas else "", result, surface)
    with st.container(horizontal=True, vertical_alignment="bottom", key="change_words"):
        name = ""
        if kind in {"rename", "add", "split"}:
            label = "Name of the new part" if kind == "split" else "Name"
            name = st.text_input(label, key=f"change_name_{turn}")
        reason = st.text_input("Reason", key=f"change_reason_{turn}")
        asked = st.button("Show what it changes", key="change_try")
    if asked:
        draft = OverrideDraft(
            kind=kind, reason=reason, areas=areas, cells=groups, name=name, run_id=result.run_id
        )
        state.pop(_TRIED, None)
        state[_TRIED] = overrides.checked(draft)


def _tried(
    store: IncidentStore, request: TargetRequest, held: InForce, result: TargetResult
) -> None:
    """Show what a change would give up and gain; it counts only once it is kept."""
    draft: OverrideDraft | None = st.session_state.get(_TRIED)
    if draft is None:
        return
    trial = _as_if(draft)
    after = answers.target_list(store, request, held, (trial,))
    row = after.overrides[after.overrides["override_id"] == PREVIEW].iloc[0]
    st.html(
        f'<div class="hx-say hx-plain" role="status"><b>{escaped(KIND_WORDS[draft.kind])}, not '
        f"kept yet.</b> {escaped(effect_sentence(row, before=result, after=after))}</div>"
    )
    st.html(rows_html(*effect_rows(row)))
    with st.container(horizontal=True, key="change_decide"):
        if st.button("Keep this change", type="primary", key="change_keep"):
            records.change(Action.OVERRIDE, _add_checked, draft)
            _done("Kept. It counts for every list from now on, until it is withdrawn.")
        if st.button("Leave it", key="change_leave"):
            _done("")


def _as_if(draft: OverrideDraft) -> Override:
    """Return a draft as a change that stands after the others, checked against them."""
    with records.register().reading() as session:
        table = overrides.table(session)
    table.loc[len(table)] = [
        PREVIEW,
        draft.kind,
        " ".join(draft.areas),
        ";".join(" ".join(group) for group in draft.cells),
        draft.name,
        draft.reason,
        access.person().account,
        access.now().isoformat(),
    ]
    return overrides_of(table, called="Changes in the register")[-1]


def _add_checked(
    session: Session, draft: OverrideDraft, *, now: dt.datetime, by: str
) -> KeptOverride:
    """Add a change, unless it cannot stand beside those that do: nothing is written then."""
    made = overrides.add(session, draft, now=now, by=by)
    session.flush()
    overrides_of(overrides.table(session), called="Changes in the register")
    return made


def _proposals(result: TargetResult) -> None:
    """List places that hold a prison, hospital or the like, each with a way to take it off."""
    if result.removals.empty:
        return
    st.html(
        '<h3 class="hx-h3">Proposed for a look</h3><p class="hx-words">Nothing is taken off by '
        "itself.</p>"
    )
    names = dict(zip(result.areas["area_id"], result.areas["name"], strict=True))
    for number, row in enumerate(result.removals.to_dict("records")):
        with st.container(horizontal=True, vertical_alignment="center", key=f"proposal_{number}"):
            place = str(names.get(row["area_id"], row["area_id"]))
            st.html(
                f'<p class="hx-words"><b>{escaped(place)}</b> {escaped(row["words"])}</p>',
                width="stretch",
            )
            # a doubtful point is decided about on the page of the data, not by dropping its place
            if access.may(Action.OVERRIDE) and row["kind"] != DOUBTFUL_POINT:
                st.button(
                    "Drop, with this reason",
                    key=f"proposal_drop_{number}",
                    on_click=_try_drop,
                    args=(result.run_id, row),
                )


@frame.fenced
def _try_drop(run_id: str, row: dict[str, Any]) -> None:
    reason = (
        f"Holds {row['holds']} ({row['kind']}): {row['near']} of {row['incidents']} incidents lie "
        "within 75 m of it"
    )
    draft = OverrideDraft(kind="drop", reason=reason, areas=(row["area_id"],), run_id=run_id)
    st.session_state[_TRIED] = overrides.checked(draft)


def _standing(held: InForce, result: TargetResult) -> None:
    """List the changes in force with what became of each, and offer to withdraw one."""
    st.html('<h3 class="hx-h3">Changes in force</h3>')
    if not held.kept:
        st.html('<p class="hx-absent">Nobody changed the list.</p>')
        return
    st.html(rows_html(*outcome_rows(result.overrides)))
    if not access.may(Action.OVERRIDE):
        return
    listed = {one.id: one for one in held.kept}
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="bottom", key="change_withdrawal"):
        chosen = st.selectbox(
            "Withdraw",
            list(listed),
            index=None,
            placeholder="Choose a change",
            format_func=lambda item: _told(listed[item]),
            key=_CHOSEN,
        )
        if not chosen:
            state.pop(_OPENED, None)
            return
        # kept as it was when it was chosen: what somebody else does meanwhile must be noticed
        opened = state.get(_OPENED)
        if opened is None or opened.id != chosen:
            opened = state[_OPENED] = listed[chosen]
        if st.button("Withdraw it", key="change_withdraw_now"):
            _withdraw(opened)


def _withdraw(opened: KeptOverride) -> None:
    try:
        records.change(Action.OVERRIDE, overrides.withdraw, opened.id, version=opened.version)
    except ChangedElsewhereError as error:
        st.session_state.pop(_OPENED, None)
        frame.say(str(error))
    else:
        _done("Withdrawn. The list is made without it from now on.")


def _done(said: str) -> None:
    state = st.session_state
    for name in (_TRIED, _OPENED, _CHOSEN):
        state.pop(name, None)
    targets_cells.forget()
    state[_SAID] = said
    state[_ROUND] += 1
    st.rerun()


def _told(one: KeptOverride) -> str:
    what = ", ".join(one.areas) or one.name
    return f"{KIND_WORDS[one.kind]}: {what}, {one.changed_by}, {day_words(one.changed_at.date())}"


@frame.fenced
def _take_place() -> None:
    st.session_state["area"] = st.session_state[PLACE]


def _area_id(result: TargetResult) -> str:
    ids = [str(one) for one in result.areas["area_id"]]
    picked = st.session_state.get("area")
    return str(picked) if picked in ids else next(iter(ids), "")
