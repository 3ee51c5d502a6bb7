"""The change of a place in words: its ratio with the interval, or why there is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

# as spatial.targets.overridden.overrides says what became of a change
_SIGNED: Final = re.compile(r"^(The .+?) by .+? (could not be applied|was not needed)(?=:)")


def change_words(record: Mapping[Hashable, Any]) -> str:
    """Say a place's change with its interval, or why there is none."""
    ratio, low, high = (
        known(record, name) for name in ("change_ratio", "change_low", "change_high")
    )
    if ratio is None:
        return text_of(record, "change_words")
    limits = "" if low is None or high is None else f" ({_ratio(low)} to {_ratio(high)})"
    told = f"{_signed(ratio)}{limits}"
    if low is not None and high is not None and low <= 1 <= high:
        told += ": no clear change"
    return told


def unsigned(note: str) -> str:
    """Return a list's note without the account of who made the change that it speaks of."""
    return _SIGNED.sub(r"\1 \2", note)


def text_of(record: Mapping[Hashable, Any], column: str) -> str:
    """Return a column of a row as text; empty where it is absent, null or not a number."""
    value = known(record, column)
    return "" if value is None else str(value)


def known(record: Mapping[Hashable, Any], column: str) -> Any:  # noqa: ANN401 (whatever the column holds)
    """Return a value, or nothing where the column is absent, null or not a number."""
    value = record.get(column)
    return None if value is None or value != value else value  # noqa: PLR0124 (not a number)


def _signed(ratio: float) -> str:
    return f"{(ratio - 1) * 100:+.0f}%"


def _ratio(value: float) -> str:
    # an upper limit of a place that had nothing before has no end
    return "no limit" if value == float("inf") else _signed(value)
