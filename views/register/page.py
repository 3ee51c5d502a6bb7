"""The Register page: adopted lists, decisions, overrides, and the audit with its check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.access import Action
from config.profile import profile_title
from layers.rows import rows_html
from layers.wording import counted, escaped, run_words
from register import audit, decisions, overrides, targets
from register.anchor import verify
from register.archive import archive_troubles, files_of
from register.decisions import DecisionDraft
from register.errors import ChangedElsewhereError
from spatial.window import day_words
from views import access, answers, frame, records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from register.decisions import Decision
    from register.overrides import Override
    from register.targets import Targets
    from spatial.incidents.store import IncidentStore

MOST_ROWS: Final = 100
_OPENED: Final = "decision_opened"
_ENTRY: Final = "decision_entry"
_ROUND: Final = "decision_round"
_SAID: Final = "decision_said"


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_REGISTER)
        store = answers.open_store()
        access.record_seen("register", "")
        with st.container(key="register"):
            for part in (_adopted, _decisions, _overrides):
                with frame.plain_errors():
                    part(store)
            if access.may(Action.VERIFY_AUDIT):
                with frame.plain_errors():
                    _audit()


def _adopted(store: IncidentStore) -> None:
    st.html(
        '<h2 class="hx-h2">Adopted lists</h2><p class="hx-words">What a meeting decided on, with '
        "the run it came from; its files are kept as they were.</p>"
    )
    folder = records.archive(store)
    with records.register().reading() as session:
        listed = targets.listed(session)[:MOST_ROWS]
        titles = {name: profile_title(name) for name in {one.profile for one in listed}}
        rows = []
        for one in listed:
            files = files_of(session, one.id)
            troubles = archive_troubles(folder, files)
            rows.append(
                (
                    f"{day_words(one.first_date)} to {day_words(one.last_date)}",
                    titles[one.profile],
                    one.study_area,
                    counted(len(targets.areas_of(session, one.id)), "place"),
                    run_words(one.run_id),
                    "; ".join(troubles) or f"{counted(len(files), 'file')}, as archived",
                    f"{one.created_by}, {_moment(one.created_at)}",
                    one.remark,
                )
            )
    if not rows:
        _none("No list was adopted. Who decides does so on the page Tasking.")
        return
    head = ("Days", "Profile", "Study area", "Places", "Run", "Files", "Adopted by", "Remark")
    st.html(rows_html(head, rows))
    links = " · ".join(
        f'<a href="run?run={escaped(one.run_id)}" target="_self">{day_words(one.first_date)}, '
        f"{escaped(titles[one.profile])}, {escaped(run_words(one.run_id))}</a>"
        for one in listed
    )
    st.html(f'<p class="hx-words">Open as archived: {links}</p>')
    _withdrawal(
        targets,
        {one.id: one for one in listed},
        "list",
        lambda one: f"{day_words(one.first_date)}, {titles[one.profile]}, {run_words(one.run_id)}",
        "It counts as adopted no more; its archived files stay.",
    )


def _decisions(store: IncidentStore) -> None:
    st.html(
        '<h2 class="hx-h2">Decisions</h2><p class="hx-words">What was decided, which role or team '
        "owns it, and what came of it.</p>"
    )
    day = records.today(store)
    with records.register().reading() as session:
        listed = decisions.listed(session)[:MOST_ROWS]
    rows = [
        (
            day_words(one.meeting_on),
            one.text,
            one.owner,
            _due(one, day),
            one.state,
            one.outcome,
        )
        for one in listed
    ]
    if rows:
        st.html(rows_html(("Meeting", "Decision", "Owner", "Due", "State", "Outcome"), rows))
    else:
        _none("No decision was entered.")
    if access.may(Action.ADOPT):
        with st.expander("Enter or change a decision", expanded=_OPENED in st.session_state):
            _decision_form(listed, day)


def _decision_form(listed: tuple[Decision, ...], day: dt.date) -> None:
    state = st.session_state
    if said := state.pop(_SAID, ""):
        st.html(f'<p class="hx-words" role="status"><b>{escaped(said)}</b></p>')
    known = {one.id: one for one in listed}
    if state.get(_ENTRY, "") not in {"", *known}:
        state[_ENTRY] = ""
    chosen = st.selectbox(
        "Decision",
        ["", *known],
        format_func=lambda item: known[item].text if item else "A new one",
        key=_ENTRY,
    )
    opened: Decision | None = state.get(_OPENED)
    if not chosen:
        opened = None
        state.pop(_OPENED, None)
    elif opened is None or opened.id != chosen:
        opened = state[_OPENED] = known[chosen]
    turn = state.setdefault(_ROUND, 0)
    stem = f"decision_{opened.id}_{opened.version}_{turn}" if opened else f"decision_new_{turn}"
    with st.form(stem):
        draft = _decision_fields(opened, stem, day)
        sent = st.form_submit_button(
            "Keep the change" if opened else "Enter", type="primary", key="send_decision"
        )
    if sent:
        with frame.plain_errors():
            _keep_decision(opened, draft())


def _decision_fields(
    opened: Decision | None, stem: str, day: dt.date
) -> Callable[[], DecisionDraft]:
    one, two = st.columns(2)
    with one:
        meeting = st.date_input(
            "Meeting",
            opened.meeting_on if opened else day,
            format="DD/MM/YYYY",
            key=f"{stem}_meeting",
        )
        text = st.text_input("Decision", opened.text if opened else "", key=f"{stem}_text")
        owner = st.text_input(
            "Owner (a role or team)", opened.owner if opened else "", key=f"{stem}_owner"
        )
    with two:
        due_on = st.date_input(
            "Due (may be empty)",
            opened.due_on if opened else None,
            format="DD/MM/YYYY",
            key=f"{stem}_due",
        )
        state = st.selectbox(
            "State",
            decisions.STATES,
            decisions.STATES.index(opened.state) if opened else 0,
            key=f"{stem}_state",
        )
        outcome = st.text_input("Outcome", opened.outcome if opened else "", key=f"{stem}_outcome")
    return lambda: DecisionDraft(
        meeting_on=meeting,
        text=text,
        owner=owner,
        due_on=due_on,
        state=state,
        outcome=outcome,
        area_id=opened.area_id if opened else "",
        run_id=opened.run_id if opened else "",
    )


def _keep_decision(opened: Decision | None, draft: DecisionDraft) -> None:
    try:
        if opened is None:
            records.change(Action.ADOPT, decisions.add, draft)
        else:
            records.change(Action.ADOPT, decisions.change, opened.id, draft, version=opened.version)
    except ChangedElsewhereError as error:
        frame.say(str(error))
        st.button("Reload it", key="decision_reload", on_click=_reload)
        return
    st.session_state[_SAID] = "Kept."
    _reload()
    st.rerun()


@frame.fenced
def _reload() -> None:
    st.session_state.pop(_OPENED, None)
    st.session_state[_ROUND] += 1


def _overrides(_store: IncidentStore) -> None:
    st.html('<h2 class="hx-h2">Overrides</h2>')
    with records.register().reading() as session:
        listed = overrides.listed(session)
    if not listed:
        _none("No override is in force.")
        return
    rows = [
        (
            one.kind,
            ", ".join(one.areas),
            one.name,
            one.reason,
            one.changed_by,
            _moment(one.changed_at),
        )
        for one in listed[:MOST_ROWS]
    ]
    st.html(rows_html(("Kind", "Areas", "Name", "Reason", "By", "When"), rows))
    _withdrawal(
        overrides,
        {one.id: one for one in listed},
        "override",
        lambda one: f"{one.kind} {', '.join(one.areas) or one.name}: {one.reason}",
        "The next list is made without it.",
    )


def _withdrawal(
    room: ModuleType,
    listed: Mapping[str, Targets | Override],
    noun: str,
    words: Callable[[Any], str],
    meaning: str,
) -> None:
    """Offer to take back one of what is listed, on the version that was seen."""
    if not access.may(Action.ADOPT):
        return
    with st.expander(f"Withdraw a{'n' if noun[0] in 'aeiou' else ''} {noun}"):
        st.html(f'<p class="hx-words">{escaped(meaning)}</p>')
        chosen = st.selectbox(
            f"{noun.capitalize()} to withdraw",
            list(listed),
            format_func=lambda item: words(listed[item]),
            key=f"withdraw_{noun}",
        )
        sure = st.checkbox("Sure", key=f"withdraw_{noun}_sure_{chosen}")
        if st.button("Withdraw", key=f"withdraw_{noun}_now", disabled=not sure):
            with frame.plain_errors():
                # what somebody else changed in the meantime is refused by its version
                version = listed[str(chosen)].version
                records.change(Action.ADOPT, room.withdraw, str(chosen), version=version)
                st.rerun()


def _audit() -> None:
    st.html(
        '<h2 class="hx-h2">Audit</h2><p class="hx-words">Who saw, changed or took away what, '
        "newest first; every entry is sealed to the one before it.</p>"
    )
    if st.button("Verify the audit", key="verify_audit"):
        access.require(Action.VERIFY_AUDIT)
        register = records.register()
        with register.reading() as session:
            verdict = verify(session, register.anchor)
        found = "".join(f"<li>{escaped(one)}</li>" for one in (*verdict.troubles, *verdict.remarks))
        words = (
            f"The audit is whole: {counted(verdict.entries, 'entry', 'entries')}."
            if verdict.whole
            else "The audit is not whole."
        )
        st.html(
            f'<div class="hx-say hx-{"plain" if verdict.whole else "problem"}" role="status">'
            f"{escaped(words)}<ul>{found}</ul>"
            '<p class="hx-words">Note it down, to compare it another day: '
            f"{verdict.entries}:{escaped(verdict.head)}</p></div>"
        )
    with records.register().reading() as session:
        newest = audit.entries(session, most=MOST_ROWS)
    rows = [
        (
            str(one.seq),
            _moment(one.at),
            one.by,
            one.action,
            " ".join((one.noun, run_words(one.item))).strip(),
            run_words(one.run_id),
        )
        for one in newest
    ]
    st.html(rows_html(("Entry", "When (UTC)", "By", "Did", "What", "Run"), rows))


def _due(one: Decision, day: dt.date) -> str:
    if one.due_on is None:
        return ""
    late = one.state == "open" and one.due_on < day
    return f"{day_words(one.due_on)}{', overdue' if late else ''}"


def _moment(at: dt.datetime) -> str:
    return f"{day_words(at.date())} {at:%H:%M}"


def _none(words: str) -> None:
    st.html(f'<p class="hx-absent">{escaped(words)}</p>')
