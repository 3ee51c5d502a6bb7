"""The strip on the Tasking page: what the list holds, how it changed, what was done and is due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.access import Action
from config.errors import BadInputError
from config.register import load_register_rules
from layers.accuracy.companion_words import interval_words
from layers.overlays import due_marks, near_lines, tension_marks
from layers.summary import summary_html
from layers.tasking.strip import area_said, due_said, fixed_said
from layers.wording import percent
from spatial.area_change import AreaChange, area_change
from views import access, answers, records
from views.accuracy import companion

if TYPE_CHECKING:
    from layers.overlays import Mark
    from layers.tasking.strip import Said
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult
    from views.accuracy.companion import HeldOut
    from views.in_force import InForce
    from views.records import DueAndTense
    from views.targets.delivery import Delivered

_WENT_ON: Final = " went on to hold "


def strip(
    store: IncidentStore, result: TaskingResult, held: InForce, made: Delivered | None
) -> None:
    """Draw the strip; what takes longer is drawn into it when it is there."""
    change = _change(store, result, held)
    due = _due(store, result)
    delivered = None if made is None else (made.hours, made.short)

    def draw(found: HeldOut) -> None:
        st.html(
            summary_html(
                result, held_out=_held_out(result, found), change=change, delivered=delivered,
                due=due,
            )
        )  # fmt: skip

    companion.when_known(store, result, draw)


def held_out_sentence(
    store: IncidentStore, result: TaskingResult, *, wait_seconds: float = 0.0
) -> str:
    """Return what earlier lists went on to hold in full, for who asks how this was made."""
    found = companion.held_out(store, result, wait_seconds=wait_seconds)
    if found.working:
        # the strip says so; kept with a list, it would stand there for good
        return ""
    said = (found.words, found.detail.rstrip("."), found.why_not.rstrip("."))
    return "".join(f"{one}. " for one in said if one).strip()


def _held_out(result: TaskingResult, found: HeldOut) -> Said | None:
    """Say what earlier lists went on to hold; where nobody can, what this run's own figure says."""
    if found.working:
        return "Out of sample: working out", found.words
    if found.share is None or found.low is None or found.high is None:
        if result.targets.held_out_share is None:
            return "Out of sample: not known", found.why_not
        return None
    # the sentence names the share, which stands above it already
    chosen, _, _ = found.words.partition(_WENT_ON)
    limits = interval_words(found.low, found.high)
    return f"{percent(found.share)} out of sample", f"{limits}: {chosen}, in what came next"


def _change(store: IncidentStore, result: TaskingResult, held: InForce) -> Said | None:
    """Say how an earlier list's places fared; without one, how the whole study area did."""
    whole = result.targets.change_whole
    if len(whole) and held.fixed is not None:
        return fixed_said(whole.iloc[0].to_dict(), called=held.fixed.called)
    try:
        found = _area_change(f"{answers.state_of(store)} {result.run_id}", _store=store,
                             _result=result)  # fmt: skip
    except BadInputError:
        # what cannot be counted before says nothing of now: the number of incidents stands there
        return None
    if found is None:
        return None
    return area_said(found, area=result.study_area.name, places_too=held.previous is not None)


def _due(store: IncidentStore, result: TaskingResult) -> Said | None:
    if not access.may(Action.SEE_OVERLAYS):
        return None
    try:
        said = records.due_and_tense(store)
    except BadInputError:
        # said already beside the map
        return None
    days = load_register_rules().next_days
    near = _near(f"{said.key} {result.run_id}", days, _said=said, _store=store, _result=result)
    return due_said(near, days=days)


@st.cache_data(show_spinner=False, max_entries=48)
def _area_change(key: str, *, _store: IncidentStore, _result: TaskingResult) -> AreaChange | None:
    del key  # part of the key only
    return area_change(
        _store,
        _result.request.profile,
        window=_result.request.window,
        study_area=_result.request.study_area,
        resolution=_result.violence.resolution,
    )


@st.cache_resource(show_spinner=False, max_entries=48)
def _near(
    key: str, days: int, *, _said: DueAndTense, _store: IncidentStore, _result: TaskingResult
) -> tuple[Mark, ...]:
    """Return what falls on the days ahead, or counts today, near a place on the list."""
    del key  # part of the key only
    last = _said.day + dt.timedelta(days=days)
    ahead = [one for one in _said.due if one.date <= last and one.last_date >= _said.day]
    marks = (
        *due_marks(ahead),
        *tension_marks(_said.tension, _said.day, beats=records.beats(_store)),
    )
    areas = _result.targets.areas
    return tuple(mark for mark in marks if near_lines((mark,), areas))
