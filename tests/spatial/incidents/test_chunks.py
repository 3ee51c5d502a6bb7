"""Chunks: a file read in many small pieces is the file read in one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from config.errors import BadInputError
from spatial.incidents.files import csv_text, readers
from spatial.incidents.load import LoadResult, load_incidents
from tests.spatial.incidents.exports import (
    FORCE_COLUMNS,
    FORCE_ROW,
    force_export,
    police_uk,
    report_of,
    rows_of,
    written,
)
from tests.spatial.incidents.exports import (
    csv_text as written_rows,
)

ASB = {"Crime ID": "", "Crime type": "Anti-social behaviour"}


def rows_like(number: int) -> bytes:
    """Rows of every kind: good, quoted over two lines, ragged, blank, without a date."""
    lines = []
    for row in range(number):
        cells = {**FORCE_ROW, "Incident Number": f"SM/{row}"}
        if row % 7 == 3:
            cells["Offence"] = 'He said "no",\nand left'
        if row % 11 == 5:
            cells["From"] = "31/02/2025 10:00"
        listed = [cells[column] for column in FORCE_COLUMNS]
        if row % 13 == 6:
            listed.append("one too many")
        if row % 17 == 8:
            listed = [""] * len(FORCE_COLUMNS)
        lines.append(listed)
    return written_rows(FORCE_COLUMNS, lines)


def loaded(
    content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch, *, chunk: int
) -> tuple[LoadResult, Path]:
    monkeypatch.setattr(readers, "CHUNK_BYTES", chunk)
    store = folder / str(chunk) / "store"
    return load_incidents([written(folder / "a.csv", content)], store), store


@pytest.mark.parametrize("chunk", [700, 1_500, 20_000])
def test_the_size_of_a_chunk_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    content = rows_like(200)
    whole, one = loaded(content, tmp_path, monkeypatch, chunk=1 << 24)
    pieces, many = loaded(content, tmp_path, monkeypatch, chunk=chunk)
    assert whole.read == 200
    assert whole.rejected > 30
    for name in ("read", "stored", "rejected", "duplicates", "load_id", "notes"):
        assert getattr(pieces, name) == getattr(whole, name)
    assert rows_of(many) == rows_of(one)
    assert whole.rejected_file is not None
    assert pieces.rejected_file is not None
    assert report_of(pieces.rejected_file) == report_of(whole.rejected_file)


def test_like_rows_are_numbered_from_chunk_to_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = police_uk(*[ASB] * 40)
    _, one = loaded(content, tmp_path, monkeypatch, chunk=1 << 24)
    pieces, many = loaded(content, tmp_path, monkeypatch, chunk=600)
    assert (pieces.stored, pieces.duplicates) == (40, 0)
    assert rows_of(many, "incident_id") == rows_of(one, "incident_id")


def test_what_only_the_whole_file_tells_is_judged_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    british = [{"Incident Number": str(row)} for row in range(30)]
    iso = [{"Incident Number": "99", "From": "2025-03-01 10:00", "To": ""}]
    with pytest.raises(BadInputError, match=r"dates in 2 formats.*row 2\).*row 32\)"):
        loaded(force_export(*british, *iso), tmp_path, monkeypatch, chunk=700)
    # the first chunks hold no location at all, the last one does
    lost = [{"Incident Number": str(row), "Easting": "", "Northing": ""} for row in range(30)]
    result, _ = loaded(force_export(*lost, {}), tmp_path, monkeypatch, chunk=700)
    assert result.stored == 31


@pytest.mark.parametrize("mark", ['"never closed', '"never closed,'])
def test_a_mark_left_open_is_found_in_any_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    rows = [{"Incident Number": str(row)} for row in range(60)]
    lines = force_export(*rows).split(b"\n")
    lines[20] = lines[20].replace(b"SM", mark.encode()).replace(b",24", f",{mark}".encode())
    with pytest.raises(BadInputError, match=r"row 21, opens a quotation mark"):
        loaded(b"\n".join(lines), tmp_path, monkeypatch, chunk=4_000)


def test_a_row_longer_than_a_chunk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInputError, match="a row longer than"):
        loaded(force_export({}, {"Offence": "x" * 5_000}), tmp_path, monkeypatch, chunk=2_000)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_any_encoding_is_read_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    rows = [{"Incident Number": str(row), "Force": "Heddlu Môr"} for row in range(80)]
    content = force_export(*rows).decode().encode(encoding)
    monkeypatch.setattr(csv_text, "_SCANNED", 1_000)
    pieces, many = loaded(content, tmp_path, monkeypatch, chunk=1_500)
    assert pieces.stored == 80
    assert {row[0] for row in rows_of(many, "force")} == {"Heddlu Môr"}
    packed = written(tmp_path / "b.csv.gz", gzip.compress(content))
    again = load_incidents([packed], many)
    assert (again.stored, again.load_id) == (0, pieces.load_id)


def test_dates_with_the_month_first_are_refused_however_they_are_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [f"03/{day:02}/2025 10:00" for day in range(1, 29)]
    rows = [{"Incident Number": str(row), "From": day, "To": ""} for row, day in enumerate(days)]
    with pytest.raises(BadInputError, match=r"16 dates.*exchanged, such as '03/13/2025 10:00'"):
        loaded(force_export(*rows), tmp_path, monkeypatch, chunk=700)
    # one slip among many is a row, not a file
    slips = [{"Incident Number": str(row)} for row in range(40)] + [rows[20]]
    result, _ = loaded(force_export(*slips), tmp_path, monkeypatch, chunk=700)
    assert (result.stored, result.rejected) == (40, 1)


def test_invisible_letters_in_a_heading_are_no_part_of_it(tmp_path: Path) -> None:
    content = force_export({}).replace(b"Easting", "\u200fEasting\u200b".encode())
    assert load_incidents([written(tmp_path / "a.csv", content)], tmp_path / "store").stored == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (force_export()[:-1], "has column names but no rows"),
        (force_export() + b"1,2\n3,4\n", "no row has as many columns as the first row"),
        (force_export({"From": "31/02/2025 10:00"}), "no row holds a possible date"),
        (force_export({"Easting": "6.27E+05", "Northing": "3.72E+05"}), "with an exponent"),
    ],
)
def test_what_is_wrong_with_every_row_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        load_incidents([written(tmp_path / "a.csv", content)], tmp_path / "store")


def test_two_stray_marks_that_swallow_rows_are_found(tmp_path: Path) -> None:
    rows = [{"Incident Number": str(row)} for row in range(60)]
    rows[10] |= {"Offence": '"abc'}
    rows[40] |= {"Offence": 'x"'}
    lines = [",".join(FORCE_COLUMNS)]
    lines += [",".join({**FORCE_ROW, **row}[name] for name in FORCE_COLUMNS) for row in rows]
    file = written(tmp_path / "a.csv", "\n".join(lines).encode())
    with pytest.raises(BadInputError, match="row 12, opens a quotation mark"):
        load_incidents([file], tmp_path / "store")


def test_a_number_that_stands_for_many_incidents_is_refused(tmp_path: Path) -> None:
    rows = [{"Incident Number": "000", "Easting": str(627_200 + 10 * row)} for row in range(12)]
    file = written(tmp_path / "a.csv", force_export({}, *rows))
    with pytest.raises(BadInputError, match=r"a.csv, row 3: its incident number.*12 different"):
        load_incidents([file], tmp_path / "store")
    # several records of one incident are that incident
    victims = [{"Victim Age": str(20 + row)} for row in range(12)]
    result = load_incidents([written(tmp_path / "b.csv", force_export(*victims))], tmp_path / "b")
    assert (result.read, result.stored, result.duplicates) == (12, 1, 11)
