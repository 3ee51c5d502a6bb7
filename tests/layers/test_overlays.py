"""Overlays: shapes and letters, what is near an area, and that no rank moves."""

from __future__ import annotations

import datetime as dt
import json

import geopandas as gpd
import pytest
import shapely

from layers.context import Context
from layers.deck import Show, tasking_deck
from layers.listing import list_rows
from layers.overlays import (
    Mark,
    due_marks,
    near_lines,
    overlay_layers,
    overlay_legend,
    since_words,
    tension_marks,
    with_lines,
)
from register.due import Due
from register.tension import Tension
from tests.layers.invented import BOUNDARY, tasking_result

TODAY = dt.date(2026, 12, 1)
MOMENT = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)
METRE_NORTH = 1 / 111_300


def mark(**how: object) -> Mark:
    given: dict[str, object] = {
        "letter": "A", "item": "1", "point": (1.4, 53.2), "radius_m": 250, "beat": None,
        "words": "anniversary 14 Dec", "tip": "", "weight": 0.25, "order": (0.0, 13.0),
    }  # fmt: skip
    return Mark(**(given | how))  # type: ignore[arg-type]


def square(north_m: float = 0.0) -> gpd.GeoDataFrame:
    south = 53.2 + north_m * METRE_NORTH
    box = shapely.box(1.399, south, 1.401, south + 0.001)
    return gpd.GeoDataFrame({"area_id": ["a1"]}, geometry=[box], crs=4326)


def due(**how: object) -> Due:
    given: dict[str, object] = {
        "noun": "anniversaries", "item_id": "1", "label": "<b>Homicide</b>", "kind": "homicide",
        "date": dt.date(2026, 12, 14), "last_date": dt.date(2026, 12, 14),
        "from_date": dt.date(2026, 12, 11), "to_date": dt.date(2026, 12, 15), "days_until": 13,
        "years": 3, "place": "Market", "longitude": 1.4, "latitude": 53.2, "radius_m": 250,
        "source": "", "notes": (),
    }  # fmt: skip
    return Due(**(given | how))  # type: ignore[arg-type]


def tension(**how: object) -> Tension:
    given: dict[str, object] = {
        "level": "medium", "theme": "youth_violence", "text": "x", "source_grade": 1,
        "information_grade": "B", "handling": "P", "entered_on": dt.date(2026, 11, 26),
        "beat": "", "place": "Market", "longitude": 1.4, "latitude": 53.2,
        "review_on": dt.date(2026, 12, 10), "expires_on": dt.date(2026, 12, 24),
        "renewed_on": dt.date(2026, 11, 26), "id": "t1", "version": 1, "created_at": MOMENT,
        "created_by": "a", "changed_at": MOMENT, "changed_by": "a", "withdrawn_at": None,
    }  # fmt: skip
    return Tension(**(given | how))  # type: ignore[arg-type]


def test_the_line_says_day_and_metres() -> None:
    marks = (*due_marks([due()]), *tension_marks([tension()], TODAY, beats={}))
    lines = near_lines(marks, square(180))
    assert lines == {"a1": "anniversary 14 Dec, 180 m; tension medium since Thursday, 180 m"}


@pytest.mark.parametrize(("metres", "said"), [(-20, "inside"), (240, "240 m"), (270, None)])
def test_near_is_250_metres_from_the_edge(metres: float, said: str | None) -> None:
    line = near_lines((mark(),), square(metres)).get("a1")
    assert line == (None if said is None else f"anniversary 14 Dec, {said}")


def test_a_wider_radius_reaches_further() -> None:
    assert near_lines((mark(radius_m=600),), square(500))
    assert not near_lines((mark(radius_m=50),), square(500))


def test_a_beat_counts_where_it_touches() -> None:
    here, there = shapely.box(1.39, 53.19, 1.41, 53.21), shapely.box(1.5, 53.19, 1.6, 53.21)
    entry = tension(beat="North", longitude=None, latitude=None, place="")
    for beat, near in ((here, True), (there, False)):
        (one,) = tension_marks([entry], TODAY, beats={"North": beat})
        assert bool(near_lines((one,), square())) is near
    assert tension_marks([entry], TODAY, beats={}) == ()


