"""Disks by arithmetic against H3's own, pentagons and base-cell borders included."""

from __future__ import annotations

import h3.api.basic_int as h3_int
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.hexes import disks as module
from spatial.hexes.disks import disks, resolutions


def _agrees(cells: np.ndarray, *, resolution: int, ring: int) -> None:
    cells = np.unique(cells.astype(np.uint64))
    found, whole = disks(cells, resolution=resolution, ring=ring)
    known = set(cells.tolist())
    for cell, row, size in zip(cells.tolist(), found, whole, strict=True):
        disk = h3_int.grid_disk(cell, ring)
        assert size == len(disk)
        assert cells[row[row >= 0]].tolist() == sorted(known.intersection(disk))


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-89, 89),
    st.floats(-180, 180),
    st.integers(1, 12),
    st.integers(1, 3),
    st.integers(0, 9),
)
def test_anywhere_on_earth(
    latitude: float, longitude: float, resolution: int, ring: int, seed: int
) -> None:
    around = h3_int.grid_disk(h3_int.latlng_to_cell(latitude, longitude, resolution), 6)
    kept = np.random.default_rng(seed).permutation(np.array(around, dtype=np.uint64))
    _agrees(kept[: 1 + 3 * len(kept) // 4], resolution=resolution, ring=ring)


@pytest.mark.parametrize("resolution", [1, 2, 5, 9, 10])
@pytest.mark.parametrize("ring", [1, 2])
def test_round_all_twelve_pentagons(resolution: int, ring: int) -> None:
    for pentagon in h3_int.get_pentagons(resolution):
        disk = np.array(h3_int.grid_disk(pentagon, 5), dtype=np.uint64)
        _agrees(disk, resolution=resolution, ring=ring)
        # beside it: one of the ring's five cells and what lies beyond
        _agrees(disk[disk != pentagon][3:], resolution=resolution, ring=ring)


@pytest.mark.parametrize("ring", [1, 2, 3])
@pytest.mark.slow
def test_across_the_borders_of_base_cells(ring: int) -> None:
    # the corners at which three base cells meet, at the resolution that a patrol area is drawn at
    for base in h3_int.get_res0_cells()[::6]:
        for vertex in h3_int.cell_to_vertexes(base):
            latitude, longitude = h3_int.vertex_to_latlng(vertex)
            cell = h3_int.latlng_to_cell(latitude, longitude, 10)
            disk = np.array(h3_int.grid_disk(cell, 5), dtype=np.uint64)
            _agrees(disk, resolution=10, ring=ring)


def test_a_scattered_grid_is_searched_where_a_table_would_be_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # two towns 500 km apart in one base cell
    towns = [(51.5, 0.1), (55.0, -1.6)]
    cells = np.concatenate(
        [
            np.array(h3_int.grid_disk(h3_int.latlng_to_cell(*town, 10), 12), dtype=np.uint64)
            for town in towns
        ]
    )
    tabled = disks(np.unique(cells), resolution=10, ring=2)
    monkeypatch.setattr(module, "_MOST_PLACES", 0)
    searched = disks(np.unique(cells), resolution=10, ring=2)
    for one, other in zip(tabled, searched, strict=True):
        np.testing.assert_array_equal(one, other)
    _agrees(cells, resolution=10, ring=2)


def test_an_index_states_its_resolution() -> None:
    cells = [h3_int.latlng_to_cell(53.2, 1.4, resolution) for resolution in range(16)]
    assert resolutions(np.array(cells, dtype=np.uint64)).tolist() == list(range(16))
