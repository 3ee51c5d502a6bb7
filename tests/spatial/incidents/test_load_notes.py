"""What a load says of the dates, times and text that it met."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from config.mapping import FOLDER
from spatial.incidents.load import load_incidents
from spatial.notes import texts
from tests.spatial.incidents.exports import force_export, rows_of, written


def test_a_code_without_a_weight_is_null_and_listed(tmp_path: Path, store: Path) -> None:
    strangled = {"Home Office Code": "008/77", "PRC Class": ""}
    unlisted = {"Incident Number": "2", "Home Office Code": "999/99", "PRC Class": ""}
    result = load_incidents([written(tmp_path / "a.csv", force_export(strangled, unlisted))], store)
    assert rows_of(store, "tier, harm_days, harm_edition") == [
        ("serious_injury", None, None),
        ("other", None, None),
    ]
    said = " ".join(note.text for note in result.notes if note.loud)
    assert "008/77 1" in said
    assert "in no list: 1 (999/99 1)" in said


def test_a_stated_choice_of_weight_is_counted(tmp_path: Path, store: Path) -> None:
    wounding = {"Home Office Code": "008/01", "PRC Class": "8N"}
    result = load_incidents([written(tmp_path / "a.csv", force_export(wounding))], store)
    assert rows_of(store, "harm_days") == [(547.5,)]
    assert any("1 of 008/01: serious wound" in text for text in texts(result.notes))


def test_a_last_date_far_from_all_others_is_said(tmp_path: Path, store: Path) -> None:
    slip = {"Incident Number": "2", "From": "01/03/2052 10:00", "To": ""}
    result = load_incidents([written(tmp_path / "a.csv", force_export({}, slip))], store)
    assert any("dated 2052-03-01, more than 90 days" in note.text for note in result.notes)


def test_dates_after_the_day_of_the_load_are_counted(tmp_path: Path, store: Path) -> None:
    later = {"Incident Number": "2", "From": "02/03/2025 00:00", "To": ""}
    file = written(tmp_path / "a.csv", force_export({}, later))
    result = load_incidents([file], store, today=dt.date(2025, 3, 1))
    [note] = [note for note in result.notes if "after the day of the load" in note.text]
    assert note.loud
    assert "2025-03-01: 1." in note.text
    again = load_incidents([file], tmp_path / "other", today=dt.date(2025, 3, 2))
    assert not any("after the day of the load" in text for text in texts(again.notes))


def test_spans_of_more_than_a_week_are_counted(tmp_path: Path, store: Path) -> None:
    week = {"Incident Number": "2", "To": "08/03/2025 23:10"}
    longer = {"Incident Number": "3", "To": "08/03/2025 23:11"}
    result = load_incidents([written(tmp_path / "a.csv", force_export({}, week, longer))], store)
    assert any("in more than 7 days: 1." in text for text in texts(result.notes))


def at_times(*times: str) -> bytes:
    rows = [
        {"Incident Number": str(at), "From": f"01/03/2025 {time}", "To": ""}
        for at, time in enumerate(times)
    ]
    return force_export(*rows)


def test_times_that_heap_are_said(tmp_path: Path, store: Path) -> None:
    heaped = ["00:00"] * 10 + ["14:00"] * 30 + ["14:07"] * 60
    result = load_incidents([written(tmp_path / "a.csv", at_times(*heaped))], store)
    said = {note.text: note.loud for note in result.notes}
    assert said[
        "Incidents at exactly 00:00: 10, 10.0% of those timed to the minute (0.1% if every minute "
        "were alike). Midnight often stands for an hour that nobody knew."
    ]
    assert any("other than midnight: 30, 30% of those timed" in text for text in said)
    # one in a hundred and a half may be so by chance
    even = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(1, 60, 7)]
    later = load_incidents([written(tmp_path / "b.csv", at_times(*even))], tmp_path / "two")
    assert not any("alike" in text for text in texts(later.notes))


def test_a_file_of_dates_alone_is_said(tmp_path: Path, store: Path) -> None:
    result = load_incidents([written(tmp_path / "a.csv", at_times(*["00:00"] * 12))], store)
    assert any(
        note.text.startswith("Every time in a.csv is 00:00") and note.loud for note in result.notes
    )
    mixed = written(tmp_path / "b.csv", at_times(*["00:00"] * 11, "10:30"))
    result = load_incidents([mixed], tmp_path / "two")
    assert not any("Every time in" in text for text in texts(result.notes))


@pytest.mark.parametrize(
    ("heading", "told"),
    [("Date Recorded", True), ("Reported On", True), ("Offence Recorded From", False)],
)
def test_dates_of_recording_are_said(
    tmp_path: Path, store: Path, heading: str, *, told: bool
) -> None:
    content = force_export({}).replace(b",From,", f",{heading},".encode())
    text = (FOLDER / "force_export.toml").read_text("utf-8").replace('"From"', f'"{heading}"')
    mine = written(tmp_path / "mine.toml", text.encode())
    result = load_incidents([written(tmp_path / "a.csv", content)], store, mapping=mine)
    assert any("on which something was recorded" in text for text in texts(result.notes)) is told


def test_text_of_windows_is_read_and_said(tmp_path: Path, store: Path) -> None:
    content = force_export({"Force": "Polic\u00e9 (fictional)"}).decode().encode("cp1252")
    result = load_incidents([written(tmp_path / "a.csv", content)], store)
    assert rows_of(store, "force") == [("Polic\u00e9 (fictional)",)]
    assert any("read as Windows-1252" in text for text in texts(result.notes))


def test_progress_is_told(tmp_path: Path, store: Path) -> None:
    said: list[str] = []
    load_incidents([written(tmp_path / "a.csv", force_export({}))], store, progress=said.append)
    assert said[:2] == ["Opened 1 of 1 files", "Reading file 1 of 1; 0 rows so far"]
