"""Repeats: every planted series follows its first robbery, near by and within the week."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from sample_geo.repeats import DAYS, FOLLOWERS, OFFENCE, SERIES, WITHIN_M


def test_followers_are_near_and_soon(rows: pd.DataFrame, planted: dict[str, Any]) -> None:
    record = planted["near_repeats"]
    assert (record["offence"], record["within_m"]) == (OFFENCE, WITHIN_M)
    assert record["days"] == list(DAYS)
    assert len(record["series"]) == SERIES
    numbers = list(chain.from_iterable(record["series"]))
    assert len(set(numbers)) == len(numbers) == SERIES * (1 + FOLLOWERS)

    listed = planted["awkward_incident_numbers"]
    spoiled = set(chain.from_iterable(listed.values()))
    table = rows.drop_duplicates().set_index("Incident Number")
    assert set(table.loc[numbers, "Offence"]) == {OFFENCE}
    checked = 0
    for first, *followers in record["series"]:
        for follower in followers:
            if {first, follower} & spoiled:
                continue
            one, other = table.loc[first], table.loc[follower]
            dates = pd.to_datetime([one["From"], other["From"]], format="%d/%m/%Y %H:%M")
            days = (dates[1].normalize() - dates[0].normalize()).days
            assert DAYS[0] <= days <= DAYS[1]
            east, north = (float(one[c]) - float(other[c]) for c in ("Easting", "Northing"))
            assert 0 < np.hypot(east, north) <= WITHIN_M
            checked += 1
    # the awkward rows spoil a few places and dates
    assert checked > 0.9 * SERIES * FOLLOWERS
