"""How much memory an answer takes, about: what decides how many are kept."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from enum import Enum
from itertools import islice
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

_COORDINATE_BYTES: Final = 16
_SHAPE_BYTES: Final = 200
_WORD_BYTES: Final = 60
_DEEPEST: Final = 12
_LONG: Final = 2_000


def size_of(thing: object) -> int:
    """Return the bytes of a result: its tables, arrays, shapes and texts, each counted once.

    An estimate, good to a quarter or so. Of a long sequence or mapping the first items stand for
    the rest. What is not looked into (connections, models) counts as its shell, which is small.
    """
    return _size(thing, set(), 0)


def _size(thing: object, seen: set[int], depth: int) -> int:
    if thing is None or isinstance(thing, (bool, int, float, Enum)) or id(thing) in seen:
        return 0
    seen.add(id(thing))
    own = _own(thing)
    if own is not None:
        return own
    shell = sys.getsizeof(thing)
    inside, number = _inside(thing)
    if depth > _DEEPEST or not inside:
        return shell
    counted = sum(_size(one, seen, depth + 1) for one in inside)
    return shell + int(counted * max(1.0, number / len(inside)))


def _own(thing: object) -> int | None:
    """Return the size of what says its own; None for the rest."""
    size: int | None = None
    if isinstance(thing, (str, bytes, bytearray)):
        size = sys.getsizeof(thing)
    elif isinstance(thing, np.ndarray):
        # an array of objects holds their addresses; their words are most of it
        size = thing.nbytes + (thing.size * _WORD_BYTES if thing.dtype.hasobject else 0)
    elif isinstance(thing, pd.DataFrame):
        size = int(thing.memory_usage(deep=True).sum())
    elif isinstance(thing, (pd.Series, pd.Index)):
        size = int(thing.memory_usage(deep=True))
    elif isinstance(thing, (pa.Table, pa.RecordBatch)):
        size = int(thing.nbytes)
    elif isinstance(thing, BaseGeometry):
        size = _SHAPE_BYTES + int(shapely.get_num_coordinates(thing)) * _COORDINATE_BYTES
    return size


def _inside(thing: object) -> tuple[list[object], int]:
    """Return what a thing holds, or the first of it, and how many there are."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        held = [getattr(thing, one.name, None) for one in dataclasses.fields(thing)]
        return held, len(held)
    if isinstance(thing, Mapping):
        pairs = list(islice(thing.items(), _LONG))
        return [item for pair in pairs for item in pair], 2 * len(thing)
    if isinstance(thing, (list, tuple, set, frozenset)):
        return list(islice(thing, _LONG)), len(thing)
    return [], 0
