"""Previews: what a load would store, told before it stores anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from config.mapping import Mapping, load_mapping
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.load import load_incidents
from spatial.incidents.mappings.preview import (
    REPEATED,
    SHOWN,
    STORED,
    Sample,
    preview,
    recognised,
    take_sample,
)
from spatial.incidents.mappings.proposal import first_guess, propose_mapping
from tests.spatial.incidents.exports import csv_text, force_export, police_uk, rows_of, written

OWN_HEADER = ("Crime Ref", "HO Code", "Committed From", "OS Grid Ref", "Victim Name", "Knife Crime")
OWN_ROWS = [
    ("C1", "8/6", "2025-03-01 23:10:00", "TG 2711 7142", "Secret Person", "Y"),
    ("C2", "34/1", "2025-03-02 01:00:00", "TG 2712 7143", "Secret Person", ""),
    ("C3", "34/1", "", "TG 2712 7143", "Secret Person", ""),
    ("C2", "34/1", "2025-03-02 01:00:00", "TG 2712 7143", "Secret Person", ""),
]


def sample_of(path: Path, content: bytes, *, rows: int = 2_000) -> Sample:
    (source,), _ = find_source_files([written(path, content)])
    return take_sample(source, rows=rows)


def own_sample(folder: Path) -> Sample:
    return sample_of(folder / "own.csv", csv_text(OWN_HEADER, OWN_ROWS))


def test_a_preview_balances_and_agrees_with_the_load(tmp_path: Path) -> None:
    content = force_export(
        {},
        {"Incident Number": "2", "From": "31/02/2025 10:00"},
        {"Incident Number": "3", "Easting": "", "Northing": ""},
        {"Incident Number": "3", "Home Office Code": "999/99"},
        {"Incident Number": "5", "Incident Type": "ASB", "Home Office Code": "", "PRC Class": ""},
    )
    sample = sample_of(tmp_path / "a.csv", content)
    mapping = recognised(sample)
    assert mapping.name == "force_export"
    shown = preview(sample, mapping)
    assert (shown.read, shown.stored, shown.rejected, shown.duplicates) == (5, 3, 1, 1)
    assert shown.reasons == {"date impossible": 1}
    # the third has no location and gives way to the fourth; antisocial behaviour has no weight
    assert (shown.located, shown.weighed, shown.disorder) == (3, 2, 1)
    assert shown.rows["row"].tolist() == [2, 3, 4, 5, 6]
    assert shown.rows["verdict"].tolist() == [
        STORED, "date impossible", REPEATED, STORED, STORED,
    ]  # fmt: skip
    assert shown.rows["tier"].isna().tolist() == [False, True, False, False, False]

    result = load_incidents([tmp_path / "a.csv"], tmp_path / "store")
    assert (result.read, result.stored, result.rejected, result.duplicates) == (5, 3, 1, 1)
    stored = shown.rows.loc[shown.rows["verdict"] == STORED]
    told = [(row.incident_id, row.tier, row.knife) for row in stored.itertuples()]
    assert told == rows_of(tmp_path / "store", "incident_id, tier::VARCHAR, knife::VARCHAR")
    # what a preview says, the load says too
    assert {note.text for note in shown.notes} <= {note.text for note in result.notes}


def test_a_personal_column_is_listed_and_never_read(tmp_path: Path) -> None:
    sample = own_sample(tmp_path)
    assert sample.personal == {"Victim Name": "a name"}
    assert "Victim Name" not in sample.columns
    assert "Secret" not in repr(sample.rows())
    shown = preview(sample, propose_mapping(sample.columns, sample.rows()))
    assert "Secret" not in shown.rows.to_csv()
    assert (shown.stored, shown.rejected, shown.duplicates) == (2, 1, 1)


def test_only_the_first_rows_are_looked_at(tmp_path: Path) -> None:
    rows = [{"Incident Number": f"R{number}"} for number in range(60)]
    rows[50]["From"] = "no date"
    content = force_export(*rows)
    part = sample_of(tmp_path / "a.csv", content, rows=40)
    whole = sample_of(tmp_path / "a.csv", content)
    assert not part.is_whole
    assert whole.is_whole
    mapping = load_mapping("force_export")
    assert preview(part, mapping).rejected == 0
    assert preview(whole, mapping).rejected == 1
    assert len(preview(whole, mapping).rows) == SHOWN


def test_words_are_counted_whatever_their_capitals(tmp_path: Path) -> None:
    content = csv_text(("Type", "Date"), [("Pub ", "1"), ("PUB", "2"), ("Shop", "3"), ("", "4")])
    assert sample_of(tmp_path / "a.csv", content).words("Type") == {"Pub": 2, "Shop": 1}


def test_what_would_stop_a_load_stops_a_preview(tmp_path: Path) -> None:
    sample = own_sample(tmp_path)
    good = propose_mapping(sample.columns, sample.rows())
    for change, said in (
        ({"time": {"formats": ("%d/%m/%Y",), "precision": "day"}}, "where the mapping expects"),
        ({"columns": {**good.columns.model_dump(), "category": "Nowhere"}}, "'Nowhere'"),
    ):
        bad = Mapping.model_validate({**good.model_dump(), **change})
        with pytest.raises(BadInputError, match=said):
            preview(sample, bad)


def test_a_guess_says_what_it_can_and_leaves_the_rest(tmp_path: Path) -> None:
    content = csv_text(
        ("occurred on", "Lat", "Long", "MCI"), [("2014-01-01", "43.7", "-79.4", "Assault")]
    )
    sample = sample_of(tmp_path / "a.csv", content)
    guess = first_guess(sample.columns, sample.rows())
    assert guess["columns"] == {"x": "Long", "y": "Lat"}
    assert guess["location"]["crs"] == "EPSG:4326"
    assert guess["time"]["formats"] == []


def test_headings_alone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="column names but no rows"):
        sample_of(tmp_path / "a.csv", csv_text(OWN_HEADER, []))
    with pytest.raises(BadInputError, match="no column that may be read"):
        sample_of(tmp_path / "b.csv", csv_text(("Surname", "MO"), [("a", "b")]))


def test_open_data_is_recognised(tmp_path: Path) -> None:
    sample = sample_of(tmp_path / "a.csv", police_uk({}, {"Crime ID": "", "Month": "2025-03"}))
    mapping = recognised(sample)
    shown = preview(sample, mapping)
    assert mapping.name == "police_uk"
    assert shown.tiers == {"robbery": 2}
    assert any("Violence proxy" in note.text and note.loud for note in shown.notes)


def test_a_real_export_without_a_known_heading(shared_data: Path) -> None:
    (source,), _ = find_source_files([shared_data / "timed" / "memphis_robberies_2019.csv.gz"])
    sample = take_sample(source)
    guess = first_guess(sample.columns, sample.rows(), name="memphis")
    guess["categories"] = {"personal robbery": "robbery"}
    shown = preview(sample, Mapping.model_validate(guess))
    assert shown.stored + shown.rejected + shown.duplicates == shown.read == 2_000
    assert shown.tiers["robbery"] == sample.words("offense_type")["personal robbery"]
    assert not sample.is_whole
