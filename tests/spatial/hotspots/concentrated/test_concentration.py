"""Lorenz shares, Gini and what chance alone concentrates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.hotspots.concentrated.concentration import (
    chance_curve,
    dealt_curve,
    gini,
    lorenz_curve,
    ranked_curve,
    shares_table,
)

CASES = [
    case
    for case in json.loads(
        (Path(__file__).parent / "published_concentration.json").read_text(encoding="utf-8")
    )
    if case["id"].startswith("gini")
]
COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=30).filter(any)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_gini_as_published(case: dict) -> None:
    found = gini(case["inputs"]["counts"])
    outputs, close = case["outputs"], {"abs": case["tolerance"]}
    assert found.plain == pytest.approx(outputs["gini"], **close)
    assert found.plain_unbiased == pytest.approx(outputs["gini_unbiased"], **close)
    assert found.generalised == pytest.approx(outputs["gini_generalised"], **close)
    assert found.generalised_unbiased == pytest.approx(
        outputs["gini_generalised_unbiased"], **close
    )


def test_as_even_as_few_incidents_can_be_is_no_concentration() -> None:
    # five incidents in five of ten cells: plain G says 0.5
    assert gini([1] * 5 + [0] * 5).plain == pytest.approx(0.5)
    assert gini([1] * 5 + [0] * 5).generalised == pytest.approx(0.0)
    assert gini([1, 0, 0]).generalised_unbiased is None
    assert gini([4]).plain_unbiased is None


def test_half_of_the_harm_in_a_tenth_of_the_cells() -> None:
    # ten cells; the fullest holds 50 of 100, the next two 20 and 10, the rest share 20 among four
    curve = lorenz_curve([0, 5, 50, 5, 0, 20, 5, 0, 10, 5], np.ones(10))
    assert curve.places_holding(0.5) == pytest.approx(0.1)
    assert curve.places_holding(0.8) == pytest.approx(0.3)
    assert curve.held_in(0.2) == pytest.approx(0.7)
    # four cells tie for the last 20: two of them, in any order, hold 10 on average
    assert curve.held_in(0.5) == pytest.approx(0.9)
    assert curve.places_holding(1.0) == pytest.approx(0.7)
    assert curve.held_in(0.7) == curve.held_in(1.0) == 1.0
    assert (curve.held_in(0.0), curve.places_holding(0.0)) == (0.0, 0.0)


def test_where_nobody_lives_the_curve_rises_at_once() -> None:
    # half of the incidents lie where nobody lives; nothing and nobody is no place at all
    curve = lorenz_curve([6, 2, 4, 0], [0, 200, 100, 0])
    assert curve.held_in(0.0) == 0.5
    assert curve.held_in(1 / 3) == pytest.approx(10 / 12)
    assert curve.places_holding(0.5) == 0.0


def test_a_table_reads_both_ways() -> None:
    table = shares_table({"harm by area": lorenz_curve([3, 1, 0, 0], np.ones(4))})
    by = table.set_index(["given", "share_held"])["share_of_places"]
    assert by["held", 0.5] == pytest.approx(1 / 6)
    assert by["held", 0.8] == pytest.approx(0.3)
    assert table.loc[table["given"] == "places", "share_held"].tolist() == pytest.approx(
        [0.03, 0.15, 0.3]
    )


@given(COUNTS)
def test_the_curve_rises_to_one_and_falls_off(counts: list[int]) -> None:
    curve = lorenz_curve(counts, np.ones(len(counts)))
    assert curve.places[[0, -1]].tolist() == curve.held[[0, -1]].tolist() == [0.0, 1.0]
    slopes = np.diff(curve.held) / np.diff(curve.places)
    assert (np.diff(slopes) <= 1e-9).all()
    # G is twice the area between the curve and even sharing
    area = (np.diff(curve.places) * (curve.held[1:] + curve.held[:-1]) / 2).sum()
    assert gini(counts).plain == pytest.approx(2 * area - 1, abs=1e-9)
    for share in (0.1, 0.37, 0.5, 0.9):
        assert curve.held_in(curve.places_holding(share)) == pytest.approx(share)


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_cells_does_not_matter(counts: list[int], chance: object) -> None:
    mixed = counts.copy()
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    sizes = np.ones(len(counts))
    np.testing.assert_array_equal(lorenz_curve(counts, sizes).held, lorenz_curve(mixed, sizes).held)
    assert gini(counts) == gini(mixed)


def test_chance_is_what_dealing_gives() -> None:
    rng = np.random.default_rng(8)
    curve = chance_curve(300, 2_000)
    dealt = [
        lorenz_curve(np.bincount(rng.integers(0, 2_000, 300), minlength=2_000), np.ones(2_000))
        for _ in range(200)
    ]
    for share in (0.02, 0.05, 0.1):
        mean = np.mean([one.held_in(share) for one in dealt])
        assert curve.held_in(share) == pytest.approx(mean, abs=0.01)
    # nearly all incidents are alone in their cell, and concentration would be found in any map
    assert curve.places_holding(0.5) < 0.075
    assert chance_curve(3, 1).held_in(0.4) == pytest.approx(0.4)


def test_what_cannot_be_shared_out_is_refused() -> None:
    with pytest.raises(BadInputError, match="none of 3 cells holds any"):
        lorenz_curve([0, 0, 0], [1, 1, 1])
    with pytest.raises(BadInputError, match="2 cells have no size, or nobody lives in them"):
        lorenz_curve([1, 0], [0, 0])
    with pytest.raises(BadInputError, match="hold 0 incidents"):
        chance_curve(0, 10)
    with pytest.raises(ValueError, match=r"values\[1\] is np.float64\(-1.0\)"):
        lorenz_curve([1, -1], [1, 1])
    with pytest.raises(ValueError, match=r"sizes\[0\] is np.float64\(nan\)"):
        lorenz_curve([1, 1], [np.nan, 1])
    with pytest.raises(ValueError, match="one of each a cell"):
        lorenz_curve([1, 1], [1, 1, 1])
    with pytest.raises(ValueError, match="one number for each of 2 cells"):
        ranked_curve([np.nan, 1], [1, 1], [1, 1])
    with pytest.raises(ValueError, match="whole numbers"):
        gini([0.5, 1])
    with pytest.raises(ValueError, match="not between 0 and 1"):
        lorenz_curve([1, 1], [1, 1]).held_in(1.5)


def test_harm_dealt_by_chance_is_the_incidents_curve_where_all_weigh_the_same() -> None:
    dealt = dealt_curve(np.full(200, 5), 1_000, rng=np.random.default_rng(1), draws=400)
    chance = chance_curve(200, 1_000)
    for share in (0.01, 0.05, 0.1, 0.2):
        assert dealt.held_in(share) == pytest.approx(chance.held_in(share), rel=0.02)


def test_one_incident_that_weighs_all_lies_in_one_cell_by_chance_too() -> None:
    dealt = dealt_curve([0, 0, 7], 100, rng=np.random.default_rng(1))
    assert dealt.held_in(0.01) == 1
    with pytest.raises(BadInputError, match="nothing to share"):
        dealt_curve([0, 0], 100, rng=np.random.default_rng(1))
