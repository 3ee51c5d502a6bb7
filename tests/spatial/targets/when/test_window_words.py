"""Window words: each kind of window said as people say it, and never at odds with its figures."""

from __future__ import annotations

import pytest

from config.shifts import Shift
from spatial.targets.when.window_words import peak_spoken, shift_spoken
from spatial.timing.peaks import PeakWindow


def _window(first: int, days: int, start: int, hours: int) -> PeakWindow:
    return PeakWindow(first, days, start, hours, 0.5, 0.4, 0.6, 0.1, 0.01, "")


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ((4, 2, 21, 5), "peaks on Friday and Saturday nights"),
        ((4, 3, 22, 4), "peaks on Friday to Sunday nights"),
        ((5, 1, 19, 3), "peaks on Saturday evenings"),
        ((0, 5, 15, 3), "peaks on weekday afternoons"),
        ((0, 4, 7, 4), "peaks on Monday to Thursday mornings"),
        ((6, 5, 20, 3), "peaks on Sunday to Thursday nights"),
        ((0, 7, 17, 4), "peaks every evening"),
        # after midnight the morning gives the name: Saturday's policing day is Sunday by then
        ((5, 1, 1, 3), "peaks in the early hours of Sundays"),
        ((5, 2, 2, 3), "peaks in the early hours of Sundays and Mondays"),
        ((6, 5, 0, 3), "peaks in the early hours of weekdays"),
        ((0, 7, 2, 4), "peaks in the early hours"),
    ],
)
def test_a_peak_is_said(window: tuple[int, int, int, int], said: str) -> None:
    assert peak_spoken(_window(*window), day_starts=6) == said


def test_a_shift_is_said() -> None:
    late = Shift(name="late", starts=14, ends=22)
    assert shift_spoken(late, mostly=True) == "mostly on the late shift"
    assert shift_spoken(late, mostly=False) == "most often on the late shift"
