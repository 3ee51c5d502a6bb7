"""Change: R's exact figures, the verdicts, the windows that are compared."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from config.errors import BadInputError
from spatial.hexes.counts import CellCounts
from spatial.hotspots.changed.change import (
    CHANGE_COLUMNS,
    FELL,
    NO_CLEAR_CHANGE,
    ROSE,
    TOO_FEW,
    VERDICTS,
    change_by_tier,
    change_table,
    counts_of_places,
    rate_ratios,
)
from spatial.hotspots.changed.comparison import Comparison
from spatial.window import Window
from tests.conftest import SHARED

YEAR = Comparison(
    Window(dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    Window(dt.date(2023, 1, 1), dt.date(2023, 12, 31)),
    same_season=True,
    notes=(),
)
counts = st.integers(0, 400)


def test_ratios_are_those_of_r() -> None:
    # poisson.test(c(x, y), c(days, days)) of R 4.2.2
    even = rate_ratios([30, 2], [50, 6], days_now=1, days_before=1)
    np.testing.assert_allclose(even.ratio, [0.6, 1 / 3])
    np.testing.assert_allclose(even.low, [0.3683506, 0.03290209], atol=1e-6)
    np.testing.assert_allclose(even.high, [0.9621492, 1.864146], atol=1e-6)
    np.testing.assert_allclose(even.p, [0.03299262, 0.2890625], atol=1e-6)
    # the crossover's place-days: 15 in 720 against 60 in 1080
    uneven = rate_ratios([15], [60], days_now=720, days_before=1080)
    np.testing.assert_allclose(uneven.ratio, [0.375])
    np.testing.assert_allclose([uneven.low[0], uneven.high[0]], [0.1977586, 0.668652], atol=1e-6)
    np.testing.assert_allclose(uneven.p, [0.0003395189], atol=1e-9)


def test_the_shared_cases_agree() -> None:
    file = SHARED / "methods" / "cases.json"
    if not file.is_file():
        pytest.skip("the worked cases are not beside this checkout (../shared/methods)")
    cases = {case["id"]: case for case in json.loads(file.read_text(encoding="utf-8"))}
    inputs, outputs = (cases["poisson_exact"][key] for key in ("inputs", "outputs"))
    for number, one in enumerate(inputs["cases"]):
        (now, before), (days_now, days_before) = one["x"], one["T"]
        found = rate_ratios([now], [before], days_now=days_now, days_before=days_before)
        assert found.ratio[0] == pytest.approx(outputs["irr"][number], abs=1e-6)
        assert found.p[0] == pytest.approx(outputs["p"][number], abs=1e-6)
        interval = [found.low[0], found.high[0]]
        np.testing.assert_allclose(interval, outputs["ci95"][number], atol=1e-6)


@given(counts, counts, st.integers(1, 400), st.integers(1, 400))
def test_p_and_limits_are_scipys(now: int, before: int, days: int, days_before: int) -> None:
    found = rate_ratios([now], [before], days_now=days, days_before=days_before)
    if now + before == 0:
        assert np.isnan([found.ratio[0], found.low[0], found.high[0], found.p[0]]).all()
        return
    share = days / (days + days_before)
    exact = binomtest(now, now + before, share)
    assert found.p[0] == pytest.approx(exact.pvalue, rel=1e-6, abs=1e-12)
    limits = exact.proportion_ci(0.95, method="exact")
    scale = days_before / days
    assert found.low[0] == pytest.approx(limits.low / (1 - limits.low) * scale, rel=1e-6)
    if before:
        assert found.high[0] == pytest.approx(limits.high / (1 - limits.high) * scale, rel=1e-6)
    else:
        assert np.isnan([found.high[0], found.ratio[0]]).all()


def test_a_count_of_zero_leaves_one_limit() -> None:
    found = rate_ratios([5, 0], [0, 5], days_now=1, days_before=1)
    # the share's limit is 0.025 ** (1 / 5) = 0.4782: odds 0.9164, and its inverse
    assert np.isnan([found.ratio[0], found.high[0]]).all()
    assert found.low[0] == pytest.approx(0.025**0.2 / (1 - 0.025**0.2))
    assert (found.ratio[1], found.low[1]) == (0.0, 0.0)
    assert found.high[1] == pytest.approx((1 - 0.025**0.2) / 0.025**0.2)


def test_every_verdict_and_its_words() -> None:
    table = change_table(
        ["up", "down", "still", "few", "none", "from nothing"],
        [80, 20, 30, 4, 0, 12],
        [30, 60, 28, 1, 0, 0],
        comparison=YEAR,
    )
    assert tuple(table.columns) == CHANGE_COLUMNS
    assert table["verdict"].tolist() == [ROSE, FELL, NO_CLEAR_CHANGE, TOO_FEW, TOO_FEW, ROSE]
    assert table["words"].str.startswith(VERDICTS).all()
    assert table["words"][0].startswith("rose: 30 before, 80 now (+167%; 95% interval +73% to +")
    assert table["words"][3] == "too few to say (1 before, 4 now)"
    assert "at least" in table["words"][5]
    # places that could not have told anything are no part of the correction
    assert table["p_adjusted"].isna().tolist() == [False, False, False, True, True, False]


def test_five_in_all_are_too_few_and_six_are_not() -> None:
    # 2 x 0.5 ** 5 = 0.0625, 2 x 0.5 ** 6 = 0.03125
    table = change_table(["five", "six"], [5, 6], [0, 0], comparison=YEAR)
    assert table["verdict"][0] == TOO_FEW
    np.testing.assert_allclose(table["p"], [0.0625, 0.03125])
    assert table["verdict"][1] == ROSE


def test_chance_alone_seldom_gives_a_verdict() -> None:
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(200):
        rates = rng.gamma(2.0, 10.0, 40)
        table = change_table([""] * 40, rng.poisson(rates), rng.poisson(rates), comparison=YEAR)
        wrong += bool(table["verdict"].isin([ROSE, FELL]).any())
    # with no true change the false discovery rate is the chance of any verdict at all
    assert wrong <= 16


def test_tiers_are_corrected_together_and_missing_pairs_are_none() -> None:
    now = pd.DataFrame({"place": [0, 1], "tier": ["robbery", "injury"], "incidents": [40, 9]})
    before = pd.DataFrame({"place": [0, 0], "tier": ["robbery"] * 2, "incidents": [10, 5]})
    table = change_by_tier(["a", "b"], now, before, comparison=YEAR)
    assert list(zip(table["place"], table["tier"], strict=True)) == [
        ("a", "injury"), ("a", "robbery"), ("b", "injury"), ("b", "robbery"),
    ]  # fmt: skip
    assert table["now"].tolist() == [0, 40, 9, 0]
    assert table["before"].tolist() == [0, 15, 0, 0]
    assert table["verdict"].tolist() == [TOO_FEW, ROSE, ROSE, TOO_FEW]


def test_places_add_up_their_cells() -> None:
    by_tier = pd.DataFrame(
        {"position": [0, 1, 1, 3], "tier": ["a", "a", "b", "a"], "incidents": [1, 2, 4, 8]}
    )
    nothing = np.zeros(4, dtype=np.int64)
    held = CellCounts(nothing, nothing, nothing, nothing, by_tier, 0, 0)
    areas = [np.array([0, 1]), np.array([1, 2]), np.array([2])]
    found = counts_of_places(held, areas)
    assert found.to_numpy().tolist() == [[0, "a", 3], [0, "b", 4], [1, "a", 2], [1, "b", 4]]


@pytest.mark.parametrize("wrong", [-1, 2.5, float("nan")])
def test_only_counts_are_compared(wrong: float) -> None:
    with pytest.raises(BadInputError, match="compare counts"):
        rate_ratios([wrong], [1], days_now=1, days_before=1)


def test_an_exposure_of_no_days_is_refused() -> None:
    with pytest.raises(BadInputError, match="exposure"):
        rate_ratios([1], [1], days_now=0, days_before=1)
