from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from spatial.daily.counting import count_table
from spatial.daily.policing_days import PolicingDay

DAY = PolicingDay(dt.date(2026, 10, 30), 6, complete=True)
LONG_AGO = dt.date(2020, 1, 1)


def days(*ago: int) -> np.ndarray:
    return np.datetime64("2026-10-30") - np.array(ago, dtype="timedelta64[D]")


def row(table: pd.DataFrame, period: str, tier: str = "all") -> dict[str, object]:
    (found,) = table[(table["period"] == period) & (table["tier"] == tier)].to_dict("records")
    return found


def test_counts_of_the_day_and_the_week_by_hand() -> None:
    # today 3, yesterday 1; same weekday before: 7 days ago 2, 28 days ago 4; 364 days ago 5
    ago = days(0, 0, 0, 1, 7, 7, *[28] * 4, *[364] * 5, 365 + 7)
    table = count_table(ago, np.array(["injury"] * len(ago)), day=DAY, data_from=LONG_AGO)
    day, week = row(table, "day"), row(table, "week")
    assert (day["incidents"], day["before"], day["usual"]) == (3, 1, 1.5)
    assert np.isnan(day["last_year"])  # type: ignore[call-overload]
    assert (week["incidents"], week["before"], week["last_year"]) == (4, 2, 5)
    # the weeks before: 2, 0, 0 and the 28th day ago in the fourth
    assert week["usual"] == 1.5
    assert week["ratio"] == 2.0
    assert week["ratio_low"] < 2.0 < week["ratio_high"]  # type: ignore[operator]
    # one kind only: nothing to divide
    assert set(table["tier"]) == {"all"}


def test_tiers_add_up_and_stand_gravest_first() -> None:
    rng = np.random.default_rng(5)
    ago = rng.integers(0, 380, 900)
    tiers = rng.choice(["robbery", "injury", "homicide"], 900)
    table = count_table(days(*ago), tiers, day=DAY, data_from=LONG_AGO)
    for period in ("day", "week"):
        part = table[table["period"] == period]
        assert part["tier"].tolist() == ["all", "homicide", "robbery", "injury"]
        for column in ("incidents", "before", "usual"):
            assert part[column].iloc[0] == pytest.approx(part[column].iloc[1:].sum())


def test_small_numbers_are_called_small() -> None:
    table = count_table(days(0, 1, 8), np.array(["injury"] * 3), day=DAY, data_from=LONG_AGO)
    assert table["small"].all()
    many = count_table(
        days(*range(300), *range(300)), np.array(["injury"] * 600), day=DAY, data_from=LONG_AGO
    )
    assert row(many, "week")["small"] is False


def test_without_enough_before_nothing_is_compared() -> None:
    ago, tiers = days(0, 3, 20), np.array(["injury"] * 3)
    short = count_table(ago, tiers, day=DAY, data_from=dt.date(2026, 10, 5))
    assert short["incidents"].tolist() == [1, 2]
    assert short["usual"].isna().all()
    part = PolicingDay(DAY.date, 6, complete=False)
    assert count_table(ago, tiers, day=part, data_from=LONG_AGO)["reading"].isna().all()
    # a year ago the data had not begun
    year = count_table(ago, tiers, day=DAY, data_from=dt.date(2026, 1, 1))
    assert year["last_year"].isna().all()
    assert year["usual"].notna().all()
