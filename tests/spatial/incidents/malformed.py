"""Malformed files, each made of bytes: what somebody might give, and what is wrong with it."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import stat
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.spatial.incidents.exports import (
    FORCE_COLUMNS,
    FORCE_ROW,
    POLICE_UK_ROW,
    force_export,
    police_uk,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GOOD = force_export({})
HEADER = GOOD.splitlines()[0]
POINT = {"type": "Point", "coordinates": [0.715, 51.54]}
AREA = {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 51]]]}
OUTCOMES = b"Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,Outcome type\n"
SEARCHES = b"Type,Date,Object of search,Outcome\nPerson,2025-01-01,Knife,Nothing\n"
BOM = b"\xef\xbb\xbf"


def rows(number: int, **said: str) -> bytes:
    """Return an export of so many incidents, alike but for their number."""
    return force_export(*({**said, "Incident Number": str(at)} for at in range(number)))


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    content = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        # one name twice is what some of them are about
        warnings.simplefilter("ignore")
        for name, data in members:
            packed.writestr(name, data)
    return content.getvalue()


def locked_archive() -> bytes:
    """Return an archive whose member says that it is encrypted, in both its headers."""
    content = bytearray(archive(("a.csv", GOOD)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


def damaged_archive() -> bytes:
    content = bytearray(archive(("a.csv", rows(300))))
    content[400] ^= 1
    return bytes(content)


def link() -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("a.csv")
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


def workbook(*lines: Sequence[Any]) -> bytes:
    content = io.BytesIO()
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(content)
    return content.getvalue()


def torn_sheet() -> bytes:
    """Return a workbook whose one sheet breaks off."""
    whole = zipfile.ZipFile(io.BytesIO(workbook(FORCE_COLUMNS, list(FORCE_ROW.values()))))
    return archive(
        *(
            (name, whole.read(name)[: 200 if "sheet1" in name else None])
            for name in whole.namelist()
        )
    )


def features(*shapes: object, **more: object) -> bytes:
    made = []
    for number, shape in enumerate(shapes):
        row = {**POLICE_UK_ROW, "Crime ID": str(number)}
        del row["Longitude"], row["Latitude"]
        made.append({"type": "Feature", "properties": row, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": made, **more}).encode()


def damaged_parquet() -> bytes:
    content = io.BytesIO()
    frame = pd.DataFrame([{**FORCE_ROW, "Incident Number": str(at)} for at in range(500)])
    pq.write_table(pa.Table.from_pandas(frame), content)
    data = bytearray(content.getvalue())
    data[100:2_500] = bytes(byte ^ 0x5A for byte in data[100:2_500])
    return bytes(data)


def database(path: Path) -> bytes:
    """Return a SQLite database that is no GeoPackage."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE incidents (number)")
    connection.close()
    return path.read_bytes()


