"""Flags, relationship and age: a force's words to true, false and unknown, and to bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from spatial.incidents.rows.words import indices_of, translate, word_column, words_of
from spatial.incidents.schema import FALSE, TRUE, UNKNOWN

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from config.mapping import FlagWords

AGE_BANDS: Final = ("0-14", "15-17", "18-24", "25-64", "65+")
"""Cut at 15, 18, 25 and 65 years."""
_CUTS: Final = (15, 18, 25, 65)
_OLDEST: Final = 120


def read_flag(
    column: pa.DictionaryArray, words: FlagWords
) -> tuple[pa.DictionaryArray, NDArray[np.bool_]]:
    """Read one flag.

    Returns
    -------
    true, false or unknown for each row, and which rows held a word that means neither: they are
    unknown, like blanks (but see `fill_blank`), never false.
    """
    meanings = {word.strip().casefold(): TRUE for word in words.true}
    meanings |= {word.strip().casefold(): FALSE for word in words.false}
    return translate(column, lambda word: _meant(meanings, word, UNKNOWN), blank=UNKNOWN)


def fill_blank(
    flag: pa.DictionaryArray, column: pa.DictionaryArray
) -> tuple[pa.DictionaryArray, int]:
    """Make a flag false where it is unknown because its cell is blank, and count those rows.

    For exports whose blank means no: the mapping must say so (`config.mapping.FlagWords`).
    """
    bare = np.array([not word.strip() for word in words_of(column)] + [True], dtype=bool)
    words = (TRUE, FALSE, UNKNOWN)
    now = _places(flag, words)
    filled = bare[indices_of(column)] & (now == words.index(UNKNOWN))
    return word_column(np.where(filled, words.index(FALSE), now), words), int(filled.sum())


def derive_public_place(
    flag: pa.DictionaryArray, location_type: pa.DictionaryArray, table: dict[str, str]
) -> tuple[pa.DictionaryArray, int]:
    """Fill an unknown public-place flag from the type of location.

    Returns
    -------
    The flag, and how many rows were filled. A recorded flag is never overruled.
    """
    meanings = {word.strip().casefold(): meant for word, meant in table.items()}
    derived, _ = translate(
        location_type, lambda word: _meant(meanings, word, UNKNOWN), blank=UNKNOWN
    )
    words = (TRUE, FALSE, UNKNOWN)
    now, told = _places(flag, words), _places(derived, words)
    unknown = words.index(UNKNOWN)
    filled = (now == unknown) & (told != unknown)
    return word_column(np.where(filled, told, now), words), int(filled.sum())


def read_relationship(
    column: pa.DictionaryArray, table: dict[str, str]
) -> tuple[pa.DictionaryArray, NDArray[np.bool_]]:
    """Read the victim's relationship to the suspect, and which rows held a word without meaning."""
    meanings = {word.strip().casefold(): meant for word, meant in table.items()}
    return translate(column, lambda word: _meant(meanings, word, UNKNOWN), blank=UNKNOWN)


def read_age_band(column: pa.DictionaryArray) -> tuple[pa.DictionaryArray, NDArray[np.bool_]]:
    """Read whole years into bands, and which rows held something that is no age (0-120)."""
    return translate(column, _band, blank=UNKNOWN)


def _band(text: str) -> str | None:
    tidy = text.strip()
    if not tidy:
        return UNKNOWN
    if not tidy.isdecimal() or int(tidy) > _OLDEST:
        return None
    return AGE_BANDS[int(np.searchsorted(_CUTS, int(tidy), side="right"))]


def _meant(meanings: dict[str, str], word: str, blank: str) -> str | None:
    key = word.strip().casefold()
    return meanings.get(key) if key else blank


def _places(column: pa.DictionaryArray, words: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the place of each row's word in a fixed list."""
    targets = np.array([words.index(word) for word in words_of(column)] + [-1], dtype=np.int64)
    return targets[indices_of(column)]
