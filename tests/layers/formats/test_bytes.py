"""The same run gives the same bytes: twice, later, and in another process."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from layers.targets.files import FORMATS, target_files
from tests.layers.listed import target_result

HERE = Path(__file__).resolve().parents[3]
CODE = """
import hashlib, json
from layers.targets.files import FORMATS, target_files
from tests.layers.listed import target_result
files = target_files(target_result(parts=True), formats=FORMATS)
print(json.dumps({name: hashlib.sha256(content).hexdigest() for name, content in files.items()}))
"""


def _hashes(files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_twice_in_one_process_and_once_in_another_whose_clock_and_hashes_differ(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = target_files(target_result(parts=True), formats=FORMATS)
    assert first == target_files(target_result(parts=True), formats=FORMATS)
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    done = subprocess.run(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-c", CODE], cwd=HERE, capture_output=True, check=True, text=True
    )
    assert json.loads(done.stdout) == _hashes(first)


def test_every_format_is_written_in_one_order_with_the_manifest_last() -> None:
    files = target_files(target_result(parts=True), formats=FORMATS)
    assert list(files) == [
        "targets.csv", "targets.geojson", "targets.kml", "targets.gpx", "targets.gpkg",
        "targets.parquet", "targets_shapefile.zip", "targets_mapinfo.zip", "manifest.json",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["targets_shapefile.zip", "targets_mapinfo.zip"])
def test_a_zip_has_no_date_of_today(name: str) -> None:
    content = target_files(target_result(), formats=FORMATS)[name]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
        names = archive.namelist()
    assert "targets_README.txt" in names
    assert "targets_columns.csv" in names


def test_a_dbf_is_dated_by_the_data() -> None:
    content = target_files(target_result(), formats=FORMATS)["targets_shapefile.zip"]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        header = archive.read("targets.dbf")[:4]
    assert tuple(header[1:]) == (126, 10, 31)
