"""Harm workbooks: headings that vary, codes in any spelling, choices stated, clear errors."""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from config import harm_workbook
from config.errors import BadInputError
from config.harm_scheme import load_harm_scheme
from config.harm_workbook import read_workbook

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
HEADINGS = ("Offence", "HO Class", "PRC Class", "Athena URN", "CCHI Score")
ROWS = [
    ("Murder", "001/01", "1", "1.1.1.1", 5475),
    ("Wounding, serious", "008/01", "8N", "8N.8.1.1", 547.5),
    ("Wounding, minor", "008/01", "8N", "8N.8.1.2", 19),
    ("Wounding of a constable", 801, "8S", "8S.8.1.1", "912.5"),
    ("Strangulation", "00877", "8X", "8X.1", "1,095"),
    ("Breach of order", "000/01", "99", "99.1", None),
]


def workbook(path: Path, rows: list[tuple[object, ...]], *, sheet: str = "Weights") -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Read me"
    first.append(["Notes on use"])
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    book.save(path)
    book.close()
    return path


def test_a_workbook_becomes_an_edition(tmp_path: Path) -> None:
    path = workbook(tmp_path / "CCHI Feb 2026.xlsx", [("Title",), (), HEADINGS, *ROWS])
    scheme = read_workbook(path)
    assert scheme.edition == "CCHI 2026 (workbook)"
    assert scheme.weigh("001/01", None, None).days == 5475
    assert scheme.weigh("008/77", "8N", None).days == 1095
    # several scores: the first listed, and said
    wound = scheme.weigh("008/01", "8N", None)
    assert wound.days == 547.5
    assert "others weigh 19" in wound.choice
    # the code alone: lower median of 547.5 (8N) and 912.5 (8S)
    assert scheme.weigh("008/01", None, None).days == 547.5
    assert scheme.weigh("008/01", "8S", None).days == 912.5
    assert scheme.weigh(None, "8S", None).days == 912.5
    # a blank score is no weight, not nothing
    assert scheme.weigh("000/01", None, None).days is None
    assert "CCHI Feb 2026.xlsx" in scheme.attribution


@pytest.mark.parametrize(
    "headings",
    [
        ("Offence title", "HO Code", "PRC code", "URN", "CCHI"),
        ("x", "Home Office Class", "Police recorded crime class", "Athena", "Score (days)"),
        ("OFFENCE", "H.O. class ", "prc", "urn", "CHI score 2026"),
    ],
)
def test_headings_may_vary(tmp_path: Path, headings: tuple[str, ...]) -> None:
    scheme = read_workbook(workbook(tmp_path / "w.xlsx", [headings, *ROWS]), edition="Ours")
    assert scheme.weigh("001/01", "1", None).days == 5475
    assert scheme.edition == "Ours"


def test_the_year_may_stand_in_the_sheets_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "w.xlsx", [HEADINGS, *ROWS], sheet="CCHI 2023")
    assert read_workbook(path).edition == "CCHI 2023 (workbook)"
    plain = workbook(tmp_path / "plain.xlsx", [HEADINGS, *ROWS])
    assert read_workbook(plain).edition == "CCHI workbook plain"


def test_another_workbook_is_another_digest(tmp_path: Path) -> None:
    one = read_workbook(workbook(tmp_path / "a.xlsx", [HEADINGS, *ROWS]))
    two = read_workbook(workbook(tmp_path / "b.xlsx", [HEADINGS, *ROWS[:2]]))
    assert one.digest_source != two.digest_source


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "b"), (1, 2)], r"w\.xlsx has no sheet with the headings HO class, PRC class"),
        ([HEADINGS], r"sheet 'Weights' has headings but no row"),
        ([HEADINGS, ("Murder", "001/01", "1", "", "life")], r"row 2: the score 'life' is not"),
        ([(), HEADINGS, ("Murder", "001/01", "1", "", -1)], r"row 3: the score -1 is not"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, rows: list[tuple[object, ...]], said: str
) -> None:
    with pytest.raises(BadInputError, match=said):
        read_workbook(workbook(tmp_path / "w.xlsx", rows))


@pytest.mark.parametrize("content", [b"", b"offence,days\n", b"PK\x03\x04 cut short"])
def test_a_file_that_is_no_workbook_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=r"w\.xlsx is not a readable \.xlsx workbook"):
        read_workbook(path)
    with pytest.raises(BadInputError, match=r"gone\.xlsx cannot be opened"):
        read_workbook(tmp_path / "gone.xlsx")


def test_a_wrong_size_in_the_sheet_cuts_nothing_short(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "w.xlsx", [HEADINGS, *ROWS])
    short = tmp_path / "short.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(short, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', text))
    assert short.read_bytes() != whole.read_bytes()
    assert read_workbook(short).weights == read_workbook(whole).weights


def test_a_workbook_damaged_inside_is_said(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "w.xlsx", [HEADINGS, *ROWS])
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text[: len(text) // 2] if "sheet2" in name else text)
    with pytest.raises(BadInputError, match=r"damaged\.xlsx is not a readable"):
        read_workbook(damaged)


def test_too_many_rows_are_no_table_of_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harm_workbook, "_MOST_ROWS", 5)
    path = workbook(tmp_path / "w.xlsx", [HEADINGS, *ROWS])
    with pytest.raises(BadInputError, match="more than 5 rows"):
        read_workbook(path)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared reference tables are absent")
def test_it_takes_the_2020_edition_as_the_shipped_table_does(tmp_path: Path) -> None:
    with (REFERENCE / "cchi_2020.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (r["title"], r["ho_code"], r["prc_class"], r["athena_urn"], float(r["days"]))
            for r in csv.DictReader(file)
        ]
    scheme = read_workbook(workbook(tmp_path / "2020.xlsx", [HEADINGS, *rows]))
    shipped = load_harm_scheme("cchi_2020")
    pairs = [key for key in scheme.weights if all(key) and shipped.weigh(*key, None).days]
    assert len(pairs) > 250
    assert [
        (key, scheme.weigh(*key, None).days, shipped.weigh(*key, None).days)
        for key in pairs
        if scheme.weigh(*key, None).days != shipped.weigh(*key, None).days
    ] == [(("125/12", "NN"), 2.0, 1.0)]  # a form that is not notifiable: no profile counts it
