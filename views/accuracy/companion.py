"""What lists chosen the same way went on to hold: worked out aside, while the page is drawn."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
from layers.accuracy.companion_words import companion_words, known_words
from layers.wording import PRODUCT
from spatial.list_companion import list_companion
from views import answers, waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from spatial.backtest_results import Companion
    from spatial.incidents.store import IncidentStore
    from spatial.results import TaskingResult
    from spatial.window import Window

_LOG: Final = logging.getLogger("harmhex.accuracy")
_MOST: Final = 48
_GIVES_WAY_SECONDS: Final = 10.0
_WAIT_SECONDS: Final = 0.2
_LOOK_SECONDS: Final = 1.0
_MONTH_DAYS: Final = 365.25 / 12


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The out-of-sample companion of a list's share.

    Attributes
    ----------
    share, low, high
        0-1, with its 95% interval; None where it cannot be said, or not yet.
    words
        One short sentence, without a full stop.
    detail
        What differs from the list at hand, or nothing.
    why_not
        Why there is none, in a sentence; empty where there is one.
    working
        Whether it is being worked out: ``words`` says so, and the rest is empty.
    """

    share: float | None
    low: float | None
    high: float | None
    words: str
    detail: str = ""
    why_not: str = ""
    working: bool = False


WORKING: Final = HeldOut(
    None, None, None, "Working out what earlier lists went on to hold", working=True
)


@dataclass(slots=True)
class Kept:
    """What is worked out, or being worked out, by what it depends on."""

    answers: OrderedDict[str, Future[Companion]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    # one at a time: a page is drawn on the other core
    worker: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="companion")
    )


def held_out(
    store: IncidentStore, result: TaskingResult, *, wait_seconds: float = _WAIT_SECONDS
) -> HeldOut:
    """Return what lists chosen the same way went on to hold, or that it is being worked out.

    Worked out once for a store, settings and request, for everybody: it reads incidents alone,
    which all who see the list may see. The first to ask waits no longer than ``wait_seconds``.
    """
    if not len(result.targets.areas):
        return _without("There is no list to judge.")
    future = _asked(store, result)
    try:
        found = future.result(timeout=wait_seconds)
    except NotYetError:
        return WORKING
    except BadInputError as error:
        return _without(str(error))
    except Exception:  # noqa: BLE001 (the rest of the page keeps working)
        reference = secrets.token_hex(4)
        _LOG.exception("Reference %s", reference)
        return _without(
            f"It could not be worked out. Give the reference {reference} to whoever runs {PRODUCT}."
        )
    return HeldOut(
        found.share,
        found.low,
        found.high,
        companion_words(found),
        known_words(found, window_months=_months(result.request.window)),
    )


def when_known(
    store: IncidentStore, result: TaskingResult, draw: Callable[[HeldOut], None]
) -> None:
    """Draw what there is; while it is being worked out, look every second and then draw anew.

    ``draw`` may be called inside a fragment: it must draw into where it stands.
    """
    found = held_out(store, result)
    if not found.working:
        draw(found)
        return

    @st.fragment(run_every=_LOOK_SECONDS)
    def look() -> None:
        now = held_out(store, result, wait_seconds=0.0)
        if not now.working:
            # ends the looking; all else on the page is kept
            st.rerun()
        draw(now)

    look()


def _asked(store: IncidentStore, result: TaskingResult) -> Future[Companion]:
    asked, places = result.request, len(result.targets.areas)
    key = f"{answers.state_of(store)} {result.targets.resolution} {asked!r}"
    held = _held()
    with held.lock:
        if key not in held.answers:
            # the settings that whoever asks holds to hold for the work too
            held.answers[key] = held.worker.submit(
                copy_context().run,
                list_companion,
                store,
                asked,
                resolution=result.targets.resolution,
                places=asked.places or places,
                progress=_giving_way(),
            )
        held.answers.move_to_end(key)
        while len(held.answers) > _MOST:
            _, old = held.answers.popitem(last=False)
            old.cancel()
        return held.answers[key]


def _giving_way() -> Callable[[str], None]:
    """Return what lets an answer that somebody waits for go before each step, up to a limit."""
    left = _GIVES_WAY_SECONDS

    def step(doing: str) -> None:
        nonlocal left
        del doing  # nobody watches
        left -= waiting.give_way(most_seconds=max(left, 0.0))

    return step


def _without(why: str) -> HeldOut:
    return HeldOut(None, None, None, "Out of sample: not known", why_not=why)


def _months(window: Window) -> float:
    if not window.whole_months:
        return window.days / _MONTH_DAYS
    first, last = window.first, window.last
    return (last.year - first.year) * 12 + last.month - first.month + 1


@st.cache_resource(show_spinner=False)
def _held() -> Kept:
    return Kept()
