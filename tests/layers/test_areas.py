from __future__ import annotations

import shapely

from layers.areas import area_rows
from tests.layers import invented


def test_circles_stand_inside_their_areas() -> None:
    areas = invented.tasking_result().targets.areas
    for row, shape in zip(area_rows(areas), areas["geometry"], strict=True):
        assert shape.covers(shapely.Point(row["at"]))


def test_names_reach_the_tooltip_as_written() -> None:
    name = "<img src=x> & *Sons* {tip}"
    areas = invented.tasking_result(count=1, names=[name]).targets.areas
    assert area_rows(areas)[0]["tip"].splitlines()[0] == f"1. {name}"


def test_an_unknown_share_is_left_out() -> None:
    areas = invented.tasking_result(count=1).targets.areas.assign(harm_share=None)
    assert "%" not in area_rows(areas)[0]["tip"]
