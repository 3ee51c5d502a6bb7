"""What the strip says of change, of overlays due, and of what lists like this went on to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from layers.overlays import Mark
    from spatial.area_change import AreaChange

Said = tuple[str, str]
"""An answer, and the words below it."""

_MINUS: Final = "\N{MINUS SIGN}"
_KINDS: Final = {
    "A": ("anniversary", "anniversaries"),
    "E": ("event", "events"),
    "T": ("tension", "tension"),
}


def fixed_said(row: Mapping[Any, Any], *, called: str) -> Said:
    """Say how the places of an earlier list fared, all together.

    Parameters
    ----------
    row
        Of ``TargetResult.change_whole``.
    called
        The earlier list, as messages call it: "The list of 14 Nov 2025".
    """
    answer = _interval(_known(row["change_ratio"]), _known(row["change_low"]),
                       _known(row["change_high"]))  # fmt: skip
    whose = f"{called[:1].lower()}{called[1:]}"
    return answer, (
        f"incidents in the places of {whose}: {int(row['before']):,} before, "
        f"{int(row['now']):,} now; {row['verdict']}"
    )


def area_said(found: AreaChange, *, area: str, places_too: bool = False) -> Said:
    """Say how a whole study area changed against its last comparable window.

    Parameters
    ----------
    found
        The change.
    area
        Name of the study area.
    places_too
        Whether an earlier list stands beside it, so that it must be said that its places are not
        what is compared.
    """
    before = found.comparison.before
    against = (
        "the year before"
        if found.comparison.same_season and before.last.year == found.comparison.now.last.year - 1
        else before.words
    )
    season = "" if found.comparison.same_season else ", another season"
    whole = " as a whole" if places_too else ""
    return _interval(found.ratio, found.low, found.high), (
        f"incidents in {area}{whole}: {found.before:,} {against}{season}, {found.now:,} now; "
        f"{found.verdict}"
    )


def due_said(near: Iterable[Mark], *, days: int) -> Said:
    """Say how many overlays of each kind are due or count near a place.

    Parameters
    ----------
    near
        Those that lie near a place on the list: an anniversary or event for each day it falls on.
    days
        How far ahead was looked.
    """
    letters = [mark.letter for mark in near]
    said = [
        counted(letters.count(letter), *words)
        for letter, words in _KINDS.items()
        if letter in letters
    ]
    if not said:
        return "Nothing due", (
            f"entered near a place for the next {days} days; what is not entered is not known"
        )
    return ", ".join(said), f"near a place in the next {days} days; tension as of today"


def _interval(ratio: float | None, low: float | None, high: float | None) -> str:
    """Write a ratio and its interval as changes: ``+9% (-6% to +27%)``."""
    if ratio is None:
        return "Change: not known"
    if low is None or high is None:
        return signed(ratio)
    upper = "no limit" if high == float("inf") else signed(high)
    return f"{signed(ratio)} ({signed(low)} to {upper})"


def signed(ratio: float) -> str:
    """Write a ratio as a change: ``+9%``, ``0%``."""
    per_cent = round((ratio - 1) * 100)
    if per_cent == 0:
        return "0%"
    return f"{'+' if per_cent > 0 else _MINUS}{abs(per_cent):,}%"


def _known(value: Any) -> float | None:  # noqa: ANN401 (a number or null)
    return None if value is None or value != value else float(value)  # noqa: PLR0124 (not a number)
