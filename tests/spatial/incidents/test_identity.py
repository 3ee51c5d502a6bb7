"""Identity: which rows are one incident, within a file, across files and against the store."""

from __future__ import annotations

from pathlib import Path

from spatial.incidents.load import load_incidents
from tests.spatial.incidents.exports import (
    force_export,
    police_uk,
    report_of,
    snapshot,
    written,
    zipped,
)

ASB = {"Crime ID": "", "Crime type": "Anti-social behaviour"}


def test_like_rows_without_an_id_are_separate_in_one_file(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.csv", police_uk(ASB, ASB, ASB))
    result = load_incidents([file], store)
    assert (result.read, result.stored, result.duplicates) == (3, 3, 0)


def test_across_files_the_larger_number_of_like_rows_is_kept(tmp_path: Path, store: Path) -> None:
    two = written(tmp_path / "a.csv", police_uk(ASB, ASB))
    three = written(tmp_path / "b.csv", police_uk(ASB, ASB, ASB))
    result = load_incidents([two, three], store)
    assert (result.stored, result.duplicates) == (3, 2)
    duplicates = report_of(store / "duplicates" / f"{result.load_id}.csv")
    assert [(row["file"], row["row"], row["duplicate_of_row"]) for row in duplicates] == [
        ("b.csv", "2", "2"),
        ("b.csv", "3", "3"),
    ]
    # and against the store
    four = written(tmp_path / "c.csv", police_uk(ASB, ASB, ASB, ASB))
    later = load_incidents([four], store)
    assert (later.stored, later.duplicates) == (1, 3)


def test_a_repeated_id_names_the_row_and_what_differs(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.csv", force_export({}, {}, {"Knife": "Y", "Victim Age": ""}))
    result = load_incidents([file], store)
    duplicates = report_of(store / "duplicates" / f"{result.load_id}.csv")
    assert [(row["row"], row["duplicate_of_row"], row["difference"]) for row in duplicates] == [
        ("3", "2", "same"),
        ("4", "2", "knife victim_age_band"),
    ]


def test_a_duplicate_of_the_store_names_the_stored_row(tmp_path: Path, store: Path) -> None:
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    later = written(tmp_path / "b.csv", force_export({"Incident Number": "9"}, {}))
    result = load_incidents([later], store)
    assert (result.stored, result.duplicates) == (1, 1)
    [duplicate] = report_of(store / "duplicates" / f"{result.load_id}.csv")
    assert duplicate == {
        "file": "b.csv", "row": "3", "duplicate_of_file": "a.csv", "duplicate_of_row": "2",
        "difference": "same",
    }  # fmt: skip


def test_one_id_of_two_forces_is_two_incidents(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.csv", force_export({}, {"Force": "Another Force (fictional)"}))
    assert load_incidents([file], store).stored == 2


def test_loading_again_writes_nothing(tmp_path: Path, store: Path) -> None:
    content = force_export({}, {}, {"Incident Number": "2", "From": "31/02/2025 10:00"})
    file = written(tmp_path / "a.csv", content)
    first = load_incidents([file], store)
    before = snapshot(store)
    archive = zipped(tmp_path / "same.zip", {"other name.csv": content})
    for again in (load_incidents([file], store), load_incidents([archive], store)):
        assert (again.read, again.stored, again.rejected, again.duplicates) == (3, 0, 1, 2)
        assert again.load_id == first.load_id
    assert snapshot(store) == before


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    files = [
        written(tmp_path / "b.csv", force_export({}, {"Incident Number": "2"})),
        written(tmp_path / "a.csv", force_export({"Knife": "Y"}, {"Incident Number": "3"})),
    ]
    load_incidents(files, tmp_path / "one" / "store")
    load_incidents(files[::-1], tmp_path / "two" / "store")
    assert snapshot(tmp_path / "one" / "store") == snapshot(tmp_path / "two" / "store")
