"""Source files: what is read, what is skipped, and what each is called."""

from __future__ import annotations

import gzip
from pathlib import Path

from spatial.incidents.sources import find_source_files
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
