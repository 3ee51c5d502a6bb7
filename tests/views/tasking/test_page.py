from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from sample_geo.ready import DATA
from spatial.intake import load
from tests.views.conftest import APP, deck_of, run_tasking_page, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.incidents.store import IncidentStore


def rows_of(page: AppTest) -> dict[str, Any]:
    data = json.loads(page.get("bidi_component")[0].proto.json)
    assert isinstance(data, dict)
    return data


def test_the_page_opens_with_an_answer(tasking_page: AppTest) -> None:
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "of serious-violence harm in" in said
    assert "In-sample" in said
    assert "Data to 31 Oct 2026" in said
    assert "Saltmere" in said
    assert said.count("OFFICIAL-SENSITIVE") == 2
    assert "prediction" not in said.lower()
    assert len(rows_of(tasking_page)["rows"]) == 12


def test_the_map_carries_every_layer_and_no_address(tasking_page: AppTest) -> None:
    text = tasking_page.get("deck_gl_json_chart")[0].proto.json
    assert "http" not in text
    assert json.loads(text)["mapStyle"] == "__MAP_STYLE__"
    layers = deck_of(tasking_page)
    for name in ("sea", "streets", "violence-hot", "disorder-hatch", "area-line", "beat-names"):
        assert layers[name]["data"], name
    assert len(layers["area-circles"]["data"]) + len(layers["selected-circles"]["data"]) == 12


def test_switching_a_layer_off_takes_it_from_map_and_legend(tasking_page: AppTest) -> None:
    tasking_page.checkbox(key="show_disorder").uncheck().run()
    assert not tasking_page.exception
    assert "disorder-hatch" not in deck_of(tasking_page)
    assert "hot spot of antisocial behaviour" not in words_of(tasking_page)


def test_list_and_map_have_the_same_selection(tasking_page: AppTest) -> None:
    rows = rows_of(tasking_page)["rows"]
    assert rows_of(tasking_page)["selected"] == rows[0]["id"]
    tasking_page.session_state["area"] = rows[4]["id"]
    tasking_page.run()
    assert rows_of(tasking_page)["selected"] == rows[4]["id"]
    (circle,) = deck_of(tasking_page)["selected-circles"]["data"]
    assert circle["area_id"] == rows[4]["id"]


def test_a_selection_that_is_gone_falls_back_to_the_first(tasking_page: AppTest) -> None:
    rows = rows_of(tasking_page)["rows"]
    tasking_page.session_state["area"] = rows[-1]["id"]
    tasking_page.number_input(key="places").set_value(3).run()
    shown = rows_of(tasking_page)
    assert len(shown["rows"]) == 3
    assert shown["selected"] == shown["rows"][0]["id"]


@pytest.mark.slow
def test_presets_move_the_dates_and_dates_the_preset(tasking_page: AppTest) -> None:
    tasking_page.selectbox(key="preset").select("Last 3 months").run()
    assert tasking_page.date_input(key="dates").value == (
        dt.date(2026, 8, 1), dt.date(2026, 10, 31),
    )  # fmt: skip
    assert "3 months" in words_of(tasking_page)
    tasking_page.date_input(key="dates").set_value((dt.date(2026, 1, 1), dt.date(2026, 6, 30)))
    tasking_page.run()
    assert tasking_page.selectbox(key="preset").value == "Chosen dates"
    assert "1 Jan 2026 to 30 Jun 2026" in words_of(tasking_page)
    assert not tasking_page.exception


def test_another_profile_gives_another_run(tasking_page: AppTest) -> None:
    before = words_of(tasking_page)
    tasking_page.selectbox(key="profile").select("robbery").run()
    assert not tasking_page.exception
    assert "Robbery" in words_of(tasking_page)
    assert words_of(tasking_page) != before


def test_only_serious_violence_is_offered(tasking_page: AppTest) -> None:
    assert "Antisocial behaviour" not in tasking_page.selectbox(key="profile").options


def test_a_window_without_incidents_is_one_sentence(
    tasking_page: AppTest, saltmere_store: IncidentStore
) -> None:
    with saltmere_store.connect() as connection:
        robbed = connection.execute(
            "SELECT DISTINCT occurred_from::DATE FROM incidents WHERE tier LIKE '%robbery'"
        ).fetchall()
    days = {row[0] for row in robbed}
    quiet = saltmere_store.data_from
    while quiet in days:
        quiet += dt.timedelta(days=1)
    tasking_page.selectbox(key="profile").select("robbery")
    tasking_page.date_input(key="dates").set_value((quiet, quiet)).run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert 'role="alert"' in said
    assert 'class="hx-strip"' not in said
    # the controls stay, so that another window can be chosen
    assert tasking_page.selectbox(key="preset").value == "Chosen dates"


def test_cleared_dates_are_asked_for(tasking_page: AppTest) -> None:
    tasking_page.date_input(key="dates").set_value(()).run()
    assert not tasking_page.exception
    assert "Choose the first and the last date" in words_of(tasking_page)


