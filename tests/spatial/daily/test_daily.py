"""One day of the sample town, against plain SQL over its store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from config.errors import BadInputError
from config.profile import load_profile
from spatial.daily.daily import daily
from spatial.daily.results import DailyRequest, DailyResult, PatrolledList
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.intake import load

FRIDAY = dt.date(2026, 10, 30)
# the two cells of incidents that the list below patrols
_CELLS = """
    SELECT lower(to_hex(h3_10)) AS cell FROM incidents
    WHERE {} AND h3_10 IS NOT NULL AND occurred_from >= TIMESTAMP '2026-10-30 06:00:00'
    ORDER BY incident_id LIMIT 2
"""


def counted(store: IncidentStore, profile: str, first: str, last: str) -> int:
    row = store.connect().execute(
        f"SELECT count(*) FROM incidents WHERE {profile_condition(load_profile(profile))} "
        f"AND occurred_from >= TIMESTAMP '{first}' AND occurred_from < TIMESTAMP '{last}'"
    ).fetchone()  # fmt: skip
    assert row
    return int(row[0])


@pytest.fixture(scope="module")
def patrolled(saltmere_store: IncidentStore) -> PatrolledList:
    query = _CELLS.format(profile_condition(load_profile("ark")))
    cells = [row[0] for row in saltmere_store.connect().execute(query).fetchall()]
    areas = pd.DataFrame(
        {"area_id": ["a", "b"], "rank": [1, 2], "name": ["Quay", "Pier"], "cells": cells}
    )
    return PatrolledList(areas, dt.date(2026, 10, 1), "The list of a test")


@pytest.fixture(scope="module")
def friday(saltmere_store: IncidentStore, patrolled: PatrolledList) -> DailyResult:
    return daily(saltmere_store, DailyRequest("ark"), patrolled=patrolled)


@pytest.mark.parametrize(("layer", "profile"), [("violence", "ark"), ("disorder", "asb")])
def test_every_incident_of_the_policing_days_is_counted_or_said(
    saltmere_store: IncidentStore, friday: DailyResult, layer: str, profile: str
) -> None:
    assert friday.day.date == FRIDAY
    found = getattr(friday, layer)
    day, week = found.row("day")["incidents"], found.row("week")["incidents"]
    assert day == len(found.incidents)
    of_week = counted(saltmere_store, profile, "2026-10-24 06:00:00", "2026-10-31 06:00:00")
    assert week + found.unlocated + found.outside == of_week
    assert found.row("week")["before"] <= counted(
        saltmere_store, profile, "2026-10-17 06:00:00", "2026-10-24 06:00:00"
    )


def test_the_list_names_hours_and_places_and_nothing_of_a_person(friday: DailyResult) -> None:
    found = friday.violence.incidents
    assert not {"incident_id", "relationship", "victim_age_band"} & set(found.columns)
    assert found["time_band"].str.fullmatch(r"\d\d:00 to \d\d:00( \w{3})?").all()
    assert found["place"].ne("").all()
    assert found["beat"].ne("").all()
    # gravest first, then by time
    assert found["tier"].tolist() == sorted(found["tier"], key=["injury", "drugs_supply"].index)
    assert set(friday.disorder.incidents["layer"]) == {"antisocial_behaviour"}


def test_places_now_patrolled_keep_the_two_layers_apart(friday: DailyResult) -> None:
    table = friday.patrolled
    assert table is not None
    assert table["name"].tolist() == ["Quay", "Pier"]
    assert table["violence_day"].ge(1).all()
    for layer in ("violence", "disorder"):
        assert (table[f"{layer}_day"] <= table[f"{layer}_week"]).all()
        assert (table[f"{layer}_week"] <= table[f"{layer}_since"]).all()
    assert set(friday.violence.incidents["patrol_area"]) >= {"1. Quay", "2. Pier"}


@pytest.mark.slow
def test_the_same_question_has_the_same_run(
    saltmere_store: IncidentStore, friday: DailyResult, patrolled: PatrolledList
) -> None:
    told: list[str] = []
    again = daily(
        saltmere_store, DailyRequest("ark", FRIDAY), patrolled=patrolled, progress=told.append
    )
    # the default day is the day it stands for
    assert again.run_id == friday.run_id
    pd.testing.assert_frame_equal(again.violence.counts, friday.violence.counts)
    assert len(told) == 3


def test_a_day_that_lacks_its_small_hours_is_compared_with_nothing(
    saltmere_store: IncidentStore,
) -> None:
    found = daily(saltmere_store, DailyRequest("robbery", dt.date(2026, 10, 31)))
    assert not found.day.complete
    assert found.violence.counts["usual"].isna().all()
    assert any(note.loud and "run on beyond the last date" in note.text for note in found.notes)
    assert found.patrolled is None


def test_what_cannot_be_asked_is_refused(saltmere_store: IncidentStore) -> None:
    with pytest.raises(BadInputError, match="always shown beside the violence"):
        daily(saltmere_store, DailyRequest("asb"))
    with pytest.raises(BadInputError, match="nothing of 1 Nov 2026"):
        daily(saltmere_store, DailyRequest("ark", dt.date(2026, 11, 1)))
    with pytest.raises(BadInputError, match="There is no study area 'nowhere'"):
        daily(saltmere_store, DailyRequest("ark", FRIDAY, "nowhere"))


def test_month_only_data_are_refused_with_what_is_possible(tmp_path: Path) -> None:
    head = "Crime ID,Month,Reported by,Longitude,Latitude,Crime type\n"
    rows = "".join(f"{at},2025-0{1 + at % 9},A,1.3{at},52.6,Robbery\n" for at in range(10, 19))
    file = tmp_path / "2025-01-a-street.csv"
    file.write_text(head + rows, encoding="utf-8")
    load([file], tmp_path / "store")
    store = IncidentStore.open(tmp_path / "store")
    with pytest.raises(BadInputError, match=r"give only the month.*compare whole months"):
        daily(store, DailyRequest("robbery", study_area="ever-incident"))
