"""`harmhex fairness`: the folder it writes, its summary, its exits."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from harmhex.__main__ import cli
from spatial.incidents.store import IncidentStore

_RUNNER = CliRunner()
_MONTHS = ["--profile", "ark", "--from", "2026-08-01", "--to", "2026-10-31", "--resolution", "9"]


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = _RUNNER.invoke(cli, [*map(str, words)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def test_help_has_an_example() -> None:
    assert "Example: harmhex fairness" in _run("fairness", "--help")[0]


def test_a_folder_is_written_from_a_list(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    store = saltmere_store.path
    _run("targets", "--store", store, *_MONTHS, "--places", 8, "--out", tmp_path / "list")
    asked = ["fairness", "--targets", tmp_path / "list", "--store", store]
    out, _ = _run(*asked, "--out", tmp_path / "one", "--json")
    summary = json.loads(out)
    assert summary["files"] == sorted(path.name for path in (tmp_path / "one").iterdir())
    assert summary["sentence"].startswith("About ")
    assert summary["notes"]
    earlier = tmp_path / "list" / "targets.csv"
    out, _ = _run(*asked, "--previous", earlier, "--out", tmp_path / "two")
    # a list is none of its own earlier ones
    assert "no earlier list is given" in out


def test_bad_input_writes_nothing(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    asked = ["fairness", "--store", saltmere_store.path, "--out", tmp_path / "out"]
    _, error = _run(*asked, "--targets", tmp_path, code=1)
    assert "holds no manifest.json" in error
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "targets.geojson").write_text("{}")
    _, error = _run(*asked, "--targets", tmp_path, code=1)
    assert "does not hold a list" in error
    assert not (tmp_path / "out").exists()
