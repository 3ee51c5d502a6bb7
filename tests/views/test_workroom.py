import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

import numpy as np
import pytest

from spatial.risk_terrain.progress import StoppedError
from views import workroom
from views.workroom import Steps, Workroom

_Answer = TypeVar("_Answer")
_HELD: ContextVar[str] = ContextVar("held", default="nobody's")


def answered(room: Workroom, key: str, work: Callable[[Steps], _Answer]) -> _Answer:
    with room.waiting(key, work) as job:
        assert job.done.wait(10)
        return job.outcome()


def test_two_who_ask_the_same_wait_for_one_computation() -> None:
    room, begun, go, done = Workroom(hands=2), threading.Event(), threading.Event(), []

    def work(steps: Steps) -> object:
        steps("Counting")
        begun.set()
        assert go.wait(10)
        done.append(1)
        return object()

    with room.waiting("key", work) as one, room.waiting("key", work) as two:
        assert one is two
        assert begun.wait(10)
        assert one.told == ("Counting", None)
        go.set()
        assert one.done.wait(10)
        assert one.outcome() is two.outcome()
    assert done == [1]
    assert room.kept("key") is not None
    assert answered(room, "key", work) is one.outcome()
    assert done == [1]


def test_an_error_reaches_everybody_who_waits_and_is_not_kept() -> None:
    room, tries = Workroom(hands=1), []

    def work(steps: Steps) -> str:
        tries.append(steps)
        if len(tries) == 1:
            msg = "No incidents in the window."
            raise ValueError(msg)
        return "an answer"

    with pytest.raises(ValueError, match="No incidents"):
        answered(room, "key", work)
    assert answered(room, "key", work) == "an answer"


def test_what_is_cancelled_stops_at_its_next_step_and_keeps_nothing() -> None:
    room, begun, steps_taken = Workroom(hands=1), threading.Event(), []

    def work(steps: Steps) -> None:
        begun.set()
        for step in range(2_000):
            steps(f"Step {step}")
            steps_taken.append(step)
            time.sleep(0.005)

    with room.waiting("key", work) as job:
        assert begun.wait(10)
    room.leave("key")
    assert job.done.wait(10)
    with pytest.raises(StoppedError):
        job.outcome()
    assert len(steps_taken) < 2_000
    assert room.kept("key") is None


def test_cancelling_leaves_the_work_of_others_alone() -> None:
    room, go = Workroom(hands=1), threading.Event()

    def work(steps: Steps) -> str:
        assert go.wait(10)
        steps("After the one has left")
        return "for the other"

    with room.waiting("key", work) as theirs:
        with room.waiting("key", work):
            pass
        room.leave("key")
        go.set()
        assert theirs.done.wait(10)
        assert theirs.outcome() == "for the other"


def test_a_closed_tab_loses_nothing_but_makes_way_for_who_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workroom, "_LEFT_SECONDS", 0.0)
    room, begun, go = Workroom(hands=1), threading.Event(), threading.Event()

    def work(steps: Steps) -> str:
        begun.set()
        assert go.wait(10)
        steps("Going on")
        return "kept"

    with room.waiting("left", work) as left:
        assert begun.wait(10)
    go.set()
    assert left.done.wait(10)
    assert room.kept("left") is not None

    begun.clear()
    go.clear()
    with room.waiting("left again", work) as left:
        assert begun.wait(10)
    with room.waiting("asked now", lambda _: "asked") as asked:
        assert not asked.begun
        go.set()
        assert asked.done.wait(10)
    assert isinstance(left.error, StoppedError)


def test_only_so_many_are_worked_out_at_once_in_the_order_of_asking() -> None:
    room, go, order = Workroom(hands=1), threading.Event(), []

    def work(name: str) -> Callable[[Steps], str]:
        def run(_steps: Steps) -> str:
            assert go.wait(10)
            order.append(name)
            return name

        return run

    with (
        room.waiting("a", work("a")) as first,
        room.waiting("b", work("b")) as second,
        room.waiting("c", work("c")) as third,
    ):
        assert (first.begun, second.begun, third.begun) == (True, False, False)
        go.set()
        assert third.done.wait(10)
    assert order == ["a", "b", "c"]


def test_what_is_kept_is_bounded_by_its_size() -> None:
    room = Workroom(hands=1, most_bytes=250_000)
    for number in range(5):
        answered(room, f"{number}", lambda _, n=number: np.full(12_500, n))
    assert [room.kept(f"{number}") is not None for number in range(5)] == [
        False, False, False, True, True,
    ]  # fmt: skip
    # the newest is kept however large: whoever asked is about to use it
    answered(room, "large", lambda _: np.zeros(100_000))
    assert room.kept("large") is not None
    assert room.kept("4") is None


def test_the_settings_that_the_asker_holds_hold_for_the_work() -> None:
    token = _HELD.set("the asker's")
    try:
        assert answered(Workroom(), "key", lambda _: _HELD.get()) == "the asker's"
    finally:
        _HELD.reset(token)


def test_both_kinds_of_progress_say_and_stop_the_same() -> None:
    room, told = Workroom(hands=1), []

    def work(steps: Steps) -> str:
        steps.progress.part(0.5, 1.0).step("Choosing factors", 0.5)
        told.append(job.told)
        steps.counting("Drawing sheets")(3, 12)
        told.append(job.told)
        return "done"

    go = threading.Event()
    with room.waiting("key", lambda steps: go.wait(10) and work(steps)) as job:
        go.set()
        assert job.done.wait(10)
        job.outcome()
    assert told == [("Choosing factors", 0.75), ("Drawing sheets, 3 of 12", 0.25)]


def test_what_nobody_waits_for_lets_those_who_wait_go_first() -> None:
    room, go = Workroom(hands=1), threading.Event()
    assert room.give_way(most_seconds=5) < 1
    with room.waiting("key", lambda _: go.wait(10)) as job:
        # no longer than it was told, or two that wait for one another would never end
        assert 0.2 <= room.give_way(most_seconds=0.2) < 5
        threading.Timer(0.2, go.set).start()
        assert 0.1 < room.give_way(most_seconds=9) < 5
        assert job.done.wait(10)
