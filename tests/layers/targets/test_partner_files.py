"""What leaves for a partner: where, never how harmful or why, and no small count."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
import shapely

from config.settings import load_settings
from layers.marking import OUTSIDE_HANDLING
from layers.targets.partner_files import PARTNER_COLUMNS, partner_files
from spatial.results import TARGET_COLUMNS
from tests.layers.listed import target_result

NAMES = ("One", "Two", "Three", "Four")


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_small_counts_and_what_they_could_be_told_from_stay_at_home() -> None:
    files = partner_files(target_result(NAMES, incidents=(1, 2, 9, 30)))
    rows = _rows(files["partner_targets.csv"])
    assert [row["incidents"] for row in rows] == ["", "", "9", "30"]
    assert [row["kept_back"] for row in rows] == ["yes", "yes", "no", "no"]
    document = json.loads(files["partner_targets.geojson"])
    said = [feature["properties"]["incidents"] for feature in document["features"]]
    assert said == [None, None, 9, 30]
    assert "A blank is not 0." in document["harmhex"]["notes"][0]
    assert [row["name"] for row in rows] == list(NAMES)
    assert shapely.from_wkt(rows[0]["wkt"]).is_valid


def test_nothing_but_the_named_columns_leaves() -> None:
    files = partner_files(target_result(NAMES))
    assert list(_rows(files["partner_targets.csv"])[0]) == [
        *PARTNER_COLUMNS[: PARTNER_COLUMNS.index("incidents") + 1], "kept_back",
        *PARTNER_COLUMNS[PARTNER_COLUMNS.index("incidents") + 1 :],
    ]  # fmt: skip
    assert set(PARTNER_COLUMNS) < set(TARGET_COLUMNS)
    text = b"".join(files.values()).decode()
    for word in ("robberies", "harm_days", "expected", "harm_share", "why", "peak", "1115"):
        assert word not in text


def test_marked_with_a_handling_line_that_allows_it_and_summed_up() -> None:
    files = partner_files(target_result(NAMES))
    manifest = json.loads(files["partner_manifest.json"])
    assert manifest["marking"] == load_settings().marking
    assert manifest["handling"] == OUTSIDE_HANDLING != load_settings().handling
    for name, digest in manifest["files"].items():
        assert hashlib.sha256(files[name]).hexdigest() == digest
    assert files == partner_files(target_result(NAMES))


@pytest.mark.parametrize("fewest", [1, 8])
def test_another_threshold(fewest: int) -> None:
    files = partner_files(target_result(NAMES, incidents=(1, 7, 20, 30)), fewest=fewest)
    shown = [row["incidents"] for row in _rows(files["partner_targets.csv"])]
    assert shown == (["1", "7", "20", "30"] if fewest == 1 else ["", "", "20", "30"])
