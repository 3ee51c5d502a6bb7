"""A GeoPackage by its own rules: its ids, its tables, its stamps, and a header without a clock."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
import shapely

from config.settings import load_settings
from layers.formats.geopackage import layer_geopackage
from layers.targets.files import target_layer
from tests.layers.listed import AWKWARD_NAMES, target_result


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """The file, opened by SQLite."""
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.deserialize(layer_geopackage(target_layer(target_result(parts=True))))
        yield opened


def _one(database: sqlite3.Connection, asked: str) -> tuple[object, ...]:
    (row,) = database.execute(asked).fetchall()
    return tuple(row)


def test_it_is_whole_and_says_what_it_is(database: sqlite3.Connection) -> None:
    assert _one(database, "PRAGMA integrity_check") == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert _one(database, "PRAGMA application_id") == (int.from_bytes(b"GPKG"),)
    assert _one(database, "PRAGMA user_version") == (10300,)
    wanted = {-1, 0, 4326}
    assert {row[0] for row in database.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")} == wanted


def test_its_contents_are_dated_by_the_data_and_marked(database: sqlite3.Connection) -> None:
    name, kind, stamp, said, *box = _one(
        database,
        "SELECT table_name, data_type, last_change, description, min_x, min_y, max_x, max_y "
        "FROM gpkg_contents",
    )
    assert (name, kind, stamp) == ("targets", "features", "2026-10-31T00:00:00.000Z")
    assert str(said).startswith(load_settings().marking)
    layer = target_layer(target_result(parts=True))
    assert box == shapely.total_bounds(layer.outlines).tolist()
    stamps = database.execute("SELECT DISTINCT timestamp FROM gpkg_metadata_reference").fetchall()
    assert stamps == [("2026-10-31T00:00:00.000Z",)]
    facts = json.loads(str(_one(database, "SELECT metadata FROM gpkg_metadata")[0]))
    assert facts["handling"] == load_settings().handling
    assert facts["study_area"] == "Môr & Tŵr"


def test_a_geometry_is_as_the_specification_lays_it_out(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT geom FROM targets ORDER BY fid").fetchall()
    assert len(rows) == len(AWKWARD_NAMES)
    for (blob,) in rows:
        assert blob[:4] == b"GP\x00\x03"
        assert int.from_bytes(blob[4:8], "little") == 4326
        assert shapely.from_wkb(blob[40:]).geom_type == "MultiPolygon"
