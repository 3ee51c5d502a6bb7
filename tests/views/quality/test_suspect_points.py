"""The page: a doubtful point is chosen, decided on, and the page is drawn anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from spatial.incidents.decided.decisions import Choice, Reason
from spatial.incidents.store import IncidentStore
from tests.views.conftest import words_of


def run_suspect_points() -> None:
    from views import answers, frame  # noqa: PLC0415 (AppTest runs this function alone)
    from views.quality.suspect_points import suspect_points  # noqa: PLC0415

    with frame.plain_errors():
        suspect_points(answers.open_store())


@pytest.fixture
def town(saltmere_store: IncidentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(saltmere_store.path, tmp_path / "town"))
    monkeypatch.setenv("HARMHEX_STORE", str(folder))
    return folder


@pytest.fixture
def page(town: Path) -> AppTest:
    assert town
    return AppTest.from_function(run_suspect_points, default_timeout=60).run()


def choose(page: AppTest, row: int) -> None:
    turn = page.session_state["suspects_turn"]
    page.session_state[f"suspects_{turn}"] = {
        "selection": {"rows": [row], "columns": [], "cells": []}
    }
    page.run()
    assert not page.exception


def test_the_list_is_there_and_nothing_is_asked_until_a_row_is_chosen(page: AppTest) -> None:
    assert not page.exception
    assert "76 doubtful points" in words_of(page)
    (table,) = page.dataframe
    assert table.value.iloc[0].tolist() == [
        "Pile-up", 230, "Saltmere Police Station (0 m); Nunnery Court",
    ]  # fmt: skip
    assert len(page.button) == 0
    assert "up to 1 km 136" in words_of(page)


def test_a_point_is_dropped_and_the_page_drawn_anew(page: AppTest, town: Path) -> None:
    choose(page, 0)
    assert page.selectbox[0].value == Reason.POLICE_STATION
    page.radio[0].set_value(Choice.DROP)
    page.button(key="suspect_record").click().run()
    assert not page.exception
    said = words_of(page)
    assert "Recorded: drop 1 (on 1 point, with 230 incidents in the store)" in said
    assert "75 doubtful points" in said
    assert page.dataframe[0].value["decided"].iloc[0].startswith("drop (police station, ")
    (decision,) = IncidentStore.open(town).decisions
    assert (decision.choice, decision.reason) == (Choice.DROP, Reason.POLICE_STATION)
    assert "Decisions (CSV)" in [one.label for one in page.get("download_button")]
    # and taken back
    choose(page, 0)
    page.button(key="suspect_withdraw").click().run()
    assert "Withdrawn" in words_of(page)
    assert IncidentStore.open(town).decisions == ()


def test_a_point_is_moved_to_a_grid_reference(page: AppTest, town: Path) -> None:
    choose(page, 1)
    page.radio[0].set_value(Choice.MOVE).run()
    page.text_input[0].set_value("nowhere")
    page.button(key="suspect_record").click().run()
    assert "&#x27;nowhere&#x27; is no position" in words_of(page)
    assert IncidentStore.open(town).decisions == ()
    page.text_input[0].set_value("TG 2700 7200")
    page.button(key="suspect_record").click().run()
    assert not page.exception
    (decision,) = IncidentStore.open(town).decisions
    assert decision.choice is Choice.MOVE
    assert decision.to_longitude == pytest.approx(1.397, abs=0.001)
    assert decision.reason is Reason.OTHER
