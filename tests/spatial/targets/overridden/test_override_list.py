"""The override list: the register's table and a file say the same, and bad rows are named."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest

from config.errors import BadInputError
from register import overrides as register_overrides
from register.opening import open_register
from register.overrides import OverrideDraft
from spatial.targets.overridden import override_list
from spatial.targets.overridden.override_list import (
    OVERRIDE_COLUMNS,
    OverlapError,
    overrides_of,
    read_overrides,
)
from tests.spatial.targets.lists import GRID, cells_of, override, overrides

NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
CELLS = [cells_of(GRID.positions(GRID.cells[[at]])) for at in range(6)]


def _file(folder: Path, *rows: dict[str, str], leave_out: tuple[str, ...] = ()) -> Path:
    columns = [column for column in OVERRIDE_COLUMNS if column not in leave_out]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "overrides.csv"
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path


def test_the_register_and_we_mean_the_same() -> None:
    assert override_list.KINDS == register_overrides.KINDS
    assert vars(register_overrides)["_NEEDS"] == vars(override_list)["_NEEDS"]
    assert register_overrides.TABLE_COLUMNS == OVERRIDE_COLUMNS


def test_what_the_register_keeps_is_read(tmp_path: Path) -> None:
    register = open_register(tmp_path / "register.db")
    drafts = [
        OverrideDraft(kind="drop", areas=("PA-1",), reason="a prison"),
        OverrideDraft(
            kind="split", areas=("PA-2",), cells=((CELLS[0],), tuple(CELLS[1:3])), reason="a wall"
        ),
        OverrideDraft(kind="add", cells=((CELLS[4],),), name="Bus station", reason="new buses"),
    ]
    try:
        with register.writing() as session:
            for draft in drafts:
                register_overrides.add(session, draft, now=NOW, by="chair")
        with register.reading() as session:
            table = register_overrides.table(session)
    finally:
        register.close()
    read = overrides_of(table)
    assert [one.kind for one in read] == ["drop", "split", "add"]
    assert [[len(group) for group in one.groups] for one in read] == [[], [1, 2], [1]]
    assert read[1].keeper == 1
    assert len(read[1].made_ids) == 1
    assert len(read[2].made_ids) == 1
    assert {one.by for one in read} == {"chair"}
    # written out and read from a file, they are the same
    again = read_overrides(_file(tmp_path, *table.to_dict("records")))
    assert [(o.override_id, o.kind, o.areas, o.at) for o in again] == [
        (o.override_id, o.kind, o.areas, o.at) for o in read
    ]


def test_a_short_file_will_do(tmp_path: Path) -> None:
    path = _file(
        tmp_path, override("drop", areas="PA-1"), leave_out=("override_id", "cells", "name")
    )
    (read,) = read_overrides(path)
    assert (read.override_id, read.areas) == ("row 2", ("PA-1",))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (override("remove", areas="PA-1"), "row 2: kind 'remove' is not one of drop, nudge"),
        ({**override("drop", areas="PA-1"), "reason": ""}, "row 2: reason is empty"),
        ({**override("drop", areas="PA-1"), "by": " "}, "row 2: by is empty"),
        ({**override("drop", areas="PA-1"), "at": "21st"}, "row 2: at '21st' is no date"),
        (override("drop"), "row 2: areas holds 0 area ids; drop takes 1"),
        (override("merge", areas="PA-1"), "areas holds 1 area ids; merge takes 2 to 10"),
        (override("split", areas="PA-1", cells=CELLS[0]), "cells holds 1 groups of cells"),
        (override("add", cells=CELLS[0]), "row 2: name is empty"),
        (override("add", cells="zz", name="X"), "row 2: cells holds 'zz', which is no H3 cell"),
        (
            override("split", areas="PA-1", cells=f"{CELLS[0]};{CELLS[0]} {CELLS[1]}"),
            "a cell stands in two groups",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, row: dict[str, str], said: str) -> None:
    with pytest.raises(BadInputError, match=r".") as refused:
        read_overrides(_file(tmp_path, row))
    assert str(refused.value).startswith("overrides.csv")
    assert said in str(refused.value)


def test_columns_nobody_knows_and_ids_given_twice_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "overrides.csv"
    path.write_text("kind,cell,reason,by,at\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"the column 'cell' is not known"):
        read_overrides(path)
    row = override("drop", areas="PA-1")
    with pytest.raises(BadInputError, match="override_id 'o1' stands twice"):
        read_overrides(_file(tmp_path, row, row))


def test_areas_drawn_by_hand_that_overlap_are_refused_with_what_is_possible() -> None:
    first = override("add", 1, cells=" ".join(CELLS[:3]), name="Bus station")
    second = override("nudge", 2, areas="PA-1", cells=" ".join(CELLS[2:5]))
    with pytest.raises(BadInputError, match=r".") as refused:
        overrides(first, second)
    said = str(refused.value)
    assert (
        "The nudge of PA-1 (chair) and the add of 'Bus station' (chair) overlap in 1 of 3" in said
    )
    assert "Leave out the 1 they share and 2 stay." in said
    # for who may not see who drew them
    assert isinstance(refused.value, OverlapError)
    assert refused.value.unsigned == said.replace(" (chair)", "")
    # a second nudge of one area takes the place of the first
    again = override("nudge", 3, areas="PA-1", cells=" ".join(CELLS[3:5]))
    assert len(overrides(second, again)) == 2
