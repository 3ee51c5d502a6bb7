"""What was delivered at the last adopted list: its visits, against its schedule if it has one."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from config.errors import BadInputError
from config.force_file import settings_key
from config.shifts import day_starts
from layers.wording import counted
from register import visits
from spatial.targets.schedule.delivery import Delivery, area_notes, deliver
from spatial.window import day_words
from views import in_force, records

if TYPE_CHECKING:
    from register.targets import Targets
    from spatial.incidents.store import IncidentStore
    from views.in_force import InForce

PLAN: Final = "schedule.csv"
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Delivered:
    """What was made of the last list.

    Attributes
    ----------
    answer, words
        ``212 of 240 visits``, and a sentence.
    hours, short
        ``53 of 60 patrol hours``, and a few words for the strip.
    by_area
        A note for each place that was visited or was to be.
    delivery
        Against the schedule; None where the list was adopted without one.
    visits
        Those at its places on its days: ``register.visits.TABLE_COLUMNS``.
    """

    answer: str
    words: str
    hours: str
    short: str
    by_area: dict[str, str] = field(default_factory=dict)
    delivery: Delivery | None = None
    visits: pd.DataFrame = field(default_factory=pd.DataFrame)


def delivered(store: IncidentStore, held: InForce) -> Delivered | None:
    """Return what was delivered at the list that is compared with; None where there is none.

    Raises
    ------
    BadInputError
        The register cannot be read.
    """
    if held.adopted is None or held.previous is None:
        return None
    adopted, today = held.adopted, records.today(store)
    with records.register().reading() as session:
        # the small hours after the last day are its own
        made = visits.listed(session, first=adopted.first_date, last=adopted.last_date + _DAY)
    areas = frozenset(held.previous.listed["area_id"].astype(str))
    here = [
        one
        for one in made
        if one.area_id in areas
        and adopted.first_date <= _policing_day(one.start) <= adopted.last_date
    ]
    rows = [
        (one.id, one.area_id, one.start, one.minutes, one.officers, " ".join(one.seen),
         " ".join(one.done))
        for one in here
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(visits.TABLE_COLUMNS))
    newest = max((one.changed_at for one in here), default=None)
    key = f"{adopted.id} {adopted.version} {len(here)} {newest} {today} {settings_key()}"
    plan = in_force.file_of(store, adopted, PLAN)
    return _delivered(key, _adopted=adopted, _plan=plan, _visits=table, _today=today)


@st.cache_resource(show_spinner=False, max_entries=12)
def _delivered(
    key: str,
    *,
    _adopted: Targets,
    _plan: bytes | None,
    _visits: pd.DataFrame,
    _today: dt.date,
) -> Delivered:
    del key  # part of the key only
    if _plan is None:
        return _without_plan(_visits)
    plan = pd.read_csv(io.BytesIO(_plan), encoding="utf-8-sig", dtype=str, keep_default_na=False)
    # a day that is not over yet is not counted as missed
    through = min(_adopted.last_date, _today - dt.timedelta(days=1))
    try:
        found = deliver(plan, _visits, through=through)
    except BadInputError:
        return _without_plan(_visits)
    by_area = found.by_area
    planned, made = int(by_area["planned"].sum()), int(by_area["kept"].sum())
    days = found.by_day
    # more minutes than planned at one place do not make up for what another lacked
    spent = int(days[["minutes", "planned_minutes"]].min(axis=1).sum())
    return Delivered(
        f"{made:,} of {planned:,} visits",
        found.words,
        f"{_hours(spent)} of {_hours(int(days['planned_minutes'].sum()))} patrol hours",
        f"delivered of those planned until {day_words(found.through)}, as far as entered",
        area_notes(found),
        found,
        _visits,
    )


def _without_plan(made: pd.DataFrame) -> Delivered:
    groups = made.groupby("area_id")["minutes"].agg(["size", "sum"])
    notes = {
        str(area): f"{counted(int(row['size']), 'visit')} made, {int(row['sum']):,} minutes"
        for area, row in groups.iterrows()
    }
    return Delivered(
        counted(len(made), "visit"),
        "Made at the last list's places, as far as they were entered; no schedule was adopted with "
        "it to hold them against.",
        f"{_hours(int(made['minutes'].sum()))} patrol hours",
        "delivered at the last list's places, as far as entered; no schedule was adopted",
        notes,
        None,
        made,
    )


def _policing_day(start: str) -> dt.date:
    return (dt.datetime.fromisoformat(start) - dt.timedelta(hours=day_starts())).date()


def _hours(minutes: int) -> str:
    return f"{minutes / 60:,.1f}".removesuffix(".0")
