"""Fairness files: tables as CSV, all of it as JSON, and three forms to complete."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pandas as pd

from layers.fairness.assessment import markdown, page
from layers.fairness.assessment_facts import facts_of
from layers.fairness.impact_assessments import data_protection, equality
from layers.fairness.transparency_record import transparency_record
from layers.fairness.words import LIMITS, headline, kept_back_words, listed_words
from layers.formats.tables import table_csv
from layers.formats.values import json_rows
from spatial.fairness import DECILE_COLUMNS, GROUP_COLUMNS
from spatial.notes import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.fairness.assessment import Document
    from spatial.fairness import FairnessResult

_TABLES = {"deciles": DECILE_COLUMNS, "groups": GROUP_COLUMNS}


def documents(result: FairnessResult) -> tuple[Document, ...]:
    """Return the three forms, filled as far as the run can fill them."""
    facts = facts_of(result)
    made = (data_protection, equality, transparency_record)
    return tuple(make(facts, marking=result.marking) for make in made)


def document_files(result: FairnessResult) -> dict[str, bytes]:
    """Return each form as Markdown and as a page."""
    files = {}
    for document in documents(result):
        files[f"{document.name}.md"] = markdown(document)
        files[f"{document.name}.html"] = page(document)
    return files


def tables_csv(result: FairnessResult) -> dict[str, bytes]:
    """Return each table as CSV; one that is not there has its columns and no row."""
    tables = {"deciles": result.deciles, "groups": result.groups, "places": result.places}
    return {
        f"{name}.csv": _csv(
            pd.DataFrame(columns=list(_TABLES[name])) if table is None else table, result
        )
        for name, table in tables.items()
    }


def fairness_files(result: FairnessResult) -> dict[str, bytes]:
    """Return every file of a fairness folder by name, ``fairness.json`` last."""
    files = {**tables_csv(result), **document_files(result)}
    return {**files, "fairness.json": _json(result, files)}


def _csv(table: pd.DataFrame, result: FairnessResult) -> bytes:
    # a table is passed on without its page: every row says what it rests on
    return table_csv(
        table.assign(
            study_area=result.patrol.study_area_name,
            list_run_id=result.patrol.run_id,
            run_id=result.run_id,
            data_through=result.data_through.isoformat(),
            marking=result.marking,
        )
    )


def _json(result: FairnessResult, files: Mapping[str, bytes]) -> bytes:
    patrol = result.patrol
    tables = {"deciles": result.deciles, "groups": result.groups, "places": result.places,
              "sources": result.sources}  # fmt: skip
    content = {
        "run_id": result.run_id,
        "list_run_id": patrol.run_id,
        "study_area": patrol.study_area_name,
        "profile": patrol.profile,
        "window": [patrol.window.first.isoformat(), patrol.window.last.isoformat()],
        "places": len(patrol.areas),
        "sentence": headline(result),
        "listed": listed_words(result),
        "kept_back": kept_back_words(result),
        "residents": None if result.residents is None else round(result.residents),
        "residents_all": None if result.residents_all is None else round(result.residents_all),
        "area_share": patrol.area_share,
        "incidents_share": patrol.incidents_share,
        "harm_share": patrol.harm_share,
        "tables": {
            name: None if table is None else json_rows(table) for name, table in tables.items()
        },
        "why_not": result.why_not,
        "limits": list(LIMITS),
        "census": result.source,
        "notes": texts(result.notes),
        "data_through": result.data_through.isoformat(),
        "marking": result.marking,
        "files": {name: hashlib.sha256(bytes_).hexdigest() for name, bytes_ in files.items()},
    }
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
