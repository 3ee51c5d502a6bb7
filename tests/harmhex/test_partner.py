"""The shell: partner files loaded, listed and taken out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex.__main__ import cli
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from tests.spatial.incidents.exports import snapshot

RUNNER = CliRunner()


def run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


@pytest.fixture
def store(saltmere_store: IncidentStore, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saltmere_store.path, tmp_path / "store"))


def test_help_has_an_example() -> None:
    out, _ = run("partner", "--help")
    assert "Example: harmhex partner" in out


@pytest.mark.slow
def test_a_file_is_loaded_listed_and_taken_out(store: Path) -> None:
    file = DATA / "partner_emergency_department.csv"
    out, _ = run("partner", file, "--store", store, "--kind", "emergency_department", "--json")
    said = json.loads(out)
    assert list(said) == ["read", "stored", "rejected", "duplicates", "load_id", "notes"]
    assert said["read"] == said["stored"] + said["rejected"] + said["duplicates"] == 1200
    assert any("The names were then thrown away" in note for note in said["notes"])
    out, _ = run("partner", "--store", store)
    assert out.split()[0] == said["load_id"]
    assert "emergency department, confidence low" in out
    out, _ = run("partner", "--store", store, "--undo", said["load_id"])
    assert "1,200 records" in out
    out, _ = run("partner", "--store", store, "--json")
    assert json.loads(out) == {"loads": [], "notes": []}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("partner_deaths.csv",), "Say what kind of files these are: --kind ambulance"),
        (("partner_deaths.csv", "--kind", "fire"), "There is no kind of partner file 'fire'"),
        (("partner_deaths.csv", "--kind", "ambulance"), "no column 'Call Time'"),
        (("partner_deaths.csv", "--kind", "deaths", "--undo", "1"), "not both"),
        (("partner_deaths.csv", "--kind", "deaths", "--as-of", "2026-01-01"), "is for a register"),
        (("partner_deaths.csv", "--kind", "licensing"), "no column 'Premises Type'"),
        (("partner_licensing.csv", "--kind", "safeguarding"), "holds points by its heading"),
        (("--undo", "1"), "no partner load '1'"),
        ((".", "--kind", "deaths"), "is a folder"),
        (("gone.csv", "--kind", "deaths"), "There is no file or folder 'gone.csv'"),
    ],
)
def test_a_mistake_is_one_sentence(store: Path, words: tuple[str, ...], said: str) -> None:
    before = snapshot(store)
    is_file = words[0] != "--undo"
    given = (DATA / words[0], *words[1:]) if is_file else words
    out, err = run("partner", *given, "--store", store, code=1)
    assert said in err
    assert not out
    assert err.count("\n") == 1
    assert snapshot(store) == before


def test_a_register_takes_the_place_of_the_older_one(store: Path) -> None:
    file = DATA / "partner_licensing.csv"
    given = ("partner", file, "--store", store, "--kind", "licensing", "--json")
    first = json.loads(run(*given, "--as-of", "2026-03-01")[0])
    assert list(first) == ["read", "stored", "rejected", "duplicates", "load_id", "notes"]
    second = json.loads(run(*given)[0])
    assert any(first["load_id"] in note for note in second["notes"])
    out, _ = run("partner", "--store", store)
    lines = out.splitlines()
    assert lines[0].endswith("as of 1 Mar 2026  licensing register, confidence medium, replaced "
                             "(history)")  # fmt: skip
    assert lines[1].endswith("as of 31 Oct 2026  licensing register, confidence medium")
    listed = json.loads(run("partner", "--store", store, "--json")[0])["loads"]
    assert [load["shown"] for load in listed] == [False, True]
    assert listed[1]["to"] == "2026-10-31"
    out, _ = run("partner", "--store", store, "--undo", second["load_id"])
    assert f"171 records. Shown now: the load {first['load_id']}, as of 1 Mar 2026." in out


def test_a_table_by_beat_is_loaded_and_its_total_is_no_beat(store: Path) -> None:
    file = DATA / "partner_safeguarding.csv"
    out, _ = run("partner", file, "--store", store, "--kind", "safeguarding")
    assert "9 rows read = 8 stored + 1 rejected + 0 duplicates" in out
    out, _ = run("partner", "--store", store)
    assert "1 Aug 2026 to 31 Oct 2026  safeguarding partnership, confidence low" in out


def test_a_folder_of_incidents_leaves_partner_files_to_their_own_command(
    saltmere_store: IncidentStore,
) -> None:
    (load,) = saltmere_store.loads
    assert [file.name for file in load.files] == ["incidents.csv"]
    assert "Partner files (partner_...), which harmhex partner loads: 5." in [
        note.text for note in load.notes
    ]
