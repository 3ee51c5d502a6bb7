from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from config.profile import load_profile
from layers.context import Context
from layers.daily.files import daily_files, incidents_csv
from layers.daily.map import daily_deck, daily_legend
from layers.daily.page import daily_html
from layers.daily.words import (
    WEEK_HEAD,
    count_rows,
    filled,
    headline,
    incident_rows,
    lag_words,
    open_rows,
    patrolled_rows,
    reading,
    under_words,
)
from spatial.daily.counting import count_table
from spatial.daily.policing_days import PolicingDay
from spatial.daily.results import (
    INCIDENT_COLUMNS,
    OPEN_COLUMNS,
    PATROLLED_COLUMNS,
    DailyResult,
    DayLayer,
    NearRepeats,
)
from spatial.hexes.study_area import study_area_from_polygons
from spatial.incidents.checks.banner import Banner, BannerPart, Grade
from spatial.notes import Note

FRIDAY = dt.date(2026, 10, 30)
DAY = PolicingDay(FRIDAY, 6, complete=True)
NASTY = "=cmd<script>"


def layer(name: str, tiers: list[str], ago: list[int]) -> DayLayer:
    days = np.datetime64(FRIDAY) - np.array(ago, dtype="timedelta64[D]")
    counts = count_table(days, np.array(tiers), day=DAY, data_from=dt.date(2024, 1, 1))
    profile = load_profile(name)
    incidents = pd.DataFrame(
        [[profile.family.value, tiers[0], FRIDAY, "21:00 to 22:00", NASTY, "Pier", "", 1.3, 52.6]],
        columns=list(INCIDENT_COLUMNS),
    )
    return DayLayer(profile, counts, incidents, unlocated=2, outside=0)


@pytest.fixture
def result() -> DailyResult:
    circle = shapely.Point(1.3, 52.6).buffer(0.001)
    last = dt.date(2026, 10, 29)
    row = ["High Street", "", "", 1, last, dt.date(2026, 11, 5), 100.0, circle]
    return DailyResult(
        run_id="0123456789ab",
        version="0",
        day=DAY,
        study_area=study_area_from_polygons("Town", [shapely.box(1.2, 52.5, 1.4, 52.7)]),
        violence=layer("ark", ["injury", "injury", "robbery"], [0, 1, 7]),
        disorder=layer("asb", ["disorder"] * 3, [0, 0, 9]),
        near_repeats=NearRepeats(pd.DataFrame([row], columns=list(OPEN_COLUMNS)), "A rule.", ""),
        patrolled=None,
        patrolled_called="",
        data_from=dt.date(2024, 1, 1),
        data_through=dt.date(2026, 10, 31),
        last_record=dt.datetime(2026, 10, 31, 23, 50),  # noqa: DTZ001 (wall-clock, as the store has it)
        notes=(Note("Be careful.", loud=True), Note("A detail.")),
        quality=Banner((BannerPart("data", "Data to 31 Oct 2026", Grade.OK),)),
    )


def test_the_headline_says_what_is_usual_and_that_numbers_are_small(result: DailyResult) -> None:
    said = headline(result.violence, result)
    assert said.startswith("1 incident in the last 24 hours, within the usual 0 to ")
    assert "of a Friday (small numbers); 2 in the last 7 days" in said
    assert "prediction" not in said


def test_rows_have_a_cell_for_each_heading(result: DailyResult) -> None:
    rows = count_rows(result.violence, "week")
    assert {len(row) for row in rows} == {len(WEEK_HEAD)}
    assert [row[0] for row in rows] == ["All", "Robbery", "Injury"]
    assert rows[0][-1].startswith("2.0 (0.1 to ")
    assert rows[2][-1] == "none before"
    assert "fewer than 5 happened" in under_words(result.violence)
    assert "Not counted in the 7 days: 2 incidents without a location." in under_words(
        result.violence
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"usual": 9.0, "reading": "above", "small": False}, "▲ more than usual"),
        ({"usual": 1.0, "reading": "within", "small": True}, "● as usual, small"),
        ({"usual": float("nan"), "reading": None, "small": None}, "not compared"),
    ],
)
def test_readings_have_a_sign_and_words(row: dict[str, Any], said: str) -> None:
    assert reading(row) == said


