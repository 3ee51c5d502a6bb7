"""The Daily page: the last 24 hours and 7 days beside the same period before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.settings import load_settings
from config.shifts import clock
from layers.banner import banner_html
from layers.daily.files import INCIDENTS_FILE, PAGE_FILE, daily_files
from layers.daily.map import daily_deck, daily_legend
from layers.daily.page import DUE_HEAD
from layers.daily.words import (
    DAY_HEAD,
    INCIDENT_HEAD,
    OPEN_HEAD,
    PATROLLED_HEAD,
    WEEK_HEAD,
    count_rows,
    filled,
    headline,
    incident_rows,
    lag_words,
    made_words,
    open_rows,
    open_words,
    patrolled_rows,
    under_words,
)
from layers.deck import PANES
from layers.findings import loud_html
from layers.rows import rows_html
from layers.wording import escaped
from spatial.daily.daily import daily, policing_day
from spatial.daily.results import DailyRequest
from views import access, answers, choices, frame, records, screen, waiting, weights
from views.daily.beside import due_rows, patrolled_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from spatial.daily.results import DailyResult, DayLayer
    from spatial.incidents.store import IncidentStore

MOST_ROWS: Final = 200
_SEEN: Final = "daily_seen"
_OFFERED: Final = (
    (PAGE_FILE, "Page to print", "text/html", "One page for the meeting; print it or save it"),
    ("counts.csv", "Counts (CSV)", "text/csv", "Both layers' tables"),
    (INCIDENTS_FILE, "Incidents (CSV)", "text/csv", "Hours, kind and street of the 24 hours"),
)


def page() -> None:
    """Draw the page, or the one sentence that says why it cannot be drawn."""
    with frame.plain_errors():
        access.require(Action.SEE_DAILY)
        store = answers.open_store()
        with st.container(key="controls", horizontal=True, vertical_alignment="center"):
            request = _controls(store)
        if request is None:
            frame.say("Choose a study area: incidents outside it are not counted.", kind="plain")
            return
        with frame.plain_errors():
            _draw(store, request)
            return
        weights.way_back()


def _controls(store: IncidentStore) -> DailyRequest | None:
    choices.begin(store)
    profile = choices.profile_box(store)
    study_area = choices.study_area_box(store)
    state = st.session_state
    last = policing_day(store, answers.profiles()[profile])
    # newer data begin with their own last day; so does a profile whose days begin otherwise
    seen = f"{store.fingerprint} {last.date} {last.starts}"
    if state.get(_SEEN) != seen:
        state[_SEEN] = seen
        state["daily_day"] = last.date
    day: dt.date | None = st.date_input(
        f"24 hours from {clock(last.starts)} on",
        key="daily_day",
        format="DD/MM/YYYY",
        min_value=store.data_from,
        max_value=store.data_through,
    )
    screen.ask()
    if study_area is None:
        return None
    return DailyRequest(profile=profile, day=day, study_area=study_area)


def _draw(store: IncidentStore, request: DailyRequest) -> None:
    patrolled = patrolled_list(store, request)
    held = "" if patrolled is None else f"{patrolled.called} {patrolled.areas.to_csv()}"
    result = waiting.answer(
        f"daily {answers.state_of(store)} {request!r} {held}",
        lambda steps: daily(store, request, patrolled=patrolled, progress=steps),
        doing="Looking back on the day and the week",
    )
    frame.name_place(result.study_area.name, answers.forces(store))
    access.record_seen("daily", result.run_id)
    today = records.today(store)
    due = due_rows(store, today)
    with st.container(key="daily_head", horizontal=True, vertical_alignment="center"):
        late = " hx-late" if today > result.day.ends.date() else ""
        st.html(f'<p class="hx-lag{late}" role="note">{escaped(lag_words(result, today))}</p>')
        _files(result, today, due)
    left, right = st.columns(2, gap="medium")
    with left:
        _block("Serious violence", result.violence, result, css="violence")
        _incidents(result)
    with right:
        _block("Antisocial behaviour", result.disorder, result, css="disorder")
        _map(store, result)
    if loud := loud_html(result.notes):
        st.html(loud)
    _near_repeats(result)
    _patrolled(result)
    _due(due, today)
    st.html(banner_html(result.quality))
    with st.expander("How this was made"):
        items = "".join(f"<li>{escaped(text)}</li>" for text in made_words(result))
        st.html(f'<div class="hx-notes"><ul>{items}</ul></div>')


def _block(title: str, layer: DayLayer, result: DailyResult, *, css: str) -> None:
    head = (
        f'<h2 class="hx-h2">{escaped(title)}</h2>'
        f'<p class="hx-lead-line">{escaped(headline(layer, result))}</p>'
    )
    if layer.why_not:
        st.html(
            f'<section class="hx-daily hx-{css}" aria-label="{escaped(title)}">{head}</section>'
        )
        return
    out = under_words(layer)
    st.html(
        f'<section class="hx-daily hx-{css}" aria-label="{escaped(title)}">{head}'
        f"{rows_html(DAY_HEAD, count_rows(layer, 'day'))}"
        f"{rows_html(WEEK_HEAD, count_rows(layer, 'week'))}"
        + (f'<p class="hx-words">{escaped(out)}</p>' if out else "")
        + "</section>"
    )


def _map(store: IncidentStore, result: DailyResult) -> None:
    shown = access.may(Action.SEE_INCIDENTS)
    with st.container(key="daily_map_pane"):
        ground = answers.ground(store)
        st.pydeck_chart(
            daily_deck(result, ground, incidents=shown, pane=PANES[screen.screen()]),
            height="stretch",
            key="daily_map",
            alt=(
                "Map of the incidents of the 24 hours, and of ground to watch near recent ones. "
                "The tables beside and below it say the same in words."
            ),
        )
        st.html(daily_legend(result, incidents=shown))


def _incidents(result: DailyResult) -> None:
    if not access.may(Action.SEE_INCIDENTS):
        st.html(
            '<h3 class="hx-h3">Incidents of the 24 hours</h3><p class="hx-absent">Single incidents '
            "are shown to those who work on them.</p>"
        )
        return
    for title, layer, key in (
        ("Serious violence in the 24 hours", result.violence, "violence"),
        ("Antisocial behaviour in the 24 hours", result.disorder, "disorder"),
    ):
        rows = incident_rows(layer.incidents)
        if key == "disorder" and rows:
            with st.expander(f"{title}: {len(rows):,}"):
                _rows(INCIDENT_HEAD, rows)
            continue
        st.html(f'<h3 class="hx-h3">{title}</h3>')
        if rows:
            _rows(INCIDENT_HEAD, rows)
        else:
            st.html(f'<p class="hx-absent">{escaped(layer.why_not or "None recorded.")}</p>')


def _near_repeats(result: DailyResult) -> None:
    found = result.near_repeats
    st.html('<h3 class="hx-h3">Ground to watch: near a recent incident</h3>')
    if found.why_not:
        st.html(f'<p class="hx-absent">{escaped(found.why_not)}</p>')
        return
    if not access.may(Action.SEE_INCIDENTS):
        st.html(f'<p class="hx-absent">{escaped(open_words(found))}</p>')
        return
    words = f"{found.rule} Most incidents are followed by nothing."
    st.html(f'<p class="hx-words">{escaped(words)}</p>')
    rows = open_rows(found.areas)
    if rows:
        _rows(OPEN_HEAD, rows)
    else:
        st.html('<p class="hx-absent">None is open today.</p>')


def _patrolled(result: DailyResult) -> None:
    st.html('<h3 class="hx-h3">Places now patrolled</h3>')
    if result.patrolled is None:
        st.html(
            '<p class="hx-absent">No list of places is adopted for this profile and study area. '
            "Adopt one on the Tasking page, and what happens at its places is shown here.</p>"
        )
        return
    words = (
        f"{result.patrolled_called}. Small numbers: they say where something happened, not whether "
        "patrols work; that is the Evaluation page's question."
    )
    st.html(f'<p class="hx-words">{escaped(words)}</p>')
    least = 0 if access.may(Action.SEE_INCIDENTS) else load_settings().fewest_shown
    _rows(PATROLLED_HEAD, patrolled_rows(result.patrolled, least=least))


def _due(due: Sequence[Sequence[str]] | None, today: dt.date) -> None:
    if due is None:
        return
    st.html('<h3 class="hx-h3">Due today and tomorrow</h3>')
    if due:
        st.html(rows_html(DUE_HEAD, due))
        return
    st.html(
        f'<p class="hx-absent">Nothing is entered for {today:%A} or the day after. Silence is no '
        "all-clear.</p>"
    )


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    st.html(rows_html(*filled(head, rows[:MOST_ROWS])))
    more = len(rows) - MOST_ROWS
    if more > 0:
        st.html(f'<p class="hx-words">{more:,} more in the file.</p>')


def _files(result: DailyResult, today: dt.date, due: Sequence[Sequence[str]] | None) -> None:
    if not access.may(Action.EXPORT):
        return
    files = _kept_files(
        f"{result.run_id} {today} {due} {access.view_key()}",
        _result=result,
        _today=today,
        _due=due,
        _incidents=access.may(Action.SEE_INCIDENTS),
    )
    stem = f"harmhex_daily_{result.day.date.isoformat()}"
    access.download_each(_OFFERED, files, stem=stem, run_id=result.run_id)


@st.cache_data(show_spinner=False, max_entries=24)
def _kept_files(
    key: str,
    *,
    _result: DailyResult,
    _today: dt.date,
    _due: Sequence[Sequence[str]] | None,
    _incidents: bool,
) -> dict[str, bytes]:
    del key  # part of the key only
    return daily_files(_result, today=_today, due=_due, incidents=_incidents)
