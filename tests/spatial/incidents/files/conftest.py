"""What every kind of file is compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.spatial.incidents.exports import force_export, written
from tests.spatial.incidents.files.kinds_of_file import TWO, held


@pytest.fixture
def plain(tmp_path: Path) -> list[Any]:
    rows = held(written(tmp_path / "plain.csv", force_export(*TWO)), tmp_path)[1]
    assert len(rows) == 2
    return rows
