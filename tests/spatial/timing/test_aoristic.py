"""Aoristic: spans worked by hand, mass conserved, and what cannot be told said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.timing.aoristic import HOURS, HourOfWeek, hour_of_week, policing_week, timing_notes

NEVER = np.datetime64("NaT", "s")
# 2 November 2026 is a Monday
MONDAY = np.datetime64("2026-11-02T00:00:00", "s")


def _one(start: str, end: str | None, precision: str = "minute") -> HourOfWeek:
    return hour_of_week(
        np.array([start], dtype="datetime64[s]"),
        np.array([end or "NaT"], dtype="datetime64[s]"),
        np.array([precision]),
    )


def _by_hand(start: np.datetime64, end: np.datetime64) -> np.ndarray:
    """Share out one span minute by minute."""
    minutes = np.arange(start, end, np.timedelta64(60, "s"))
    hours = (minutes - MONDAY).astype(np.int64) // 3600 % HOURS
    return np.bincount(hours, minlength=HOURS) / len(minutes)


def test_a_span_is_shared_by_the_part_in_each_hour() -> None:
    # Sunday 23:30 to Monday 01:15 is 105 minutes: 30 in Sunday's last hour, 60, 15
    found = _one("2026-11-08T23:30", "2026-11-09T01:15").total
    assert found[167] == pytest.approx(30 / 105)
    assert found[0] == pytest.approx(60 / 105)
    assert found[1] == pytest.approx(15 / 105)
    assert np.count_nonzero(found) == 3


@pytest.mark.parametrize(
    ("start", "end", "flag"),
    [
        ("2026-11-02T09:40", None, "started_only"),
        ("2026-11-02T09:40", "2026-11-02T08:00", "backwards"),
        ("2026-11-02T09:40", "2026-11-02T09:40", ""),
    ],
)
def test_without_a_usable_end_the_start_hour_counts(start: str, end: str | None, flag: str) -> None:
    found = _one(start, end)
    assert found.total[9] == 1.0
    assert found.by_the_hour.tolist() == [1]
    for name in ("started_only", "backwards"):
        assert getattr(found, name) == (name == flag)


def test_over_a_week_is_even_and_a_week_is_too() -> None:
    longer = _one("2026-11-02T09:00", "2026-11-09T09:01")
    assert longer.over_a_week == 1
    np.testing.assert_array_equal(longer.total, np.full(HOURS, 1 / HOURS))
    exactly = _one("2026-11-02T09:00", "2026-11-09T09:00")
    assert exactly.over_a_week == 0
    np.testing.assert_allclose(exactly.total, np.full(HOURS, 1 / HOURS))


def test_coarse_times_fill_their_unit_and_tell_nothing_of_the_hour() -> None:
    hour = _one("2026-11-02T09:00", "2026-11-02T09:59:59", "hour")
    assert hour.total[9] == 1.0
    assert hour.by_the_hour.tolist() == [1]
    for end in ("2026-11-03T23:59:59", None):
        day = _one("2026-11-03T00:00", end, "day")
        np.testing.assert_allclose(day.total[24:48], np.full(24, 1 / 24))
        assert (day.day_only, day.by_the_hour.tolist()) == (1, [0])
    for end in ("2026-11-30T23:59:59", None):
        month = _one("2026-11-01T00:00", end, "month")
        np.testing.assert_array_equal(month.total, np.full(HOURS, 1 / HOURS))
        assert (month.month_only, month.by_the_hour.tolist()) == (1, [0])


moments = st.integers(0, 60 * 24 * 400).map(lambda minutes: MONDAY + np.timedelta64(minutes, "m"))
lengths = st.one_of(st.integers(-300, 600), st.integers(600, 60 * 24 * 9), st.none())


@given(st.lists(st.tuples(moments, lengths, st.integers(-1, 3)), min_size=1, max_size=40))
def test_every_incident_adds_one_to_its_place(
    drawn: list[tuple[np.datetime64, int | None, int]],
) -> None:
    start = np.array([one[0] for one in drawn])
    end = np.array(
        [NEVER if one[1] is None else one[0] + np.timedelta64(one[1], "m") for one in drawn]
    )
    place = np.array([one[2] for one in drawn])
    precision = np.full(len(drawn), "minute")
    found = hour_of_week(start, end, precision, place=place, places=4)
    counts = np.bincount(place[place >= 0], minlength=4)
    np.testing.assert_allclose(found.weights.sum(axis=1), counts, atol=1e-12 * (1 + len(drawn)))
    assert (found.weights >= 0).all()
    # places are added apart: all in one is their sum
    together = hour_of_week(start[place >= 0], end[place >= 0], precision[place >= 0])
    np.testing.assert_allclose(found.total, together.total, atol=1e-12)


@given(moments, st.integers(1, 60 * 24 * 7))
def test_shares_are_those_of_counting_minutes(start: np.datetime64, minutes: int) -> None:
    end = start + np.timedelta64(minutes, "m")
    found = hour_of_week(np.array([start]), np.array([end]), np.array(["minute"]))
    np.testing.assert_allclose(found.total, _by_hand(start, end), atol=1e-12)


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    start = MONDAY + rng.integers(0, 10**7, 300).astype("timedelta64[s]")
    end = start + rng.integers(1, 5 * 86_400, 300).astype("timedelta64[s]")
    precision = np.full(300, "minute")
    whole = hour_of_week(start, end, precision)
    monkeypatch.setattr("spatial.timing.aoristic._PAIRS", 500)
    np.testing.assert_allclose(hour_of_week(start, end, precision).total, whole.total)


def test_the_policing_day_starts_at_six() -> None:
    hours = np.arange(HOURS, dtype=float)
    week = policing_week(hours)
    assert week.shape == (7, 24)
    assert week[0, 0] == 6
    # Saturday's policing day runs into Sunday's small hours, and Monday's belong to Sunday
    assert week[5, 18:].tolist() == [144.0, 145.0, 146.0, 147.0, 148.0, 149.0]
    assert week[6, -1] == 5
    assert policing_week(np.ones((3, HOURS)), day_starts=7).shape == (3, 7, 24)


@pytest.mark.parametrize(
    ("start", "end", "crosses"),
    [
        ("2026-03-28T23:00", "2026-03-29T07:00", 1),  # clocks go forward on 29 March 2026
        ("2026-10-24T23:00", "2026-10-25T07:00", 1),  # and back on 25 October 2026
        ("2026-03-29T02:00", "2026-03-29T07:00", 0),
        ("2026-03-21T23:00", "2026-03-22T07:00", 0),
        ("2026-03-29T01:00", None, 0),
    ],
)
def test_a_span_over_a_clock_change_is_counted(start: str, end: str | None, crosses: int) -> None:
    found = _one(start, end)
    assert found.over_clock_change == crosses
    assert found.total.sum() == pytest.approx(1)


def test_heaped_midnights_are_loud() -> None:
    rng = np.random.default_rng(4)
    hours = rng.integers(0, 24, 3000)
    even = MONDAY + (hours * 3600).astype("timedelta64[s]")
    none, precision = np.full(3600, NEVER), np.full(3600, "minute")
    assert hour_of_week(even, none[:3000], precision[:3000]).heaped == ()
    heaped = np.concatenate([even, np.repeat(MONDAY, 600)])
    found = hour_of_week(heaped, none, precision)
    assert found.heaped == (0,)
    assert [note.loud for note in timing_notes(found)] == [False, True]


def test_notes_say_what_was_taken_and_what_is_missing() -> None:
    loud = {note.text: note.loud for note in timing_notes(_one("2026-11-01", None, "month"))}
    assert loud["1 incidents give only the month: they say nothing of day or hour."]
    assert timing_notes(_one("2026-11-02T09:00", "2026-11-02T09:30")) == ()


def test_nothing_gives_nothing() -> None:
    none = np.zeros(0, dtype="datetime64[s]")
    found = hour_of_week(none, none, np.zeros(0, dtype=np.str_), places=2)
    assert found.weights.tolist() == np.zeros((2, HOURS)).tolist()


def test_real_burglaries_and_heaped_hours(shared_data: Path) -> None:
    burglaries = pd.read_csv(shared_data / "timed" / "dc_burglaries_aoristic.csv.gz")
    start, end = (
        pd.to_datetime(burglaries[name]).to_numpy().astype("datetime64[s]")
        for name in ("StartDateTime", "EndDateTime")
    )
    found = hour_of_week(start, end, np.full(len(start), "minute"))
    assert found.total.sum() == pytest.approx(1_025)
    short = (end - start <= np.timedelta64(7, "D")) & (end > start)
    assert found.over_a_week == int((end - start > np.timedelta64(7, "D")).sum())
    # every span by hand, minute by minute
    by_hand = sum(_by_hand(a, b) for a, b in zip(start[short], end[short], strict=True))
    again = hour_of_week(start[short], end[short], np.full(int(short.sum()), "minute"))
    np.testing.assert_allclose(again.total, by_hand, atol=1e-9)
    toronto = pd.read_parquet(
        shared_data / "timed" / "toronto_2014_2018.parquet", columns=["occurrence_local"]
    )
    told = toronto["occurrence_local"].to_numpy().astype("datetime64[s]")
    flat = hour_of_week(told, np.full(len(told), NEVER), np.full(len(told), "minute"))
    assert flat.heaped == (0, 12)
