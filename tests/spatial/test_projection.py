"""The pinned National Grid transformation, and grid references."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyproj
import pytest
from pyproj import CRS, Transformer

from spatial.projection import (
    epsg_on_the_ground,
    grid_reference,
    in_national_grid,
    metric_system_at,
    national_grid,
)

# Ordnance Survey, A guide to coordinate systems in Great Britain: the worked example
# (Caister water tower) 52 39 28.723 N, 1 42 57.787 E (ETRS89) is TG 51409 13177
CAISTER = (1 + 42 / 60 + 57.787 / 3600, 52 + 39 / 60 + 28.723 / 3600, 651_409.8, 313_177.4)

# Ordnance Survey's 40 test points for OSTN15 (OSTN15_OSGM15_TestInput_ETRStoOSGB.txt and its
# TestOutput, in the developers' pack): latitude, longitude (ETRS89), easting, northing (metres);
# degrees here to 8 places, a millimetre
OSTN15 = np.array([
    (49.92226394, -6.29977752, 91492.146, 11318.804),  # TP01: St Mary's
    (49.96006138, -5.20304610, 170370.718, 11572.405),  # TP02: Lizard Point
    (50.43885826, -4.10864564, 250359.811, 62016.569),  # TP03: Plymouth
    (50.57563665, -1.29782277, 449816.371, 75335.861),  # TP04: St Catherine's Point
    (50.93127938, -1.45051434, 438710.920, 114792.250),  # TP05: Southampton
    (51.40078220, -3.55128349, 292184.870, 168003.465),  # TP06: Nash Point
    (51.37447026, 1.44454730, 639821.835, 169565.858),  # TP07: North Foreland
    (51.42754743, -2.54407618, 362269.991, 169978.690),  # TP08: Brislington
    (51.48936565, -0.11992557, 530624.974, 178388.464),  # TP09: Lambeth
    (51.85890896, -4.30852477, 241124.584, 220332.641),  # TP10: Carmarthen
    (51.89436637, 0.89724327, 599445.590, 225722.826),  # TP11: Colchester
    (52.25529382, -2.15458614, 389544.190, 261912.153),  # TP12: Droitwich
    (52.25160951, -0.91248957, 474335.969, 262047.755),  # TP13: Northampton
    (52.75136687, 0.40153547, 562180.547, 319784.995),  # TP14: King's Lynn
    (52.96219109, -1.19747656, 454002.834, 340834.943),  # TP15: Nottingham
    (53.34480280, -2.64049321, 357455.843, 383290.436),  # TP16: Daresbury
    (53.41628516, -4.28918070, 247958.971, 393492.909),  # TP17: Point Lynas
    (53.41630925, -4.28917793, 247959.241, 393495.583),  # TP18: Point Lynas, second mark
    (53.77911026, -3.04045491, 331534.564, 431920.794),  # TP19: Blackpool
    (53.80021520, -1.66379168, 422242.186, 433818.701),  # TP20: Pudsey
    (54.08666318, -4.63452168, 227778.330, 468847.388),  # TP21: Isle of Man airport
    (54.11685144, -0.07773133, 525745.670, 470703.214),  # TP22: Flamborough Head
    (54.32919541, -4.38849118, 244780.636, 495254.887),  # TP23: Ramsey
    (54.89542340, -2.93827741, 339921.145, 556034.761),  # TP24: Carlisle
    (54.97912274, -1.61657685, 424639.355, 565012.703),  # TP25: Newcastle
    (55.85399953, -4.29649016, 256340.925, 664697.269),  # TP26: Glasgow
    (55.92478266, -3.29479219, 319188.434, 670947.534),  # TP27: Edinburgh
    (57.00606696, -5.82836692, 167634.202, 797067.144),  # TP28: Mallaig
    (57.13902519, -2.04856031, 397160.491, 805349.736),  # TP29: Girdle Ness
    (57.48625001, -4.21926399, 267056.768, 846176.972),  # TP30: Inverness
    (57.81351838, -8.57854456, 9587.909, 899448.996),  # TP31: St Kilda
    (58.21262247, -7.59255561, 71713.132, 938516.404),  # TP32: south of Flannan
    (58.51560361, -6.26091456, 151968.652, 966483.780),  # TP33: Butt of Lewis
    (58.58120461, -3.72631022, 299721.891, 967202.992),  # TP34: Dounreay
    (59.03743871, -3.21454001, 330398.323, 1017347.016),  # TP35: Orkney
    (59.09335035, -4.41757675, 261596.778, 1025447.602),  # TP36: off Sule Skerry
    (59.09671617, -5.82799340, 180862.461, 1029604.114),  # TP37: south of Rona
    (59.53470794, -1.62516966, 421300.525, 1072147.239),  # TP38: Fair Isle
    (59.85409914, -1.27486910, 440725.073, 1107878.448),  # TP39: Sumburgh Head
    (60.13308092, -2.07382823, 395999.668, 1138728.951),  # TP40: Foula
])  # fmt: skip
# the far south-west, and the Outer Hebrides and beyond
FAR_OFF = [0, 1, 30, 31, 32, 36]


def off(latitude: np.ndarray, longitude: np.ndarray, grid: np.ndarray) -> np.ndarray:
    return np.hypot(*(np.array(national_grid().forward(longitude, latitude)) - grid))


def test_a_published_point_to_the_stated_accuracy() -> None:
    longitude, latitude, easting, northing = CAISTER
    east, north = national_grid().forward(longitude, latitude)
    assert np.hypot(east - easting, north - northing) < national_grid().accuracy_m


def test_the_official_test_points_to_the_residuals_that_are_stated() -> None:
    away = off(OSTN15[:, 0], OSTN15[:, 1], OSTN15[:, 2:].T)
    assert len(away) == 40
    assert away.max() < national_grid().accuracy_m
    assert np.sqrt(np.mean(away**2)) == pytest.approx(2.23, abs=0.005)
    assert np.delete(away, FAR_OFF).max() < 2.7
    assert away[[0, 1, 30]] == pytest.approx([4.74, 4.12, 4.94], abs=0.005)
    # and back: the same distances, in degrees
    longitude, latitude = national_grid().inverse(OSTN15[:, 2], OSTN15[:, 3])
    north = (latitude - OSTN15[:, 0]) * 111_300
    east = (longitude - OSTN15[:, 1]) * 111_300 * np.cos(np.radians(OSTN15[:, 0]))
    assert np.hypot(east, north) == pytest.approx(away, abs=0.05)


def test_the_worked_example_of_the_projection_to_the_millimetre() -> None:
    # the guide's own example, annexe C: 52 39 27.2531 N, 1 43 4.5177 E on Airy 1830 (no change of
    # datum) is 651409.903, 313177.270
    steps = national_grid().pipeline.partition("+step +proj=tmerc")
    bare = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad " + "".join(steps[1:])
    longitude, latitude = 1 + 43 / 60 + 4.5177 / 3600, 52 + 39 / 60 + 27.2531 / 3600
    east, north = Transformer.from_pipeline(bare).transform(longitude, latitude)
    assert (east, north) == pytest.approx((651_409.903, 313_177.270), abs=6e-4)


def test_no_grid_file_and_no_network_can_change_a_position() -> None:
    assert "grids" not in national_grid().pipeline
    assert "+init" not in national_grid().pipeline
    before = pyproj.network.is_network_enabled()
    found = []
    try:
        for enabled in (False, True):
            pyproj.network.set_network_enabled(enabled)
            plane = replace(national_grid())
            found.append(plane.forward(OSTN15[:, 1], OSTN15[:, 0]))
    finally:
        pyproj.network.set_network_enabled(before)
    np.testing.assert_array_equal(found[0], found[1])
    # what every machine finds, to a micrometre (PROJ 9.4 and 9.5, Python 3.11 to 3.13)
    first, thirtieth = np.transpose(found[0])[[0, 29]]
    assert first == pytest.approx((91_487.425520, 11_318.402136), abs=2e-6)
    assert thirtieth[0] == pytest.approx(267_056.806763, abs=2e-6)


def test_there_and_back_again() -> None:
    rng = np.random.default_rng(1)
    longitude, latitude = rng.uniform(-6, 1.8, 200), rng.uniform(50, 58, 200)
    back = national_grid().inverse(*national_grid().forward(longitude, latitude))
    np.testing.assert_allclose(back[0], longitude, atol=1e-7)
    np.testing.assert_allclose(back[1], latitude, atol=1e-7)


@pytest.mark.parametrize(
    ("easting", "northing", "digits", "written"),
    [
        (651_409.8, 313_177.4, 4, "TG 5140 1317"),
        (651_409.8, 313_177.4, 5, "TG 51409 13177"),
        (216_677, 771_274, 5, "NN 16677 71274"),  # Ben Nevis
        (530_000, 180_000, 4, "TQ 3000 8000"),
        (-1, 180_000, 4, ""),
        (530_000, 1_300_000, 4, ""),
    ],
)
def test_grid_references(easting: float, northing: float, digits: int, written: str) -> None:
    assert grid_reference(easting, northing, digits=digits) == written


def test_places_abroad_use_their_utm_zone() -> None:
    assert metric_system_at(1.4, 53.2).crs == "EPSG:27700"
    toronto = metric_system_at(-79.38, 43.65)
    assert (toronto.crs, toronto.name) == ("EPSG:32617", "UTM zone 17N")
    x, y = toronto.forward(-79.38, 43.65)
    # a kilometre north is a kilometre north: within the zone's scale of 0.9996
    _, further = toronto.forward(-79.38, 43.65 + 1 / 111.1)
    assert 300_000 < x < 700_000
    assert further - y == pytest.approx(1_000, rel=2e-3)
    assert metric_system_at(151.2, -33.87).crs == "EPSG:32756"


def test_what_lies_inside_the_grid() -> None:
    assert in_national_grid([1.4, -79.4, 0.0], [53.2, 43.6, 0.0]).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("named", "epsg"),
    [
        ("EPSG:4326", 4326),
        ("OGC:CRS84", 4326),
        ("EPSG:4979", 4326),  # with heights
        ("EPSG:27700", 27700),
        ("EPSG:7405", 27700),  # with heights above Newlyn
        ("urn:ogc:def:crs:EPSG::27700", 27700),
        ("EPSG:3857", None),
        ("EPSG:4258", None),  # ETRS89: near, but not said to be the same
        ("EPSG:4277", None),  # degrees of 1936, a hundred metres off
        ("EPSG:29903", None),  # the Irish grid
        ("EPSG:32630", None),
    ],
)
def test_only_two_systems_are_known_by_any_name(named: str, epsg: int | None) -> None:
    crs = CRS.from_user_input(named)
    assert epsg_on_the_ground(crs) == epsg
    assert epsg_on_the_ground(CRS.from_json(crs.to_json())) == epsg
    # the words of a shapefile name no authority
    if named in {"EPSG:4326", "EPSG:27700"}:
        assert epsg_on_the_ground(CRS.from_wkt(crs.to_wkt("WKT1_ESRI"))) == epsg
