"""Emerging hot spots: what each cell has been over the periods that end with the window."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from spatial.hexes.grid import cell_names
from spatial.hexes.neighbours import ring_neighbours
from spatial.hotspots.emerged.emerging import (
    CATEGORIES,
    FEWEST_PERIODS,
    NO_PATTERN,
    emerging_hot_spots,
    split_window,
)
from spatial.hotspots.surface import SEED
from spatial.notes import Note
from spatial.report_results import Section
from spatial.sections.ground import all_absent, present
from spatial.window import Window, day_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spatial.sections.ground import Ground

NAME: Final = "emerging"
QUARTER, HALF_YEAR = 3, 6
MOST_PERIODS: Final = 12
"""Periods looked at, the latest ones: three years of quarters."""
FEW_A_QUARTER: Final = 50
"""Below so many incidents a quarter, half-years are taken where the data hold enough of them."""
GROUPS: Final = ("long-standing", "emerging", "on-and-off", "former")

_METHOD: Final = (
    "Gi* on counts in every period, corrected over all cells within it; Mann-Kendall on each "
    "cell's z; 17 patterns in four groups"
)
_PAGE: Final = "emerging.md"
_MONTHS_A_YEAR: Final = 12


def emerging(ground: Ground) -> Section:
    """Name what each cell has been over up to twelve periods."""
    store = ground.scene.store
    months = _whole_months(store.data_from, min(ground.window.last, store.data_through))
    if months is None or _length(months) < FEWEST_PERIODS * QUARTER:
        held = "none" if months is None else f"{_length(months)}"
        why = (
            f"Emerging hot spots need at least {FEWEST_PERIODS * QUARTER} whole months "
            f"({FEWEST_PERIODS} quarters) that end with the window; the data hold {held}."
        )
        return Section(NAME, ground.run_id, all_absent(NAME, why), {}, _METHOD, _PAGE, ())
    periods, counts = _periods(ground, months)
    if not counts.any():
        why = "No incident of the profile lies in any of the periods."
        return Section(NAME, ground.run_id, all_absent(NAME, why), {}, _METHOD, _PAGE, ())
    neighbours = ring_neighbours(ground.grid, ring=ground.scene.settings.ring)
    frame, notes = emerging_hot_spots(counts, neighbours, rng=np.random.default_rng(SEED))
    frame = frame.assign(incidents=counts.sum(axis=0))
    shown = frame[(frame["incidents"] > 0) | (frame["category"] != NO_PATTERN)]
    cells = shown.assign(cell=cell_names(ground.grid.cells[shown["position"].to_numpy()]))
    hot = frame["category"].str.endswith("hot spot")
    groups = pd.DataFrame(
        {
            "group": GROUPS,
            "hot_cells": [int((hot & (frame["group"] == one)).sum()) for one in GROUPS],
            "cold_cells": [int((~hot & (frame["group"] == one)).sum()) for one in GROUPS],
        }
    )
    of_each = frame["category"].value_counts()
    categories = pd.DataFrame(
        [
            (one.name, one.group, int(of_each.get(one.name, 0)), one.definition)
            for one in CATEGORIES
        ],
        columns=["category", "group", "cells", "definition"],
    )
    per_period = pd.DataFrame(
        {
            "first": [one.first.isoformat() for one in periods],
            "last": [one.last.isoformat() for one in periods],
            "incidents": counts.sum(axis=1),
        }
    )
    length = _length(periods[0])
    whole = Window(periods[0].first, periods[-1].last)
    facts: dict[str, Any] = {
        "periods": len(periods),
        "months": length,
        "periods_window": whole.words,
        "last_period": periods[-1].words,
        "cells": len(ground.grid),
        **{one: int(number) for one, number in zip(GROUPS, groups["hot_cells"], strict=True)},
    }
    told = [
        Note(
            f"Looked at: {len(periods)} periods of {length} months, {whole.words}: as far back as "
            f"the data reach, {MOST_PERIODS} at the most, whatever the window's own length."
        )
    ]
    if whole.last < ground.window.last:
        told.append(
            Note(
                f"The last period ends on {day_words(whole.last)}, with the last whole month.",
                loud=True,
            )
        )
    parts = (
        present(NAME, "cells", cells),
        present(NAME, "groups", groups),
        present(NAME, "categories", categories),
        present(NAME, "periods", per_period),
    )
    return Section(NAME, ground.run_id, parts, facts, _METHOD, _PAGE, (*told, *notes))


def _periods(ground: Ground, months: Window) -> tuple[tuple[Window, ...], NDArray[np.int64]]:
    # quarters, or half-years where serious violence is rare and the data hold four of them
    quarters = split_window(_latest(months, QUARTER), months=QUARTER)
    counts = np.array([ground.counted(one).counts.incidents for one in quarters])
    few = counts.sum() < FEW_A_QUARTER * len(quarters)
    if not few or _length(months) < FEWEST_PERIODS * HALF_YEAR:
        return quarters, counts
    halves = split_window(_latest(months, HALF_YEAR), months=HALF_YEAR)
    return halves, np.array([ground.counted(one).counts.incidents for one in halves])


def _latest(months: Window, length: int) -> Window:
    # the latest months that make whole periods
    number = min(_length(months) // length, MOST_PERIODS) * length
    last = months.last.year * _MONTHS_A_YEAR + months.last.month - 1
    return Window(_first_of(last - number + 1), months.last)


def _whole_months(data_from: dt.date, last: dt.date) -> Window | None:
    """Return the whole months from the data's beginning to the last that has ended."""
    begin = data_from.year * _MONTHS_A_YEAR + data_from.month - 1 + (data_from.day > 1)
    ended = last.day == calendar.monthrange(last.year, last.month)[1]
    end = last.year * _MONTHS_A_YEAR + last.month - 1 - (not ended)
    if end < begin:
        return None
    return Window(_first_of(begin), _first_of(end + 1) - dt.timedelta(days=1))


def _first_of(month: int) -> dt.date:
    return dt.date(month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1, 1)


def _length(window: Window) -> int:
    years, months = window.last.year - window.first.year, window.last.month - window.first.month
    return years * _MONTHS_A_YEAR + months + 1
