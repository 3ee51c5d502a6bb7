"""Stores whose months and flags are planted, for tests of what the quality page looks for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from spatial.incidents.store import IncidentStore

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = pa.schema(
    [
        ("times", pa.int32()),
        ("occurred_from", pa.timestamp("s")),
        ("occurred_to", pa.timestamp("s")),
        ("longitude", pa.float64()),
        *(
            (word, pa.string())
            for word in (
                "source", "force", "time_precision", "tier", "domestic", "public_place", "knife",
                "firearm", "weapon", "relationship", "victim_age_band",
            )
        ),
    ]
)  # fmt: skip
ROW = {
    "source": "export", "force": "A Police", "occurred_to": None, "time_precision": "minute",
    "tier": "injury", "longitude": 1.4, "domestic": "false", "public_place": "true",
    "knife": "false", "firearm": "false", "weapon": "false", "relationship": "stranger",
    "victim_age_band": "25-64",
}  # fmt: skip


class PlantedStore(IncidentStore):
    """A store whose view of incidents is made of planted rows, each so many times."""

    planted: pa.Table

    def connect(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(config={"threads": 1})
        connection.register("planted_rows", self.planted)
        connection.execute(
            "CREATE VIEW incidents AS SELECT * EXCLUDE (times, n), NULL AS ho_code, "
            "NULL AS prc_code, NULL AS category "
            "FROM planted_rows, range(planted_rows.times) AS r(n)"
        )
        return connection

    @property
    def data_through(self) -> dt.date:
        last: dt.datetime = pc.max(self.planted.column("occurred_from")).as_py()
        return last.date()


def planted(rows: Iterable[tuple[int, dict[str, object]]]) -> PlantedStore:
    store = PlantedStore(Path("planted"), ())
    listed = [{**ROW, **row, "times": times} for times, row in rows]
    object.__setattr__(store, "planted", pa.Table.from_pylist(listed, SCHEMA))
    return store


def each_day(month: int, times: int, **row: object) -> list[tuple[int, dict[str, object]]]:
    """``times`` rows on the first and as many on the last day of a month counted from Jan 2024."""
    year, index = divmod(month, 12)
    noon = dt.time(12)
    first = dt.datetime.combine(dt.date(2024 + year, index + 1, 1), noon)
    next_year, next_index = divmod(month + 1, 12)
    after = dt.datetime.combine(dt.date(2024 + next_year, next_index + 1, 1), noon)
    return [
        (times, {**row, "occurred_from": first}),
        (times, {**row, "occurred_from": after - dt.timedelta(days=1)}),
    ]
