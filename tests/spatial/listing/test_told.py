"""What is told of a place: single events, homicides and small numbers."""

from __future__ import annotations

import numpy as np

from spatial.listing.told import _cautions
from spatial.targets.figures import PlaceFigures


def test_a_place_says_what_it_leans_on() -> None:
    figures = PlaceFigures(
        incidents=np.array([40, 9, 12, 1, 0]),
        without_weight=np.zeros(5, dtype=np.int64),
        harm=np.array([1000, 1000, 1000, 1000, 0]),
        gravest=np.array([100, 600, 300, 1000, 0]),
        tiers=({"homicide": 1, "injury": 39}, {"injury": 9}, {"injury": 12}, {"injury": 1}, {}),
    )
    assert _cautions(figures, [False, True, True, True, False]) == (
        "1 homicide",
        # the one incident is the event: said once
        "one incident is 60% of its harm; small number: 9 incidents",
        "one event, of several records, is more than half of its harm",
        "one incident is 100% of its harm; small number: 1 incident",
        "small number: 0 incidents",
    )
