"""`harmhex refresh`: the same files as by hand, compared with the list in force, or nothing."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from config.errors import BadInputError
from config.register import register_url
from harmhex.__main__ import cli
from harmhex.adopted import adopted_before
from register import targets
from register.archive import archive_beside, put_away
from register.opening import open_register
from register.targets import TargetArea, TargetsDraft
from spatial.hexes.study_area import read_study_area
from spatial.incidents.store import IncidentStore

RUNNER = CliRunner()
NOW = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
START = "2026-12-01"
ASKED = ("--profile", "ark", "--resolution", "9", "--places", "2", "--start", START)


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stdout, result.stderr


def _ids(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["area_id"] for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def store(saltmere_store: IncidentStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose register nobody else writes into."""
    folder = tmp_path_factory.mktemp("refresh") / "store"
    shutil.copytree(saltmere_store.path, folder)
    return folder


@pytest.fixture(scope="module")
def made(store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """One refresh of the sample town."""
    out = tmp_path_factory.mktemp("fortnights")
    said, _ = _run("refresh", "--store", store, *ASKED, "--treated", 1, "--out", out, "--json")
    return out, json.loads(said)


@pytest.mark.slow
def test_one_folder_holds_what_the_commands_make_by_hand(
    made: tuple[Path, dict[str, object]], store: Path, tmp_path: Path
) -> None:
    out, summary = made
    folder = out / START
    assert {path.name for path in folder.iterdir()} == {
        "targets", "schedule.csv", "lists", "sheets.pdf", "tasking.pdf", "refresh.json",
    }  # fmt: skip
    assert len(list((folder / "lists").iterdir())) == 14
    kept = json.loads((folder / "refresh.json").read_text(encoding="utf-8"))
    assert kept["run_id"] == summary["run_id"]
    # the year to the last day of the data, and the first day of the period as seed
    _run(
        "targets", "--store", store, *ASKED[:6], "--from", "2025-11-01", "--to", "2026-10-31",
        "--out", tmp_path / "targets",
    )  # fmt: skip
    for path in (tmp_path / "targets").iterdir():
        assert path.read_bytes() == (folder / "targets" / path.name).read_bytes()
    seed = dt.date.fromisoformat(START).toordinal()
    _run(
        "schedule", "--targets", tmp_path / "targets", "--start", START, "--days", 14, "--treated",
        1, "--seed", seed, "--store", store, "--out", tmp_path / "schedule.csv",
    )  # fmt: skip
    assert (tmp_path / "schedule.csv").read_bytes() == (folder / "schedule.csv").read_bytes()


def test_the_log_has_a_line_and_nothing_half_made_is_left(
    made: tuple[Path, dict[str, object]],
) -> None:
    out, summary = made
    lines = (out / "refresh.log").read_text(encoding="utf-8").splitlines()
    assert f" done start={START} stored=0 " in lines[0]
    assert f"run={summary['run_id']}" in lines[0]
    assert {path.name for path in out.iterdir()} <= {START, "refresh.log", ".refresh.lock"}


def test_a_period_that_stands_is_left_alone(
    made: tuple[Path, dict[str, object]], store: Path
) -> None:
    out, _ = made
    before = (out / START / "refresh.json").stat().st_mtime_ns
    _, told = _run("refresh", "--store", store, *ASKED, "--out", out, code=1)
    assert "exists already" in told
    assert (out / START / "refresh.json").stat().st_mtime_ns == before
    assert "failed" in (out / "refresh.log").read_text(encoding="utf-8").splitlines()[-1]


def test_a_step_that_fails_leaves_no_folder(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    # the list is made, and its schedule cannot be
    _, told = _run("refresh", "--store", store, *ASKED, "--treated", 5, "--out", out, code=1)
    assert "schedule: " in told
    assert not [path for path in out.iterdir() if path.is_dir()]
    _, told = _run("refresh", "--store", store, *ASKED, "--incoming", tmp_path / "no", "--out", out,
                   code=1)  # fmt: skip
    assert "is no folder" in told
    assert len((out / "refresh.log").read_text(encoding="utf-8").splitlines()) == 2


def test_nothing_new_can_be_a_failure(store: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    _, told = _run(
        "refresh", "--store", store, *ASKED, "--incoming", tmp_path / "in", "--require-new",
        "--out", tmp_path / "out", code=1,
    )  # fmt: skip
    assert "Nothing new was loaded" in told


def test_two_at_once_are_one(store: Path, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".refresh.lock"):
        _, told = _run("refresh", "--store", store, *ASKED, "--out", tmp_path, code=1)
    assert "Another refresh" in told


def test_the_list_compared_with_is_the_adopted_one(
    made: tuple[Path, dict[str, object]], store: Path
) -> None:
    folder = made[0] / START / "targets"
    kept = IncidentStore.open(store)
    day = dt.date(2026, 12, 15)

    def found(profile: str = "ark", before: dt.date = day) -> Path | None:
        held = adopted_before(before, kept, profile=profile, study_area=None)
        return held.previous

    assert found() is None
    database = Path(register_url(store))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    run_id = json.loads(files["manifest.json"])["run_id"]
    archived = put_away(archive_beside(database), run_id, files)
    register = open_register(database)
    name = read_study_area(next(iter(kept.study_areas().values()))).name
    draft = TargetsDraft(
        run_id=run_id,
        profile="ark",
        study_area=name,
        first_date=dt.date(2026, 12, 1),
        last_date=dt.date(2026, 12, 14),
        data_through=kept.data_through,
    )
    with register.writing() as session:
        areas = tuple(
            TargetArea(area_id=area_id, rank=rank, name=f"Place {rank}", cells=("89194e64d4bffff",))
            for rank, area_id in enumerate(_ids(folder / "targets.csv"), start=1)
        )
        targets.adopt(session, draft, areas, archived, now=NOW, by="a.lead")
    register.close()
    assert found() == archive_beside(database) / run_id
    # neither another profile's, nor one that begins later
    assert found("robbery") is None
    assert found(before=dt.date(2026, 12, 1)) is None
    # an altered archive is told, not compared with
    (archive_beside(database) / run_id / "targets.csv").write_bytes(b"area_id\n")
    with pytest.raises(BadInputError, match="is not what was archived"):
        found()
