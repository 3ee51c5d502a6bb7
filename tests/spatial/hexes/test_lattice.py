"""The lattice: its neighbours, edges, masks, cache, and the way to libpysal and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import h3.api.basic_int as h3_int
import numpy as np
import pytest
import shapely

from config.errors import BadInputError
from spatial.hexes import neighbours as tables
from spatial.hexes.grid import HexGrid, cell_polygons, fill, grid_of_cells, masked
from spatial.hexes.lattice import Lattice, band_lattice, from_graph, ring_lattice
from spatial.hexes.neighbours import forget_tables, from_lists, full_disk, ring_table
from spatial.hexes.residents import residents_of_cells
from spatial.hexes.study_area import study_area_from_polygons

BOX = shapely.box(1.39, 53.19, 1.42, 53.21)
GRID = fill(study_area_from_polygons("box", [BOX]), 9)
# two groups of cells and one that stands alone
APART = np.array(
    [
        *h3_int.grid_disk(h3_int.latlng_to_cell(53.2, 1.4, 10), 2),
        h3_int.latlng_to_cell(53.25, 1.4, 10),
        *h3_int.grid_disk(h3_int.latlng_to_cell(53.3, 1.5, 10), 1),
    ],
    dtype=np.uint64,
)


def _same(one: Lattice, other: Lattice) -> None:
    np.testing.assert_array_equal(one.grid.cells, other.grid.cells)
    for field in ("indptr", "indices", "weights"):
        np.testing.assert_array_equal(
            getattr(one.neighbours, field), getattr(other.neighbours, field)
        )
    assert one.neighbours.includes_self == other.neighbours.includes_self
    assert one.digest == other.digest


@pytest.mark.parametrize(
    "change",
    [lambda a: a, Lattice.without_self, Lattice.row_standardised,
     lambda a: a.without_self().row_standardised()],
    ids=["self", "no self", "standardised", "no self, standardised"],
)  # fmt: skip
@pytest.mark.parametrize("ring", [1, 2])
def test_to_libpysal_and_back_nothing_is_lost(
    ring: int, change: Callable[[Lattice], Lattice]
) -> None:
    pytest.importorskip("libpysal")
    lattice = change(ring_lattice(grid_of_cells(APART, name="apart", resolution=10), ring=ring))
    graph = lattice.to_graph()
    assert list(graph.unique_ids) == lattice.grid.names().tolist()
    assert graph.n_edges == len(lattice.neighbours.indices)
    np.testing.assert_array_equal(graph.sparse.toarray(), lattice.neighbours.matrix.toarray())
    _same(from_graph(graph, name="apart"), lattice)


def test_libpysal_s_own_hexagons_are_the_same_neighbours() -> None:
    libpysal = pytest.importorskip("libpysal")
    grid = grid_of_cells(APART[:19], name="disk", resolution=10)
    names = grid.names().tolist()
    # in an order that is not the grid's
    graph = libpysal.graph.Graph.build_h3(names[::-1], order=2, weight="binary")
    _same(from_graph(graph, name="disk"), ring_lattice(grid, ring=2).without_self())


def test_a_distance_survives_the_way_too() -> None:
    pytest.importorskip("libpysal")
    lattice = band_lattice(GRID, distance_m=700)
    _same(from_graph(lattice.to_graph(), name="box"), lattice)


def test_what_is_no_lattice_of_cells_is_refused() -> None:
    graph = pytest.importorskip("libpysal").graph.Graph
    one, two = (f"{cell:x}" for cell in APART[:2].tolist())
    coarse = f"{h3_int.cell_to_parent(int(APART[0]), 9):x}"
    with pytest.raises(BadInputError, match="id 'town' is no H3 cell"):
        from_graph(graph.from_arrays(["town", one], [one, "town"], [1, 1]), name="x")
    with pytest.raises(BadInputError, match="give cells of one resolution"):
        from_graph(graph.from_arrays([coarse, one], [one, coarse], [1, 1]), name="x")
    with pytest.raises(BadInputError, match="1 of 2 cells of the graph are their own neighbours"):
        from_graph(graph.from_arrays([one, one, two], [one, two, one], [1, 1, 1]), name="x")
    with pytest.raises(BadInputError, match="weights are finite and not negative"):
        from_graph(graph.from_arrays([one, two], [two, one], [1, -1]), name="x")


def test_an_edge_cell_is_one_whose_disk_the_border_cuts() -> None:
    for ring in (1, 2):
        lattice = ring_lattice(GRID, ring=ring)
        for position, cell in enumerate(GRID.cells.tolist()):
            disk = np.array(h3_int.grid_disk(cell, ring), dtype=np.uint64)
            assert lattice.edge[position] == (GRID.positions(disk) < 0).any()
    assert "to 2 steps with self" in repr(ring_lattice(GRID, ring=2))


def test_beside_a_pentagon_a_smaller_disk_is_whole() -> None:
    pentagon = h3_int.get_pentagons(9)[0]
    cells = np.array(h3_int.grid_disk(pentagon, 4), dtype=np.uint64)
    table = ring_table(grid_of_cells(cells, name="sea", resolution=9), ring=1)
    place = int(np.searchsorted(np.sort(cells), pentagon))
    assert table.neighbours.cardinalities[place] == 6 < full_disk(1)
    assert not table.cut[place]


def test_a_mask_makes_no_edges_and_says_what_it_is() -> None:
    middle = np.array(h3_int.grid_disk(h3_int.latlng_to_cell(53.2, 1.405, 9), 1), dtype=np.uint64)
    outside = h3_int.latlng_to_cell(51.5, 0.7, 9)
    kept = masked(GRID, np.append(middle, np.uint64(outside)), mask="cells with people")
    assert sorted(kept.cells.tolist()) == sorted(middle.tolist())
    assert kept.mask == "cells with people"
    lattice = ring_lattice(kept, ring=1)
    assert lattice.neighbours.cardinalities.max() == 7
    # six of the seven have no neighbour on one side, yet none lies at the border
    assert not lattice.edge.any()
    with pytest.raises(BadInputError, match="masked already"):
        masked(kept, middle, mask="again")
    with pytest.raises(BadInputError, match="keeps no cell of 'box'"):
        masked(GRID, np.array([outside], dtype=np.uint64), mask="elsewhere")


def test_inhabited_cells_are_those_that_people_live_in() -> None:
    areas = [shapely.box(1.395, 53.195, 1.4, 53.2), shapely.Point(1.41, 53.205), BOX]
    people = residents_of_cells(areas, [120.0, 3.0, 0.0], GRID)
    kept = masked(GRID, GRID.cells[people > 0], mask="cells in which people live")
    overlaps = shapely.intersects(cell_polygons(GRID.cells), areas[0])
    point = h3_int.latlng_to_cell(53.205, 1.41, 9)
    assert set(kept.cells.tolist()) == {*GRID.cells[overlaps].tolist(), point}
    assert kept.unmasked is GRID


def test_a_distance_links_centres_within_it_on_the_plane() -> None:
    lattice = band_lattice(GRID, distance_m=700)
    plane = GRID.study_area.metric_system
    latlng = np.array([h3_int.cell_to_latlng(c) for c in GRID.cells.tolist()])
    x, y = plane.forward(latlng[:, 1], latlng[:, 0])
    apart = np.hypot(x[:, np.newaxis] - x, y[:, np.newaxis] - y)
    np.testing.assert_array_equal(lattice.neighbours.matrix.toarray(), apart <= 700)
    border = shapely.boundary(plane.project(BOX))
    np.testing.assert_array_equal(
        lattice.edge, shapely.distance(shapely.points(x, y), border) <= 700
    )
    assert "within 700 m from centre to centre on the British National Grid" in lattice.reach


def test_a_distance_that_cannot_serve_is_refused() -> None:
    with pytest.raises(BadInputError, match="reaches no neighbour at resolution 9"):
        band_lattice(GRID, distance_m=50)
    with pytest.raises(BadInputError, match="reaches no neighbour"):
        band_lattice(GRID, distance_m=float("nan"))
    with pytest.raises(BadInputError, match="ring is 0"):
        ring_lattice(GRID, ring=0)


def test_too_many_links_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spatial.hexes.lattice._MOST_LINKS", 100)
    with pytest.raises(BadInputError, match="choose a shorter one"):
        band_lattice(GRID, distance_m=700)


def test_the_same_cells_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_tables()
    built = ring_table(GRID, ring=1)
    again = HexGrid(study_area_from_polygons("other", [BOX]), 9, GRID.cells.copy())
    assert ring_table(again, ring=1) is built
    assert ring_table(GRID, ring=2) is not built
    # what is kept is bounded: the least recently used goes first, the newest stays
    monkeypatch.setattr(tables, "_MOST_KEPT_BYTES", built.neighbours.nbytes)
    wide = ring_table(GRID, ring=3)
    assert ring_table(GRID, ring=3) is wide
    assert ring_table(GRID, ring=1) is not built
    forget_tables()


def test_nothing_in_it_can_be_written_to() -> None:
    lattice = ring_lattice(GRID, ring=1)
    table = lattice.neighbours
    for array in (lattice.grid.cells, lattice.edge, table.indptr, table.indices, table.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        lattice.reach = "far"  # type: ignore[misc]


def test_self_taken_out_is_self_put_back() -> None:
    star = ring_table(GRID, ring=2).neighbours
    back = star.without_self().with_self()
    for field in ("indptr", "indices", "weights"):
        np.testing.assert_array_equal(getattr(back, field), getattr(star, field))
    with pytest.raises(ValueError, match="needs neighbours that include self"):
        star.without_self().without_self()
    assert from_lists([[1], [0], []]).row_standardised().weights.tolist() == [1, 1]


def test_cells_that_make_no_grid_are_refused() -> None:
    area = study_area_from_polygons("box", [BOX])
    fine = h3_int.latlng_to_cell(53.2, 1.4, 10)
    mixed = np.sort(np.append(GRID.cells, np.uint64(fine)))
    with pytest.raises(BadInputError, match=f"Cell {fine:x} of 'box' has resolution 10, not 9"):
        HexGrid(area, 9, mixed)
    with pytest.raises(BadInputError, match="has resolution 10, not 9"):
        grid_of_cells(mixed, name="box", resolution=9)
    with pytest.raises(BadInputError, match="given twice or out of order"):
        HexGrid(area, 9, np.sort(np.append(GRID.cells, GRID.cells[3])))
    with pytest.raises(BadInputError, match="given twice or out of order"):
        HexGrid(area, 9, GRID.cells[::-1])
    with pytest.raises(BadInputError, match="'nowhere' has no cell at resolution 9"):
        grid_of_cells(np.array([], dtype=np.uint64), name="nowhere", resolution=9)
