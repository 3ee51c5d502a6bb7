"""Source files: what is read, what is skipped, and what each is called."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
from pathlib import Path

import pytest

from config.errors import BadInputError
from spatial import unpacked as unpacking
from spatial.incidents.files.sources import SourceFile, find_source_files
from spatial.notes import texts
from tests.spatial.incidents.exports import written, zipped

STREET = ("*-street.csv",)


def test_an_archive_gives_its_street_files_and_says_what_it_skipped(tmp_path: Path) -> None:
    archive = zipped(
        tmp_path / "essex.zip",
        {
            "2025-02/2025-02-essex-street.csv": b"2",
            "2025-01/2025-01-essex-street.csv": b"1",
            "2025-01/2025-01-essex-outcomes.csv": b"3",
            "2025-01/2025-01-essex-stop-and-search.csv": b"4",
            "__MACOSX/._2025-01-essex-street.csv": b"5",
        },
    )
    files, notes = find_source_files([archive], patterns=STREET)
    assert [file.name for file in files] == [
        "essex.zip/2025-01/2025-01-essex-street.csv",
        "essex.zip/2025-02/2025-02-essex-street.csv",
    ]
    assert [file.read_bytes() for file in files] == [b"1", b"2"]
    assert texts(notes) == [
        "Stop-and-search files, which are never read: 1.",
        "Files skipped that hold no incidents, such as outcomes: 1.",
    ]


def test_a_folder_is_searched_to_the_bottom(tmp_path: Path) -> None:
    written(tmp_path / "in" / "a.csv", b"1")
    written(tmp_path / "in" / "deep" / "er" / "b.csv.gz", gzip.compress(b"2"))
    written(tmp_path / "in" / "readme.txt", b"3")
    files, notes = find_source_files([tmp_path / "in"], patterns=STREET)
    assert [(file.name, file.read_bytes()) for file in files] == [
        ("a.csv", b"1"),
        ("deep/er/b.csv.gz", b"2"),
    ]
    assert notes == ()


def test_files_of_one_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    paths = [written(tmp_path / year / "crime.csv", b"1") for year in ("2025", "2024")]
    files, _ = find_source_files(paths)
    assert [file.name for file in files] == ["2024/crime.csv", "2025/crime.csv"]
    # the same file twice is read twice, under two names
    twice, _ = find_source_files([paths[0], paths[0]])
    assert [file.name for file in twice] == ["2025/crime.csv", "2025/crime.csv (2)"]


POINT = b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, '
POINT += b'"geometry": {"type": "Point", "coordinates": [1, 53]}}]}'
AREA = POINT.replace(b"Point", b"Polygon")


def test_every_kind_of_file_is_taken_from_a_folder_and_from_archives_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for name in ("a.csv", "b.xlsx", "c.parquet", "d.gpkg", "e.xlsm"):
        written(folder / name, b"1")
    written(folder / "f.geojson", POINT)
    (folder / "deep").mkdir()
    zipped(folder / "deep" / "g.zip", {"h.csv": b"1", "x/i.xlsx": b"2", "j.csv.gz": b"3"})
    # map layers, by their name or by what they hold, and what a system keeps for itself
    written(folder / "streets.geojson", POINT)
    written(folder / "wards.geojson", AREA)
    written(folder / ".git" / "k.csv", b"1")
    written(folder / "~$b.xlsx", b"1")
    files, notes = find_source_files([folder])
    assert [file.name for file in files] == [
        "a.csv", "b.xlsx", "c.parquet", "d.gpkg", "deep/g.zip/h.csv", "deep/g.zip/j.csv.gz",
        "deep/g.zip/x/i.xlsx", "e.xlsm", "f.geojson",
    ]  # fmt: skip
    assert notes == ()


def test_layers_in_an_archive_and_old_workbooks_are_said(tmp_path: Path) -> None:
    archive = zipped(
        tmp_path / "a.zip",
        {"a.csv": b"1", "beats.geojson": AREA, "w.geojson": AREA, "old.xls": b"1", "o.ods": b"2"},
    )
    files, notes = find_source_files([archive])
    assert [file.member for file in files] == ["a.csv"]
    assert [(note.loud, note.text) for note in notes] == [
        (True, "Map layers in an archive or an inner folder, read only when they are named: 2."),
        (True, "Workbooks of old kinds, which are not read: 2. Save them as .xlsx or as CSV."),
    ]


CONTENT = b"a,b\n1,2\n" * 1_000


@pytest.mark.parametrize("kind", ["plain", "gz", "zip", "zip of gz"])
def test_content_is_streamed_and_hashed_alike_however_it_is_packed(
    tmp_path: Path, kind: str
) -> None:
    if kind == "plain":
        file = SourceFile("a.csv", written(tmp_path / "a.csv", CONTENT))
    elif kind == "gz":
        # two gzip members, one after the other, are one file
        packed = gzip.compress(CONTENT[:5_000]) + gzip.compress(CONTENT[5_000:])
        file = SourceFile("a.csv.gz", written(tmp_path / "a.csv.gz", packed))
    else:
        member = "a.csv.gz" if kind == "zip of gz" else "a.csv"
        inner = gzip.compress(CONTENT) if kind == "zip of gz" else CONTENT
        path = zipped(tmp_path / "a.zip", {member: inner})
        file = SourceFile(f"a.zip/{member}", path, member)
    with file.opened() as stream:
        assert stream.read(7) == CONTENT[:7]
        assert stream.seekable() is (kind == "plain")
        assert stream.read() == CONTENT[7:]
    assert file.sha256() == hashlib.sha256(CONTENT).hexdigest()
    held = file.on_disk()
    assert held.path.read_bytes() == CONTENT
    assert held.sha256 == file.sha256()
    folder = held.path.parent
    assert (folder == tmp_path) is (kind == "plain")
    del held
    # what was unpacked goes; what was given stays
    assert folder.exists() is (kind == "plain")


def lying(path: Path, size: int) -> Path:
    """Make an archive that says its one member is far smaller than it is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * size)
    content = bytearray(path.read_bytes())
    said, small = size.to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert content.count(said) == 2
    path.write_bytes(bytes(content).replace(said, small))
    return path


