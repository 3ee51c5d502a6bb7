"""Two incidents, to be written into a file of any kind."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
from shapely.geometry import Point

from spatial.incidents.load import LoadResult, load_incidents
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import FORCE_COLUMNS, FORCE_ROW, POLICE_UK_ROW

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


def points_of(*changes: dict[str, str]) -> gpd.GeoDataFrame:
    rows = [as_typed(change) for change in changes]
    points = [Point(row.pop("Easting"), row.pop("Northing")) for row in rows]
    return gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:27700")


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
