"""Fixed change: how places chosen earlier have fared since, measured where they lay then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from spatial.hotspots.changed.change import change_table
from spatial.hotspots.changed.comparison import Comparison
from spatial.notes import Note, Notes
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from spatial.hexes.counts import CellCounts
    from spatial.hexes.grid import HexGrid
    from spatial.targets.kept.previous import PreviousList

FIXED_COLUMNS: Final = (
    "area_id", "name", "previous_rank", "now", "before", "change_ratio", "change_low",
    "change_high", "verdict", "words",
)  # fmt: skip
_YEAR_DAYS: Final = 364


@dataclass(frozen=True, slots=True, eq=False)
class FixedChange:
    """Change in areas that were fixed before either window that is compared was looked at for them.

    Attributes
    ----------
    areas
        `FIXED_COLUMNS`, one row per area of the earlier list, dropped ones included.
    whole
        The same for all of them together, one row; empty where there is none.
    notes
        What was compared; or why nothing could be, in which case both are empty.
    """

    areas: pd.DataFrame
    whole: pd.DataFrame
    notes: Notes


def fixed_comparison(
    window: Window,
    fixed: PreviousList | None,
    *,
    data_from: dt.date,
    data_through: dt.date,
    resolution: int,
) -> tuple[Comparison | None, Notes]:
    """Choose the two windows on which the areas of an earlier list may be compared fairly.

    Parameters
    ----------
    window
        Of the list that is made now.
    fixed
        The earlier list, or any older one: it must have been made on data that end before the
        window begins.
    data_from, data_through
        First and last date the data cover.
    resolution
        Of the cells that are counted now.

    Returns
    -------
    This window and the latest one of the same length and season that does not overlap the dates
    which chose the areas; or None, and in either case a note that says so. The areas were chosen
    because those dates were bad: set against them, they would seem to have fallen even if nothing
    had changed (regression to the mean).
    """
    if fixed is None or fixed.listed.empty:
        return None, (_why("there is no earlier list"),)
    chosen_on = fixed.chosen_on
    because = ""
    if chosen_on is None:
        because = f"{fixed.called} does not say which dates it was made on"
    elif chosen_on.last >= window.first:
        because = (
            f"{fixed.called} was made on incidents up to {day_words(chosen_on.last)}, and this "
            f"window begins on {day_words(window.first)}; only areas fixed before the window give "
            "a fair figure, so give a list made earlier"
        )
    elif fixed.resolution != resolution:
        because = f"{fixed.called} has cells of resolution {fixed.resolution}, not {resolution}"
    elif not data_from <= window.first <= data_through:
        because = (
            f"the data hold {day_words(data_from)} to {day_words(data_through)}, which does not "
            "cover the beginning of this window"
        )
    if because or chosen_on is None:
        return None, (_why(because),)
    now = Window(window.first, min(window.last, data_through))
    before = _season_before(now, chosen_on)
    if before.first < data_from:
        because = (
            f"it needs incidents from {before.words}, the last such dates that did not choose the "
            f"areas, and the data begin on {day_words(data_from)}"
        )
        return None, (_why(because),)
    note = Note(
        f"Change: the areas of {fixed.called}, where they lay then, {now.words} against "
        f"{before.words}; {chosen_on.words}, which chose them, is left out."
    )
    return Comparison(now, before, same_season=True, notes=(note,)), (note,)


def fixed_change(
    fixed: PreviousList,
    grid: HexGrid,
    *,
    now: CellCounts,
    before: CellCounts,
    comparison: Comparison,
) -> FixedChange:
    """Measure the change in the areas of an earlier list.

    Parameters
    ----------
    fixed
        The list.
    grid
        The cells that were counted, of the list's resolution.
    now, before
        The profile's incidents of the comparison's two windows.
    comparison
        See :func:`fixed_comparison`.

    Notes
    -----
    Of a single area the figure is fair. But the areas that are still listed were chosen once more,
    on this window: together they must seem to have risen, and the dropped ones to have fallen. Only
    the figure of them all together says how the earlier list fared, and a note says so. An area
    that lies partly outside the study area now is left out.
    """
    listed = fixed.listed
    positions = [grid.positions(fixed.grounds()[row]) for row in listed.index]
    inside = np.array([bool((found >= 0).all()) for found in positions], dtype=bool)
    rows = listed[inside]
    kept = [found for found, whole in zip(positions, inside, strict=True) if whole]
    # areas of an earlier list never overlap, so that they add up
    counted = [[int(counts.incidents[area].sum()) for area in kept] for counts in (now, before)]
    table = change_table(rows["area_id"].tolist(), *counted, comparison=comparison)
    whole = change_table(
        [f"all {len(kept)} areas"] * bool(kept),
        *[[sum(side)] * bool(kept) for side in counted],
        comparison=comparison,
    )
    notes = list(comparison.notes)
    left_out = int((~inside).sum())
    if left_out:
        plural = " lies" if left_out == 1 else "s lie"
        sentence = f"Change: {left_out} earlier area{plural} outside the study area: left out."
        notes.append(Note(sentence, loud=True))
    if kept:
        sentence = (
            f"Change in {fixed.called}: all {len(kept)} areas together: "
            f"{whole['words'].iloc[0]}. Areas still listed were chosen again on this window and "
            "look worse than that, dropped ones better; read a single place with care."
        )
        notes.append(Note(sentence, loud=True))
    return FixedChange(
        _renamed(table, rows), _renamed(whole, rows.assign(rank=np.nan)[: len(whole)]), tuple(notes)
    )


def no_change(notes: Notes) -> FixedChange:
    """Return the result where nothing can be compared, with the reason."""
    empty = pd.DataFrame(columns=list(FIXED_COLUMNS))
    return FixedChange(empty, empty, notes)


def _renamed(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    names = {"place": "area_id", "ratio": "change_ratio", "low": "change_low"}
    renamed = table.rename(columns={**names, "high": "change_high"}).assign(
        name=rows["name"].to_numpy(),
        previous_rank=pd.array(rows["rank"].to_numpy(dtype=float), dtype="Int64"),
    )
    return renamed.loc[:, list(FIXED_COLUMNS)]


def _season_before(now: Window, chosen_on: Window) -> Window:
    """Return the latest window of the same length and season that overlaps neither."""
    years = 0
    while True:
        years += 1
        before = _years_before(now, years)
        if before.last >= now.first:
            continue
        if before.last < chosen_on.first or before.first > chosen_on.last:
            return before


def _years_before(window: Window, years: int) -> Window:
    if not window.whole_months:
        # whole weeks, so that weekdays agree
        back = dt.timedelta(days=_YEAR_DAYS * years)
        return Window(window.first - back, window.last - back)
    after = window.last + dt.timedelta(days=1)
    # the first of a month exists in every year
    return Window(
        window.first.replace(year=window.first.year - years),
        after.replace(year=after.year - years) - dt.timedelta(days=1),
    )


def _why(because: str) -> Note:
    return Note(f"No change is given: {because}.")
