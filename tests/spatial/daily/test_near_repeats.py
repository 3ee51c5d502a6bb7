from __future__ import annotations

import datetime as dt

import numpy as np

from spatial.daily.near_repeats import near_repeats
from spatial.daily.nearby import Nearby
from spatial.incidents.moments import Moments
from spatial.projection import national_grid

LAST = dt.date(2026, 10, 30)
PLANE = national_grid()
NOWHERE = Nearby(PLANE, (), (), (), (), (), ())


def moments(x: np.ndarray, y: np.ndarray, ago: np.ndarray) -> Moments:
    order = np.argsort(-ago, kind="stable")
    longitude, latitude = PLANE.inverse(x[order], y[order])
    start = np.datetime64("2026-10-30T12:00:00") - ago[order].astype("timedelta64[D]")
    many = len(x)
    return Moments(
        start=start.astype("datetime64[s]"),
        end=np.full(many, np.datetime64("NaT", "s")),
        precision=np.full(many, "minute"),
        longitude=longitude,
        latitude=latitude,
        cell=np.ones(many, dtype=np.uint64),
        tier=np.full(many, "injury"),
        harm_days=np.ones(many),
    )


def scattered(many: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return (
        rng.uniform(620_000, 628_000, many),
        rng.uniform(310_000, 318_000, many),
        rng.integers(15, 365, many),
    )


def test_planted_repeats_open_the_ground_near_the_latest() -> None:
    x, y, ago = scattered(120, 1)
    # each is followed three days later, 40 m away; one of yesterday waits for its own
    x, y = np.append(x, 624_000.0), np.append(y, 314_000.0)
    ago = np.append(ago, 1)
    repeats = moments(
        np.append(x, x[:120] + 40), np.append(y, y[:120]), np.append(ago, ago[:120] - 3)
    )
    found = near_repeats(repeats, last=LAST, nearby=NOWHERE, rng=np.random.default_rng(2))
    assert found.why_not == ""
    assert "1 to 7 days after and under 100 m away" in found.rule
    (area,) = [
        one for one in found.areas.to_dict("records") if one["latest"] == dt.date(2026, 10, 29)
    ]
    # open from the day after to the seventh day after
    assert area["open_until"] == dt.date(2026, 11, 5)
    assert area["radius_m"] == 100.0
    assert area["incidents"] == 1
    assert area["place"].startswith("TG 2")
    ground = PLANE.project(area["geometry"])
    assert abs(ground.centroid.x - 624_000) < 1
    assert abs(ground.area / (np.pi * 100**2) - 1) < 0.02


def test_grounds_that_touch_are_one() -> None:
    x, y, ago = scattered(120, 3)
    pair_x, pair_y, pair = np.array([624_000.0, 624_150.0]), np.full(2, 314_000.0), np.array([2, 4])
    repeats = moments(
        np.concatenate([x, x + 40, pair_x]),
        np.concatenate([y, y, pair_y]),
        np.concatenate([ago, ago - 3, pair]),
    )
    areas = near_repeats(repeats, last=LAST, nearby=NOWHERE, rng=np.random.default_rng(2)).areas
    assert areas["incidents"].iloc[0] == 2
    assert areas["latest"].iloc[0] == dt.date(2026, 10, 28)


def test_scattered_incidents_open_nothing() -> None:
    found = near_repeats(
        moments(*scattered(300, 4)), last=LAST, nearby=NOWHERE, rng=np.random.default_rng(2)
    )
    assert found.areas.empty
    assert "no ground is marked" in found.why_not


def test_too_few_incidents_are_refused_in_words() -> None:
    found = near_repeats(
        moments(*scattered(12, 4)), last=LAST, nearby=NOWHERE, rng=np.random.default_rng(2)
    )
    assert found.rule == ""
    assert "at least 30 incidents, and there are 12" in found.why_not
