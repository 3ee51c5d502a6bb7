"""The out-of-sample companion: worked out aside, once, and never in the way of the page."""

from __future__ import annotations

import datetime as dt
from threading import Event
from typing import Any

import pytest

from config.errors import BadInputError
from spatial.backtest_results import Companion
from spatial.incidents.store import IncidentStore
from spatial.results import TaskingRequest, TaskingResult
from spatial.run import tasking
from spatial.window import Window
from views.accuracy import companion

FOUND = Companion("harm", 0.31, 0.27, 0.36, 4, "3 months", 4, 4, (9, 9))


@pytest.fixture(scope="module")
def result(saltmere_store: IncidentStore) -> TaskingResult:
    year = Window(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    return tasking(saltmere_store, TaskingRequest("ark", year, "saltmere", resolution=9, places=4))


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = companion.Kept()
    monkeypatch.setattr(companion, "_held", lambda: kept)


def test_the_page_does_not_wait_and_is_told_later(
    saltmere_store: IncidentStore, result: TaskingResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = Event()
    calls: list[dict[str, Any]] = []

    def slow(*_: object, **more: object) -> Companion:
        calls.append(more)
        assert go.wait(20)
        return FOUND

    monkeypatch.setattr(companion, "list_companion", slow)
    first = companion.held_out(saltmere_store, result, wait_seconds=0.0)
    assert first.working
    assert first.share is None
    go.set()
    found = companion.held_out(saltmere_store, result, wait_seconds=20)
    assert (found.share, found.low, found.high) == (0.31, 0.27, 0.36)
    assert found.words.startswith("4 places chosen the same way before each of the last 4 quarters")
    assert found.detail == "The data allow each of these to be chosen on 9 months only."
    assert len(calls) == 1
    more = dict(calls[0])
    # before each step it lets those go first who wait for an answer: nobody does
    more.pop("progress")("Choosing a list")
    assert more == {"resolution": 9, "places": 4}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadInputError("The store covers 2 whole months."), "The store covers 2 whole months."),
        (RuntimeError("row 7"), "Give the reference"),
    ],
)
def test_what_cannot_be_said_is_said_so(
    saltmere_store: IncidentStore,
    result: TaskingResult,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    said: str,
) -> None:
    def fails(*_: object, **__: object) -> Companion:
        raise error

    monkeypatch.setattr(companion, "list_companion", fails)
    found = companion.held_out(saltmere_store, result, wait_seconds=20)
    assert found.share is None
    assert not found.working
    assert said in found.why_not
    assert "row 7" not in found.why_not


def test_it_is_that_of_the_list(saltmere_store: IncidentStore, result: TaskingResult) -> None:
    found = companion.held_out(saltmere_store, result, wait_seconds=60)
    assert found.share is not None
    assert 0 < found.low < found.share < found.high < 1
    assert not found.detail
