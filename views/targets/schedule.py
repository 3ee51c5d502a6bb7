"""The schedule of a list: which places on which days, when, and what it could find out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.dose import load_dose_rules
from config.errors import BadInputError
from config.force_file import settings_key
from config.settings import load_settings
from layers.findings import notes_html
from layers.rows import rows_html
from layers.targets.cell_choice import point_at
from layers.targets.schedule_files import day_lists, schedule_calendar, schedule_csv
from layers.targets.schedule_tables import day_rows, place_rows
from layers.targets.schedule_words import plan_sentences
from layers.wording import escaped
from spatial.projection import metric_system_at
from spatial.targets.names import read_named_lines
from spatial.targets.schedule.places import days_counted, places_of
from spatial.targets.schedule.plan import Plan, schedule
from spatial.targets.schedule.power import Design, expected_incidents
from spatial.targets.schedule.request import ScheduleRequest
from spatial.window import day_words
from views import access, frame, records, waiting

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.results import TargetResult

_ASKED: Final = "schedule_asked"
_DESIGNS: Final = {
    "crossover": "drawn at random each day, so that it can be evaluated",
    "rotating": "in turn",
    "fixed": "every place every day",
}


def schedule_part(store: IncidentStore, result: TargetResult) -> None:
    """Ask for a schedule, and show the one made: a day at a time, as patrols are given it."""
    if result.areas.empty:
        st.html('<p class="hx-absent">The list holds no place to schedule.</p>')
        return
    left, right = st.columns([1, 1.7], gap="medium")
    with left, frame.plain_errors():
        _form(store, result)
    with right, frame.plain_errors():
        plan = made(store, result)
        if plan is None:
            st.html(
                '<p class="hx-absent">No schedule is made for this list yet. What it takes, and '
                "what it could find out, is said here before it starts.</p>"
            )
        else:
            _show(result, plan)


def made(store: IncidentStore, result: TargetResult) -> Plan | None:
    """Return the schedule that was made for this very list in this session; None without one."""
    asked = st.session_state.get(_ASKED)
    if asked is None or asked[0] != result.run_id:
        return None
    return _plan(f"{store.extras_fingerprint} {result.run_id}", asked[1], _store=store,
                 _result=result)  # fmt: skip


def _form(store: IncidentStore, result: TargetResult) -> None:
    rules, places = load_dose_rules(), len(result.areas)
    today = records.today(store)
    with st.form("schedule"):
        st.html('<h3 class="hx-h3">Schedule</h3>')
        design = st.selectbox(
            "Places are visited",
            list(_DESIGNS),
            format_func=_DESIGNS.__getitem__,
            key="schedule_design",
        )
        one, two, three = st.columns(3)
        with one:
            start = st.date_input(
                "First day", today + dt.timedelta(days=1), format="DD/MM/YYYY", key="schedule_start"
            )
            minutes = st.number_input("Minutes a visit", value=rules.minutes, step=1)
            first = st.number_input("From hour", value=rules.from_hour, step=1)
        with two:
            days = st.number_input("Days", value=load_settings().period_days, step=1)
            every = st.number_input("Minutes between", value=rules.every_minutes, step=10)
            last = st.number_input("To hour", value=rules.to_hour, step=1)
        with three:
            treated = st.number_input(
                "Places a day",
                value=max(1, places // 2),
                step=1,
                help="Of a schedule of every place every day, all of them.",
            )
            officers = st.number_input("Officers", value=rules.officers, step=1)
            hours = st.number_input("Officer-hours a day, at most", value=None, step=1.0)
        seed = st.number_input(
            "Seed",
            value=int(today.strftime("%Y%m%d")),
            step=1,
            help="Any whole number: the same one gives the same days. Write it down.",
        )
        base = st.text_input("Base, as a grid reference (empty: the middle of the places)")
        if not st.form_submit_button("Make the schedule", type="primary", key="schedule_make"):
            return
    if not isinstance(start, dt.date):
        msg = "Choose the first day of the schedule."
        raise BadInputError(msg)
    asked = ScheduleRequest(
        start=start,
        days=int(days or 0),
        seed=int(seed or 0),
        treated=places if design == "fixed" else int(treated or 0),
        design=str(design),
        minutes=int(minutes or 0),
        every=int(every or 0),
        from_hour=int(first or 0),
        to_hour=int(last or 0),
        officers=int(officers or 0),
        officer_hours=None if hours is None else float(hours),
        bases=(point_at(base),) if base.strip() else (),
    )
    st.session_state.pop(_ASKED, None)
    # what cannot be is refused before it is remembered
    _plan(f"{store.extras_fingerprint} {result.run_id}", asked, _store=store, _result=result)
    st.session_state[_ASKED] = (result.run_id, asked)


def _show(result: TargetResult, plan: Plan) -> None:
    rules = load_dose_rules()
    places = places_of(result.areas, window_days=_window_days(result))
    design = None
    expected = expected_incidents(places, len(plan.dates))
    if plan.choices.design == "crossover" and expected is not None:
        design = Design(expected, plan.choices.k / len(plan.area_ids), len(plan.dates))
    said = plan_sentences(plan, design, rules=rules)
    st.html("".join(f"<p>{escaped(sentence)}</p>" for sentence in said))
    loud = [note.text for note in plan.notes if note.loud]
    if loud:
        items = "".join(f"<li>{escaped(text)}</li>" for text in loud)
        st.html(f'<div class="hx-loud hx-beside" role="note"><ul>{items}</ul></div>')
    days = [day.isoformat() for day in plan.dates]
    with st.container(horizontal=True, vertical_alignment="bottom", key="schedule_files"):
        day = str(
            st.selectbox(
                "A day's list",
                days,
                format_func=lambda one: day_words(dt.date.fromisoformat(one)),
                key=f"schedule_day_{plan.run_id}",
            )
        )
        _files(plan, day)
    st.html(rows_html(*day_rows(plan, day)))
    with st.expander("Each place over all days, and choices made on the way"):
        st.html(rows_html(*place_rows(plan)))
        quiet = notes_html(plan.notes)
        if quiet:
            st.html(quiet)


def _files(plan: Plan, day: str) -> None:
    lists = day_lists(plan)
    name = f"patrols_{day}.csv"
    if name in lists:
        access.download(
            "This day's list", lists[name], file_name=name, mime="text/csv", run_id=plan.run_id,
            help="That day's places only: give patrols nothing else", key="schedule_day_file",
        )  # fmt: skip
    span = f"{plan.dates[0].isoformat()}_{plan.run_id}"
    access.download(
        "CSV", schedule_csv(plan), file_name=f"schedule_{span}.csv", mime="text/csv",
        run_id=plan.run_id, help="Every day to come, and where nobody goes: for planners",
        key="schedule_csv",
    )  # fmt: skip
    access.download(
        "iCalendar", schedule_calendar(plan), file_name=f"schedule_{span}.ics",
        mime="text/calendar", run_id=plan.run_id, help="The visits of every day, for a calendar",
        key="schedule_ics",
    )  # fmt: skip


def _plan(
    key: str, asked: ScheduleRequest, *, _store: IncidentStore, _result: TargetResult
) -> Plan:
    places = places_of(_result.areas, window_days=_window_days(_result))
    system = metric_system_at(*places.points[0].tolist())
    kept = _store.context_layers().get("streets")
    streets = None if kept is None else read_named_lines(kept, metric_system=system)
    rules = load_dose_rules()
    return waiting.answer(
        f"schedule {settings_key()} {key} {asked!r}",
        lambda _: schedule(places, asked, streets=streets, metric_system=system, rules=rules),
        doing="Making the schedule",
    )


def _window_days(result: TargetResult) -> int:
    return days_counted(result.window, data_from=result.data_from, data_through=result.data_through)
