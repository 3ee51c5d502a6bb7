from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pypdfium2
import pytest
from typer.testing import CliRunner

from config.errors import BadInputError
from config.register import URL_VARIABLE
from harmhex.__main__ import cli
from layers.print.occasion import first_day
from layers.targets.files import target_files
from register import open_register
from sample_geo.ready import DATA
from sample_geo.register_entries import fill_register
from spatial.incidents.store import IncidentStore
from spatial.results import TargetRequest
from spatial.run import targets
from spatial.window import Window

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def listed(saltmere_store: IncidentStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listed")
    year = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    request = TargetRequest("ark", year, places=2)
    made = target_files(targets(saltmere_store, request), request=request, formats=())
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def asked(
    listed: Path, saltmere_store: IncidentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    monkeypatch.setenv(URL_VARIABLE, str(tmp_path / "register.sqlite"))
    start = ["--from", "2026-11-01"]
    return ["print", "--targets", str(listed), "--store", str(saltmere_store.path), *start]


def words(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        said = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(said.split())


@pytest.mark.slow
def test_sheets_carry_what_the_register_schedule_and_force_know(
    asked: list[str], listed: Path, tmp_path: Path
) -> None:
    register = open_register(tmp_path / "register.sqlite")
    with register.writing() as session:
        fill_register(session, DATA, now=dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC))
    register.close()
    first = json.loads((listed / "targets.geojson").read_text())["features"][0]["properties"]
    plan = tmp_path / "plan.csv"
    plan.write_text(
        "date,area_id,treated,visit,start,minutes\n"
        f"2026-11-01,{first['area_id']},1,1,15:41,15\n"
        f"2026-11-01,{first['area_id']},1,2,22:17,15\n"
        f"2026-11-02,{first['area_id']},1,1,16:59,15\n",
        encoding="utf-8",
    )
    places = tmp_path / "words.csv"
    places.write_text(f"area_id,what3words\n{first['area_id']},filled.count.soap\n", "utf-8")
    out = tmp_path / "sheets.pdf"
    result = RUNNER.invoke(
        cli,
        [*asked, "--out", str(out), "--shift", "late", "--schedule", str(plan),
         "--what3words", str(places), "--json"],
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    said = words(out)
    assert "15:41" in said
    # neither another shift's visit nor another day's is on the sheet
    assert "22:17" not in said
    assert "16:59" not in said
    assert "filled.count.soap" in said
    assert "Anniversary 14 Nov" in said
    assert "Bar: late shift (14:00-22:00)." in said
    assert "2 of 2 sheets drawn" in result.stderr
    summary = json.loads(result.stdout)
    assert summary["kind"] == "sheets"
    assert summary["places"] == 2


def test_the_period_is_the_schedules_where_it_begins_later(
    asked: list[str], listed: Path, tmp_path: Path
) -> None:
    first = json.loads((listed / "targets.geojson").read_text())["features"][0]["properties"]
    plan, out = tmp_path / "plan.csv", tmp_path / "sheets.pdf"
    plan.write_text(
        "date,area_id,treated,visit,start,minutes\n"
        f"2090-03-05,{first['area_id']},1,1,16:59,15\n"
        f"2090-03-04,{first['area_id']},1,1,15:41,15\n",
        encoding="utf-8",
    )
    unsaid = asked[: asked.index("--from")]
    result = RUNNER.invoke(cli, [*unsaid, "--out", str(out), "--schedule", str(plan)])
    assert result.exit_code == 0, result.stderr
    assert "The period begins on 4 Mar 2090, the schedule's first day" in result.output
    said = words(out)
    assert "15:41" in said
    assert "16:59" not in said
    assert "4 Mar 2090" in said or "4 Mar to 17 Mar 2090" in said


def test_the_first_day_is_today_while_the_schedule_runs() -> None:
    today = dt.date(2026, 11, 21)

    def plan(*days: str) -> pd.DataFrame:
        return pd.DataFrame({"date": days})

    assert first_day(None, today=today) == today
    assert first_day(plan(), today=today) == today
    assert first_day(plan("2026-11-01", "2027-01-29"), today=today) == today
    assert first_day(plan("2026-12-02", "2026-12-01"), today=today) == dt.date(2026, 12, 1)
    assert first_day(plan("2026-10-01", "2026-10-14"), today=today) == dt.date(2026, 10, 1)
    with pytest.raises(BadInputError, match="'date' holds '2026-13-01', which is no date"):
        first_day(plan("2026-12-01", "2026-13-01"), today=today)


@pytest.mark.slow
def test_a_team_gets_its_pack_and_the_meeting_its_own(asked: list[str], tmp_path: Path) -> None:
    verdict = tmp_path / "result.json"
    verdict.write_text('{"verdict": "No sign of a fall beyond chance."}', encoding="utf-8")
    team, tasking = tmp_path / "team.pdf", tmp_path / "tasking.pdf"
    for out, more in (
        (team, ["--team", "pier and old town"]),
        (tasking, ["--kind", "tasking", "--evaluation", str(verdict)]),
    ):
        result = RUNNER.invoke(cli, [*asked, "--out", str(out), *more])
        assert result.exit_code == 0, result.stderr
    assert words(team).startswith("OFFICIAL-SENSITIVE Pier and Old Town")
    said = words(tasking)
    assert "Decisions" in said
    assert "No sign of a fall beyond chance." in said
    assert "No register at hand" in said


def test_the_hand_out_is_one_html_file(asked: list[str], tmp_path: Path) -> None:
    out = tmp_path / "handout.html"
    result = RUNNER.invoke(cli, [*asked, "--kind", "handout", "--out", str(out)])
    assert result.exit_code == 0, result.stderr
    assert "folium-map" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--kind", "poster", "--out", "x.pdf"], "--kind is 'poster'. Choose from sheets,"),
        (["--out", "x.docx"], "sheets is written as PDF. End it in .pdf."),
        (["--kind", "handout", "--out", "x.pdf"], "handout is written as HTML"),
        (["--team", "Nowhere", "--out", "x.pdf"], "There is no team 'Nowhere'"),
        (["--shift", "dawn", "--out", "x.pdf"], "There is no shift 'dawn'"),
        (["--evaluation", "gone.json", "--out", "x.pdf"], "'gone.json' cannot be opened"),
    ],
)
def test_what_cannot_be_printed_is_one_sentence_and_writes_nothing(
    asked: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = RUNNER.invoke(cli, [*asked, *more])
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not list(tmp_path.glob("x.*"))
