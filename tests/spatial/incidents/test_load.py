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
from config.mapping import FOLDER
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


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


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


def test_a_code_without_a_weight_is_null_and_listed(tmp_path: Path, store: Path) -> None:
    strangled = {"Home Office Code": "008/77", "PRC Class": ""}
    unlisted = {"Incident Number": "2", "Home Office Code": "999/99", "PRC Class": ""}
    result = load_incidents([written(tmp_path / "a.csv", force_export(strangled, unlisted))], store)
    assert rows_of(store, "tier, harm_days, harm_edition") == [
        ("serious_injury", None, None),
        ("other", None, None),
    ]
    said = " ".join(note.text for note in result.notes if note.loud)
    assert "008/77 1" in said
    assert "in no list: 1 (999/99 1)" in said


def test_a_stated_choice_of_weight_is_counted(tmp_path: Path, store: Path) -> None:
    wounding = {"Home Office Code": "008/01", "PRC Class": "8N"}
    result = load_incidents([written(tmp_path / "a.csv", force_export(wounding))], store)
    assert rows_of(store, "harm_days") == [(547.5,)]
    assert any("1 of 008/01: serious wound" in text for text in texts(result.notes))


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


def test_a_last_date_far_from_all_others_is_said(tmp_path: Path, store: Path) -> None:
    slip = {"Incident Number": "2", "From": "01/03/2052 10:00", "To": ""}
    result = load_incidents([written(tmp_path / "a.csv", force_export({}, slip))], store)
    assert any("dated 2052-03-01, more than 90 days" in note.text for note in result.notes)


def test_dates_after_the_day_of_the_load_are_counted(tmp_path: Path, store: Path) -> None:
    later = {"Incident Number": "2", "From": "02/03/2025 00:00", "To": ""}
    file = written(tmp_path / "a.csv", force_export({}, later))
    result = load_incidents([file], store, today=dt.date(2025, 3, 1))
    [note] = [note for note in result.notes if "after the day of the load" in note.text]
    assert note.loud
    assert "2025-03-01: 1." in note.text
    again = load_incidents([file], tmp_path / "other", today=dt.date(2025, 3, 2))
    assert not any("after the day of the load" in text for text in texts(again.notes))


def test_spans_of_more_than_a_week_are_counted(tmp_path: Path, store: Path) -> None:
    week = {"Incident Number": "2", "To": "08/03/2025 23:10"}
    longer = {"Incident Number": "3", "To": "08/03/2025 23:11"}
    result = load_incidents([written(tmp_path / "a.csv", force_export({}, week, longer))], store)
    assert any("in more than 7 days: 1." in text for text in texts(result.notes))


def at_times(*times: str) -> bytes:
    rows = [
        {"Incident Number": str(at), "From": f"01/03/2025 {time}", "To": ""}
        for at, time in enumerate(times)
    ]
    return force_export(*rows)


def test_times_that_heap_are_said(tmp_path: Path, store: Path) -> None:
    heaped = ["00:00"] * 10 + ["14:00"] * 30 + ["14:07"] * 60
    result = load_incidents([written(tmp_path / "a.csv", at_times(*heaped))], store)
    said = {note.text: note.loud for note in result.notes}
    assert said[
        "Incidents at exactly 00:00: 10, 10.0% of those timed to the minute (0.1% if every minute "
        "were alike). Midnight often stands for an hour that nobody knew."
    ]
    assert any("other than midnight: 30, 30% of those timed" in text for text in said)
    # one in a hundred and a half may be so by chance
    even = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(1, 60, 7)]
    later = load_incidents([written(tmp_path / "b.csv", at_times(*even))], tmp_path / "two")
    assert not any("alike" in text for text in texts(later.notes))


def test_a_file_of_dates_alone_is_said(tmp_path: Path, store: Path) -> None:
    result = load_incidents([written(tmp_path / "a.csv", at_times(*["00:00"] * 12))], store)
    assert any(
        note.text.startswith("Every time in a.csv is 00:00") and note.loud for note in result.notes
    )
    mixed = written(tmp_path / "b.csv", at_times(*["00:00"] * 11, "10:30"))
    result = load_incidents([mixed], tmp_path / "two")
    assert not any("Every time in" in text for text in texts(result.notes))


@pytest.mark.parametrize(
    ("heading", "told"),
    [("Date Recorded", True), ("Reported On", True), ("Offence Recorded From", False)],
)
def test_dates_of_recording_are_said(
    tmp_path: Path, store: Path, heading: str, *, told: bool
) -> None:
    content = force_export({}).replace(b",From,", f",{heading},".encode())
    text = (FOLDER / "force_export.toml").read_text("utf-8").replace('"From"', f'"{heading}"')
    mine = written(tmp_path / "mine.toml", text.encode())
    result = load_incidents([written(tmp_path / "a.csv", content)], store, mapping=mine)
    assert any("on which something was recorded" in text for text in texts(result.notes)) is told


def test_text_of_windows_is_read_and_said(tmp_path: Path, store: Path) -> None:
    content = force_export({"Force": "Polic\u00e9 (fictional)"}).decode().encode("cp1252")
    result = load_incidents([written(tmp_path / "a.csv", content)], store)
    assert rows_of(store, "force") == [("Polic\u00e9 (fictional)",)]
    assert any("read as Windows-1252" in text for text in texts(result.notes))


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


def test_progress_is_told(tmp_path: Path, store: Path) -> None:
    said: list[str] = []
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store, progress=said.append)
    assert said[:2] == ["Opened 1 of 1 files", "Reading file 1 of 1; 0 rows so far"]


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
