"""Geocoding: names of places to the loaded places and streets, or to nothing, never a guess."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from spatial.partners.names import ROAD_KINDS, TELLING, plain_name
from spatial.partners.schema import NAMED, STREET
from spatial.projection import metric_system_at
from spatial.vectors import read_features

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

LAYERS: Final = ("places", "streets")
"""The context layers that names are looked up in; a place goes before a street of its name."""

LEAST_ALIKE: Final = (2, 3)
"""The share of their words, together, that two names must have in common (a token-set similarity),
one of them a word that no other name has: Royal Infirmary is Saltmere Royal Infirmary."""

_NAMES: Final = ("name", "name1", "NAME", "Name")
_ONE_PLACE_M: Final = 100.0
"""Features of one name within this of each other are one place; farther apart they are two."""
_NOT_STREETS: Final = frozenset({"rail"})

Words = tuple[str, ...]


class Lost(Enum):
    """Why a name has no place."""

    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unmatched"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a name is.

    Attributes
    ----------
    longitude, latitude
        Degrees, EPSG:4326: a place's point, or the middle of a street.
    reach_m
        How far the farthest end of the street or the place lies from that point, metres.
    found_as
        "named place" or "street".
    """

    longitude: float
    latitude: float
    reach_m: float
    found_as: str


@dataclass(frozen=True, slots=False, eq=False)
class Gazetteer:
    """The names of a store's places and streets.

    Attributes
    ----------
    features
        The layer and the geometries (EPSG:4326) of every name, by its words.
    junctions
        Names of two streets, such as a bus stop's: another name must have them both.
    digest
        A hash of the layers: other layers may give a name another place.
    """

    features: dict[Words, tuple[tuple[str, BaseGeometry], ...]]
    junctions: frozenset[Words]
    digest: str

    def find(self, text: str) -> Spot | Lost:
        """Find a name: whole, else its first part or street, else the one place most alike.

        Notes
        -----
        Somebody's home, and an address with a house number, is never looked for, unless a loaded
        place is called just that. A name that two places bear, and one alike two, has no place. A
        street must have its own name: "Cherry Close" is not Wild Cherry Close.
        """
        name = plain_name(text)
        if not name.words:
            return Lost.UNKNOWN
        found = self._spot(name.words)
        if found is not None and not (name.is_home and found is Lost.AMBIGUOUS):
            return found
        if name.is_home:
            return Lost.HOME
        for part in (name.first, _street_of(name.words)):
            found = self._spot(part) if part != name.words else None
            if found is not None:
                return found
        return self._alike(name.words)

    @cached_property
    def _by_set(self) -> dict[frozenset[str], tuple[Words, ...]]:
        """Return the names of the same words, in whatever order."""
        names: dict[frozenset[str], list[Words]] = defaultdict(list)
        for words in self.features:
            names[frozenset(words)].append(words)
        return {words: tuple(known) for words, known in names.items()}

    @cached_property
    def _by_rare_word(self) -> dict[str, Words]:
        """Return the name of each word that no other name has."""
        counts = Counter(word for words in self.features for word in set(words))
        return {word: words for words in self.features for word in words if counts[word] == 1}

    def _alike(self, words: Words) -> Spot | Lost:
        """Return the one name whose words are most like these."""
        # "tea room" is in a dozen names: a word that is in no other must be shared, unless all are
        near = self._by_set.get(frozenset(words)) or tuple(
            dict.fromkeys(self._by_rare_word[word] for word in words if word in self._by_rare_word)
        )
        shares = {other: self._alikeness(words, other) for other in near}
        most = max(shares.values(), default=0.0)
        best = [other for other, share in shares.items() if share == most]
        if not most:
            return Lost.UNKNOWN
        if len(best) > 1:
            return Lost.AMBIGUOUS
        return self._spot(best[0]) or Lost.UNKNOWN

    def _alikeness(self, words: Words, other: Words) -> float:
        """Return the share of their words that two names have in common, 0 if not enough do."""
        mine, theirs = set(words), set(other)
        common, together = len(mine & theirs), len(mine | theirs)
        if common == together:
            return 1.0
        if common * LEAST_ALIKE[1] < together * LEAST_ALIKE[0] or _tells_apart(mine ^ theirs):
            return 0.0
        if _is_street(other) or _is_street(words) or other in self.junctions:
            return 0.0
        return common / together

    def _spot(self, words: Words) -> Spot | Lost | None:
        """Return where a name is, None where nothing bears it."""
        known = self.features.get(words)
        if known is None:
            return None
        for layer in LAYERS:
            shapes = [shape for origin, shape in known if origin == layer]
            if shapes:
                return _middle(shapes, layer)
        return None


def read_gazetteer(layers: Mapping[str, Path]) -> Gazetteer:
    """Read the names of a store's context layers; any that is not there is simply not looked in.

    Parameters
    ----------
    layers
        Kept layers by name, as `IncidentStore.context_layers` gives them.
    """
    features: dict[Words, list[tuple[str, BaseGeometry]]] = defaultdict(list)
    junctions: set[Words] = set()
    digest = hashlib.sha256()
    for layer in LAYERS:
        if layer not in layers:
            continue
        digest.update(layer.encode() + layers[layer].read_bytes())
        read = read_features(layers[layer])
        for shape, properties in zip(read.geometries, read.properties, strict=True):
            named = next((str(properties[key]) for key in _NAMES if properties.get(key)), "")
            words = plain_name(named).words
            if words and str(properties.get("class")) not in _NOT_STREETS:
                features[words].append((layer, shape))
                if "/" in named:
                    junctions.add(words)
    kept = {words: tuple(features[words]) for words in sorted(features)}
    return Gazetteer(kept, frozenset(junctions), digest.hexdigest()[:16])


def _is_street(words: Words) -> bool:
    return words[-1] in ROAD_KINDS


def _street_of(words: Words) -> Words:
    """Return the street with which a name begins: of "High Street Saltmere" the first two words."""
    for place, word in enumerate(words):
        if place and word in ROAD_KINDS:
            return () if _tells_apart(set(words[place + 1 :])) else words[: place + 1]
    return ()


def _tells_apart(words: set[str]) -> bool:
    """Whether a word that only one of two names has makes another place of it."""
    return bool(words & TELLING) or any(word[0].isdigit() for word in words)


def _middle(shapes: list[BaseGeometry], layer: str) -> Spot | Lost:
    """Return the middle of what bears one name, if it is one place and not several."""
    corner = shapes[0].representative_point()
    plane = metric_system_at(corner.x, corner.y)
    ground = np.array([plane.project(shape) for shape in shapes], dtype=object)
    near = shapely.union_all(shapely.buffer(ground, _ONE_PLACE_M / 2))
    if len(shapely.get_parts(near)) > 1:
        return Lost.AMBIGUOUS
    whole = shapely.union_all(ground)
    # on the street itself, not in the middle of the bend it makes
    point = shapely.shortest_line(whole, whole.centroid)
    x, y = shapely.get_coordinates(point)[0]
    reach = float(np.hypot(*(shapely.get_coordinates(whole) - (x, y)).T).max())
    longitude, latitude = plane.inverse(x, y)
    found_as = NAMED if layer == LAYERS[0] else STREET
    return Spot(round(float(longitude), 7), round(float(latitude), 7), round(reach, 1), found_as)
