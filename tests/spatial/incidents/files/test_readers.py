"""Readers: every kind of file gives the same incidents as the CSV file it was made from."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyproj import CRS
from shapely.geometry import MultiPoint, Point, Polygon

from config.errors import BadInputError
from spatial import unpacked
from spatial.incidents.files import geofiles, parquets, workbooks
from spatial.incidents.files.formats import open_source
from spatial.incidents.files.sources import find_source_files
from spatial.incidents.files.tables import as_text
from spatial.incidents.load import LoadResult, load_incidents
from spatial.incidents.store import IncidentStore
from spatial.notes import texts
from tests.spatial.incidents.exports import (
    FORCE_COLUMNS,
    FORCE_ROW,
    POLICE_UK_ROW,
    force_export,
    police_uk,
    written,
    zipped,
)

SAID = "incident_id, occurred_from, occurred_to, longitude, latitude, ho_code, tier, knife"
TWO = ({}, {"Incident Number": "2", "Knife": "Y", "Home Office Code": "00501"})


def held(path: Path, folder: Path, *, mapping: str | None = None) -> tuple[LoadResult, list[Any]]:
    store = folder / f"store-{path.name}"
    result = load_incidents([path], store, mapping=mapping)
    with IncidentStore.open(store).connect() as connection:
        rows = connection.execute(f"SELECT {SAID} FROM incidents ORDER BY incident_id").fetchall()
    return result, rows


def as_typed(change: dict[str, str]) -> dict[str, Any]:
    """A row as a workbook or a table would hold it: dates as dates, numbers as numbers."""
    row: dict[str, Any] = {**FORCE_ROW, **change}
    for name in ("From", "To"):
        row[name] = dt.datetime.strptime(row[name], "%d/%m/%Y %H:%M")  # noqa: DTZ007 (wall-clock)
    for name in ("Easting", "Northing"):
        row[name] = float(row[name])
    return {**row, "Victim Age": int(row["Victim Age"])}


def workbook(
    path: Path, rows: list[list[Any]], *, before: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in before:
        book.create_sheet(name)
    sheet = book.create_sheet("Crimes")
    for row in rows:
        sheet.append(row)
    for name in after:
        book.create_sheet(name).append(["something", "else"])
    book.save(path)
    return path


def sheet_rows(*changes: dict[str, str]) -> list[list[Any]]:
    rows = [as_typed(change) for change in changes]
    return [list(FORCE_COLUMNS), *([row[column] for column in FORCE_COLUMNS] for row in rows)]


@pytest.fixture
def plain(tmp_path: Path) -> list[Any]:
    rows = held(written(tmp_path / "plain.csv", force_export(*TWO)), tmp_path)[1]
    assert len(rows) == 2
    return rows


@pytest.mark.parametrize(
    ("mark", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")]
)
def test_any_separator_is_read_and_said(
    tmp_path: Path, plain: list[Any], mark: str, words: str
) -> None:
    content = force_export(*TWO).decode().replace(",", mark)
    result, rows = held(written(tmp_path / "a.csv", content.encode()), tmp_path)
    assert rows == plain
    assert f"a.csv is separated by {words}, not commas, and was read so." in texts(result.notes)


def test_a_separator_inside_quotation_marks_separates_nothing(tmp_path: Path) -> None:
    header, row = force_export({}).decode().splitlines()
    content = f'{header},"a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t;u;v"\n{row},x\n'
    result, rows = held(written(tmp_path / "a.csv", content.encode()), tmp_path)
    assert len(rows) == 1
    assert not any("separated by" in text for text in texts(result.notes))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_any_encoding_is_read(tmp_path: Path, plain: list[Any], encoding: str) -> None:
    text = force_export(*({**change, "Force": "Polic\u00e9"} for change in TWO)).decode()
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    content = marks.get(encoding, b"") + text.encode(encoding)
    result, rows = held(written(tmp_path / "a.csv", content), tmp_path)
    assert rows == plain
    with IncidentStore.open(tmp_path / "store-a.csv").connect() as connection:
        assert connection.execute("SELECT DISTINCT force FROM incidents").fetchall() == [
            ("Polic\u00e9",)
        ]
    assert any("UTF-16" in text for text in texts(result.notes)) is encoding.startswith("utf-16")


def test_a_workbook_gives_what_its_csv_gives(tmp_path: Path, plain: list[Any]) -> None:
    path = workbook(tmp_path / "a.xlsx", sheet_rows(*TWO))
    result, rows = held(path, tmp_path)
    assert rows == plain
    assert not any("sheets" in text for text in texts(result.notes))
    assert (result.read, result.stored) == (2, 2)


def test_of_several_sheets_the_first_that_is_filled_is_read_and_named(
    tmp_path: Path, plain: list[Any]
) -> None:
    path = workbook(
        tmp_path / "a.xlsx", sheet_rows(*TWO), before=("Cover", "Blank"), after=("Lookups",)
    )
    result, rows = held(path, tmp_path)
    assert rows == plain
    said = [note for note in result.notes if "4 sheets: only 'Crimes' was read" in note.text]
    assert [note.loud for note in said] == [True]


def test_an_error_cell_is_blank_and_a_formula_is_its_saved_value(tmp_path: Path) -> None:
    rows = sheet_rows({}, {"Incident Number": "2"}, {"Incident Number": "3"})
    knife, start = FORCE_COLUMNS.index("Knife"), FORCE_COLUMNS.index("From")
    rows[1][knife] = "#REF!"
    rows[2][start] = "#N/A"
    rows[3][knife] = "=1+1"  # never calculated, so that no value was saved
    result, kept = held(workbook(tmp_path / "a.xlsx", rows), tmp_path)
    assert (result.read, result.stored, result.rejected) == (3, 2, 1)
    assert [row[-1] for row in kept] == ["unknown", "unknown"]
    assert any("such as #REF!: 2. They were read as blank" in text for text in texts(result.notes))


def test_blank_rows_of_a_sheet_are_counted_but_not_those_at_its_end(tmp_path: Path) -> None:
    rows = sheet_rows(*TWO)
    rows.insert(0, [])
    rows.insert(3, [])
    path = workbook(tmp_path / "a.xlsx", [*rows, [None] * 5, [None] * 5])
    result, _ = held(path, tmp_path)
    assert (result.read, result.stored, result.rejected) == (3, 2, 1)
    with IncidentStore.open(tmp_path / "store-a.xlsx").connect() as connection:
        found = connection.execute("SELECT source_row FROM incidents ORDER BY 1").fetchall()
    # as the sheet numbers them: header in row 2, a blank row 4
    assert found == [(3,), (5,)]


def test_dates_that_a_workbook_half_understood_are_refused(tmp_path: Path) -> None:
    # typed as day before month and opened as month before day: 13 and more stay text
    rows = sheet_rows(*TWO)
    rows[2][FORCE_COLUMNS.index("From")] = "13/03/2025 10:00"
    with pytest.raises(BadInputError, match="column 'From' holds dates in 2 formats"):
        held(workbook(tmp_path / "a.xlsx", rows), tmp_path)


def test_broken_workbooks_are_one_sentence(tmp_path: Path) -> None:
    blank = workbook(tmp_path / "blank.xlsx", [], before=("One",))
    with pytest.raises(BadInputError, match=r"blank\.xlsx has no sheet with anything in it"):
        load_incidents([blank], tmp_path / "store")
    stranger = io.BytesIO()
    with zipfile.ZipFile(stranger, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    path = written(tmp_path / "a.xlsx", stranger.getvalue())
    with pytest.raises(BadInputError, match=r"a\.xlsx is not a workbook that can be read"):
        load_incidents([path], tmp_path / "store")
    whole = workbook(tmp_path / "b.xlsx", sheet_rows({})).read_bytes()
    torn = written(tmp_path / "torn.xlsx", whole[: len(whole) // 2])
    with pytest.raises(BadInputError, match=r"torn\.xlsx is not a workbook"):
        load_incidents([torn], tmp_path / "store")
    twice = workbook(tmp_path / "twice.xlsx", [["From", "from"], [1, 2]])
    with pytest.raises(BadInputError, match="has the column 'from' twice"):
        load_incidents([twice], tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_parquet_gives_what_its_csv_gives(tmp_path: Path, plain: list[Any]) -> None:
    frame = pd.DataFrame([as_typed(change) for change in TWO])
    frame["Knife"] = frame["Knife"].astype("category")
    frame.to_parquet(tmp_path / "a.parquet")
    assert held(tmp_path / "a.parquet", tmp_path)[1] == plain


def points_of(*changes: dict[str, str]) -> gpd.GeoDataFrame:
    rows = [as_typed(change) for change in changes]
    points = [Point(row.pop("Easting"), row.pop("Northing")) for row in rows]
    return gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:27700")


@pytest.mark.parametrize("suffix", ["parquet", "gpkg"])
def test_points_stand_in_for_eastings_and_northings(
    tmp_path: Path, plain: list[Any], suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    frame = points_of(*TWO)
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path, layer="crimes")
    result, rows = held(path, tmp_path)
    assert rows == plain
    # a GeoPackage calls every time UTC, whatever it was
    assert any("marks its times as UTC" in text for text in texts(result.notes)) is (
        suffix == "gpkg"
    )


def test_times_with_a_zone_become_the_clock_time_here(tmp_path: Path) -> None:
    summer = as_typed({"From": "01/07/2025 23:30", "To": "01/07/2025 23:30"})
    frame = pd.DataFrame([summer])
    for name in ("From", "To"):
        frame[name] = frame[name].dt.tz_localize("UTC")
    frame.to_parquet(tmp_path / "a.parquet")
    result, rows = held(tmp_path / "a.parquet", tmp_path)
    assert rows[0][1] == dt.datetime(2025, 7, 2, 0, 30)  # noqa: DTZ001 (wall-clock)
    assert any("name their time zone: 2." in text for text in texts(result.notes))


def test_the_first_filled_layer_of_points_is_read_and_named(
    tmp_path: Path, plain: list[Any]
) -> None:
    path = tmp_path / "a.gpkg"
    area = gpd.GeoDataFrame({"n": [1]}, geometry=[Point(0, 0).buffer(1)], crs="EPSG:27700")
    area.to_file(path, layer="area")
    points_of(*TWO).to_file(path, layer="crimes")
    result, rows = held(path, tmp_path)
    assert rows == plain
    assert "a.gpkg has 2 layers: only 'crimes' was read." in texts(result.notes)


def native(kind: str, *, crs: object = "EPSG:27700") -> pa.Table:
    """Return the two rows of `points_of` with their points in another encoding than WKB."""
    frame = points_of(*TWO)
    xs, ys = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    rows = pa.Table.from_pandas(pd.DataFrame(frame.drop(columns="geometry")), preserve_index=False)
    rows = rows.replace_schema_metadata(None)
    marks: dict[str, str] = {}
    if kind in {"point", "geoarrow.point"}:
        fields = [pa.field("x", pa.float64()), pa.field("y", pa.float64())]
        points = pa.StructArray.from_arrays([pa.array(xs), pa.array(ys)], fields=fields)
    elif kind == "interleaved":
        flat = pa.array([part for pair in zip(xs, ys, strict=True) for part in pair])
        points = pa.FixedSizeListArray.from_arrays(flat, 2)
    else:
        points = pa.array(frame.geometry.to_wkb().tolist(), pa.binary())
    if kind != "point":
        name = "geoarrow.point" if kind == "interleaved" else kind
        said = json.dumps({"crs": crs, "crs_type": "authority_code"})
        marks = {"ARROW:extension:name": name, "ARROW:extension:metadata": said}
    table = rows.append_column(pa.field("geometry", points.type, metadata=marks), points)
    if kind == "point":
        column = {"encoding": "point", "geometry_types": ["Point"], "crs": crs}
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    return table


@pytest.mark.parametrize("kind", ["point", "geoarrow.point", "interleaved", "geoarrow.wkb"])
def test_native_points_stand_in_for_eastings_and_northings(
    tmp_path: Path, plain: list[Any], kind: str
) -> None:
    projjson = CRS("EPSG:27700").to_json_dict()
    crs = projjson if kind == "point" else "EPSG:27700"
    pq.write_table(native(kind, crs=crs), tmp_path / "a.parquet")
    assert held(tmp_path / "a.parquet", tmp_path)[1] == plain


def test_native_shapes_that_are_no_points_and_unknown_systems_are_refused(tmp_path: Path) -> None:
    table = native("point")
    about = json.loads(table.schema.metadata[b"geo"])
    about["columns"]["geometry"]["encoding"] = "multipolygon"
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(about)}), tmp_path / "a.parquet"
    )
    with pytest.raises(BadInputError, match="holds its points as 'multipolygon'"):
        load_incidents([tmp_path / "a.parquet"], tmp_path / "store")
    # the GeoArrow specification, unlike GeoParquet's, has no system unless one is named
    pq.write_table(native("geoarrow.point", crs=None), tmp_path / "b.parquet")
    with pytest.raises(BadInputError, match="has no known coordinate system"):
        load_incidents([tmp_path / "b.parquet"], tmp_path / "store")


def test_geoparquet_without_its_metadata_is_read_by_its_columns(
    tmp_path: Path, plain: list[Any]
) -> None:
    frame = pd.DataFrame([as_typed(change) for change in TWO])
    frame["geometry"] = points_of(*TWO).geometry.to_wkb()
    frame["Tags"] = [["a", "b"], []]
    frame["More"] = [{"a": 1}, {"a": 2}]
    frame.to_parquet(tmp_path / "a.parquet")
    result, rows = held(tmp_path / "a.parquet", tmp_path)
    assert rows == plain
    said = "Columns of a.parquet that hold lists, structures or bytes, and were not read: 3."
    assert said in texts(result.notes)


def test_points_of_a_collection_of_one_are_points(tmp_path: Path, plain: list[Any]) -> None:
    frame = points_of(*TWO)
    frame["geometry"] = [MultiPoint([point]) for point in frame.geometry]
    frame.to_file(tmp_path / "a.gpkg", layer="crimes")
    assert held(tmp_path / "a.gpkg", tmp_path)[1] == plain
    frame["geometry"] = [MultiPoint([(0, 0), (1, 1)])] * 2
    frame.to_file(tmp_path / "b.gpkg", layer="crimes")
    with pytest.raises(BadInputError, match=r"b\.gpkg, row 2, is not a point"):
        held(tmp_path / "b.gpkg", tmp_path)


@pytest.mark.parametrize("suffix", ["parquet", "gpkg", "xlsx", "geojson"])
def test_every_kind_is_read_inside_an_archive_and_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(parquets, "_ROWS", 3)
    monkeypatch.setattr(geofiles, "_ROWS", 3)
    changes = [{"Incident Number": str(number)} for number in range(8)]
    path = tmp_path / f"a.{suffix}"
    if suffix == "xlsx":
        workbook(path, sheet_rows(*changes))
    elif suffix == "geojson":
        written(path, feature_collection(*({"Crime ID": str(number)} for number in range(8))))
    elif suffix == "gpkg":
        points_of(*changes).to_file(path, layer="crimes")
    else:
        points_of(*changes).to_parquet(path)
    archive = zipped(tmp_path / "a.zip", {f"in/a.{suffix}": path.read_bytes()})
    (file,), _ = find_source_files([archive])
    opened = open_source(file)
    wanted = ["Crime ID" if suffix == "geojson" else "Incident Number", "Force"]
    if suffix == "geojson":
        wanted[1] = "Latitude"
    elif suffix != "xlsx":
        wanted += ["Easting", "Latitude"]
    pieces = list(opened.chunks(wanted))
    assert len(pieces) == (3 if suffix in {"parquet", "gpkg"} else 1)
    numbers = [row for piece in pieces for row in piece.rows.tolist()]
    assert numbers == list(range(2, 10))
    ids = [text for piece in pieces for text in piece.columns[wanted[0]].to_pylist()]
    assert ids == [str(number) for number in range(8)]
    whole = opened.read(wanted)
    assert whole.rows.tolist() == numbers
    for column in wanted:
        joined = [text for piece in pieces for text in piece.columns[column].to_pylist()]
        assert whole.columns[column].to_pylist() == joined
    assert opened.sha256 == file.sha256()
    mapping = "police_uk" if suffix == "geojson" else "force_export"
    result = load_incidents([archive], tmp_path / "store", mapping=mapping)
    assert (result.read, result.stored) == (8, 8)


def test_a_geojson_too_long_to_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geofiles, "MOST_GEOJSON", 100)
    path = written(tmp_path / "a.geojson", feature_collection({}))
    with pytest.raises(BadInputError, match=r"a\.geojson has more than .* Export it as GeoPackage"):
        load_incidents([path], tmp_path / "store")


def test_a_coordinate_system_nobody_named_is_refused(tmp_path: Path) -> None:
    for crs, said in (("EPSG:3857", "Pseudo-Mercator"), (None, "no known coordinate system")):
        frame = points_of({}).set_crs(crs, allow_override=True)
        frame.to_parquet(tmp_path / "a.parquet")
        with pytest.raises(BadInputError, match=said):
            load_incidents([tmp_path / "a.parquet"], tmp_path / "store")


def feature_collection(*changes: dict[str, Any], crs: str | None = None) -> bytes:
    features = []
    for change in changes:
        row = {**POLICE_UK_ROW, **change}
        place = [float(row.pop("Longitude")), float(row.pop("Latitude"))]
        shape = row.pop("shape", {"type": "Point", "coordinates": place})
        features.append({"type": "Feature", "geometry": shape, "properties": row})
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document).encode()


def test_geojson_points_give_what_their_csv_gives(tmp_path: Path) -> None:
    changes = ({}, {"Crime ID": "b2", "Longitude": "0.7249999", "Crime type": "Burglary"})
    expected = held(written(tmp_path / "a.csv", police_uk(*changes)), tmp_path)[1]
    path = written(tmp_path / "a.geojson", feature_collection(*changes))
    assert held(path, tmp_path)[1] == expected
    old = feature_collection(*changes, crs="urn:ogc:def:crs:OGC:1.3:CRS84")
    assert held(written(tmp_path / "b.geojson", old), tmp_path)[1] == expected


def test_geojson_that_is_no_points_is_refused(tmp_path: Path) -> None:
    area = {
        "type": "Polygon",
        "coordinates": [[list(p) for p in Polygon([(0, 51), (1, 51), (1, 52)]).exterior.coords]],
    }
    path = written(tmp_path / "a.geojson", feature_collection({}, {"shape": area}))
    with pytest.raises(BadInputError, match=r"a\.geojson, row 3, is not a point"):
        load_incidents([path], tmp_path / "store")
    webby = written(tmp_path / "b.geojson", feature_collection({}, crs="EPSG:3857"))
    with pytest.raises(BadInputError, match="has coordinates in WGS 84 / Pseudo-Mercator"):
        load_incidents([webby], tmp_path / "store")


def test_a_feature_without_a_place_is_stored_without_one(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", feature_collection({}, {"Crime ID": "b", "shape": None}))
    result, rows = held(path, tmp_path)
    assert result.stored == 2
    assert [row[3] for row in rows] == [0.715, None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([627200.0, 0.1, None, 1e-5, 1e15]),
         ["627200", "0.1", None, "0.00001", "1000000000000000"]),
        (pa.array([2**53 + 1, None], pa.int64()), ["9007199254740993", None]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array([dt.date(2025, 3, 1), None]), ["2025-03-01T00:00:00", None]),
        (pa.array(["a", "", None], pa.large_string()), ["a", None, None]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([0.1, 16777216.0], pa.float32()), ["0.1", "16777216"]),
        (pa.array([float("inf"), float("nan"), 5e-7, -2.5, 1e22]),
         [None, None, "0.0000005", "-2.5", "10000000000000000000000"]),
        (pa.chunked_array([pa.array([1e16, 0.5]), pa.array([None, 1e10], pa.float64())]),
         ["10000000000000000", "0.5", None, "10000000000"]),
    ],
)  # fmt: skip
def test_values_become_text_without_loss(values: pa.Array, expected: list[str | None]) -> None:
    assert as_text(values).to_pylist() == expected


def test_an_archive_made_to_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MOST_BYTES", 1_000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 100_000)
    with pytest.raises(BadInputError, match=r"a\.zip/a\.csv unpacks to more than"):
        load_incidents([tmp_path / "a.zip"], tmp_path / "store")


def test_a_workbook_made_to_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 1_000)
    path = workbook(tmp_path / "a.xlsx", sheet_rows({}))
    with pytest.raises(BadInputError, match=r"a\.xlsx unpacks to more than 4 GB"):
        load_incidents([path], tmp_path / "store")


def test_workbooks_in_a_folder_are_read_and_old_ones_not_passed_over_in_silence(
    tmp_path: Path,
) -> None:
    written(tmp_path / "in" / "a.csv", force_export({}))
    workbook(tmp_path / "in" / "b.xlsx", sheet_rows({"Incident Number": "2"}))
    written(tmp_path / "in" / "~$b.xlsx", b"a lock")
    written(tmp_path / "in" / "old" / "c.xls", b"\xd0\xcf\x11\xe0")
    result = load_incidents([tmp_path / "in"], tmp_path / "store")
    assert result.stored == 2
    said = [note for note in result.notes if "Workbooks" in note.text]
    assert [(note.text, note.loud) for note in said] == [
        ("Workbooks of old kinds, which are not read: 1. Save them as .xlsx or as CSV.", True)
    ]
