"""The shell: drafts of mappings, and loads listed and undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.mapping import load_mapping
from harmhex.__main__ import cli
from tests.spatial.incidents.exports import csv_text, force_export, snapshot, written

RUNNER = CliRunner()


def run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def test_help_has_an_example() -> None:
    out, _ = run("undo", "--help")
    assert "Example: harmhex undo" in out


def test_a_load_of_nothing_new_is_listed_without_dates(tmp_path: Path) -> None:
    store = tmp_path / "store"
    rows = ({}, {"Incident Number": "2"})
    for name, said in (("a.csv", rows), ("b.csv", rows[:1])):
        run("load", written(tmp_path / name, force_export(*said)), "--store", store)
    out, _ = run("undo", "--store", store)
    assert out.splitlines()[1].endswith("0 stored  no new records  b.csv")


def test_a_full_disk_is_called_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        # as the writer of Parquet files says it: without a number or a file
        msg = "Error writing bytes to file. Detail: [errno 28] No space left on device"
        raise OSError(msg)

    monkeypatch.setattr("spatial.incidents.pouring.PartWriter.write", full)
    file = written(tmp_path / "a.csv", force_export({}))
    _, err = run("load", file, "--store", tmp_path / "store", code=1)
    assert "The disk is full. Free some space" in err
    assert not (tmp_path / "store").exists()


def test_loads_are_listed_and_one_is_undone(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for name, number in (("a.csv", "1"), ("b.csv", "2")):
        file = written(tmp_path / name, force_export({"Incident Number": number}))
        run("load", file, "--store", store)
    out, _ = run("undo", "--store", store, "--json")
    first, second = (load["load_id"] for load in json.loads(out)["loads"])
    out, _ = run("undo", "--store", store)
    assert [line.split()[0] for line in out.splitlines()] == [first, second]
    assert out.splitlines()[0].endswith("1 stored  2025-03-01 to 2025-03-01  a.csv")
    out, _ = run("undo", "--store", store, first)
    assert f"The load {first} is taken out: 1 incidents of 1 files." in out
    out, _ = run("undo", "--store", store, second, "--json")
    assert json.loads(out) == {"load_id": second, "removed": 1, "notes": []}
    out, _ = run("undo", "--store", store)
    assert out == "The store holds no loads.\n"


def test_an_unknown_load_exits_1_and_changes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("load", written(tmp_path / "a.csv", force_export({})), "--store", store)
    before = snapshot(store)
    _, error = run("undo", "--store", store, "zzz", code=1)
    assert "holds no load 'zzz'" in error
    assert snapshot(store) == before
    _, error = run("undo", "--store", tmp_path / "no", code=1)
    assert "does not exist" in error


def test_a_draft_is_printed_and_nothing_is_loaded(tmp_path: Path) -> None:
    header, row = force_export({}).decode().splitlines()
    renamed = header.replace("Incident Number", "Crime Ref").replace("From", "Committed From")
    file = written(tmp_path / "a.csv", f"{renamed}\n{row}\n".encode())
    _, error = run("load", file, "--store", tmp_path / "store", code=1)
    assert "harmhex load --propose FILE writes a first draft" in error
    out, error = run("load", "--propose", file)
    assert error == ""
    mine = written(tmp_path / "mine.toml", out.encode())
    assert load_mapping(mine).columns.incident_id == "Crime Ref"
    run("load", file, "--store", tmp_path / "store", "--mapping", mine)
    out, _ = run("undo", "--store", tmp_path / "store")
    assert "1 stored" in out


@pytest.mark.parametrize("content", [b"", csv_text(["Name", "Colour"], [["A", "B"]])])
def test_what_cannot_be_drafted_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = written(tmp_path / "a.csv", content)
    out, error = run("load", "--propose", file, code=1)
    assert out == ""
    assert len(error.strip().splitlines()) == 1
