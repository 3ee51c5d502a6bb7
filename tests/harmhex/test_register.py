"""The shell: the register pruned, taken in and out, backed up and restored; the audit checked."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex.__main__ import cli
from register import anniversaries, open_register, tension
from register.tension import Sight
from tests.register.conftest import a_tension, an_anniversary

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _no_register(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HARMHEX_REGISTER", "HARMHEX_AUDIT_ANCHOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The register beside the store ``essex``, with two old records."""
    path = tmp_path / "essex-register" / "register.sqlite"
    opened = open_register(path)
    then = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    with opened.writing() as session:
        one = anniversaries.add(session, an_anniversary(), now=then, by="x")
        anniversaries.withdraw(session, one.id, version=1, now=then, by="x")
        draft = a_tension(theme="religion", entered_on=then.date())
        tension.add(session, draft, sight=Sight.ALL, today=then.date(), now=then, by="x")
    opened.close()
    return path


def run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


@pytest.mark.parametrize("name", ["prune", "export", "import", "backup", "restore"])
def test_help_has_an_example(name: str) -> None:
    assert f"Example: harmhex register {name}" in run("register", name, "--help")[0]
    assert "Example: harmhex audit verify" in run("audit", "verify", "--help")[0]


@pytest.mark.usefixtures("file")
def test_prune_lists_first_and_then_removes() -> None:
    out, _ = run("register", "prune", "--store", "essex", "--dry-run")
    assert "1 anniversaries would go." in out
    assert "kept 365 days. From the expiry" in out
    out, _ = run("register", "prune", "--store", "essex", "--dry-run", "--json")
    assert len(json.loads(out)["records"]) == 2
    out, _ = run("register", "prune", "--store", "essex", "--json")
    assert json.loads(out)["removed"] == 2
    assert "Nothing is past its period." in run("register", "prune", "--store", "essex")[0]


def test_import_export_and_back(tmp_path: Path) -> None:
    days = tmp_path / "days.csv"
    days.write_text("label,date,place,longitude,latitude\nArcade,14/12/2021,Pier,0.71,51.53\n")
    place = tmp_path / "new" / "register.sqlite"
    out, _ = run("register", "import", days, "--as", "anniversaries", "--register", place)
    assert out.startswith("1 read = 1 added + 0 there already.")
    target = tmp_path / "out.csv"
    out, _ = run(
        "register", "export", "anniversaries", "--register", place, "--out", target, "--json"
    )
    assert json.loads(out)["records"] == 1
    text = target.read_bytes().decode("utf-8-sig")
    assert "OFFICIAL-SENSITIVE" in text
    out, _ = run(
        "register", "import", target, "--as", "anniversaries", "--register", place, "--json"
    )
    assert json.loads(out) == {
        "what": "anniversaries", "read": 1, "added": 0, "duplicates": 1, "notes": [],
    }  # fmt: skip
    days.write_text("label,date,place,longitude,latitude\nArcade,29/02/2021,Pier,0.71,51.53\n")
    _, error = run("register", "import", days, "--as", "anniversaries", "--register", place, code=1)
    assert "row 2: date: '29/02/2021' is no day" in error
    _, error = run("register", "import", days, "--as", "people", "--register", place, code=1)
    assert "people" in error


def test_restricted_tension_leaves_only_when_asked(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "tension.csv"
    run("register", "export", "tension", "--register", file, "--out", out)
    assert "religion" not in out.read_text(encoding="utf-8")
    run("register", "export", "tension", "--register", file, "--out", out, "--restricted")
    assert "religion" in out.read_text(encoding="utf-8")


@pytest.mark.usefixtures("file")
def test_backup_and_restore(tmp_path: Path) -> None:
    out, _ = run("register", "backup", "b.zip", "--store", "essex", "--json")
    head = json.loads(out)
    assert head["records"]["tension"] == 1
    place = tmp_path / "restored.sqlite"
    out, _ = run("register", "restore", "b.zip", "--register", place)
    assert "records and 0 archived files restored." in out
    noted = f"{head['audit_entries']}:{head['audit_head']}"
    run("audit", "verify", "--register", place, "--noted", noted)
    _, error = run("register", "restore", "b.zip", "--register", place, code=1)
    assert "not empty" in error
    _, error = run("register", "restore", "none.zip", "--register", tmp_path / "y.sqlite", code=1)
    assert "none.zip" in error
    assert sorted(path.name for path in tmp_path.glob(".b.zip*")) == []


def test_audit_verify_passes_and_fails(file: Path) -> None:
    out, _ = run("audit", "verify", "--store", "essex")
    assert out.startswith("The audit is whole: 3 entries. Note its head: 3:")
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TRIGGER audit_refuses_update")
        connection.execute("UPDATE audit SET action = 'seen' WHERE seq = 2")
    connection.close()
    out, _ = run("audit", "verify", "--store", "essex", code=1)
    assert "NOT whole: entry 2 was changed" in out
    out, _ = run("audit", "verify", "--store", "essex", "--json", code=1)
    assert json.loads(out)["whole"] is False


@pytest.mark.parametrize(
    "words", [("register", "prune"), ("audit", "verify"), ("register", "backup", "b.zip")]
)
def test_a_register_that_is_not_there_is_not_made(words: tuple[str, ...], tmp_path: Path) -> None:
    _, error = run(*words, "--register", tmp_path / "no" / "register.sqlite", code=1)
    assert "There is no register at" in error
    assert not (tmp_path / "no").exists()
