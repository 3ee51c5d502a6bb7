"""`harmhex report`: the folder it writes, its summary, its exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex.__main__ import cli
from spatial.incidents.store import IncidentStore

_RUNNER = CliRunner()
_MONTHS = ["--profile", "ark", "--from", "2026-08-01", "--to", "2026-10-31", "--resolution", "9"]


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = _RUNNER.invoke(cli, ["report", *map(str, words)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def test_help_has_an_example() -> None:
    assert "Example: harmhex report" in _run("--help")[0]


@pytest.mark.slow
def test_a_report_is_written_whole_and_the_same_twice(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    asked = ["--store", saltmere_store.path, *_MONTHS, "--places", "3"]
    out, _ = _run(*asked, "--out", tmp_path / "one", "--json")
    summary = json.loads(out)
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert sorted(one) == summary["files"]
    assert json.loads(one["report.json"])["run_id"] == summary["run_id"]
    assert summary["sections"]["change"]["sentence"].startswith("Saltmere")
    assert summary["notes"]
    out, _ = _run(*asked, "--out", tmp_path / "two")
    assert {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()} == one
    assert "What changed. Saltmere as a whole" in out


def test_bad_input_writes_nothing(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    out = tmp_path / "out"
    _, error = _run("--store", saltmere_store.path, *_MONTHS, "--places", "0", "--out", out, code=1)
    assert "at least 1" in error
    _, error = _run("--store", tmp_path / "none", *_MONTHS, "--out", out, code=1)
    assert "does not exist" in error
    assert not out.exists()
