"""Small exports for the tests: rows of a force, and of data.police.uk, as CSV bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from spatial.incidents.store import IncidentStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spatial.incidents.load import LoadResult

SHARED = Path(__file__).parents[4] / "shared"
POLICE_UK = SHARED / "data" / "police_uk"

FORCE_COLUMNS = (
    "Incident Number", "Force", "Home Office Code", "PRC Class", "Offence", "Incident Type", "From",
    "To", "Easting", "Northing", "Location Type", "Domestic", "Public Place", "Knife", "Firearm",
    "Weapon", "Relationship", "Victim Age",
)  # fmt: skip
FORCE_ROW = {
    "Incident Number": "SM/1", "Force": "Saltmere Police (fictional)", "Home Office Code": "008/06",
    "PRC Class": "8N", "Offence": "ABH", "Incident Type": "Crime", "From": "01/03/2025 23:10",
    "To": "01/03/2025 23:20", "Easting": "627200", "Northing": "372400", "Location Type": "STREET",
    "Domestic": "N", "Public Place": "Y", "Knife": "N", "Firearm": "N", "Weapon": "N",
    "Relationship": "STRANGER", "Victim Age": "24",
}  # fmt: skip
POLICE_UK_COLUMNS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
POLICE_UK_ROW = {
    "Crime ID": "a1", "Month": "2025-02", "Reported by": "Essex Police",
    "Falls within": "Essex Police", "Longitude": "0.7150", "Latitude": "51.5400",
    "Location": "On or near Parking Area", "LSOA code": "E01000000", "LSOA name": "Nowhere 001A",
    "Crime type": "Robbery", "Last outcome category": "Under investigation", "Context": "",
}  # fmt: skip


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def force_export(*changes: Mapping[str, str]) -> bytes:
    rows = [{**FORCE_ROW, **change} for change in changes]
    return csv_text(FORCE_COLUMNS, ([row[column] for column in FORCE_COLUMNS] for row in rows))


def police_uk(*changes: Mapping[str, str]) -> bytes:
    rows = [{**POLICE_UK_ROW, **change} for change in changes]
    return csv_text(
        POLICE_UK_COLUMNS, ([row[column] for column in POLICE_UK_COLUMNS] for row in rows)
    )


def written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, lock included."""
    if not folder.exists():
        return {}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows_of(store: Path, columns: str = "*") -> list[tuple[object, ...]]:
    with IncidentStore.open(store).connect() as connection:
        query = f"SELECT {columns} FROM incidents ORDER BY source_file, source_row"
        return connection.execute(query).fetchall()


def report_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def balanced(result: LoadResult) -> bool:
    return result.read == result.stored + result.rejected + result.duplicates
