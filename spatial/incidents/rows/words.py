"""Word columns: dictionary arrays of few words, translated word by word, not row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


def indices_of(column: pa.DictionaryArray) -> NDArray[np.int64]:
    """Return the place of each row's word in the column's dictionary, -1 where it is null."""
    indices = column.indices
    if indices.null_count:
        indices = indices.fill_null(-1)
    numbers: NDArray[np.int64] = indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def words_of(column: pa.DictionaryArray) -> list[str]:
    """Return the distinct words of a column, in the order of its dictionary."""
    words: list[str] = column.dictionary.to_pylist()
    return words


def word_column(indices: NDArray[np.int64], words: Sequence[str]) -> pa.DictionaryArray:
    """Build a column from places in a list of words; -1 becomes null.

    Words that repeat are merged and words that no row uses are dropped; the rest are sorted, so
    that equal columns are equal byte for byte, however they came about.
    """
    used = np.zeros(len(words), dtype=bool)
    used[indices[indices >= 0]] = True
    kept = sorted({word for word, is_used in zip(words, used, strict=True) if is_used})
    place = {word: number for number, word in enumerate(kept)}
    # one place more than there are words: the last is where -1 points
    targets = np.array([place.get(word, -1) for word in words] + [-1], dtype=np.int32)
    numbers = targets[indices]
    return pa.DictionaryArray.from_arrays(
        pa.array(numbers, mask=numbers < 0), pa.array(kept, pa.string())
    )


def constant_column(word: str | None, length: int) -> pa.DictionaryArray:
    """Build a column that says the same in every row."""
    if word is None:
        return word_column(np.full(length, -1, dtype=np.int64), [])
    return word_column(np.zeros(length, dtype=np.int64), [word])


def translate(
    column: pa.DictionaryArray, meaning: Callable[[str], str | None], *, blank: str | None = None
) -> tuple[pa.DictionaryArray, NDArray[np.bool_]]:
    """Give each word its meaning.

    Parameters
    ----------
    column
        Words as the file has them.
    meaning
        The word meant, or None where the word means nothing.
    blank
        What nulls and words without a meaning become.

    Returns
    -------
    The translated column, and which rows held a word (not blank) that has no meaning.
    """
    words = words_of(column)
    meanings = [meaning(word) for word in words]
    lost = np.array([known is None for known in meanings] + [False], dtype=bool)
    vocabulary = sorted({known for known in [*meanings, blank] if known is not None})
    place: dict[str | None, int] = {word: number for number, word in enumerate(vocabulary)}
    default = place.get(blank, -1)
    targets = np.array(
        [place.get(known, default) if known is not None else default for known in meanings]
        + [default],
        dtype=np.int64,
    )
    indices = indices_of(column)
    return word_column(targets[indices], vocabulary), lost[indices]
