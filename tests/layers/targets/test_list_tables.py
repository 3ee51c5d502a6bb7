"""The tables beside a list: what each row says, and what the manifest adds."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pandas as pd

from layers.targets.files import target_files
from layers.targets.list_tables import list_tables
from layers.targets.words import (
    changes_sentence,
    compared_sentence,
    status_counts,
    target_sentences,
    target_summary,
)
from spatial.results import TargetResult
from spatial.targets.kept.compared import DROPPED_COLUMNS
from tests.layers.listed import target_result


def _result() -> TargetResult:
    made = target_result(["High Street", "Pier", "Quay", "Market"])
    areas = made.areas.assign(
        status=["kept", "new", "moved", "added"], previous_rank=[2, None, 5, None]
    )
    dropped = [("PA-9", "=cmd()\u202e", 4, "below", "now 12th")]
    return replace(
        made,
        areas=areas,
        places_asked=3,
        officer_hours=186.66667,
        dose_words="5 visits a day",
        previous="targets.csv",
        more_hours="10 more officer-hours would pay for no further place.",
        dropped=pd.DataFrame(dropped, columns=list(DROPPED_COLUMNS)),
        coverage=pd.DataFrame(
            {"places": [1, 2], "officer_hours": [46.6666667, 93.3333333],
             "share": [0.12345678, 0.2], "held_out_share": [0.1, float("nan")]}
        ),
        overrides=pd.DataFrame(
            {"override_id": ["o1", "o2"], "outcome": ["applied", "not applied"],
             "words": ["PA-1 is taken off.", "no place is found there now."]}
        ),
        removals=pd.DataFrame({"area_id": ["PA-1", "PA-1"], "kind": ["prison", "hospital"]}),
        also_known=pd.DataFrame({"area_id": ["PA-8"], "name": [""], "cells": ["8a19599a6b0ffff"]}),
    )  # fmt: skip


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_tables_say_their_run_and_marking_in_every_row() -> None:
    tables = list_tables(_result())
    assert set(tables) == {"dropped.csv", "coverage.csv", "overrides.csv", "removals.csv"}
    for content in tables.values():
        rows = _rows(content)
        assert {row["run_id"] for row in rows} == {"abc"}
        assert {row["marking"] for row in rows} == {"OFFICIAL-SENSITIVE"}
    [dropped] = _rows(tables["dropped.csv"])
    # what a spreadsheet would run, and what nobody can see
    assert dropped["name"] == "'=cmd()"
    assert dropped["reason"] == "now 12th"
    first, second = _rows(tables["coverage.csv"])
    assert (first["places"], first["officer_hours"], first["share"]) == ("1", "46.67", "0.123457")
    assert second["held_out_share"] == ""


def test_a_list_without_tables_has_no_such_files() -> None:
    assert list_tables(target_result()) == {}


def test_the_manifest_names_the_tables_and_the_areas_that_keep_their_ids() -> None:
    files = target_files(_result())
    manifest = json.loads(files["manifest.json"])
    assert {"dropped.csv", "coverage.csv", "overrides.csv", "removals.csv"} < set(manifest["files"])
    assert manifest["also_known"] == [{"area_id": "PA-8", "name": "", "cells": "8a19599a6b0ffff"}]
    assert manifest["officer_hours"] == 186.67
    assert manifest["places_asked"] == 3
    rows = _rows(files["targets.csv"])
    # whole numbers stay whole beside empty ones
    assert [row["previous_rank"] for row in rows] == ["2", "", "5", ""]


def test_a_list_is_said_in_sentences() -> None:
    result = _result()
    assert status_counts(result) == {"new": 1, "kept": 1, "moved": 1, "added": 1, "dropped": 1}
    assert compared_sentence(result) == (
        "Against targets.csv: 1 new, 1 kept, 1 moved, 1 added by hand, 1 dropped."
    )
    assert changes_sentence(result) == (
        "Of 2 changes by hand 1 applied; 1 could not be (see overrides.csv)."
    )
    said = target_sentences(result)
    assert "Patrolling them takes 187 officer-hours (5 visits a day)." in " ".join(said)
    assert said[-1] == "1 place to look at for what stands there: see removals.csv."
    alone = target_sentences(target_result(["High Street"]))
    assert not any("Against" in sentence or "by hand" in sentence for sentence in alone)


def test_programs_get_the_ids_of_each_status() -> None:
    summary = target_summary(_result(), files=["b", "a"], out="out")
    assert summary["areas"] == {
        "new": ["PA-000002"], "kept": ["PA-000001"], "moved": ["PA-000003"],
        "added": ["PA-000004"], "dropped": ["PA-9"],
    }  # fmt: skip
    assert summary["overrides"] == {"applied": 1, "not_needed": 0, "not_applied": 1}
    assert summary["removals"] == 1
    assert summary["files"] == ["a", "b"]
    json.dumps(summary)
