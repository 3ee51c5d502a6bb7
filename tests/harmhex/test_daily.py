"""`harmhex daily`: the folder it writes, its summary, its exits."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from harmhex.__main__ import cli
from spatial.incidents.store import IncidentStore

_RUNNER = CliRunner()


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = _RUNNER.invoke(cli, ["daily", *map(str, words)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def test_help_has_an_example() -> None:
    assert "Example: harmhex daily" in _run("--help")[0]


def test_a_folder_is_written_with_its_page_last_day_by_default(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    out, told = _run("--store", saltmere_store.path, "--profile", "robbery", "--out",
                     tmp_path / "one", "--json")  # fmt: skip
    summary = json.loads(out)
    assert "Counting the day" in told
    assert summary["from"] == "2026-10-30T06:00"
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert summary["files"] == names
    assert names == ["counts.csv", "daily.html", "incidents.csv", "result.json"]
    kept = json.loads((tmp_path / "one" / "result.json").read_text(encoding="utf-8"))
    assert kept["run_id"] == summary["run_id"]


def test_a_day_without_data_writes_nothing(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    _, told = _run("--store", saltmere_store.path, "--on", "2027-01-01", "--out",
                   tmp_path / "none", code=1)  # fmt: skip
    assert "nothing of 1 Jan 2027" in told
    assert not (tmp_path / "none").exists()
