"""Privacy: columns whose content is names or free text, whatever the mapping says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from config.errors import BadInputError

if TYPE_CHECKING:
    import pyarrow as pa

    from config.mapping import Mapping
    from spatial.incidents.files.raw_rows import RawRows

# About 45 territorial and national forces; with spellings, and a whole country's, well under this.
_MOST_FORCES: Final = 150
_FEW: Final = 20
"""Fewer distinct texts than this are too few to judge a column by."""
_JUDGED: Final = 1_000
"""The first distinct texts of a chunk: what most of a column holds shows in so many."""
_LONG: Final = 30  # letters, on average: longer than any reference number or heading
_LONGEST: Final = 200  # letters: no reference number, force or code has more
_SENTENCE: Final = r"\S+\s+\S+\s+\S+\s+\S"  # four words and more
_FIGURE: Final = r"[0-9]"
_MANY_WORDS: Final = 50  # words of a code list that a file may hold once each

_LEAST_FOUND: Final = 3
_SHARE: Final = 5  # one distinct text in so many: a slip of the keyboard is rarer
_TELLING: Final = {
    "e-mail addresses": r"[^\s@]@[^\s@]+\.[A-Za-z]{2,}",
    "postcodes": r"(?i)\b[A-Z]{1,2}[0-9][0-9A-Z]?\s+[0-9][A-Z]{2}\b",
    "National Insurance numbers": r"(?i)^\s*[A-Z]{2}(?:\s?[0-9]{2}){3}\s?[A-D]\s*$",
    "telephone numbers": (r"^\s*(?:\+44[\s()0-]*|0)[1-37](?:[\s()-]*[0-9]){8,9}\s*$"),
}
# a reference number may be all figures, and begin with a nought: only a plus makes it a telephone's
_TELLING_OF_NUMBERS: Final = {
    **_TELLING,
    "telephone numbers": r"^\s*\+44(?:[\s()-]*[0-9]){9,11}\s*$",
}
_DATES: Final = {"dates, such as dates of birth": r"^\s*[0-9]{1,4}[-/. ][0-9A-Za-z]+[-/. ][0-9]+"}


def check_privacy(file: str, raw: RawRows, mapping: Mapping) -> None:
    """Refuse a file whose mapping would keep personal data, or show it in a preview.

    What is stored as it is written is judged strictest: the incident number, the force, and offence
    codes and classes. Of every other column only known words, dates and numbers are kept; they are
    refused all the same where they plainly hold something about a person, since the mapping then
    names the wrong column.

    Raises
    ------
    BadInputError
        A column holds free text, e-mail addresses, postcodes, telephone or National Insurance
        numbers; a different text in nearly every row where a code is expected; dates for ages;
        texts without a figure (such as names) for incident numbers; or more different texts than
        there are forces. The message names the column, not its content.
    """
    names = mapping.columns
    kept = (names.incident_id, names.force, names.ho_code, names.prc_code)
    worded = (
        names.category, names.location_type, names.relationship, names.domestic,
        names.public_place, names.knife, names.firearm, names.weapon, names.victim_age,
    )  # fmt: skip
    for column in dict.fromkeys(name for name in (*kept, *worded) if name is not None):
        texts = raw.columns[column].dictionary
        words = texts[:_JUDGED]
        _refuse_if(file, column, _is_prose(words), "free text")
        told = _TELLING_OF_NUMBERS if column == names.incident_id else _TELLING
        for what, pattern in (told | (_DATES if column == names.victim_age else {})).items():
            _refuse_if(file, column, _holds(words, pattern), what)
        if column in kept:
            _refuse_if(file, column, _is_long(texts), f"texts of more than {_LONGEST} letters")
        elif column != names.victim_age:
            many = _is_ever_new(raw.columns[column])
            _refuse_if(file, column, many, "a new text in nearly every row, such as names")
    if names.incident_id is not None:
        words = raw.columns[names.incident_id].dictionary[:_JUDGED]
        figures = _matches(words, _FIGURE)
        nameless = len(words) >= _FEW and figures * 2 < len(words)
        _refuse_if(file, names.incident_id, nameless, "texts without figures, such as names")
    if names.force is not None:
        many = len(raw.columns[names.force].dictionary) > _MOST_FORCES
        _refuse_if(file, names.force, many, "more different texts than there are forces")


def _is_prose(words: pa.StringArray) -> bool:
    """Whether a column holds many different long texts, most of them of several words."""
    if len(words) < _FEW:
        return False
    length = pc.mean(pc.utf8_length(words)).as_py()
    return bool(length > _LONG and _matches(words, _SENTENCE) * 2 > len(words))


def _is_long(words: pa.StringArray) -> bool:
    return bool(len(words) and pc.max(pc.utf8_length(words)).as_py() > _LONGEST)


def _is_ever_new(column: pa.DictionaryArray) -> bool:
    """Whether most rows hold a text of their own, without a figure: codes come again and again."""
    words = column.dictionary
    if len(words) < _MANY_WORDS or len(words) * 2 < len(column) - column.null_count:
        return False
    return _matches(words, _FIGURE) * 2 < len(words)


def _holds(words: pa.StringArray, pattern: str) -> bool:
    found = _matches(words, pattern)
    return found >= _LEAST_FOUND and found * _SHARE >= len(words)


def _matches(words: pa.StringArray, pattern: str) -> int:
    """Count the texts in which a pattern is found."""
    return int(pc.sum(pc.match_substring_regex(words, pattern)).as_py() or 0)


def _refuse_if(file: str, column: str, found: bool, what: str) -> None:  # noqa: FBT001 (what was found)
    if found:
        msg = (
            f"{file}: the column {column!r} is mapped, but holds {what}, and nothing about a "
            "person is ever kept. Map another column, or none."
        )
        raise BadInputError(msg)
