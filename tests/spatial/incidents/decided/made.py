"""Decisions of every kind, and points to decide on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from hypothesis import strategies as st

from spatial.incidents.decided.decisions import Choice, Decision, Reason
from tests.spatial.incidents.exports import rows_of

DAY = dt.date(2026, 11, 21)


def point_of(store: Path, number: str) -> tuple[float, float]:
    (found,) = [
        row[1:] for row in rows_of(store, "incident_id, longitude, latitude") if row[0] == number
    ]
    x, y = found
    assert isinstance(x, float)
    assert isinstance(y, float)
    return x, y


DEGREES = st.integers(-1_000_000_000, 1_000_000_000).map(lambda n: n / 10_000_000)
POINTS = st.tuples(DEGREES, DEGREES.map(lambda y: y * 0.8)).map(lambda p: (p[0], round(p[1], 7)))
SOURCES = st.sampled_from(["force export", 'it\'s "quoted"; -- DROP', "=cmd()", "Ä, ö"])
MADE = st.builds(
    Decision,
    source=SOURCES,
    longitude=POINTS.map(lambda p: p[0]),
    latitude=POINTS.map(lambda p: p[1]),
    choice=st.sampled_from([Choice.KEEP, Choice.DROP]),
    reason=st.sampled_from(list(Reason)),
    decided_on=st.dates(),
) | st.builds(
    Decision,
    source=SOURCES,
    longitude=st.just(1.5),
    latitude=st.just(-3.25),
    choice=st.just(Choice.MOVE),
    reason=st.sampled_from(list(Reason)),
    decided_on=st.dates(),
    to_longitude=DEGREES.filter(bool),
    to_latitude=st.just(51.1234567),
)
LISTS = st.lists(MADE, unique_by=lambda one: one.place, max_size=6).map(
    lambda made: [one for one in made if (one.longitude, one.latitude) != (0, 0)]
)
