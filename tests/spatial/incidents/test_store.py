"""The store: what opens, what does not, and what its fingerprint stands for."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from filelock import FileLock

from config.errors import BadInputError
from spatial.incidents import commit
from spatial.incidents.load import load_incidents
from spatial.incidents.schema import INCIDENT_SCHEMA
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import force_export, police_uk, snapshot, written


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "store"
    load_incidents([written(tmp_path / "a.csv", force_export({}))], path)
    return path


def test_what_is_no_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"'gone' does not exist\. Make one with: harmhex load"):
        IncidentStore.open(tmp_path / "gone")
    with pytest.raises(BadInputError, match="is not an incident store"):
        IncidentStore.open(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"product": "x", "format": "y"}'])
def test_a_broken_manifest_is_one_sentence(store: Path, content: str) -> None:
    (store / "store.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"has a store\.json that cannot be read"):
        IncidentStore.open(store)


def test_a_newer_store_is_not_read(store: Path) -> None:
    manifest = json.loads((store / "store.json").read_text(encoding="utf-8"))
    newer = {**manifest, "format": 3, "loads": [{"unheard": "of"}]}
    (store / "store.json").write_text(json.dumps(newer), encoding="utf-8")
    with pytest.raises(BadInputError, match=r"newer version of Harmhex \(format 3"):
        IncidentStore.open(store)


def test_a_lost_part_is_noticed(store: Path) -> None:
    for part in (store / "incidents").iterdir():
        part.unlink()
    with pytest.raises(BadInputError, match="has lost the file 'incidents/"):
        IncidentStore.open(store)


def test_a_load_comes_back_as_it_was_recorded(store: Path) -> None:
    [load] = IncidentStore.open(store).loads
    assert (load.read, load.stored, load.rejected, load.duplicates) == (1, 1, 0, 0)
    assert (load.data_from, load.data_through) == (dt.date(2025, 3, 1), dt.date(2025, 3, 1))
    assert (load.source, load.mapping, load.harm_edition) == (
        "force export", "force_export", "CCHI 2020",
    )  # fmt: skip
    assert [(file.name, file.rows) for file in load.files] == [("a.csv", 1)]


def test_the_fingerprint_changes_when_and_only_when_incidents_do(
    store: Path, tmp_path: Path
) -> None:
    before = IncidentStore.open(store).fingerprint
    load_incidents([], store, extras={"context/streets.geojson": b"{}"})
    assert IncidentStore.open(store).fingerprint == before
    # the same row from another file adds nothing
    again = written(tmp_path / "b.csv", force_export({}, {}))
    assert load_incidents([again], store).stored == 0
    assert IncidentStore.open(store).fingerprint == before
    load_incidents([written(tmp_path / "c.csv", police_uk({}))], store)
    opened = IncidentStore.open(store)
    assert opened.fingerprint != before
    assert opened.data_from == dt.date(2025, 2, 1)
    assert opened.data_through == dt.date(2025, 3, 1)


def test_the_fingerprint_does_not_know_where_the_store_is(store: Path, tmp_path: Path) -> None:
    elsewhere = store.rename(tmp_path / "moved")
    here = tmp_path / "here" / "store"
    load_incidents([written(tmp_path / "d" / "a.csv", force_export({}))], here)
    assert IncidentStore.open(elsewhere).fingerprint == IncidentStore.open(here).fingerprint


def test_a_store_of_layers_alone_has_a_view_and_no_dates(tmp_path: Path) -> None:
    path = tmp_path / "it's a store"
    load_incidents([], path, extras={"study_areas/town.geojson": b"{}"})
    opened = IncidentStore.open(path)
    assert list(opened.study_areas()) == ["town"]
    with opened.connect() as connection:
        result = connection.execute("SELECT * FROM incidents")
        names = [column[0] for column in result.description or ()]
        assert result.fetchall() == []
    assert names == [name for name in INCIDENT_SCHEMA.names if name != "geometry"]
    with pytest.raises(BadInputError, match="holds no incidents yet"):
        _ = opened.data_through
    # a path with an apostrophe is quoted
    load_incidents([written(tmp_path / "a.csv", force_export({}))], path)
    with IncidentStore.open(path).connect() as connection:
        assert connection.execute("SELECT count(*) FROM incidents").fetchall() == [(1,)]


def test_a_store_that_is_being_written_is_waited_for_then_refused(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "_WAIT_SECONDS", 0.05)
    before = snapshot(store)
    file = written(tmp_path / "b.csv", force_export({"Incident Number": "2"}))
    with FileLock(store / ".lock"), pytest.raises(BadInputError, match="Another load is writing"):
        load_incidents([file], store)
    assert snapshot(store) == before


def test_who_waits_in_vain_for_a_first_load_does_not_clear_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "_WAIT_SECONDS", 0.05)
    path, file = tmp_path / "new", written(tmp_path / "a.csv", force_export({}))
    # another process is in its first load: a lock, a workspace, perhaps parts, no manifest yet
    written(path / ".work" / "incidents.parquet", b"half")
    written(path / "incidents" / "0123.parquet", b"whole, not yet named")
    before = snapshot(path)
    with FileLock(path / ".lock"), pytest.raises(BadInputError, match="Another load is writing"):
        load_incidents([file], path)
    assert {**snapshot(path), ".lock": b""} == {**before, ".lock": b""}
    # and one that was cut off there does not bar the folder
    assert load_incidents([file], path).stored == 1
    assert not (path / ".work").exists()
    assert [part.name for part in (path / "incidents").iterdir()] != ["0123.parquet"]


def test_leavings_of_a_load_that_was_cut_off_are_not_read_and_are_swept(
    store: Path, tmp_path: Path
) -> None:
    stray = written(store / "incidents" / ".0123.parquet.part", b"half")
    orphan = written(store / "incidents" / "0123.parquet", b"never named")
    assert len(IncidentStore.open(store).parts()) == 1
    load_incidents([written(tmp_path / "b.csv", force_export({"Incident Number": "2"}))], store)
    assert not stray.exists()
    assert not orphan.exists()


def test_what_is_kept_of_two_rows_of_one_id_does_not_hang_on_file_names(tmp_path: Path) -> None:
    # one id in two files, in different categories: one of the two is kept, whatever they are called
    first = police_uk({"Crime ID": "x", "Crime type": "Robbery"})
    second = police_uk({"Crime ID": "x", "Crime type": "Drugs"}, {"Crime ID": "z"})
    held = []
    for name, contents in (("one", (first, second)), ("two", (second, first))):
        folder = tmp_path / name
        for letter, content in zip("ab", contents, strict=True):
            written(folder / f"2025-03-{letter}-street.csv", content)
        load_incidents([folder], tmp_path / f"store-{name}")
        opened = IncidentStore.open(tmp_path / f"store-{name}")
        with opened.connect() as connection:
            rows = connection.execute(
                "SELECT incident_id, category FROM incidents ORDER BY 1, 2"
            ).fetchall()
        held.append((opened.fingerprint, rows))
    assert held[0] == held[1]


def test_a_replaced_study_area_is_said_aloud(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    area = {"study_areas/town.geojson": b"{}"}
    added = load_incidents([file], store, extras=area)
    assert [note.text for note in added.notes if "town" in note.text] == [
        "Added to the store: study area 'town'."
    ]
    assert not any("town" in note.text for note in load_incidents([file], store, extras=area).notes)
    replaced = load_incidents([file], store, extras={"study_areas/town.geojson": b"{ }"})
    said = [note for note in replaced.notes if "town" in note.text]
    assert [note.text for note in said] == ["Study area 'town' replaces the one the store held."]
    assert said[0].loud


def test_a_damaged_part_is_one_sentence(store: Path) -> None:
    for part in (store / "incidents").iterdir():
        part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(BadInputError, match="has an incident file that cannot be read"):
        IncidentStore.open(store).connect()
