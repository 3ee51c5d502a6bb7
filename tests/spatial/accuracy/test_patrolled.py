"""Patrolled place-days: read, taken out, and what is left raised to the whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import h3.api.basic_int as h3_int
import numpy as np
import pytest

from config.errors import BadInputError
from spatial.accuracy.patrolled import PlaceDays, lost_days, raised, read_place_days
from tests.spatial.accuracy.invented import town

GRID = town(3)


def _file(path: Path, *rows: str, head: str = "date,cells") -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_days_and_cells_are_read_once_each(tmp_path: Path) -> None:
    one, two = GRID.names()[:2]
    held = read_place_days(
        _file(
            tmp_path / "p.csv", f"2025-03-01,{one} {two}", f"2025-03-02,{one}", f"2025-03-02,{one}"
        )
    )
    assert held.resolution == 9
    assert len(held.cells) == 3
    lost = lost_days(held, GRID, first=dt.date(2025, 3, 1), until=dt.date(2025, 4, 1))
    assert lost[:3].tolist() == [2, 1, 0]
    later = lost_days(held, GRID, first=dt.date(2025, 3, 2), until=dt.date(2025, 4, 1))
    assert later[:2].tolist() == [1, 0]


def test_parts_of_a_cell_count_for_their_part_and_a_larger_one_for_all() -> None:
    cell = int(GRID.cells[5])
    day = np.array(["2025-03-01"], dtype="datetime64[D]")
    children = np.array(h3_int.cell_to_children(cell, 10)[:3], dtype=np.uint64)
    fine = PlaceDays(children, np.repeat(day, 3))
    march = {"first": dt.date(2025, 3, 1), "until": dt.date(2025, 4, 1)}
    assert lost_days(fine, GRID, **march)[5] == pytest.approx(3 / 7)
    parent = np.array([h3_int.cell_to_parent(cell, 8)], dtype=np.uint64)
    coarse = lost_days(PlaceDays(parent, day), GRID, **march)
    assert coarse[5] == 1
    assert coarse.sum() <= 7


def test_half_the_days_stand_for_all_and_never_by_more_than_four() -> None:
    np.testing.assert_allclose(raised(np.array([0.0, 15.0, 20.0, 29.5, 30.0]), 30), [1, 2, 3, 4, 4])


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        (["2025-03-01,{cell}"], "day,cells", "no column 'date'"),
        ([], "date,cells", "has no row"),
        (["1 March,{cell}"], "date,cells", "row 2: the date '1 March' is none"),
        (["2025-03-01,{cell}", "2025-03-01,nowhere"], "date,cells", "row 3: 'nowhere' is no H3"),
        (["2025-03-01,{cell} {other}"], "date,cells", "resolution 7, 9: give one of 8, 9, 10"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, rows: list[str], head: str, said: str) -> None:
    cell, other = int(GRID.cells[0]), h3_int.cell_to_parent(int(GRID.cells[0]), 7)
    filled = [row.format(cell=f"{cell:x}", other=f"{other:x}") for row in rows]
    with pytest.raises(BadInputError, match=said):
        read_place_days(_file(tmp_path / "p.csv", *filled, head=head))
    with pytest.raises(BadInputError, match="cannot be read as CSV"):
        read_place_days(tmp_path / "none.csv")
