"""Earlier lists: a place was on one if enough of its ground was."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from config.errors import BadInputError
from spatial.census.earlier import times_listed

PLACES = [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]


def test_lists_are_counted_by_ground() -> None:
    earlier = pd.DataFrame(
        {
            "run_id": ["b", "a", "a", "c"],
            "wkt": [
                shapely.box(0, 0, 0.5, 1).wkt,
                shapely.box(0, 0, 0.3, 1).wkt,
                shapely.box(0.7, 0, 1, 1).wkt,
                shapely.box(2.6, 0, 3, 1).wkt,
            ],
            "data_through": ["2026-02-28", "2026-01-31", "2026-01-31", "2026-03-31"],
        }
    )
    found = times_listed(PLACES, earlier, same_place=0.5)
    assert found["lists"].tolist() == [2, 0]
    assert found["of_lists"].tolist() == [3, 3]
    assert found["first"].tolist() == ["2026-01-31", ""]
    assert found["last"].tolist() == ["2026-02-28", ""]


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(BadInputError, match="no column 'wkt'"):
        times_listed(PLACES, pd.DataFrame({"run_id": ["a"]}), same_place=0.5)
    bad = pd.DataFrame({"run_id": ["a"], "wkt": ["POLYGON ((0"]})
    with pytest.raises(BadInputError, match="'a' has an outline"):
        times_listed(PLACES, bad, same_place=0.5)
