"""`harmhex evaluate`: the contract's files, the verdict on screen, and nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from harmhex.__main__ import cli
from sample_geo.ready import DATA
from spatial.evaluation_results import EvaluationResult
from spatial.incidents.store import IncidentStore

RUNNER = CliRunner()


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, ["evaluate", *(str(word) for word in words)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def test_help_has_an_example() -> None:
    assert "Example: harmhex evaluate" in _run("--help")[0]


def test_a_crossover_is_evaluated_whole(
    saltmere_store: IncidentStore, saltmere_tern: EvaluationResult, tmp_path: Path
) -> None:
    out, _ = _run(
        "--store", saltmere_store.path, "--operation", DATA / "operation_tern.toml",
        "--visits", DATA / "operation_tern_visits.csv", "--out", tmp_path / "tern", "--json",
    )  # fmt: skip
    said = json.loads(out)
    assert said["run_id"] == saltmere_tern.run_id
    assert said["verdict"] == saltmere_tern.verdict
    files = sorted(path.name for path in (tmp_path / "tern").iterdir())
    assert files == said["files"]
    assert {"result.json", "report.html", "report.pdf"} <= set(files)
    content = json.loads((tmp_path / "tern" / "result.json").read_text(encoding="utf-8"))
    assert content["design"] == "crossover"
    assert content["run_id"] == said["run_id"]


def test_bad_input_is_one_sentence_and_writes_nothing(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    text = (DATA / "operation_tern.toml").read_text(encoding="utf-8")
    for name in ("operation_tern_areas.geojson", "operation_tern_allocation.csv"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    wrong = tmp_path / "operation.toml"
    wrong.write_text(text.replace("treated_each_day = 8", "treated_each_day = 7"))
    _, said = _run(
        "--store", saltmere_store.path, "--operation", wrong, "--out", tmp_path / "out", code=1
    )
    assert "8 places are treated" in said
    assert not (tmp_path / "out").exists()
    _, said = _run("--store", saltmere_store.path, code=2)
    assert "--published" in said


def test_published_figures_are_marked_and_not_recomputed() -> None:
    out, _ = _run("--published", "ark")
    assert out.count("published, not recomputed") == 4
    assert "88.5% lower" in out
    assert "Counts are small" in out
    summary = json.loads(_run("--published", "rasure", "--json")[0])
    assert summary["mark"] == "published, not recomputed"
    assert summary["figures"][0]["significant"] is False
    _, said = _run("--published", "rowan", code=1)
    assert "Choose one of ark, rasure" in said
