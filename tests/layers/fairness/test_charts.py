"""Fairness on screen and in files: words, charts, forms; nothing that is kept back leaks."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from config.version import VERSION
from layers.fairness.assessment import Document, Item, Part, markdown, page
from layers.fairness.charts import decile_chart, decile_rows, group_chart, group_rows, short_name
from layers.fairness.files import documents, fairness_files
from layers.fairness.words import headline, kept_back_words, most_deprived, times
from spatial.fairness import FairnessResult, fairness
from spatial.patrol_list import patrol_list
from spatial.results import TargetRequest
from spatial.run import targets
from spatial.window import Window

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore


@pytest.fixture(scope="module")
def result(saltmere_store: IncidentStore) -> FairnessResult:
    year = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    listed = targets(saltmere_store, TargetRequest("ark", year, places=12))
    return fairness(saltmere_store, patrol_list(listed, version=VERSION))


def _with_first(result: FairnessResult, **values: object) -> FairnessResult:
    assert result.deciles is not None
    table = result.deciles.copy()
    for name, value in values.items():
        table.loc[0, name] = value
    return replace(result, deciles=table)


def test_the_headline_says_both_shares_and_the_harm(result: FairnessResult) -> None:
    made = _with_first(
        result, share=0.31, share_all=0.12, ratio=2.58, low=0.2, high=0.45, harm_share=0.4
    )
    said = most_deprived(made)
    assert "make up 31% (95% interval 20% to 45%) of those living under patrol areas" in said
    assert "12% of Saltmere: 2.6 times the share." in said
    assert "40% of the harm was recorded in that tenth." in said
    assert "may be the same" not in said
    assert "may be the same" in most_deprived(_with_first(made, low=0.1))
    assert headline(result).startswith("About ")


def test_a_share_that_is_kept_back_is_not_in_the_headline(result: FairnessResult) -> None:
    none = float("nan")
    made = _with_first(result, kept_back=True, share=none, ratio=none, low=none, high=none)
    assert "Too few residents" in most_deprived(made)
    assert "Kept back" in kept_back_words(made)
    empty = _with_first(result, share_all=0.0, share=0.0)
    assert "Nobody in the study area" in most_deprived(empty)
    nobody = replace(result, residents=None, why_not={**result.why_not, "residents": "Not said."})
    assert headline(nobody) == "Not said."


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(1.04, "about the same share"), (2.06, "2.1 times the share"), (0.02, "hardly any"),
     (np.nan, "no ratio")],
)  # fmt: skip
def test_ratios_in_words(ratio: float, said: str) -> None:
    assert times(ratio) == said


def test_charts_draw_what_is_shown_and_no_more(result: FairnessResult) -> None:
    assert result.deciles is not None
    assert result.groups is not None
    back = _with_first(result, kept_back=True, share=np.nan, residents=np.nan)
    assert back.deciles is not None
    points = decile_chart(back.deciles)["layer"][1]["data"]["values"]
    first = [point for point in points if point["name"] == "1 most deprived"]
    assert {point["what"] for point in first} == {"Whole study area", "Of the harm"}
    head, rows = decile_rows(back.deciles)
    assert len(rows) == 10
    assert rows[0][1:4] == ["kept back", "kept back", ""]
    assert head[-1] == "Of the harm"
    spec = group_chart(result.groups)
    json.dumps(spec, allow_nan=False)
    assert all(
        len(row) == len(group_rows(result.groups)[0]) for row in group_rows(result.groups)[1]
    )
    assert short_name("Black, Black British, Black Welsh, Caribbean or African") == "Black"


def test_the_files_are_whole_and_the_same_twice(result: FairnessResult) -> None:
    files = fairness_files(result)
    assert files == fairness_files(result)
    assert sorted(files) == [
        "data_protection.html", "data_protection.md", "deciles.csv", "equality.html",
        "equality.md", "fairness.json", "groups.csv", "places.csv", "transparency_record.html",
        "transparency_record.md",
    ]  # fmt: skip
    content = json.loads(files["fairness.json"])
    assert content["list_run_id"] == result.patrol.run_id
    assert len(content["limits"]) == 5
    for name in ("deciles.csv", "groups.csv", "places.csv"):
        assert files[name].decode("utf-8-sig").splitlines()[0].endswith("data_through,marking")


def test_tables_that_are_not_there_have_a_file_all_the_same(result: FairnessResult) -> None:
    reasons = {**result.why_not, "deciles": "Not loaded.", "groups": "Not loaded."}
    files = fairness_files(replace(result, deciles=None, groups=None, why_not=reasons))
    assert files["deciles.csv"].decode("utf-8-sig").startswith("decile,residents,share")
    assert json.loads(files["fairness.json"])["tables"]["groups"] is None
    assert b"Not loaded." in files["equality.md"]


def test_every_field_of_the_transparency_standard_is_there(result: FairnessResult) -> None:
    text = fairness_files(result)["transparency_record.md"].decode()
    fields = re.findall(r"^### (\d(?:\.\d+)+) ", text, flags=re.MULTILINE)
    expected = [
        *(f"1.{n}" for n in range(1, 5)), *(f"2.1.{n}" for n in range(1, 5)),
        *(f"2.2.{n}" for n in range(1, 6)), *(f"2.3.{n}" for n in range(1, 7)),
        *(f"2.4.1.{n}" for n in range(1, 5)), *(f"2.4.2.{n}" for n in range(1, 9)),
        *(f"2.4.3.{n}" for n in range(1, 10)), *(f"2.4.4.{n}" for n in range(1, 6)),
        "2.5.1", "2.5.2",
    ]  # fmt: skip
    assert fields == expected


def test_the_forms_name_the_run_and_leave_questions(result: FairnessResult) -> None:
    for document in documents(result):
        text = markdown(document).decode()
        assert result.patrol.run_id in text
        assert text.count("To be answered by the force") == document.open_questions > 5
        assert text.startswith("**OFFICIAL-SENSITIVE**")
        assert "Violence with injury, robbery and drug trafficking" in text
    equality = fairness_files(result)["equality.md"].decode()
    # the nine protected characteristics, race among them
    for word in ("Age", "Disability", "Gender reassignment", "Pregnancy", "Race", "Religion", "Sex",
                 "Sexual orientation", "Marriage"):  # fmt: skip
        assert re.search(rf"^### {word}", equality, flags=re.MULTILINE), word


def test_text_of_a_run_is_never_interpreted() -> None:
    nasty = "<script>alert(1)</script> *x* [a](http://b) | `c`\n# head"
    document = Document(
        "d", nasty, ("1. not a list",), (Part("p", (Item("i", "", (nasty,)),)),), "M"
    )
    text = markdown(document).decode()
    assert "<script>" not in text.replace("\\<", "")
    assert "\n# head" not in text
    assert "1\\. not a list" in text
    assert b"<script>" not in page(document)
