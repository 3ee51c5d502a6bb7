"""Locations: coordinates, cells and points."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely
from h3.api import basic_int

from spatial.incidents.rows.locations import cells_of, coordinates, points_as_wkb, to_degrees
from spatial.incidents.rows.point_cells import PointCells
from spatial.incidents.schema import RESOLUTIONS
from spatial.projection import national_grid


def texts(*values: str | None) -> pa.DictionaryArray:
    return pa.array(values, pa.string()).dictionary_encode()


def test_what_is_no_location_is_nan_in_both() -> None:
    x = texts("627200", " 627200 ", "0", None, "1e3", "700001", "627200", "nan")
    y = texts("372400", "372400.5", "0", "372400", "372400", "372400", "", "372400")
    across, up = coordinates(x, y, "EPSG:27700")
    assert np.flatnonzero(~np.isnan(across)).tolist() == [0, 1]
    assert up[:2].tolist() == [372400.0, 372400.5]
    assert np.isnan(up[2:]).all()


def test_zero_longitude_is_greenwich_unless_latitude_is_zero_too() -> None:
    across, _ = coordinates(texts("0", "0", "181"), texts("51.5", "0.0", "51.5"), "EPSG:4326")
    assert np.isnan(across).tolist() == [False, True, True]


def test_eastings_and_northings_go_there_and_back() -> None:
    x, y = np.array([627200.0, np.nan, 530000.0]), np.array([372400.0, np.nan, 180000.0])
    longitude, latitude = to_degrees(x, y, "EPSG:27700")
    assert np.isnan(longitude).tolist() == [False, True, False]
    back_x, back_y = national_grid().forward(longitude[[0, 2]], latitude[[0, 2]])
    # seven decimals of a degree are about a centimetre
    np.testing.assert_allclose(back_x, x[[0, 2]], atol=0.02)
    np.testing.assert_allclose(back_y, y[[0, 2]], atol=0.02)


def test_cells_are_of_the_point_not_of_a_parent() -> None:
    rng = np.random.Generator(np.random.PCG64(7))
    longitude, latitude = 0.7 + rng.random(500) / 10, 51.5 + rng.random(500) / 10
    longitude[3] = latitude[3] = np.nan
    cells = cells_of(longitude, latitude)
    assert cells[9][3].as_py() is None
    for at in (0, 4, 499):
        expected = basic_int.latlng_to_cell(latitude[at], longitude[at], 9)
        assert cells[9][at].as_py() == expected
    parents = [basic_int.cell_to_parent(cell, 9) for cell in cells[10].drop_null().to_pylist()]
    assert parents != cells[9].drop_null().to_pylist()


def test_points_are_wkb() -> None:
    points = points_as_wkb(np.array([0.5, np.nan, 1.25]), np.array([51.5, np.nan, 53.0]))
    shapes = shapely.from_wkb(points.to_pylist())
    assert [None if shape is None else (shape.x, shape.y) for shape in shapes] == [
        (0.5, 51.5),
        None,
        (1.25, 53.0),
    ]


def test_numbers_as_other_programs_write_them() -> None:
    # a pandas export writes the Greenwich meridian so; a spreadsheet may drop the leading zero
    x, _ = coordinates(
        texts("5e-05", ".05", "+1.5E-1", "1e", "--1", "1E+00"), texts(*["51.5"] * 6), "EPSG:4326"
    )
    # what was rounded to a power of ten is no location
    np.testing.assert_allclose(x, [5e-05, 0.05, 0.15, np.nan, np.nan, np.nan])


def test_what_is_remembered_changes_no_cell() -> None:
    points = np.unique(np.random.default_rng(1).normal(size=400) + 52j)
    pieces = [points[start::3] for start in range(3)]
    forgetful, mindful = PointCells(most=0), PointCells()
    for piece in [*pieces, points]:
        assert (forgetful.cells(piece) == mindful.cells(piece)).all()
    some = points[7]
    assert mindful.cells(points[7:8])[0].tolist() == [
        basic_int.latlng_to_cell(some.imag, some.real, resolution) for resolution in RESOLUTIONS
    ]
