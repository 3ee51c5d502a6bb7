"""Context layers: streets, beats, places and the like, as the store keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from config.errors import BadInputError
from spatial.census.table import read_census
from spatial.layer_words import BARRIER_KINDS, in_our_words
from spatial.notes import Note, Notes
from spatial.projection import metric_system_at
from spatial.vectors import CONTEXT_LAYERS, GEOJSON, Features, read_features

__all__ = ("CONTEXT_LAYERS", "beat_overlaps", "read_layer")

if TYPE_CHECKING:
    from pathlib import Path

_BEATS: Final = "beats"
_CENSUS: Final = "census"
# neighbours digitised apart overlap by a hair; a building plot is no hair
_HAIR_M2: Final = 100.0


def read_layer(path: Path, layer: str) -> tuple[bytes, Notes]:
    """Read a context layer in any map format, as the GeoJSON that a store keeps.

    Parameters
    ----------
    path
        A map file; see `spatial.vectors.read_features`.
    layer
        Which of `CONTEXT_LAYERS` it is. Overlaps are looked for among beats; streets, places and
        barriers are put into our own words (see `spatial.layer_words`), and so is the census table
        (see `spatial.census.table`), which may also be a CSV file.

    Returns
    -------
    A feature collection in WGS84 degrees: the file's own bytes where nothing had to be changed; and
    what was converted, mended, dropped or found.

    Raises
    ------
    BadInputError
        The file cannot be opened, cannot be placed on Earth, or holds no feature.
    """
    if not path.exists():
        msg = f"There is no file {path.name!r}. Check the name and the folder."
        raise BadInputError(msg)
    if layer == _CENSUS:
        return read_census(path)
    read = read_features(path)
    features, told = in_our_words(read, layer, path.name)
    if not features.geometries:
        msg = f"{path.name} holds nothing that can be drawn. Export the {layer} again."
        if read.geometries:
            msg = (
                f"{path.name} holds no line or area of a kind that is a barrier "
                f"({', '.join(BARRIER_KINDS)}). Name each feature's kind in a column 'kind'."
            )
        raise BadInputError(msg)
    overlaps = beat_overlaps(features, path.name) if layer == _BEATS else ()
    if path.suffix.lower() in GEOJSON and not features.changed and _is_collection(path):
        return path.read_bytes(), (*told, *overlaps)
    return features.to_geojson(), (*features.notes, *told, *overlaps)


def beat_overlaps(features: Features, name: str) -> Notes:
    """Say how many pairs of beats overlap, and by how much.

    Parameters
    ----------
    features
        Beats or wards, EPSG:4326.
    name
        The file, as the note names it.

    Notes
    -----
    Areas are measured on the metric plane of the first beat. An overlap of 100 m2 or less is taken
    for a hair's breadth of digitising and not counted.
    """
    areal = [place for place, it in enumerate(features.geometries) if it.area > 0]
    if len(areal) < 2:  # noqa: PLR2004 (a pair)
        return ()
    middle = features.geometries[areal[0]].representative_point()
    plane = metric_system_at(middle.x, middle.y)
    beats = np.array([plane.project(features.geometries[place]) for place in areal], dtype=object)
    first, second = shapely.STRtree(beats).query(beats, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared_m2 = shapely.area(shapely.intersection(beats[first], beats[second]))
    real = shared_m2 > _HAIR_M2
    if not real.any():
        return ()
    # the first of the largest, whatever order the tree answers in
    largest = min(
        np.flatnonzero(real), key=lambda pair: (-shared_m2[pair], first[pair], second[pair])
    )
    names = [_name_of(features, areal[side[largest]]) for side in (first, second)]
    pairs = (
        f"{real.sum():,} pairs of beats overlap" if real.sum() > 1 else "a pair of beats overlaps"
    )
    text = (
        f"{name}: {pairs}, by {shared_m2[real].sum() / 10_000:,.1f} hectares together (the most: "
        f"{names[0]} and {names[1]}, {shared_m2[largest] / 10_000:,.1f}). A place there belongs to "
        "more than one beat; mend the file if that is not meant."
    )
    return (Note(text, loud=True),)


def _name_of(features: Features, place: int) -> str:
    properties = features.properties[place]
    return repr(str(properties.get("name") or properties.get("code") or f"number {place + 1}"))


def _is_collection(path: Path) -> bool:
    # a store's files are read as plain UTF-8 collections
    content = path.read_bytes()
    return content[:1] == b"{" and json.loads(content)["type"] == "FeatureCollection"
