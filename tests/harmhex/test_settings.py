"""A force's settings at the shell: one set in force, in every run id, the same as the browser's."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.force_file import FILE_NAME, SHIPPED, force_file, held
from config.in_force import FILE_VARIABLE, find
from harmhex.__main__ import cli
from spatial.incidents.store import IncidentStore
from spatial.results import HotspotRequest
from spatial.run import hotspots
from spatial.window import Window

RUNNER = CliRunner()
MONTH = ["--profile", "ark", "--from", "2026-10-01", "--to", "2026-10-31", "--resolution", "8"]


@pytest.fixture
def store(saltmere_store: IncidentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    return Path(shutil.copytree(saltmere_store.path, tmp_path / "store"))


def _run_id(store: Path, *more: str) -> str:
    out = str(store.parent / "out.geojson")
    asked = ["hotspots", "--store", str(store), *MONTH, "--out", out, "--json", *more]
    result = RUNNER.invoke(cli, asked)
    assert result.exit_code == 0, result.output
    assert force_file() is SHIPPED
    return str(json.loads(result.stdout)["run_id"])


def test_other_settings_another_run_id_and_both_doors_the_same(store: Path) -> None:
    shipped = _run_id(store)
    (store / FILE_NAME).write_text("[shifts]\nday_starts = 7", encoding="utf-8")
    own = _run_id(store)
    named = store.parent / "ours.toml"
    named.write_text("shifts.day_starts = 7", encoding="utf-8")
    assert shipped != own == _run_id(store, "--settings", str(named))
    october = Window(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    with held(find(store=store)):
        request = HotspotRequest(profile="ark", window=october, resolution=8)
        assert hotspots(IncidentStore.open(store), request).run_id == own
    named.write_text("separation_m = 100", encoding="utf-8")
    assert _run_id(store, "--settings", str(named)) not in {shipped, own}


def test_a_bad_file_is_one_sentence_at_every_command(store: Path) -> None:
    (store / FILE_NAME).write_text("plases = 3", encoding="utf-8")
    for words in (["hotspots", *MONTH, "--out", "x.geojson"], ["locations"], ["app"]):
        result = RUNNER.invoke(cli, [*words, "--store", str(store)])
        assert result.exit_code == 1
        assert result.stderr == (
            "harmhex: settings.toml: there is no setting 'plases'. Perhaps 'places' is meant; "
            "mend or remove that line.\n"
        )
    result = RUNNER.invoke(cli, ["register", "prune", "--settings", str(store / "gone.toml")])
    assert result.exit_code == 1
    assert "gone.toml cannot be opened" in result.stderr
    assert "--settings" in RUNNER.invoke(cli, ["audit", "verify", "--help"]).stdout
