"""The sample's register: something of every kind on its last day, entered once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from register import anniversaries, operations, tension, visits
from register.due import due
from register.opening import open_register
from register.tension import Sight
from sample_geo.register_entries import fill_register
from sample_geo.rhythm import LAST
from sample_geo.write import FOLDER

NOW = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)


@pytest.mark.slow
def test_a_meeting_on_the_last_day_sees_every_kind(tmp_path: Path) -> None:
    register = open_register(tmp_path / "register.sqlite")
    with register.writing() as session:
        assert fill_register(session, FOLDER, now=NOW)
    with register.reading() as session:
        soon = due(session, LAST)
        entries = tension.current(session, LAST, sight=Sight.ALL)
        seen = tension.current(session, LAST, sight=Sight.OPEN)
        gull, tern = operations.listed(session)
        made = visits.listed(session)
    assert {one.noun for one in soon} == {"anniversaries", "events"}
    assert min(one.days_until for one in soon) < 0 < max(one.days_until for one in soon)
    assert {one.level for one in entries} == {"low", "medium", "high"}
    assert {one.theme for one in entries} - {one.theme for one in seen} == {"protest"}
    assert (gull.design, tern.design) == ("before_after", "crossover")
    assert (len(gull.areas), len(gull.comparators), len(tern.areas)) == (12, 24, 20)
    assert (tern.start, tern.end, tern.profiles) == ("14:00", "00:00", ("ark",))
    assert {one.operation_id for one in made} == {gull.id, tern.id}
    of_tern = {one.area_id for one in made if one.operation_id == tern.id}
    assert of_tern == set(tern.areas)
    # used once, it is somebody's: what they withdrew does not come back
    with register.writing() as session:
        for one in anniversaries.listed(session):
            anniversaries.withdraw(session, one.id, version=one.version, now=NOW, by="a")
        assert not fill_register(session, FOLDER, now=NOW)
        assert anniversaries.listed(session) == ()
    register.close()
