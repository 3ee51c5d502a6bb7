"""Entering overlays: add, change, renew, expire and withdraw, and files of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from layers.overlays import plain
from layers.wording import counted, escaped
from register import anniversaries, events, intake, tension
from register.calendar_rows import NOUNS as CALENDAR_NOUNS
from register.errors import ChangedElsewhereError, RowsRefusedError
from register.words import PRIVACY_RULE
from spatial.window import day_words
from views import frame, records
from views.overlays import forms as overlay_forms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from register.anniversaries import Anniversary
    from register.events import Event
    from register.tension import Tension
    from spatial.incidents.store import IncidentStore
    from views.overlays.forms import AnyDraft

    Record = Anniversary | Event | Tension

KINDS: Final = {"anniversaries": "Anniversary", "events": "Event", "tension": "Tension"}
_ROOMS: Final[dict[str, Any]] = {
    "anniversaries": anniversaries,
    "events": events,
    "tension": tension,
}
_KIND: Final = "overlay_kind"
_OPENED: Final = "overlay_opened"
_ENTRY: Final = "overlay_entry"
_SAID: Final = "overlay_said"
_ROUND: Final = "overlay_round"
_NEW: Final = ""


def panel(store: IncidentStore, day: dt.date) -> None:
    """Offer the forms; each asks for the role again when it is sent."""
    with st.container(key="overlay_forms"):
        st.html('<h2 class="hx-h2">Enter and change</h2>')
        if said := st.session_state.pop(_SAID, ""):
            st.html(f'<p class="hx-words" role="status"><b>{escaped(said)}</b></p>')
        st.html(f'<p class="hx-words">{escaped(PRIVACY_RULE)}</p>')
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = st.selectbox(
                "Kind", list(KINDS), format_func=KINDS.__getitem__, key=_KIND, on_change=_close
            )
            opened = _choose(store, str(kind))
        with frame.plain_errors():
            _form(store, str(kind), opened, day)
        if opened is not None:
            _other_ways(str(kind), opened, day)
        else:
            _file(store, str(kind), day)


def _choose(store: IncidentStore, kind: str) -> Record | None:
    """Return the record that is open, as it was when it was opened; None for a new one.

    It is kept, not read again: what somebody else does meanwhile must be noticed.
    """
    listed: dict[str, Record] = {one.id: one for one in _listed(store, kind)}
    state = st.session_state
    if state.get(_ENTRY, _NEW) not in {_NEW, *listed}:
        # what is open was withdrawn by somebody: it stays open until its form is sent or left
        held = state.get(_OPENED)
        if held is not None and held.id == state[_ENTRY]:
            listed[held.id] = held
        else:
            state[_ENTRY] = _NEW
    chosen = st.selectbox(
        "Entry",
        [_NEW, *listed],
        format_func=lambda item: _name(listed[item]) if item else "A new one",
        key=_ENTRY,
    )
    if not chosen:
        state.pop(_OPENED, None)
        return None
    held = state.get(_OPENED)
    if held is None or held.id != chosen:
        held = state[_OPENED] = listed[chosen]
    found: Record = held
    return found


def _listed(store: IncidentStore, kind: str) -> tuple[Record, ...]:
    said = records.due_and_tense(store)
    if kind == "tension":
        # what has expired is entered anew if it comes back
        return said.tension
    with records.register().reading() as session:
        return _all_of(said.key, kind, _session=session)


@st.cache_resource(show_spinner=False, max_entries=8)
def _all_of(key: str, kind: str, *, _session: Session) -> tuple[Record, ...]:
    del key  # part of the key only
    return (anniversaries if kind == "anniversaries" else events).listed(_session)


def _name(one: Record) -> str:
    if isinstance(one, tension.Tension):
        where = one.place or one.beat
        return f"{plain(one.level)}, {plain(one.theme)}, {where}, {day_words(one.entered_on)}"
    day = one.date if isinstance(one, anniversaries.Anniversary) else one.first_date
    return f"{one.label}, {day_words(day)}"


def _form(store: IncidentStore, kind: str, opened: Record | None, day: dt.date) -> None:
    # a form of its own for every record and version, so that none shows another's words
    turn = st.session_state.setdefault(_ROUND, 0)
    stem = f"{kind}_{opened.id}_{opened.version}_{turn}" if opened else f"{kind}_new_{turn}"
    with st.form(f"form_{stem}"):
        draft = overlay_forms.FIELDS[kind](opened, stem, day, tuple(records.beats(store)))
        words = "Keep the change" if opened else "Add"
        sent = st.form_submit_button(words, type="primary", key=f"send_{kind}")
    if sent:
        _keep(store, kind, opened, draft(), day)


def _keep(
    store: IncidentStore, kind: str, opened: Record | None, draft: AnyDraft, day: dt.date
) -> None:
    facts: dict[str, Any] = {"force_area": records.force_area(store)}
    if kind == "tension":
        facts |= {"sight": records.sight(), "today": day}
    room = _ROOMS[kind]
    if opened is None:
        records.change(Action.EDIT_OVERLAYS, room.add, draft, **facts)
        _done("Added.")
    _try_change(room.change, opened, draft, said="The change is kept.", **facts)


def _try_change(
    entry: Callable[..., object], opened: Record, *given: object, said: str, **facts: object
) -> None:
    """Change the open record, or say that somebody else did and offer to reload it."""
    try:
        records.change(
            Action.EDIT_OVERLAYS, entry, opened.id, *given, version=opened.version, **facts
        )
    except ChangedElsewhereError as error:
        frame.say(str(error))
        st.button("Reload it", key="overlay_reload", on_click=_reload)
    else:
        _done(said)


def _other_ways(kind: str, opened: Record, day: dt.date) -> None:
    room = _ROOMS[kind]
    with st.container(horizontal=True, key="overlay_ways"), frame.plain_errors():
        if kind == "tension":
            facts = {"sight": records.sight(), "today": day}
            if st.button(
                "Renew", key="overlay_renew", help="It is so today: it fades from now on."
            ):
                _try_change(room.renew, opened, said="Renewed.", **facts)
            if st.button("Expire", key="overlay_expire", help="It counts no more from today on."):
                _try_change(room.expire, opened, said="Expired.", **facts)
        sure = st.checkbox("Sure", key=f"overlay_sure_{opened.id}")
        if st.button(
            "Withdraw",
            key="overlay_withdraw",
            disabled=not sure,
            help="For what should not have been entered; tick Sure first.",
        ):
            more = {"sight": records.sight()} if kind == "tension" else {}
            _try_change(room.withdraw, opened, said="Withdrawn.", **more)


def _file(store: IncidentStore, kind: str, day: dt.date) -> None:
    with st.expander(f"Take in a file of {kind}"):
        calendar = kind in CALENDAR_NOUNS
        also = ", or iCalendar with GEO and LOCATION" if calendar else ""
        st.html(
            f'<p class="hx-words">CSV with a header{also}. All rows '
            "are taken in or none; those that stand already are left out. docs/overlays.md lists "
            "the columns.</p>"
        )
        turn = st.session_state[_ROUND]
        types = ["csv", "ics"] if calendar else ["csv"]
        given = st.file_uploader("File", type=types, key=f"file_{kind}_{turn}")
        if not st.button("Take it in", key="overlay_take_in", disabled=given is None):
            return
        with frame.plain_errors():
            try:
                taken = records.change(
                    Action.EDIT_OVERLAYS,
                    intake.take_in,
                    given.getvalue(),
                    kind,
                    name=given.name,
                    sight=records.sight(),
                    today=day,
                    force_area=records.force_area(store),
                )
            except RowsRefusedError as error:
                frame.say(str(error))
                _troubles(error)
            else:
                _done(
                    f"{counted(taken.added, 'entry', 'entries')} added, "
                    f"{taken.duplicates:,} left out as they stand already."
                )


def _troubles(error: RowsRefusedError) -> None:
    items = "".join(f"<li>{number}: {escaped(why)}</li>" for number, why in error.troubles[:100])
    st.html(f'<div class="hx-notes"><ul>{items}</ul></div>')


def _done(said: str) -> None:
    st.session_state[_SAID] = said
    st.session_state[_ROUND] += 1
    st.session_state.pop(_OPENED, None)
    st.rerun()


@frame.fenced
def _reload() -> None:
    st.session_state.pop(_OPENED, None)
    st.session_state[_ROUND] += 1


@frame.fenced
def _close() -> None:
    st.session_state.pop(_OPENED, None)
    st.session_state[_ENTRY] = _NEW
