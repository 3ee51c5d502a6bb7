"""Waiting: long work beside the page, with what is being done, how long it took so far, and Cancel.

A page asks :func:`answer` for what it needs. Work that is done at once is simply returned; for the
rest the page says step by step what is being done and offers Cancel, until the answer is there::

    result = waiting.answer(
        f"accuracy {answers.state_of(store)} {request!r}",
        lambda steps: backtest(store, request, progress=steps),
        doing="Trying the rankings on past months",
    )

The key says all that the answer depends on: data, configuration, request, and
``access.view_key()`` where it differs by role. Whoever asks with the same key waits for the same
work and is given the same answer, which must therefore not be changed. The work itself knows
nothing of Streamlit: it must draw nothing and ask nobody.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

import streamlit as st

from layers.wording import escaped
from views.workroom import Workroom

if TYPE_CHECKING:
    from collections.abc import Callable

    from views.workroom import Job, Steps

_ROOM: Final = Workroom()
_PATIENCE_SECONDS: Final = 0.35
_LOOK_SECONDS: Final = 0.25
_STOPPED: Final = "waiting_stopped"
_MINUTE: Final = 60

_Answer = TypeVar("_Answer")


class NotYetError(Exception):
    """There is no answer because whoever asked stopped the work; the page says so already."""


def answer(
    key: str, work: Callable[[Steps], _Answer], *, doing: str, changes: bool = False
) -> _Answer:
    """Return the answer of a key, kept or worked out now, beside the page.

    Parameters
    ----------
    key
        All that the answer depends on, and which work it is.
    work
        Called in a thread of its own with :class:`views.workroom.Steps`, which it tells each step
        (``steps("Counting incidents")``) and which stops it there once nobody wants the answer.
    doing
        What is being done, in words a sergeant would use: "Working out the places".
    changes
        The work changes something, such as a store, all or nothing: the key is of this one time.
        Leaving the page stops it; whoever cancels it waits until it has truly stopped, is given the
        answer where it was too late for that, and is told the rest by the page, with no offer to
        begin again.

    Raises
    ------
    NotYetError
        Whoever asks stopped this work; :func:`views.frame.plain_errors` passes over it.
    Exception
        Whatever the work raised, in each session that waits for it; it is not kept.
    """
    # a place whether there is anything to say or not: what the page draws after it would otherwise
    # stand one further on while it waits, and a map that is moved is made anew
    place = st.container()
    kept = _ROOM.kept(key)
    if kept is not None:
        _stopped().discard(key)
        answered: _Answer = kept.answer
        return answered
    if key in _stopped():
        with place:
            if changes:
                found: _Answer = _seen_out(key)
                return found
            _offer_again(key, doing)
        raise NotYetError
    with _ROOM.waiting(key, work, changes=changes) as job:
        if not job.done.wait(_PATIENCE_SECONDS):
            with place:
                _watch(job, doing)
        outcome: _Answer = job.outcome()
        return outcome


def done(key: str) -> bool:
    """Return whether the answer of a key is kept: asking for it takes no time."""
    return _ROOM.kept(key) is not None


def under_way(key: str) -> bool:
    """Return whether the work on a key queues or is being done."""
    return _ROOM.under_way(key) is not None


def stopped(key: str) -> bool:
    """Return whether whoever asks cancelled the work on a key."""
    return key in _stopped()


def again(key: str) -> None:
    """Take back the Cancel of whoever asks: the next time they ask, the work begins anew."""
    _stopped().discard(key)


def give_way(*, most_seconds: float) -> float:
    """Wait while anybody waits for an answer, for so long at most; return how many seconds."""
    return _ROOM.give_way(most_seconds=most_seconds)


def forget() -> None:
    """Let go of every kept answer."""
    _ROOM.forget()


def _seen_out(key: str) -> Any:  # noqa: ANN401 (whatever the work returns)
    """Wait until cancelled work has stopped; return what it did where it was too late to stop."""
    job = _ROOM.under_way(key)
    if job is not None:
        with st.spinner("Stopping"):
            job.done.wait()
    kept = _ROOM.kept(key)
    if kept is None:
        raise NotYetError
    return kept.answer


def _watch(job: Job[Any], doing: str) -> None:
    """Say how far the work is until it is done.

    A click elsewhere on the page, or its tab being closed, ends this run of the page at the next
    drawing; the work goes on for a while, so that coming back finds it further on.
    """
    place = st.empty()
    number = hashlib.sha256(job.key.encode()).hexdigest()[:12]
    with place.container(key=f"waiting_{number}"):
        said = st.empty()
        st.button("Cancel", key=f"waiting_cancel_{number}", on_click=_cancel, args=(job.key,))
    shown = ""
    while True:
        words = _words(job, doing)
        if words != shown:
            said.html(words)
            shown = words
        if job.done.wait(_LOOK_SECONDS):
            break
    place.empty()


def _words(job: Job[Any], doing: str) -> str:
    step, share = job.told
    if not job.begun:
        step, share = "Waiting for another calculation to end", None
    seconds = int(time.monotonic() - job.asked_at)
    took = (
        f"{seconds} s" if seconds < _MINUTE else f"{seconds // _MINUTE} min {seconds % _MINUTE} s"
    )
    bar = "" if share is None else f'<i class="hx-bar"><i style="width:{share:.0%}"></i></i>'
    return (
        f'<div class="hx-waiting"><b role="status">{escaped(doing)}</b>'
        f"<span>{escaped(step)}</span>{bar}<small>{escaped(took)}</small></div>"
    )


def _offer_again(key: str, doing: str) -> None:
    number = hashlib.sha256(key.encode()).hexdigest()[:12]
    with st.container(key=f"waiting_{number}"):
        st.html(
            f'<div class="hx-waiting" role="status"><b>Stopped: {escaped(doing.lower())}</b>'
            "<span>Nothing was kept of it. Change the choices, or begin again.</span></div>"
        )
        st.button("Begin again", key=f"waiting_again_{number}", on_click=again, args=(key,))


def _cancel(key: str) -> None:
    _stopped().add(key)
    _ROOM.leave(key)


def _stopped() -> set[str]:
    found: set[str] = st.session_state.setdefault(_STOPPED, set())
    return found
