"""The shell: doubtful locations listed, decided on, carried to another store and withdrawn."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex.__main__ import cli
from spatial.incidents.decided.decisions import DECISIONS_FILE
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import snapshot

RUNNER = CliRunner()
STATION = "1.3910795, 53.1953213"


def run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, ["locations", *(str(word) for word in words)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


@pytest.fixture
def town(saltmere_store: IncidentStore, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saltmere_store.path, tmp_path / "town"))


def test_help_has_an_example() -> None:
    out, _ = run("--help")
    assert "Example: harmhex locations drop" in out


@pytest.mark.slow
def test_suspects_are_listed_for_people_and_programs(saltmere_store: IncidentStore) -> None:
    before = snapshot(saltmere_store.path)
    out, _ = run("--store", saltmere_store.path, "--most", 2)
    assert out.startswith("76 doubtful points without a decision.")
    assert f'"{STATION}" TG 2661 7184: 230 incidents' in out
    assert "Saltmere Police Station (0 m)" in out
    assert "and 43 more points" in out
    out, _ = run("--store", saltmere_store.path, "--json", "--most", 1)
    summary = json.loads(out)
    assert (summary["undecided"], summary["decisions"]) == (76, 0)
    counts = {check["check"]: check["incidents"] for check in summary["checks"]}
    assert (counts["pile-up"], counts["off the land"], counts["outside"]) == (230, 45, 30)
    assert sum(band["incidents"] for band in summary["bands"]) == 195
    first = summary["points"][0]
    assert (first["longitude"], first["latitude"]) == (1.3910795, 53.1953213)
    assert first["distance_m"] is None
    assert snapshot(saltmere_store.path) == before


def test_a_point_is_dropped_moved_and_withdrawn(town: Path) -> None:
    at = ["--store", town, "--at", STATION]
    out, _ = run("drop", *at, "--reason", "police-station")
    assert "Recorded: drop 1 (on 1 point, with 230 incidents in the store)." in out
    out, _ = run("move", *at, "--to", "TG 2700 7200", "--json")
    summary = json.loads(out)
    assert (summary["recorded"], summary["incidents"]) == (1, 230)
    assert summary["points"][0]["decision"] == "move"
    assert any("move replaces drop" in note for note in summary["notes"])
    out, _ = run("--store", town)
    assert "decided: move to 1.39" in out
    out, _ = run("withdraw", *at)
    assert out.startswith("Withdrawn")
    assert IncidentStore.open(town).decisions == ()


def test_decisions_are_carried_to_another_store(
    town: Path, saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    other, file = Path(shutil.copytree(town, tmp_path / "other")), tmp_path / "d.csv"
    run("drop", "--store", town, "--at", STATION, "--reason", "police station")
    run("--store", town, "--export", file)
    out, _ = run("--store", other, "--decisions", file)
    assert "Recorded: drop 1" in out
    made = [(store / DECISIONS_FILE).read_bytes() for store in (town, other)]
    assert made[0] == made[1]
    prints = [IncidentStore.open(store).fingerprint for store in (town, other)]
    assert prints[0] == prints[1] != saltmere_store.fingerprint


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["drop"], "No point is given to drop"),
        (["drop", "--at", "here"], "'here' is no position"),
        (["drop", "--at", "-0.5, 51.9"], "No incident lies at the point -0.5000000"),
        (["drop", "--at", STATION, "--reason", "bank"], "--reason: 'bank' is no reason"),
        (["drop", "--at", STATION, "--to", "1.4, 53.2"], "given with drop, not move"),
        (["move", "--at", STATION], "needs a place to go to"),
        (["move", "--at", STATION, "--to", "53.2, 1.4"], "longitude comes first"),
        (["withdraw", "--at", STATION], "Nothing was decided about"),
        (["--at", STATION], "not what to do about it"),
        (["--decisions", "no.csv"], "There is no file 'no.csv'"),
        (["--decisions", "a.csv", "--export", "b.csv"], "one of them at a time"),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(
    saltmere_store: IncidentStore, words: list[str], said: str
) -> None:
    before = snapshot(saltmere_store.path)
    out, error = run(*words, "--store", saltmere_store.path, code=1)
    assert out == ""
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert snapshot(saltmere_store.path) == before


def test_no_store_and_no_such_command_are_said(tmp_path: Path) -> None:
    _, error = run("--store", tmp_path / "no", code=1)
    assert "does not exist" in error
    run("forget", "--store", tmp_path, code=2)
    run("drop", code=2)
