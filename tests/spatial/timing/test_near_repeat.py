"""Near repeats: agreement with counting by hand, truthful bands, planted ones found."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from config.profile import load_profile
from sample_geo.write import FOLDER
from spatial.incidents.moments import read_moments
from spatial.incidents.select import profile_condition
from spatial.incidents.store import IncidentStore
from spatial.projection import national_grid
from spatial.timing.near_repeat import (
    KNOX_COLUMNS,
    SAME_POINT,
    Distance,
    Knox,
    days_known,
    knox,
    near_repeat_sentence,
    space_labels,
    time_labels,
)
from spatial.window import Window

SPACE, TIME = (0.0, 100.0, 250.0), (0, 1, 8, 15)
START = np.datetime64("2026-01-01", "D")


def _counted(points: np.ndarray, day: np.ndarray, distance: Distance) -> dict[tuple[str, str], int]:
    """Count every pair by its own if-s."""
    counts = {(far, soon): 0 for far in space_labels(SPACE) for soon in time_labels(TIME)}
    for i in range(len(points)):
        for j in range(i):
            dx, dy = abs(points[i] - points[j])
            metres = dx + dy if distance == "manhattan" else (dx * dx + dy * dy) ** 0.5
            apart = abs(int(day[i]) - int(day[j]))
            if metres >= 250 or apart > 14:
                continue
            far = (
                SAME_POINT if metres == 0
                else "under 100 m" if metres < 100
                else "100 m to under 250 m"
            )  # fmt: skip
            soon = "same day" if apart == 0 else "1 to 7 days" if apart <= 7 else "8 to 14 days"
            counts[far, soon] += 1
    return counts


def _knox(points: np.ndarray, day: np.ndarray, distance: Distance, draws: int = 19) -> Knox:
    return knox(
        points[:, 0], points[:, 1], START + day,
        rng=np.random.default_rng(6), space_edges_m=SPACE, time_edges_days=TIME,
        distance=distance, draws=draws,
    )  # fmt: skip


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(["euclidean", "manhattan"]))
def test_pairs_are_those_counted_one_by_one(seed: int, distance: Distance) -> None:
    rng = np.random.default_rng(seed)
    # steps of 50 m and few days, so that edges and ties are hit often
    points = rng.integers(0, 12, (40, 2)) * 50.0
    day = rng.integers(0, 25, 40)
    table = _knox(points, day, distance).table
    found = {(row.distance, row.time): row.observed for row in table.itertuples()}
    assert found == _counted(points, day, distance)


def test_expected_is_that_of_every_deal() -> None:
    # pairs in a band of space x share of all pairs of dates in the band of time, exactly
    rng = np.random.default_rng(1)
    points, day = rng.uniform(0, 900, (60, 2)), rng.integers(0, 40, 60)
    result = _knox(points, day, "euclidean", draws=2_000)
    apart = np.abs(day[:, None] - day[None, :])[np.triu_indices(60, 1)]
    shares = [(apart == 0).mean(), ((apart >= 1) & (apart <= 7)).mean()]
    metres = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    near = int((metres[np.triu_indices(60, 1)] < 100).sum())
    found = result.table.set_index(["distance", "time"])["expected"]
    assert found["under 100 m", "same day"] == pytest.approx(near * shares[0], rel=0.06)
    assert found["under 100 m", "1 to 7 days"] == pytest.approx(near * shares[1], rel=0.03)


@pytest.mark.parametrize(
    ("metres", "apart", "far", "soon"),
    [
        (0.0, 0, SAME_POINT, "same day"),
        (99.9, 1, "under 100 m", "1 to 7 days"),
        (100.0, 7, "100 m to under 250 m", "1 to 7 days"),
        (249.9, 8, "100 m to under 250 m", "8 to 14 days"),
        (250.0, 0, "", ""),
        (50.0, 15, "", ""),
    ],
)
def test_bands_hold_what_their_labels_say(metres: float, apart: int, far: str, soon: str) -> None:
    # one pair, and others far from everything
    points = np.array([[0.0, 0.0], [metres, 0.0], *([10_000.0 * k, 0.0] for k in range(1, 40))])
    day = np.array([0, apart, *([30] * 39)])
    table = _knox(points, day, "euclidean").table
    held = table[table["observed"] > 0]
    found = list(zip(held["distance"], held["time"], strict=True))
    assert found == ([(far, soon)] if far else [])


def test_labels_are_truthful() -> None:
    assert time_labels((0, 1, 2, 8)) == ["same day", "1 day", "2 to 7 days"]
    assert time_labels((0, 2, 4)) == ["0 to 1 days", "2 to 3 days"]
    assert space_labels((0, 100)) == ["same point", "under 100 m"]


def test_p_counts_the_observed_among_the_deals() -> None:
    # everything on one day: every deal is as the observed, so p is 1, not 0
    points = np.random.default_rng(2).uniform(0, 400, (50, 2))
    result = _knox(points, np.zeros(50, dtype=int), "euclidean", draws=99)
    same_day = result.table[result.table["time"] == "same day"]
    assert (same_day["p"] == 1.0).all()
    near = result.table.query("distance == 'under 100 m' and time == 'same day'")
    assert near["ratio"].item() == 1.0
    assert tuple(result.table.columns) == KNOX_COLUMNS
    assert result.table["p"].min() >= 1 / 100


def test_chance_is_not_called_repeat() -> None:
    rng = np.random.default_rng(9)
    called = 0
    for _ in range(30):
        result = knox(
            rng.uniform(0, 3_000, 300), rng.uniform(0, 3_000, 300),
            START + rng.integers(0, 365, 300), rng=rng, draws=99,
        )  # fmt: skip
        called += near_repeat_sentence(result).startswith("Near repeats")
    assert called <= 4


def test_the_same_rng_gives_the_same_table() -> None:
    rng = np.random.default_rng(0)
    points, day = rng.uniform(0, 900, (60, 2)), rng.integers(0, 40, 60)
    one, other = (_knox(points, day, "euclidean").table for _ in range(2))
    pd.testing.assert_frame_equal(one, other)


def test_months_are_refused_and_long_spans_left_out() -> None:
    start = np.array(["2026-01-01", "2026-02-01", "2026-03-01T20:00"], dtype="datetime64[s]")
    end = np.array(["2026-01-01T23:59:59", "NaT", "2026-03-03T08:00"], dtype="datetime64[s]")
    known = days_known(start, end, np.array(["day", "minute", "minute"]))
    assert known.tolist() == [True, True, False]
    with pytest.raises(BadInputError, match="2 of 3 incidents give only the month"):
        days_known(start, end, np.array(["month", "month", "day"]))
    assert days_known(start, end, np.array(["month", "day", "day"])).tolist() == [
        False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"space_edges_m": (50.0, 100.0)}, "space_edges_m"),
        ({"space_edges_m": (0.0, 100.0, 100.0)}, "ascend"),
        ({"time_edges_days": (0, 1.5)}, "whole"),
        ({"time_edges_days": (0,)}, "time_edges_days"),
        ({"distance": "chebyshev"}, "euclidean or manhattan"),
    ],
)
def test_bad_bands_are_refused(asked: dict[str, object], match: str) -> None:
    points, day = np.zeros(40), np.full(40, START)
    with pytest.raises(BadInputError, match=match):
        knox(points, points, day, rng=np.random.default_rng(1), **asked)  # type: ignore[arg-type]


def test_bad_incidents_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    points, day, rng = np.zeros(40), np.full(40, START), np.random.default_rng(1)
    with pytest.raises(BadInputError, match="at least 30 incidents, and there are 9"):
        knox(points[:9], points[:9], day[:9], rng=rng)
    with pytest.raises(BadInputError, match="40 points and 39 dates"):
        knox(points, points, day[:39], rng=rng)
    with pytest.raises(BadInputError, match="1 incidents have no place or no date"):
        knox(np.append(points[:39], np.nan), points, day, rng=rng)
    monkeypatch.setattr("spatial.timing.near_repeat._MOST_PAIRS", 700)
    with pytest.raises(BadInputError, match="780 pairs"):
        knox(points, points, day, rng=rng)


def test_saltmere_planted_series_are_found(saltmere_store: IncidentStore) -> None:
    planted = json.loads((FOLDER / "planted.json").read_text(encoding="utf-8"))["near_repeats"]
    assert (planted["within_m"], planted["days"]) == (85, [1, 6])
    moments = read_moments(
        saltmere_store.connect(),
        profile_condition(load_profile("robbery")),
        window=Window(dt.date(2023, 11, 1), dt.date(2026, 10, 31)),
        resolution=10,
    )
    usable = days_known(moments.start, moments.end, moments.precision)
    kept = moments.where(usable & np.isfinite(moments.longitude))
    x, y = national_grid().forward(kept.longitude, kept.latitude)
    found = knox(x, y, kept.start, rng=np.random.default_rng(1), draws=199)
    clear = found.table[found.table["p_adjusted"] <= 0.1]
    # where they were planted and nowhere else
    assert list(zip(clear["distance"], clear["time"], strict=True)) == [
        ("under 100 m", "1 to 7 days")
    ]
    assert clear["ratio"].item() > 1.6
    # each series gives two or three pairs, but a few lost their place among the awkward rows
    assert clear["observed"].item() - clear["expected"].item() > 1.5 * len(planted["series"])


def test_chicago_burglaries_repeat(shared_data: Path) -> None:
    burglaries = pd.read_csv(shared_data / "timed" / "chicago_burglary_2016.csv.gz").dropna()
    dates = burglaries["date"].to_numpy().astype("datetime64[D]")
    found = knox(
        burglaries["X"], burglaries["Y"], dates, rng=np.random.default_rng(1), draws=99
    ).table.set_index(["distance", "time"])
    # the nearer and the sooner, the more
    week = found.xs("1 to 7 days", level="time")["ratio"]
    assert week[SAME_POINT] > week["under 100 m"] > week["100 m to under 200 m"] > 1.15
    soon = found.loc["under 100 m", "ratio"]
    assert soon["same day"] > soon["1 to 7 days"] > soon["15 to 28 days"] > 1.05
