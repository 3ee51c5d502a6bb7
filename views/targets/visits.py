"""Visits: what was made of the last list, and how a visit gets into the register."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.register import load_register_rules
from layers.overlays import plain
from layers.rows import rows_html
from layers.targets.schedule_tables import delivery_rows, visit_rows
from layers.wording import counted, escaped
from register import intake, visits
from register.errors import ChangedElsewhereError, RowsRefusedError
from register.visits import VisitDraft
from register.words import PRIVACY_RULE
from views import access, frame, records
from views.targets import delivery

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetResult
    from views.in_force import InForce
    from views.targets.delivery import Delivered

MOST_ROWS: Final = 60
_SAID: Final = "visits_said"
_ROUND: Final = "visits_round"
_OPENED: Final = "visit_opened"
_CHOSEN: Final = "visit_withdraw"


def visits_part(store: IncidentStore, held: InForce, result: TargetResult) -> None:
    """Show what was delivered, and take visits in."""
    state = st.session_state
    state.setdefault(_ROUND, 0)
    if said := state.pop(_SAID, ""):
        st.html(f'<p class="hx-words" role="status"><b>{escaped(said)}</b></p>')
    names = dict(
        zip(result.areas["area_id"].astype(str), result.areas["name"].astype(str), strict=True)
    )
    if held.previous is not None:
        listed = held.previous.listed
        names |= dict(zip(listed["area_id"].astype(str), listed["name"].astype(str), strict=True))
    left, right = st.columns([1.6, 1], gap="medium")
    with left, frame.plain_errors():
        made = delivery.delivered(store, held)
        _made(made, names)
    with right:
        if access.may(Action.ENTER_VISITS):
            with frame.plain_errors():
                _form(store, names)
            with frame.plain_errors():
                _file(store)
            with frame.plain_errors():
                _withdrawal(made, names)


def _made(made: Delivered | None, names: dict[str, str]) -> None:
    if made is None:
        st.html(
            '<h3 class="hx-h3">Last period</h3><p class="hx-absent">No list was adopted before '
            "today, so there is nothing that visits could be held against.</p>"
        )
        return
    st.html(
        f'<h3 class="hx-h3">Last period: {escaped(made.answer)}</h3><p class="hx-words">'
        f"{escaped(made.words)} A visit that nobody wrote down is not here.</p>"
    )
    if made.delivery is not None:
        st.html(rows_html(*delivery_rows(made.delivery, names)))
    if len(made.visits):
        st.html(
            f'<h3 class="hx-h3">Visits</h3><p class="hx-words">The latest '
            f"{min(MOST_ROWS, len(made.visits))} of {len(made.visits):,}.</p>"
        )
        st.html(rows_html(*visit_rows(made.visits, names, most=MOST_ROWS)))


def _form(store: IncidentStore, names: dict[str, str]) -> None:
    rules = load_register_rules()
    turn = st.session_state[_ROUND]
    with st.form(f"visit_{turn}"):
        st.html(
            f'<h3 class="hx-h3">Enter a visit</h3><p class="hx-words">{escaped(PRIVACY_RULE)}</p>'
        )
        area = st.selectbox(
            "Place", list(names), format_func=names.__getitem__, key=f"visit_area_{turn}"
        )
        one, two = st.columns(2)
        with one:
            day = st.date_input(
                "Day", records.today(store), format="DD/MM/YYYY", key=f"visit_day_{turn}"
            )
            minutes = st.number_input("Minutes", value=15, step=1, key=f"visit_minutes_{turn}")
        with two:
            time = st.time_input("Start", dt.time(18), step=300, key=f"visit_time_{turn}")
            officers = st.number_input("Officers", value=2, step=1, key=f"visit_officers_{turn}")
        seen = st.multiselect("Seen", rules.visit_seen, format_func=plain, key=f"visit_seen_{turn}")
        done = st.multiselect("Done", rules.visit_done, format_func=plain, key=f"visit_done_{turn}")
        sent = st.form_submit_button("Enter", type="primary", key="visit_send")
    if not sent:
        return
    if not area or not isinstance(day, dt.date) or time is None:
        msg = "Choose the place, the day and the time of the visit."
        raise BadInputError(msg)
    draft = VisitDraft(
        area_id=str(area),
        start=f"{day.isoformat()}T{time:%H:%M}",
        minutes=int(minutes or 0),
        officers=int(officers or 0),
        seen=tuple(seen),
        done=tuple(done),
        source="form",
    )
    records.change(Action.ENTER_VISITS, visits.add, draft)
    _done("Entered.")


def _file(store: IncidentStore) -> None:
    with st.expander("Take in a file of visits"):
        st.html(
            '<p class="hx-words">CSV with a header: area_id, start, minutes, and perhaps officers, '
            "seen, done. All rows are taken in or none; those that stand already are left out.</p>"
        )
        turn = st.session_state[_ROUND]
        given = st.file_uploader("File", type=["csv"], key=f"visit_file_{turn}")
        if not st.button("Take it in", key="visit_take_in", disabled=given is None):
            return
        try:
            taken = records.change(
                Action.ENTER_VISITS,
                intake.take_in,
                given.getvalue(),
                "visits",
                name=given.name,
                sight=records.sight(),
                today=records.today(store),
            )
        except RowsRefusedError as error:
            frame.say(str(error))
            items = "".join(
                f"<li>{number}: {escaped(why)}</li>" for number, why in error.troubles[:100]
            )
            st.html(f'<div class="hx-notes"><ul>{items}</ul></div>')
        else:
            _done(
                f"{counted(taken.added, 'visit')} added, {taken.duplicates:,} left out as they "
                "stand already."
            )


def _withdrawal(made: Delivered | None, names: dict[str, str]) -> None:
    """Offer to take back a visit that was not made, as it stood when it was chosen."""
    if made is None or made.visits.empty:
        return
    newest = made.visits.sort_values(["start", "area_id"], ascending=False).head(MOST_ROWS)
    told = {
        str(row["visit_id"]): f"{str(row['start']).replace('T', ' ')}, "
        f"{names.get(str(row['area_id']), row['area_id'])}"
        for row in newest.to_dict("records")
    }
    state = st.session_state
    with st.expander("Withdraw a visit that was not made"):
        chosen = st.selectbox(
            "Visit",
            list(told),
            index=None,
            placeholder="Choose a visit",
            format_func=told.__getitem__,
            key=_CHOSEN,
        )
        if not chosen:
            state.pop(_OPENED, None)
            return
        opened = state.get(_OPENED)
        if opened is None or opened.id != chosen:
            with records.register().reading() as session:
                opened = next(one for one in visits.listed(session) if one.id == chosen)
            state[_OPENED] = opened
        if not st.button("Withdraw it", key="visit_withdraw_now"):
            return
        try:
            records.change(Action.ENTER_VISITS, visits.withdraw, opened.id, version=opened.version)
        except ChangedElsewhereError as error:
            state.pop(_OPENED, None)
            frame.say(str(error))
        else:
            _done("Withdrawn.")


def _done(said: str) -> None:
    state = st.session_state
    state[_SAID] = said
    state[_ROUND] += 1
    for name in (_OPENED, _CHOSEN):
        state.pop(name, None)
    st.rerun()
