"""What the register adds to the day: the places now patrolled, and what is due."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from config.access import Action
from config.errors import BadInputError
from layers.overlays import short_day
from register.targets import areas_of
from spatial.daily.results import PatrolledList
from spatial.window import day_words
from views import access, frame, records
from views.in_force import adopted_lists

if TYPE_CHECKING:
    from spatial.daily.results import DailyRequest
    from spatial.incidents.store import IncidentStore


def patrolled_list(store: IncidentStore, request: DailyRequest) -> PatrolledList | None:
    """Return the list adopted last that was in force on the day after; None where there is none.

    A register that is gone takes this part away, and the page says so.
    """
    if request.day is None:
        return None
    meeting = request.day + dt.timedelta(days=1)
    try:
        alike = adopted_lists(store, profile=request.profile, study_area=request.study_area)
        adopted = next((one for one in alike if one.first_date <= meeting), None)
        if adopted is None:
            return None
        with records.register().reading() as session:
            areas = areas_of(session, adopted.id)
    except BadInputError as error:
        frame.say(f"The places now patrolled are not shown. {error}", kind="plain")
        return None
    table = pd.DataFrame(
        {
            "area_id": [one.area_id for one in areas],
            "rank": [one.rank for one in areas],
            "name": [one.name for one in areas],
            "cells": [" ".join(one.cells) for one in areas],
        }
    )
    until = "" if adopted.last_date >= meeting else ", which has ended"
    called = (
        f"The list adopted for {day_words(adopted.first_date)} to {day_words(adopted.last_date)}"
        f"{until}; since: from its first day on"
    )
    return PatrolledList(table, adopted.first_date, called)


def due_rows(store: IncidentStore, today: dt.date) -> list[tuple[str, ...]] | None:
    """Return what falls on today or tomorrow as rows; None for who may not see it."""
    if not access.may(Action.SEE_OVERLAYS):
        return None
    try:
        due = records.due_and_tense(store).due
    except BadInputError as error:
        frame.say(f"What is due is not shown. {error}", kind="plain")
        return None
    tomorrow = today + dt.timedelta(days=1)
    return [
        (
            f"{one.date:%a} {short_day(one.date)}",
            one.label,
            f"{one.place}, {one.radius_m:,} m",
            "; ".join(one.notes),
        )
        for one in due
        if one.date <= tomorrow and one.last_date >= today
    ]
