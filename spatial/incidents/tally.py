"""The tally of automatic choices made while loading, and the notes they become."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from spatial.notes import Note, Notes


class Choice(StrEnum):
    """One kind of automatic choice; the value is the sentence, {n} the rows, {what} the detail."""

    WINDOWS_TEXT = "{what} is not UTF-8 and was read as Windows-1252: check letters with accents."
    UTF_16 = "{what} was read as Unicode (UTF-16) text."
    SEPARATOR = "{what}, not commas, and was read so."
    SHEETS = "{what}"
    LAYERS = "{what}"
    NESTED = "Columns of {what} that hold lists, structures or bytes, and were not read: {n}."
    ERROR_CELLS = "Cells of {what} that hold an error, such as #REF!: {n}. They were read as blank."
    ZONED = (
        "Times of {what} that name their time zone: {n}. They were turned into the clock time of "
        "the United Kingdom."
    )
    UNZONED = (
        "{what} marks its times as UTC, as every GeoPackage does, whatever they were: they were "
        "taken as the clock time of the United Kingdom. Check one against the record."
    )
    DATE_ONLY = (
        "Every time in {what} is 00:00: it holds dates, not times, and no hour of day may be read "
        "from it."
    )
    RECORDED_DATE = (
        "The dates are those of the column {what}, by its name the day on which something was "
        "recorded, not on which it happened."
    )
    COARSE_REFERENCE = (
        "Incidents with a grid reference of four figures or fewer: {n}. They are placed in the "
        "middle of a square of 1 km or more, which is no place to patrol."
    )
    END_DROPPED = "Incidents that end before they begin: {n}. Their end was dropped."
    END_UNREADABLE = "Incidents whose end is no date: {n}. Their end was dropped."
    PUBLIC_PLACE = (
        "Public-place flags derived from the type of location, the flag being blank: {n}."
    )
    FLAG_WORD = (
        "Rows with a word in the column {what} that the mapping does not know: {n}. "
        "They count as unknown."
    )
    FLAG_BLANK = (
        "Blank cells of the column {what} that were read as no, as the mapping says: {n}. Where a "
        "blank means that nobody asked, that is wrong."
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
    FUTURE = (
        "Incidents dated after the day of the load, {what}: {n}. They are stored, and everything "
        "that counts back from the end of the data is out by them."
    )
    LONELY_DATE = (
        "The last incidents are dated {what}, more than 90 days after all others: if that is a "
        "slip of the keyboard, everything that counts back from the end of the data is out."
    )
    LONG_SPAN = (
        "Incidents that may have happened at any time in more than 7 days: {n}. They count at "
        "the first."
    )
    MIDNIGHT = (
        "Incidents at exactly 00:00: {n}, {what} of those timed to the minute (0.1% if every "
        "minute were alike). Midnight often stands for an hour that nobody knew."
    )
    WHOLE_HOUR = (
        "Incidents on a whole hour other than midnight: {n}, {what} of those timed to the minute "
        "(1.6% if every minute were alike). Such times are often rounded."
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
        Choice.FLAG_BLANK,
        Choice.FUTURE,
        Choice.LONELY_DATE,
        Choice.SHEETS,
        Choice.LAYERS,
        Choice.UNZONED,
        Choice.DATE_ONLY,
        Choice.RECORDED_DATE,
        Choice.COARSE_REFERENCE,
        Choice.MIDNIGHT,
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
