"""A load under way: beside the page, step by step with Cancel, whole or not at all."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import streamlit as st

from spatial.intake import load
from spatial.risk_terrain.progress import StoppedError
from views import frame, waiting
from views.loading.uploads import on_disk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from spatial.incidents.load import LoadResult
    from views.workroom import Steps

BEGUN: Final = "load_begun"
_CANCELLED: Final = "The load was cancelled. The store is as it was."
_LEFT: Final = (
    "The load was stopped because this page was left before it was done. The store is as it was."
)


@dataclass(slots=True)
class Begun:
    """A load that somebody began.

    Attributes
    ----------
    key
        Of this one load, of these files or not.
    work
        Loads them, told where to say each step.
    store
        Folder of the store.
    fresh
        Nobody has waited for it yet.
    results
        What it came to, once it is done.
    """

    key: str
    work: Callable[[Steps], LoadResult]
    store: Path
    fresh: bool = True
    results: list[LoadResult] = field(default_factory=list)


def begun(
    uploads: Sequence[UploadedFile],
    paths: Sequence[Path],
    boundary: UploadedFile | None,
    *,
    store: Path,
) -> Begun:
    """Return a load of the files given, to be waited for by :func:`load_begun`.

    Nothing is written into the store before the last step is told; stopped at any of them, the
    store stays as it was.
    """
    given = [*uploads, *([boundary] if boundary else [])]
    results: list[LoadResult] = []

    def work(steps: Steps) -> LoadResult:
        with on_disk(given) as laid:
            border = laid.pop() if boundary else None
            result = load(
                [*laid, *paths],
                store,
                boundary=border,
                progress=steps,
                today=dt.datetime.now(tz=ZoneInfo("Europe/London")).date(),
            )
        # kept here too: whoever comes back to the page must learn of it, however late
        results.append(result)
        return result

    return Begun(f"load {secrets.token_hex(8)}", work, store, results=results)


def load_begun() -> tuple[LoadResult, Path] | None:
    """Wait for the load that was begun, if there is one.

    Returns
    -------
    What it came to, once, and its store; None where none was begun, or nothing came of it, which
    is then said.
    """
    held: Begun | None = st.session_state.get(BEGUN)
    if held is None:
        return None
    try:
        _wait(held)
    except waiting.NotYetError:
        frame.say(_CANCELLED, kind="plain")
    except StoppedError:
        frame.say(_LEFT, kind="plain")
    except Exception as error:  # noqa: BLE001 (said where the load was begun, like any other)
        frame.say(frame.plainly(error))
    del st.session_state[BEGUN]
    return (held.results[0], held.store) if held.results else None


def _wait(held: Begun) -> None:
    fresh, held.fresh = held.fresh, False
    if held.results:
        return
    if not (fresh or waiting.stopped(held.key) or waiting.under_way(held.key)):
        if held.results:
            # done between the two looks
            return
        msg = "The page was left."
        raise StoppedError(msg)
    waiting.answer(held.key, held.work, doing=f"Loading into {held.store.name}", changes=True)
