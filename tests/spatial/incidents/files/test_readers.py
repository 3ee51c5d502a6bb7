"""Readers: every kind of file gives the same incidents as the CSV file it was made from."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from config.errors import BadInputError
from spatial import unpacked
from spatial.incidents.files import geofiles, parquets
from spatial.incidents.files.formats import open_source
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.files.tables import as_text
from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from spatial.notes import texts
from tests.spatial.incidents.exports import force_export, written, zipped
from tests.spatial.incidents.files.kinds_of_file import (
    TWO,
    as_typed,
    feature_collection,
    held,
    points_of,
    sheet_rows,
    workbook,
)


@pytest.mark.parametrize(
    ("mark", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")]
)
def test_any_separator_is_read_and_said(
    tmp_path: Path, plain: list[Any], mark: str, words: str
) -> None:
    content = force_export(*TWO).decode().replace(",", mark)
    result, rows = held(written(tmp_path / "a.csv", content.encode()), tmp_path)
    assert rows == plain
    assert f"a.csv is separated by {words}, not commas, and was read so." in texts(result.notes)


def test_a_separator_inside_quotation_marks_separates_nothing(tmp_path: Path) -> None:
    header, row = force_export({}).decode().splitlines()
    content = f'{header},"a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t;u;v"\n{row},x\n'
    result, rows = held(written(tmp_path / "a.csv", content.encode()), tmp_path)
    assert len(rows) == 1
    assert not any("separated by" in text for text in texts(result.notes))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_any_encoding_is_read(tmp_path: Path, plain: list[Any], encoding: str) -> None:
    text = force_export(*({**change, "Force": "Polic\u00e9"} for change in TWO)).decode()
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    content = marks.get(encoding, b"") + text.encode(encoding)
    result, rows = held(written(tmp_path / "a.csv", content), tmp_path)
    assert rows == plain
    with IncidentStore.open(tmp_path / "store-a.csv").connect() as connection:
        assert connection.execute("SELECT DISTINCT force FROM incidents").fetchall() == [
            ("Polic\u00e9",)
        ]
    assert any("UTF-16" in text for text in texts(result.notes)) is encoding.startswith("utf-16")


def test_parquet_gives_what_its_csv_gives(tmp_path: Path, plain: list[Any]) -> None:
    frame = pd.DataFrame([as_typed(change) for change in TWO])
    frame["Knife"] = frame["Knife"].astype("category")
    frame.to_parquet(tmp_path / "a.parquet")
    assert held(tmp_path / "a.parquet", tmp_path)[1] == plain


@pytest.mark.parametrize("suffix", ["parquet", "gpkg", "xlsx", "geojson"])
def test_every_kind_is_read_inside_an_archive_and_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(parquets, "_ROWS", 3)
    monkeypatch.setattr(geofiles, "_ROWS", 3)
    changes = [{"Incident Number": str(number)} for number in range(8)]
    path = tmp_path / f"a.{suffix}"
    if suffix == "xlsx":
        workbook(path, sheet_rows(*changes))
    elif suffix == "geojson":
        written(path, feature_collection(*({"Crime ID": str(number)} for number in range(8))))
    elif suffix == "gpkg":
        points_of(*changes).to_file(path, layer="crimes")
    else:
        points_of(*changes).to_parquet(path)
    archive = zipped(tmp_path / "a.zip", {f"in/a.{suffix}": path.read_bytes()})
    (file,), _ = find_source_files([archive])
    opened = open_source(file)
    wanted = ["Crime ID" if suffix == "geojson" else "Incident Number", "Force"]
    if suffix == "geojson":
        wanted[1] = "Latitude"
    elif suffix != "xlsx":
        wanted += ["Easting", "Latitude"]
    pieces = list(opened.chunks(wanted))
    assert len(pieces) == (3 if suffix in {"parquet", "gpkg"} else 1)
    numbers = [row for piece in pieces for row in piece.rows.tolist()]
    assert numbers == list(range(2, 10))
    ids = [text for piece in pieces for text in piece.columns[wanted[0]].to_pylist()]
    assert ids == [str(number) for number in range(8)]
    whole = opened.read(wanted)
    assert whole.rows.tolist() == numbers
    for column in wanted:
        joined = [text for piece in pieces for text in piece.columns[column].to_pylist()]
        assert whole.columns[column].to_pylist() == joined
    assert opened.sha256 == file.sha256()
    mapping = "police_uk" if suffix == "geojson" else "force_export"
    result = load_incidents([archive], tmp_path / "store", mapping=mapping)
    assert (result.read, result.stored) == (8, 8)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([627200.0, 0.1, None, 1e-5, 1e15]),
         ["627200", "0.1", None, "0.00001", "1000000000000000"]),
        (pa.array([2**53 + 1, None], pa.int64()), ["9007199254740993", None]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([dt.date(2025, 3, 1), None]), ["2025-03-01T00:00:00", None]),
        (pa.array(["a", "", None], pa.large_string()), ["a", None, None]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([0.1, 16777216.0], pa.float32()), ["0.1", "16777216"]),
        (pa.array([float("inf"), float("nan"), 5e-7, -2.5, 1e22]),
         [None, None, "0.0000005", "-2.5", "10000000000000000000000"]),
        (pa.chunked_array([pa.array([1e16, 0.5]), pa.array([None, 1e10], pa.float64())]),
         ["10000000000000000", "0.5", None, "10000000000"]),
    ],
)  # fmt: skip
def test_values_become_text_without_loss(values: pa.Array, expected: list[str | None]) -> None:
    assert as_text(values).to_pylist() == expected


def test_an_archive_made_to_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MOST_BYTES", 1_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 100_000)
    with pytest.raises(BadInputError, match=r"a\.zip/a\.csv unpacks to more than"):
        load_incidents([tmp_path / "a.zip"], tmp_path / "store")