def test_a_day_that_lies_back_is_said_loudly(result: DailyResult) -> None:
    assert "not last night" not in lag_words(result, dt.date(2026, 10, 31))
    late = lag_words(result, dt.date(2026, 11, 21))
    assert late.endswith("They ended 21 days before today, 21 Nov 2026: this is not last night.")


def test_the_two_layers_stand_apart_on_the_page_and_everything_is_escaped(
    result: DailyResult,
) -> None:
    page = daily_html(result, today=FRIDAY, due=[("Sat 31 Oct", "Fair", "Pier", "")]).decode()
    assert page.count("OFFICIAL-SENSITIVE") == 2
    assert page.index("Serious violence") < page.index("Antisocial behaviour")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page
    assert "Fair" in page
    hidden = daily_html(result, today=FRIDAY, incidents=False).decode()
    assert "script" not in hidden


def test_files_carry_no_point_and_run_no_formula(result: DailyResult) -> None:
    text = incidents_csv(result).decode("utf-8-sig")
    assert "52.6" not in text
    assert "'=cmd" in text
    files = daily_files(result, today=FRIDAY)
    content = json.loads(files["result.json"])
    assert set(content["layers"]) == {"serious_violence", "antisocial_behaviour"}
    assert content["from"] == "2026-10-30T06:00"
    assert content["layers"]["serious_violence"]["counts"][0]["incidents"] == 1
    assert content["near_repeats"]["areas"][0]["geometry"]["type"] == "Polygon"
    assert "incidents.csv" not in daily_files(result, today=FRIDAY, incidents=False)


def test_the_map_tells_the_layers_by_fill_and_outline_and_hides_single_incidents(
    result: DailyResult,
) -> None:
    shown = json.loads(daily_deck(result, Context(), incidents=True, pane=(800, 500)).to_json())
    layers = {one["id"]: one for one in shown["layers"][0]}
    assert layers["violence-dots"]["filled"]
    assert layers["disorder-squares"]["getFillColor"][3] == 1
    assert "watch-outlines" in layers
    hidden = daily_deck(result, Context(), incidents=False, pane=(800, 500)).to_json()
    assert "violence-dots" not in hidden
    # round one incident the ground is its own point
    assert "watch-outlines" not in hidden
    legend = daily_legend(result, incidents=True)
    assert "Community harm (Ark): 1 incident" in legend
    assert "watch" in legend
    hidden_legend = daily_legend(result, incidents=False)
    assert "Ark" not in hidden_legend
    assert "watch" not in hidden_legend


def test_who_may_not_see_single_incidents_is_told_none_by_place_and_day(
    result: DailyResult,
) -> None:
    row = [7, 1, "Pier", 1, 2, 5, 0, 3, 4]
    listed = replace(
        result, patrolled=pd.DataFrame([row], columns=list(PATROLLED_COLUMNS)), patrolled_called="L"
    )
    shown = daily_html(listed, today=FRIDAY).decode()
    assert "High Street" in shown
    assert "<td>1. Pier</td><td>1</td><td>2</td><td>5</td>" in shown
    hidden = daily_html(listed, today=FRIDAY, incidents=False).decode()
    assert "High Street" not in hidden
    assert "1 place of this kind is open today" in hidden
    assert listed.patrolled is not None
    assert patrolled_rows(listed.patrolled, least=3) == [
        ("1. Pier", "under 3", "under 3", "5", "0", "3", "4")
    ]
    assert "<td>1. Pier</td><td>under 3</td><td>under 3</td><td>5</td>" in hidden


def test_empty_columns_are_left_out(result: DailyResult) -> None:
    head, rows = filled(("a", "b"), [("1", ""), ("2", "")])
    assert (head, rows) == (["a"], [["1"], ["2"]])
    assert open_rows(result.near_repeats.areas)[0][-1] == "100 m"
    assert incident_rows(result.violence.incidents)[0][0] == "Fri 21:00 to 22:00"
