from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from sample_geo.ready import DATA
from spatial.incidents.mappings.kept import keep_weights
from spatial.intake import load
from spatial.results import TargetRequest
from spatial.run import sensitivity
from spatial.window import year_to
from tests.config.test_harm_workbook import HEADINGS, workbook
from tests.spatial.incidents.exports import police_uk, written
from tests.views.conftest import APP, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from spatial.incidents.store import IncidentStore


def ids_of(page: AppTest) -> list[str]:
    data = json.loads(page.get("bidi_component")[0].proto.json)
    return [row["id"] for row in data["rows"]]


def test_the_weights_chosen_are_those_of_the_run(tasking_page: AppTest) -> None:
    box = tasking_page.selectbox(key="weights")
    assert box.value == ""
    assert box.options[0] == "As loaded (CCHI 2020)"
    before = words_of(tasking_page)
    box.select("ons_css").run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "ONS Crime Severity Score" in said
    assert "chosen for this run in place of the weights stored at load" in said
    assert said != before


def test_the_places_are_ranked_by_what_is_chosen(tasking_page: AppTest) -> None:
    box = tasking_page.selectbox(key="rank_by")
    assert box.value == "expected_harm"
    assert box.options == [
        "Expected harm", "Harm that happened", "Square root of harm", "Incidents",
    ]  # fmt: skip
    before, said = ids_of(tasking_page), words_of(tasking_page)
    assert "ranked by their expected harm" in said
    box.select("count").run()
    assert not tasking_page.exception
    assert "ranked by their incidents" in words_of(tasking_page)
    assert ids_of(tasking_page) != before
    rows = json.loads(tasking_page.get("bidi_component")[0].proto.json)["rows"]
    incidents = [int(row["incidents"].replace(",", "")) for row in rows]
    assert incidents == sorted(incidents, reverse=True)


def test_how_much_hangs_on_the_weights_is_one_click_away(
    tasking_page: AppTest, saltmere_store: IncidentStore
) -> None:
    # nothing is ranked another way before somebody asks
    assert "hx-made hx-weights" not in words_of(tasking_page)
    tasking_page.session_state["weights_panel"] = True
    tasking_page.run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert "hx-made hx-weights" in said
    window = year_to(saltmere_store.data_through)
    table = sensitivity(saltmere_store, TargetRequest("ark", window, places=12))
    counted = int(table.loc[table["variant"] == "count", "kept"].iloc[0])
    assert f"{counted} of 12</td>" in said.partition("Every incident counts the same")[2]
    assert "<td>12 of 12</td>" in said.partition("Expected harm (as on this page)")[2][:40]


def test_weights_that_weigh_nothing_leave_a_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"Crime ID": f"c{number}"} for number in range(5)]
    store = tmp_path / "store"
    load([written(tmp_path / "open.csv", police_uk(*rows))], store)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    page = AppTest.from_file(APP, default_timeout=60)
    page.session_state["profile"] = "violence_proxy"
    page.session_state["weights"] = "cchi_2020"
    page.run()
    page.selectbox(key="study_area").select("ever-incident").run()
    assert not page.exception
    assert "weighs none of the 5 incidents" in words_of(page)
    page.button(key="way_back").click().run()
    assert not page.exception
    assert "weighs none" not in words_of(page)


@pytest.mark.slow
def test_an_edition_of_ones_own_is_offered_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    load([DATA], store)
    rows = [HEADINGS, ("Wounding", "008/01", "8N", "1", 500), ("ABH", "008/06", "8N", "2", 700)]
    book = workbook(tmp_path / "CCHI 2024.xlsx", rows).read_bytes()
    keep_weights(store, "CCHI 2024.xlsx", book)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    page = AppTest.from_file(APP, default_timeout=60)
    page.session_state["weights_panel"] = True
    page.run()
    assert not page.exception
    assert any("CCHI 2024 (workbook)" in option for option in page.selectbox(key="weights").options)
    assert '<th scope="col">CCHI 2024 (workbook)</th>' in words_of(page)
    before = ids_of(page)
    page.selectbox(key="weights").select_index(3).run()
    assert not page.exception
    assert "workbook CCHI_2024.xlsx" in words_of(page)
    assert ids_of(page) != before


@pytest.mark.parametrize("places", [0, -3, 61, 5000])
def test_an_absurd_number_of_places_is_one_sentence(tasking_page: AppTest, places: int) -> None:
    tasking_page.number_input(key="places").set_value(places).run()
    assert not tasking_page.exception
    said = words_of(tasking_page)
    assert f"Places: {places:,} cannot be shown. Ask for a number from 1 to 60." in said
    # no list of another number stands beside it
    assert 'class="hx-strip"' not in said


def test_a_window_before_the_data_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    load([written(tmp_path / "open.csv", police_uk({}, {"Crime ID": "b"}))], store)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    page = AppTest.from_file(APP, default_timeout=60)
    page.session_state["profile"] = "violence_proxy"
    page.run()
    page.selectbox(key="study_area").select("ever-incident").run()
    page.selectbox(key="preset").select("Previous 12 months").run()
    assert not page.exception
    said = words_of(page)
    assert "Give the reference" not in said
    assert "choose another window or profile" in said


def test_a_load_moves_the_named_window_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    load([written(tmp_path / "a.csv", police_uk({}))], store)
    monkeypatch.setenv("HARMHEX_STORE", str(store))
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert page.date_input(key="dates").value[1].isoformat() == "2025-02-28"
    load([written(tmp_path / "b.csv", police_uk({"Crime ID": "b", "Month": "2025-06"}))], store)
    page.run()
    assert not page.exception
    assert page.selectbox(key="preset").value == "Last 12 months"
    assert page.date_input(key="dates").value[1].isoformat() == "2025-06-30"