def test_one_date_alone_is_a_window_of_that_day(tasking_page: AppTest) -> None:
    tasking_page.date_input(key="dates").set_value((dt.date(2026, 8, 1),)).run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "1 Aug 2026 to 1 Aug 2026" in said or 'role="alert"' in said


def test_no_store_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARMHEX_STORE", raising=False)
    page = AppTest.from_function(run_tasking_page).run()
    assert not page.exception
    (said,) = (element.body for element in page.html)
    assert "No incident store is open" in said


def test_a_store_that_is_not_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HARMHEX_STORE", str(tmp_path / "<b>gone</b>"))
    page = AppTest.from_function(run_tasking_page).run()
    assert not page.exception
    (said,) = (element.body for element in page.html)
    assert "does not exist" in said
    assert "<b>gone" not in said


@pytest.mark.usefixtures("on_saltmere")
def test_our_own_failure_is_a_reference_number_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        msg = "inner secret"
        raise RuntimeError(msg)

    monkeypatch.setattr("views.answers.answer", broken)
    page = AppTest.from_function(run_tasking_page, default_timeout=60).run()
    assert not page.exception
    said = words_of(page)
    assert "Give the reference" in said
    assert "inner secret" not in said


@pytest.mark.slow
def test_with_two_study_areas_one_must_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = {"type": "Polygon", "coordinates": [[
        [1.38, 53.185], [1.41, 53.185], [1.41, 53.2], [1.38, 53.2], [1.38, 53.185],
    ]]}  # fmt: skip
    boundary = tmp_path / "old_town.geojson"
    boundary.write_text(json.dumps(part), encoding="utf-8")
    load([DATA], tmp_path / "store")
    load([DATA], tmp_path / "store", boundary=boundary)
    monkeypatch.setenv("HARMHEX_STORE", str(tmp_path / "store"))
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception
    assert "Choose a study area" in words_of(page)
    page.selectbox(key="study_area").select("old-town").run()
    assert not page.exception
    assert "Study area: old_town" in words_of(page)


def columns_of(page: AppTest) -> list[str]:
    return [key for key, *_ in rows_of(page)["columns"]]


def test_the_strip_says_share_change_list_and_what_is_due(tasking_page: AppTest) -> None:
    said = words_of(tasking_page)
    strip = said.split('class="hx-strip"')[1].split("</div></div>")[0]
    for words in ("of serious-violence harm in", "ut of sample", "incidents in Saltmere: ",
                  "A first list"):  # fmt: skip
        assert words in strip, words
    # compared with the same months a year earlier, with counts, interval and verdict
    assert "no clear change" in strip
    assert "the year before" in strip


def test_every_row_says_its_harm_and_when_and_a_first_list_no_more(tasking_page: AppTest) -> None:
    assert columns_of(tasking_page) == ["harm", "when"]
    rows = rows_of(tasking_page)["rows"]
    assert rows[0]["when"] == "Fri-Sat 19-03"


def test_a_shift_says_what_places_hold_and_changes_no_rank(tasking_page: AppTest) -> None:
    rows = rows_of(tasking_page)["rows"]
    before = [(row["id"], row["rank"], row["harm"]) for row in rows]
    tasking_page.selectbox(key="task_shift").select("night").run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "In the night shift (22:00-06:00): " in said
    assert "Places and ranks stay those of the whole week." in said
    after = rows_of(tasking_page)["rows"]
    assert [(row["id"], row["rank"], row["harm"]) for row in after] == before
    assert columns_of(tasking_page) == ["harm", "hours"]
    tasking_page.selectbox(key="task_day").select(4).run()
    assert "In the night shift (22:00-06:00) on Fridays: " in words_of(tasking_page)


@pytest.mark.usefixtures("on_saltmere")
def test_a_shift_that_the_settings_do_not_know_is_none() -> None:
    page = AppTest.from_function(run_tasking_page, default_timeout=60)
    page.session_state["task_shift"] = "<b>dawn</b>"
    page.session_state["task_day"] = 99
    page.run()
    assert not page.exception
    assert '<p class="hx-hours"' not in words_of(page)


def test_the_drawer_answers_and_closes(tasking_page: AppTest) -> None:
    assert '<div class="hx-story">' not in words_of(tasking_page)
    rows = rows_of(tasking_page)["rows"]
    tasking_page.session_state["area"] = rows[1]["id"]
    tasking_page.session_state["drawer_open"] = True
    tasking_page.run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    for title in ("Why here", "When", "What changed", "What was done", "What to do"):
        assert f">{title}</h3>" in said, title
    assert f'<h2 class="hx-h2">2  {rows[1]["name"]}'.replace("'", "&#x27;") in said
    assert "hx-small-week" in said
    assert "Visits of 15 minutes" in said
    tasking_page.button(key="drawer_close").click().run()
    assert '<div class="hx-story">' not in words_of(tasking_page)
    assert rows_of(tasking_page)["selected"] == rows[1]["id"]


def test_the_two_most_asked_files_are_one_click_away(tasking_page: AppTest) -> None:
    labels = [one.proto.label for one in tasking_page.get("download_button")]
    assert {"CSV", "GeoJSON"} <= set(labels)
