"""The report's files: complete, formula-safe, self-contained, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from layers.report.files import CHANGE_FILE, PART_FILES, report_files
from layers.report.page import report_html
from layers.report.tables import readable
from layers.report.words import TITLES, section_sentence
from spatial.report_results import PART_COLUMNS, SECTIONS, Part, ReportResult

_PROMISED = {
    "concentration.csv", "change.csv", "timing.csv", "peaks.csv", "near_repeat.csv",
    "emerging.geojson", "two_way.geojson", "watch_list.csv", "place_stability.csv", "report.json",
    "report.html",
}  # fmt: skip


@pytest.fixture(scope="module", name="files")
def _files(saltmere_report: ReportResult) -> dict[str, bytes]:
    return report_files(saltmere_report)


def test_every_file_is_there_and_named_in_the_json(
    files: dict[str, bytes], saltmere_report: ReportResult
) -> None:
    assert set(files) >= _PROMISED
    content = json.loads(files["report.json"])
    assert set(content["files"]) == set(files) - {"report.json"}
    for name, digest in content["files"].items():
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert content["run_id"] == saltmere_report.run_id
    assert content["window"] == ["2025-11-01", "2026-10-31"]
    assert content["quality"]["sentence"].startswith("Data to 31 Oct 2026")
    assert list(content["sections"]) == list(SECTIONS)
    assert files == report_files(saltmere_report)


def test_each_row_says_which_run_it_is_of(
    files: dict[str, bytes], saltmere_report: ReportResult
) -> None:
    for name, content in files.items():
        if name.endswith(".csv"):
            assert content.startswith(b"\xef\xbb\xbf")
            for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
                assert row["run_id"] == saltmere_report.run_id
                assert row["marking"] == "OFFICIAL-SENSITIVE"
    for name in ("emerging.geojson", "two_way.geojson"):
        document = json.loads(files[name])
        assert document["harmhex"]["run_id"] == saltmere_report.run_id
        assert document["features"][0]["geometry"]["type"] == "Polygon"


def test_change_holds_every_level_with_its_windows(files: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(files[CHANGE_FILE].decode("utf-8-sig"))))
    assert [row["level"] for row in rows] == sorted(
        (row["level"] for row in rows), key=["whole", "tier", "beat", "place"].index
    )
    assert {row["window_before"] for row in rows} == {"1 Nov 2024 to 31 Oct 2025"}
    # a count is a whole number, with or without empty cells in its column
    assert all(row["now"].isdigit() for row in rows)


def test_a_missing_part_has_its_columns_and_a_reason(files: dict[str, bytes]) -> None:
    head, *rows = files["place_stability.csv"].decode("utf-8-sig").splitlines()
    assert head.split(",")[:8] == list(PART_COLUMNS["place_stability"]["places"])
    assert not rows
    content = json.loads(files["report.json"])["sections"]["place_stability"]
    assert "cannot be tested" in content["parts"]["places"]["why_not"]


def test_the_page_needs_nothing_from_outside(files: dict[str, bytes]) -> None:
    page = files["report.html"].decode()
    assert not re.search(r"(src|href)=|https?:|url\(|<script|@import", page)
    assert page.count("OFFICIAL-SENSITIVE") == 2
    for name, title in TITLES.items():
        assert page.count(title) == 2, name
    assert "predict" not in page.casefold()


def test_a_name_from_a_file_is_neither_a_formula_nor_markup(saltmere_report: ReportResult) -> None:
    section = saltmere_report.section("change")
    table = section.table("beats")
    assert table is not None
    bad = table.assign(place="=HYPERLINK(1)<b>x</b>")
    parts = tuple(Part("beats", bad) if part.name == "beats" else part for part in section.parts)
    sections = tuple(
        replace(one, parts=parts) if one.name == "change" else one
        for one in saltmere_report.sections
    )
    files = report_files(replace(saltmere_report, sections=sections))
    assert b",'=HYPERLINK(1)<b>x</b>," in files["change.csv"]
    assert b"<b>x</b>" not in files["report.html"]


def test_every_part_has_a_file() -> None:
    parts = {(name, part) for name in SECTIONS for part in PART_COLUMNS[name]}
    assert parts - set(PART_FILES) == {("change", part) for part in PART_COLUMNS["change"]}


def test_residents_hold_no_incidents(saltmere_report: ReportResult) -> None:
    _, rows = readable(saltmere_report.section("concentration"), "figures")
    words = [" ".join(row[:2]) for row in rows]
    assert "50% of incidents lie in 1.9% of the cells" in words
    assert not [line for line in words if line.startswith("1% of the residents")]
    assert any(line.startswith("The cells in which 1% of the residents live") for line in words)


def test_what_moved_comes_first(saltmere_report: ReportResult) -> None:
    _, rows = readable(saltmere_report.section("change"), "beats")
    assert rows[0][0] == "Northgate"
    assert rows[0][1].startswith("rose: 104 before, 205 now")


def test_sentences_say_their_dates_and_units(saltmere_report: ReportResult) -> None:
    said = {one.name: section_sentence(one) for one in saltmere_report.sections}
    assert all(text.endswith(".") for text in said.values())
    for name in ("concentration", "change", "timing", "near_repeat", "two_way"):
        assert "1 Nov 2025 to 31 Oct 2026" in said[name]
    assert "by chance alone" in said["concentration"]
    assert "1,896 before, 1,879 now" in said["change"]
    assert "never added up" in said["two_way"]
    assert "31 Oct 2026" in said["watch_list"]


def test_small_changes_of_many_are_not_made_much_of(saltmere_report: ReportResult) -> None:
    section = saltmere_report.section("change")
    whole = pd.DataFrame(
        [{"place": "Saltmere", "ratio": 1.02, "verdict": "rose", "words": "rose: ..."}]
    )
    parts = (Part("whole", whole), *section.parts[1:])
    assert "may be one of recording" in section_sentence(replace(section, parts=parts))


def test_too_few_incidents_have_no_shares(saltmere_report: ReportResult) -> None:
    section = saltmere_report.section("concentration")
    few = replace(section, facts={**section.facts, "incidents": 12})
    assert "too few" in section_sentence(few)


def test_the_page_of_a_report_without_anything_is_a_page(saltmere_report: ReportResult) -> None:
    empty = tuple(
        replace(
            one,
            parts=tuple(Part(part.name, None, "Nothing is known.") for part in one.parts),
            facts={},
        )
        for one in saltmere_report.sections
    )
    page = report_html(replace(saltmere_report, sections=empty)).decode()
    assert page.count("Nothing is known.") == 2 * len(SECTIONS)
