"""Fixed change: only on areas chosen before, never on the dates that chose them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spatial.hotspots.changed.change import rate_ratios
from spatial.hotspots.changed.comparison import Comparison
from spatial.targets.kept.fixed_change import (
    FIXED_COLUMNS,
    fixed_change,
    fixed_comparison,
    no_change,
)
from spatial.targets.kept.previous import PreviousList, previous_list
from spatial.window import Window
from tests.spatial.targets.lists import GRID, cells_of, counts_of, ranked

FROM, THROUGH = dt.date(2020, 1, 1), dt.date(2026, 10, 31)
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2026, 9, 30))


def _window(first: str, last: str) -> Window:
    return Window(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def _fixed(
    window: Window | None, through: dt.date | None = None, cells: tuple[str, ...] = ()
) -> PreviousList:
    rows = [(f"PA-{n}", f"Place {n}", n, text) for n, text in enumerate(cells or (CELLS[0],), 1)]
    table = pd.DataFrame(rows, columns=["area_id", "name", "rank", "cells"])
    return previous_list(table, called="the list of spring", window=window, data_through=through)


CELLS = [cells_of(np.arange(at, at + 3)) for at in range(0, 12, 3)]


def test_the_dates_that_chose_the_areas_are_left_out() -> None:
    # worked by hand: chosen on November 2024 to October 2025; this window is the year after. The
    # year before it chose them, so it is set against the year before that.
    comparison, notes = fixed_comparison(
        _window("2025-11-01", "2026-10-31"),
        _fixed(_window("2024-11-01", "2025-10-31")),
        data_from=FROM,
        data_through=THROUGH,
        resolution=10,
    )
    assert comparison is not None
    assert comparison.before == _window("2023-11-01", "2024-10-31")
    assert "1 Nov 2024 to 31 Oct 2025, which chose them, is left out" in notes[0].text
    # chosen on a summer before: the autumn a year ago did not choose them, and is nearer
    comparison, _ = fixed_comparison(
        _window("2026-08-01", "2026-10-31"),
        _fixed(_window("2026-05-01", "2026-07-31")),
        data_from=FROM,
        data_through=THROUGH,
        resolution=10,
    )
    assert comparison is not None
    assert comparison.before == _window("2025-08-01", "2025-10-31")


@given(DAYS, st.integers(1, 500), st.integers(1, 500), st.integers(1, 400))
def test_the_three_windows_never_overlap(first: dt.date, days: int, chosen: int, gap: int) -> None:
    window = Window(first, first + dt.timedelta(days=days - 1))
    last = first - dt.timedelta(days=gap)
    chosen_on = Window(last - dt.timedelta(days=chosen - 1), last)
    comparison, notes = fixed_comparison(
        window, _fixed(chosen_on), data_from=FROM, data_through=THROUGH, resolution=10
    )
    assert len(notes) == 1
    assume(comparison is not None)
    assert isinstance(comparison, Comparison)
    assert comparison.before.last < comparison.now.first
    before = comparison.before
    assert before.last < chosen_on.first or before.first > chosen_on.last
    assert abs(before.days - comparison.now.days) <= 1
    away = (comparison.now.first - before.first).days
    assert min(away % 364, abs(away - round(away / 365.25) * 365.25)) <= 1
    assert before.first >= FROM


@pytest.mark.parametrize(
    ("fixed", "why"),
    [
        (None, "there is no earlier list"),
        (_fixed(None), "does not say which dates it was made on"),
        (_fixed(_window("2025-10-01", "2026-10-17")), "made on incidents up to 17 Oct 2026"),
        (_fixed(_window("2020-06-01", "2025-10-31")), "the data begin on 1 Jan 2020"),
        (
            previous_list(
                pd.DataFrame(
                    [("a", "A", 1, "891969a0a03ffff")], columns=["area_id", "name", "rank", "cells"]
                ),
                called="x",
                window=_window("2024-11-01", "2025-10-31"),
            ),
            "cells of resolution 9, not 10",
        ),
    ],
)
def test_where_it_cannot_be_fair_there_is_none_and_the_reason(
    fixed: PreviousList | None, why: str
) -> None:
    comparison, notes = fixed_comparison(
        _window("2025-11-01", "2026-10-31"),
        fixed,
        data_from=FROM,
        data_through=THROUGH,
        resolution=10,
    )
    assert comparison is None
    assert notes[0].text.startswith("No change is given: ")
    assert why in notes[0].text
    assert no_change(notes).areas.empty


def test_a_list_whose_data_ended_early_was_chosen_on_less() -> None:
    fixed = _fixed(_window("2025-01-01", "2025-12-31"), dt.date(2025, 10, 31))
    comparison, _ = fixed_comparison(
        _window("2025-11-01", "2026-10-31"),
        fixed,
        data_from=FROM,
        data_through=THROUGH,
        resolution=10,
    )
    assert comparison is not None


def test_the_figures_are_those_of_the_exact_ratio_where_the_areas_lay() -> None:
    now, before = np.zeros(len(GRID), dtype=np.int64), np.zeros(len(GRID), dtype=np.int64)
    now[0:3], before[0:3] = [3, 2, 1], [4, 4, 4]
    before[3] = 5
    comparison = Comparison(
        _window("2025-11-01", "2026-10-31"),
        _window("2023-11-01", "2024-10-31"),
        same_season=True,
        notes=(),
    )
    far = "8a2a1072b59ffff"
    found = fixed_change(
        _fixed(None, cells=(CELLS[0], CELLS[1], CELLS[2], far)),
        GRID,
        now=counts_of(now),
        before=counts_of(before),
        comparison=comparison,
    )
    exact = rate_ratios([6, 0], [12, 5], days_now=365, days_before=366)
    assert tuple(found.areas.columns) == FIXED_COLUMNS
    assert found.areas["area_id"].tolist() == ["PA-1", "PA-2", "PA-3"]
    for column, side in (("ratio", exact.ratio), ("low", exact.low), ("high", exact.high)):
        np.testing.assert_allclose(found.areas[f"change_{column}"][:2], side)
    assert found.areas["verdict"].iloc[2] == "too few to say"
    assert (found.whole["now"].item(), found.whole["before"].item()) == (6, 17)
    assert "1 earlier area lies outside" in found.notes[0].text
    assert "all 3 areas together" in found.notes[1].text


def test_fixed_areas_tell_the_truth_where_chosen_dates_and_still_listed_ones_do_not() -> None:
    # nothing changes: every cell has its own steady rate, and three years are drawn from it. Ratios
    # pooled over 150 towns, each with 8 places chosen on the second year.
    sums = dict.fromkeys(("fair", "flattered", "still listed"), (0, 0))
    for seed in range(150):
        rng = np.random.default_rng(seed)
        rate = rng.gamma(0.4, 2.0, len(GRID))
        before, chosen, now = (rng.poisson(rate) for _ in range(3))
        areas = ranked(chosen, 8).areas
        again = np.concatenate(ranked(now, 8).areas)
        stayed = [area for area in areas if np.isin(area, again).mean() >= 0.5]
        for name, chosen_areas, earlier in (
            ("fair", areas, before),
            ("flattered", areas, chosen),
            ("still listed", stayed, before),
        ):
            cells = np.concatenate([np.zeros(0, dtype=np.int64), *chosen_areas])
            had = sums[name]
            sums[name] = (had[0] + int(now[cells].sum()), had[1] + int(earlier[cells].sum()))
    ratio = {name: now / then for name, (now, then) in sums.items()}
    assert ratio["fair"] == pytest.approx(1, abs=0.03)
    assert ratio["flattered"] < 0.9
    assert ratio["still listed"] > 1.05
