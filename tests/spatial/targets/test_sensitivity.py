"""Sensitivity: half of a place's cells keep it, and each transform is what it is called."""

from __future__ import annotations

import numpy as np
import pandas as pd

from config.harm_scheme import load_harm_scheme
from spatial.hexes.counts import CellCounts
from spatial.targets.sensitivity import (
    COLUMNS,
    attempted_murder_days,
    harm_variants,
    sensitivity_table,
)


def cells(*areas: list[int]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(area, dtype=np.int64) for area in areas)


def test_half_of_the_cells_keep_a_place() -> None:
    chosen = cells([0, 1, 2, 3], [10, 11, 12], [20, 21])
    table = sensitivity_table(
        chosen,
        {
            "same": chosen,
            # 2 of 4 stay; 1 of 3 does not; 1 of 2 stays
            "half": cells([2, 3, 4], [12, 13, 14], [21, 22]),
            # two places of the variant cover one of ours together
            "split": cells([0, 5, 6], [3, 7, 8]),
            "none": (),
        },
    )
    assert list(table.columns) == list(COLUMNS)
    assert table["kept"].tolist() == [3, 2, 1, 0]
    assert table["of"].tolist() == [3, 3, 3, 3]
    assert table["share"].tolist() == [1.0, 0.666667, 0.333333, 0.0]


def test_no_place_has_no_share() -> None:
    table = sensitivity_table((), {"count": cells([1, 2, 3])})
    assert table.loc[0, ["kept", "of"]].tolist() == [0, 0]
    assert np.isnan(table.loc[0, "share"])


def test_what_a_homicide_is_weighed_as() -> None:
    cchi, css = load_harm_scheme("cchi_2020"), load_harm_scheme("ons_css")
    open_data = load_harm_scheme("police_uk_categories")
    assert attempted_murder_days([cchi]) == 3285
    assert attempted_murder_days([css]) == 4654.3
    assert attempted_murder_days([open_data, cchi]) == 3285
    assert attempted_murder_days([open_data]) is None
    assert attempted_murder_days([]) is None


def test_the_transforms() -> None:
    # one cell with a murder (5,475 days) and an assault (10), one with two robberies (365 each)
    counts = CellCounts(
        incidents=np.array([2, 2]),
        harm=np.array([5_485_000, 730_000]),
        root_harm=np.array([77_155_441, 38_209_946]),
        without_weight=np.array([0, 0]),
        by_tier=pd.DataFrame(
            {
                "position": [0, 0, 1],
                "tier": ["homicide", "injury", "robbery"],
                "incidents": [1, 1, 2],
                "harm": [5_475_000, 10_000, 730_000],
            }
        ),
        outside=0,
        unlocated=0,
    )
    variants = harm_variants(counts, 2, capped=np.array([3_285_000, 0]))
    assert {name: value.tolist() for name, value in variants.items()} == {
        "harm, homicide left out": [10_000, 730_000],
        "harm": [5_485_000, 730_000],
        "square root of harm": [77_155_441, 38_209_946],
        "harm, homicide weighed as attempted murder": [3_295_000, 730_000],
    }
    assert len(harm_variants(counts, 2, capped=None)) == 3
