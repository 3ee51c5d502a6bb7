"""Loading, end to end: what is stored, what is not, and that the two add up."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from h3.api import basic_str

from config.errors import BadInputError
from spatial.incidents import pouring
from spatial.incidents.load import load_incidents
from spatial.incidents.schema import INCIDENT_SCHEMA
from spatial.incidents.store import IncidentStore
from spatial.notes import texts
from tests.spatial.incidents.exports import (
    POLICE_UK,
    balanced,
    force_export,
    police_uk,
    report_of,
    rows_of,
    snapshot,
    written,
)

ASB = {"Crime ID": "", "Crime type": "Anti-social behaviour"}


def test_a_force_row_keeps_what_it_says(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "export.csv", force_export({}))
    result = load_incidents([file], store)
    assert (result.read, result.stored, result.rejected, result.duplicates) == (1, 1, 0, 0)
    columns = (
        "incident_id, source, force, occurred_from, occurred_to, time_precision, ho_code, prc_code,"
        "category, tier, harm_days, harm_edition, domestic, public_place, knife, relationship,"
        "victim_age_band, source_file, source_row, load_id"
    )
    assert rows_of(store, columns) == [
        (
            "SM/1", "force export", "Saltmere Police (fictional)",
            dt.datetime(2025, 3, 1, 23, 10), dt.datetime(2025, 3, 1, 23, 20), "minute",  # noqa: DTZ001 (wall-clock)
            "008/06", "8N", "violent-crime", "injury", 10.0, "CCHI 2020", "false", "true", "false",
            "stranger", "18-24", "export.csv", 2, result.load_id,
        )
    ]  # fmt: skip


def test_position_and_cells_come_from_the_point(tmp_path: Path, store: Path) -> None:
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    [(longitude, latitude, *cells)] = rows_of(store, "longitude, latitude, h3_08, h3_09, h3_10")
    # about 1.4 E, 53.2 N: where the sample town is drawn
    assert (longitude, latitude) == pytest.approx((1.4, 53.2), abs=0.001)
    expected = [
        basic_str.latlng_to_cell(latitude, longitude, resolution) for resolution in (8, 9, 10)
    ]
    assert [f"{cell:x}" for cell in cells] == expected


def test_open_data_spans_its_month_and_carries_the_proxy(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "2025-02-essex-street.csv", police_uk({}, ASB))
    result = load_incidents([file], store)
    columns = "tier, harm_days, harm_edition, occurred_from, occurred_to, time_precision"
    month = (
        dt.datetime(2025, 2, 1),  # noqa: DTZ001 (wall-clock)
        dt.datetime(2025, 2, 28, 23, 59, 59),  # noqa: DTZ001
        "month",
    )
    assert rows_of(store, columns) == [
        ("robbery", 365.0, "open-data category weights (proxy)", *month),
        ("disorder", None, None, *month),
    ]
    assert any("violence proxy" in note.text.lower() and note.loud for note in result.notes)
    assert IncidentStore.open(store).data_through == dt.date(2025, 2, 28)


def test_the_part_is_geoparquet_of_exactly_the_schema(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.csv", force_export({}, {"Incident Number": "2", "Easting": ""}))
    result = load_incidents([file], store)
    part = store / "incidents" / f"{result.load_id}.parquet"
    written_as = pq.read_schema(part)
    assert written_as.names == INCIDENT_SCHEMA.names
    # Parquet has no whole seconds: they are stored as milliseconds
    in_parquet = {pa.timestamp("s"): pa.timestamp("ms")}
    assert written_as.types == [in_parquet.get(kind, kind) for kind in INCIDENT_SCHEMA.types]
    frame = gpd.read_parquet(part)
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    assert frame.geometry.isna().tolist() == [False, True]
    assert frame.geometry[0].x == frame["longitude"][0]
    geo = json.loads(pq.read_metadata(part).metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["bbox"] == [*frame.total_bounds]


def test_impossible_and_missing_dates_cost_their_row(tmp_path: Path, store: Path) -> None:
    file = written(
        tmp_path / "a.csv",
        force_export(
            {},
            {"Incident Number": "2", "From": "31/02/2025 10:00"},
            {"Incident Number": "3", "From": ""},
            {"Incident Number": "4", "From": "Jane Exampleperson"},
            {"Incident Number": "5", "From": "01/01/1890 10:00"},
        ),
    )
    result = load_incidents([file], store)
    assert (result.read, result.stored, result.rejected) == (5, 1, 4)
    assert result.rejected_file is not None
    rows = [(row["row"], row["reason"], row["value"]) for row in report_of(result.rejected_file)]
    # a value that is no date may be anything, so it is not repeated
    assert rows == [
        ("3", "date impossible", "31/02/2025 10:00"),
        ("4", "date missing", ""),
        ("5", "date not readable", ""),
        ("6", "date impossible", "01/01/1890 10:00"),
    ]


def test_ragged_and_blank_rows_are_numbered_as_a_spreadsheet_numbers_them(
    tmp_path: Path, store: Path
) -> None:
    good = force_export({}, {"Incident Number": "2"}).decode().splitlines()
    content = "\r\n".join([good[0], good[1], "one,two", "", good[2]]) + "\r\n\r\n"
    result = load_incidents([written(tmp_path / "a.csv", content.encode())], store)
    assert balanced(result)
    assert result.rejected_file is not None
    rows = [(row["row"], row["reason"]) for row in report_of(result.rejected_file)]
    assert rows[:2] == [("3", "wrong number of columns"), ("4", "row empty")]
    assert [row for (row,) in rows_of(store, "source_row")] == [2, 5]


def test_a_row_without_a_location_is_stored_and_said(tmp_path: Path, store: Path) -> None:
    file = written(
        tmp_path / "a.csv",
        force_export(
            {},
            {"Incident Number": "2", "Home Office Code": "001/01", "Easting": "", "Northing": ""},
            {"Incident Number": "3", "Easting": "0", "Northing": "0"},
            {"Incident Number": "4", "Easting": "n/k"},
            {"Incident Number": "5", "Northing": "9999999"},
        ),
    )
    result = load_incidents([file], store)
    assert result.stored == 5
    assert rows_of(store, "tier, longitude, h3_09")[1] == ("homicide", None, None)
    assert any("without a usable location: 4" in text for text in texts(result.notes))


def test_an_end_before_the_start_is_dropped_not_the_row(tmp_path: Path, store: Path) -> None:
    file = written(
        tmp_path / "a.csv",
        force_export(
            {"To": "28/02/2025 10:00"}, {"Incident Number": "2", "To": "31/02/2025 10:00"}
        ),
    )
    result = load_incidents([file], store)
    assert rows_of(store, "occurred_to") == [(None,), (None,)]
    assert "Incidents that end before they begin: 1. Their end was dropped." in texts(result.notes)
    assert "Incidents whose end is no date: 1. Their end was dropped." in texts(result.notes)


def test_public_place_is_derived_only_where_it_is_blank(tmp_path: Path, store: Path) -> None:
    file = written(
        tmp_path / "a.csv",
        force_export(
            {"Incident Number": "1", "Public Place": "", "Location Type": "STREET"},
            {"Incident Number": "2", "Public Place": "", "Location Type": "DWELLING"},
            {"Incident Number": "3", "Public Place": "", "Location Type": "OTHER"},
            {"Incident Number": "4", "Public Place": "N", "Location Type": "STREET"},
        ),
    )
    result = load_incidents([file], store)
    assert [flag for (flag,) in rows_of(store, "public_place")] == [
        "true", "false", "unknown", "false",
    ]  # fmt: skip
    assert any(
        "Public-place flags derived" in text and ": 2." in text for text in texts(result.notes)
    )


def test_robbery_with_a_weapon_flag_is_weapon_robbery(tmp_path: Path, store: Path) -> None:
    robbery = {"Home Office Code": "034/01", "PRC Class": "34B"}
    file = written(
        tmp_path / "a.csv",
        force_export(
            {**robbery, "Incident Number": "1", "Knife": "Y"},
            {**robbery, "Incident Number": "2", "Knife": "", "Weapon": "Y"},
            {**robbery, "Incident Number": "3", "Knife": ""},
            {**robbery, "Incident Number": "4"},
        ),
    )
    result = load_incidents([file], store)
    tiers = [tier for (tier,) in rows_of(store, "tier")]
    assert tiers == ["weapon_robbery", "weapon_robbery", "robbery", "robbery"]
    assert any(
        text.startswith("Robberies where") and "): 1." in text for text in texts(result.notes)
    )


def test_codes_are_one_code_however_written(tmp_path: Path, store: Path) -> None:
    spelled = ("005/01", "00501", "5/1", " 005/01 ", "501")
    changes = [
        {"Incident Number": str(number), "Home Office Code": code, "PRC Class": "5d"}
        for number, code in enumerate(spelled)
    ]
    load_incidents([written(tmp_path / "a.csv", force_export(*changes))], store)
    assert set(rows_of(store, "ho_code, prc_code, tier, harm_days")) == {
        ("005/01", "5D", "serious_injury", 1460.0)
    }


def test_extras_come_with_the_incidents_and_alone(tmp_path: Path, store: Path) -> None:
    file = written(tmp_path / "a.csv", force_export({}))
    area = {"study_areas/saltmere.geojson": b"{}", "context/streets.geojson": b"[1]"}
    load_incidents([file], store, extras=area)
    opened = IncidentStore.open(store)
    assert {name: path.read_bytes() for name, path in opened.study_areas().items()} == {
        "saltmere": b"{}"
    }
    result = load_incidents([], store, extras={"context/streets.geojson": b"[2]"})
    assert (result.read, result.stored, result.load_id) == (0, 0, "")
    renewed = IncidentStore.open(store)
    assert renewed.context_layers()["streets"].read_bytes() == b"[2]"
    assert renewed.fingerprint == opened.fingerprint
    assert renewed.extras_fingerprint != opened.extras_fingerprint
    # the layer that was replaced is gone
    assert len(list((store / "context").iterdir())) == 1


@pytest.mark.parametrize("name", ["streets.geojson", "context/../x.geojson", "incidents/a.geojson"])
def test_an_extra_outside_its_folders_is_refused(store: Path, name: str) -> None:
    with pytest.raises(BadInputError, match=r"must be named study_areas/NAME\.geojson"):
        load_incidents([], store, extras={name: b"{}"})
    assert not store.exists()


@pytest.mark.parametrize("new", [True, False])
def test_a_failure_while_writing_leaves_the_store_as_it_was(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch, *, new: bool
) -> None:
    if not new:
        load_incidents([written(tmp_path / "a.csv", force_export({}))], store)
    before = snapshot(store)

    def fail(*_: object) -> None:
        msg = "disk full"
        raise OSError(msg)

    monkeypatch.setattr(pouring.PartWriter, "write", fail)
    file = written(tmp_path / "b.csv", force_export({"Incident Number": "2"}, {"From": ""}))
    with pytest.raises(OSError, match="disk full"):
        load_incidents([file], store, extras={"context/streets.geojson": b"{}"})
    assert snapshot(store) == before
    assert store.exists() is not new


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path, store: Path) -> None:
    content = b"\xef\xbb\xbf" + force_export({}).replace(b"\n", b"\r\n")
    assert load_incidents([written(tmp_path / "a.csv", content)], store).stored == 1


def test_no_column_outside_the_mapping_reaches_the_store(tmp_path: Path, store: Path) -> None:
    secret = b"Somebody Unmistakable"
    header, row = force_export({"Offence": secret.decode()}).splitlines()
    content = header + b",Victim Name\n" + row + b"," + secret + b"\n" + row + b"\n"
    load_incidents([written(tmp_path / "a.csv", content)], store)
    held = snapshot(store)
    assert any(name.startswith("rejected/") for name in held)
    with IncidentStore.open(store).connect() as connection:
        values = str(connection.execute("SELECT * FROM incidents").fetchall())
    assert secret.decode() not in values
    reports = [content for name, content in held.items() if not name.endswith(".parquet")]
    assert all(secret not in content for content in reports)


@pytest.mark.skipif(not POLICE_UK.is_dir(), reason="the shared folder of real open data is absent")
@pytest.mark.parametrize(
    ("name", "read", "duplicates"),
    [
        ("norwich-2025.zip", 18_571, 0),
        ("essex-2025.zip", 158_217, 1),
        ("bedfordshire-2021-05_2023-04.zip", 120_588, 184),
    ],
)
@pytest.mark.slow
def test_real_open_data_balances(store: Path, name: str, read: int, duplicates: int) -> None:
    result = load_incidents([POLICE_UK / name], store)
    assert (result.read, result.rejected, result.duplicates) == (read, 0, duplicates)
    assert balanced(result)
    [(disorder, unweighed)] = rows_of_counts(store)
    assert disorder > 1_000
    assert unweighed == disorder


def rows_of_counts(store: Path) -> list[tuple[int, int]]:
    with IncidentStore.open(store).connect() as connection:
        return connection.execute(
            "SELECT count(*), count(*) FILTER (harm_days IS NULL AND harm_edition IS NULL) "
            "FROM incidents WHERE tier = 'disorder'"
        ).fetchall()
