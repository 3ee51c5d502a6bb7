"""p under each null against every deal counted, esda and scipy, and what is refused."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import h3.api.basic_int as h3_int
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from config.errors import BadInputError
from spatial.hexes.neighbours import Neighbours, from_lists
from spatial.hotspots import held_out, reference
from spatial.hotspots.getis_ord import gi, gi_star
from spatial.hotspots.significance import (
    Alternative,
    Correction,
    Tails,
    benjamini_hochberg,
    bonferroni,
    corrected,
    p_values,
    randomisation_tails,
)

RNG = np.random.default_rng(11)
SPARSE = st.sampled_from([0, 0, 0, 1, 1, 2, 5, 365, 5_475])


@st.composite
def small_maps(draw: st.DrawFn) -> tuple[np.ndarray, Neighbours]:
    """A handful of cells, each with neighbours of its own number, some with none."""
    values = draw(st.lists(SPARSE, min_size=3, max_size=7))
    n = len(values)
    links = draw(st.lists(st.sets(st.integers(0, n - 1), max_size=n), min_size=n, max_size=n))
    return np.array(values), from_lists([sorted(row) for row in links])


@settings(max_examples=80, deadline=None)
@given(small_maps())
def test_gi_star_is_every_arrangement_of_the_whole_map(given_map: tuple) -> None:
    values, neighbours = given_map
    star = neighbours.with_self()
    tails = randomisation_tails(values, star, rng=RNG)
    assert (tails.method, tails.null) == ("exact", "total randomisation")
    maps = np.array(list(itertools.permutations(values.tolist())))
    for cell in range(len(values)):
        sums = maps[:, star.of(cell)].sum(axis=1)
        seen = values[star.of(cell)].sum()
        assert tails.upper[cell] == pytest.approx((sums >= seen).mean(), rel=1e-12)
        assert tails.lower[cell] == pytest.approx((sums <= seen).mean(), rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(small_maps())
def test_gi_is_every_arrangement_of_the_other_cells(given_map: tuple) -> None:
    values, neighbours = given_map
    tails = randomisation_tails(values, neighbours, rng=RNG)
    assert (tails.method, tails.null) == ("exact", "own value held out")
    for cell in range(len(values)):
        others = np.array(list(itertools.permutations(np.delete(values, cell).tolist())))
        sums = others[:, : len(neighbours.of(cell))].sum(axis=1)
        seen = values[neighbours.of(cell)].sum()
        assert tails.upper[cell] == pytest.approx((sums >= seen).mean(), rel=1e-12)
        assert tails.lower[cell] == pytest.approx((sums <= seen).mean(), rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(small_maps(), st.sampled_from([gi, gi_star]))
def test_row_standardising_changes_neither_z_nor_p(given_map: tuple, test: Callable) -> None:
    values, neighbours = given_map
    rows = neighbours.with_self() if test is gi_star else neighbours
    np.testing.assert_allclose(
        test(values, rows.row_standardised()), test(values, rows), rtol=0, atol=1e-9
    )
    plain = randomisation_tails(values, rows, rng=RNG)
    standard = randomisation_tails(values, rows.row_standardised(), rng=RNG)
    np.testing.assert_array_equal(standard.upper, plain.upper)
    np.testing.assert_array_equal(standard.lower, plain.lower)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=6, max_size=6).filter(lambda v: len(set(v)) > 1),
    st.lists(st.floats(0.1, 9), min_size=6, max_size=6),
    st.lists(st.floats(0.5, 4), min_size=18, max_size=18),
)
def test_z_of_unequal_weights_does_not_depend_on_a_row_s_scale(
    values: list[int], scales: list[float], given_weights: list[float]
) -> None:
    ring = from_lists([[(i - 1) % 6, (i + 1) % 6] for i in range(6)])
    star = ring.with_self()
    for rows, test in ((ring, gi), (star, gi_star)):
        weights = np.array(given_weights[: len(rows.indices)])
        uneven = Neighbours(rows.indptr, rows.indices, weights, rows.includes_self)
        scaled = Neighbours(
            rows.indptr,
            rows.indices,
            weights * np.repeat(scales, rows.cardinalities),
            rows.includes_self,
        )
        expected = test(values, uneven)
        np.testing.assert_allclose(test(values, scaled), expected, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(
            test(values, uneven.row_standardised()), expected, rtol=1e-6, atol=1e-9
        )


def test_the_far_tail_of_gi_has_no_floor() -> None:
    # six of twenty incidents among 10,000 cells round a cell without one, and round one with
    n = 10_000
    ring = from_lists([[(i + s) % n for s in (-3, -2, -1, 1, 2, 3)] for i in range(n)])
    values = np.zeros(n, dtype=np.int64)
    values[[97, 98, 99, 101, 102, 103]] = 1
    values[5_000:5_014] = 1
    tails = randomisation_tails(values, ring, rng=RNG)
    assert tails.upper[100] == pytest.approx(hypergeom(n - 1, 20, 6).pmf(6), rel=1e-9)
    assert tails.upper[5_007] == pytest.approx(hypergeom(n - 1, 19, 6).pmf(6), rel=1e-9)
    assert tails.upper[100] < 1e-16


def _hexes(rings: int) -> tuple[list[int], Neighbours]:
    disk = sorted(h3_int.grid_disk(h3_int.latlng_to_cell(53.2, 1.4, 9), rings))
    place = {cell: i for i, cell in enumerate(disk)}
    lists = [[place[c] for c in h3_int.grid_disk(cell, 1) if c in place] for cell in disk]
    return disk, from_lists(lists)


def test_gi_agrees_with_esda_where_nothing_ties() -> None:
    # kept figures: the peer takes longer to compile than to answer
    peer = json.loads((Path(__file__).parent / "esda_gi.json").read_text(encoding="utf-8"))
    _, neighbours = _hexes(6)
    np.testing.assert_allclose(gi(peer["y"], neighbours), peer["z"], rtol=0, atol=1e-8)
    y = np.rint(np.array(peer["y"]) * 10_000).astype(np.int64)
    tails = randomisation_tails(y, neighbours, rng=np.random.default_rng(4))
    # the nearer tail, as the peer's; four and a half standard errors of its 99,999 deals
    ours = np.minimum(tails.upper, tails.lower)
    error = 4.5 * np.sqrt(np.maximum(ours * (1 - ours), 1e-5) / 99_999) + 2 / 99_999
    assert (np.abs(np.array(peer["p_sim"]) - ours) <= error).all()


def test_sampled_gi_agrees_with_exact_gi(monkeypatch: pytest.MonkeyPatch) -> None:
    _, neighbours = _hexes(8)
    rng = np.random.default_rng(6)
    values = rng.choice([0, 0, 0, 0, 1, 2, 7], len(neighbours))
    exact = randomisation_tails(values, neighbours, rng=rng)
    monkeypatch.setattr(reference, "_EXACT_WORK", 0)
    monkeypatch.setattr(reference, "DRAWS", 200_000)
    drawn = randomisation_tails(values, neighbours, rng=np.random.default_rng(1))
    assert (exact.method, drawn.method) == ("exact", "sampled")
    for tail in ("upper", "lower"):
        truth = getattr(exact, tail)
        error = 4.5 * np.sqrt(truth * (1 - truth) / 200_000) + 2 / 200_000
        assert (np.abs(getattr(drawn, tail) - truth) <= error).all()


def test_deals_that_hold_a_cell_are_left_out_in_both_tails() -> None:
    whole = reference.sampled_distribution(2, np.array([0, 0, 1, 1, 2, 5]))
    fewer = held_out.FewerDeals(whole, np.array([1, 5]))
    seen = np.array([0, 1, 5, 9])
    np.testing.assert_allclose(fewer.upper(seen), np.array([5, 3, 1, 1]) / 5)
    np.testing.assert_allclose(fewer.lower(seen), np.array([3, 4, 5, 5]) / 5)


def test_one_and_two_sides() -> None:
    z = np.array([2.0, -1.0, 0.0])
    tails = Tails(np.array([0.01, 0.9, 0.6]), np.array([0.995, 0.2, 0.7]), "exact")
    both = p_values(z, tails, alternative=Alternative.TWO_SIDED)
    np.testing.assert_allclose(both, [0.02, 0.4, 1.0])
    assert p_values(z, tails, alternative=Alternative.GREATER).tolist() == [0.01, 0.9, 0.6]
    assert p_values(z, tails, alternative=Alternative.LESS).tolist() == [0.995, 0.2, 0.7]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_corrections_are_ordered(p: list[float]) -> None:
    raw, fdr, strict = (corrected(p, Correction(name)) for name in ("raw", "fdr", "bonferroni"))
    assert raw.tolist() == p
    np.testing.assert_array_equal(fdr, benjamini_hochberg(p))
    np.testing.assert_array_equal(strict, bonferroni(p))
    assert (raw <= fdr * (1 + 1e-12)).all()
    assert (fdr <= strict * (1 + 1e-12)).all()


@pytest.mark.parametrize("test", [gi_star, gi])
@pytest.mark.parametrize(
    ("values", "lists"),
    [
        ([0, 0, 0], [[1], [0, 2], [1]]),
        ([4, 4, 4], [[1], [0, 2], [1]]),
        ([3], [[]]),
        ([3, 1], [[1], [0]]),
        ([5, 0, 0, 1], [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]),
    ],
    ids=["nothing", "all equal", "one cell", "two cells", "the whole area"],
)
def test_what_cannot_vary_is_neither_hot_nor_cold(
    values: list[int], lists: list[list[int]], test: Callable
) -> None:
    neighbours = from_lists(lists)
    neighbours = neighbours.with_self() if test is gi_star else neighbours
    z = test(values, neighbours)
    assert z.tolist() == [0] * len(values)
    tails = randomisation_tails(np.array(values), neighbours, rng=RNG)
    assert tails.upper.tolist() == pytest.approx([1] * len(values))
    assert tails.lower.tolist() == pytest.approx([1] * len(values))


def test_a_whole_area_of_many_cells_is_one_deal() -> None:
    # factorials of 400 are beyond floating point
    n = 400
    whole = from_lists([list(range(n))] * n)
    values = np.arange(n) % 3
    tails = randomisation_tails(values, whole.with_self(), rng=RNG)
    np.testing.assert_allclose(tails.upper, 1, rtol=1e-9)
    np.testing.assert_allclose(tails.lower, 1, rtol=1e-9)
    # holding out a cell leaves one sum too: that of all the others
    tails = randomisation_tails(values, whole, rng=RNG)
    np.testing.assert_allclose(tails.upper, 1, rtol=1e-9)
    np.testing.assert_allclose(tails.lower, 1, rtol=1e-9)


def test_what_has_no_shared_null_is_refused() -> None:
    ring = from_lists([[1], [0, 2], [1]])
    uneven = Neighbours(ring.indptr, ring.indices, np.array([1, 1, 0.5, 1]), includes_self=False)
    with pytest.raises(BadInputError, match="equal within each row: these differ"):
        randomisation_tails(np.array([1, 0, 0]), uneven, rng=RNG)
    with pytest.raises(BadInputError, match="describe 3 cells"):
        randomisation_tails(np.array([1, 0]), ring, rng=RNG)
    with pytest.raises(BadInputError, match="non-negative"):
        randomisation_tails(np.array([1, 0, -1]), ring, rng=RNG)
    with pytest.raises(BadInputError, match="Expected harm is no such number"):
        randomisation_tails(np.array([1.5, 0.25, 0.5]), ring.with_self(), rng=RNG)


@pytest.mark.parametrize("weight", [-1.0, np.nan, np.inf])
def test_weights_that_are_none_are_refused(weight: float) -> None:
    ring = from_lists([[1], [0, 2], [1]])
    with pytest.raises(BadInputError, match=r"from cell 1 to cell 2 cannot be used"):
        Neighbours(ring.indptr, ring.indices, np.array([1, 1, weight, 1]), includes_self=False)
