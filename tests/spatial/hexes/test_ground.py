"""Ground: outlines in metres as H3 draws them, and every cell that touches a shape."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.hexes.grid import HexGrid, cell_polygons, fill
from spatial.hexes.ground import cells_near, on_plane, outlines_m
from spatial.hexes.study_area import study_area_from_polygons

GRID: HexGrid = fill(study_area_from_polygons("box", [shapely.box(1.39, 53.19, 1.41, 53.2)]), 10)
PLANE = GRID.study_area.metric_system
EVERY = np.arange(len(GRID))


def test_outlines_are_the_cells_own() -> None:
    drawn = on_plane(cell_polygons(GRID.cells), PLANE)
    assert shapely.equals_exact(outlines_m(GRID, EVERY), drawn, tolerance=1e-6).all()
    # 1.33 ha in Essex, about as much off Norfolk
    assert 12_000 < shapely.area(drawn).mean() < 16_000


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(1.39, 1.41), st.floats(53.19, 53.2)), min_size=2, max_size=5))
def test_no_cell_that_touches_is_missed(corners: list[tuple[float, float]]) -> None:
    line = on_plane([shapely.LineString(corners)], PLANE)
    cell, _ = cells_near(GRID, line)
    touched = np.flatnonzero(shapely.intersects(outlines_m(GRID, EVERY), line[0]))
    assert set(touched.tolist()) <= set(cell.tolist())
