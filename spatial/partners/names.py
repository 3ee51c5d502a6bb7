"""Names of places: what people write, brought down to the words that tell places apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_PARTS: Final = re.compile(r"[,;()/\n]|\s+-\s+")
_WORD: Final = re.compile(r"[a-z0-9]+")
_NUMBER: Final = re.compile(r"\d+[a-z]?")
_ROADS: Final = {
    "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "dr": "drive", "sq": "square",
    "cl": "close", "cres": "crescent", "gdns": "gardens", "pl": "place", "ct": "court",
    "terr": "terrace", "tce": "terrace", "pk": "park", "stn": "station", "hosp": "hospital",
}  # fmt: skip
ROAD_KINDS: Final = _words(
    "road street avenue lane drive square close crescent garden place court terrace park way walk "
    "row hill grove rise mew green path yard approach bridge parade"
)
"""Words for a road: a name that ends in one is a street's."""

_ASIDE: Final = _words(
    "outside inside in at near nr by opposite opp off on behind front of around round area"
)
_EMPTY: Final = frozenset({"the", "and"})
# what a venue is, which people leave out or put in as they please
_VENUES: Final = ("public house", "night club", "nightclub", "pub", "club", "bar", "ph")
_HOMES: Final = _words("home house flat apartment address dwelling residence hostel room")
_WHOSE: Final = _words(
    "own my mine his her their our s a private friend family parent partner ex neighbour victim "
    "patient domestic"
)
TELLING: Final = (
    _words(
        "north south east west upper lower old new great little high low inner outer middle first "
        "second police fire bus rail railway train primary school academy college church"
    )
    | ROAD_KINDS
)
"""Words that make another place of it: two names that differ in one of these are never alike."""


@dataclass(frozen=True, slots=True)
class PlainName:
    """A name brought down to its words.

    Attributes
    ----------
    words
        In order: letters and figures only, abbreviations written out, endings in s dropped.
    first
        The words of its first part alone: of "Neptune's, Esplanade" those of "Neptune's".
    is_home
        Whether it speaks of somebody's home, or begins with a house number.
    """

    words: tuple[str, ...]
    first: tuple[str, ...]
    is_home: bool


def plain_name(text: str) -> PlainName:
    """Bring a name down to its words.

    Case, accents, punctuation, "The", "and" and "outside" go; "St" is Street at the end of a part
    and Saint elsewhere; the words for a pub or club go, unless nothing else is left.
    """
    letters = unicodedata.normalize("NFKD", text).casefold().replace("o/s", "outside ")
    letters = "".join(one for one in letters if not unicodedata.combining(one))
    letters = re.sub("['\u2018\u2019`\u00b4]", "", letters).replace("&", " and ")
    said: list[list[str]] = []
    for words in filter(None, (_WORD.findall(part) for part in _PARTS.split(letters))):
        # the number of "Noodle Bar (2)" belongs to the name before it
        if said and all(word.isdigit() for word in words):
            said[-1] += words
        elif not said or " ".join(words) not in _VENUES:
            said.append(words)
    parts = [part for part in map(_tidy, said) if part]
    together = tuple(word for part in parts for word in part)
    first = parts[0] if parts else ()
    home = any(set(part) <= _HOMES | _WHOSE and set(part) & _HOMES for part in parts)
    numbered = any(len(part) > 1 and _NUMBER.fullmatch(part[0]) for part in parts)
    return PlainName(together, first, home or numbered)


def _tidy(words: list[str]) -> tuple[str, ...]:
    """Bring one part of a name down to its words."""
    kept = list(words)
    while len(kept) > 1 and kept[0] in _ASIDE | _EMPTY:
        kept = kept[1:]
    kept = [word for word in kept if word not in _EMPTY]
    if kept and kept[-1] == "st" and len(kept) > 1:
        kept[-1] = "street"
    kept = ["saint" if word == "st" else _ROADS.get(word, word) for word in kept]
    joined = f" {' '.join(kept)} "
    for venue in _VENUES:
        shorter = joined.replace(f" {venue} ", " ")
        joined = shorter if shorter.strip() else joined
    return tuple(_singular(word) for word in joined.split())


def _singular(word: str) -> str:
    """Drop the s of a plural or a genitive, which people put where they please."""
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")  # noqa: PLR2004 (bus, gas)
    return word[:-1] if is_plural else word
