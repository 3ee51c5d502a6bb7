"""Offences: codes and categories to tiers and harm days, each distinct combination once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from config.offence import normalise_ho_code, normalise_prc_class, offence_table
from config.profile import Tier
from spatial.incidents.rows.words import (
    constant_column,
    indices_of,
    translate,
    word_column,
    words_of,
)
from spatial.incidents.schema import TRUE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from config.harm_scheme import HarmScheme
    from config.offence import Classification


@dataclass(frozen=True, slots=True)
class Codes:
    """What a file records of the offence, normalised.

    Attributes
    ----------
    ho_code, prc_code, category
        Words, null where nothing was recorded. The category is a data.police.uk slug.
    unreadable
        Rows whose code was too long to be one: dropped, because it may be free text.
    unknown_category
        Rows whose category the mapping does not name.
    """

    ho_code: pa.DictionaryArray
    prc_code: pa.DictionaryArray
    category: pa.DictionaryArray
    unreadable: NDArray[np.bool_]
    unknown_category: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Classified:
    """Tier, category and harm of every row.

    ``harm_days`` is null where the offence has no weight, and always for antisocial behaviour;
    ``harm_edition`` is null with it.
    """

    tier: pa.DictionaryArray
    category: pa.DictionaryArray
    harm_days: pa.DoubleArray
    harm_edition: pa.DictionaryArray


def read_codes(
    ho_code: pa.DictionaryArray | None,
    prc_code: pa.DictionaryArray | None,
    category: pa.DictionaryArray | None,
    *,
    categories: dict[str, str],
    length: int,
) -> Codes:
    """Normalise the codes and the category of one file; None for a column it does not have."""
    nothing = constant_column(None, length)
    no_rows = np.zeros(length, dtype=bool)
    code, bad_code = (nothing, no_rows)
    if ho_code is not None:
        code, bad_code = translate(
            ho_code, lambda text: normalise_ho_code(text) if text.strip() else ""
        )
    prc, bad_prc = (nothing, no_rows)
    if prc_code is not None:
        prc, bad_prc = translate(
            prc_code, lambda text: normalise_prc_class(text) if text.strip() else ""
        )
    slugs = {word.strip().casefold(): slug for word, slug in categories.items()}
    slug, lost = (nothing, no_rows)
    if category is not None:
        slug, lost = translate(
            category, lambda text: slugs.get(text.strip().casefold()) if text.strip() else ""
        )
    return Codes(
        _blank_as_null(code), _blank_as_null(prc), _blank_as_null(slug), bad_code | bad_prc, lost
    )


def classify(codes: Codes, scheme: HarmScheme, armed: NDArray[np.bool_]) -> Classified:
    """Give every row its tier, category and harm.

    Parameters
    ----------
    codes
        Normalised codes.
    scheme
        The weights, of one edition.
    armed
        Rows with a knife, firearm or weapon flag that is true: robbery with one of these is
        ``weapon_robbery``. An unknown flag leaves it ``robbery``.
    """
    combinations, place = distinct_codes(codes.ho_code, codes.prc_code, codes.category)
    table = offence_table()
    tiers, categories, days = [], [], []
    for ho_code, prc_code, category in combinations:
        found = table.classify(ho_code, prc_code, category)
        weight = weight_of(found, scheme, ho_code=ho_code, prc_code=prc_code)
        tiers.append(found.tier)
        categories.append(found.category or "")
        days.append(np.nan if weight is None else weight)

    vocabulary = list(Tier)
    tier = np.array([vocabulary.index(name) for name in tiers], dtype=np.int64)[place]
    robbery, weapon_robbery = (
        vocabulary.index(name) for name in (Tier.ROBBERY, Tier.WEAPON_ROBBERY)
    )
    tier = np.where((tier == robbery) & armed, weapon_robbery, tier)
    harm = np.array(days, dtype=np.float64)[place]
    weightless = np.isnan(harm)
    return Classified(
        tier=word_column(tier, [str(name) for name in vocabulary]),
        category=_blank_as_null(word_column(place, categories)),
        harm_days=pa.array(harm, mask=weightless),
        harm_edition=word_column(np.where(weightless, -1, 0), [scheme.edition]),
    )


def weight_of(
    found: Classification, scheme: HarmScheme, *, ho_code: str | None, prc_code: str | None
) -> float | None:
    """Return what a classified offence weighs in days; None without a weight, and for disorder."""
    if found.tier is Tier.DISORDER:
        return None
    # a code in no list says nothing, so the class speaks for it
    return scheme.weigh(ho_code if found.known else None, prc_code, found.category).days


def is_armed(
    knife: pa.DictionaryArray, firearm: pa.DictionaryArray, weapon: pa.DictionaryArray
) -> NDArray[np.bool_]:
    """Say which rows have any of the three flags true."""
    armed = np.zeros(len(knife), dtype=bool)
    for flag in (knife, firearm, weapon):
        says = np.array([word == TRUE for word in words_of(flag)] + [False], dtype=bool)
        armed |= says[indices_of(flag)]
    return armed


def distinct_codes(
    ho_code: pa.DictionaryArray, prc_code: pa.DictionaryArray, category: pa.DictionaryArray
) -> tuple[list[tuple[str | None, str | None, str | None]], NDArray[np.int64]]:
    """Return each distinct (code, class, category) once, and which one each row has."""
    columns = (ho_code, prc_code, category)
    words: list[list[str | None]] = [[*words_of(column), None] for column in columns]
    key = np.zeros(len(ho_code), dtype=np.int64)
    for column, known in zip(columns, words, strict=True):
        key = key * len(known) + indices_of(column) % len(known)
    distinct, place = np.unique(key, return_inverse=True)
    combinations = []
    for number in distinct.tolist():
        rest, last = divmod(number, len(words[2]))
        first, second = divmod(rest, len(words[1]))
        combinations.append((words[0][first], words[1][second], words[2][last]))
    return combinations, place


def _blank_as_null(column: pa.DictionaryArray) -> pa.DictionaryArray:
    words = words_of(column)
    if "" not in words:
        return column
    indices = indices_of(column)
    return word_column(np.where(indices == words.index(""), -1, indices), words)
