"""Loading partner files: every row accounted for, nothing half-done, no name kept."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInputError
from config.partner import FOLDER as MAPPINGS
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from spatial.incidents.undo import undo_load
from spatial.intake import load
from spatial.partners.commit import undo_partner_load
from spatial.partners.load import load_partners
from spatial.partners.schema import PARTNER_SCHEMA
from spatial.partners.store import PartnerStore
from tests.spatial.incidents.exports import csv_text, force_export, report_of, snapshot, written

ED = ("Assault Time", "Assault Location", "Weapon")
AMBULANCE = ("Call Time", "Easting", "Northing", "Call Category", "Weapon")
# names that are in no other file, so that any trace of them is a leak
PLACES = ("Quixotic Zebra", "Wobbly Zeppelin", "Umbrageous Yak", "Umbrageous Yak")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one incident that knows four places, two of one name, and a street."""
    folder = tmp_path_factory.mktemp("empty")
    features = [
        {"type": "Feature", "properties": {"name": f"The {name}", "kind": "pub"},
         "geometry": {"type": "Point", "coordinates": [1.39 + number / 100, 53.19]}}
        for number, name in enumerate(PLACES)
    ]  # fmt: skip
    line = {"type": "LineString", "coordinates": [[1.4, 53.2], [1.401, 53.2]]}
    named = {"name": "Xylophone Street", "class": "minor"}
    street = {"type": "Feature", "properties": named, "geometry": line}
    for layer, members in (("places", features), ("streets", [street])):
        text = json.dumps({"type": "FeatureCollection", "features": members})
        (folder / f"{layer}.geojson").write_text(text, encoding="utf-8")
    (folder / "a.csv").write_bytes(force_export({}))
    load([folder], folder / "store")
    return folder / "store"


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty, tmp_path / "store"))


def attendances(path: Path, *rows: tuple[str, str, str]) -> Path:
    return written(path, csv_text(ED, rows))


def records(store: Path, columns: str) -> list[tuple[object, ...]]:
    with PartnerStore.open(store).connect() as connection:
        return connection.sql(f"SELECT {columns} FROM partners ORDER BY ALL").fetchall()


def test_attendances_become_places_and_the_names_are_gone(store: Path, tmp_path: Path) -> None:
    file = attendances(
        tmp_path / "ed.csv",
        ("01/03/2025 23:00", "quixotic zebra pub", "Knife"),
        ("01/03/2025 23:00", "Xylophone St, Nowhere-on-Sea", "Glass or bottle"),
        ("01/03/2025 22:00", "UMBRAGEOUS YAK", "Laser"),
        ("02/03/2025 01:00", "Wobbly Zeppelin beer garden of Jabberwocky", ""),
        ("02/03/2025 01:00", "home, Jabberwocky Lane", "Fist"),
        ("02/03/2025 01:00", "", "Fist"),
        ("31/02/2025 01:00", "Wobbly Zeppelin", "Fist"),
    )
    result = load_partners([file], store, kind="emergency_department")
    assert (result.read, result.stored, result.rejected, result.duplicates) == (7, 6, 1, 0)
    assert records(store, "place_confidence, weapon") == [
        ("named place", "blade"),
        ("street", "bottle"),
        ("unmatched", "body_part"),
        ("unmatched", "body_part"),
        ("unmatched", "unknown"),
        ("unmatched", "unknown"),
    ]
    assert (
        "Names of places: 5, of which 1 are a loaded place, 1 a loaded street, 1 more than one, "
        "1 none, and 1 somebody's home"
    ) in result.notes[0].text
    assert any("a weapon that the mapping does not know: 1" in note.text for note in result.notes)
    # hour precision lasts to the end of the hour
    assert records(store, "max(occurred_to - occurred_from)") == [(dt.timedelta(seconds=3599),)]
    assert result.rejected_file is not None
    assert report_of(result.rejected_file) == [
        {"file": "ed.csv", "row": "8", "reason": "date impossible"}
    ]
    leaks = ("quixotic", "zebra", "xylophone", "umbrageous", "zeppelin", "jabberwocky", "laser")
    for name, content in snapshot(store).items():
        if not name.startswith("context/"):
            assert not [word for word in leaks if word in content.lower().decode("latin-1")], name


