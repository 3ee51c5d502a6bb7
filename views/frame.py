"""The frame of every page: style, marking, the name of the place, and errors in plain words."""

from __future__ import annotations

import logging
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from config.errors import BadInputError
from config.settings import load_settings
from layers.wording import PRODUCT, counted, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LOG: Final = logging.getLogger("harmhex.app")
_FEW: Final = 2
_STYLE: Final = Path(__file__).parent / "style.css"

CHOICES: Final = (
    "profile", "study_area", "preset", "dates", "places", "weights",
    "show_violence", "show_disorder", "show_areas", "show_overlays", "partner",
    "analysis_profile", "question", "resolution", "measure", "ring",
    "list_part", "list_by", "list_hours", "list_share", "list_shift", "list_kind",
    "list_separation", "list_compare", "operation",
    "risk_part", "risk_layers", "risk_taken", "risk_columns", "risk_kinds", "risk_distances",
    "risk_ways", "risk_exposure", "risk_resamples", "risk_protective", "risk_fill",
)  # fmt: skip
"""Names in session state of what a person chose, kept when they look at another page."""


def keep_choices() -> None:
    """Keep the choices of a page that is not drawn now: Streamlit forgets them otherwise."""
    for name in CHOICES:
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]


def dress() -> None:
    """Put on the style and the security marking, top and bottom."""
    settings = load_settings()
    marking = escaped(settings.marking)
    handling = escaped(settings.handling)
    st.html(_STYLE)
    st.html(
        f'<div class="hx-marking hx-top" title="{handling}">{marking}</div>'
        f'<div class="hx-marking hx-bottom" title="{handling}">{marking}</div>'
        f'<div class="hx-product">{PRODUCT}</div>'
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
    except BadInputError as error:
        say(str(error))
    except Exception:  # noqa: BLE001 (the last line before a traceback on a wall screen)
        reference = secrets.token_hex(4)
        _LOG.exception("Reference %s", reference)
        say(
            "Something went wrong that is not your doing. Nothing was changed. "
            f"Give the reference {reference} to whoever runs {PRODUCT}; its log says the rest."
        )
