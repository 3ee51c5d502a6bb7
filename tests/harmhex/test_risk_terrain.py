"""The shell's risk-terrain: help with an example, files, summary, exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from harmhex.risk_terrain import risk_terrain
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore

SHELL = Typer()
SHELL.command("risk-terrain")(risk_terrain)
RUNNER = CliRunner()


@pytest.mark.slow
def test_it_writes_its_folder_and_says_what_it_found(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    words = [
        "--store", str(saltmere_store.path), "--profile", "ark", "--from", "2025-11-01",
        "--to", "2026-10-31", "--factors", str(DATA / "places.geojson"),
        str(DATA / "risk_factors.geojson"), "--distances", "100,200", "--bootstrap", "0",
        "--operationalisation", "proximity", "--kinds", "pub,club,takeaway",
        "--out", str(tmp_path / "risk"),
    ]  # fmt: skip
    change = tmp_path / "changes.csv"
    change.write_text("change,kind,place\nremove,pub,the anchor\n", encoding="utf-8")
    asked = ["--add", "takeaway@TG 2711 7142", "--changes", str(change)]
    result = RUNNER.invoke(SHELL, [*words, *asked, "--json"])
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert "Choosing factors" in result.stderr
    written = {path.name for path in (tmp_path / "risk").iterdir()}
    assert written == set(summary["files"]) == {
        "factors.csv", "candidates.csv", "risk_terrain.geojson", "near.json", "what_if.csv",
        "validation.csv", "validation_differences.csv", "result.json",
    }  # fmt: skip
    content = json.loads((tmp_path / "risk" / "result.json").read_text())
    assert content["run_id"] == summary["run_id"]
    assert {one["kind"] for one in content["factors"]} == {"proximity"}
    assert {one["distance_m"] for one in content["factors"]} <= {100.0, 200.0}
    assert all(one["stability"] is None for one in content["factors"])
    said = summary["what_if"]
    assert [one.partition(" at ")[0] for one in said["changes"][:1]] == ["With a takeaway more"]
    assert said["changes"][1].startswith("Without a pub: The Anchor")
    changed = (tmp_path / "risk" / "what_if.csv").read_text(encoding="utf-8-sig")
    assert changed.startswith("cell,before,after,times,read_as,run_id")
    assert "Association, not cause" in changed
    plain = RUNNER.invoke(SHELL, words)
    assert "pubs, proximity within" in plain.stdout

    broken = RUNNER.invoke(SHELL, [*words, "--distances", "near", "--out", str(tmp_path / "no")])
    assert broken.exit_code == 1
    assert "The distances 'near' cannot be read" in broken.stderr
    assert not (tmp_path / "no").exists()


def test_help_has_an_example() -> None:
    assert "Example: harmhex risk-terrain" in RUNNER.invoke(SHELL, ["--help"]).stdout
