"""Narrow columns: what a DBF can hold, with names of ten characters and text of 254 bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_BYTES: Final = 254
_MOST_LETTERS: Final = 10
_CUT: Final = "..."
# names that a plain cut would spoil; docs/files.md lists them
_SHORT: Final = {
    "expected_harm": "exp_harm",
    "expected_low": "exp_low",
    "expected_high": "exp_high",
    "peak_windows": "peak_wins",
    "change_ratio": "chg_ratio",
    "change_low": "chg_low",
    "change_high": "chg_high",
    "data_through": "data_thru",
    "significance": "signif",
    "chance_in_top": "chance_top",
    "previous_rank": "prev_rank",
    "previous_name": "prev_name",
    "change_words": "chg_words",
    "grown_cells": "grow_cells",
}


def short_names(columns: Iterable[str]) -> dict[str, str]:
    """Return a name of ten characters or fewer for each column, each once whatever its case.

    Known long names have short ones of their own; others are cut, and numbered where two would be
    one.
    """
    taken: set[str] = set()
    found = {}
    for column in columns:
        wanted = _SHORT.get(column, column)[:_MOST_LETTERS]
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[: _MOST_LETTERS - len(str(number))]}{number}"
        taken.add(name.casefold())
        found[column] = name
    return found


def narrow_text(text: str) -> str:
    """Return text of at most 254 bytes of UTF-8, cut between words and ended with three dots."""
    if len(text.encode()) <= MOST_BYTES:
        return text
    kept = text.encode()[: MOST_BYTES - len(_CUT)].decode(errors="ignore")
    words, space, _ = kept.rpartition(" ")
    return (words if space else kept) + _CUT
