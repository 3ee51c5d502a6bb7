"""The report's files: every part as CSV or GeoJSON, all of it as JSON, and a page to read."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from layers.formats.geojson import cells_geojson
from layers.formats.tables import table_csv
from layers.formats.values import json_value
from layers.report.page import report_html
from layers.report.words import TITLES, section_sentence
from spatial.notes import texts
from spatial.report_results import PART_COLUMNS, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spatial.report_results import Part, ReportResult, Section

CHANGE_FILE: Final = "change.csv"
PART_FILES: Final[dict[tuple[str, str], str]] = {
    ("concentration", "figures"): "concentration.csv",
    ("concentration", "curves"): "lorenz.csv",
    ("concentration", "gini"): "gini.csv",
    ("concentration", "accuracy"): "accuracy.csv",
    ("watch_list", "series"): "watch_list.csv",
    ("timing", "hours"): "timing.csv",
    ("timing", "peaks"): "peaks.csv",
    ("near_repeat", "knox"): "near_repeat.csv",
    ("emerging", "cells"): "emerging.geojson",
    ("emerging", "groups"): "emerging_groups.csv",
    ("emerging", "categories"): "emerging_categories.csv",
    ("emerging", "periods"): "emerging_periods.csv",
    ("two_way", "cells"): "two_way.geojson",
    ("two_way", "readings"): "two_way_readings.csv",
    ("place_stability", "places"): "place_stability.csv",
}
"""The file of each part; those of ``change`` are one file with the column ``level``."""

_LEVELS: Final = {"whole": "whole", "tiers": "tier", "beats": "beat", "places": "place"}
# too long to repeat in the JSON
_ONLY_IN_FILES: Final = (("concentration", "curves"), ("emerging", "cells"), ("two_way", "cells"))


def report_files(result: ReportResult) -> dict[str, bytes]:
    """Return every file of a report's folder by name, ``report.json`` last.

    A part that the data cannot carry has a file too, with its columns and no row, so that nothing
    of an earlier report is taken for this one's; why it is empty stands in ``report.json``.
    """
    files: dict[str, bytes] = {CHANGE_FILE: _change_csv(result)}
    for (name, part_name), file in PART_FILES.items():
        section = result.section(name)
        table = _table_of(section.part(part_name), name)
        files[file] = (
            cells_geojson(table, _head(result, section, section.part(part_name)))
            if file.endswith(".geojson")
            else part_csv(table, result)
        )
    files["report.html"] = report_html(result)
    return {**files, "report.json": _report_json(result, files)}


def part_csv(table: pd.DataFrame, result: ReportResult) -> bytes:
    """Write one table as CSV, each row with the run, the date of the data and the marking."""
    return table_csv(
        table.assign(
            run_id=result.run_id,
            data_through=result.data_through.isoformat(),
            marking=result.marking,
        )
    )


def _change_csv(result: ReportResult) -> bytes:
    section = result.section("change")
    columns = ["level", *PART_COLUMNS["change"]["tiers"]]
    tables = [
        part.table.assign(level=_LEVELS[part.name]).reindex(columns=columns)
        for part in section.parts
        if part.table is not None
    ]
    table = pd.concat([one.astype(object) for one in tables]) if tables else pd.DataFrame()
    return part_csv(
        table.reindex(columns=columns).assign(
            window_now=section.facts.get("now_window", ""),
            window_before=section.facts.get("before_window", ""),
        ),
        result,
    )


def _table_of(part: Part, section: str) -> pd.DataFrame:
    if part.table is not None:
        return part.table
    return pd.DataFrame(columns=list(PART_COLUMNS[section][part.name]))


def _head(result: ReportResult, section: Section, part: Part) -> dict[str, Any]:
    return {
        "run_id": result.run_id,
        "section": section.name,
        "sentence": section_sentence(section),
        "why_not": part.why_not,
        "method": section.method,
        "study_area": result.study_area.name,
        "cells": result.cells,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "profile": result.profile.name,
        "resolution": result.resolution,
        "data_through": result.data_through.isoformat(),
        "quality": result.quality.content,
        "notes": texts((*result.notes, *section.notes)),
        "version": result.version,
        "marking": result.marking,
    }


def _report_json(result: ReportResult, files: Mapping[str, bytes]) -> bytes:
    content = {
        "run_id": result.run_id,
        "version": result.version,
        "profile": result.profile.name,
        "study_area": result.study_area.name,
        "study_area_digest": result.study_area.digest,
        "window": [result.window.first.isoformat(), result.window.last.isoformat()],
        "resolution": result.resolution,
        "cells": result.cells,
        "incidents": result.incidents,
        "measure": result.measure.value,
        "harm_edition": result.harm_edition,
        "data_from": result.data_from.isoformat(),
        "data_through": result.data_through.isoformat(),
        "quality": result.quality.content,
        "marking": result.marking,
        "notes": texts(result.notes),
        "sections": {name: _section_content(result.section(name)) for name in SECTIONS},
        "files": {name: hashlib.sha256(bytes_).hexdigest() for name, bytes_ in files.items()},
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _section_content(section: Section) -> dict[str, Any]:
    return {
        "title": TITLES[section.name],
        "sentence": section_sentence(section),
        "why_not": section.why_not,
        "method": section.method,
        "method_page": f"docs/methods/{section.page}",
        "facts": {name: _plain(value) for name, value in section.facts.items()},
        "notes": texts(section.notes),
        "parts": {part.name: _part_content(section.name, part) for part in section.parts},
    }


def _part_content(section: str, part: Part) -> dict[str, Any]:
    short = part.table is not None and (section, part.name) not in _ONLY_IN_FILES
    rows = part.table.to_dict("records") if short and part.table is not None else []
    return {
        "file": PART_FILES.get((section, part.name), CHANGE_FILE),
        "rows_in_file": 0 if part.table is None else len(part.table),
        "why_not": part.why_not,
        **({"rows": [_plain(row) for row in rows]} if short else {}),
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 (a fact is anything)
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return json_value(value)
