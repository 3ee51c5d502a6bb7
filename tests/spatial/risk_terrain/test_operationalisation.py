"""Operationalisations: distances and densities that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.risk_terrain.blocks import block_width_m, drawn_weights, folds_of, ground_blocks
from spatial.risk_terrain.candidates import make_candidates
from spatial.risk_terrain.factors import Factor
from spatial.risk_terrain.operationalisation import (
    Kind,
    Operationalisation,
    block_distances,
    dense_from,
    density,
    nearest_m,
    operationalisations,
)
from tests.spatial.risk_terrain.towns import RULES, factor

LINE = np.column_stack([np.arange(0.0, 1000.0, 100.0), np.zeros(10)])


def _shapes(kind: str, *shapes: shapely.Geometry) -> Factor:
    held = np.empty(len(shapes), dtype=object)
    held[:] = shapes
    return Factor(kind, held, ("",) * len(shapes))


def test_blocks_in_half_and_whole_steps() -> None:
    assert block_distances(500.0, blocks=2, half_steps=True) == (250.0, 500.0, 750.0, 1000.0)
    assert block_distances(500.0, blocks=2, half_steps=False) == (500.0, 1000.0)
    with pytest.raises(BadInputError, match="give no distance"):
        block_distances(0.0, blocks=2, half_steps=True)
    with pytest.raises(BadInputError, match=r"A distance of -5\.0 m reaches nothing"):
        operationalisations([Kind.DENSITY], [100.0, -5.0])
    with pytest.raises(BadInputError, match="Nothing is to be tried"):
        operationalisations([], [100.0])


def test_nearest_is_inclusive_and_the_same_for_points_lines_and_areas() -> None:
    spot = factor("pub", [[250.0, 0.0]])
    assert nearest_m(LINE, spot, furthest_m=150.0).tolist() == [
        np.inf, 150.0, 50.0, 50.0, 150.0, *[np.inf] * 5,
    ]  # fmt: skip
    road = _shapes("road", shapely.LineString([(250, -500), (250, 500)]))
    assert (
        nearest_m(LINE, road, furthest_m=150.0).tolist()
        == nearest_m(LINE, spot, furthest_m=150.0).tolist()
    )
    park = _shapes("park", shapely.box(150, -10, 320, 10))
    # inside an area the distance is nothing
    assert nearest_m(LINE, park, furthest_m=90.0).tolist() == [
        np.inf, 50.0, 0.0, 0.0, 80.0, *[np.inf] * 5,
    ]  # fmt: skip


@given(seed=st.integers(0, 1000))
def test_points_by_tree_are_points_by_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells, spots = rng.uniform(0, 500, (30, 2)), rng.uniform(-100, 600, (12, 2))
    away = np.hypot(*(cells[:, None] - spots[None]).transpose(2, 0, 1))
    near = nearest_m(cells, factor("x", spots), furthest_m=200.0)
    assert near == pytest.approx(np.where(away.min(1) <= 200, away.min(1), np.inf))
    kernel = np.where(away < 200, (1 - (away / 200) ** 2) ** 2, 0.0) * 3e6 / (np.pi * 200**2)
    found = density(cells, factor("x", spots), within_m=200.0, line_step_m=25.0)
    assert found == pytest.approx(kernel.sum(1))


def test_a_road_is_as_dense_as_it_is_long_and_does_not_mix_with_points() -> None:
    road = shapely.LineString([(-2000, 0), (2000, 0)])
    one, twice = (
        density(LINE, _shapes("road", *[road] * n), within_m=300.0, line_step_m=10.0)
        for n in (1, 2)
    )
    assert one is not None
    assert twice == pytest.approx(2 * one)
    # a straight road through a quartic kernel: 3 / (pi h^2) * 16 h / 15 kilometres a square one
    assert one == pytest.approx(np.full(10, 16 / (5 * np.pi * 0.3)), rel=1e-3)
    mixed = _shapes("stop", road, shapely.Point(0, 0))
    assert density(LINE, mixed, within_m=300.0, line_step_m=10.0) is None


def test_dense_is_above_the_mean_by_two_deviations() -> None:
    values = np.array([0.0] * 9 + [10.0])
    assert dense_from(values, deviations=2.0) == pytest.approx(1.0 + 2 * 3.0)


def test_candidates_that_tell_nothing_are_dropped_with_the_reason() -> None:
    grid = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0)), -1).reshape(-1, 2) * 100
    near = [Operationalisation(Kind.PROXIMITY, d) for d in (10.0, 150.0, 160.0, 5000.0)]
    far, pub, copy = (
        factor("far", [[90_000.0, 0.0]]),
        factor("pub", [[500.0, 500.0], [1500.0, 900.0]]),
        factor("pub_copy", [[500.0, 500.0], [1500.0, 900.0]]),
    )
    found = make_candidates(grid, [far, pub, copy], near, rules=RULES.candidates, line_step_m=25.0)
    assert [(one.factor, one.how.distance_m, one.cells_on) for one in found.listed] == [
        ("pub", 150.0, 18)
    ]
    assert found.on.sum(axis=0).tolist() == [18]
    reasons = {(one.factor, one.distance_m): one.reason for one in found.rejected}
    assert reasons["far", 150.0] == "on in no cell: none lies within reach"
    assert reasons["pub", 10.0] == "on in 2 cells only"
    assert reasons["pub", 160.0] == (
        "cannot be told apart from proximity within 150 m: the same cells"
    )
    assert reasons["pub", 5000.0] == "on in every cell"
    assert reasons["pub_copy", 150.0].startswith(
        "cannot be told apart from proximity within 150 m of pub"
    )
    # every candidate is in the model's hands or rejected, once
    assert len(found.listed) + len(found.rejected) == 12


def test_blocks_hold_neighbours_together_and_folds_hold_blocks() -> None:
    grid = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0)), -1).reshape(-1, 2) * 100
    width = block_width_m(grid, furthest_m=600.0, fewest=16)
    assert width == 600.0
    blocks = ground_blocks(grid, width_m=width)
    assert blocks.max() == 15
    fold = folds_of(blocks, folds=5, rng=np.random.default_rng(0))
    assert all(len(np.unique(fold[blocks == block])) == 1 for block in range(16))
    assert np.unique(fold).tolist() == [0, 1, 2, 3, 4]
    weights = drawn_weights(blocks, rng=np.random.default_rng(0))
    assert all(len(np.unique(weights[blocks == block])) == 1 for block in range(16))
