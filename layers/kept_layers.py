"""Kept layers: what a map draws the same from click to click, made and written out once."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_Made = TypeVar("_Made")

_MOST: Final = 24

_kept: OrderedDict[tuple[Hashable, ...], tuple[tuple[object, ...], Any]] = OrderedDict()
_texts: WeakKeyDictionary[pdk.Layer, str] = WeakKeyDictionary()
_keeping: Final = threading.Lock()


def made_once(
    what: str, *drawn: object, choices: tuple[Hashable, ...] = (), make: Callable[[], _Made]
) -> _Made:
    """Return what was made of the same objects before, or make it.

    Parameters
    ----------
    what
        Which part of a map.
    drawn
        What is drawn: these very objects, not others like them. They are held on to while what was
        made of them is kept, so that nothing can take their place.
    choices
        What was chosen about it.
    make
        Makes it; nobody may change what it returns.
    """
    key = (what, *map(id, drawn), *choices)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
            found: _Made = _kept[key][1]
            return found
    made = make()
    with _keeping:
        _kept[key] = (drawn, made)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made


def compact_json(deck: pdk.Deck) -> str:
    """Return a deck as pydeck's document without its indentation, every layer written out once."""
    attributes = default_serialize(deck)
    parts = (
        f"{json.dumps(name)}:{_layers(value) if name == 'layers' else _written(value)}"
        for name, value in sorted(attributes.items())
    )
    return f"{{{','.join(parts)}}}"


def _layers(given: Any) -> str:  # noqa: ANN401 (layers, and lists of them)
    if isinstance(given, list):
        return f"[{','.join(map(_layers, given))}]"
    if not isinstance(given, pdk.Layer):
        return _written(given)
    text = _texts.get(given)
    if text is None:
        text = _texts[given] = _written(given)
    return text


def _written(value: Any) -> str:  # noqa: ANN401 (whatever JSON and pydeck hold)
    return json.dumps(value, sort_keys=True, default=default_serialize, separators=(",", ":"))
