"""The null distribution against every deal counted, and its tails where data are all ties."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from config.errors import BadInputError
from spatial.hexes.neighbours import from_lists
from spatial.hotspots import reference
from spatial.hotspots.reference import reference_distributions
from spatial.hotspots.significance import (
    benjamini_hochberg,
    one_sided,
    randomisation_tails,
    significance_classes,
    two_sided,
)

RNG = np.random.default_rng(11)


def _every_deal(values: list[int], size: int) -> np.ndarray:
    return np.array([sum(deal) for deal in itertools.combinations(values, size)])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 5, 365, 5_475]), min_size=5, max_size=10),
    st.integers(1, 4),
)
def test_tails_are_those_of_every_deal(values: list[int], size: int) -> None:
    deals = _every_deal(values, size)
    table = reference_distributions(
        np.array(values), np.array([size]), largest=int(deals.max()), rng=RNG
    )[size]
    assert table.method == "exact"
    observed = np.unique(deals)
    at_least = [(deals >= value).mean() for value in observed]
    at_most = [(deals <= value).mean() for value in observed]
    np.testing.assert_allclose(table.upper(observed), at_least, rtol=1e-12)
    np.testing.assert_allclose(table.lower(observed), at_most, rtol=1e-12)


def test_a_tie_counts_in_both_tails() -> None:
    # five cells, one incident; a pair holds it in 2 of 5 deals: P(sum >= 1) = 0.4, and
    # P(sum <= 1) = 1, not 0.6, because the tie counts
    table = reference_distributions(np.array([0, 0, 1, 0, 0]), np.array([2]), largest=1, rng=RNG)[2]
    observed = np.array([0, 1])
    np.testing.assert_allclose(table.upper(observed), [1.0, 0.4])
    np.testing.assert_allclose(table.lower(observed), [0.6, 1.0])


def test_the_far_tail_has_no_floor() -> None:
    # 20 incidents in 20 of 100,000 cells: seven cells that all hold one, by the hypergeometric law
    values = np.zeros(100_000, dtype=np.int64)
    values[:20] = 1
    table = reference_distributions(values, np.array([7]), largest=7, rng=RNG)[7]
    expected = hypergeom(100_000, 20, 7).sf(6)
    assert expected < 1e-24
    assert table.upper(np.array([7]))[0] == pytest.approx(expected, rel=1e-9)


def test_an_empty_neighbourhood_on_a_sparse_map_is_not_cold() -> None:
    # METHODS, section 2: esda 2.9 calls such cells p = 0.001 where the truth is 0.30
    values = np.zeros(700, dtype=np.int64)
    values[::7] = 1
    ring = from_lists([[(i + step) % 700 for step in (-3, -2, -1, 1, 2, 3)] for i in range(700)])
    tails = randomisation_tails(np.sort(values), ring.with_self(), rng=RNG)
    truth = hypergeom(700, 100, 7).pmf(0)
    assert tails.lower[300] == pytest.approx(truth, rel=1e-9)
    assert tails.lower[300] > 0.3


def test_sampled_deals_agree_with_exact_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.array([0] * 380 + [1] * 12 + [4] * 6 + [365] * 2)
    sizes = np.array([4, 7])
    exact = reference_distributions(values, sizes, largest=740, rng=RNG)
    monkeypatch.setattr(reference, "_EXACT_WORK", 0)
    drawn = reference_distributions(values, sizes, largest=740, rng=np.random.default_rng(1))
    observed = np.array([0, 1, 4, 5, 365, 366])
    for size in (4, 7):
        assert drawn[size].method == "sampled"
        for tail in ("upper", "lower"):
            truth = getattr(exact[size], tail)(observed)
            # four standard errors of a proportion from a million deals
            error = 4 * np.sqrt(truth * (1 - truth) / reference.DRAWS) + 2 / reference.DRAWS
            assert (np.abs(getattr(drawn[size], tail)(observed) - truth) <= error).all()
    beyond = drawn[7].upper(np.array([10_000]))
    assert beyond[0] == 1 / (reference.DRAWS + 1)


def test_a_lattice_too_fine_to_hold_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "DRAWS", 1_000)
    # two weights in thousandths without a common measure: 8 x 11,000,000 numbers
    values = np.array([0] * 500 + [7_973_393, 2_952_940])
    tables = reference_distributions(values, np.array([7]), largest=10_926_333, rng=RNG)
    assert tables[7].method == "sampled"


def test_beyond_a_sample_the_tail_is_bounded_close_to_the_truth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 30 cells of about 100 and 2,000 of about 1 among 50,000: weights without a common measure
    rng = np.random.default_rng(8)
    values = np.zeros(50_000, dtype=np.int64)
    values[:30] = 99_991 + rng.integers(0, 19, 30)
    values[30:2_030] = 997 + rng.integers(0, 7, 2_000)
    sizes = np.array([7])
    truth = reference_distributions(values, sizes, largest=500_000, rng=RNG)[7]
    assert truth.method == "exact"
    monkeypatch.setattr(reference, "_EXACT_WORK", 60_000_000)
    monkeypatch.setattr(reference, "_MOST_DEALT", 700_000)
    drawn = reference_distributions(values, sizes, largest=500_000, rng=RNG)[7]
    assert drawn.method == "sampled"
    assert drawn.bound is not None
    everywhere = np.arange(0, 500_000, 7)
    assert (drawn.bound.upper(everywhere) >= truth.upper(everywhere) * (1 - 1e-9)).all()
    assert (drawn.bound.lower(everywhere) >= truth.lower(everywhere) * (1 - 1e-9)).all()
    # three, four cells of the large kind: no deal of a hundred thousand shows them
    far = np.array([299_950, 399_950])
    assert (truth.upper(far) < 1e-8).all()
    np.testing.assert_allclose(drawn.upper(far), truth.upper(far), rtol=0.02)
    assert (drawn.upper(far) >= truth.upper(far) * (1 - 1e-9)).all()


def test_fewer_deals_are_drawn_of_large_neighbourhoods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "_MOST_DEALT", 8_000_000)
    deals = reference.draw_deals(450, 400, np.random.default_rng(5))
    assert deals.shape == (20_000, 400)
    first = np.sort(deals[:200], axis=1)
    assert (first[:, 1:] > first[:, :-1]).all()
    # every position equally often, at the first place and at the last
    for place in (0, 399):
        seen = np.bincount(deals[:, place], minlength=450)
        assert np.abs(seen - 20_000 / 450).max() < 6 * np.sqrt(20_000 / 450)


def test_sampled_deals_are_the_same_for_the_same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "_EXACT_WORK", 0)
    monkeypatch.setattr(reference, "DRAWS", 10_000)
    values = np.array([0] * 30 + [1, 2, 3])

    def draw() -> np.ndarray:
        tables = reference_distributions(
            values, np.array([7]), largest=6, rng=np.random.default_rng(3)
        )
        return tables[7].at_least

    np.testing.assert_array_equal(draw(), draw())


def test_null_maps_are_seldom_called_hot() -> None:
    # 60 maps of 1,200 cells, 97% of them empty, no clustering: any discovery in few of them
    n = 1_200
    ring = from_lists([[(i + s) % n for s in (-3, -2, -1, 1, 2, 3)] for i in range(n)]).with_self()
    rng = np.random.default_rng(2)
    called, low = 0, []
    for _ in range(60):
        values = np.bincount(rng.integers(0, n, 36), minlength=n)
        tails = randomisation_tails(values, ring, rng=rng)
        z = ring.matrix @ values - 7 * values.mean()
        p = one_sided(z, tails)
        low.append((p < 0.05).mean())
        called += int((benjamini_hochberg(two_sided(p)) <= 0.05).any())
    assert np.mean(low) <= 0.05
    assert called <= 8


def test_classes_follow_the_adjusted_p_and_the_side() -> None:
    z = np.array([3.0, 3.0, 3.0, 3.0, -3.0, -3.0, 0.0])
    adjusted = np.array([0.01, 0.05, 0.1, 0.11, 0.009, 0.2, 0.001])
    assert significance_classes(z, adjusted).tolist() == [
        "hot 99", "hot 95", "hot 90", "none", "cold 99", "none", "none",
    ]  # fmt: skip


def test_what_cannot_be_dealt_is_refused() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        reference_distributions(np.array([1, -1]), np.array([1]), largest=1, rng=RNG)
    with pytest.raises(ValueError, match="cannot be dealt from 2"):
        reference_distributions(np.array([1, 1]), np.array([3]), largest=1, rng=RNG)
    # shrunk rates are no whole numbers
    with pytest.raises(BadInputError, match="Expected harm is no such number"):
        reference_distributions(np.array([0.4, 1.2]), np.array([1]), largest=1, rng=RNG)
    with pytest.raises(BadInputError, match="one per cell"):
        reference_distributions(np.array([], dtype=int), np.array([1]), largest=1, rng=RNG)
