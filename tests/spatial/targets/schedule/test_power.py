"""Power: against simulation by the exact test, and in words that claim no more."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from config.errors import BadInputError
from spatial.targets.schedule.power import (
    Design,
    design_of,
    power_curve,
    power_of,
    power_words,
    smallest_fall,
)


@pytest.mark.parametrize(("expected", "fall"), [(50, 0.5), (34, 0.8)])
def test_power_is_the_share_of_trials_that_find_it(expected: float, fall: float) -> None:
    rng = np.random.default_rng(2)
    trials, share = 1500, 0.4
    treated = rng.poisson(expected * share * (1 - fall), trials)
    control = rng.poisson(expected * (1 - share), trials)
    # the interval of the share that treated place-days hold lies below their share of place-days
    known: dict[tuple[int, int], bool] = {}
    found = 0
    for a, b in zip(treated.tolist(), control.tolist(), strict=True):
        if (a, b) not in known:
            known[a, b] = bool(binomtest(a, a + b, share).proportion_ci().high < share)
        found += known[a, b]
    simulated = found / trials
    stated = power_of(Design(expected, share, 90), fall)
    assert abs(simulated - stated) < 4 * np.sqrt(max(stated, 0.01) / trials)


def test_no_fall_is_found_at_most_at_half_the_level() -> None:
    for expected in (5, 40, 400):
        assert power_of(Design(expected, 0.4, 90), 0.0) <= 0.025


def test_the_smallest_fall_has_the_power_asked_for() -> None:
    design = Design(100, 0.4, 90)
    least = smallest_fall(design)
    assert least is not None
    assert power_of(design, least) == pytest.approx(0.8, abs=1e-4)
    assert 0.4 < least < 0.6
    # half of all days treated tells most; more incidents tell more; clumped ones tell less
    half, more = smallest_fall(Design(100, 0.5, 90)), smallest_fall(Design(400, 0.4, 90))
    clumped = smallest_fall(Design(100, 0.4, 90, overdispersion=2))
    assert half is not None
    assert more is not None
    assert clumped is not None
    assert more < half < least < clumped


def test_a_curve_rises() -> None:
    falls, power = power_curve(Design(80, 0.4, 90))
    assert falls[0] == 0
    assert falls[-1] == pytest.approx(1)
    assert (np.diff(power) > 0).all()


def test_words() -> None:
    assert power_words(Design(100, 0.4, 90)).startswith(
        "With 100 incidents expected in 90 days, only a fall of "
    )
    assert "not even a fall to none" in power_words(Design(5, 0.4, 90))
    assert "1 incident or none" in power_words(Design(0.3, 0.4, 90))


def test_rates_make_a_design() -> None:
    design = design_of([0.1, 0.3], k=1, days=90)
    assert design.expected == pytest.approx(36)
    assert design.treated_share == pytest.approx(0.5)
    with pytest.raises(BadInputError, match="numbers from nought"):
        design_of([0.1, float("nan")], k=1, days=90)
    with pytest.raises(BadInputError, match="nothing to compare"):
        power_of(design_of([0.1, 0.3], k=2, days=90), 0.5)
