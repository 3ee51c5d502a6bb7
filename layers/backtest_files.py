"""The backtest's files: the result as JSON, and its tables as CSV."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from layers.accuracy.report import backtest_html
from layers.formats.tables import table_csv
from layers.formats.values import json_value
from spatial.notes import texts

if TYPE_CHECKING:
    import pandas as pd

    from spatial.backtest_results import BacktestResult

RESULT_FILE: Final = "result.json"
REPORT_FILE: Final = "report.html"
TABLE_FILES: Final = {
    "scores": "scores.csv",
    "paired": "paired.csv",
    "stability": "stability.csv",
    "by_origin": "by_origin.csv",
    "origins": "origins.csv",
    "certain_places": "certain_places.csv",
    "staying": "staying.csv",
}
"""The file of each table of the result."""
_DIGITS: Final = 6


def backtest_files(result: BacktestResult) -> dict[str, bytes]:
    """Return every file of a backtest's folder by name, ``result.json`` last.

    ``result.json`` has the contract's keys ``origins, scores, paired, recommendation``, with rows
    as objects, and more beside them; each CSV row has the run, the date of the data and the
    marking; ``report.html`` is one page to read or print.
    """
    files = {
        file: table_csv(
            _rounded(getattr(result, name)).assign(
                run_id=result.run_id,
                data_through=result.data_through.isoformat(),
                marking=result.marking,
            )
        )
        for name, file in TABLE_FILES.items()
    }
    files[REPORT_FILE] = backtest_html(result)
    return {**files, RESULT_FILE: _result_json(result, files)}


def backtest_content(result: BacktestResult) -> dict[str, Any]:
    """Return what ``result.json`` holds, as plain values, without the files' hashes."""
    recommendation = result.recommendation
    return {
        "run_id": result.run_id,
        "version": result.version,
        "profile": result.profile.name,
        "study_area": result.study_area.name,
        "study_area_digest": result.study_area.digest,
        "cells": {str(resolution): number for resolution, number in result.cells.items()},
        "horizon": result.horizon_words,
        "origins": _rows(result.origins),
        "scores": _rows(result.scores),
        "paired": _rows(result.paired),
        "recommendation": None if recommendation is None else _plain(asdict(recommendation)),
        "stability": _rows(result.stability),
        "certain_places": _rows(result.certain_places),
        "staying": _rows(result.staying),
        "left_out_place_days": result.left_out_days,
        "harm_edition": result.harm_edition,
        "data_from": result.data_from.isoformat(),
        "data_through": result.data_through.isoformat(),
        "quality": result.quality.content,
        "marking": result.marking,
        "notes": texts(result.notes),
    }


def _result_json(result: BacktestResult, files: dict[str, bytes]) -> bytes:
    content = {
        **backtest_content(result),
        "files": {name: hashlib.sha256(held).hexdigest() for name, held in files.items()},
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    # the last digits hang on the machine, and say nothing
    return table.round(_DIGITS)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    records = _rounded(table).astype(object).where(table.notna(), None).to_dict("records")
    return [_plain({str(name): value for name, value in row.items()}) for row in records]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, _DIGITS) if isinstance(value, float) else json_value(value)
        for name, value in row.items()
    }
