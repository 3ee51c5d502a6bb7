"""The day's files: all of it as JSON, the counts and incidents as CSV, and a page to print."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely

from layers.daily.page import daily_html
from layers.formats.tables import table_csv
from layers.formats.values import json_rows, json_value
from layers.marking import marking_in_force
from spatial.notes import texts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from spatial.daily.results import DailyResult, DayLayer

RESULT_FILE: Final = "result.json"
PAGE_FILE: Final = "daily.html"
COUNTS_FILE: Final = "counts.csv"
INCIDENTS_FILE: Final = "incidents.csv"
# a point is exact, and a street is what a team needs
_NOT_CARRIED: Final = ("longitude", "latitude")


def daily_files(
    result: DailyResult,
    *,
    today: dt.date,
    due: Sequence[Sequence[str]] | None = None,
    incidents: bool = True,
) -> dict[str, bytes]:
    """Return every file of a day's folder by name, ``result.json`` last.

    The two layers keep their names in every table: nothing adds them up.

    Parameters
    ----------
    today, due, incidents
        As :func:`layers.daily.page.daily_html`.
    """
    files = {
        COUNTS_FILE: counts_csv(result),
        PAGE_FILE: daily_html(result, today=today, due=due, incidents=incidents),
    }
    if incidents:
        files[INCIDENTS_FILE] = incidents_csv(result)
    return {**files, RESULT_FILE: _result_json(result, files)}


def counts_csv(result: DailyResult) -> bytes:
    """Write both layers' counts as one table, each row with its layer, the run and the marking."""
    tables = [
        _marked(layer.counts, result).assign(layer=layer.profile.family.value)
        for layer in (result.violence, result.disorder)
    ]
    return table_csv(pd.concat([one for one in tables if len(one)], ignore_index=True))


def incidents_csv(result: DailyResult) -> bytes:
    """Write the day's incidents: whole hours, kind and place; no point and no number of a case."""
    tables = [layer.incidents for layer in (result.violence, result.disorder)]
    filled = [one for one in tables if len(one)] or tables[:1]
    table = pd.concat(filled, ignore_index=True).drop(columns=list(_NOT_CARRIED))
    return table_csv(_marked(table, result))


def _marked(table: pd.DataFrame, result: DailyResult) -> pd.DataFrame:
    return table.assign(
        run_id=result.run_id,
        data_through=result.data_through.isoformat(),
        marking=marking_in_force().marking,
    )


def _result_json(result: DailyResult, files: dict[str, bytes]) -> bytes:
    found = result.near_repeats
    areas = [
        {
            **{key: json_value(value) for key, value in row.items() if key != "geometry"},
            "geometry": json.loads(shapely.to_geojson(row["geometry"])),
        }
        for row in found.areas.to_dict("records")
    ]
    content: dict[str, Any] = {
        "run_id": result.run_id,
        "version": result.version,
        "study_area": result.study_area.name,
        "from": result.day.begins.isoformat(timespec="minutes"),
        "until": result.day.ends.isoformat(timespec="minutes"),
        "complete": result.day.complete,
        "data_through": result.data_through.isoformat(),
        "last_record": result.last_record.isoformat(timespec="minutes"),
        "marking": marking_in_force().marking,
        "layers": {
            layer.profile.family.value: _layer(layer)
            for layer in (result.violence, result.disorder)
        },
        "near_repeats": {"rule": found.rule, "why_not": found.why_not, "areas": areas},
        "patrolled": None if result.patrolled is None else json_rows(result.patrolled),
        "patrolled_called": result.patrolled_called,
        "quality": result.quality.content,
        "notes": texts(result.notes),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _layer(layer: DayLayer) -> dict[str, Any]:
    return {
        "profile": layer.profile.name,
        "why_not": layer.why_not,
        "counts": json_rows(layer.counts),
        "unlocated": layer.unlocated,
        "outside": layer.outside,
    }
