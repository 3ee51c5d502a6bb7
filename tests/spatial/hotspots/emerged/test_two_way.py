"""The two-way reading, and its cross-associations against every deal and esda."""

from __future__ import annotations

import itertools
import warnings

import h3.api.basic_int as h3_int
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.hexes.neighbours import Neighbours, from_lists
from spatial.hotspots import reference
from spatial.hotspots.emerged.two_way import READINGS, cross_moran, lee_l, two_way_reading

RNG = np.random.default_rng(7)
PATH = from_lists([[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]).with_self()


def _disk(rings: int) -> Neighbours:
    disk = sorted(h3_int.grid_disk(h3_int.latlng_to_cell(51.54, 0.71, 9), rings))
    place = {cell: i for i, cell in enumerate(disk)}
    return from_lists(
        [[place[c] for c in h3_int.grid_disk(cell, 1) if c in place] for cell in disk]
    ).with_self()


def test_every_cell_is_read_one_way_of_four() -> None:
    violence = ["hot 99", "hot 95", "hot 90", "none", "cold 99"]
    disorder = ["hot 95", "none", "hot 99", "hot 90", "cold 95"]
    assert two_way_reading(violence, disorder).tolist() == [
        "both", "violence only", "disorder only", "neither", "neither",
    ]  # fmt: skip
    assert set(READINGS) == {"both", "violence only", "disorder only", "neither"}
    with pytest.raises(ValueError, match="give the same cells"):
        two_way_reading(violence, disorder[:3])


@given(
    st.lists(st.integers(0, 3), min_size=6, max_size=6).filter(lambda v: len(set(v)) > 1),
    st.lists(st.integers(0, 3), min_size=6, max_size=6).filter(lambda v: len(set(v)) > 1),
)
@settings(max_examples=30)
def test_p_of_cross_moran_is_that_of_every_deal(violence: list[int], disorder: list[int]) -> None:
    frame = cross_moran(np.array(violence), np.array(disorder), PATH, rng=RNG)
    deals = np.array(list(itertools.permutations(disorder)))
    for cell in range(6):
        others = [j for j in PATH.of(cell) if j != cell]
        dealt, seen = deals[:, others].sum(axis=1), sum(disorder[j] for j in others)
        middle = len(others) * np.mean(disorder)
        if seen == pytest.approx(middle):
            expected = 1.0
        else:
            expected = ((dealt >= seen) if seen > middle else (dealt <= seen)).mean()
        assert frame["p"][cell] == pytest.approx(expected)


def test_p_of_lee_is_that_of_every_deal() -> None:
    violence, disorder = np.array([3, 2, 0, 0, 1, 0]), np.array([4, 4, 1, 0, 0, 2])
    frame = lee_l(violence, disorder, PATH, rng=np.random.default_rng(2))
    deals = np.array(list(itertools.permutations(range(6))))
    for cell in range(6):
        here = PATH.of(cell)
        dealt = deals[:, : len(here)]
        # exact in whole numbers: six times each sum less its share of the total
        products = (6 * violence[dealt].sum(axis=1) - len(here) * 6) * (
            6 * disorder[dealt].sum(axis=1) - len(here) * 11
        )
        seen = (6 * violence[here].sum() - len(here) * 6) * (
            6 * disorder[here].sum() - len(here) * 11
        )
        expected = min((products >= seen).mean(), (products <= seen).mean())
        assert frame["p"][cell] == pytest.approx(expected, abs=0.003)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_statistics_agree_with_esda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "DRAWS", 1_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        esda = pytest.importorskip("esda")
        from esda.lee import Spatial_Pearson_Local  # noqa: PLC0415 (an optional peer)
        from libpysal.graph import Graph  # noqa: PLC0415
    neighbours = _disk(7)
    n = len(neighbours)
    rng = np.random.default_rng(5)
    disorder = rng.poisson(1.5, n)
    violence = rng.poisson(0.2 + 0.3 * disorder)
    weights = neighbours.matrix - np.eye(n)
    owner, other = np.nonzero(weights)
    graph = Graph.from_arrays(owner, other, np.ones(len(owner)))
    peer = esda.Moran_Local_BV(
        violence.astype(float), disorder.astype(float), graph, permutations=0
    )
    ours = cross_moran(violence, disorder, neighbours, rng=rng)
    np.testing.assert_allclose(ours["moran"], peer.Is, atol=1e-12)
    peer_lee = Spatial_Pearson_Local(connectivity=neighbours.matrix.toarray(), permutations=None)
    peer_lee.fit(violence[:, None].astype(float), disorder[:, None].astype(float))
    ours_lee = lee_l(violence, disorder, neighbours, rng=rng)
    np.testing.assert_allclose(ours_lee["lee"], np.ravel(peer_lee.associations_), atol=1e-12)


def test_planted_together_and_planted_apart_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reference, "DRAWS", 200_000)
    neighbours = _disk(14)
    n = len(neighbours)
    rng = np.random.default_rng(9)
    violence, disorder = rng.poisson(0.2, n), rng.poisson(1.0, n)
    together, apart = neighbours.of(n // 2), neighbours.of(n // 5)
    violence[together] += 4
    disorder[together] += 8
    violence[apart] += 6
    disorder[apart] = 0
    lee = lee_l(violence, disorder, neighbours, rng=rng)
    moran = cross_moran(violence, disorder, neighbours, rng=rng)
    assert lee["association"][n // 2] == moran["association"][n // 2] == "both high"
    assert lee["association"][n // 5] == "violence high, disorder low"
    far = np.setdiff1d(np.arange(n), np.unique([neighbours.of(j) for j in (*together, *apart)]))
    assert (lee["association"][far] != "none").mean() < 0.02
    assert (moran["association"][far] != "none").mean() < 0.02


def test_unrelated_maps_are_seldom_called_associated() -> None:
    neighbours, called, low = _disk(10), 0, []
    n = len(neighbours)
    rng = np.random.default_rng(12)
    for _ in range(40):
        frame = cross_moran(rng.poisson(0.1, n), rng.poisson(0.3, n), neighbours, rng=rng)
        low.append((frame["p"] < 0.05).mean())
        called += int((frame["association"] != "none").any())
    assert np.mean(low) <= 0.1  # two sides of at most 0.05 each
    assert called <= 6


def test_a_surface_without_variation_is_associated_with_nothing() -> None:
    for frame, name in (
        (cross_moran(np.ones(6, dtype=int), np.arange(6), PATH, rng=RNG), "moran"),
        (lee_l(np.arange(6), np.zeros(6, dtype=int), PATH, rng=RNG), "lee"),
    ):
        assert frame[name].tolist() == [0.0] * 6
        assert frame["p"].tolist() == frame["p_adjusted"].tolist() == [1.0] * 6
        assert set(frame["association"]) == {"none"}


def test_a_cell_without_neighbours_is_associated_with_nothing() -> None:
    alone = from_lists([[1], [0], []]).with_self()
    frame = cross_moran(np.array([1, 0, 5]), np.array([2, 0, 7]), alone, rng=RNG)
    assert frame.loc[2, ["moran", "p", "association"]].tolist() == [0.0, 1.0, "none"]


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="binary weights that include self"):
        cross_moran(np.ones(6), np.ones(6), PATH.row_standardised(), rng=RNG)
    with pytest.raises(ValueError, match="disorder must be one count for each of 6 cells"):
        lee_l(np.ones(6), np.ones(5), PATH, rng=RNG)
    with pytest.raises(ValueError, match="violence must be one count"):
        lee_l(-np.ones(6), np.ones(6), PATH, rng=RNG)
