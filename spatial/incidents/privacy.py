"""Privacy: columns whose content is names or free text, whatever the mapping says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from config.errors import BadInputError

if TYPE_CHECKING:
    import pyarrow as pa

    from config.mapping import Mapping
    from spatial.incidents.readers import RawRows

# About 45 territorial and national forces; with spellings, and a whole country's, well under this.
_MOST_FORCES: Final = 150
_FEW: Final = 20
"""Fewer distinct texts than this are too few to judge a column by."""
_LONG: Final = 30  # letters, on average: longer than any reference number or heading
_SENTENCE: Final = r"\S+\s+\S+\s+\S+\s+\S"  # four words and more
_FIGURE: Final = r"[0-9]"


def check_privacy(file: str, raw: RawRows, mapping: Mapping) -> None:
    """Refuse a file whose mapping would keep personal data.

    Only what is stored as it is written is judged, the incident number and the force, and offence
    codes and classes; of every other column only known words, dates and numbers are kept.

    Raises
    ------
    BadInputError
        A column holds free text, or texts without a figure (such as names) for incident numbers, or
        more different texts than there are forces. The message names the column, not its content.
    """
    names = mapping.columns
    for column in (names.incident_id, names.force, names.ho_code, names.prc_code):
        if column is not None:
            _refuse_if(file, column, _is_prose(raw.columns[column]), "free text")
    if names.incident_id is not None:
        words = raw.columns[names.incident_id].dictionary
        figures = pc.sum(pc.match_substring_regex(words, _FIGURE)).as_py() or 0
        nameless = len(words) >= _FEW and figures * 2 < len(words)
        _refuse_if(file, names.incident_id, nameless, "texts without figures, such as names")
    if names.force is not None:
        many = len(raw.columns[names.force].dictionary) > _MOST_FORCES
        _refuse_if(file, names.force, many, "more different texts than there are forces")


def _is_prose(column: pa.DictionaryArray) -> bool:
    """Whether a column holds many different long texts, most of them of several words."""
    words = column.dictionary
    if len(words) < _FEW:
        return False
    length = pc.mean(pc.utf8_length(words)).as_py()
    sentences = pc.sum(pc.match_substring_regex(words, _SENTENCE)).as_py()
    return bool(length > _LONG and sentences * 2 > len(words))


def _refuse_if(file: str, column: str, found: bool, what: str) -> None:  # noqa: FBT001 (what was found)
    if found:
        msg = (
            f"{file}: the column {column!r} is mapped, but holds {what}, and nothing about a "
            "person is ever kept. Map another column, or none."
        )
        raise BadInputError(msg)
