"""The previous list: read back as it was written, or refused in a sentence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from config.errors import BadInputError
from layers.targets.files import target_files
from spatial.results import TARGET_COLUMNS
from spatial.targets.kept.identity import identify
from spatial.targets.kept.previous import previous_list, read_previous
from spatial.window import Window
from tests.layers.invented import tasking_result
from tests.spatial.targets.lists import GRID, cells_of

CELL, OTHER, THIRD = (cells_of(pd.Series([at]).to_numpy()) for at in (0, 1, 2))
HEAD = "area_id,rank,name,cells"


def _written(folder: Path, text: str, **manifest: object) -> Path:
    path = folder / "targets.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    if manifest:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        said = {"files": {"targets.csv": digest}, **manifest}
        (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    return path


def test_our_own_files_are_read_back(tmp_path: Path) -> None:
    names = ["=High Street", "-1 Pier", "Stryd Fawr ŵ", "'Quoted'", "Market, Square", "Quay"]
    made = tasking_result(names=names).targets
    result = replace(made, areas=made.areas.reindex(columns=[*TARGET_COLUMNS, "geometry"]))
    for name, content in target_files(result).items():
        (tmp_path / name).write_bytes(content)
    read = read_previous(tmp_path)
    assert read.listed["area_id"].tolist() == result.areas["area_id"].tolist()
    assert read.listed["cells"].tolist() == result.areas["cells"].tolist()
    assert read.listed["name"].tolist() == result.areas["name"].tolist()
    assert (read.run_id, read.window) == (result.run_id, result.window)
    assert read.data_through == result.data_through
    assert read.resolution == 10
    assert read.notes == ()
    # and by the file alone it is the same list
    assert read_previous(tmp_path / "targets.csv").table.equals(read.table)


def test_names_that_a_spreadsheet_would_run_come_back_plain(tmp_path: Path) -> None:
    path = _written(tmp_path, f"{HEAD},grown_cells\nPA-1,1,'=High Street,{CELL} {OTHER},{CELL}\n")
    read = read_previous(path)
    assert read.table["name"].tolist() == ["=High Street"]
    assert read.table["grown_cells"].tolist() == [CELL]
    assert read.window is None
    # a semicolon list, as some spreadsheets save it
    path = _written(tmp_path, f"area_id;rank;name;cells\nPA-1;1;High Street;{CELL}\n")
    assert read_previous(path).listed["rank"].tolist() == [1]


def test_a_list_that_was_changed_is_compared_with_and_its_window_is_not_believed(
    tmp_path: Path,
) -> None:
    path = _written(
        tmp_path,
        f"{HEAD}\nPA-1,1,High Street,{CELL}\n",
        window=["2025-11-01", "2026-10-31"],
        data_through="2026-09-30",
        run_id="r1",
        also_known=[{"area_id": "PA-2", "name": "", "cells": OTHER},
                    {"area_id": "PA-1", "name": "", "cells": THIRD}],
    )  # fmt: skip
    read = read_previous(path)
    assert read.chosen_on == Window(dt.date(2025, 11, 1), dt.date(2026, 9, 30))
    assert read.table["area_id"].tolist() == ["PA-1", "PA-2"]
    assert read.listed["area_id"].tolist() == ["PA-1"]
    assert identify([pd.Series([1]).to_numpy()], GRID, read).ids == ("PA-2",)
    path.write_bytes(path.read_bytes() + b"\n")
    again = read_previous(path)
    assert again.window is None
    assert [note.loud for note in again.notes] == [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"area_id,rank,cells\nPA-1,1,{CELL}\n", "targets.csv: the column 'name' is missing"),
        (f"{HEAD}\nPA-1,first,X,{CELL}\n", "targets.csv, row 2: rank 'first' is no whole number"),
        (f"{HEAD}\n,1,X,{CELL}\n", "row 2: area_id is empty"),
        (f"{HEAD}\nPA-1,1,X,8a\n", "row 2: cells '8a' is no H3 cell"),
        (f"{HEAD}\nPA-1,1,X,\n", "row 2: cells '' is no H3 cell"),
        (f"{HEAD}\nPA-1,1,X,{CELL}\nPA-1,2,X,{OTHER}\n", "area_id 'PA-1' stands twice"),
        (f"{HEAD}\nPA-1,1,X,{CELL}\nPA-2,1,X,{OTHER}\n", "rank 1 stands twice"),
        (f"{HEAD}\nPA-1,1,X,{CELL} 891969a0a03ffff\n", "mixes cells of resolution 9 and 10"),
        (f"{HEAD}\nPA-1,1,X,{CELL},more\n", "row 2: 5 cells stand under 4 columns"),
        (f'{HEAD}\nPA-1,1,"X,{CELL}\n', "is no readable CSV"),
    ],
)
def test_what_is_no_list_is_refused_with_row_and_column(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadInputError, match=r".") as refused:
        read_previous(_written(tmp_path, text))
    assert said in str(refused.value)


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"'targets.csv' cannot be read"):
        read_previous(tmp_path)
    (tmp_path / "targets.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInputError, match="is not UTF-8"):
        read_previous(tmp_path)


def test_an_empty_list_is_a_list() -> None:
    read = previous_list(
        pd.DataFrame(columns=["run_id", "adopted_on", "rank", "area_id", "name", "cells"]),
        called="the register",
    )
    assert read.resolution is None
    assert identify([pd.Series([1]).to_numpy()], GRID, read).earlier.tolist() == [-1]
