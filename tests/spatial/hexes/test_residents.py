"""Residents: people are shared out by area, none is lost inside the grid."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from config.errors import BadInputError
from spatial.hexes.grid import HexGrid, cell_polygons, fill
from spatial.hexes.residents import people_of, residents_of_cells
from spatial.hexes.study_area import StudyArea


@pytest.fixture(scope="module")
def grid() -> HexGrid:
    return fill(StudyArea("box", shapely.box(1.39, 53.19, 1.41, 53.2)), 9)


def test_everybody_inside_is_somewhere(grid: HexGrid) -> None:
    squares = [shapely.box(1.392, 53.192, 1.398, 53.196), shapely.box(1.398, 53.192, 1.404, 53.198)]
    found = residents_of_cells(squares, [120, 80], grid)
    assert found.sum() == pytest.approx(200)
    assert (found >= 0).all()


def test_a_cell_as_area_keeps_its_people(grid: HexGrid) -> None:
    cells = cell_polygons(grid.cells)
    found = residents_of_cells([cells[3]], [50], grid)
    assert found[3] == pytest.approx(50, rel=1e-6)
    assert found.sum() == pytest.approx(50, rel=1e-6)


def test_what_lies_outside_is_left_out_by_its_share(grid: HexGrid) -> None:
    whole = shapely.union_all(cell_polygons(grid.cells))
    west, south, east, north = whole.bounds
    area = shapely.box(west - (east - west), south, east, north)
    found = residents_of_cells([area], [1000], grid)
    assert found.sum() == pytest.approx(1000 * whole.area / area.area, rel=1e-6)


def test_a_point_lies_in_one_cell(grid: HexGrid) -> None:
    found = residents_of_cells([shapely.Point(1.4, 53.195)], [7], grid)
    assert found.max() == found.sum() == 7


def test_people_are_read_from_the_first_known_property() -> None:
    rows = [{"Name": "a", "POPULATION": "1,204"}, {"population": 3}, {"population": None}]
    np.testing.assert_array_equal(people_of(rows), [1204, 3, 0])


@pytest.mark.parametrize(
    ("rows", "said"),
    [([{"name": "a"}], "no property of people"), ([{"population": "many"}], "'many'"),
     ([{"population": 4}, {"population": -1}], "Feature 2")],
)  # fmt: skip
def test_what_is_no_number_of_people_is_refused(rows: list[dict[str, object]], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        people_of(rows)
