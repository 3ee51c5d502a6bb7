"""Workbooks: what a spreadsheet holds, and what it half understood."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from config.errors import BadInputError
from spatial.incidents.files import workbooks
from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from spatial.notes import texts
from tests.spatial.incidents.exports import FORCE_COLUMNS, force_export, written
from tests.spatial.incidents.files.kinds_of_file import TWO, held, sheet_rows, workbook


def test_a_workbook_gives_what_its_csv_gives(tmp_path: Path, plain: list[Any]) -> None:
    path = workbook(tmp_path / "a.xlsx", sheet_rows(*TWO))
    result, rows = held(path, tmp_path)
    assert rows == plain
    assert not any("sheets" in text for text in texts(result.notes))
    assert (result.read, result.stored) == (2, 2)


def test_of_several_sheets_the_first_that_is_filled_is_read_and_named(
    tmp_path: Path, plain: list[Any]
) -> None:
    path = workbook(
        tmp_path / "a.xlsx", sheet_rows(*TWO), before=("Cover", "Blank"), after=("Lookups",)
    )
    result, rows = held(path, tmp_path)
    assert rows == plain
    said = [note for note in result.notes if "4 sheets: only 'Crimes' was read" in note.text]
    assert [note.loud for note in said] == [True]


def test_an_error_cell_is_blank_and_a_formula_is_its_saved_value(tmp_path: Path) -> None:
    rows = sheet_rows({}, {"Incident Number": "2"}, {"Incident Number": "3"})
    knife, start = FORCE_COLUMNS.index("Knife"), FORCE_COLUMNS.index("From")
    rows[1][knife] = "#REF!"
    rows[2][start] = "#N/A"
    rows[3][knife] = "=1+1"  # never calculated, so that no value was saved
    result, kept = held(workbook(tmp_path / "a.xlsx", rows), tmp_path)
    assert (result.read, result.stored, result.rejected) == (3, 2, 1)
    assert [row[-1] for row in kept] == ["unknown", "unknown"]
    assert any("such as #REF!: 2. They were read as blank" in text for text in texts(result.notes))


def test_blank_rows_of_a_sheet_are_counted_but_not_those_at_its_end(tmp_path: Path) -> None:
    rows = sheet_rows(*TWO)
    rows.insert(0, [])
    rows.insert(3, [])
    path = workbook(tmp_path / "a.xlsx", [*rows, [None] * 5, [None] * 5])
    result, _ = held(path, tmp_path)
    assert (result.read, result.stored, result.rejected) == (3, 2, 1)
    with IncidentStore.open(tmp_path / "store-a.xlsx").connect() as connection:
        found = connection.execute("SELECT source_row FROM incidents ORDER BY 1").fetchall()
    # as the sheet numbers them: header in row 2, a blank row 4
    assert found == [(3,), (5,)]


def test_dates_that_a_workbook_half_understood_are_refused(tmp_path: Path) -> None:
    # typed as day before month and opened as month before day: 13 and more stay text
    rows = sheet_rows(*TWO)
    rows[2][FORCE_COLUMNS.index("From")] = "13/03/2025 10:00"
    with pytest.raises(BadInputError, match="column 'From' holds dates in 2 formats"):
        held(workbook(tmp_path / "a.xlsx", rows), tmp_path)


def test_broken_workbooks_are_one_sentence(tmp_path: Path) -> None:
    blank = workbook(tmp_path / "blank.xlsx", [], before=("One",))
    with pytest.raises(BadInputError, match=r"blank\.xlsx has no sheet with anything in it"):
        load_incidents([blank], tmp_path / "store")
    stranger = io.BytesIO()
    with zipfile.ZipFile(stranger, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    path = written(tmp_path / "a.xlsx", stranger.getvalue())
    with pytest.raises(BadInputError, match=r"a\.xlsx is not a workbook that can be read"):
        load_incidents([path], tmp_path / "store")
    whole = workbook(tmp_path / "b.xlsx", sheet_rows({})).read_bytes()
    torn = written(tmp_path / "torn.xlsx", whole[: len(whole) // 2])
    with pytest.raises(BadInputError, match=r"torn\.xlsx is not a workbook"):
        load_incidents([torn], tmp_path / "store")
    twice = workbook(tmp_path / "twice.xlsx", [["From", "from"], [1, 2]])
    with pytest.raises(BadInputError, match="has the column 'from' twice"):
        load_incidents([twice], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_workbook_made_to_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 1_000)
    path = workbook(tmp_path / "a.xlsx", sheet_rows({}))
    with pytest.raises(BadInputError, match=r"a\.xlsx unpacks to more than 4 GB"):
        load_incidents([path], tmp_path / "store")


def test_workbooks_in_a_folder_are_read_and_old_ones_not_passed_over_in_silence(
    tmp_path: Path,
) -> None:
    written(tmp_path / "in" / "a.csv", force_export({}))
    workbook(tmp_path / "in" / "b.xlsx", sheet_rows({"Incident Number": "2"}))
    written(tmp_path / "in" / "~$b.xlsx", b"a lock")
    written(tmp_path / "in" / "old" / "c.xls", b"\xd0\xcf\x11\xe0")
    result = load_incidents([tmp_path / "in"], tmp_path / "store")
    assert result.stored == 2
    said = [note for note in result.notes if "Workbooks" in note.text]
    assert [(note.text, note.loud) for note in said] == [
        ("Workbooks of old kinds, which are not read: 1. Save them as .xlsx or as CSV.", True)
    ]
