"""The invented census: small areas that tile the homes, and people who add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from sample_geo.census import GROUPS, MOST_PEOPLE


def test_everybody_is_in_one_area_and_one_group(features: dict[str, list[dict[str, Any]]]) -> None:
    rows = [feature["properties"] for feature in features["census"]]
    assert sum(row["residents"] for row in rows) == 95_000
    assert all(sum(row[group] for group in GROUPS) == row["residents"] for row in rows)
    assert max(row["residents"] for row in rows) <= MOST_PEOPLE
    assert {row["decile"] for row in rows} == set(range(1, 11))
    assert len({row["code"] for row in rows}) == len(rows)


def test_areas_are_the_squares_of_the_population(features: dict[str, list[dict[str, Any]]]) -> None:
    areas = np.array([shape(feature["geometry"]) for feature in features["census"]], dtype=object)
    squares = [shape(feature["geometry"]) for feature in features["population"]]
    assert shapely.union_all(areas).symmetric_difference(shapely.union_all(squares)).area < 1e-9
    overlaps = shapely.area(areas).sum() - shapely.union_all(areas).area
    assert abs(overlaps) < 1e-9
