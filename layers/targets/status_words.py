"""A list beside the one before in a line: how many places are new, kept, moved and dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.wording import counted

if TYPE_CHECKING:
    from spatial.results import TargetResult


def status_words(result: TargetResult) -> str:
    """Say a list beside the one before in a line: ``3 new · 9 kept · 3 dropped``."""
    number = result.areas["status"].value_counts()
    told = [
        f"{int(number[status])} {word}"
        for status, word in (("new", "new"), ("kept", "kept"), ("moved", "moved"))
        if number.get(status)
    ]
    if number.get("added"):
        told.append(f"{int(number['added'])} by hand")
    if result.previous:
        told.append(f"{len(result.dropped)} dropped")
    return " · ".join(told) or counted(len(result.areas), "place")
