"""The Accuracy page: tried on a click, said in words, and what it says can be used elsewhere."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from spatial.accuracy.patrolled import PlaceDays
from spatial.backtest_results import BacktestRequest
from tests.views.conftest import words_of
from views.accuracy import page as accuracy
from views.accuracy import patrolled


def _page() -> None:
    from views import frame  # noqa: PLC0415 (AppTest runs this function alone)
    from views.accuracy import page  # noqa: PLC0415 (AppTest runs this function alone)

    frame.restore_choices()
    page.page()
    frame.keep_choices()


def _opened(**state: object) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=90)
    for name, value in state.items():
        page.session_state[name] = value
    return page.run()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backtests of the last origins alone: the page is tried, not the numbers."""

    def request(**given: object) -> BacktestRequest:
        return BacktestRequest(**{**given, "known_months": 30, "area_shares": (0.01, 0.05)})

    monkeypatch.setattr(accuracy, "BacktestRequest", request)


@pytest.mark.usefixtures("short")
def test_it_offers_to_try_says_the_answer_and_sets_the_other_pages(on_saltmere: str) -> None:
    assert on_saltmere
    page = _opened()
    assert "Places would be chosen 2 times" in words_of(page)
    assert not page.exception
    page.button(key="accuracy_begin").click().run()
    words = words_of(page)
    assert "than last year" in words or "last year's count" in words
    assert "chosen 2 times, scored on the next 3 months" in words
    assert "<th>Ranking</th>" in words
    assert "Harm held" in words
    used = page.button(key="accuracy_use_it")
    assert used.label.startswith("Use ")
    used.click().run()
    assert "Tasking and Targets now rank by" in words_of(page)
    assert page.session_state["profile"] == "ark"
    for part, said in (
        ("rankings", "What the columns mean"),
        ("time", "1 Aug 2026 to 31 Oct 2026"),
        ("places", "What raised it"),
        ("patrols", "Patrols change what is recorded"),
        ("files", "The same as harmhex backtest writes"),
    ):
        page.session_state["accuracy_part"] = part
        page.run()
        assert said in words_of(page), part
        assert not page.exception


def test_too_few_months_offer_the_nearest(
    on_saltmere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert on_saltmere
    monkeypatch.setattr(accuracy, "HORIZONS", {**accuracy.HORIZONS, 30: "The next 30 months"})
    page = _opened(accuracy_horizon=30)
    assert "horizon of 24 months or less" in words_of(page)
    near = page.button(key="accuracy_nearest")
    assert near.label == "Score the next 6 months instead"
    near.click().run()
    assert page.session_state["accuracy_horizon"] == 6
    assert "the 6 months that followed" in words_of(page)


def test_a_file_of_patrolled_days_is_read_as_the_shell_reads_it() -> None:
    given = patrolled.LeftOut(b"date,cells\n2026-09-01,891958d2cafffff\n")
    days = given.read()
    assert isinstance(days, PlaceDays)
    assert len(days.days) == 1
    assert given.key != patrolled.LeftOut().key
    assert patrolled.LeftOut().read() is None
