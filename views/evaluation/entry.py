"""One entry of the form of operations: its boxes, filled from what stands, and what they say."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from config.errors import BadInputError
from views.evaluation.areas import ChosenAreas

if TYPE_CHECKING:
    from collections.abc import Mapping

_EARLIEST: Final = dt.date(1990, 1, 1)
_LATEST: Final = dt.date(2199, 12, 31)


class Entry:
    """One entry of the form, filled from what stands: a template, or the operation to change.

    ``said`` and ``files`` grow as boxes are drawn: the keys of the operation's TOML, and name and
    content of each file that it names. ``troubles`` is what cannot be meant so: it is said when the
    form is sent, for what is half typed is no mistake yet.
    """

    def __init__(self, stem: str, kept: Mapping[str, Any], kept_files: Mapping[str, str]) -> None:
        self.said: dict[str, Any] = {}
        self.files: dict[str, str] = {}
        self.troubles: list[str] = []
        self._stem = stem
        self._kept = kept
        self._kept_files = kept_files

    def key(self, name: str) -> str:
        """Return the key of a box."""
        return f"{self._stem}_{name}"

    def kept(self, *path: str) -> Any:  # noqa: ANN401 (whatever the TOML holds)
        """Return what stands under a path of keys, None for nothing."""
        found: Any = self._kept
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def kept_areas(self, table: str) -> ChosenAreas | None:
        """Return the areas that stand, with their file."""
        said = self.kept(table)
        if not said:
            return None
        own = {key: said[key] for key in ("file", "ids", "cells") if said.get(key)}
        file = own.get("file")
        return ChosenAreas(own, {file: self._kept_files[file]} if file else {})

    def kept_file(self, name: str) -> str | None:
        """Return the content of a file that stands."""
        return self._kept_files.get(name)

    def put(self, name: str, value: object) -> None:
        """Say something, unless it is empty."""
        if value not in (None, "", (), [], {}):
            self.said[name] = value

    def attach(self, files: Mapping[str, str]) -> None:
        """Add files; two of one name must be one file."""
        for name, content in files.items():
            if self.files.setdefault(name, content) != content:
                self.troubles.append(f"{name}: two files have this name. Give each its own.")

    def span(self, words: str, name: str) -> None:
        """Ask for the first and last day of a span; both may be empty."""
        first, last = st.columns(2)
        with first:
            begins = self.day(f"{words} from", f"{name}_from", name, "first")
        with last:
            ends = self.day("to", f"{name}_to", name, "last")
        if (begins is None) != (ends is None):
            self.troubles.append(f"{words}: give both dates, or neither.")
        elif begins is not None:
            self.put(name, {"first": begins, "last": ends})

    def require_clear(self) -> None:
        """Refuse what was typed if any of it cannot be meant so.

        Raises
        ------
        BadInputError
            It says the first trouble.
        """
        if self.troubles:
            raise BadInputError(self.troubles[0])

    def day(self, words: str, name: str, *path: str) -> dt.date | None:
        """Ask for a day, which may be empty."""
        given: dt.date | None = st.date_input(
            words,
            self.kept(*path),
            min_value=_EARLIEST,
            max_value=_LATEST,
            format="DD/MM/YYYY",
            key=self.key(name),
        )
        return given

    def text(self, words: str, name: str, *, longest: int, hint: str | None = None) -> str:
        """Ask for a text in one line."""
        given = st.text_input(
            words, self.kept(name) or "", max_chars=longest, key=self.key(name), help=hint
        )
        return given.strip()
