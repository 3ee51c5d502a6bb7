from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInputError
from config.profile import load_profile
from spatial.hexes.counts import count_cells
from spatial.hexes.months import (
    MonthlyCells,
    count_months,
    months_of,
    months_window,
    whole_months,
)
from spatial.incidents.select import profile_condition
from spatial.scene import open_scene
from spatial.window import Window

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore

YEAR = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))


def test_the_months_add_up_to_the_window(saltmere_store: IncidentStore) -> None:
    scene = open_scene(saltmere_store, None, 9)
    condition = profile_condition(load_profile("ark"))
    counts = count_cells(scene.connection, condition, window=YEAR, grid=scene.grid)
    months = count_months(scene.connection, condition, window=YEAR, grid=scene.grid)
    at = scene.grid.positions(months.cells)
    assert (months.rolled(months.incidents, length=12)[:, 0] == counts.incidents[at]).all()
    assert (months.rolled(months.harm, length=12)[:, 0] == counts.harm[at]).all()
    assert len(months.cells) == (counts.incidents > 0).sum()
    october = Window(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    alone = count_cells(scene.connection, condition, window=october, grid=scene.grid)
    assert months.by_month(months.incidents)[-1] == alone.incidents.sum()


def test_part_months_are_refused(saltmere_store: IncidentStore) -> None:
    scene = open_scene(saltmere_store, None, 9)
    with pytest.raises(BadInputError, match="whole months"):
        count_months(
            scene.connection, "TRUE", grid=scene.grid,
            window=Window(dt.date(2026, 1, 2), dt.date(2026, 2, 28)),
        )  # fmt: skip


def test_only_whole_months_of_the_data() -> None:
    assert whole_months(dt.date(2025, 1, 1), dt.date(2025, 12, 31), most=60) == Window(
        dt.date(2025, 1, 1), dt.date(2025, 12, 31)
    )
    # a month begun before the data, and one that has not ended
    assert whole_months(dt.date(2025, 1, 2), dt.date(2025, 12, 30), most=60) == Window(
        dt.date(2025, 2, 1), dt.date(2025, 11, 30)
    )
    assert whole_months(dt.date(2015, 1, 1), dt.date(2025, 12, 31), most=24).first == dt.date(
        2024, 1, 1
    )
    with pytest.raises(BadInputError, match="no whole month"):
        whole_months(dt.date(2025, 1, 2), dt.date(2025, 2, 27), most=60)


def test_windows_of_months() -> None:
    months = months_of(YEAR)
    assert len(months) == 12
    assert months_window(months, 11, 12) == YEAR
    assert months_window(months, 3, 3) == Window(dt.date(2025, 12, 1), dt.date(2026, 2, 28))


@given(st.data())
def test_running_sums_and_chosen_cells_conserve(data: st.DataObject) -> None:
    cells, months = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 8))
    rows = data.draw(
        st.lists(
            st.tuples(st.integers(0, cells - 1), st.integers(0, months - 1), st.integers(1, 9)),
            max_size=30,
        )
    )
    at = np.array([row[0] for row in rows], dtype=np.int64)
    when = np.array([row[1] for row in rows], dtype=np.int64)
    count = np.array([row[2] for row in rows], dtype=np.int64)
    made = MonthlyCells(
        np.arange(cells, dtype=np.uint64),
        months_of(YEAR)[:months],
        at, when, count, count * 1_000,
    )  # fmt: skip
    length = data.draw(st.integers(1, months))
    rolled = made.rolled(count, length=length)
    assert rolled.shape == (cells, months - length + 1)
    for step in range(rolled.shape[1]):
        inside = (when >= step) & (when < step + length)
        assert rolled[:, step].sum() == count[inside].sum()
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=cells, max_size=cells)))
    some = made.only(chosen)
    assert (some.rolled(some.incidents, length=length) == rolled[chosen]).all()
