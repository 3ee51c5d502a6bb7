"""Comparison: the windows that are compared, and what is said of them."""

from __future__ import annotations

import datetime as dt

import pytest

from spatial.hotspots.changed.comparison import Comparison, comparable, in_sample_note
from spatial.window import Window

YEAR = Comparison(
    Window(dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    Window(dt.date(2023, 1, 1), dt.date(2023, 12, 31)),
    same_season=True,
    notes=(),
)


def _window(first: str, last: str) -> Window:
    return Window(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("window", "before"),
    [
        # whole months: the same months a year before, leap days and all
        (_window("2024-02-01", "2024-02-29"), _window("2023-02-01", "2023-02-28")),
        (_window("2025-11-01", "2026-01-31"), _window("2024-11-01", "2025-01-31")),
        (_window("2025-01-01", "2025-12-31"), _window("2024-01-01", "2024-12-31")),
        # eighteen months need two years to stand clear of themselves
        (_window("2024-07-01", "2025-12-31"), _window("2022-07-01", "2023-12-31")),
        # a fortnight: 52 weeks, so that the days of the week agree
        (_window("2026-10-12", "2026-10-25"), _window("2025-10-13", "2025-10-26")),
    ],
)
def test_the_same_season_is_compared(window: Window, before: Window) -> None:
    found = comparable(window, data_from=dt.date(2020, 1, 1), data_through=dt.date(2026, 12, 31))
    assert found is not None
    assert (found.now, found.before, found.same_season) == (window, before, True)
    assert found.notes == ()
    assert found.before.last < found.now.first


def test_short_data_are_compared_with_the_season_before_and_say_so() -> None:
    window = _window("2025-10-01", "2025-12-31")
    found = comparable(window, data_from=dt.date(2025, 3, 1), data_through=window.last)
    assert found is not None
    assert found.before == _window("2025-07-01", "2025-09-30")
    assert not found.same_season
    assert [note.loud for note in found.notes] == [True]
    assert comparable(window, data_from=dt.date(2025, 8, 1), data_through=window.last) is None


def test_a_window_is_cut_where_the_data_end() -> None:
    found = comparable(
        _window("2026-10-01", "2026-10-31"),
        data_from=dt.date(2020, 1, 1),
        data_through=dt.date(2026, 10, 20),
    )
    assert found is not None
    assert found.now == _window("2026-10-01", "2026-10-20")
    assert found.now.days == found.before.days == 20
    assert found.notes[0].loud
    far = _window("2027-01-01", "2027-01-31")
    assert comparable(far, data_from=dt.date(2020, 1, 1), data_through=far.first) is not None
    assert comparable(far, data_from=dt.date(2020, 1, 1), data_through=dt.date(2026, 1, 1)) is None


def test_places_chosen_on_the_window_are_called_in_sample() -> None:
    assert "risen" in in_sample_note(YEAR, YEAR.now)[0].text
    assert "fallen" in in_sample_note(YEAR, YEAR.before)[0].text
    assert in_sample_note(YEAR, _window("2024-01-01", "2024-12-31")) == ()
