from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from layers.questions import QUESTIONS
from spatial.report_results import PART_COLUMNS, Part, Section
from tests.views.conftest import words_of
from views import answers

if TYPE_CHECKING:
    from spatial.incidents.store import IncidentStore
    from spatial.report_results import ReportRequest


def run_analysis_page() -> None:
    from views import frame  # noqa: PLC0415 (AppTest runs this function alone)
    from views.analysis import page as analysis  # noqa: PLC0415 (AppTest runs this function alone)

    frame.restore_choices()
    analysis.page()
    frame.keep_choices()


@pytest.fixture
def analysis_page(on_saltmere: str) -> AppTest:
    assert on_saltmere
    return AppTest.from_function(run_analysis_page, default_timeout=60).run()


def layers_of(page: AppTest) -> set[str]:
    (chart,) = page.get("deck_gl_json_chart")
    assert "http" not in chart.proto.json
    return {line.split('"')[0] for line in chart.proto.json.split('"id":"')[1:]}


@pytest.mark.slow
def test_every_question_has_its_answer(analysis_page: AppTest) -> None:
    page = analysis_page
    for question in QUESTIONS:
        page.radio(key="question").set_value(question.name).run()
        assert not page.exception, question.name
        said = words_of(page)
        assert 'role="alert"' not in said, question.name
        assert 'class="hx-sentence"' in said
        # the quality of the data goes with every answer
        assert "1.5% without location" in said, question.name
        assert "prediction" not in said.lower()
        assert any("How this is worked out" in box.label for box in page.expander)
        # a picture or a table, or the reason why there is neither
        assert page.dataframe or "cannot be tested" in said, question.name
        assert len(page.get("download_button")) == (1 if page.dataframe else 0)


@pytest.mark.slow
def test_the_surface_is_that_of_the_tasking_page_until_asked(analysis_page: AppTest) -> None:
    page = analysis_page
    assert "surface-hot" in layers_of(page)
    before = words_of(page)
    page.segmented_control(key="surface_fill").set_value("z").run()
    assert "z-above" in layers_of(page)
    page.selectbox(key="measure").select("harm")
    page.selectbox(key="ring").select(2).run()
    assert not page.exception
    assert "harm days" in words_of(page)
    assert words_of(page) != before


def test_antisocial_behaviour_is_analysed_alone(analysis_page: AppTest) -> None:
    page = analysis_page
    page.selectbox(key="analysis_profile").select("asb").run()
    assert not page.exception
    assert page.selectbox(key="measure").options == ["Incidents, as on the Tasking page"]
    # the Tasking page keeps its profile of violence
    assert page.session_state["profile"] == "ark"
    page.radio(key="question").set_value("two_way").run()
    assert not page.exception
    assert "profile of serious violence" in words_of(page)
    assert not page.get("deck_gl_json_chart")
    page.selectbox(key="analysis_profile").select("robbery").run()
    assert page.session_state["profile"] == "robbery"


def test_a_table_is_carried_off_with_what_it_rests_on(
    analysis_page: AppTest, saltmere_store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, bytes] = {}

    def kept(label: str, data: bytes, *, file_name: str, **_: object) -> None:
        assert label
        files[file_name] = data

    monkeypatch.setattr("streamlit.download_button", kept)
    analysis_page.radio(key="question").set_value("change").run()
    assert not analysis_page.exception
    ((name, data),) = files.items()
    last = saltmere_store.data_through.isoformat()
    assert name == f"OFFICIAL-SENSITIVE_harmhex_change_tiers_ark_{last}.csv"
    table = pd.read_csv(io.BytesIO(data))
    assert set(table["window_last"]) == {last}
    assert table["run_id"].str.len().min() >= 12
    assert "attempted_homicide" in set(table["tier"])


def test_what_the_data_cannot_carry_is_said(
    on_saltmere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(_: IncidentStore, __: ReportRequest, name: str) -> Section:
        parts = tuple(Part(part, None, "All incidents give only the month.")
                      for part in PART_COLUMNS[name])  # fmt: skip
        return Section(name, "abc", parts, {}, "Method", "timing.md", ())

    assert on_saltmere
    monkeypatch.setattr(answers, "report_section", without)
    page = AppTest.from_function(run_analysis_page, default_timeout=60)
    page.session_state["question"] = "timing"
    page.run()
    assert not page.exception
    assert "All incidents give only the month." in words_of(page)
    assert not page.dataframe


def test_a_mistake_is_one_sentence(analysis_page: AppTest) -> None:
    page = analysis_page
    page.number_input(key="places").set_value(0).run()
    assert not page.exception
    assert "Places: 0 cannot be shown" in words_of(page)
    page.number_input(key="places").set_value(12)
    page.date_input(key="dates").set_value(()).run()
    assert not page.exception
    assert "Choose the first and the last date" in words_of(page)


def test_our_own_failure_is_a_reference_number(
    on_saltmere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        msg = "inner secret"
        raise RuntimeError(msg)

    assert on_saltmere
    monkeypatch.setattr("views.answers.surface", broken)
    page = AppTest.from_function(run_analysis_page, default_timeout=60).run()
    assert not page.exception
    assert "Give the reference" in words_of(page)
    assert "inner secret" not in words_of(page)
