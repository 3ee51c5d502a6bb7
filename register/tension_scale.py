"""The scale of tension: how a source is graded, and how a level fades that nobody confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.register import load_register_rules

if TYPE_CHECKING:
    import datetime as dt

SOURCE_GRADES: Final = {1: "reliable", 2: "untested", 3: "not reliable"}
INFORMATION_GRADES: Final = {
    "A": "known directly to the source",
    "B": "known indirectly to the source but corroborated",
    "C": "known indirectly to the source",
    "D": "not known",
    "E": "suspected to be false",
}
HANDLING: Final = {
    "P": "lawful sharing permitted",
    "C": "lawful sharing permitted with conditions",
}
"""The 3x5x2 grading. Source: College of Policing, Authorised Professional Practice, Intelligence
management: the intelligence report."""


def faded(
    level: str, *, entered_on: dt.date, renewed_on: dt.date, expires_on: dt.date, day: dt.date
) -> str | None:
    """Return what a level has come down to on a day: one step each ``decay_days``, never to none.

    None before it was entered, and from ``expires_on`` on. A level that the settings no longer
    list stays as it was written.
    """
    if not entered_on <= day < expires_on:
        return None
    rules = load_register_rules().tension
    if level not in rules.levels:
        return level
    steps = max((day - renewed_on).days, 0) // rules.decay_days
    return rules.levels[max(rules.levels.index(level) - steps, 0)]
