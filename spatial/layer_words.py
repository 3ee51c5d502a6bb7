"""Layer words: streets, places and barriers in the words of their makers, turned into ours.

Known are the words of Ordnance Survey (Open Roads, Open Rivers, OpenMap Local), OpenStreetMap
(tags, and the ``fclass`` of common extracts) and NaPTAN. Sources: the products' own documentation
of attributes, and the tag lists of the OpenStreetMap wiki.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from spatial.notes import Note, Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spatial.vectors import Features

Row = dict[str, Any]

STREET_CLASSES: Final = ("major", "minor", "local", "path", "rail")
BARRIER_KINDS: Final = ("coast", "motorway", "railway", "river")

_NAMES: Final = (
    "name", "name1", "name_1", "commonname", "common_name", "distname", "distinctivename",
    "street_name", "streetname", "roadname", "road_name", "full_name",
)  # fmt: skip
# a road without a name is known by its number
_NUMBERS: Final = ("roadnumber", "road_classification_number", "roadclassificationnumber", "ref")

_ROAD: Final = re.compile(r"[abm][1-9]")
_MOTORWAY: Final = re.compile(r"m[1-9]|a[1-9][0-9]*\(m\)")

_OS_ROADS: Final = {
    "motorway": "major", "a road": "major", "b road": "minor", "minor road": "minor",
    "classified unnumbered": "minor", "local road": "local", "local access road": "local",
    "restricted local access road": "local", "secondary access road": "local",
    "unclassified": "local", "not classified": "local", "unknown": "local",
}  # fmt: skip
_OSM_ROADS: Final = {
    "motorway": "major", "trunk": "major", "primary": "major", "secondary": "minor",
    "tertiary": "minor", "unclassified": "local", "residential": "local", "service": "local",
    "living_street": "local", "pedestrian": "local", "road": "local", "busway": "local",
    "bus_guideway": "local", "footway": "path", "path": "path", "steps": "path",
    "cycleway": "path", "bridleway": "path", "track": "path", "corridor": "path", "rail": "rail",
}  # fmt: skip
_RAILWAYS: Final = frozenset({"rail", "light_rail", "subway", "tram", "narrow_gauge"})
_OWN_STREETS: Final = {word: word for word in STREET_CLASSES}

# OpenStreetMap's word where ours is another; any other word of theirs is kept as it is
_OSM_PLACES: Final = {
    "police": "police_station", "fast_food": "takeaway", "atm": "cash_machine",
    "nightclub": "club", "alcohol": "off_licence", "wine": "off_licence",
    "station": "rail_station", "halt": "rail_station", "railway_station": "rail_station",
    "railway_halt": "rail_station",
}  # fmt: skip
_PLACE_COLUMNS: Final = (
    "amenity", "shop", "railway", "public_transport", "leisure", "tourism", "office", "highway",
    "fclass", "classifica", "classification", "function", "business_type", "type", "class",
)  # fmt: skip
_NAPTAN: Final = {
    "BCT": "bus_stop", "BCS": "bus_station", "BCQ": "bus_station", "BCE": "bus_station",
    "BST": "bus_station", "RSE": "rail_station", "RLY": "rail_station", "RPL": "rail_station",
    "TMU": "metro_station", "MET": "metro_station", "PLT": "metro_station",
    "FTD": "ferry_terminal", "FER": "ferry_terminal", "FBT": "ferry_terminal",
    "AIR": "airport", "GAT": "airport", "TXR": "taxi_rank", "STR": "taxi_rank",
}  # fmt: skip

_RIVERS: Final = dict.fromkeys(
    (
        "river", "canal", "riverbank", "tidal_channel", "inlandriver", "tidalriver", "lake",
        "tidalwater", "tidal_water",
    ),
    "river",
)  # fmt: skip


def in_our_words(features: Features, layer: str, name: str) -> tuple[Features, Notes]:
    """Give streets a name and class, places a name and kind, barriers a kind.

    Parameters
    ----------
    features
        Of one layer.
    layer
        "streets", "places" or "barriers"; features of any other layer are returned as they are.
    name
        The file, as notes name it.

    Returns
    -------
    The features, each with its other properties kept, and what was taken from which column, could
    not be told, or was left out. The very same object where every feature has our words already.

    Notes
    -----
    A street whose class cannot be told is a local one. A barrier parts patrol areas, so what is
    plainly none (a residential street among motorways) is left out; what says nothing of its kind
    is kept as a "barrier".
    """
    read = {"streets": _street, "places": _place, "barriers": _barrier}.get(layer)
    if read is None:
        return features, ()
    taken: Counter[str] = Counter()
    rows = [read(row, taken) for row in features.properties]
    kept = np.array([row is not None for row in rows], dtype=bool)
    if layer == "barriers":
        flat = shapely.get_dimensions(np.array(features.geometries, dtype=object)) == 0
        taken["points"] = int((flat & kept).sum())
        kept &= ~flat
    if kept.all() and rows == list(features.properties):
        return features, _said(taken, layer, name)
    changed = replace(
        features,
        geometries=tuple(
            shape for shape, keep in zip(features.geometries, kept, strict=True) if keep
        ),
        properties=tuple(row for row, keep in zip(rows, kept, strict=True) if keep and row),
        changed=True,
    )
    return changed, _said(taken, layer, name)


def _said(taken: Counter[str], layer: str, name: str) -> Notes:
    """Write down what was taken from where."""
    columns = [
        f"{key.removeprefix('from ')!r} ({number:,})"
        for key, number in sorted(taken.items())
        if key.startswith("from ")
    ]
    said = []
    if columns:
        said.append(Note(f"{name}: names and kinds were taken from {', '.join(columns)}."))
    doubtful = {
        "unknown": f"{layer} whose kind cannot be told{_TAKEN_FOR[layer]}",
        "no barrier": "features that are no barrier to a walker, which are left out",
        "points": "points, which can part nothing and are left out",
    }
    said += [
        Note(f"{name}: {words}: {taken[key]:,}.", loud=True)
        for key, words in doubtful.items()
        if taken[key]
    ]
    return tuple(said)


_TAKEN_FOR: Final = {
    "streets": ", taken for local ones",
    "places": ", kept with their names alone",
    "barriers": ", taken for barriers all the same",
}


def _street(row: Row, taken: Counter[str]) -> Row:
    held = _held(row)
    found = _first(
        held,
        taken,
        ("class", _OWN_STREETS),
        ("highway", _osm_road),
        ("fclass", _osm_road),
        ("railway", lambda word: "rail" if word in _RAILWAYS else None),
        ("road_function", _OS_ROADS),
        ("roadfunction", _OS_ROADS),
        ("function", _OS_ROADS),
        ("road_classification", _OS_ROADS),
        ("roadclassification", _OS_ROADS),
        ("class", _OS_ROADS),
        *((column, _by_number) for column in _NUMBERS),
    )
    if found == "local" and _words(held.get("highway")) == "road":
        # "road" is the word for one that nobody has classed: its number may tell
        found = _first(held, taken, *((column, _by_number) for column in _NUMBERS)) or found
    if found is None:
        taken["unknown"] += 1
    return _with(
        row, {"name": _named(held, taken, (*_NAMES, *_NUMBERS)), "class": found or "local"}
    )


def _place(row: Row, taken: Counter[str]) -> Row:
    held = _held(row)
    own = row.get("kind")
    found = (
        own
        if isinstance(own, str) and own
        else _first(
            held,
            taken,
            ("stoptype", lambda word: _NAPTAN.get(word.upper())),
            *((column, _osm_place) for column in _PLACE_COLUMNS),
        )
    )
    if not found:
        taken["unknown"] += 1
    return _with(row, {"name": _named(held, taken, _NAMES), "kind": found or ""})


def _barrier(row: Row, taken: Counter[str]) -> Row | None:
    held = _held(row)
    found = _first(
        held,
        taken,
        ("kind", {word: word for word in (*BARRIER_KINDS, "barrier")}),
        ("natural", {"coastline": "coast"}),
        ("highway", lambda word: _motorway(word) or _rail_line(word)),
        ("railway", lambda word: "railway" if word in _RAILWAYS - {"tram"} else None),
        ("waterway", _RIVERS),
        ("fclass", lambda word: _motorway(word) or _RIVERS.get(word) or _rail_line(word)),
        ("road_function", _motorway),
        ("roadfunction", _motorway),
        ("function", _motorway),
        ("road_classification", _motorway),
        ("class", lambda word: _motorway(word) or _rail_line(word)),
        *((column, lambda word: _MOTORWAY.match(word) and "motorway") for column in _NUMBERS),
        ("form", _RIVERS),
        ("type", lambda word: _RIVERS.get(word) or _rail_line(word)),
    )
    if found is None and any(_words(held.get(column)) for column in _TELLING):
        taken["no barrier"] += 1
        return None
    if found is None:
        taken["unknown"] += 1
    return _with(row, {"name": _named(held, taken, _NAMES), "kind": found or "barrier"})


_TELLING: Final = (
    "highway", "railway", "waterway", "fclass", "road_function", "roadfunction", "function",
    "road_classification", "form",
)  # fmt: skip


def _with(row: Row, ours: Row) -> Row:
    """Put our words into a row; a blank is no reason to change it."""
    new = {key: word for key, word in ours.items() if word != (row.get(key) or "")}
    return {**row, **new} if new else row


def _first(
    held: Row,
    taken: Counter[str],
    *ways: tuple[str, dict[str, str] | Callable[[str], str | None]],
) -> str | None:
    """Return the first word of ours that a column leads to."""
    for column, meaning in ways:
        word = _words(held.get(column))
        found = meaning.get(word) if isinstance(meaning, dict) else word and meaning(word)
        if found:
            if found != word or column not in {"class", "kind"}:
                taken[f"from {column}"] += 1
            return found
    return None


def _named(held: Row, taken: Counter[str], columns: Sequence[str]) -> str:
    """Return the first name that is not blank."""
    for column in columns:
        said = held.get(column)
        if isinstance(said, str) and said.strip():
            if column != "name":
                taken[f"from {column}"] += 1
            return said.strip()
    return ""


def _by_number(word: str) -> str | None:
    found = _ROAD.match(word)
    return None if found is None else "minor" if found[0][0] == "b" else "major"


def _osm_road(word: str) -> str | None:
    # slip roads are of the road they lead to; extracts add the grade of a track
    stem = word.removesuffix("_link")
    return _OSM_ROADS.get("track" if stem.startswith("track_") else stem)


def _osm_place(word: str) -> str:
    plain = word.replace(" ", "_")
    return _OSM_PLACES.get(plain, plain)


def _motorway(word: str) -> str | None:
    return "motorway" if word.removesuffix("_link") == "motorway" else None


def _rail_line(word: str) -> str | None:
    return "railway" if word in {"rail", "railway", "multi track", "single track"} else None


def _held(row: Row) -> Row:
    """Return a row by its headings in lower case; the first of two that differ in case alone."""
    held: Row = {}
    for column, value in row.items():
        held.setdefault(column.casefold(), value)
    return held


def _words(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""
