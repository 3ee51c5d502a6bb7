from __future__ import annotations

import datetime as dt

import pytest

from config.periods import NamedPeriod, load_periods
from spatial.window import Window
from views.windows import CHOSEN_DATES, comparison_words, preset_of, presets


def test_presets_of_a_month_end_are_whole_months() -> None:
    named = presets(dt.date(2026, 10, 31))
    assert named["Last 12 months"] == Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    assert named["Last 6 months"] == Window(dt.date(2026, 5, 1), dt.date(2026, 10, 31))
    assert named["Last 3 months"] == Window(dt.date(2026, 8, 1), dt.date(2026, 10, 31))
    assert named["Previous 12 months"] == Window(dt.date(2024, 11, 1), dt.date(2025, 10, 31))


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (dt.date(2026, 11, 14), dt.date(2026, 8, 15)),
        # the day after is 1 March: three whole months
        (dt.date(2026, 2, 28), dt.date(2025, 12, 1)),
        # the day after is 31 May, and February has no 31st
        (dt.date(2026, 5, 30), dt.date(2026, 2, 28)),
    ],
)
def test_three_months_back_from_any_day(last: dt.date, first: dt.date) -> None:
    assert presets(last)["Last 3 months"] == Window(first, last)


def test_a_window_is_known_by_its_name() -> None:
    through = dt.date(2026, 10, 31)
    named = presets(through)
    for name, window in named.items():
        assert preset_of(window, named) == name
    assert preset_of(Window(through, through), named) == CHOSEN_DATES


def test_periods_as_people_call_them() -> None:
    through = dt.date(2026, 10, 31)
    own = NamedPeriod(
        name="Last operation: Ark", first=dt.date(2026, 6, 1), last=dt.date(2026, 8, 30)
    )
    named = presets(through, periods=load_periods(), own=[own], data_from=dt.date(2023, 11, 1))
    assert named["Financial year so far"] == Window(dt.date(2026, 4, 1), through)
    assert named["Last financial year"] == Window(dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    assert named["Summer term 2026"] == Window(dt.date(2026, 4, 13), dt.date(2026, 7, 21))
    # a term under way is cut at the end of the data, and called so
    assert named["Autumn term 2026, so far"] == Window(dt.date(2026, 9, 2), through)
    assert "Autumn term 2024" not in named
    assert named["Last operation: Ark"] == Window(own.first, dt.date(2026, 8, 30))
    assert next(iter(named)) == "Last 12 months"


def test_a_period_outside_the_data_is_not_offered() -> None:
    early = NamedPeriod(name="Early", first=dt.date(2020, 3, 23), last=dt.date(2020, 7, 4))
    late = NamedPeriod(name="Late", first=dt.date(2027, 1, 1), last=dt.date(2027, 2, 1))
    named = presets(dt.date(2026, 10, 31), own=[early, late], data_from=dt.date(2023, 11, 1))
    assert "Early" not in named
    assert not [name for name in named if name.startswith("Late")]


def test_the_comparison_is_said_as_it_is() -> None:
    through = dt.date(2026, 10, 31)
    year = presets(through)["Last 12 months"]
    assert comparison_words(year, data_from=dt.date(2023, 11, 1), data_through=through) == (
        "against the year before, 1 Nov 2024 to 31 Oct 2025"
    )
    quarter = presets(through)["Last 3 months"]
    assert comparison_words(quarter, data_from=dt.date(2025, 11, 1), data_through=through) == (
        "against 1 May 2026 to 31 Jul 2026, another season"
    )
    assert comparison_words(year, data_from=year.first, data_through=through).startswith("nothing")
