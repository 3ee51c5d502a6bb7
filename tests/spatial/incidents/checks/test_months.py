"""Months: gaps that were planted are found, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from spatial.incidents.checks.months import month_gaps, month_test
from spatial.incidents.checks.reach import reach, typical_month
from tests.spatial.incidents.planted import each_day, planted

THIN = 0.6


def _two_years(**changed: int) -> list[int]:
    return [changed.get(f"m{month}", 100) for month in range(24)]


def _found(counts: list[int]) -> list[tuple[str, str, str]]:
    rows = [row for month, count in enumerate(counts) for row in each_day(month, count // 2)]
    table = month_gaps(planted(rows))
    return [(row["kind"], row["first"], row["last"]) for row in table.to_dict("records")]


def test_even_months_are_no_gap() -> None:
    assert _found(_two_years()) == []


def test_missing_and_thin_months_are_found_and_said() -> None:
    assert _found(_two_years(m7=0, m8=0)) == [("missing", "2024-08", "2024-09")]
    assert _found(_two_years(m14=40)) == [("thin", "2025-03", "2025-03")]
    rows = [row for month in range(24) if month != 7 for row in each_day(month, 50)]
    [gap] = month_gaps(planted(rows)).to_dict("records")
    assert gap["words"] == "No incidents in Aug 2024; about 100 a month are usual."
    assert (gap["months"], gap["expected"], gap["family"]) == (1, 100, "all")


def test_a_fall_of_a_fifth_is_no_gap() -> None:
    assert _found(_two_years(m14=80)) == []


def test_a_quiet_source_is_allowed_empty_months() -> None:
    # two a month: one month in seven is empty by chance
    assert _found([0 if month in {5, 12, 17} else 2 for month in range(24)]) == []


def test_the_last_month_is_said_and_never_alarms() -> None:
    assert _found(_two_years(m23=30)) == [("part", "2025-12", "2025-12")]
    rows = [row for month in range(24) for row in each_day(month, 50)][:-1]
    [gap] = month_gaps(planted(rows)).to_dict("records")
    assert gap["words"] == "Dec 2025 holds data to 1 Dec 2025 only: a part month."


def test_a_family_is_listed_where_the_whole_is_not() -> None:
    rows = [row for month in range(24) for row in each_day(month, 50)]
    rows += [
        row for month in range(24) if month != 9 for row in each_day(month, 8, tier="disorder")
    ]
    [gap] = month_gaps(planted(rows)).to_dict("records")
    assert (gap["family"], gap["kind"], gap["first"]) == (
        "antisocial_behaviour", "missing", "2024-10",
    )  # fmt: skip
    assert "No incidents of antisocial behaviour in Oct 2024" in gap["words"]


def test_offences_reported_decades_later_are_no_gap() -> None:
    old = [each_day(-12 * years, 1)[0] for years in (31, 22, 15, 9)]
    rows = old + [row for month in range(24) for row in each_day(month, 50)]
    [gap] = month_gaps(planted(rows)).to_dict("records")
    assert gap["kind"] == "part"
    assert gap["words"].startswith("4 incidents are dated before Jan 2024")


def test_a_force_that_stops_is_behind() -> None:
    rows = [row for month in range(24) for row in each_day(month, 50)]
    rows += [row for month in range(22) for row in each_day(month, 20, force="B Police")]
    store = planted(rows)
    spans = reach(store).set_index("force")
    assert spans["is_behind"].to_dict() == {"A Police": False, "B Police": True}
    assert spans.loc["B Police", "lag_days"] == 61
    [gap] = month_gaps(store).to_dict("records")
    assert gap["words"].startswith("Ends on 31 Oct 2025, 61 days before the rest; about 80")


def test_a_quiet_force_is_not_behind() -> None:
    rows = [row for month in range(24) for row in each_day(month, 50)]
    rows += [row for month in range(22) for row in each_day(month, 1, force="B Police")]
    assert not reach(planted(rows))["is_behind"].any()


def test_the_tail_is_exact() -> None:
    counts = np.array([50, 52, 48, 50, 30, 51, 49, 50, 50, 52, 48, 50])
    test = month_test(counts)
    assert test.dispersion == 1
    assert np.isnan(test.p[[0, -1]]).all()
    assert test.expected[4] == 50
    assert test.p[4] == pytest.approx(sum(stats.poisson.pmf(range(31), 50)), rel=1e-9)


def test_false_alarms_are_as_rare_as_stated() -> None:
    # seasons and twenty times the variance of chance; 1% is asked for, few months are that small
    rng = np.random.default_rng(3)
    season = 1 + 0.15 * np.sin(np.arange(24) * np.pi / 6)
    alarms = 0
    for mean, spread in ((500, 1), (500, 5), (8000, 20)):
        for _ in range(60):
            counts = (
                rng.poisson(mean * season)
                if spread == 1
                else rng.negative_binomial(mean * season / (spread - 1), 1 / spread)
            )
            test = month_test(counts)
            tested = ~np.isnan(test.p)
            adjusted = stats.false_discovery_control(test.p[tested])
            small = counts[tested] < THIN * test.expected[tested]
            alarms += bool(((adjusted <= 0.01) & small).any())
    assert alarms / 180 <= 0.02


def test_the_typical_month_is_the_middle_incidents() -> None:
    assert typical_month([1] * 50 + [100, 120, 110]) == 110
    assert typical_month([]) == 0
