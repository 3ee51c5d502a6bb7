"""Corrections: a later row of an incident takes the place of the earlier, which is kept."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from spatial.incidents.load import load_incidents
from spatial.incidents.store import IncidentStore
from spatial.incidents.undo import undo_load
from spatial.notes import texts
from tests.spatial.incidents.exports import (
    balanced,
    force_export,
    police_uk,
    report_of,
    rows_of,
    snapshot,
    written,
)

KNIFE = {"Knife": "Y"}
OTHER = {"Incident Number": "SM/2"}


def test_a_corrected_row_replaces_the_stored_one(tmp_path: Path, store: Path) -> None:
    load_incidents([written(tmp_path / "a.csv", force_export({}, OTHER))], store)
    before = IncidentStore.open(store).fingerprint
    later = load_incidents([written(tmp_path / "b.csv", force_export(KNIFE, OTHER))], store)
    assert (later.read, later.stored, later.replaced, later.duplicates) == (2, 1, 1, 1)
    assert rows_of(store, "incident_id, knife") == [("SM/2", "false"), ("SM/1", "true")]
    assert any(
        "earlier loads that these rows correct: 1 (knife)" in text for text in texts(later.notes)
    )
    held = IncidentStore.open(store)
    assert held.fingerprint != before
    assert sum(load.stored - load.replaced for load in held.loads) == 2
    # the earlier version is still there, in its part, and named in the ledger
    assert sum(pq.read_table(part).num_rows for part in held.parts()) == 3
    [entry] = pq.read_table(held.ledger_file(later.load_id)).to_pylist()
    assert (entry["source_file"], entry["source_row"]) == ("a.csv", 2)
    assert (entry["by_file"], entry["by_row"], entry["changed"]) == ("b.csv", 2, "knife")


def test_an_old_export_does_not_undo_a_correction(tmp_path: Path, store: Path) -> None:
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    load_incidents([written(tmp_path / "b.csv", force_export(KNIFE))], store)
    old = written(tmp_path / "old.csv", force_export({}, OTHER))
    again = load_incidents([old], store)
    assert (again.stored, again.replaced, again.duplicates) == (1, 0, 1)
    assert ("SM/1", "true") in rows_of(store, "incident_id, knife")
    [duplicate] = report_of(store / "duplicates" / f"{again.load_id}.csv")
    assert (duplicate["duplicate_of_file"], duplicate["difference"]) == ("b.csv", "knife")
    assert any("since corrected: 1." in text for text in texts(again.notes))


def test_undoing_a_correction_brings_the_earlier_version_back(tmp_path: Path, store: Path) -> None:
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    before = snapshot(store)
    later = load_incidents([written(tmp_path / "b.csv", force_export(KNIFE))], store)
    gone, notes = undo_load(store, later.load_id)
    assert gone.replaced == 1
    assert any("again as they were" in text for text in texts(notes))
    assert snapshot(store) == before


def test_of_three_versions_the_last_counts_whichever_is_undone(tmp_path: Path, store: Path) -> None:
    loads = [
        load_incidents([written(tmp_path / f"{name}.csv", force_export(change))], store)
        for name, change in (("a", {}), ("b", KNIFE), ("c", {"Domestic": "Y"}))
    ]
    said = "knife, domestic"
    assert rows_of(store, said) == [("false", "true")]
    undo_load(store, loads[1].load_id)
    assert rows_of(store, said) == [("false", "true")]
    undo_load(store, loads[0].load_id)
    assert rows_of(store, said) == [("false", "true")]
    held = IncidentStore.open(store)
    assert [(load.stored, load.replaced) for load in held.loads] == [(1, 0)]


def test_a_load_undone_and_made_again_is_the_later_and_loses_nothing(
    tmp_path: Path, store: Path
) -> None:
    first = written(tmp_path / "a.csv", force_export({}, OTHER))
    one = load_incidents([first], store)
    two = load_incidents([written(tmp_path / "b.csv", force_export(KNIFE))], store)
    undo_load(store, one.load_id)
    again = load_incidents([first], store)
    assert (again.load_id, again.stored, again.replaced) == (one.load_id, 2, 1)
    assert sorted(rows_of(store, "incident_id, knife")) == [("SM/1", "false"), ("SM/2", "false")]
    held = IncidentStore.open(store)
    assert sum(load.stored - load.replaced for load in held.loads) == 2
    undo_load(store, again.load_id)
    assert rows_of(store, "incident_id, knife") == [("SM/1", "true")]
    assert [load.load_id for load in IncidentStore.open(store).loads] == [two.load_id]


_STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=2, max_size=7)


@settings(max_examples=12, deadline=None)
@given(steps=_STEPS)
@pytest.mark.slow
def test_each_incident_counts_once_after_any_loads_and_undos(steps: list[tuple[bool, int]]) -> None:
    versions = ({}, KNIFE, {"Domestic": "Y"}, {"Easting": "", "Northing": ""})
    with tempfile.TemporaryDirectory() as folder:
        store, made = Path(folder) / "store", {}
        for is_undo, number in steps:
            held = [load.load_id for load in IncidentStore.open(store).loads] if made else []
            if is_undo and made.get(number) in held:
                undo_load(store, made[number])
            elif not is_undo:
                rows = force_export(versions[number], {"Incident Number": f"SM/{number + 5}"})
                file = written(Path(folder) / f"{number}.csv", rows)
                result = load_incidents([file], store)
                made[number] = result.load_id if result.stored else made.get(number, "")
            if not made:
                continue
            now = IncidentStore.open(store)
            held_ids = {
                row["incident_id"]
                for part in now.parts()
                for row in pq.read_table(part, columns=["incident_id"]).to_pylist()
            }
            assert sorted(rows_of(store, "incident_id")) == sorted((one,) for one in held_ids)
            assert len(held_ids) == sum(load.stored - load.replaced for load in now.loads)


@pytest.mark.parametrize("extra", ["SM/3", "SM/4", "SM/5", "SM/6"])
def test_an_old_export_does_not_hide_a_correction_that_comes_with_it(
    tmp_path: Path, store: Path, extra: str
) -> None:
    # which of two files comes first is a matter of their hashes: it must not matter here
    old = written(tmp_path / "a.csv", force_export({}))
    load_incidents([old], store)
    new = written(tmp_path / "b.csv", force_export(KNIFE, {"Incident Number": extra}))
    both = load_incidents([old, new], store)
    assert (both.stored, both.replaced, both.duplicates) == (2, 1, 1)
    assert ("SM/1", "true") in rows_of(store, "incident_id, knife")


def test_files_loaded_together_change_nothing_when_each_is_loaded_alone(
    tmp_path: Path, store: Path
) -> None:
    changes = ({}, KNIFE, {"Domestic": "Y"}, KNIFE)
    files = [
        written(tmp_path / f"{place}.csv", force_export(change, {"Incident Number": f"SM/{place}"}))
        for place, change in enumerate(changes, start=5)
    ]
    first = load_incidents(files, store)
    assert (first.read, first.stored, first.duplicates) == (8, 5, 3)
    before = IncidentStore.open(store)
    held = rows_of(store, "incident_id, knife, domestic")
    assert len(held) == 5
    for file in files:
        again = load_incidents([file], store)
        assert (again.stored, again.replaced, again.duplicates) == (0, 0, 2)
    assert IncidentStore.open(store).fingerprint == before.fingerprint
    assert rows_of(store, "incident_id, knife, domestic") == held


def test_the_dates_of_a_store_are_those_that_count(tmp_path: Path, store: Path) -> None:
    slip = {"From": "01/03/2052 10:00", "To": ""}
    load_incidents([written(tmp_path / "a.csv", force_export(slip))], store)
    assert IncidentStore.open(store).data_through.year == 2052
    load_incidents([written(tmp_path / "b.csv", force_export({}))], store)
    assert IncidentStore.open(store).data_through.isoformat() == "2025-03-01"


def test_a_row_with_a_location_counts_before_one_without(tmp_path: Path, store: Path) -> None:
    nowhere = {"Easting": "", "Northing": ""}
    file = written(tmp_path / "a.csv", force_export(nowhere, {}, OTHER))
    result = load_incidents([file], store)
    assert (result.stored, result.duplicates, result.replaced) == (2, 1, 0)
    located = rows_of(store, "incident_id, source_row, longitude IS NOT NULL")
    assert sorted(located) == [("SM/1", 3, True), ("SM/2", 4, True)]
    [duplicate] = report_of(store / "duplicates" / f"{result.load_id}.csv")
    assert (duplicate["row"], duplicate["duplicate_of_row"]) == ("2", "3")
    assert any("gave way" in text for text in texts(result.notes))
    # the row that gave way is no incident without a location
    assert not any("without a usable location" in text for text in texts(result.notes))


def changed_mapping(folder: Path, old: str, new: str) -> Path:
    shipped = Path(__file__).parents[3] / "config" / "mappings" / "police_uk.toml"
    text = shipped.read_text(encoding="utf-8")
    assert old in text
    return written(folder / "police_uk.toml", text.replace(old, new).encode())


ASB = {"Crime ID": "", "Crime type": "Anti-social behaviour"}


def test_other_words_at_a_later_load_take_effect(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.csv", police_uk({}))
    load_incidents([file], store)
    mapping = changed_mapping(tmp_path, "precision_m = 90", "precision_m = 91")
    again = load_incidents([file], store, mapping=mapping)
    assert (again.read, again.stored, again.replaced, again.duplicates) == (1, 1, 1, 0)
    assert rows_of(store, "location_precision_m") == [(91.0,)]


def test_rows_without_an_id_are_not_counted_twice_under_another_mapping(
    tmp_path: Path, store: Path
) -> None:
    file = written(tmp_path / "a.csv", police_uk({}, ASB))
    first = load_incidents([file], store)
    before = snapshot(store)
    mapping = changed_mapping(tmp_path, "precision_m = 90", "precision_m = 91")
    with pytest.raises(BadInputError, match=f"would count twice.*harmhex undo {first.load_id}"):
        load_incidents([file], store, mapping=mapping)
    assert snapshot(store) == before
    undo_load(store, first.load_id)
    assert load_incidents([file], store, mapping=mapping).stored == 2


def test_a_store_of_the_first_format_is_read_and_upgraded(tmp_path: Path, store: Path) -> None:
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    manifest = json.loads((store / "store.json").read_text(encoding="utf-8"))
    first = IncidentStore.open(store)
    manifest["format"] = 1
    for load in manifest["loads"]:
        for name in ("parts", "replaced", "superseded"):
            del load[name]
    (store / "store.json").write_text(json.dumps(manifest), encoding="utf-8")
    old = IncidentStore.open(store)
    assert (old.parts(), old.fingerprint) == (first.parts(), first.fingerprint)
    assert load_incidents([tmp_path / "a.csv"], store).duplicates == 1
    load_incidents([written(tmp_path / "b.csv", force_export(KNIFE))], store)
    assert json.loads((store / "store.json").read_text(encoding="utf-8"))["format"] == 2
    assert rows_of(store, "knife") == [("true",)]


_VERSIONS = st.lists(
    st.tuples(st.sampled_from("1234"), st.sampled_from(["", "Y", "N"])), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None)
@given(loads=st.lists(_VERSIONS, min_size=1, max_size=4))
@pytest.mark.slow
def test_each_incident_counts_once_whatever_is_loaded_and_loading_again_changes_nothing(
    loads: list[list[tuple[str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        files = []
        for number, rows in enumerate(loads):
            changes = [{"Incident Number": name, "Knife": knife} for name, knife in rows]
            files.append(written(Path(folder) / f"{number}.csv", force_export(*changes)))
            assert balanced(load_incidents([files[-1]], store))
        held = IncidentStore.open(store)
        counted = rows_of(store, "incident_id, knife")
        assert len(counted) == len({name for name, _ in counted})
        assert {name for name, _ in counted} == {name for rows in loads for name, _ in rows}
        assert sum(load.stored - load.replaced for load in held.loads) == len(counted)
        for file in files:
            again = load_incidents([file], store)
            assert again.stored == 0
        assert rows_of(store, "incident_id, knife") == counted


def test_rows_rejected_before_do_not_hide_rows_that_would_count_twice(
    tmp_path: Path, store: Path
) -> None:
    disorder = {"Crime ID": "", "Crime type": "Anti-social behaviour"}
    rows = [*[disorder] * 3, {"Crime ID": "", "Crime type": "Burglary"}]
    rejected_before = [{**disorder, "Month": ""}] * 2
    file = written(tmp_path / "2025-03-essex-street.csv", police_uk(*rows, *rejected_before))
    assert load_incidents([file], store).stored == 4
    before = snapshot(store)
    other = changed_mapping(tmp_path, '= "burglary"', '= "other-theft"')
    with pytest.raises(BadInputError, match="would count twice"):
        load_incidents([file], store, mapping=other)
    assert snapshot(store) == before
