"""What is expected of whole areas: sums of cells, and one plain sentence on what they rest on."""

from __future__ import annotations

import numpy as np
import pytest

from config.profile import Measure
from spatial.hotspots.expected.expected_harm import PARTS, ExpectedHarm
from spatial.targets.expected import expect_in_areas, rests_on
from spatial.targets.ranking import RankedAreas


def _expected(days: list[float], variance: list[float]) -> ExpectedHarm:
    harm = np.array(days)
    parts = dict.fromkeys(PARTS, harm / 4)
    return ExpectedHarm(harm, harm, harm, np.array(variance), parts, (), ())


def test_areas_add_up_and_rivals_share_the_chance() -> None:
    expected = _expected([100, 50, 90, 5, 40, 45], [100, 25, 400, 1, 400, 400])
    areas = (np.array([0, 1]), np.array([2, 3]))
    ranked = RankedAreas(areas, (), Measure.EXPECTED_HARM, rivals=(np.array([4, 5]),))
    found = expect_in_areas(expected, ranked)
    assert found.harm_days.tolist() == [150, 95]
    # the cells' errors move together: 10 + 5 days; about a normal's 90%, 1.645 times that
    assert found.low[0] == pytest.approx(150 - 24.7, abs=2)
    assert found.high[0] == pytest.approx(150 + 24.7, abs=2)
    assert found.chance_in_top[0] > 0.95
    # two places for three areas: what the second lacks is the rival's
    assert 0.5 < found.chance_in_top[1] < 0.8
    alone = expect_in_areas(expected, RankedAreas(areas, (), Measure.EXPECTED_HARM))
    assert alone.chance_in_top.tolist() == [1, 1]
    none = expect_in_areas(expected, RankedAreas((), (), Measure.EXPECTED_HARM))
    assert len(none.harm_days) == len(none.rests_on) == 0


@pytest.mark.parametrize(
    ("parts", "several", "said"),
    [
        (
            (71, 18, 3, 8), False,
            ("Mostly its own record (71%), then what surrounds it (18%) and what every place in "
             "the area shares (8%)"),
        ),
        (
            (40, 12, 46, 2), True,
            ("Other kinds of crime there and around (46%), then its cells' own records (40%) and "
             "what surrounds each cell (12%)"),
        ),
        ((98, 1, 1, 0), False, "Mostly its own record (98%)"),
        ((0, 0, 0, 0), False, ""),
    ],
)  # fmt: skip
def test_the_sentence(parts: tuple[float, ...], several: bool, said: str) -> None:  # noqa: FBT001 (a case)
    assert rests_on(dict(zip(PARTS, parts, strict=True)), several=several) == said
