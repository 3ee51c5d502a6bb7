"""The pinned National Grid transformation, and grid references."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.projection import (
    grid_reference,
    in_national_grid,
    metric_system_at,
    national_grid,
)

# Ordnance Survey, A guide to coordinate systems in Great Britain: the worked example
# (Caister water tower) 52 39 28.723 N, 1 42 57.787 E (ETRS89) is TG 51409 13177
CAISTER = (1 + 42 / 60 + 57.787 / 3600, 52 + 39 / 60 + 28.723 / 3600, 651_409.8, 313_177.4)


def test_a_published_point_to_the_stated_two_metres() -> None:
    longitude, latitude, easting, northing = CAISTER
    east, north = national_grid().forward(longitude, latitude)
    assert np.hypot(east - easting, north - northing) < national_grid().accuracy_m


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
