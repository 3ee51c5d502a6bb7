"""Gi and Gi* against published numbers, the formula by hand, and esda."""

from __future__ import annotations

import json
from pathlib import Path

import h3.api.basic_int as h3_int
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from spatial.hexes.neighbours import Neighbours, from_lists, within_distance
from spatial.hotspots.getis_ord import gi, gi_star
from spatial.hotspots.significance import benjamini_hochberg, bonferroni

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "published.json").read_text(encoding="utf-8"))
}


def _six_points() -> tuple[list[float], Neighbours]:
    inputs = CASES["gi_6pt_nonstar"]["inputs"]
    return inputs["y"], from_lists(inputs["neighbour_lists"])


def test_gi_of_six_points_as_published() -> None:
    y, neighbours = _six_points()
    case = CASES["gi_6pt_nonstar"]
    np.testing.assert_allclose(gi(y, neighbours), case["outputs"]["z"], atol=case["tolerance"])


def test_gi_star_of_six_points_as_published() -> None:
    y, neighbours = _six_points()
    case = CASES["gi_6pt_star"]
    z = gi_star(y, neighbours.with_self())
    np.testing.assert_allclose(z, case["outputs"]["z"], atol=case["tolerance"])
    np.testing.assert_allclose(
        2 * norm.sf(np.abs(z)), case["outputs"]["p_two_sided"], atol=case["tolerance"]
    )


