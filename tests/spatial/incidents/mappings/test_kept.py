"""Kept mappings and weights: saved in a store, recognised from then on, without a clash."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.mapping import Mapping
from spatial.incidents.load import load_incidents
from spatial.incidents.mappings.kept import (
    keep_mapping,
    keep_weights,
    kept_mappings,
    kept_weight_files,
    named_mapping,
)
from spatial.incidents.mappings.proposal import propose_mapping
from spatial.incidents.store import IncidentStore
from spatial.incidents.undo import undo_load
from tests.config.test_harm_workbook import HEADINGS, workbook
from tests.config.test_harm_workbook import ROWS as WEIGHTS
from tests.spatial.incidents.exports import csv_text, force_export, rows_of, written

HEADER = ("Crime Ref", "HO Code", "Committed From", "OS Grid Ref", "Knife Crime")
ROWS = [
    ("C1", "8/6", "2025-03-01 23:10:00", "TG 2711 7142", "Y"),
    ("C2", "34/1", "2025-03-02 01:00:00", "TG 2712 7143", " "),
    ("C3", "34/1", "2025-03-02 02:00:00", "TG 2712 7143", "perhaps"),
]


def own_mapping(**changes: object) -> Mapping:
    draft = propose_mapping(HEADER, ROWS, name="our_export").model_dump()
    return Mapping.model_validate({**draft, "verified": True, "loud_notes": (), **changes})


def export(folder: Path) -> Path:
    return written(folder / "own.csv", csv_text(HEADER, ROWS))


def test_a_saved_mapping_recognises_the_next_file(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with pytest.raises(BadInputError, match="No mapping fits own"):
        load_incidents([export(tmp_path)], store)
    assert not store.exists()
    keep_mapping(store, own_mapping())
    assert kept_mappings(store) == (own_mapping(),)
    assert IncidentStore.open(store).loads == ()
    result = load_incidents([export(tmp_path)], store)
    assert result.stored == 3
    (load,) = IncidentStore.open(store).loads
    assert load.mapping == "our_export"
    # a load taken out leaves the mapping where it is
    undo_load(store, load.load_id)
    assert kept_mappings(store) == (own_mapping(),)


def test_a_saved_mapping_may_be_named_and_comes_before_a_shipped_one(tmp_path: Path) -> None:
    store = tmp_path / "store"
    keep_mapping(store, own_mapping())
    assert named_mapping("our_export", store) == own_mapping()
    assert named_mapping("police_uk", store).name == "police_uk"
    assert load_incidents([export(tmp_path)], store, mapping="our_export").stored == 3
    shipped = named_mapping("force_export", store)
    keep_mapping(store, shipped.model_copy(update={"name": "ours", "source": "ours"}))
    load_incidents([written(tmp_path / "f.csv", force_export({}))], store)
    assert IncidentStore.open(store).loads[-1].mapping == "ours"


def test_a_clash_of_names_or_headings_is_said(tmp_path: Path) -> None:
    store = tmp_path / "store"
    keep_mapping(store, own_mapping())
    keep_mapping(store, own_mapping())
    changed = own_mapping(title="Another")
    with pytest.raises(BadInputError, match="another mapping of the name 'our_export'"):
        keep_mapping(store, changed)
    with pytest.raises(BadInputError, match="'our_export' of this store reads files of the same"):
        keep_mapping(store, own_mapping(name="other"))
    for taken in ("police_uk", "niche_style"):
        with pytest.raises(BadInputError, match="comes with Harmhex"):
            keep_mapping(store, own_mapping(name=taken))
    keep_mapping(store, changed, replace=True)
    assert kept_mappings(store) == (changed,)


def test_a_store_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(BadInputError, match="not an incident store and is not empty"):
        keep_mapping(tmp_path / "full", own_mapping())
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_a_blank_flag_is_no_only_where_the_mapping_says_so(tmp_path: Path) -> None:
    flags = own_mapping().flags.model_dump()
    for blank, told in (("unknown", "unknown"), ("false", "false")):
        store = tmp_path / blank
        keep_mapping(store, own_mapping(flags={**flags, "blank": blank}))
        result = load_incidents([export(tmp_path)], store)
        # a word that nobody explained stays unknown, whatever a blank is
        assert rows_of(store, "knife::VARCHAR") == [("true",), (told,), ("unknown",)]
        said = [note for note in result.notes if "read as no, as the mapping says: 1." in note.text]
        assert [note.loud for note in said] == ([True] if blank == "false" else [])


def test_the_type_of_location_speaks_before_a_blank(tmp_path: Path) -> None:
    rows = [{"Incident Number": str(number), "Public Place": ""} for number in range(2)]
    rows[1]["Location Type"] = "ELSEWHERE"
    shipped = named_mapping("force_export", tmp_path / "store").model_dump()
    shipped["flags"]["blank"] = "false"
    keep_mapping(tmp_path / "store", Mapping.model_validate({**shipped, "name": "ours"}))
    load_incidents([written(tmp_path / "f.csv", force_export(*rows))], tmp_path / "store")
    assert rows_of(tmp_path / "store", "public_place::VARCHAR") == [("true",), ("false",)]


def test_a_workbook_is_kept_as_an_edition(tmp_path: Path) -> None:
    store = tmp_path / "store"
    book = workbook(tmp_path / "CCHI 2024.xlsx", [HEADINGS, *WEIGHTS]).read_bytes()
    scheme = keep_weights(store, "CCHI 2024.xlsx", book)
    assert scheme.edition == "CCHI 2024 (workbook)"
    assert keep_weights(store, "../../CCHI 2024.xlsx", book) == scheme
    (file,) = kept_weight_files(store)
    assert file.name == "CCHI_2024.xlsx"
    assert file.resolve().is_relative_to(store.resolve())
    with pytest.raises(BadInputError, match="not a readable"):
        keep_weights(store, "bad.xlsx", b"no workbook")
    assert kept_weight_files(store) == (file,)
