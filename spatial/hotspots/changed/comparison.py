"""Comparison: the last window that may fairly be set against this one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from spatial.notes import Note, Notes
from spatial.window import Window, day_words

_WEEKS_IN_A_YEAR_DAYS: Final = 364
_MONTHS_IN_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two windows whose rates may be compared.

    Attributes
    ----------
    now, before
        Never overlapping; ``days`` of each is its exposure.
    same_season
        Whether ``before`` holds the same part of the year.
    notes
        How the windows were chosen.
    """

    now: Window
    before: Window
    same_season: bool
    notes: Notes

    @property
    def words(self) -> str:
        """The comparison as ``1 Aug 2026 to 31 Oct 2026 against 1 Aug 2025 to 31 Oct 2025``."""
        return f"{self.now.words} against {self.before.words}"


def comparable(window: Window, *, data_from: dt.date, data_through: dt.date) -> Comparison | None:
    """Choose the last window that may be compared with this one.

    Parameters
    ----------
    window
        The one of interest; what lies after ``data_through`` is cut off, and said.
    data_from, data_through
        First and last date the data cover.

    Returns
    -------
    Whole months are set against the same months a year earlier (of a longer window: as many whole
    years earlier as it takes not to overlap); other windows against 52 weeks earlier, so that the
    days of the week fall alike. Where the data do not reach so far: against the same length just
    before, with a loud note that the season differs. None where they do not reach that far either,
    or do not cover the window's own beginning.
    """
    notes: list[Note] = []
    if window.first < data_from or window.first > data_through:
        return None
    if window.last > data_through:
        window = Window(window.first, data_through)
        notes.append(
            Note(
                f"The data end on {day_words(data_through)}: change is measured over "
                f"{window.words}, {window.days:,} days.",
                loud=True,
            )
        )
    earlier = _years_before(window)
    if earlier.first >= data_from:
        return Comparison(window, earlier, same_season=True, notes=tuple(notes))
    just_before = window.before()
    if just_before.first < data_from:
        return None
    notes.append(
        Note(
            f"The data begin on {day_words(data_from)}, too late for the same part of the year "
            f"before: change is measured against {just_before.words}, another season.",
            loud=True,
        )
    )
    return Comparison(window, just_before, same_season=False, notes=tuple(notes))


def in_sample_note(comparison: Comparison, chosen_on: Window) -> Notes:
    """Warn where places were chosen on one of the windows that are compared.

    Places chosen because one window was bad must seem to have risen into it and to fall out of it.
    """
    spoiled = [
        name
        for name, window in (
            ("this window", comparison.now),
            ("the earlier one", comparison.before),
        )
        if window.first <= chosen_on.last and chosen_on.first <= window.last
    ]
    if not spoiled:
        return ()
    direction = "risen" if spoiled[0] == "this window" else "fallen"
    return (
        Note(
            f"In-sample: these places were chosen on {chosen_on.words}, which "
            f"{' and '.join(spoiled)} holds, so they would seem to have {direction} even if "
            "nothing had changed. Places fixed beforehand give the fair figure.",
            loud=True,
        ),
    )


def _years_before(window: Window) -> Window:
    if not window.whole_months:
        years = -(-window.days // _WEEKS_IN_A_YEAR_DAYS)
        back = dt.timedelta(days=_WEEKS_IN_A_YEAR_DAYS * years)
        return Window(window.first - back, window.last - back)
    after = window.last + dt.timedelta(days=1)
    months = (after.year - window.first.year) * _MONTHS_IN_A_YEAR + after.month - window.first.month
    years = -(-months // _MONTHS_IN_A_YEAR)
    # the first of a month exists in every year
    return Window(
        window.first.replace(year=window.first.year - years),
        after.replace(year=after.year - years) - dt.timedelta(days=1),
    )
