from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.hotspots.calls import CORRECTIONS, calls_by_correction

_TAILS = st.lists(
    st.tuples(st.sampled_from([-1.0, 0.0, 1.0]), st.floats(0.0, 1.0)), min_size=1, max_size=60
)


def test_every_correction_counts_both_sides() -> None:
    # twice p: 0.002, 0.02, 0.04, 0.08, and six of 1
    p = np.array([0.001, 0.01, 0.02, 0.04, *[0.6] * 6])
    z = np.array([4.0, 3.0, -2.5, 2.0, *[0.1] * 6])
    found = calls_by_correction(z, p).set_index(["correction", "level"])
    assert found.loc[("none", 0.05)].tolist() == [2.0, 1.0, pytest.approx(0.5)]
    assert found.loc[("none", 0.10)].tolist()[:2] == [3.0, 1.0]
    # ranks 1 and 2 of 10: 0.002 x 10 = 0.02 and 0.02 x 5 = 0.1
    assert found.loc[("false discovery", 0.05)].tolist()[:2] == [1.0, 0.0]
    assert found.loc[("false discovery", 0.10)].tolist()[:2] == [2.0, 0.0]
    assert found.loc[("family-wise", 0.05)].tolist()[:2] == [1.0, 0.0]
    assert found.loc[("family-wise", 0.01)].tolist()[:2] == [0.0, 0.0]


@given(_TAILS)
def test_a_stricter_correction_never_calls_more(tails: list[tuple[float, float]]) -> None:
    z, p = (np.array(column) for column in zip(*tails, strict=True))
    found = calls_by_correction(z, p)
    for _, rows in found.groupby("level"):
        called = rows.set_index("correction").loc[list(CORRECTIONS), ["hot", "cold"]].to_numpy()
        assert (np.diff(called, axis=0) <= 0).all()
    for _, rows in found.groupby("correction"):
        assert rows.sort_values("level")["hot"].is_monotonic_increasing
    assert found["by_chance"].notna().sum() == 3


def test_a_cell_without_a_side_is_neither() -> None:
    found = calls_by_correction(np.zeros(4), np.zeros(4))
    assert found[["hot", "cold"]].to_numpy().sum() == 0
