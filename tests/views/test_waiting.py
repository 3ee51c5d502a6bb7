import threading
import time
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from config.errors import BadInputError
from views import waiting
from views.workroom import Steps, Workroom

GO = threading.Event()
TAKEN: list[int] = []


def page() -> None:
    import streamlit as st  # noqa: PLC0415 (AppTest runs this function alone)

    from tests.views import test_waiting as here  # noqa: PLC0415, PLW0406 (likewise)
    from views import frame, waiting  # noqa: PLC0415 (likewise)

    with frame.plain_errors():
        found = waiting.answer("key", here.work, doing="Counting the gulls")
        st.write(f"Gulls: {found}")
    st.write("The rest of the page")


def work(steps: Steps) -> int:
    for step in range(400):
        steps(f"Beach {step}", step / 400)
        TAKEN.append(step)
        if GO.wait(0.01):
            return 7
    msg = "No gull was seen: choose another beach."
    raise BadInputError(msg)


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(waiting, "_ROOM", Workroom(hands=1))
    monkeypatch.setattr(waiting, "_PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(waiting, "_LOOK_SECONDS", 0.02)
    GO.clear()
    TAKEN.clear()
    yield
    GO.set()


def test_an_answer_is_drawn_once_it_is_there_and_kept() -> None:
    threading.Timer(0.2, GO.set).start()
    tried = AppTest.from_function(page, default_timeout=20).run()
    assert [one.value for one in tried.markdown] == ["Gulls: 7", "The rest of the page"]
    taken = len(TAKEN)
    tried.run()
    assert tried.markdown[0].value == "Gulls: 7"
    assert len(TAKEN) == taken
    assert not tried.button


@pytest.mark.slow
def test_an_error_of_the_work_is_said_where_the_answer_would_stand() -> None:
    tried = AppTest.from_function(page, default_timeout=20).run()
    assert "No gull was seen: choose another beach." in tried.html[-1].body
    assert [one.value for one in tried.markdown] == ["The rest of the page"]


def test_cancelled_work_is_not_begun_again_until_somebody_asks() -> None:
    # a browser cancels while the page waits; here the same callback is called beforehand
    tried = AppTest.from_function(page, default_timeout=20)
    tried.session_state["waiting_stopped"] = {"key"}
    tried.run()
    assert not TAKEN
    assert "Nothing was kept of it" in tried.html[0].body
    assert [one.value for one in tried.markdown] == ["The rest of the page"]
    GO.set()
    tried.button[0].click().run()
    assert tried.markdown[0].value == "Gulls: 7"


def test_the_panel_says_what_is_done_how_far_and_for_how_long() -> None:
    with waiting._ROOM.waiting("key", work) as job:  # noqa: SLF001 (the room of this test)
        while job.told[1] is None or not job.told[1]:
            time.sleep(0.005)
        words = waiting._words(job, "Counting <gulls>")  # noqa: SLF001 (drawn by a thread)
    assert "Counting &lt;gulls&gt;" in words
    assert "Beach" in words
    assert "0 s" in words
    assert 'style="width:' in words


def test_what_stands_after_the_work_does_not_move_while_the_page_waits() -> None:
    def places(tried: AppTest) -> list[tuple[int, str]]:
        drawn = sorted(tried.main.children.items())
        return [(at, str(getattr(node, "value", ""))) for at, node in drawn]

    threading.Timer(0.2, GO.set).start()
    tried = AppTest.from_function(page, default_timeout=20).run()
    waited = [(at, said) for at, said in places(tried) if said]
    tried.run()
    assert [(at, said) for at, said in places(tried) if said] == waited
    assert len(waited) == 2