def test_of_a_beat_the_highest_is_drawn_and_faded_levels_fade() -> None:
    beats = {"North": shapely.box(1.39, 53.19, 1.41, 53.21)}
    held = {"beat": "North", "longitude": None, "latitude": None, "place": ""}
    (one,) = tension_marks(
        [tension(**held), tension(id="t2", level="high", **held)], TODAY, beats=beats
    )
    assert one.words.startswith("tension high")
    assert one.weight == 1.0
    old = tension(entered_on=dt.date(2026, 11, 10), renewed_on=dt.date(2026, 11, 10))
    assert tension_marks([old], TODAY, beats={})[0].words == "tension low since 10 Nov"
    assert tension_marks([tension(expires_on=TODAY)], TODAY, beats={}) == ()


def test_a_row_of_fixtures_does_not_hide_tension() -> None:
    fixtures = [
        mark(letter="E", item=f"e{day}", words=f"event {day} Dec", order=(2.0, float(day)))
        for day in range(1, 9)
    ]
    again = mark(letter="E", item="e1", words="event 15 Dec", order=(2.0, 15.0))
    marks = (*fixtures, again, *tension_marks([tension(level="high")], TODAY, beats={}))
    line = near_lines(marks, square())["a1"]
    assert line.startswith("tension high")
    assert line.endswith("and 5 more")
    assert "15 Dec" not in line


def test_shape_and_letter_tell_them_apart_and_weight_the_level() -> None:
    marks = [mark(), mark(letter="E", weight=0.25),
             mark(letter="T", weight=0.0, point=(1.41, 53.2)),
             mark(letter="T", weight=1.0)]  # fmt: skip
    shapes, letters = overlay_layers(marks)[1:]
    rows = shapes.data
    assert [row["letter"] for row in letters.data] == ["A", "E", "T", "T"]
    assert [len(row["ring"]) for row in rows[:3]] == [5, 4, 6]
    # side by side, so that none hides another
    assert len({row["at"][0] for row in rows}) == 4
    assert rows[3]["outline"] < rows[2]["outline"]
    legend = overlay_legend(marks)
    assert all(f"<b>{letter}</b>" in legend for letter in "AET")
    assert "Never part of the ranking" in legend
    assert "No anniversary" in overlay_legend([])


def test_what_people_typed_is_text_in_the_tooltip() -> None:
    (one,) = due_marks([due()])
    assert "<b>Homicide</b>" in one.tip
    assert "Homicide" not in overlay_legend([one])


def test_since() -> None:
    assert since_words(TODAY, TODAY) == "since today"
    assert since_words(TODAY - dt.timedelta(days=6), TODAY) == "since Wednesday"
    assert since_words(TODAY - dt.timedelta(days=7), TODAY) == "since 24 Nov"
    assert since_words(dt.date(2025, 12, 30), dt.date(2026, 1, 20)) == "since 30 Dec 2025"


def test_nothing_of_it_changes_a_rank_or_a_file() -> None:
    result = tasking_result()
    before = result.targets.areas.to_csv()
    rows = list_rows(result.targets.areas)
    middle = BOUNDARY.polygon.centroid
    marks = (mark(point=(middle.x, middle.y), radius_m=5000),)
    lines = near_lines(marks, result.targets.areas)
    assert lines
    shown = with_lines(rows, lines)
    for plain, said in zip(rows, shown, strict=True):
        assert {**said, "details": None} == {**plain, "details": None}
        assert [pair for pair in said["details"] if pair[0] != "Nearby"] == plain["details"]
    assert result.targets.areas.to_csv() == before
    assert "overlay" not in before

    def layers(show: Show) -> dict[str, object]:
        deck = tasking_deck(result, Context(), show=show, selected=None)
        return {layer["id"]: layer for layer in json.loads(deck.to_json())["layers"][0]}

    without, beside = layers(Show()), layers(Show(overlays=marks))
    assert {name: beside[name] for name in without} == without
    assert set(beside) - set(without) == {"overlay-letters", "overlay-reaches", "overlay-shapes"}
