"""Mappings in words: the fields of an incident, and the words a file may have for them."""

from __future__ import annotations

from typing import Final

FIELD_WORDS: Final = {
    "occurred_from": "When it happened (from)",
    "occurred_to": "Until",
    "ho_code": "Home Office code",
    "prc_code": "Recorded-crime class",
    "category": "Category or type",
    "x": "Easting or longitude",
    "y": "Northing or latitude",
    "grid_reference": "Grid reference",
    "incident_id": "Crime number",
    "force": "Force",
    "location_type": "Type of location",
    "public_place": "Public place",
    "domestic": "Domestic",
    "knife": "Knife",
    "firearm": "Firearm",
    "weapon": "Any weapon",
    "relationship": "Relationship to suspect",
    "victim_age": "Victim's age",
}
"""The fields a column may be mapped to, in the order of the form."""

SYSTEM_WORDS: Final = {
    "EPSG:27700": "National Grid, easting and northing",
    "EPSG:4326": "Longitude and latitude",
    "gridref": "Grid reference in one column",
}
PRECISION_WORDS: Final = {
    "minute": "To the minute",
    "hour": "To the hour",
    "day": "To the day",
    "month": "To the month",
}
BLANK_WORDS: Final = {
    "unknown": "Nobody knows (the safe reading)",
    "false": "No",
}
FLAG_WORDS: Final = {"true": "Yes", "false": "No", "unknown": "Not told by this"}
RELATIONSHIP_WORDS: Final = {
    "family": "Family",
    "partner": "Partner",
    "acquaintance": "Acquaintance",
    "stranger": "Stranger",
    "unknown": "Not known",
}
_UNTOLD: Final = {True: "Left to the offence code", False: "None of these: counted as other"}

_FORMAT_WORDS: Final = {
    "yyyy": "%Y", "month": "%B", "mon": "%b", "yy": "%y", "mm": "%m", "dd": "%d", "HH": "%H",
    "MM": "%M", "SS": "%S",
}  # fmt: skip


def category_words(categories: dict[str, str], *, coded: bool) -> dict[str, str]:
    """Return each category's slug with the words for it, those of open data.

    ``coded`` is whether the file has offence codes, to which a word without a meaning is left.
    """
    words = {slug: word for word, slug in reversed(categories.items())}
    return {"": _UNTOLD[coded], **dict(sorted(words.items(), key=lambda item: item[1]))}


def format_of(words: str) -> str:
    """Return the strptime format that is meant by, say, ``dd/mm/yyyy HH:MM``."""
    if "%" in words:
        return words
    written = words.strip()
    for word, directive in _FORMAT_WORDS.items():
        written = written.replace(word, directive)
    return written
