"""Chance: the streams a town is drawn from."""

from __future__ import annotations

import numpy as np
import pytest

from sample_geo.chance import Chance


def test_first_draws_never_change() -> None:
    # the raw output of PCG64([1, crc32(b"streets")]), shifted to 53 bits
    drawn = Chance(1, "streets").uniform(3)
    assert drawn.tolist() == [0.8923221010924801, 0.11474542317417169, 0.07835988019793871]


def test_topics_do_not_disturb_each_other() -> None:
    alone = Chance(7, "places").uniform(5)
    Chance(7, "streets").uniform(1000)
    assert np.array_equal(alone, Chance(7, "places").uniform(5))
    assert not np.array_equal(alone, Chance(7, "streets").uniform(5))


def test_pick_follows_its_weights_and_never_takes_a_zero() -> None:
    picked = Chance(3, "pick").pick([0, 1, 3, 0], 40_000)
    shares = np.bincount(picked, minlength=4) / 40_000
    assert shares[[0, 3]].tolist() == [0, 0]
    # three standard errors of a share of a quarter: 3 * sqrt(.25 * .75 / 40000) = .0065
    assert shares[1] == pytest.approx(0.25, abs=0.0065)


def test_bell_and_waits_have_the_spread_asked_for() -> None:
    bell = Chance(3, "bell").bell(20_000, 5.0)
    assert bell.mean() == pytest.approx(0, abs=0.11)
    assert bell.std() == pytest.approx(5.0, rel=0.02)
    assert np.abs(bell).max() <= 17.5
    waits = Chance(3, "waits").waits(20_000, 90.0)
    assert waits.min() >= 0
    assert waits.mean() == pytest.approx(90, rel=0.025)


def test_integers_reach_both_ends() -> None:
    assert np.unique(Chance(3, "dice").integers(500, 1, 6)).tolist() == [1, 2, 3, 4, 5, 6]


def test_counts_are_poisson() -> None:
    drawn = Chance(3, "counts").counts(np.full(40_000, 2.5))
    # four standard errors of a mean and of a variance
    assert drawn.mean() == pytest.approx(2.5, abs=0.032)
    assert drawn.var() == pytest.approx(2.5, abs=0.085)
    assert (drawn == 0).mean() == pytest.approx(np.exp(-2.5), abs=0.006)
    many = Chance(3, "many").counts([[0.0, 300.0], [600.0, 1e-9]])
    assert many[0, 0] == many[1, 1] == 0
    assert abs(many[0, 1] - 300) < 90
    assert abs(many[1, 0] - 600) < 130
