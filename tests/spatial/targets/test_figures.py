"""Figures: what lies in each place, and what must be said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from config.profile import Measure
from spatial.hexes.counts import CellCounts
from spatial.targets.figures import cautions, figures_of
from spatial.targets.ranking import RankedAreas, shares_by_place

TIERS = pd.DataFrame(
    [(0, "injury", 4, 40, 1), (1, "injury", 2, 20, 1), (2, "homicide", 2, 900, 1),
     (2, "injury", 5, 50, 1), (4, "serious_injury", 1, 60, 1), (4, "injury", 5, 60, 1)],
    columns=["position", "tier", "incidents", "harm", "root_harm"],
)  # fmt: skip
COUNTS = CellCounts(
    incidents=np.array([4, 2, 7, 0, 6]),
    harm=np.array([40, 20, 950, 0, 120]),
    root_harm=np.array([1, 1, 2, 0, 2]),
    without_weight=np.array([0, 1, 0, 0, 0]),
    by_tier=TIERS,
    outside=0,
    unlocated=0,
)
GRAVEST = np.array([10, 12, 450, 0, 60])
RANKED = RankedAreas(
    (np.array([2, 3]), np.array([0, 1]), np.array([4]), np.array([3])), (), Measure.HARM
)


def test_a_place_is_the_sum_of_its_cells() -> None:
    found = figures_of(RANKED, COUNTS, GRAVEST)
    assert found.incidents.tolist() == [7, 6, 6, 0]
    assert found.harm.tolist() == [950, 60, 120, 0]
    assert found.without_weight.tolist() == [0, 1, 0, 0]
    assert found.gravest.tolist() == [450, 12, 60, 0]
    assert found.tiers[0] == {"homicide": 2, "injury": 5}
    assert found.tiers[1] == {"injury": 6}


def test_homicides_and_single_events_are_flagged() -> None:
    # 450 of 950 is less than half; 60 of 120 is half; nothing happened in the last
    assert cautions(figures_of(RANKED, COUNTS, GRAVEST)) == (
        "2 homicides",
        "",
        "one incident is 50% of its harm",
        "",
    )
    both = cautions(figures_of(RANKED, COUNTS, np.where(GRAVEST == 450, 900, GRAVEST)))
    assert both[0] == "2 homicides; one incident is 95% of its harm"


def test_shares_are_of_the_whole() -> None:
    # 1,130 altogether
    assert shares_by_place(RANKED, COUNTS, Measure.HARM).tolist() == [
        950 / 1130, 60 / 1130, 120 / 1130, 0.0,
    ]  # fmt: skip
