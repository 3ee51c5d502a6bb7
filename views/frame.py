"""The frame of every page: style, marking, the name of the place, and errors in plain words."""

from __future__ import annotations

import base64
import functools
import logging
import secrets
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec

import streamlit as st

from config.crest import load_crest
from config.errors import BadInputError
from config.force import load_force
from config.settings import load_settings
from layers.wording import PRODUCT, counted, escaped
from views.empty import EmptyError
from views.waiting import NotYetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Given = ParamSpec("_Given")
_LOG: Final = logging.getLogger("harmhex.app")
_FEW: Final = 2
_FAILED: Final = "frame_failed"
_KEPT: Final = "frame_kept"
_PAGE: Final = "frame_page"
_ARRIVED: Final = "frame_arrived"
_ARRIVING_SECONDS: Final = 4.0
# always in sight, so that the browser was told
_TYPED: Final = frozenset({"places", "dates"})
_STYLE: Final = Path(__file__).parent / "style.css"

CHOICES: Final = (
    "profile", "study_area", "preset", "dates", "places", "weights",
    "rank_by", "detail", "area", "list_part",
    "show_violence", "show_disorder", "show_areas", "show_overlays", "partner",
    "show_two_way", "show_last_period", "task_shift", "task_day", "drawer_open",
    "analysis_profile", "question", "resolution", "measure", "ring",
    "list_by", "list_hours", "list_share", "list_shift", "list_kind",
    "list_separation", "list_compare", "operation",
    "risk_part", "risk_layers", "risk_taken", "risk_columns", "risk_kinds", "risk_distances",
    "risk_ways", "risk_exposure", "risk_resamples", "risk_protective", "risk_fill",
    "accuracy_cells", "accuracy_horizon", "accuracy_part", "accuracy_length",
    "accuracy_resolution", "accuracy_patrolled", "accuracy_risk",
)  # fmt: skip
"""Names in session state of what a person chose, kept when they look at another page."""


def restore_choices(address: str = "") -> None:
    """Put back the choices that Streamlit forgot, as it does with boxes that are not drawn.

    To be called first, with the page's address. Every value is told the browser again with every
    run: a box in a closed panel is made when the panel opens, and shows what the last run said.
    What is typed into is left alone once somebody has been on a page for a while, or the value that
    counts would be put over what they are typing just then.
    """
    state = st.session_state
    if state.get(_PAGE) != address:
        state[_PAGE], state[_ARRIVED] = address, time.monotonic()
    arriving = time.monotonic() - state.get(_ARRIVED, 0.0) < _ARRIVING_SECONDS
    kept = state.setdefault(_KEPT, {})
    for name in CHOICES:
        if name in state:
            # a run that is cut short does not come to its end
            kept[name] = state[name]
        if name in kept and (arriving or name not in state or name not in _TYPED):
            state[name] = kept[name]


def keep_choices() -> None:
    """Keep what is chosen, and forget what the run took back; to be called last."""
    state = st.session_state
    state[_KEPT] = {name: state[name] for name in CHOICES if name in state}


def dress() -> None:
    """Put on the style, the security marking, top and bottom, and the force's name and crest."""
    settings = load_settings()
    marking = escaped(settings.marking)
    handling = escaped(settings.handling)
    st.html(_STYLE)
    st.html(
        f'<div class="hx-marking hx-top" title="{handling}">{marking}</div>'
        f'<div class="hx-marking hx-bottom" title="{handling}">{marking}</div>'
        f'<div class="hx-product">{PRODUCT}</div>{_whose()}'
    )


def _whose() -> str:
    """Return the force's name, which gives way to a page's own place, and its crest."""
    name, crest = escaped(load_force().name), None
    with suppress(BadInputError):
        # one that was mislaid is said on the page Settings
        crest = load_crest()
    words = f'<div class="hx-force">{name}</div>' if name else ""
    if crest is None:
        return words
    held = base64.b64encode(crest.content).decode()
    alt = f"Crest of {name}" if name else "The force's crest"
    return (
        f'{words}<div class="hx-crest-top">'
        f'<img alt="{alt}" src="data:{crest.mime};base64,{held}"></div>'
    )


def name_place(name: str, forces: Sequence[str]) -> None:
    """Show in the frame whose data these are: the study area, and the force or how many."""
    whose = ", ".join(forces) if len(forces) <= _FEW else counted(len(forces), "force")
    words = " · ".join(part for part in (name, whose) if part)
    st.html(f'<div class="hx-place">{escaped(words)}</div>')


def say(message: str, *, kind: str = "problem") -> None:
    """Show one message as it is written: nothing in it is interpreted."""
    st.html(f'<div class="hx-say hx-{escaped(kind)}" role="alert">{escaped(message)}</div>')


def put(*parts: str) -> None:
    """Draw our own HTML, where there is any."""
    if any(parts):
        st.html("".join(parts))


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn a person's mistake into its sentence, and our own into a reference number."""
    try:
        yield
    except NotYetError:
        # whoever asked stopped the work, and the page says so already
        return
    except EmptyError as error:
        say(str(error), kind="plain")
    except Exception as error:  # noqa: BLE001 (the last line before a traceback on a wall screen)
        say(plainly(error))


def fenced(callback: Callable[_Given, None]) -> Callable[_Given, None]:
    """Return a widget's callback whose failure is said at the head of the page it belongs to.

    Callbacks run before the page: no fence of the page is round them.
    """

    @functools.wraps(callback)
    def run(*args: _Given.args, **kwargs: _Given.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (as above)
            st.session_state[_FAILED] = plainly(error)

    return run


def say_failed() -> None:
    """Say what went wrong in a widget's callback, once."""
    if said := st.session_state.pop(_FAILED, ""):
        say(said)


def plainly(error: Exception) -> str:
    """Return what to tell about an error; what is not a person's mistake goes to the log."""
    if isinstance(error, BadInputError):
        return str(error)
    reference = secrets.token_hex(4)
    # a log that cannot be written must not hide what went wrong
    with suppress(Exception):
        _LOG.error("Reference %s", reference, exc_info=error)
    if isinstance(error, OSError):
        return (
            f"A file or folder that this needs cannot be read or written just now. Try again; if "
            f"it stays so, give the reference {reference} to whoever runs {PRODUCT}."
        )
    return (
        "Something went wrong that is not your doing. Nothing was changed. "
        f"Give the reference {reference} to whoever runs {PRODUCT}; its log says the rest."
    )