def test_bytes_are_counted_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LEAST_SUSPECT", 100_000)
    zeros = b"0" * 3_000_000
    packed = SourceFile("a.csv.gz", written(tmp_path / "a.csv.gz", gzip.compress(zeros)))
    with pytest.raises(BadInputError, match=r"a\.csv\.gz unpacks to more than 1,000 times its"):
        packed.sha256()
    path = zipped(tmp_path / "a.zip", {"a.csv": b""})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", zeros)
    with pytest.raises(BadInputError, match=r"a\.zip/a\.csv unpacks to more than 1,000 times its"):
        SourceFile("a.zip/a.csv", path, "a.csv").read_bytes()
    # honest text of the same size is read
    text = b"".join(b"%d,%d\n" % (n, n * n) for n in range(100_000))
    honest = SourceFile("b.csv.gz", written(tmp_path / "b.csv.gz", gzip.compress(text)))
    assert honest.read_bytes() == text
    # one that lies about its size stops at what it said, and its checksum is wrong
    liar = SourceFile("l.zip/a.csv", lying(tmp_path / "l.zip", 70_000), "a.csv")
    with pytest.raises(BadInputError, match=r"l\.zip/a\.csv is damaged and cannot be unpacked"):
        liar.read_bytes()


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {"a.gpkg": CONTENT})
    monkeypatch.setattr(unpacking.tempfile, "mkdtemp", lambda **_: str(tmp_path / "gone"))
    with pytest.raises(BadInputError, match=r"no room to unpack a\.zip/a\.gpkg in the temporary"):
        SourceFile("a.zip/a.gpkg", path, "a.gpkg").on_disk()
