"""Mann-Kendall against published numbers, scipy, and every order of a short series."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm

from spatial.hotspots.emerged.trend import mann_kendall

CASES = [
    case
    for case in json.loads(
        (Path(__file__).parent / "published_emerging.json").read_text(encoding="utf-8")
    )
    if case["id"].startswith("mk_")
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_trends_as_published(case: dict) -> None:
    trend, outputs = mann_kendall([case["inputs"]["x"]]), case["outputs"]
    close = {"abs": case["tolerance"]}
    assert trend.s[0] == outputs["S"]
    assert trend.variance[0] == pytest.approx(outputs["var"], **close)
    assert trend.z[0] == pytest.approx(outputs["z"], **close)
    assert trend.p[0] == pytest.approx(outputs["p_two_sided"], **close)
    periods = len(case["inputs"]["x"])
    tau = trend.s[0] / (periods * (periods - 1) / 2)
    assert tau == pytest.approx(outputs["tau_a"], **close)


@given(
    st.integers(3, 12).flatmap(
        lambda periods: st.lists(
            st.lists(st.integers(0, 4), min_size=periods, max_size=periods), min_size=1, max_size=5
        )
    )
)
def test_agrees_with_scipy(rows: list[list[int]]) -> None:
    trend = mann_kendall(rows)
    for i, row in enumerate(rows):
        if len(set(row)) == 1:
            assert (trend.s[i], trend.variance[i], trend.z[i], trend.p[i]) == (0, 0, 0, 1)
            continue
        peer = kendalltau(range(len(row)), row, method="asymptotic")
        # scipy leaves out the continuity correction: its p is that of S over its deviation
        deviation = np.sqrt(trend.variance[i])
        assert 2 * norm.sf(abs(trend.s[i]) / deviation) == pytest.approx(peer.pvalue)
        assert np.sign(trend.s[i]) == np.sign(peer.statistic)


def test_variance_is_that_of_every_order() -> None:
    # all 120 orders of five values, two of them equal
    orders = list(itertools.permutations([1, 2, 2, 3, 4]))
    trend = mann_kendall(orders)
    assert trend.s.mean() == 0
    np.testing.assert_allclose(trend.variance, np.mean(trend.s.astype(float) ** 2))


def test_four_periods_show_no_trend_however_steady() -> None:
    assert mann_kendall([[1, 2, 3, 4]]).p[0] == pytest.approx(0.0894, abs=1e-4)
    assert mann_kendall([[1, 2, 3, 4, 5]]).p[0] < 0.05


def test_a_table_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"series has shape \(3,\)"):
        mann_kendall([1, 2, 3])
    with pytest.raises(ValueError, match="finite numbers"):
        mann_kendall([[1, np.nan, 3]])