def test_row_standardising_changes_nothing_where_esda_would() -> None:
    y, neighbours = _six_points()
    star = neighbours.with_self()
    np.testing.assert_allclose(
        gi(y, neighbours.row_standardised()), gi(y, neighbours), rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(
        gi_star(y, star.row_standardised()), gi_star(y, star), rtol=0, atol=1e-12
    )
    wrong = CASES["gi_rowstd_invariance"]["outputs"]["esda_2_9_0_wrong_star"]
    assert np.abs(gi_star(y, star.row_standardised()) - wrong).max() > 0.2


@pytest.mark.parametrize("distance", ["30", "60", "90", "120", "150"])
def test_getis_and_ord_1996_at_five_distances(distance: str) -> None:
    case = CASES["gi_getisord_1996"]
    values, here = case["inputs"]["values"], case["inputs"]["zero_based_index"]
    points = [(30 * (i % 16), 30 * (i // 16)) for i in range(256)]
    neighbours = within_distance(points, float(distance))
    outputs = case["outputs"]
    assert sum(values) == outputs["sum"]
    assert neighbours.cardinalities[here] == outputs["k"][distance]
    assert gi(values, neighbours)[here] == pytest.approx(
        outputs["Gi_z"][distance], abs=case["tolerance"]
    )
    assert gi_star(values, neighbours.with_self())[here] == pytest.approx(
        outputs["GiStar_z"][distance], abs=case["tolerance"]
    )


@pytest.mark.parametrize(("rings", "cells"), [(2, 19), (3, 37), (4, 61)])
def test_more_empty_cells_raise_every_z(rings: int, cells: int) -> None:
    case = CASES["gi_zero_ring_inflation"]
    centre = h3_int.str_to_int(case["inputs"]["centre"])
    disk = h3_int.grid_disk(centre, rings)
    assert len(disk) == cells
    by_ring = case["inputs"]["values_by_ring"]
    values = [by_ring.get(str(h3_int.grid_distance(centre, cell)), 0) for cell in disk]
    place = {cell: i for i, cell in enumerate(disk)}
    lists = [[place[c] for c in h3_int.grid_disk(cell, 1) if c in place] for cell in disk]
    z = gi_star(values, from_lists(lists).with_self())
    key = f"n={cells}"
    assert z[place[centre]] == pytest.approx(case["outputs"]["centre_z"][key], abs=1e-6)
    first = next(cell for cell in disk if h3_int.grid_distance(centre, cell) == 1)
    assert z[place[first]] == pytest.approx(case["outputs"]["ring1_z"][key], abs=1e-6)


def test_critical_values_for_many_tests_at_once() -> None:
    # one-sided 95% for n tests by Sidak: 1 - 0.95^(1/n)
    case = CASES["gi_sidak_critical"]
    n = np.array(case["inputs"]["n"])
    critical = norm.isf(1 - 0.95 ** (1 / n))
    np.testing.assert_allclose(critical, case["outputs"]["z_sidak_computed"], atol=1e-6)
    np.testing.assert_allclose(critical, case["outputs"]["z_printed"], atol=case["tolerance"])


def test_false_discovery_rate_of_fifteen_p_values() -> None:
    case = CASES["fdr_bh15"]
    p, outputs = case["inputs"]["p"], case["outputs"]
    adjusted = benjamini_hochberg(p)
    np.testing.assert_allclose(adjusted, outputs["bh_adjusted"], atol=case["tolerance"])
    assert (adjusted <= case["inputs"]["alpha"]).sum() == outputs["n_reject_bh"]
    np.testing.assert_allclose(bonferroni(p), outputs["bonferroni"], atol=case["tolerance"])
    # the order in which cells come does not matter
    np.testing.assert_array_equal(benjamini_hochberg(p[::-1])[::-1], adjusted)


def test_z_agrees_with_esda_on_a_hex_map() -> None:
    # esda's z is right only with binary weights: its default transform is not
    esda = pytest.importorskip("esda")
    from libpysal.graph import Graph  # noqa: PLC0415 (an optional peer)

    rng = np.random.default_rng(5)
    disk = sorted(h3_int.grid_disk(h3_int.latlng_to_cell(53.2, 1.4, 9), 9))
    place = {cell: i for i, cell in enumerate(disk)}
    lists = [[place[c] for c in h3_int.grid_disk(cell, 1) if c in place] for cell in disk]
    y = rng.gamma(0.7, 30.0, len(disk))
    neighbours = from_lists(lists)
    graph = Graph.from_arrays(
        np.repeat(np.arange(len(disk)), neighbours.cardinalities),
        neighbours.indices,
        neighbours.weights,
    )
    peer = esda.G_Local(y, graph, transform="B", star=False, permutations=0)
    np.testing.assert_allclose(gi(y, neighbours), peer.Zs, rtol=0, atol=1e-9)
    peer_star = esda.G_Local(y, graph, transform="B", star=True, permutations=0)
    np.testing.assert_allclose(gi_star(y, neighbours.with_self()), peer_star.Zs, rtol=0, atol=1e-9)


def _by_hand(values: list[int], neighbours: Neighbours) -> list[float]:
    # the formula of METHODS, term by term, in plain Python
    n = len(values)
    mean = sum(values) / n
    spread = (sum(v * v for v in values) / n - mean * mean) ** 0.5
    z = []
    for i in range(n):
        row = neighbours.indices[neighbours.indptr[i] : neighbours.indptr[i + 1]]
        local, total, squares = sum(values[j] for j in row), len(row), len(row)
        below = spread * ((n * squares - total**2) / (n - 1)) ** 0.5
        z.append((local - total * mean) / below)
    return z


@given(st.lists(st.integers(0, 9), min_size=12, max_size=40).filter(lambda v: len(set(v)) > 1))
def test_z_is_the_formula(values: list[int]) -> None:
    n = len(values)
    ring = from_lists([[(i - 1) % n, (i + 1) % n] for i in range(n)]).with_self()
    np.testing.assert_allclose(gi_star(values, ring), _by_hand(values, ring), rtol=0, atol=1e-9)


@given(st.permutations(range(10)))
def test_z_does_not_depend_on_the_order_of_cells(order: list[int]) -> None:
    values = np.array([0, 0, 3, 1, 0, 7, 2, 0, 0, 1])
    lists = [[(i - 1) % 10, (i + 1) % 10] for i in range(10)]
    z = gi_star(values, from_lists(lists).with_self())
    where = {old: new for new, old in enumerate(order)}
    moved = from_lists([[where[j] for j in lists[old]] for old in order]).with_self()
    np.testing.assert_allclose(gi_star(values[order], moved), z[order], atol=1e-12)


def test_nothing_varies_gives_zero_not_nan() -> None:
    ring = from_lists([[1], [0, 2], [1]])
    assert gi_star([4, 4, 4], ring.with_self()).tolist() == [0, 0, 0]
    assert gi([0, 0, 0], ring).tolist() == [0, 0, 0]
    whole = from_lists([[1, 2], [0, 2], [0, 1]])
    assert gi_star([1, 2, 3], whole.with_self()).tolist() == [0, 0, 0]


def test_what_cannot_be_tested_is_refused() -> None:
    ring = from_lists([[1], [0, 2], [1]])
    with pytest.raises(ValueError, match="include self"):
        gi_star([1, 2, 3], ring)
    with pytest.raises(ValueError, match="without self"):
        gi([1, 2, 3], ring.with_self())
    with pytest.raises(ValueError, match="describe 3 cells"):
        gi([1, 2], ring)
    with pytest.raises(ValueError, match=r"values\[1\] is np.float64\(nan\)"):
        gi([1, np.nan, 2], ring)
