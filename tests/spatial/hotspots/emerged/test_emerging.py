"""The 17 categories against published series and their own words, cell by cell."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path

import h3.api.basic_int as h3_int
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.hexes.neighbours import Neighbours, from_lists
from spatial.hotspots.emerged.emerging import CATEGORIES, classify, emerging_hot_spots, split_window
from spatial.hotspots.emerged.trend import mann_kendall
from spatial.window import Window

CASES = [
    case
    for case in json.loads(
        (Path(__file__).parent / "published_emerging.json").read_text(encoding="utf-8")
    )
    if case["id"].startswith("ehsa")
]
NAMES = [category.name for category in CATEGORIES]
Z = st.sampled_from([-4.0, -3.5, -3.0, -2.5, 0.0, 0.5, -0.5, 2.5, 3.0, 3.5, 4.0])


def _named(z: np.ndarray, bound: float = 1.959964) -> list[str]:
    states = np.where(np.abs(z) > bound, np.sign(z), 0).astype(np.int8)
    return [NAMES[i] for i in classify(states, mann_kendall(z))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_categories_as_published_and_their_cold_mirrors(case: dict) -> None:
    z = np.array([case["inputs"]["gi_z"]])
    expected = case["outputs"]["category_by_esri_text"].replace(" detected", "")
    assert _named(z, case["inputs"]["sig_abs_z"]) == [expected]
    assert _named(-z, case["inputs"]["sig_abs_z"]) == [expected.replace("hot", "cold")]


def test_a_cold_spot_that_warms_is_diminishing() -> None:
    # sfdep asks of a diminishing cold spot that z falls, which would make it colder
    warming = np.array([[-6.5, -6, -5.5, -5, -4.5, -4, -3.5, -3, -2.5, -2]])
    assert _named(warming) == ["diminishing cold spot"]
    assert _named(warming[:, ::-1]) == ["intensifying cold spot"]


HOT, COLD, OFF = 3.0, -3.0, 0.0


@pytest.mark.parametrize(
    ("z", "expected"),
    [
        ([OFF] * 9 + [HOT], "new hot spot"),
        # cold once, hot now for the first time: new wins over oscillating
        ([COLD] + [OFF] * 8 + [HOT], "new hot spot"),
        # cold nearly always, hot now: the last period's side counts, not historical cold
        ([COLD] * 9 + [HOT], "new hot spot"),
        ([OFF] * 2 + [HOT] * 8, "consecutive hot spot"),
        # nine of ten are 90%: not consecutive
        ([OFF] + [HOT] * 9, "persistent hot spot"),
        ([HOT] * 4 + [OFF] + [HOT] * 5, "persistent hot spot"),
        ([HOT] * 9 + [OFF], "historical hot spot"),
        ([HOT, COLD] * 4 + [HOT, HOT], "oscillating hot spot"),
        ([HOT, OFF] * 5, "sporadic hot spot"),
        ([OFF, HOT] * 5, "sporadic hot spot"),
        ([OFF, OFF, HOT] + [OFF] * 7, "sporadic hot spot"),
        # hot and cold before, neither now
        ([HOT, COLD] + [OFF] * 8, "no pattern"),
        ([OFF] * 10, "no pattern"),
    ],
)
def test_the_words_of_each_category(z: list[float], expected: str) -> None:
    assert _named(np.array([z])) == [expected]


@given(st.integers(4, 12).flatmap(lambda n: st.lists(Z, min_size=n, max_size=n)))
def test_cold_mirrors_hot(series: list[float]) -> None:
    z = np.array([series])
    turned = {"hot": "cold", "cold": "hot"}
    mirrored = " ".join(turned.get(word, word) for word in _named(z)[0].split())
    assert _named(-z) == [mirrored]


@given(st.integers(4, 24).flatmap(lambda n: st.lists(Z, min_size=n, max_size=n)))
def test_hot_categories_say_what_they_mean(series: list[float]) -> None:
    name = _named(np.array([series]))[0]
    hot, cold = [z > 2 for z in series], [z < -2 for z in series]
    share, trend = 100 * sum(hot) / len(hot), mann_kendall([series])
    mostly = share >= 90
    rising = trend.p[0] < 0.05 and trend.z[0] > 0
    falling = trend.p[0] < 0.05 and trend.z[0] < 0
    first = hot.index(True) if any(hot) else len(hot)
    meaning = {
        "new hot spot": hot[-1] and sum(hot) == 1,
        "consecutive hot spot": sum(hot) > 1 and all(hot[first:]) and not mostly,
        "intensifying hot spot": mostly and hot[-1] and rising,
        "persistent hot spot": mostly and hot[-1] and not rising and not falling,
        "diminishing hot spot": mostly and hot[-1] and falling,
        "oscillating hot spot": hot[-1] and any(cold) and not mostly,
        "sporadic hot spot": any(hot) and not any(cold) and not mostly,
        "historical hot spot": mostly and not hot[-1],
    }
    if name in meaning:
        assert meaning[name]
    elif name == "no pattern":
        assert not any(meaning.values())


def test_seventeen_categories_each_with_its_words() -> None:
    assert len(NAMES) == len(set(NAMES)) == 17
    assert {c.group for c in CATEGORIES} == {
        "emerging", "long-standing", "on-and-off", "former", "none",
    }  # fmt: skip
    words = {c.name: c.definition for c in CATEGORIES}
    assert words["sporadic cold spot"] == "Cold on and off, in under 90% of periods, and never hot."
    assert words["oscillating cold spot"].startswith("Cold in the last period, hot in some earlier")


def _disk(rings: int) -> tuple[Neighbours, int]:
    centre = h3_int.latlng_to_cell(51.54, 0.71, 9)
    disk = sorted(h3_int.grid_disk(centre, rings))
    place = {cell: i for i, cell in enumerate(disk)}
    lists = [[place[c] for c in h3_int.grid_disk(cell, 1) if c in place] for cell in disk]
    return from_lists(lists).with_self(), place[centre]


def test_a_cluster_that_begins_is_new_and_one_that_stays_is_long_standing() -> None:
    neighbours, centre = _disk(12)
    rng = np.random.default_rng(3)
    counts = rng.poisson(0.05, (8, len(neighbours)))
    other = neighbours.of(0)
    counts[:, neighbours.of(centre)] += 2
    counts[-1, other] += 3
    frame, notes = emerging_hot_spots(counts, neighbours, rng=rng)
    assert frame.loc[centre, ["category", "group"]].tolist() == [
        "persistent hot spot", "long-standing",
    ]  # fmt: skip
    assert frame.loc[0, ["category", "group"]].tolist() == ["new hot spot", "emerging"]
    assert frame.loc[0, ["hot_periods", "hot_last"]].tolist() == [1, True]
    # away from the two clusters nothing goes on
    assert (frame["group"] == "none").mean() > 0.9
    assert any("8 periods are few" in note.text and note.loud for note in notes)
    assert np.isfinite(frame[["z_last", "trend_z", "trend_p"]]).all().all()


def test_an_empty_period_and_too_few_periods_are_said() -> None:
    neighbours, centre = _disk(3)
    counts = np.zeros((4, len(neighbours)), dtype=np.int64)
    counts[1:, centre] = 3
    frame, notes = emerging_hot_spots(counts, neighbours, rng=np.random.default_rng(1))
    loud = [note.text for note in notes if note.loud]
    assert any("1 of 4 periods hold no incident" in text for text in loud)
    assert any("too few to show a trend (a perfect one has p = 0.09)" in text for text in loud)
    assert not frame["category"].str.contains("intensifying|diminishing").any()


def test_what_cannot_be_told_is_refused() -> None:
    neighbours, _ = _disk(2)
    rng = np.random.default_rng(1)
    with pytest.raises(BadInputError, match="3 periods: emerging hot spots need at least 4"):
        emerging_hot_spots(np.ones((3, len(neighbours)), dtype=np.int64), neighbours, rng=rng)
    with pytest.raises(BadInputError, match="No incident lies in any"):
        emerging_hot_spots(np.zeros((4, len(neighbours)), dtype=np.int64), neighbours, rng=rng)


def test_periods_follow_one_another_without_overlap() -> None:
    window = Window(dt.date(2023, 11, 1), dt.date(2025, 10, 31))
    quarters = split_window(window, months=3)
    assert len(quarters) == 8
    assert (quarters[0].first, quarters[-1].last) == (window.first, window.last)
    assert quarters[1] == Window(dt.date(2024, 2, 1), dt.date(2024, 4, 30))
    assert sum(period.days for period in quarters) == window.days
    for one, following in itertools.pairwise(quarters):
        assert following.first - one.last == dt.timedelta(days=1)
    with pytest.raises(BadInputError, match="does not divide into periods of 5 whole months"):
        split_window(window, months=5)
    with pytest.raises(BadInputError, match="does not divide"):
        split_window(Window(dt.date(2024, 1, 2), dt.date(2024, 12, 31)), months=3)
    with pytest.raises(BadInputError, match="2 periods"):
        split_window(Window(dt.date(2024, 1, 1), dt.date(2024, 12, 31)), months=6)
