"""Beats: those of a store by name or code, for tables that say no more than the beat."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.errors import BadInputError
from spatial.vectors import read_features

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_NAMES: Final = ("name", "beat_name", "beat")
_CODES: Final = ("code", "beat_code")


@dataclass(frozen=True, eq=False)
class Beats:
    """The beats of a store.

    Attributes
    ----------
    names, codes
        Of each beat; a code may be empty, and a beat without a name bears its code as its name.
    shapes
        Polygons, EPSG:4326, in the same order.
    digest
        A hash of the layer.
    """

    names: tuple[str, ...]
    codes: tuple[str, ...]
    shapes: tuple[BaseGeometry, ...]
    digest: str

    def find(self, text: str) -> int | None:
        """Return the place of the beat of a name or code, in any case; None where there is none.

        Raises
        ------
        BadInputError
            One beat's name is another's code.
        """
        sought = _plain(text)
        found = [
            place
            for place, known in enumerate(zip(self.names, self.codes, strict=True))
            if sought and sought in {_plain(each) for each in known}
        ]
        if len(found) > 1:
            msg = (
                f"The beats {self.names[found[0]]!r} and {self.names[found[1]]!r} both answer to "
                f"{text!r}. Give each beat of the layer a name and a code of its own."
            )
            raise BadInputError(msg)
        return found[0] if found else None

    @property
    def middles(self) -> NDArray[np.float64]:
        """A point inside each beat, longitude and latitude, shape (n, 2)."""
        points = [shape.representative_point() for shape in self.shapes]
        return np.array([(point.x, point.y) for point in points]).reshape(-1, 2)


def read_beats(layers: Mapping[str, Path]) -> Beats:
    """Read the beats of a store's context layers; none where none are kept.

    A beat that comes in several parts of one name and code is one beat.
    """
    path = layers.get("beats")
    if path is None:
        return Beats((), (), (), "")
    read = read_features(path)
    parts: dict[tuple[str, str], list[BaseGeometry]] = defaultdict(list)
    for shape, properties in zip(read.geometries, read.properties, strict=True):
        name, code = _said(properties, _NAMES), _said(properties, _CODES)
        if (name or code) and shape.area > 0:
            parts[name or code, code].append(shape)
    named = sorted(parts)
    return Beats(
        tuple(name for name, _ in named),
        tuple(code for _, code in named),
        tuple(shapely.union_all(parts[each]) for each in named),
        hashlib.sha256(path.read_bytes()).hexdigest()[:16],
    )


def _said(properties: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    known = {key.casefold(): value for key, value in properties.items()}
    return next((str(known[key]).strip() for key in keys if known.get(key)), "")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
