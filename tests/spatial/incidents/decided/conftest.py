"""Stores to decide in."""

from __future__ import annotations

from pathlib import Path

import pytest

from spatial.incidents.load import load_incidents
from tests.spatial.incidents.exports import force_export, written


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Three incidents on one point and one on another."""
    numbers = [{"Incident Number": number} for number in "123"]
    away = {"Incident Number": "4", "Easting": "627300"}
    load_incidents([written(tmp_path / "a.csv", force_export(*numbers, away))], tmp_path / "store")
    return tmp_path / "store"
