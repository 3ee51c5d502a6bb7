"""`harmhex schedule`: the contract's file, its summary, its exits, and nothing half-written."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex.__main__ import cli
from spatial.incidents.store import IncidentStore

RUNNER = CliRunner()
WHEN = ["--start", "2026-12-01", "--days", "21", "--seed", "7"]


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("targets")
    lines = ["area_id,name,longitude,latitude,incidents"]
    # along Saltmere's High Street
    lines += [
        f"PA-{n},Place {n},{1.398 + n / 2000},{53.195 + n / 900},{200 - n}" for n in range(10)
    ]
    (folder / "targets.csv").write_text("\n".join(lines), encoding="utf-8")
    window = {"window": ["2025-11-01", "2026-10-31"]}
    (folder / "manifest.json").write_text(json.dumps(window), encoding="utf-8")
    return folder / "targets.csv"


def test_help_has_an_example() -> None:
    out, _ = _run("schedule", "--help")
    assert "Example: harmhex schedule" in out


def test_the_contracts_command(
    targets: Path, saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    asked = ["schedule", "--targets", targets, *WHEN, "--treated", "4"]
    out, told = _run(
        *asked, "--store", saltmere_store.path, "--out", tmp_path / "one.csv", "--json"
    )
    assert "Scheduling 10 places" in told
    summary = json.loads(out)
    assert summary["place_days"] == {"treated": 84, "control": 126}
    assert summary["design"] == "crossover"
    assert 0 < summary["smallest_fall"] <= 1
    assert any("follow the store's streets" in note for note in summary["notes"])
    text = (tmp_path / "one.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0])[:6] == ["date", "area_id", "treated", "visit", "start", "minutes"]
    days = {(row["date"], row["area_id"]) for row in rows if row["treated"] == "1"}
    assert set(Counter(date for date, _ in days).values()) == {4}
    again = [*asked, "--store", saltmere_store.path, "--out", tmp_path / "two.csv"]
    said, _ = _run(*again)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert "4 of 10 places a day, drawn at random each day" in said
    assert "would be told from chance" in said or "not even a fall to none" in said


def test_calendar_and_lists(targets: Path, tmp_path: Path) -> None:
    _run(
        "schedule", "--targets", targets.parent, *WHEN, "--treated", 3, "--design", "rotating",
        "--shift", "late", "--base", "1.4,53.2", "--out", tmp_path / "s.csv",
        "--calendar", tmp_path / "s.ics", "--lists", tmp_path / "lists",
    )  # fmt: skip
    assert (tmp_path / "s.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert len(list((tmp_path / "lists").iterdir())) == 21


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--treated", "11"], "Treat from 1 to 10"),
        (["--treated", "4", "--wait", "2"], "Allow a wait of 3 days"),
        (["--hours", "0.2"], "officer hours"),
        (["--shift", "teatime"], "no shift 'teatime'"),
        (["--shift", "late", "--from-hour", "9"], "Give --shift, or"),
        (["--base", "here"], "no longitude and latitude"),
        (["--base", "53.2,181"], "no place on Earth"),
        (["--base", "1.4,91"], "no place on Earth"),
        (["--expected", "-3", "--treated", "4"], "cannot be expected"),
        (["--design", "weekly"], "Choose one of"),
        (["--calendar", "{out}"], "Give two names"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_nothing(
    targets: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    out = tmp_path / "s.csv"
    asked = [word.format(out=out) for word in words]
    _, told = _run("schedule", "--targets", targets, *WHEN, *asked, "--out", out, code=1)
    last = told.strip().splitlines()[-1]
    assert last.startswith("harmhex: ")
    assert said in last
    assert list(tmp_path.iterdir()) == []


def test_lists_of_another_plan_are_not_mixed_with_these(targets: Path, tmp_path: Path) -> None:
    asked = ["schedule", "--targets", targets, "--seed", "7", "--treated", "4"]
    asked += ["--lists", tmp_path / "lists", "--out", tmp_path / "s.csv"]
    _run(*asked, "--start", "2026-12-01", "--days", 14)
    _run(*asked, "--start", "2026-12-01", "--days", 14)
    _, told = _run(*asked, "--start", "2026-12-02", "--days", 14, code=1)
    assert "'patrols_2026-12-01.csv'" in told


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    _, told = _run(
        "schedule", "--targets", tmp_path / "none.csv", *WHEN, "--out", tmp_path / "s.csv", code=1
    )
    assert "'none.csv' cannot be opened" in told
    _run("schedule", "--targets", tmp_path, "--out", tmp_path / "s.csv", code=2)
