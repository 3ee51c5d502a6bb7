"""The shell: the contract's names, its summaries, its exits, and nothing half-written."""

from __future__ import annotations

import csv
import io
import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex.__main__ import cli
from sample_geo.ready import DATA
from spatial.incidents.store import IncidentStore
from spatial.results import TARGET_COLUMNS

RUNNER = CliRunner()
YEAR = ["--profile", "ark", "--from", "2025-11-01", "--to", "2026-10-31"]


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def _everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("command", ["sample", "load", "hotspots", "targets", "app"])
def test_help_has_an_example(command: str) -> None:
    out, _ = _run(command, "--help")
    assert f"Example: harmhex {command}" in out


@pytest.mark.slow
def test_sample_then_load_then_hot_spots_then_targets(tmp_path: Path) -> None:
    out, _ = _run("sample", tmp_path / "town", "--json")
    assert json.loads(out)["bytes"] < 10_000_000
    out, _ = _run("load", tmp_path / "town", "--store", tmp_path / "store", "--json")
    balance = json.loads(out)
    assert balance["read"] == balance["stored"] + balance["rejected"] + balance["duplicates"]
    assert balance["rejected"] > 0
    assert balance["duplicates"] > 0
    with (tmp_path / "store" / "rejected" / f"{balance['load_id']}.csv").open() as stream:
        rejected = list(csv.DictReader(stream))
    assert len(rejected) == balance["rejected"]
    assert {"file", "row", "reason"} <= set(rejected[0])
    assert all(row["reason"] for row in rejected)

    out, _ = _run(
        "hotspots", "--store", tmp_path / "store", *YEAR, "--out", tmp_path / "a.geojson", "--json"
    )
    summary = json.loads(out)
    document = json.loads((tmp_path / "a.geojson").read_text())
    assert document["harmhex"]["run_id"] == summary["run_id"]

    asked = ["targets", "--store", tmp_path / "store", *YEAR, "--places", "10"]
    _run(*asked, "--out", tmp_path / "one")
    _run(*asked, "--out", tmp_path / "two")
    assert _everything(tmp_path / "one") == _everything(tmp_path / "two")
    assert set(_everything(tmp_path / "one")) == {
        "targets.csv", "targets.geojson", "targets.kml", "targets.gpx", "targets.gpkg",
        "targets.parquet", "sensitivity.csv", "dropped.csv", "coverage.csv", "overrides.csv",
        "removals.csv", "manifest.json",
    }  # fmt: skip
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert {*manifest["files"], "manifest.json"} == set(_everything(tmp_path / "one"))
    text = (tmp_path / "one" / "sensitivity.csv").read_text(encoding="utf-8-sig")
    variants = list(csv.DictReader(io.StringIO(text)))
    assert list(variants[0]) == ["variant", "kept", "of", "share"]
    assert {row["of"] for row in variants} == {"10"}
    text = (tmp_path / "one" / "targets.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(TARGET_COLUMNS)
    assert len(rows) == 10


@pytest.mark.slow
def test_weights_are_chosen_per_run(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    asked = ["--store", saltmere_store.path, *YEAR, "--json"]
    for command, out in (("hotspots", "h.geojson"), ("targets", "t")):
        stored, _ = _run(command, *asked, "--out", tmp_path / out)
        other, _ = _run(command, *asked, "--weights", "ons_css", "--out", tmp_path / out)
        assert json.loads(stored)["run_id"] != json.loads(other)["run_id"]
        assert "Harm by ONS Crime Severity Score" in other
        assert "Harm by" not in stored
        _, error = _run(command, *asked, "--weights", "ons", "--out", tmp_path / "no", code=1)
        assert "There is no harm scheme 'ons'. Choose one of cchi_2020" in error
    assert not (tmp_path / "no").exists()


@pytest.mark.slow
def test_what_ranks_is_chosen_per_run(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    asked = ["--store", saltmere_store.path, *YEAR, "--json", "--out", tmp_path / "t"]
    plain, _ = _run("targets", *asked)
    assert json.loads(plain)["ranked_by"] == "expected_harm"
    counted, _ = _run("targets", *asked, "--measure", "count")
    assert json.loads(counted)["ranked_by"] == "count"
    assert json.loads(counted)["run_id"] != json.loads(plain)["run_id"]
    _run("targets", *asked, "--measure", "harms", code=2)
    # what is smoothed ranks and is never tested
    words = ["--store", saltmere_store.path, *YEAR, "--out", tmp_path / "h.geojson"]
    _, error = _run("hotspots", *words, "--measure", "expected_harm", code=1)
    assert "cannot be tested: expected harm is smoothed over neighbours" in error


@pytest.mark.slow
def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    town = [DATA / "incidents.csv", "--boundary", DATA / "boundary.geojson"]
    out, _ = _run("load", *town, "--store", tmp_path / "store", "--json")
    first, before = json.loads(out), _everything(tmp_path / "store")
    out, _ = _run("load", *town, "--store", tmp_path / "store", "--json")
    again = json.loads(out)
    assert again["stored"] == 0
    assert again["duplicates"] == first["read"] - first["rejected"]
    assert _everything(tmp_path / "store") == before


@pytest.mark.slow
def test_people_are_told_in_sentences(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    out, _ = _run("targets", "--store", saltmere_store.path, *YEAR, "--out", tmp_path / "t")
    assert "in-sample: chosen and measured on the same window" in out
    assert "Out of sample: " in out
    assert "Note: " in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--profile", "arc", "--from", "2025-11-01", "--to", "2026-10-31"], "no profile 'arc'"),
        (["--profile", "ark", "--from", "2026-11-01", "--to", "2026-10-31"], "before it begins"),
        ([*YEAR, "--study-area", "nowhere.geojson"], "no study area file"),
        ([*YEAR, "--resolution", "12"], "Resolution 12 is not indexed"),
    ],
)
def test_bad_input_is_one_sentence_exit_1_and_no_file(
    saltmere_store: IncidentStore, tmp_path: Path, words: list[str], said: str
) -> None:
    before = _everything(saltmere_store.path)
    for command, out in (("hotspots", "h.geojson"), ("targets", "t")):
        _, error = _run(
            command, "--store", saltmere_store.path, *words, "--out", tmp_path / out, code=1
        )
        assert said in error
        assert len(error.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    assert _everything(saltmere_store.path) == before


@pytest.mark.slow
def test_what_cannot_be_written_is_named_as_it_was_given(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    ask = ["--store", saltmere_store.path, *YEAR, "--out"]
    _, error = _run("hotspots", *ask, tmp_path, code=1)
    assert f"{str(tmp_path)!r} is a folder" in error
    blocked = tmp_path / "file"
    blocked.write_text("")
    for command in ("hotspots", "targets"):
        _, error = _run(command, *ask, blocked / "out", code=1)
        assert "tmp" not in error.replace(str(tmp_path), "")
        assert str(blocked / "out") in error


def test_a_port_in_use_is_said(saltmere_store: IncidentStore) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        _, error = _run("app", "--store", saltmere_store.path, "--port", port, code=1)
    assert f"Port {port} cannot be opened" in error
    assert RUNNER.invoke(cli, ["app", "--port", "99999"]).exit_code == 2


def test_no_store_is_said(tmp_path: Path) -> None:
    _, error = _run(
        "hotspots", "--store", tmp_path / "no", *YEAR, "--out", tmp_path / "h.geojson", code=1
    )
    assert "does not exist" in error
    _, error = _run("load", tmp_path / "no.csv", "--store", tmp_path / "store", code=1)
    assert "no.csv" in error
    assert not (tmp_path / "store").exists()


@pytest.mark.slow
def test_a_store_without_a_study_area_lists_the_choices(tmp_path: Path) -> None:
    _run("load", DATA / "incidents.csv", "--store", tmp_path / "store")
    ask = ["hotspots", "--store", tmp_path / "store", *YEAR, "--out", tmp_path / "h.geojson"]
    _, error = _run(*ask, code=1)
    assert "No study area was given" in error
    assert "ever-incident" in error
    _run(*ask, "--study-area", "ever-incident")
    _run(*ask, "--study-area", DATA / "boundary.geojson")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["hotspot"],
        ["hotspots", "--store", "s"],
        ["targets", "--store", "s", "--profile", "ark", "--from", "1/11/2025", "--to", "x"],
    ],
)
def test_usage_errors_exit_2(words: list[str]) -> None:
    assert RUNNER.invoke(cli, words).exit_code == 2


def test_a_layer_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roads.geojson").write_text("{}")
    _, error = _run(
        "load", DATA / "incidents.csv", tmp_path / "roads.geojson",
        "--store", tmp_path / "store", code=1,
    )  # fmt: skip
    assert "roads.geojson is no layer that is known" in error
    assert not (tmp_path / "store").exists()