REFUSED: dict[str, tuple[bytes, str]] = {
    # archives
    "truncated.zip": (archive(("a.csv", GOOD))[:-30], "is not a zip archive that can be opened"),
    "damaged.zip": (damaged_archive(), "damaged.zip/a.csv is damaged and cannot be unpacked"),
    "locked.zip": (locked_archive(), "locked.zip/a.csv is locked with a password. Unpack it"),
    "traversal.zip": (archive(("../../a.csv", GOOD)), "'../../a.csv', which points outside"),
    "absolute.zip": (archive(("/etc/a.csv", GOOD)), "'/etc/a.csv', which points outside"),
    "drive.zip": (archive(("C:\\a.csv", GOOD)), r"'C:\\a.csv', which points outside"),
    "backslash.zip": (archive(("..\\a.csv", GOOD)), r"'..\\a.csv', which points outside"),
    "twice.zip": (archive(("a.csv", GOOD), ("a.csv", GOOD)), "holds 'a.csv' twice"),
    "link.zip": (archive((link(), b"/etc/passwd")), "holds 'a.csv', a link to another file"),
    "nested.zip": (archive(("b.zip", GOOD), ("a.csv", GOOD)), "another archive, 'b.zip', which is"),
    "nothing.zip": (archive(), "holds no CSV file of incidents"),
    "notes.zip": (archive(("readme.txt", b"x"), ("__MACOSX/._a.csv", b"x")), "holds no CSV file"),
    "bomb.zip": (archive(("a.csv", b"0\n" * 2_000_000)), "a.csv unpacks to more than 1,000 times"),
    "truncated.csv.gz": (gzip.compress(rows(50))[:-15], "is damaged and cannot be unpacked"),
    "plain.csv.gz": (GOOD, "is damaged and cannot be unpacked"),
    "zip.csv.gz": (gzip.compress(archive(("a.csv", GOOD))), "is not a text file"),
    "bomb.csv.gz": (gzip.compress(b"0\n" * 2_000_000), "unpacks to more than 1,000 times its size"),
    # text that is none, or not all of it
    "zero.csv": (b"", "is empty"),
    "mark.csv": (BOM, "is empty"),
    "spaces.csv": (b"  \r\n \r\n", "is empty"),
    "header.csv": (HEADER + b"\n", "has column names but no rows"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "is not a text file"),
    "workbook.csv": (workbook(FORCE_COLUMNS), "is not a text file"),
    "ebcdic.csv": (GOOD.decode().encode("cp037"), "is not text in UTF-8 or Windows-1252"),
    "utf16.csv": (GOOD.decode().encode("utf-16-le"), "is not a text file"),
    "nul.csv": (GOOD.replace(b"ABH", b"A\0H"), "is not a text file"),
    "page.csv": (b"<!DOCTYPE html><html><body>Signed out</body></html>", "No mapping fits page"),
    "one_line.csv": (b"x" * 10_000_000, "has more than 1 MB in its first row"),
    "one_row.csv": (HEADER + b"\n" + b"x" * 10_000_000 + b"\n", "one_row.csv"),
    "open_quote.csv": (rows(50).replace(b"\n7,", b'\n"7,'), "row 9, opens a quotation mark that"),
    "wide.csv": (b",".join(b"c%d" % at for at in range(5_000)) + b"\n1\n", "No mapping fits wide"),
    # columns
    "header_twice.csv": (GOOD.replace(b"Knife,", b"Domestic,"), "the column 'Domestic' twice"),
    "headless.csv": (GOOD.partition(b"\n")[2], "headless.csv has the column 'N' twice"),
    "2025-01-essex-stop-and-search.csv": (police_uk({}), "holds stop-and-search records, which"),
    "searches.csv": (SEARCHES, "holds stop-and-search records, which are never used"),
    "outcomes.csv": (
        OUTCOMES + b"1,2025-01,E,E,0.7,51.5,x,Charged\n",
        "what became of crimes",
    ),
    "long_number.csv": (
        force_export({"Incident Number": "9" * 5_000_000}),
        "than 200 letters",
    ),
    # dates
    "two_formats.csv": (
        rows(3) + b"\n".join(rows(3, From="2025-03-01 10:00").splitlines()[1:]) + b"\n",
        "the column 'From' holds dates in 2 formats",
    ),
    "no_dates.csv": (rows(3, From="spring"), "'From' holds no date written as dd/mm/yyyy HH:MM"),
    "serial_dates.csv": (rows(3, From="45717.5"), "'From' holds no date written as dd/mm/yyyy"),
    "formulas.csv": (rows(3, From="=TODAY()"), "'From' holds no date written as dd/mm/yyyy"),
    # places
    "swapped.csv": (
        police_uk(*({"Crime ID": str(at), "Longitude": "51.5", "Latitude": "0.7"} for at in "abc")),
        "hold longitude and latitude the wrong way round",
    ),
    "two_systems.csv": (
        force_export({}, {"Incident Number": "2", "Easting": "1.4", "Northing": "53.2"}),
        "eastings and northings and, in 1 rows such as row 3, degrees",
    ),
    "web_mercator.csv": (rows(5, Easting="155000", Northing="7040000"), "no row has a usable loca"),
    "exponents.csv": (rows(3, Easting="6.27E+05", Northing="3.72e5"), "numbers with an exponent"),
    "infinite.csv": (rows(3, Easting="inf", Northing="NaN"), "no row has a usable location"),
    # workbooks
    "locked.xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "is protected with a",
    ),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a .xls workbook. Save it as .xlsx"),
    "empty_zip.xlsx": (archive(("readme.txt", b"x")), "is not a workbook that can be read"),
    "torn_sheet.xlsx": (torn_sheet(), "is not a workbook that can be read"),
    "text.xlsx": (GOOD, "is not a workbook that can be read"),
    "blank.xlsx": (workbook(), "has no sheet with anything in it"),
    "header.xlsx": (workbook(FORCE_COLUMNS), "has column names but no rows"),
    "formulas.xlsx": (
        workbook(FORCE_COLUMNS, [FORCE_ROW[c] if c != "From" else "=NOW()" for c in FORCE_COLUMNS]),
        "no row holds a date in the column 'From'",
    ),
    # Parquet
    "damaged.parquet": (damaged_parquet(), "is not a Parquet file that can be read"),
    "text.parquet": (GOOD, "is not a Parquet file that can be read"),
    # GeoJSON
    "nothing.geojson": (features(), "has no features. Export it again with its incidents"),
    "nowhere.geojson": (features(None, None), "no row has a usable location"),
    "areas.geojson": (features(AREA), "is no layer that is known"),
    "mixed.geojson": (features(POINT, AREA), "row 3, is not a point"),
    "broken.geojson": (features(POINT)[:-20], "is not a GeoJSON feature collection"),
    "web_mercator.geojson": (
        features(POINT, crs={"type": "name", "properties": {"name": "EPSG:3857"}}),
        "has coordinates in WGS 84 / Pseudo-Mercator",
    ),
    "odd_crs.geojson": (features(POINT, crs="EPSG:4326"), "is not a GeoJSON feature collection"),
    "metres.geojson": (
        features({"type": "Point", "coordinates": [575_000, 185_000]}),
        "row 2, lies at 575000, 185000, which are no degrees",
    ),
    "list.geojson": (b"[1, 2, 3]", "is not a GeoJSON feature collection"),
    "deep.geojson": (b"[" * 200_000, "is not a GeoJSON feature collection"),
    "words.geojson": (features({"type": "Point", "coordinates": "here"}), "row 2, is not a point"),
    "half.geojson": (features({"type": "Point", "coordinates": [1]}), "row 2, is not a point"),
    # GeoPackage
    "text.gpkg": (GOOD, "is not a GeoPackage that can be read"),
    "torn.gpkg": (b"SQLite format 3\0" + b"\0" * 52 + b"GPKG", "is not a GeoPackage that can be"),
}
"""What must be refused: the content, and words of the one sentence that says why."""

