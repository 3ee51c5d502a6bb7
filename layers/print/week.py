"""The week of a place on paper: hours down, days across, darker where more happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from config.shifts import DAY_HOURS
from layers.print import tones
from layers.print.fonts import FAMILY
from spatial.targets.when.window_tables import week_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.shifts import Shift
    from spatial.targets.when.windows import PlaceTimes

WIDTH_MM: Final = 62.0
HEIGHT_MM: Final = 90.0
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LEFT, _TOP = 13.0, 5.5
_WIDE: Final = (WIDTH_MM - _LEFT - 1.0) / len(_DAYS)
_TALL: Final = (HEIGHT_MM - _TOP - 0.5) / DAY_HOURS


def week_steps(one: PlaceTimes, *, day_starts: int) -> NDArray[np.int64] | None:
    """Return the step of each hour, 0 to 3; shape (7, 24), from Monday and the day's first hour.

    None where the hours may not be drawn: see :func:`spatial.targets.when.window_tables.week_grid`.
    """
    grid = week_grid(one, day_starts=day_starts)
    if grid is None:
        return None
    values = grid.to_numpy(dtype=float)
    even = values.sum() / values.size
    if even <= 0:
        return None
    steps = np.searchsorted(np.array(tones.HOUR_BOUNDS), values / even, side="right")
    return np.asarray(steps, dtype=np.int64)


def in_peaks(one: PlaceTimes, *, day_starts: int) -> NDArray[np.bool_]:
    """Return which hours lie in a named peak window, shape (7, 24)."""
    inside = np.zeros((len(_DAYS), DAY_HOURS), dtype=bool)
    for window in one.windows:
        days = (window.first_day + np.arange(window.days)) % len(_DAYS)
        first = (window.start_hour - day_starts) % DAY_HOURS
        inside[days, first : first + window.hours] = True
    return inside


def week_svg(one: PlaceTimes, *, day_starts: int, shift: Shift | None) -> bytes | None:
    """Draw a place's week; None where its hours may not be drawn.

    A dot stands in every hour of a named peak window, so that shade is not its only sign; a bar at
    the side marks the shift.
    """
    steps = week_steps(one, day_starts=day_starts)
    if steps is None:
        return None
    peaks = in_peaks(one, day_starts=day_starts)
    parts = [
        f'<text x="{_LEFT + (at + 0.5) * _WIDE:.2f}" y="4" class="d" text-anchor="middle">'
        f"{day}</text>"
        for at, day in enumerate(_DAYS)
    ]
    duty = set() if shift is None else set(shift.hours)
    for row in range(DAY_HOURS):
        hour, top = (day_starts + row) % DAY_HOURS, _TOP + row * _TALL
        bold = ' font-weight="bold"' if hour in duty else ""
        parts.append(
            f'<text x="{_LEFT - 2.2:.2f}" y="{top + _TALL * 0.76:.2f}" class="h" '
            f'text-anchor="end"{bold}>{hour:02d}:00</text>'
        )
        if hour in duty:
            parts.append(
                f'<rect x="{_LEFT - 1.5:.2f}" y="{top:.2f}" width="0.9" height="{_TALL:.2f}" '
                f'fill="{tones.INK}"/>'
            )
        for day in range(len(_DAYS)):
            left, step = _LEFT + day * _WIDE, int(steps[day, row])
            parts.append(
                f'<rect x="{left:.2f}" y="{top:.2f}" width="{_WIDE:.2f}" height="{_TALL:.2f}" '
                f'fill="{tones.HOURS[step]}" stroke="#6B6B6B" stroke-width="0.15"/>'
            )
            if peaks[day, row]:
                # dark on pale, pale on dark
                ink = tones.PAPER if step == len(tones.HOURS) - 1 else tones.INK
                parts.append(
                    f'<circle cx="{left + _WIDE / 2:.2f}" cy="{top + _TALL / 2:.2f}" r="0.95" '
                    f'fill="{ink}"/>'
                )
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}" '
        f'width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm"><style>'
        f'text{{font-family:"{FAMILY}";fill:{tones.INK}}}.d{{font-size:2.85px}}.h{{font-size:2.85px}}'
        f"</style>{body}</svg>"
    ).encode()
