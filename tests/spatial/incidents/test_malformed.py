"""Malformed files: each refused in one sentence and the store as it was, or balanced to the row."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import Polygon
from typer.testing import CliRunner

from config.errors import BadInputError
from harmhex.__main__ import cli
from spatial import unpacked
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.store import IncidentStore
from spatial.intake import load
from tests.spatial.incidents.exports import (
    balanced,
    force_export,
    report_of,
    snapshot,
    written,
)
from tests.spatial.incidents.malformed import GOOD, MENDED, REFUSED, archive, database, rows


def fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for name, content in snapshot(folder).items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds an incident already."""
    folder = tmp_path_factory.mktemp("held")
    load([written(folder / "first.csv", force_export({"Incident Number": "0"}))], folder / "store")
    return folder / "store"


def refused(path: Path, store: Path) -> str:
    """Load a path from the command line; return the one sentence, the store being untouched."""
    before = fingerprint(store)
    result = CliRunner().invoke(cli, ["load", str(path), "--store", str(store)])
    assert result.exit_code == 1
    assert fingerprint(store) == before
    assert "Traceback" not in result.output
    # steps of the work may stand before it
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("harmhex: ")
    assert sum(line.startswith("harmhex: ") for line in result.stderr.splitlines()) == 1
    said = last.removeprefix("harmhex: ")
    assert "went wrong inside the program" not in said
    assert str(path.parent) not in said
    assert path.name in said
    # a reason, and what to do about it
    assert said.count(". ") >= 1
    assert said.endswith((".", "FILE"))
    return said


def test_there_are_enough_of_them() -> None:
    assert len(REFUSED) >= 40


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, held: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(unpacked, "LEAST_SUSPECT", 1_000_000)
    content, words = REFUSED[name]
    assert words in refused(written(tmp_path / name, content), held)


@pytest.mark.parametrize("name", MENDED)
def test_what_can_be_read_is_balanced_to_the_row(tmp_path: Path, name: str) -> None:
    content, (read, stored, rejected) = MENDED[name]
    result = load([written(tmp_path / name, content)], tmp_path / "store")
    assert (result.read, result.stored, result.rejected) == (read, stored, rejected)
    assert balanced(result)
    # again: nothing new, nothing lost
    again = load([tmp_path / name], tmp_path / "store")
    assert (again.read, again.stored, again.rejected) == (read, 0, rejected)


def test_databases_and_areas_are_no_geopackage_of_points(tmp_path: Path, held: Path) -> None:
    path = tmp_path / "tables.gpkg"
    database(path)
    assert "is not a GeoPackage that can be read" in refused(path, held)
    area = gpd.GeoDataFrame({"n": [1]}, geometry=[Polygon([(0, 0), (1, 1), (1, 0)])], crs=27700)
    area.to_file(tmp_path / "areas.gpkg")
    assert "holds no layer of points" in refused(tmp_path / "areas.gpkg", held)


def test_formulas_are_made_harmless_in_reports(tmp_path: Path) -> None:
    """A spreadsheet that opens a report runs nothing."""
    danger = "=HYPERLINK(1)"
    content = force_export({"Incident Number": danger}, {"Incident Number": danger, "Offence": "B"})
    name = "=1+1.csv"
    bad = content + force_export({"Incident Number": "3", "From": "=1+1"}).splitlines()[1] + b"\n"
    result = load([written(tmp_path / name, bad)], tmp_path / "store")
    assert (result.read, result.rejected) == (3, 1)
    store = IncidentStore.open(tmp_path / "store")
    reports = sorted((store.path / "rejected").iterdir())
    assert reports
    for report in (*reports, *(store.path / "duplicates").iterdir()):
        for row in report_of(report):
            assert not any((cell or "").startswith(("=", "+", "-", "@")) for cell in row.values())


def test_a_folder_with_a_loop_of_links_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    written(folder / "a.csv", GOOD)
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "b.csv").symlink_to(folder / "b.csv")
    (folder / "c.csv").symlink_to(folder / "gone.csv")
    result = load([folder], tmp_path / "store")
    assert (result.read, result.stored) == (1, 1)
    with pytest.raises(BadInputError, match=r"b\.csv"):
        load([folder / "b.csv"], tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(BadInputError, match=r"a\.csv is neither a file nor a folder that can be"):
        load([tmp_path / "a.csv"], tmp_path / "store")


def test_what_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "in" / "a.csv", GOOD)
    packed = written(tmp_path / "b.zip", archive(("a.csv", GOOD)))

    opened = Path.open

    def forbidden(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    def forbidden_here(self: Path, *words: Any, **said: Any) -> object:  # noqa: ANN401
        return forbidden() if self == path else opened(self, *words, **said)

    # whoever runs these tests may be allowed to read anything
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", forbidden_here)
        with pytest.raises(BadInputError, match=r"^a\.csv cannot be opened \(Permission denied\)"):
            load([path], tmp_path / "store")
    with monkeypatch.context() as patched:
        patched.setattr(unpacked.zipfile, "ZipFile", forbidden)
        with pytest.raises(BadInputError, match=r"^b\.zip cannot be opened \(Permission denied\)"):
            load([packed], tmp_path / "store")
    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", forbidden)
        with pytest.raises(BadInputError, match="cannot be opened"):
            find_source_files([tmp_path / "in"])
    assert not (tmp_path / "store").exists()


def test_names_that_a_terminal_or_a_table_cannot_hold_are_shown_harmlessly(tmp_path: Path) -> None:
    strange = os.fsdecode(b"\xffa\x1b[31m.csv")
    result = load([written(tmp_path / strange, rows(1) + b"short\n")], tmp_path / "store")
    assert (result.stored, result.rejected) == (1, 1)
    with IncidentStore.open(tmp_path / "store").connect() as connection:
        ((name,),) = connection.execute("SELECT source_file FROM incidents").fetchall()
    assert name.isprintable()
    assert result.rejected_file is not None
    assert report_of(result.rejected_file)[0]["file"] == name
