from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from layers.evaluation.estimate_words import MEASURED
from layers.evaluation.files import evaluation_files
from layers.evaluation.ground import ground_svg
from layers.evaluation.pictures import course_svg, forest_svg, periods_svg, shares_svg
from spatial.evaluation.estimate import ESTIMATE_FIELDS, Estimate
from spatial.evaluation_results import DIRECTIONS, THREATS, EvaluationResult

CONTRACT = {"run_id", "design", "counts", "estimates", "displacement", "threats", "verdict"}


@pytest.fixture(name="gull", scope="module")
def _gull(saltmere_gull: EvaluationResult) -> dict[str, bytes]:
    return evaluation_files(saltmere_gull)


@pytest.fixture(name="tern", scope="module")
def _tern(saltmere_tern: EvaluationResult) -> dict[str, bytes]:
    return evaluation_files(saltmere_tern)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_contracts_names_are_there(gull: dict[str, bytes], tern: dict[str, bytes]) -> None:
    names: set[str] = set()
    for files in (gull, tern):
        said: dict[str, Any] = json.loads(files["result.json"])
        assert set(said) >= CONTRACT
        assert all(tuple(one) == ESTIMATE_FIELDS for one in said["estimates"])
        names |= {one["name"] for one in said["estimates"]}
        assert [one["name"] for one in said["threats"]] == list(THREATS)
        assert said["verdicts"][0]["direction"] in DIRECTIONS
        assert said["estimates"][0]["name"] == said["verdicts"][0]["lead"]
        assert said["operation"]["digest"]
        assert [one["distance_m"] for one in said["displacement"]] == [50, 100, 200]
        for name, sha in said["files"].items():
            assert hashlib.sha256(files[name]).hexdigest() == sha
    assert names >= {
        "rate_ratio", "wdd", "wdd_harm", "did_negative_binomial", "crossover_rate_ratio",
        "crossover_harm_ratio", "naive_before_after",
    }  # fmt: skip


def test_the_same_result_gives_the_same_bytes(
    saltmere_tern: EvaluationResult, tern: dict[str, bytes]
) -> None:
    assert evaluation_files(saltmere_tern) == tern


def test_tables_give_no_small_number_away(
    saltmere_gull: EvaluationResult, gull: dict[str, bytes]
) -> None:
    for name, columns in (("places.csv", ("before", "after")), ("months.csv", ("incidents",))):
        rows = _rows(gull[name])
        shown = {int(row[column]) for row in rows for column in columns if row[column]}
        assert shown
        assert not shown & {1, 2}
        assert "harm_days" not in rows[0]
        assert {row["marking"] for row in rows} == {saltmere_gull.marking}
    raw = saltmere_gull.primary.by_place
    kept = {row["area_id"] for row in _rows(gull["places.csv"]) if row["kept_back"] == "yes"}
    assert set(raw.loc[raw["before"].isin([1, 2]), "area_id"]) <= kept
    assert len(_rows(gull["estimates.csv"])) == len(saltmere_gull.estimates)


def test_the_page_holds_everything_itself(
    saltmere_tern: EvaluationResult, tern: dict[str, bytes]
) -> None:
    page = tern["report.html"].decode()
    assert "<script" not in page
    outside = re.findall(r"https?://[^\"' )<]+", page)
    assert set(outside) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|img|iframe)\b", page)
    said = saltmere_tern.primary.verdict
    # the count and its harm in one breath, and how often each kind of figure deceives
    lead = f"{said.headline} {said.harm}"
    for text in (lead, said.counts, said.next_door, MEASURED, saltmere_tern.run_id):
        assert text.replace("'", "&#x27;") in page
    assert page.count(saltmere_tern.marking) == 2
    # nothing is shown of single incidents by place
    assert "by_place" not in page


def test_what_people_typed_is_shown_and_not_run(saltmere_tern: EvaluationResult) -> None:
    bad = "<script>alert(1)</script>"
    operation = saltmere_tern.operation.model_copy(update={"name": bad})
    files = evaluation_files(replace(saltmere_tern, operation=operation))
    assert bad not in files["report.html"].decode()
    assert json.loads(files["result.json"])["operation"]["name"] == bad


def test_pictures_are_whole(
    saltmere_gull: EvaluationResult, saltmere_tern: EvaluationResult
) -> None:
    study = saltmere_gull.primary.event_study
    assert study is not None
    drawn = [
        course_svg(saltmere_gull.primary.series),
        course_svg(saltmere_tern.primary.series),
        forest_svg(saltmere_gull.primary.estimates),
        forest_svg(saltmere_tern.primary.estimates),
        periods_svg(study),
        shares_svg([("A", 0.9, 0.0), ("B", float("nan"), 0.2)]),
        ground_svg(saltmere_gull.ground, buffer_m=100),
        ground_svg(saltmere_tern.ground, buffer_m=100),
    ]
    for picture in drawn:
        root = ET.fromstring(picture)  # noqa: S314 (our own)
        assert root.get("aria-label")
        numbers = re.findall(r"[-\d.]+(?=[,\"L Z])", picture)
        assert "nan" not in picture
        assert "inf" not in picture
        assert len(numbers) > 10
    for name in saltmere_gull.ground.treated.area_ids:
        assert f">{name}</text>" in drawn[6]


def test_a_ratio_without_limits_or_at_nothing_is_drawn() -> None:
    def ratio(value: float | None, low: float | None, high: float | None) -> Estimate:
        return Estimate("rate_ratio", "ark", "count", value, low, high, 0.5, "By hand.")

    picture = forest_svg([ratio(0.0, 0.0, 0.4), ratio(3.0, 0.5, None), ratio(None, None, None)])
    assert picture.count("<circle") == 2
    ends = [float(x) for x in re.findall(r'x[12]="([\d.]+)"', picture)]
    assert np.min(ends) >= 0
    assert np.max(ends) <= 920
    assert forest_svg([]) == ""
