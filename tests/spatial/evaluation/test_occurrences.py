from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from config.operation import Areas, Operation, Span
from spatial.evaluation.footprint import Footprint, footprint
from spatial.evaluation.occurrences import (
    Occurrences,
    coarsest,
    force_days,
    in_force,
    read_occurrences,
)
from spatial.evaluation.periods import cut_months, operation_periods
from spatial.evaluation.placing import candidate_resolution, place_of, rings

ROWS = [
    # start, precision, longitude
    ("2026-06-05 23:30:00", "minute", 1.0),
    ("2026-06-06 02:00:00", "minute", 1.0),
    ("2026-06-06 06:00:00", "hour", 1.0),
    ("2026-06-06 00:00:00", "day", 1.0),
    ("2026-06-01 00:00:00", "month", 1.0),
    ("2026-06-06 14:00:00", "minute", 9.0),
    ("2026-06-07 05:59:00", "minute", 1.0),
    ("2026-06-07 06:00:00", "minute", 1.0),
]


@pytest.fixture(name="found")
def _found() -> Occurrences:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE incidents (incident_id VARCHAR, occurred_from TIMESTAMP, time_precision "
        "VARCHAR, longitude DOUBLE, latitude DOUBLE, h3_09 UBIGINT, harm_days DOUBLE)"
    )
    for number, (start, precision, longitude) in enumerate(ROWS):
        connection.execute(
            "INSERT INTO incidents VALUES (?, ?, ?, ?, 52.0, 7, ?)",
            [str(number), start, precision, longitude, None if number else 10.0],
        )
    return read_occurrences(
        connection,
        {"every": "TRUE", "none": "FALSE"},
        first=dt.date(2026, 6, 1),
        last=dt.date(2026, 6, 6),
        bounds=(0.0, 51.0, 2.0, 53.0),
        day_starts="06:00",
        resolution=9,
    )


def test_the_night_belongs_to_the_day_before_where_the_time_is_known(found: Occurrences) -> None:
    # in the order of their start; one lies outside the rectangle, one on the following day
    assert [str(day) for day in found.day] == [
        "2026-06-01", "2026-06-05", "2026-06-06", "2026-06-05", "2026-06-06", "2026-06-06",
    ]  # fmt: skip
    assert found.counts_as["every"].all()
    assert not found.counts_as["none"].any()
    assert np.isnan(found.harm_days).sum() == 5
    assert coarsest(found.precision) == ("month", {"minute": 3, "hour": 1, "day": 1, "month": 1})


def test_a_few_coarse_times_do_not_decide() -> None:
    precision = np.array([0] * 97 + [3] * 3)
    assert coarsest(precision)[0] == "minute"
    assert coarsest(np.array([], dtype=np.int64))[0] == "minute"


def _operation(**changes: object) -> Operation:
    said = {
        "name": "Op", "design": "before_after", "first_date": "2026-06-01",
        "last_date": "2026-06-30", "profiles": ("ark",),
        "areas": Areas(cells={"A": ("8a1941992847fff",)}),
        "baseline": Span(first=dt.date(2026, 1, 1), last=dt.date(2026, 5, 31)),
    }  # fmt: skip
    return Operation.model_validate({**said, **changes})


def test_hours_in_force_go_past_midnight(found: Occurrences) -> None:
    late = _operation(start="22:00", end="03:00")
    assert found.clock[in_force(found, late)].tolist() == [23 * 60 + 30, 2 * 60]
    early = _operation(start="06:00", end="07:00")
    assert found.clock[in_force(found, early)].tolist() == [6 * 60]
    # 6 June 2026 is a Saturday
    assert in_force(found, _operation(weekdays=(5,))).sum() == 3


@given(
    first=st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1)),
    length=st.integers(1, 900),
    months=st.sampled_from([1, 3]),
    weekdays=st.sets(st.integers(0, 6)),
)
def test_months_cover_a_span_once(
    first: dt.date, length: int, months: int, weekdays: set[int]
) -> None:
    span = Span(first=first, last=first + dt.timedelta(days=length - 1))
    parts = cut_months(span, months)
    assert parts[0].first == span.first
    assert parts[-1].last == span.last
    assert sum(part.days for part in parts) == length
    operation = _operation(weekdays=tuple(sorted(weekdays)))
    days = sum(force_days(operation, part) for part in parts)
    listed = [span.first + dt.timedelta(days=step) for step in range(length)]
    assert days == sum(not weekdays or day.weekday() in weekdays for day in listed)


def test_dates_of_choice_are_cut_out_of_the_time_before() -> None:
    chosen = Span(first=dt.date(2026, 2, 10), last=dt.date(2026, 3, 15))
    periods = operation_periods(_operation(selection=chosen))
    before = ~periods.after & ~periods.chosen_on
    assert periods.days.sum() == 181
    assert periods.days[periods.chosen_on].sum() == chosen.days
    assert periods.days[before].sum() == 151 - chosen.days
    assert all(
        one.last < chosen.first or one.first > chosen.last
        for one, mine in zip(periods.spans, before, strict=True)
        if mine
    )


def test_points_go_into_areas_and_rings_once(found: Occurrences) -> None:
    west = shapely.box(0.99, 51.99, 1.0, 52.01)
    east = shapely.box(1.0, 51.99, 1.01, 52.01)
    # all points lie on the common border: in the first, and only there
    assert set(place_of(found, [west, east]).tolist()) == {0}
    places = footprint(Areas(cells={"A": ("8a1941992847fff",), "B": ("8a194199284ffff",)}))
    found_rings, _ = rings(places, buffer_m=100, apart_from=places.shapes[0])
    both = shapely.union_all(found_rings.shapes)
    assert shapely.is_valid(found_rings.shapes).all()
    assert shapely.intersection(both, places.shapes[0]).area == pytest.approx(0, abs=1e-12)
    assert shapely.intersection(*found_rings.shapes).area == pytest.approx(0, abs=1e-12)
    assert candidate_resolution(places) == 10
    wide = Footprint(("x",), np.array([places.plane.unproject(_square(places, 320))], object))
    assert candidate_resolution(wide) == 9


def _square(places: Footprint, side: float) -> shapely.Geometry:
    x, y = places.on_plane(places.plane)[0].centroid.coords[0]
    return shapely.box(x, y, x + side, y + side)
