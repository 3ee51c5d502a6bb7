"""The tally of automatic choices made while loading, and the notes they become."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from spatial.notes import Note, Notes


class Choice(StrEnum):
    """One kind of automatic choice; the value is the sentence, {n} the rows, {what} the detail."""

    WINDOWS_TEXT = "{what} is not UTF-8 and was read as Windows-1252: check letters with accents."
    END_DROPPED = "Incidents that end before they begin: {n}. Their end was dropped."
    END_UNREADABLE = "Incidents whose end is no date: {n}. Their end was dropped."
    PUBLIC_PLACE = (
        "Public-place flags derived from the type of location, the flag being blank: {n}."
    )
    FLAG_WORD = (
        "Rows with a word in the column {what} that the mapping does not know: {n}. "
        "They count as unknown."
    )
    AGE = (
        "Rows with a victim age that is not a whole number from 0 to 120: {n}. "
        "They count as unknown."
    )
    CATEGORY = "Rows with an incident type or category that the mapping does not know: {n}."
    CODE = "Rows with an offence code too long to be one: {n}. It was dropped."
    FORCE = "Rows that name no force: {n}."
    NO_LOCATION = (
        "Incidents without a usable location: {n}. They are stored and counted, but are on no map."
    )
    NO_OFFENCE = "Incidents with neither offence code nor category: {n}. Their tier is 'other'."
    UNKNOWN_CODE = (
        "Incidents with an offence code that is in no list: {n} ({what}). Their tier is that of "
        "their recorded-crime class, or 'other' without one."
    )
    WEIGHTLESS = (
        "Incidents without a harm weight in {what}: {n}. They count as incidents, but add no harm."
    )
    WEIGHT_CHOICE = "Incidents that take one harm weight of several: {n} of {what}."
    LONELY_DATE = (
        "The last incidents are dated {what}, more than 90 days after all others: if that is a "
        "slip of the keyboard, everything that counts back from the end of the data is out."
    )
    ROBBERY_FLAGS = (
        "Robberies where it is not known whether a weapon was used (no flag is true, some are "
        "unknown): {n}. Their tier is 'robbery'."
    )


_LOUD = frozenset(
    {
        Choice.NO_LOCATION,
        Choice.UNKNOWN_CODE,
        Choice.WEIGHTLESS,
        Choice.CATEGORY,
        Choice.LONELY_DATE,
    }
)

Tally = Counter[tuple[Choice, str]]
"""How many rows each choice touched, by kind and detail."""


def tally(*counts: tuple[Choice, str, int]) -> Tally:
    """Count choices, leaving out those that touched nothing."""
    made: Tally = Counter()
    for choice, what, number in counts:
        if number:
            made[choice, what] += int(number)
    return made


def as_notes(made: Tally) -> Notes:
    """Write a tally as sentences, in the order in which `Choice` lists its kinds."""
    order = list(Choice)
    return tuple(
        Note(choice.format(n=f"{number:,}", what=what), loud=choice in _LOUD)
        for (choice, what), number in sorted(
            made.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1])
        )
    )
