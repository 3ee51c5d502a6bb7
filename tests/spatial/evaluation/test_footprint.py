from __future__ import annotations

from pathlib import Path

import h3
import numpy as np
import pytest
import shapely

from config.errors import BadInputError
from config.operation import Areas
from spatial.evaluation.footprint import buffers, check_apart, footprint, shared_ground

MIDDLE = h3.latlng_to_cell(51.54, 0.71, 10)
NEAR = h3.grid_ring(MIDDLE, 1)[0]
BESIDE = h3.grid_ring(MIDDLE, 2)[0]
FAR = h3.grid_ring(MIDDLE, 12)[0]


def cells_of(**cells: str) -> Areas:
    return Areas(cells={area: (cell,) for area, cell in cells.items()})


def test_the_same_ground_from_cells_table_and_map(tmp_path: Path) -> None:
    written = footprint(cells_of(A=MIDDLE, B=FAR))
    table = tmp_path / "targets.csv"
    wkt = shapely.to_wkt(written.shapes[1], rounding_precision=9)
    table.write_text(f'area_id,cells,wkt\nA,{MIDDLE},\nB,,"{wkt}"\n', encoding="utf-8-sig")
    map_file = tmp_path / "areas.geojson"
    features = ",".join(
        f'{{"type":"Feature","properties":{{"area_id":"{area}"}},"geometry":'
        f"{shapely.to_geojson(shape)}}}"
        for area, shape in zip("AB", written.shapes, strict=True)
    )
    map_file.write_text(f'{{"type":"FeatureCollection","features":[{features}]}}', "utf-8")
    for file in (table, map_file):
        read = footprint(Areas(file=str(file)))
        assert read.area_ids == ("A", "B")
        plane = read.plane
        apart = shapely.area(
            shapely.symmetric_difference(read.on_plane(plane), written.on_plane(plane))
        )
        assert apart.max() < 1
        assert footprint(Areas(file=str(file), ids=("B",))).area_ids == ("B",)
        with pytest.raises(BadInputError, match="'C' is named and is not there"):
            footprint(Areas(file=str(file), ids=("C",)))


def test_a_comparator_in_the_buffer_is_refused() -> None:
    treated = footprint(cells_of(A=MIDDLE))
    check_apart(treated, footprint(cells_of(C=FAR)), buffer_m=100, name="op.toml")
    # next door, but nothing is looked for there
    check_apart(treated, footprint(cells_of(C=NEAR)), buffer_m=0, name="op.toml")
    with pytest.raises(BadInputError, match=r"op.toml: comparators: 'C' shares .* 'A' or the 100"):
        check_apart(treated, footprint(cells_of(C=NEAR)), buffer_m=100, name="op.toml")


def test_areas_that_overlap_are_refused() -> None:
    twice = footprint(Areas(cells={"A": (MIDDLE, NEAR), "B": (NEAR,)}))
    with pytest.raises(BadInputError, match="'A' and 'B' share 1"):
        check_apart(twice, None, buffer_m=0, name="op.toml")


def test_buffers_leave_areas_and_shared_ground_out() -> None:
    treated = footprint(cells_of(A=MIDDLE, B=BESIDE, C=FAR))
    rings, notes = buffers(treated, buffer_m=100)
    plane = treated.plane
    own, around = treated.on_plane(plane), rings.on_plane(plane)
    assert shapely.area(shapely.intersection(shapely.union_all(around), own)).max() < 1
    assert shapely.area(shapely.intersection(around[0], around[1])) < 1
    # alone, a ring is all of the buffer but the area itself
    whole = shapely.area(shapely.buffer(own[2], 100)) - shapely.area(own[2])
    assert shapely.area(around[2]) == pytest.approx(whole, rel=1e-6)
    assert shapely.area(around[0]) < whole
    assert "in neither buffer" in notes[0].text
    assert buffers(footprint(cells_of(A=MIDDLE, C=FAR)), buffer_m=50)[1] == ()


def test_what_is_no_cell_is_refused() -> None:
    with pytest.raises(BadInputError, match="cells of 'A' are no H3 cells"):
        footprint(Areas(cells={"A": ("8fffffffffffff0",)}))
    assert np.all(shapely.is_valid(footprint(cells_of(A=MIDDLE)).shapes))


def test_how_much_of_a_place_lies_in_an_operations_areas() -> None:
    areas = footprint(cells_of(A=MIDDLE, B=NEAR))
    alone, far, both = (footprint(cells_of(A=one)).shapes[0] for one in (MIDDLE, FAR, BESIDE))
    assert shared_ground(alone, areas) == pytest.approx(1)
    assert shared_ground(far, areas) == 0
    # two cells that touch share a line, and no ground
    assert shared_ground(both, areas) == 0
    half = shapely.union_all([alone, far])
    assert shared_ground(half, areas) == pytest.approx(0.5, abs=0.01)
