"""Standing layers: one in force a source, the older in the history, and nothing else touched."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from config.errors import BadInputError
from config.standing import FOLDER
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from spatial.partners import standing_commit
from spatial.partners.load import load_partners
from spatial.partners.register_rows import PREMISES_SCHEMA
from spatial.partners.standing import FOLDER as KEPT
from spatial.partners.standing import MANIFEST, StandingStore
from spatial.partners.standing_commit import take_out
from spatial.partners.standing_load import load_standing
from spatial.partners.store import PartnerStore
from tests.spatial.incidents.exports import csv_text, snapshot, written

HEADER = ("Premises", "Premises Type", "Closing", "Easting", "Northing", "Register Date")
DAY = "31/10/2026"


@pytest.fixture
def store(saltmere_store: IncidentStore, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saltmere_store.path, tmp_path / "store"))


def register(folder: Path, *rows: tuple[str, ...], name: str = "r.csv") -> Path:
    return written(folder / name, csv_text(HEADER, list(rows)))


def pub(east: int = 627000, day: str = DAY, kind: str = "Public house") -> tuple[str, ...]:
    return ("Quixotic Zebra", kind, "23:00", str(east), "371300", day)


def test_the_sample_register_as_it_stands(standing_store: StandingStore) -> None:
    load = standing_store.source("licensing register")
    assert load.since == load.through == dt.date(2026, 10, 31)
    rows = standing_store.rows(load)
    assert rows.schema.equals(PREMISES_SCHEMA)
    assert rows.num_rows == load.stored == load.read
    assert rows.column("longitude").null_count == 4
    assert set(rows.column("kind").to_pylist()) == {
        "pub", "club", "takeaway", "off_licence", "other",
    }  # fmt: skip


def test_no_name_is_kept_anywhere(store: Path, tmp_path: Path) -> None:
    load_standing([register(tmp_path, pub())], store, kind="licensing")
    for path in store.rglob("*"):
        if path.is_file():
            assert b"Zebra" not in path.read_bytes(), path.name


def test_every_row_is_accounted_for_and_every_choice_said(store: Path, tmp_path: Path) -> None:
    rows = [
        pub(),
        ("A", "Gin palace", "late", "627000", "371300", DAY),
        ("B", "Nightclub", "24:00", "", "", DAY),
        ("", "", "", "", "", ""),
        ("C", "Takeaway", "1:30", "627500", "371300", "01/10/2026"),
    ]
    result = load_standing([register(tmp_path, *rows)], store, kind="licensing")
    assert (result.read, result.stored, result.rejected, result.duplicates) == (5, 4, 1, 0)
    said = " ".join(note.text for note in result.notes)
    assert "does not know: 1 (the first in row 3)" in said
    assert "without a usable place, on no map: 1 of 4" in said
    assert "not written as HH:MM and were left out: 1" in said
    assert "share their point with another: 2" in said
    assert "none of these kinds at all: off licence, restaurant" in said
    assert "holds 2 days; the last, 31 Oct 2026, is taken" in said
    standing = StandingStore.open(store)
    held = standing.rows(standing.source("licensing register")).to_pylist()
    assert sorted((row["kind"], row["closes"]) for row in held if row["kind"] != "other") == [
        ("club", 0), ("pub", 23 * 60), ("takeaway", 90),
    ]  # fmt: skip
    (other,) = [row for row in held if row["kind"] == "other"]
    assert other["closes"] is None


def test_a_new_load_takes_the_older_ones_place_and_undo_gives_it_back(
    store: Path, tmp_path: Path
) -> None:
    old = register(tmp_path, pub(), name="old.csv")
    new = register(tmp_path, pub(), pub(627500), name="new.csv")
    march, june = dt.date(2026, 3, 1), dt.date(2026, 6, 1)
    first = load_standing([old], store, kind="licensing", as_of=march)
    second = load_standing([new], store, kind="licensing", as_of=june)
    text = f"The load {first.load_id} of 'licensing register' (as of 1 Mar 2026) is no longer shown"
    assert any(note.loud and note.text.startswith(text) for note in second.notes)
    standing = StandingStore.open(store)
    assert [load.load_id for load in standing.loads] == [first.load_id, second.load_id]
    assert [load.load_id for load in standing.current()] == [second.load_id]

    gone = take_out(store, second.load_id[:6])
    assert (gone.stored, gone.source) == (2, "licensing register")
    assert gone.instead is not None
    assert gone.instead.load_id == first.load_id
    assert take_out(store, first.load_id).instead is None
    assert StandingStore.open(store).current() == ()
    assert [path.name for path in (store / KEPT).iterdir()] == [MANIFEST]


def test_an_older_register_loaded_late_does_not_hide_the_newer(store: Path, tmp_path: Path) -> None:
    file = register(tmp_path, pub())
    new = load_standing([file], store, kind="licensing", as_of=dt.date(2026, 6, 1))
    old = load_standing([file], store, kind="licensing", as_of=dt.date(2025, 6, 1))
    assert any("is later than this one and goes on being shown" in note.text for note in old.notes)
    assert StandingStore.open(store).source("licensing register").load_id == new.load_id
    # of the same day, the last load: it is the correction
    better = register(tmp_path, pub(), pub(627500), name="better.csv")
    mended = load_standing([better], store, kind="licensing", as_of=dt.date(2026, 6, 1))
    assert StandingStore.open(store).source("licensing register").load_id == mended.load_id


def test_the_same_file_again_writes_nothing(store: Path, tmp_path: Path) -> None:
    file = register(tmp_path, pub(), pub(627500))
    first = load_standing([file], store, kind="licensing")
    before = snapshot(store)
    again = load_standing([file], store, kind="licensing")
    assert (again.stored, again.duplicates, again.load_id) == (0, 2, first.load_id)
    assert again.read == again.stored + again.rejected + again.duplicates
    assert "nothing was written" in again.notes[0].text
    assert snapshot(store) == before


def test_neither_incidents_nor_other_partners_are_touched(
    partner_store: PartnerStore, standing_store: StandingStore
) -> None:
    before, after = (IncidentStore.open(path) for path in (partner_store.path, standing_store.path))
    assert after.fingerprint == before.fingerprint
    assert after.extras_fingerprint == before.extras_fingerprint
    assert PartnerStore.open(standing_store.path).fingerprint == partner_store.fingerprint


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([pub(day="")], "no row holds a date in the column 'Register Date'"),
        ([("A", "Public house", "", "", "", DAY)], "no row has a usable location"),
        ([(*pub()[:3], "53.2", "1.4", DAY)], "'Easting' and 'Northing'"),
        ([], "has column names but no rows"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_the_store_alone(
    store: Path, tmp_path: Path, rows: list[tuple[str, ...]], said: str
) -> None:
    before = snapshot(store)
    with pytest.raises(BadInputError) as caught:
        load_standing([register(tmp_path, *rows)], store, kind="licensing")
    assert said in str(caught.value)
    assert snapshot(store) == before


def test_no_date_two_files_a_folder_another_layout(store: Path, tmp_path: Path) -> None:
    text = (FOLDER / "licensing.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace('as_of = "Register Date"\n', ""), encoding="utf-8")
    file = register(tmp_path, pub())
    for files, kind, said in (
        ([file], mine, "Give it as --as-of YYYY-MM-DD"),
        ([file, file], "licensing", "is one file, which takes the place"),
        ([tmp_path], "licensing", "is a folder"),
        ([DATA / "partner_deaths.csv"], "licensing", "no column 'Premises Type'"),
    ):
        with pytest.raises(BadInputError, match=said):
            load_standing(files, store, kind=kind)
    late = load_standing([file], store, kind="licensing", today=dt.date(2026, 10, 1))
    assert any("lies after today, 1 Oct 2026" in note.text for note in late.notes)


def test_a_source_is_of_one_kind(store: Path, tmp_path: Path) -> None:
    text = (FOLDER / "licensing.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace("licensing register", "register of deaths"), encoding="utf-8")
    load_standing([register(tmp_path, pub())], store, kind=mine)
    with pytest.raises(BadInputError, match="already held as 'licensing', not 'deaths'"):
        load_partners([DATA / "partner_deaths.csv"], store, kind="deaths")


def test_a_load_that_is_cut_off_leaves_nothing(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_standing([register(tmp_path, pub())], store, kind="licensing")
    before = snapshot(store)

    def torn(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(standing_commit.os, "fsync", torn)
    with pytest.raises(OSError, match="No space"):
        load_standing([register(tmp_path, pub(627500), name="b.csv")], store, kind="licensing")
    assert snapshot(store) == before
    with pytest.raises(OSError, match="No space"):
        take_out(store, first.load_id)
    assert snapshot(store) == before


def test_a_broken_manifest_a_lost_file_a_newer_version(store: Path, tmp_path: Path) -> None:
    load = load_standing([register(tmp_path, pub())], store, kind="licensing")
    manifest = store / KEPT / MANIFEST
    good = manifest.read_text(encoding="utf-8")
    newer = json.dumps({**json.loads(good), "format": 99})
    for text, said in ((good[:-9], "cannot be read"), (newer, "newer version")):
        manifest.write_text(text, encoding="utf-8")
        with pytest.raises(BadInputError, match=said):
            StandingStore.open(store)
    manifest.write_text(good, encoding="utf-8")
    (store / KEPT / f"{load.load_id}.parquet").unlink()
    with pytest.raises(BadInputError, match="has lost the file"):
        StandingStore.open(store)


def test_undo_names_every_partner_load(standing_store: StandingStore) -> None:
    with pytest.raises(BadInputError, match="no partner load 'nothing'") as caught:
        take_out(standing_store.path, "nothing")
    for load in (*PartnerStore.open(standing_store.path).loads, *standing_store.loads):
        assert load.load_id in str(caught.value)
    with pytest.raises(BadInputError, match="no partner load ''"):
        take_out(standing_store.path, "")
    with pytest.raises(BadInputError, match="Its standing layers are: 'licensing register'"):
        standing_store.source("fire brigade")
