"""Hours, peaks read back, and places read from a list."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from config.errors import BadInputError
from spatial.targets.schedule.hours import hours_between, on_the_clock, spans
from spatial.targets.schedule.peaks import peak_hours
from spatial.targets.schedule.places import read_places
from spatial.targets.schedule.power import expected_incidents
from spatial.timing.peaks import _DAY_TYPES, _words


@pytest.mark.parametrize(
    ("first", "last", "minutes", "words"),
    [
        (14, 24, 600, "14:00-24:00"),
        (14, 0, 600, "14:00-24:00"),
        (18, 4, 600, "18:00-04:00"),
        (22, 6, 480, "22:00-06:00"),
        (2, 5, 180, "02:00-05:00"),
        (0, 3, 180, "00:00-03:00"),
        (6, 6, 1440, "06:00-06:00"),
    ],
)
def test_hours_belong_to_the_policing_day(first: int, last: int, minutes: int, words: str) -> None:
    hours = hours_between(first, last)
    assert hours.minutes == minutes
    assert hours.words == words
    assert 360 <= hours.first < hours.last <= 1800


@pytest.mark.parametrize(("first", "last"), [(14, 14), (4, 8), (20, 12), (-1, 8), (8, 25)])
def test_hours_past_the_end_of_the_policing_day_are_refused(first: int, last: int) -> None:
    with pytest.raises(BadInputError):
        hours_between(first, last)


def test_spans_are_real_time() -> None:
    nights = [dt.date(2027, 3, 27), dt.date(2026, 10, 24), dt.date(2026, 12, 1)]
    found = spans(hours_between(22, 6), nights)
    assert found.minutes.tolist() == [420, 540, 480]
    assert found.unclear.tolist() == [[-1, -1], [180, 300], [-1, -1]]
    # 03:00 after the clocks went back is six hours after ten at night
    late = on_the_clock(found.begins[1:2] + np.timedelta64(360, "m"))
    assert late.strftime("%H:%M")[0] == "03:00"


def test_peaks_are_read_as_the_timing_room_writes_them() -> None:
    for first, days in _DAY_TYPES:
        for offset, hours in ((0, 3), (8, 8), (15, 5), (18, 4), (20, 4), (16, 8)):
            text = f"{_words(first, days, offset + 6, hours)} (38%)"
            expected = np.zeros((7, 24), dtype=bool)
            expected[np.ix_((first + np.arange(days)) % 7, range(offset, offset + hours))] = True
            assert (peak_hours([text])[0] == expected).all(), text


def test_what_holds_no_hours_is_no_peak() -> None:
    texts = ["", "no hours stand out", "cannot say when: only 3 of 20 incidents have a time"]
    assert not peak_hours(texts).any()
    both = peak_hours(["Fri-Sat 21:00-02:00 (38%); every day 08:00-11:00 (20%)"])[0]
    assert both.sum() == 2 * 5 + 7 * 3
    shift = peak_hours(["mostly late shift (14:00-22:00): 61%"])[0]
    assert shift.sum() == 7 * 8


_HEAD = "area_id,name,longitude,latitude,incidents,peak_windows\r\n"


def _list(folder: Path, rows: str, *, manifest: object = None) -> Path:
    file = folder / "targets.csv"
    file.write_text("\ufeff" + _HEAD + rows, encoding="utf-8", newline="")
    if manifest is not None:
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return file


def test_a_list_is_read_with_its_window(tmp_path: Path) -> None:
    rows = "PA-1,'=High Street,1.4,53.2,10,\r\nPA-2,Quay,1.41,53.21,20,Fri 20:00-23:00 (40%)\r\n"
    file = _list(tmp_path, rows, manifest={"window": ["2025-11-01", "2026-10-31"]})
    places = read_places(file)
    assert places.names == ("=High Street", "Quay")
    assert places.window_days == 365
    assert expected_incidents(places, 73) == pytest.approx(6)
    assert expected_incidents(places, 73, given=4) == 4
    assert read_places(tmp_path).digest == places.digest
    (tmp_path / "manifest.json").unlink()
    assert expected_incidents(read_places(file), 73) is None


def test_only_days_that_the_data_reach_are_counted(tmp_path: Path) -> None:
    # 31 of the window's 92 days: 31 incidents are one a day, not a third of one
    window = {"window": ["2026-10-01", "2026-12-31"], "data_through": "2026-10-31"}
    places = read_places(_list(tmp_path, "PA-1,Quay,1.4,53.2,31,\r\n", manifest=window))
    assert places.window_days == 31
    assert expected_incidents(places, 30) == pytest.approx(30)
    early = {**window, "data_from": "2026-10-22"}
    assert (
        read_places(_list(tmp_path, "PA-1,Quay,1.4,53.2,31,\r\n", manifest=early)).window_days == 10
    )
    before = {**window, "data_through": "2026-09-30"}
    nothing = read_places(_list(tmp_path, "PA-1,Quay,1.4,53.2,31,\r\n", manifest=before))
    assert expected_incidents(nothing, 30) is None


@pytest.mark.parametrize(("run", "days"), [("aaa", 365), ("bbb", None)])
def test_the_manifest_of_another_list_is_not_believed(
    tmp_path: Path, run: str, days: int | None
) -> None:
    file = tmp_path / "targets.csv"
    file.write_text("area_id,longitude,latitude,incidents,run_id\nPA-1,1.4,53.2,9,aaa\n")
    said = {"window": ["2025-11-01", "2026-10-31"], "run_id": run}
    (tmp_path / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    assert read_places(file).window_days == days


def test_a_list_that_a_spreadsheet_saved_again_is_read(tmp_path: Path) -> None:
    comma = 'area_id,name,longitude,latitude,incidents\nPA-1,"Quay, north",1.4,53.2,9\n'
    other = "area_id;name;longitude;latitude;incidents\nPA-1;Quay, north;1.4;53.2;9\n"
    found = []
    for name, text in (("a.csv", comma), ("b.csv", other)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found.append(read_places(tmp_path / name))
    assert found[0].digest == found[1].digest
    assert found[1].names == ("Quay, north",)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "lists no place"),
        ("PA-1,A,1.4,53.2,1,\r\nPA-1,B,1.4,53.2,1,\r\n", "row 3: the area_id 'PA-1'"),
        ("PA-1,A,1.4,53.2,1,\r\n,B,1.4,53.2,1,\r\n", "row 3: the area_id ''"),
        ("PA-1,A,,53.2,1,\r\n", "row 2: PA-1 has no longitude and latitude"),
        ("PA-1,A,520000,53.2,1,\r\n", "in degrees"),
    ],
)
def test_a_list_that_cannot_be_used_is_named(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read_places(_list(tmp_path, rows))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be opened"):
        read_places(tmp_path / "none.csv")
    (tmp_path / "a.csv").write_text("name\nx\n")
    with pytest.raises(BadInputError, match="no column 'area_id'"):
        read_places(tmp_path / "a.csv")
    (tmp_path / "a.geojson").write_text("{}")
    with pytest.raises(BadInputError, match="no GeoJSON of targets"):
        read_places(tmp_path / "a.geojson")