def test_no_place_name_of_saltmere_survives_in_the_store(partner_store: PartnerStore) -> None:
    with (DATA / "partner_emergency_department.csv").open(encoding="utf-8", newline="") as stream:
        told = {row["Assault Location"] for row in csv.DictReader(stream)}
    with (DATA / "partner_deaths.csv").open(encoding="utf-8", newline="") as stream:
        told |= {row["Place"] for row in csv.DictReader(stream)}
    told = {text for text in told if len(text) > 6}
    assert len(told) > 300
    folder = partner_store.path / "partners"
    kept = b"\n".join(path.read_bytes() for path in sorted(folder.iterdir())).lower()
    # parquet packs pages: look at what they unpack to, as well
    with partner_store.connect() as connection:
        kept += str(connection.sql("SELECT * FROM partners").fetchall()).lower().encode()
    assert not [text for text in told if text.lower().encode() in kept]
    assert PARTNER_SCHEMA.names == [
        "partner_id", "source", "kind", "occurred_from", "occurred_to", "time_precision",
        "longitude", "latitude", "location_precision_m", "weapon", "place_confidence", "load_id",
        "h3_08", "h3_09", "h3_10",
    ]  # fmt: skip


def test_saltmere_balances_each_source_alone(partner_store: PartnerStore) -> None:
    for held in partner_store.loads:
        assert held.read == held.stored + held.rejected + held.duplicates
        assert sum(held.by_place.values()) == held.stored
    assert [source.source for source in partner_store.sources()] == [
        "ambulance service", "emergency department", "register of deaths",
    ]  # fmt: skip
    assert [source.grade for source in partner_store.sources()] == ["medium", "low", "medium"]


def test_police_figures_know_nothing_of_it(
    partner_store: PartnerStore, saltmere_store: IncidentStore
) -> None:
    incidents = IncidentStore.open(partner_store.path)
    assert incidents.fingerprint == saltmere_store.fingerprint
    with incidents.connect() as connection:
        (held,) = connection.execute("SELECT count(*) FROM incidents").fetchall()
    assert held == (sum(one.stored for one in saltmere_store.loads),)


