"""Kernel density against the formula's printed values, and against every pair by hand."""

from __future__ import annotations

import numpy as np
import pytest

from config.errors import BadInputError
from spatial.hotspots.kernel_density import kernel_density, quartic_kernel


def test_the_quartic_kernel_as_printed() -> None:
    printed = [10.610329539, 8.383470253, 3.274793068, 0.00046999961]
    found = quartic_kernel(np.array([0.0, 100.0, 200.0, 299.0]), bandwidth_m=300)
    assert found == pytest.approx(printed, abs=1e-8)
    assert quartic_kernel(np.array([300.0, 5e5]), bandwidth_m=300).tolist() == [0.0, 0.0]


def test_the_kernel_holds_one_incident() -> None:
    step = 5.0
    axis = np.arange(-400, 400, step) + step / 2
    x, y = np.meshgrid(axis, axis)
    height = quartic_kernel(np.hypot(x, y), bandwidth_m=300)
    assert height.sum() * (step / 1_000) ** 2 == pytest.approx(1, abs=1e-4)


def test_a_density_is_the_sum_over_every_pair() -> None:
    rng = np.random.default_rng(4)
    centres, points = rng.uniform(0, 2_000, (60, 2)), rng.uniform(0, 2_000, (200, 2))
    points[100:] = points[:100]
    weights = rng.uniform(1, 9, 200)
    distance = np.linalg.norm(centres[:, None] - points[None], axis=2)
    by_hand = (quartic_kernel(distance, bandwidth_m=250) * weights).sum(axis=1)
    found = kernel_density(centres, points, bandwidth_m=250, weights=weights)
    assert found == pytest.approx(by_hand)
    assert kernel_density(centres, np.empty((0, 2)), bandwidth_m=250).tolist() == [0.0] * 60


@pytest.mark.parametrize("bandwidth", [0.0, -1.0, float("nan"), float("inf")])
def test_a_bandwidth_that_spreads_nothing_is_refused(bandwidth: float) -> None:
    with pytest.raises(BadInputError, match="Give one above 0"):
        kernel_density(np.zeros((1, 2)), np.zeros((1, 2)), bandwidth_m=bandwidth)
