"""The study area and its cells: overlap fill, order, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import h3.api.basic_int as h3_int
import numpy as np
import pytest
import shapely

from config.errors import BadInputError
from spatial.hexes.grid import cell_polygons, fill, grid_of_cells, merge_cells
from spatial.hexes.neighbours import full_disk, ring_neighbours
from spatial.hexes.study_area import (
    StudyArea,
    kept_name,
    read_study_area,
    study_area_from_polygons,
)

BOX = shapely.box(1.39, 53.19, 1.42, 53.21)


def _area(polygon: shapely.Polygon = BOX) -> StudyArea:
    return study_area_from_polygons("box", [polygon])


def test_every_cell_that_overlaps_belongs_and_no_other() -> None:
    grid = fill(_area(), 9)
    # brute force: every cell whose centre lies within a wide margin, tested by its own outline
    around = h3_int.grid_disk(h3_int.latlng_to_cell(53.2, 1.405, 9), 20)
    cells = np.array(sorted(around), dtype=np.uint64)
    overlaps = shapely.intersects(cell_polygons(cells), BOX)
    assert grid.cells.tolist() == cells[overlaps].tolist()
    # a fill by centres would lose the border
    by_centre = [c for c in around if BOX.contains(shapely.Point(*h3_int.cell_to_latlng(c)[::-1]))]
    assert len(by_centre) < len(grid)


def test_any_point_of_the_area_finds_its_cell() -> None:
    grid = fill(_area(), 10)
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(1.39, 1.42, 500), rng.uniform(53.19, 53.21, 500)
    cells = [h3_int.latlng_to_cell(y, x, 10) for x, y in zip(lon, lat, strict=True)]
    positions = grid.positions(np.array(cells, dtype=np.uint64))
    assert (positions >= 0).all()
    assert grid.cells[positions].tolist() == cells


def test_a_cell_elsewhere_has_no_position() -> None:
    grid = fill(_area(), 9)
    elsewhere = h3_int.latlng_to_cell(51.5, 0.7, 9)
    beyond = int(grid.cells.max()) + 1
    found = grid.positions(np.array([elsewhere, 0, beyond], dtype=np.uint64))
    assert found.tolist() == [-1, -1, -1]


def test_merged_cells_keep_their_area_and_leave_no_slivers() -> None:
    disk = np.array(sorted(h3_int.grid_disk(h3_int.latlng_to_cell(53.2, 1.4, 10), 1)), np.uint64)
    merged = merge_cells(disk)
    assert merged.geom_type == "Polygon"
    assert not merged.interiors
    assert merged.area == pytest.approx(sum(p.area for p in cell_polygons(disk)), rel=1e-9)


def test_neighbours_are_the_disk_cut_by_the_border() -> None:
    grid = fill(_area(), 9)
    neighbours = ring_neighbours(grid, ring=1)
    for position in (0, len(grid) // 2, len(grid) - 1):
        row = neighbours.indices[neighbours.indptr[position] : neighbours.indptr[position + 1]]
        disk = set(h3_int.grid_disk(int(grid.cells[position]), 1)) & set(grid.cells.tolist())
        assert set(grid.cells[row].tolist()) == disk
        assert row.tolist() == sorted(row.tolist())
    assert neighbours.cardinalities.max() == full_disk(1) == 7
    assert full_disk(2) == 19
    assert neighbours.cardinalities.min() < 7


def test_the_ever_incident_area_is_its_cells() -> None:
    disk = np.array(h3_int.grid_disk(h3_int.latlng_to_cell(53.2, 1.4, 10), 2), dtype=np.uint64)
    grid = grid_of_cells(np.concatenate([disk, disk[:3]]), name="ever-incident", resolution=10)
    assert grid.cells.tolist() == sorted(disk.tolist())
    assert grid.study_area.area_ha == pytest.approx(19 * 1.33, rel=0.1)


def test_a_boundary_file_is_dissolved_and_named(tmp_path: Path) -> None:
    halves = [shapely.box(1.39, 53.19, 1.405, 53.21), shapely.box(1.405, 53.19, 1.42, 53.21)]
    features = [
        {"type": "Feature", "properties": {"name": "Saltmere"}, "geometry": half.__geo_interface__}
        for half in halves
    ]
    path = tmp_path / "beats.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    area = read_study_area(path)
    assert area.name == "Saltmere"
    assert area.polygon.equals(BOX)
    # written and read again it is the same area
    again = tmp_path / "again.geojson"
    again.write_bytes(area.to_geojson())
    assert read_study_area(again).digest == area.digest


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Saltmere", "saltmere"), ("Southend-on-Sea", "southend-on-sea"), ("../x y", "x-y"),
     ("Ynys Môn", "ynys-môn"), ("//", "study-area")],
)  # fmt: skip
def test_a_study_area_is_kept_under_a_plain_name(name: str, kept: str) -> None:
    assert kept_name(name) == kept


def test_a_ring_that_crosses_itself_is_mended() -> None:
    bow_tie = shapely.Polygon([(1.39, 53.19), (1.42, 53.21), (1.42, 53.19), (1.39, 53.21)])
    assert bow_tie.area == pytest.approx(0)
    # two triangles, together half of the box around them
    assert _area(bow_tie).polygon.area == pytest.approx(BOX.area / 2)


def test_the_digest_follows_shape_and_name() -> None:
    assert _area().digest == study_area_from_polygons("box", [BOX.reverse()]).digest
    assert _area().digest != study_area_from_polygons("other", [BOX]).digest
    assert _area().digest != _area(shapely.box(1.39, 53.19, 1.42, 53.2)).digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is not readable GeoJSON"),
        ("[1, 2]", "is not readable GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "holds no polygon"),
        ('{"type": "Point", "coordinates": [1.4, 53.2]}', "holds no polygon"),
        (
            '{"type": "Polygon", "coordinates": [[[627000, 3], [62, 3], [62, 0], [627000, 3]]]}',
            "not in longitude and latitude degrees",
        ),
    ],
)
def test_a_boundary_that_cannot_be_used_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "area.geojson"
    path.write_text(content)
    with pytest.raises(BadInputError, match=said):
        read_study_area(path)


def test_a_missing_boundary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"There is no study area file .*nowhere\.geojson"):
        read_study_area(tmp_path / "nowhere.geojson")


def test_a_grid_too_large_to_hold_is_refused_before_it_is_built() -> None:
    with pytest.raises(BadInputError, match="Choose a coarser resolution"):
        fill(_area(shapely.box(-6, 50, 2, 56)), 10)
    with pytest.raises(BadInputError, match="Choose a coarser resolution"):
        fill(_area(shapely.box(-180, -90, 180, 90)), 8)
