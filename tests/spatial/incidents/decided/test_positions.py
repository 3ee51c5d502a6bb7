"""Positions: every way a person may write one place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.incidents.decided.positions import read_position, write_position
from spatial.projection import national_grid


@given(
    st.floats(-180, 180, allow_nan=False).map(lambda x: round(x, 7)),
    st.floats(-90, 90, allow_nan=False).map(lambda y: round(y, 7)),
)
def test_what_is_written_is_read_back(longitude: float, latitude: float) -> None:
    if (longitude, latitude) != (0, 0):
        assert read_position(write_position(longitude, latitude)) == (longitude, latitude)


def test_grid_references_and_metres_agree() -> None:
    # the middle of the 10 m square TG 2659 7304
    middle = read_position("TG 2659 7304")
    assert middle == read_position("626595, 373045") == read_position("tg26597304")
    east, north = national_grid().forward(*middle)
    assert (float(east), float(north)) == pytest.approx((626_595, 373_045), abs=0.02)


@pytest.mark.parametrize("text", ["1.39,53.19", " 1.39 53.19 ", "1.39 ; 53.19", "+1.39, 53.190"])
def test_pairs_may_be_parted_in_several_ways(text: str) -> None:
    assert read_position(text) == (1.39, 53.19)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "here",
        "1.39",
        "1,39, 53,19",
        "0, 0",
        "TG 265 7304",
        "ZZ 1234 5678",
        "1e3, 2",
        "-200, 95",
    ],
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="is no position"):
        read_position(text)
