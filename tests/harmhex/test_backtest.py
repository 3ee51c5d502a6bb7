"""`harmhex backtest`: its folder, its words, its exits."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from harmhex.__main__ import cli
from spatial.incidents.store import IncidentStore

_RUNNER = CliRunner()


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = _RUNNER.invoke(cli, ["backtest", *map(str, words)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def test_help_has_an_example() -> None:
    assert "Example: harmhex backtest" in _run("--help")[0]


def test_it_is_written_whole_and_said_in_words(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    asked = ["--store", saltmere_store.path, "--profile", "ark", "--known-months", 33]
    out, error = _run(*asked, "--out", tmp_path / "one", "--json")
    summary = json.loads(out)
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == summary["files"]
    held = json.loads((tmp_path / "one" / "result.json").read_text(encoding="utf-8"))
    assert held["run_id"] == summary["run_id"]
    assert {row["resolution"] for row in held["scores"]} == {9}
    assert summary["origins"] == 1
    assert "Origin 1 of 1" in error


def test_patrolled_days_are_read_from_a_file(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    patrolled = tmp_path / "patrolled.csv"
    patrolled.write_text("date,cells\n2026-09-01,891958d2cafffff\n", encoding="utf-8")
    asked = ["--store", saltmere_store.path, "--profile", "ark", "--known-months", 33]
    out, _ = _run(*asked, "--patrolled", patrolled, "--places", 5, "--out", tmp_path / "out")
    assert "1 patrolled place-days were left out" in out
    assert "Community harm (Ark) in Saltmere: places chosen 1 times" in out


def test_bad_input_writes_nothing(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    asked = ["--store", saltmere_store.path, "--profile", "ark", "--out", tmp_path / "out"]
    _, error = _run(*asked, "--horizon-months", 30, code=1)
    assert "The nearest backtest is a horizon of 24 months or less" in error
    _, error = _run(*asked, "--horizon-months", 3, "--horizon-days", 7, code=1)
    assert "horizon of" in error
    assert not (tmp_path / "out").exists()