MENDED: dict[str, tuple[bytes, tuple[int, int, int]]] = {
    "mixed_encodings.csv": (
        rows(2, Force="Polic\u00e9") + rows(3, Force="Polic\u00e9").splitlines()[3] + b"\n"
        + rows(4, Force="Polic\u00e9").decode().splitlines()[4].encode("cp1252") + b"\n",
        (4, 4, 0),
    ),
    "ragged.csv": (GOOD + b"a,b,c\n" + b"1," * 30 + b"\n", (3, 1, 2)),
    "footer.csv": (rows(3) + b"Total rows: 3\n", (4, 3, 1)),
    "mark_in_the_middle.csv": (rows(1) + BOM + rows(2), (4, 2, 1)),
    "macintosh.csv": (rows(2).replace(b"\n", b"\r"), (2, 2, 0)),
    "all_line_ends.csv": (
        rows(3).replace(b"\n", b"\r\n", 1).replace(b"24\n", b"24\r", 1), (3, 3, 0),
    ),
    "formula.csv": (
        rows(1) + rows(2, From="=1+1").splitlines()[2] + b"\n", (2, 1, 1)
    ),
    "infinite.csv": (rows(2) + rows(3, Easting="Infinity").splitlines()[3] + b"\n", (3, 3, 0)),
    "huge_number.csv": (
        rows(1) + rows(2, Easting="9" * 400, **{"Victim Age": "9" * 400}).splitlines()[2] + b"\n",
        (2, 2, 0),
    ),
    "arabic_figures.csv": (
        rows(1) + rows(2, From="\u0660\u0661/03/2025 10:00").splitlines()[2] + b"\n", (2, 1, 1),
    ),
    "long_cell.csv": (rows(2, Offence="y" * 5_000_000), (2, 2, 0)),
    "control.csv": (rows(2, Offence="\x1b[31m\x07"), (2, 2, 0)),
    "no_shape.geojson": (features(POINT, None), (2, 2, 0)),
}  # fmt: skip
"""What can be read all the same: the content, and rows read, stored and rejected."""
