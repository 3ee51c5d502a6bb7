"""A study area's file is read once for what it holds, and never taken for another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from config.errors import BadInputError
from spatial.hexes import study_area
from spatial.hexes.study_area import read_study_area


def _write(path: Path, east: float) -> Path:
    box = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(
        shapely.box(0.70, 51.5, east, 51.6))}  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [box]}), encoding="utf-8")
    return path


def test_another_content_under_the_same_path_is_another_area(tmp_path: Path) -> None:
    path = _write(tmp_path / "town.geojson", 0.8)
    first = read_study_area(path)
    assert read_study_area(path) is first
    _write(path, 0.9)
    assert read_study_area(path).polygon.bounds[2] == 0.9
    _write(path, 0.8)
    assert read_study_area(path) is first


def test_the_same_content_is_named_after_its_own_file(tmp_path: Path) -> None:
    town = read_study_area(_write(tmp_path / "town.geojson", 0.8))
    port = read_study_area(_write(tmp_path / "port.geojson", 0.8))
    assert (town.name, port.name) == ("town", "port")
    assert town.digest != port.digest
    (tmp_path / "copy").mkdir()
    assert read_study_area(_write(tmp_path / "copy" / "town.geojson", 0.8)) is town


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write(tmp_path / "restless.geojson", 0.8)
    said = iter(["before", "after"])
    monkeypatch.setattr(study_area, "_content", lambda _path: next(said))
    with pytest.raises(BadInputError, match="changed while it was being read"):
        read_study_area(path)