def test_the_same_files_again_write_nothing(store: Path, tmp_path: Path) -> None:
    file = attendances(tmp_path / "ed.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    first = load_partners([file], store, kind="emergency_department")
    before = snapshot(store)
    again = load_partners([file], store, kind="emergency_department")
    assert (again.read, again.stored, again.duplicates) == (1, 0, 1)
    assert again.load_id == first.load_id
    assert snapshot(store) == before


def test_overlapping_exports_keep_the_larger_number(store: Path, tmp_path: Path) -> None:
    row = ("01/03/2025 23:00", "Quixotic Zebra", "Knife")
    one = attendances(tmp_path / "one.csv", row, row)
    two = attendances(tmp_path / "two.csv", row, row, row, ("02/03/2025 23:00", "", ""))
    load_partners([one], store, kind="emergency_department")
    result = load_partners([two], store, kind="emergency_department")
    assert (result.read, result.stored, result.duplicates) == (4, 2, 2)
    report = PartnerStore.open(store).report("duplicate", result.load_id)
    assert report is not None
    assert [row["row"] for row in report_of(report)] == ["2", "3"]
    assert {row["repeats"] for row in report_of(report)} == {
        PartnerStore.open(store).loads[0].load_id
    }
    assert records(store, "count(DISTINCT partner_id), count(*)") == [(4, 4)]


def test_a_load_can_be_undone_and_done_again(store: Path, tmp_path: Path) -> None:
    before = snapshot(store)
    file = attendances(tmp_path / "ed.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    result = load_partners([file], store, kind="emergency_department")
    print_ = PartnerStore.open(store).fingerprint
    undo_partner_load(store, result.load_id[:6])
    left = snapshot(store)
    assert set(left) - set(before) == {"partners/partners.json"}
    assert PartnerStore.open(store).sources() == ()
    load_partners([file], store, kind="emergency_department")
    assert PartnerStore.open(store).fingerprint == print_
    with pytest.raises(BadInputError, match="no partner load 'zzz'"):
        undo_partner_load(store, "zzz")


def test_undoing_a_police_load_leaves_partners_alone(store: Path, tmp_path: Path) -> None:
    file = attendances(tmp_path / "ed.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    load_partners([file], store, kind="emergency_department")
    undo_load(store, IncidentStore.open(store).loads[0].load_id)
    assert PartnerStore.open(store).source("emergency department").stored == 1


def test_a_failure_before_the_manifest_leaves_the_store_as_it_was(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = attendances(tmp_path / "ed.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    before = snapshot(store)

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("spatial.partners.commit.write_manifest", full)
    with pytest.raises(OSError, match="No space"):
        load_partners([file], store, kind="emergency_department")
    assert snapshot(store) == before


def test_other_layers_that_would_place_a_record_twice_are_refused(
    store: Path, tmp_path: Path
) -> None:
    one = attendances(tmp_path / "one.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    load_partners([one], store, kind="emergency_department")
    layer = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "Quixotic Zebra"},
         "geometry": {"type": "Point", "coordinates": [1.5, 53.2]}}]}  # fmt: skip
    places = tmp_path / "places.geojson"
    places.write_text(json.dumps(layer), encoding="utf-8")
    load([places], store)
    rows = (("01/03/2025 23:00", "Quixotic Zebra", "Knife"), ("01/03/2025 22:00", "", ""))
    overlapping = attendances(tmp_path / "two.csv", *rows)
    before = snapshot(store)
    with pytest.raises(BadInputError, match=r"could count twice\. Undo that load"):
        load_partners([overlapping], store, kind="emergency_department")
    assert snapshot(store) == before
    later = attendances(tmp_path / "three.csv", ("01/04/2025 23:00", "Quixotic Zebra", "Knife"))
    assert load_partners([later], store, kind="emergency_department").stored == 1


def test_a_source_is_of_one_kind(store: Path, tmp_path: Path) -> None:
    file = attendances(tmp_path / "ed.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    load_partners([file], store, kind="emergency_department")
    text = (MAPPINGS / "emergency_department.toml").read_text(encoding="utf-8")
    text = text.replace('kind = "emergency_department"', 'kind = "deaths"')
    mine = tmp_path / "mine.toml"
    mine.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match="already held as 'emergency_department'"):
        load_partners([file], store, kind=mine)


def test_categories_that_do_not_count_are_rejected_and_said(store: Path, tmp_path: Path) -> None:
    rows = [
        ("01/03/2025 23:10", "627200", "372400", "Assault ", "KNIFE"),
        ("01/03/2025 23:10", "627200", "372400", "OVERDOSE", ""),
        ("01/03/2025 23:10", "627200", "372400", "FALL", ""),
        ("01/03/2025 23:10", "627200", "372400", "", ""),
        ("01/03/2025 23:10", "", "", "STAB/GSW", ""),
    ]
    file = written(tmp_path / "calls.csv", csv_text(AMBULANCE, rows))
    result = load_partners([file], store, kind="ambulance")
    assert (result.read, result.stored, result.rejected) == (5, 2, 3)
    (held,) = PartnerStore.open(store).loads
    assert held.rejected_by_reason == {
        "category not in the mapping": 2, "category that does not count": 1,
    }  # fmt: skip
    assert any(note.loud and "not in the mapping 2" in note.text for note in result.notes)
    assert records(store, "place_confidence, location_precision_m") == [
        ("exact", 100.0), ("unmatched", None),
    ]  # fmt: skip


def test_a_death_takes_its_point_first_and_its_place_else(store: Path, tmp_path: Path) -> None:
    header = ("Date", "Easting", "Northing", "Place", "Kind", "Method")
    rows = [
        ("01/03/2025", "627200", "372400", "Quixotic Zebra", "HOMICIDE", "KNIFE"),
        ("02/03/2025", "", "", "Quixotic Zebra", "HOMICIDE", "SHOOTING"),
        ("03/03/2025", "", "", "", "SUSPECTED HOMICIDE", ""),
    ]
    file = written(tmp_path / "deaths.csv", csv_text(header, rows))
    assert load_partners([file], store, kind="deaths").stored == 3
    assert records(store, "occurred_from::DATE, place_confidence, weapon") == [
        (dt.date(2025, 3, 1), "exact", "blade"),
        (dt.date(2025, 3, 2), "named place", "firearm"),
        (dt.date(2025, 3, 3), "unmatched", "unknown"),
    ]


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        (("Assault Time", "Weapon"), [("01/03/2025 23:00", "Fist")], "no column 'Assault Loc"),
        (ED, [("soon", "x", "")], "holds no date written as"),
        (ED, [("2025-03-01 23:00", "x", "")], "where the mapping expects dd/mm/yyyy HH:MM"),
        (ED, [], "column names but no rows"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_one_sentence(
    store: Path, tmp_path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]], said: str
) -> None:
    before = snapshot(store)
    file = written(tmp_path / "ed.csv", csv_text(header, rows))
    with pytest.raises(BadInputError, match=r"ed\.csv") as caught:
        load_partners([file], store, kind="emergency_department")
    assert said in str(caught.value)
    assert snapshot(store) == before


def test_names_need_places_to_be_looked_up_in(tmp_path: Path) -> None:
    load([written(tmp_path / "a.csv", force_export({}))], tmp_path / "store")
    file = attendances(tmp_path / "ed.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    with pytest.raises(BadInputError, match=r"Load places\.geojson and streets\.geojson"):
        load_partners([file], tmp_path / "store", kind="emergency_department")
    with pytest.raises(BadInputError, match="does not exist"):
        load_partners([file], tmp_path / "nowhere", kind="emergency_department")
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_manifest_is_one_sentence(store: Path, tmp_path: Path) -> None:
    file = attendances(tmp_path / "ed.csv", ("01/03/2025 23:00", "Quixotic Zebra", "Knife"))
    load_partners([file], store, kind="emergency_department")
    manifest = store / "partners" / "partners.json"
    content = manifest.read_text(encoding="utf-8")
    manifest.write_text(content.replace('"format": 1', '"format": 9'), encoding="utf-8")
    with pytest.raises(BadInputError, match="newer version"):
        PartnerStore.open(store)
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(BadInputError, match="cannot be read"):
        PartnerStore.open(store)
    manifest.write_text(content, encoding="utf-8")
    next((store / "partners").glob("*.parquet")).unlink()
    with pytest.raises(BadInputError, match="has lost the file"):
        PartnerStore.open(store)


GOOD = ("01/03/2025 23:00", "Quixotic Zebra", "Fist")
ROWS = st.tuples(
    st.sampled_from(["01/03/2025 23:00", "02/03/2025 01:00", "31/02/2025 01:00", "", "soon"]),
    st.sampled_from(["Quixotic Zebra", "the wobbly zeppelin", "Umbrageous Yak", "home", "", "="]),
    st.sampled_from(["Knife", "Fist", "", "?"]),
)


@settings(max_examples=12, deadline=None)
@given(tables=st.lists(st.lists(ROWS, max_size=12), min_size=1, max_size=3))
@pytest.mark.slow
def test_every_row_is_accounted_for(empty: Path, tables: list[list[tuple[str, str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(shutil.copytree(empty, Path(folder) / "store"))
        files = [
            attendances(Path(folder) / f"{number}.csv", GOOD, *rows)
            for number, rows in enumerate(tables)
        ]
        first = load_partners(files, store, kind="emergency_department")
        assert first.read == sum(len(rows) + 1 for rows in tables)
        assert first.read == first.stored + first.rejected + first.duplicates
        assert records(store, "count(DISTINCT partner_id), count(*)") == [(first.stored,) * 2]
        print_ = PartnerStore.open(store).fingerprint
        # the same content under other names and in another order
        again = load_partners(files[::-1], store, kind="emergency_department")
        assert (again.stored, again.rejected) == (0, first.rejected)
        # one file at a time comes to the same records
        undo_partner_load(store, first.load_id)
        stored = sum(
            load_partners([file], store, kind="emergency_department").stored for file in files
        )
        assert stored == first.stored
        assert len(print_) == 16
