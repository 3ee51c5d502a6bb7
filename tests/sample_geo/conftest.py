"""The committed town, read once, and a fresh drawing of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from sample_geo.write import FOLDER, write_sample

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def redrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saltmere")
    write_sample(folder)
    return folder


@pytest.fixture(scope="session")
def rows() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "incidents.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="session")
def planted() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((FOLDER / "planted.json").read_text(encoding="utf-8"))
    return record


@pytest.fixture(scope="session")
def features() -> dict[str, list[dict[str, Any]]]:
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["features"]
        for path in sorted(FOLDER.glob("*.geojson"))
    }
