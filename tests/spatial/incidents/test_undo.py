"""Undo: one load goes, and only it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from spatial.incidents import commit
from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from spatial.incidents.undo import undo_load
from tests.spatial.incidents.exports import force_export, snapshot, written

LAYER = {"context/streets.geojson": b"{}"}


def test_undoing_the_last_load_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store, extras=LAYER)
    before = snapshot(store)
    rows = ({}, {"Incident Number": "2"}, {"From": ""})
    later = load_incidents([written(tmp_path / "b.csv", force_export(*rows))], store)
    assert (later.stored, later.rejected, later.duplicates) == (1, 1, 1)
    gone, notes = undo_load(store, later.load_id[:6])
    assert (gone.load_id, gone.stored, notes) == (later.load_id, 1, ())
    assert snapshot(store) == before


def test_a_later_load_that_leaned_on_it_is_named(tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = load_incidents([written(tmp_path / "a.csv", force_export({}))], store, extras=LAYER)
    leaning = written(tmp_path / "b.csv", force_export({}, {"Incident Number": "2"}))
    second = load_incidents([leaning], store)
    apart = written(tmp_path / "c.csv", force_export({"Incident Number": "3"}))
    third = load_incidents([apart], store)
    _, notes = undo_load(store, first.load_id)
    assert len(notes) == 1
    assert notes[0].loud
    assert second.load_id in notes[0].text
    held = IncidentStore.open(store)
    assert [load.load_id for load in held.loads] == [second.load_id, third.load_id]
    assert list(held.context_layers()) == ["streets"]
    # as the note says: undone too and loaded again, it is whole
    undo_load(store, second.load_id)
    assert load_incidents([leaning], store).stored == 2


def test_what_is_undone_can_be_loaded_again(tmp_path: Path) -> None:
    store, file = tmp_path / "store", written(tmp_path / "a.csv", force_export({}))
    first = load_incidents([file], store)
    before = snapshot(store)
    undo_load(store, first.load_id)
    assert IncidentStore.open(store).parts() == []
    assert load_incidents([file], store).stored == 1
    assert snapshot(store) == before


@pytest.mark.parametrize("load_id", ["", "nothing", "../store"])
def test_an_id_that_is_none_changes_nothing(tmp_path: Path, load_id: str) -> None:
    store = tmp_path / "store"
    first = load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    before = snapshot(store)
    with pytest.raises(BadInputError, match=f"holds no load {load_id!r}.*{first.load_id}"):
        undo_load(store, load_id)
    assert snapshot(store) == before
    with pytest.raises(BadInputError, match="does not exist"):
        undo_load(tmp_path / "no", load_id)
    assert not (tmp_path / "no").exists()


def test_a_failure_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    first = load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    before = snapshot(store)

    def fail(*_: object) -> None:
        msg = "disk full"
        raise OSError(msg)

    monkeypatch.setattr(commit, "write_manifest", fail)
    with pytest.raises(OSError, match="disk full"):
        undo_load(store, first.load_id)
    assert snapshot(store) == before
