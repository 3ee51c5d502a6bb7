"""Bad input: one clear sentence each, and the store byte for byte as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import BadInputError
from spatial.incidents.load import load_incidents
from tests.spatial.incidents.exports import (
    FORCE_COLUMNS,
    FORCE_ROW,
    csv_text,
    force_export,
    police_uk,
    snapshot,
    written,
    zipped,
)


def without(*columns: str) -> bytes:
    kept = [column for column in FORCE_COLUMNS if column not in columns]
    return csv_text(kept, [[FORCE_ROW[column] for column in kept]])


THREE_FORMATS = force_export(
    {"Incident Number": "1", "From": "01/03/2025 10:00"},
    {"Incident Number": "2", "From": "2025-03-02"},
    {"Incident Number": "3", "From": "3 Mar 2025"},
)
BAD = {
    "empty.csv": (b"", "empty.csv is empty"),
    "blank.csv": (b"\n \n", "blank.csv is empty"),
    "header.csv": (force_export(), "header.csv has column names but no rows"),
    "binary.csv": (b"\x00\x01PK", "binary.csv is not a text file"),
    "utf16.csv": ("a,b\n".encode("utf-16")[:-1], r"Unicode \(UTF-16\) text that breaks off"),
    "utf32.csv": ("a,b\n".encode("utf-32"), "utf32.csv is not a text file"),
    "undecodable.csv": (b"a,b\n\x81\x8d,1\n", "not text in UTF-8 or Windows-1252"),
    "semicolons.csv": (b"a;b;A\n1;2;3\n", "has the column 'A' twice"),
    "twice.csv": (b"From,To,from\n1,2,3\n", "has the column 'from' twice"),
    "nowhere.csv": (
        without("Easting", "Northing"),
        "has no column 'Easting' or 'Northing', so its incidents cannot be put on a map",
    ),
    "unplaced.csv": (
        force_export({"Easting": ""}, {"Incident Number": "2", "Easting": "0", "Northing": "0"}),
        "no row has a usable location in the columns 'Easting' and 'Northing'",
    ),
    "dates.csv": (
        THREE_FORMATS,
        (
            "the column 'From' holds dates in 3 formats: dd/mm/yyyy HH:MM, such as "
            r"'01/03/2025 10:00' \(row 2\); yyyy-mm-dd, such as '2025-03-02' \(row 3\); "
            r"dd mon yyyy, such as '3 Mar 2025' \(row 4\)\. "
            "Export it again with every date as dd/mm/yyyy HH:MM"
        ),
    ),
    "iso.csv": (
        force_export({"From": "2025-03-01 10:00:00"}),
        (
            r"holds dates as yyyy-mm-dd HH:MM:SS, such as '2025-03-01 10:00:00' \(row 2\), "
            "where the mapping expects dd/mm/yyyy HH:MM"
        ),
    ),
    "undated.csv": (
        force_export({"From": "whenever"}),
        "holds no date written as dd/mm/yyyy HH:MM",
    ),
    "noneatall.csv": (force_export({"From": ""}), "no row holds a date in the column 'From'"),
    "quote.csv": (
        force_export({}) + b'"2,x\n3,4\n5,6\n',
        "row 3, opens a quotation mark that is never closed",
    ),
    "strange.csv": (
        b"Name,Colour\nA,B\n",
        r"No mapping fits strange\.csv: force_export needs 'Incident.*; police_uk needs 'Crime ID",
    ),
    "2025-01-essex-stop-and-search.csv": (
        police_uk({}),
        "stop-and-search records, which are never",
    ),
    "searches.csv": (b"Type,Object of search\nA,B\n", "stop-and-search records, which are never"),
    "sheet.xlsx": (b"PK\x03\x04", "is not a workbook that can be read"),
    "sheet.xls": (b"\xd0\xcf\x11\xe0", "is a .xls workbook. Save it as .xlsx"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0", "is protected with a password, or is an old .xls"),
    "nothing.xlsx": (b"", "nothing.xlsx is empty"),
    "sheet.parquet": (b"PAR1", "is not a Parquet file that can be read"),
    "points.gpkg": (b"SQLite format 3\x00", "is not a GeoPackage that can be read"),
    "points.geojson": (b'{"type": "Point"}', "is not a GeoJSON feature collection"),
    "notes.txt": (b"a,b\n1,2\n", r"is not a .csv, .csv.gz or .zip file, nor a folder"),
    "torn.zip": (b"PK but no more", "is not a zip archive that can be opened"),
    "torn.csv.gz": (b"\x1f\x8b but no more", "is damaged and cannot be unpacked"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("new", [True, False])
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, name: str, *, new: bool) -> None:
    store = tmp_path / "store"
    if not new:
        load_incidents([written(tmp_path / "good.csv", force_export({}))], store)
    before = snapshot(store)
    content, message = BAD[name]
    with pytest.raises(BadInputError, match=message) as refused:
        load_incidents([written(tmp_path / name, content)], store)
    assert "\n" not in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert str(refused.value).startswith((name, "No mapping fits"))
    assert snapshot(store) == before
    assert store.exists() is not new


def test_one_bad_file_among_good_ones_stops_them_all(tmp_path: Path) -> None:
    files = [
        written(tmp_path / "a.csv", force_export({})),
        written(tmp_path / "b.csv", THREE_FORMATS),
    ]
    with pytest.raises(BadInputError, match=r"b\.csv: the column 'From'"):
        load_incidents(files, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_missing_file_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"There is no file or folder 'gone\.csv'"):
        load_incidents([tmp_path / "gone.csv"], tmp_path / "store")
    with pytest.raises(BadInputError, match=r"There is nothing to load"):
        load_incidents([], tmp_path / "store")


def test_an_unknown_mapping_lists_those_there_are(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", force_export({}))
    with pytest.raises(
        BadInputError, match=r"no mapping 'essex'\. Choose one of force_export, police_uk"
    ):
        load_incidents([file], tmp_path / "store", mapping="essex")


def test_the_wrong_mapping_says_what_it_misses(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", force_export({}))
    with pytest.raises(
        BadInputError,
        match=r"does not fit the mapping 'police_uk': it has no column 'Month', 'Longitude', ",
    ):
        load_incidents([file], tmp_path / "store", mapping="police_uk")


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", force_export({}))
    other = tmp_path / "photographs"
    written(other / "one.txt", b"1")
    with pytest.raises(BadInputError, match=r"'photographs' is not an incident store and is not"):
        load_incidents([file], other)
    assert snapshot(other) == {"one.txt": b"1"}
    with pytest.raises(BadInputError, match=r"'a\.csv' is a file"):
        load_incidents([file], file)


def test_an_archive_without_crime_files_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"2025-01/2025-01-essex-outcomes.csv": b"a,b\n1,2\n"})
    with pytest.raises(BadInputError, match=r"a\.zip holds no CSV file of incidents"):
        load_incidents([archive], tmp_path / "store")
    searches = zipped(tmp_path / "b.zip", {"2025-01-essex-stop-and-search.csv": b"a,b\n1,2\n"})
    with pytest.raises(BadInputError, match=r"b\.zip holds stop-and-search records"):
        load_incidents([searches], tmp_path / "store")


def placed(*points: tuple[str, str]) -> bytes:
    rows = [
        {"Incident Number": str(at), "Easting": x, "Northing": y}
        for at, (x, y) in enumerate(points)
    ]
    return force_export(*rows)


def test_longitude_and_latitude_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    swapped = {"Longitude": "51.54", "Latitude": "0.715"}
    most = police_uk(*[{**swapped, "Crime ID": str(at)} for at in range(6)], {}, {})
    file = written(tmp_path / "a.csv", most)
    with pytest.raises(
        BadInputError,
        match=r"'Longitude' and 'Latitude' hold longitude and latitude the wrong way round.*Swap x",
    ):
        load_incidents([file], tmp_path / "store")
    # a row or two are slips: they cost themselves, not the file
    few = police_uk({**swapped, "Crime ID": "b"}, *({"Crime ID": str(at)} for at in range(6)))
    assert load_incidents([written(tmp_path / "b.csv", few)], tmp_path / "store").stored == 7


def test_easting_and_northing_the_wrong_way_round_are_refused_where_it_shows(
    tmp_path: Path,
) -> None:
    # Aberdeen: its northing is no easting
    file = written(tmp_path / "a.csv", placed(("806000", "394000")))
    with pytest.raises(BadInputError, match="hold easting and northing the wrong way round"):
        load_incidents([file], tmp_path / "store")


def test_two_coordinate_systems_in_one_column_are_refused(tmp_path: Path) -> None:
    metres, degrees = ("627200", "372400"), ("1.4001", "53.2001")
    file = written(tmp_path / "a.csv", placed(metres, metres, degrees))
    with pytest.raises(
        BadInputError,
        match=r"hold eastings and northings and, in 1 rows such as row 4, degrees\. Export each",
    ):
        load_incidents([file], tmp_path / "store")
    other = police_uk({}, {"Crime ID": "b", "Longitude": "575000", "Latitude": "185000"})
    file = written(tmp_path / "b.csv", other)
    with pytest.raises(BadInputError, match="in 1 rows such as row 3, eastings and northings"):
        load_incidents([file], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_one_stray_row_of_another_system_costs_only_itself(tmp_path: Path) -> None:
    points = [("627200", "372400")] * 150
    file = written(tmp_path / "a.csv", placed(*points, ("1.4001", "53.2001")))
    result = load_incidents([file], tmp_path / "store")
    assert result.stored == 151
    assert any("without a usable location: 1." in note.text for note in result.notes)


def test_degrees_where_metres_are_expected_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", placed(("1.4001", "53.2001"), ("1.4002", "53.2002")))
    with pytest.raises(BadInputError, match="no row has a usable location"):
        load_incidents([file], tmp_path / "store")
