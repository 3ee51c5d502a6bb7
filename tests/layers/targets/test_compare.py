"""A list beside the one before, in words: nothing is said that the numbers do not hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.targets.change_words import change_words
from layers.targets.compare import effect_rows
from layers.targets.marks import LOOKS, dropped_areas, status_of
from spatial.targets.kept.compared import DROPPED_COLUMNS
from spatial.targets.kept.identity import STATUSES
from tests.layers.targets.test_cell_choice import HERE


@pytest.mark.parametrize(
    ("ratio", "low", "high", "said"),
    [
        (1.5, 1.1, 2.04, "+50% (+10% to +104%)"),
        (0.8, 0.6, 1.1, "-20% (-40% to +10%): no clear change"),
        (2.0, 1.2, np.inf, "+100% (+20% to no limit)"),
    ],
)
def test_a_change_is_said_with_its_interval(
    ratio: float, low: float, high: float, said: str
) -> None:
    row = {"change_ratio": ratio, "change_low": low, "change_high": high}
    assert change_words(row) == said


def test_without_a_figure_the_reason_is_said() -> None:
    row = {"change_ratio": np.nan, "change_words": "too few incidents"}
    assert change_words(row) == "too few incidents"
    assert not change_words({})


def test_every_status_has_a_look_that_differs_without_colour() -> None:
    assert set(LOOKS) == {*STATUSES, "dropped"}
    shapes = {(look.metres, look.pixels, look.dash) for look in LOOKS.values()}
    assert len(shapes) == len({look.letter for look in LOOKS.values()}) == len(LOOKS)
    assert [status_of(value) for value in ("new", None, np.nan, "else")] == ["new", "", "", ""]


def test_dropped_places_lie_where_they_lay() -> None:
    gone = pd.DataFrame([("PA-1", "Quay", 3, "below", "now 14th")], columns=list(DROPPED_COLUMNS))
    earlier = pd.DataFrame({"area_id": ["PA-1", "PA-2"], "cells": [HERE, HERE]})
    (shape,) = dropped_areas(gone, earlier)["geometry"]
    assert shape.area > 0
    assert dropped_areas(gone, earlier.iloc[1:]).empty
    assert dropped_areas(gone.iloc[:0], earlier).empty


def test_an_effect_without_harm_is_a_dash_not_nought() -> None:
    row = pd.Series(
        {
            "incidents_given_up": 7, "incidents_gained": 0, "harm_days_given_up": None,
            "harm_days_gained": None, "expected_harm_given_up": 12.5, "expected_harm_gained": 0.0,
        },
        dtype=object,
    )  # fmt: skip
    _, rows = effect_rows(row)
    assert rows == [("Given up", "7", "\N{EN DASH}", "12"), ("Gained", "0", "\N{EN DASH}", "0")]
