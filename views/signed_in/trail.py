"""The audit as pages write it: who saw, changed or took away what, under which run id."""

from __future__ import annotations

import atexit
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import streamlit as st

from config.register import URL_VARIABLE, load_register_rules, register_url
from register import audit
from register.opening import open_register
from views.answers import STORE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from register.opening import Register


class Trail(Protocol):
    """Where entries go."""

    def ready(self) -> None:
        """Find out whether an entry could be written; BadInputError where not."""

    def keep(self, entry: Callable[..., object], **facts: object) -> None:
        """Call a function of the register that writes an entry, in a transaction of its own.

        It is given a session and the facts; BadInputError where nothing could be written.
        """


class RegisterTrail:
    """The register's audit."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def ready(self) -> None:
        """Find out whether the register can be reached."""
        with self._register.reading() as session:
            audit.head(session)

    def keep(self, entry: Callable[..., object], **facts: object) -> None:
        """Write one entry, in a transaction of its own."""
        with self._register.writing() as session:
            entry(session, **facts)


class NoTrail:
    """Nowhere: no store is open and no register named, so that there is nothing to answer for."""

    def ready(self) -> None:
        """Do nothing."""

    def keep(self, entry: Callable[..., object], **facts: object) -> None:
        """Do nothing."""


def trail() -> Trail:
    """Return the audit of the register in force.

    Raises
    ------
    BadInputError
        The register cannot be opened.
    """
    register = register_in_force()
    return NoTrail() if register is None else RegisterTrail(register)


def register_in_force() -> Register | None:
    """Return the register that is named, else the one beside the store; None without a store.

    Raises
    ------
    BadInputError
        It cannot be opened.
    """
    store = os.environ.get(STORE_VARIABLE, "")
    named = os.environ.get(URL_VARIABLE, "").strip() or load_register_rules().url
    if not store and not named:
        return None
    return _register(register_url(Path(store) if store else None))


@st.cache_resource(show_spinner=False)
def _register(url: str) -> Register:
    register = open_register(url)
    atexit.register(register.close)
    return register
