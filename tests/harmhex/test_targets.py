"""`harmhex targets` with a list before it, changes by hand, budgets, polygons and partners."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harmhex.__main__ import cli
from spatial.incidents.store import IncidentStore

RUNNER = CliRunner()
YEAR = ["--profile", "ark", "--from", "2025-11-01", "--to", "2026-10-31"]


def _run(*words: object, code: int = 0) -> tuple[str, str]:
    result = RUNNER.invoke(cli, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.slow
def test_a_list_follows_the_last_one_with_changes_by_hand(
    saltmere_store: IncidentStore, tmp_path: Path
) -> None:
    asked = ["targets", "--store", saltmere_store.path, *YEAR]
    _run(*asked, "--places", 6, "--out", tmp_path / "first")
    before = _rows(tmp_path / "first" / "targets.csv")
    assert {row["status"] for row in before} == {""}
    changes = tmp_path / "changes.csv"
    changes.write_text(
        "kind,areas,reason,by,at\n"
        f"drop,{before[1]['area_id']},works ended,chair,2026-11-21\n"
        "drop,PA-000000,gone,chair,2026-11-21\n",
        encoding="utf-8",
    )
    words = ["--previous", tmp_path / "first", "--overrides", changes, "--hours", 300]
    more = ["--formats", "shapefile,tab", "--partner", "--json", "--out", tmp_path / "second"]
    out, _ = _run(*asked, *words, *more)
    summary = json.loads(out)
    # 300 officer-hours pay for six places of 46.7
    assert (summary["places_asked"], summary["places"]) == (6, 6)
    assert summary["counts"] == {"new": 1, "kept": 5, "moved": 0, "added": 0, "dropped": 1}
    assert summary["areas"]["dropped"] == [before[1]["area_id"]]
    assert summary["overrides"] == {"applied": 1, "not_needed": 0, "not_applied": 1}
    assert any("PA-000000" in note and "could not be" in note for note in summary["notes"])
    assert summary["files"] == sorted(path.name for path in (tmp_path / "second").iterdir())
    assert {"targets_shapefile.zip", "targets_mapinfo.zip", "partner_targets.csv"} < set(
        summary["files"]
    )
    assert "targets.kml" not in summary["files"]
    [dropped] = _rows(tmp_path / "second" / "dropped.csv")
    assert dropped["reason"] == "taken off by hand: works ended (chair, 2026-11-21)"
    outcomes = _rows(tmp_path / "second" / "overrides.csv")
    assert [row["outcome"] for row in outcomes] == ["applied", "not applied"]
    partner = _rows(tmp_path / "second" / "partner_targets.csv")
    assert "harm_days" not in partner[0]


@pytest.mark.slow
def test_beats_for_a_share_of_harm(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    out, _ = _run(
        "targets", "--store", saltmere_store.path, *YEAR, "--areas", "beats", "--share", "0.4",
        "--out", tmp_path / "t",
    )  # fmt: skip
    assert "officer-hours" in out
    assert "sensitivity.csv" not in {path.name for path in (tmp_path / "t").iterdir()}
    rows = _rows(tmp_path / "t" / "targets.csv")
    assert sum(float(row["harm_share"]) for row in rows) >= 0.4
    assert sum(float(row["harm_share"]) for row in rows[:-1]) < 0.4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--hours", "0.2"], "less than one visit"),
        (["--hours", "99", "--places", "3"], "give one of places, officer_hours and harm_share"),
        (["--shift", "lunch"], "There is no shift 'lunch'"),
        (["--previous", "none.csv"], "'none.csv' cannot be read"),
        (["--overrides", "none.csv"], "'none.csv' cannot be read"),
        (["--places", "2", "--formats", "dwg"], "'dwg' is no format of a targets file"),
    ],
)
def test_what_cannot_be_given_is_one_sentence_and_no_file(
    saltmere_store: IncidentStore, tmp_path: Path, words: list[str], said: str
) -> None:
    asked = ["targets", "--store", saltmere_store.path, *YEAR, *words, "--out", tmp_path / "t"]
    _, error = _run(*asked, code=1)
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_polygons_that_overlap_are_named(saltmere_store: IncidentStore, tmp_path: Path) -> None:
    [kept] = saltmere_store.study_areas().values()
    ring = json.loads(Path(kept).read_text(encoding="utf-8"))
    feature = ring["features"][0] if "features" in ring else ring
    twice = [{**feature, "type": "Feature", "properties": {"name": name}} for name in ("A", "B")]
    path = tmp_path / "mine.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": twice}), encoding="utf-8")
    asked = ["targets", "--store", saltmere_store.path, *YEAR, "--areas", path]
    _, error = _run(*asked, "--out", tmp_path / "t", code=1)
    assert "'A' and 'B' overlap by" in error
    assert "rank the other 1" in error
