"""What is not Python goes along when Harmhex is installed: styles, scripts, settings, templates."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("config", "harmhex", "layers", "register", "sample_geo", "spatial", "views")


def test_every_file_that_is_no_python_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]
    packaged = {
        path
        for room, each in patterns.items()
        for glob in each
        for path in (ROOT / room).glob(glob)
    }
    there = {
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"} and "__pycache__" not in path.parts
    }
    assert there
    assert {str(path.relative_to(ROOT)) for path in there - packaged} == set()
