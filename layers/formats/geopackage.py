"""GeoPackage: one layer in an SQLite file, written without a clock, so that bytes repeat."""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Final

import shapely

from layers.formats.area_layer import Kind

if TYPE_CHECKING:
    from layers.formats.area_layer import AreaLayer

_EPSG: Final = 4326
_APPLICATION_ID: Final = 0x47504B47
_VERSION: Final = 10300
_TYPES: Final = {Kind.TEXT: "TEXT", Kind.WHOLE: "INTEGER", Kind.NUMBER: "REAL"}
_WGS84: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
# the tables of the specification (OGC 12-128r17) that a file of features with metadata must hold
_TABLES: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""
# no standard of metadata has a field for a marking: these are our own words
_STANDARD: Final = "urn:harmhex:facts"
_EXTENSION: Final = "http://www.geopackage.org/spec130/#extension_metadata"
# where the file's header counts changes and names the library that wrote it, and what stands there
_COUNTED: Final = {24: 1, 92: 1, 96: 3_045_000}


def layer_geopackage(layer: AreaLayer) -> bytes:
    """Write a layer as a GeoPackage 1.3: EPSG:4326, columns typed, marking in its metadata.

    Every time stamp is the layer's own, and the header's change counter and library version are
    fixed, so that the same layer has the same bytes. There is no spatial index: a list is short.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(
            f"PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; "
            f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {_VERSION}; "
            f"{_TABLES}"
        )
        _systems(database)
        _features(database, layer)
        _metadata(database, layer)
        database.commit()
        content = bytearray(database.serialize())
    for place, value in _COUNTED.items():
        struct.pack_into(">I", content, place, value)
    return bytes(content)


def _systems(database: sqlite3.Connection) -> None:
    rows = [
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic"),
        ("WGS 84 geodetic", _EPSG, "EPSG", _EPSG, _WGS84, "longitude and latitude, degrees"),
    ]
    database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", rows)


def _features(database: sqlite3.Connection, layer: AreaLayer) -> None:
    geometry = "MULTIPOLYGON" if layer.has_parts else "POLYGON"
    box = list(shapely.total_bounds(layer.outlines)) if len(layer.rows) else [None] * 4
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, layer.title, layer.description, layer.stamp, *box, _EPSG),
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (layer.name, geometry, _EPSG),
    )
    columns = "".join(
        f", {_quoted(column)} {_TYPES[kind]}" for column, kind in layer.columns.items()
    )
    database.execute(
        f"CREATE TABLE {_quoted(layer.name)} "
        f"(fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {geometry}{columns})"
    )
    places = ", ".join(["?"] * (len(layer.columns) + 1))
    names = ", ".join(map(_quoted, layer.columns))
    database.executemany(
        f"INSERT INTO {_quoted(layer.name)} (geom, {names}) VALUES ({places})",  # noqa: S608 (quoted)
        [
            (_blob(outline), *row.values())
            for outline, row in zip(layer.alike(), layer.rows, strict=True)
        ],
    )


def _metadata(database: sqlite3.Connection, layer: AreaLayer) -> None:
    for table in ("gpkg_metadata", "gpkg_metadata_reference"):
        database.execute(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
            (table, _EXTENSION),
        )
    said = {"marking": layer.marking, "handling": layer.handling, **dict(layer.about())}
    database.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?, 'application/json', ?)",
        (_STANDARD, json.dumps(said, ensure_ascii=False)),
    )
    about: tuple[tuple[str, str | None], ...] = (("geopackage", None), ("table", layer.name))
    for scope, name in about:
        database.execute(
            "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, 1, NULL)",
            (scope, name, layer.stamp),
        )


def _blob(outline: shapely.Polygon | shapely.MultiPolygon) -> bytes:
    """Return a geometry as the specification stores it: a header with its box, then WKB."""
    west, south, east, north = outline.bounds
    # little-endian, box of four, not empty
    header = struct.pack("<2sBBi4d", b"GP", 0, 0b011, _EPSG, west, east, south, north)
    return header + shapely.to_wkb(outline, byte_order=1)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
